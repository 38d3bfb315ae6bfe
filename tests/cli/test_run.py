"""`kontijensi run`, as a user meets it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kontijensi.api import Run, load, load_text, open_run
from kontijensi.vocabulary.words import use_language
from tests.cli.conftest import SMALL, Program


def test_run_writes_a_folder_and_prints_the_verdict(program: Program, folder: Path) -> None:
    said = program("run", "small.yaml", "--seed", "4")
    assert said.code == 0, said.err
    made = folder / "runs" / "small-s4-r0"
    assert sorted(path.name for path in made.iterdir()) == [
        "crowds.parquet",
        "manifest.json",
        "records.parquet",
        "report.html",
        "summary.json",
    ]
    lines = said.out.splitlines()
    assert "Two polling stations and a sector post · seed 4, replication 0" in lines[0]
    assert lines[1].startswith("A rehearsal, not a forecast")
    assert "What it cost" in lines
    assert lines[-2:] == [
        f"Report: {Path('runs/small-s4-r0/report.html')}",
        f"  {(made / 'report.html').as_uri()}",
    ]
    assert all(line == line.rstrip() and len(line) <= 110 for line in lines)


def test_the_summary_is_a_screenful(program: Program) -> None:
    said = program("run", "small.yaml", "--no-report")
    assert 15 < said.out.count("\n") <= 50


def test_a_screenful_leaves_out_no_promise_that_was_missed(program: Program, folder: Path) -> None:
    targets = "".join(f"  soon-{n}: {{within: {n} s, share: 1}}\n" for n in range(1, 7))
    path = folder / "small.yaml"
    path.write_text(f"{path.read_text(encoding='utf-8')}\nresponse_targets:\n{targets}", encoding="utf-8")
    assert program("run", "small.yaml", "--no-report").out.count("Target missed") == 6


def test_a_second_run_never_writes_over_the_first(program: Program, folder: Path) -> None:
    for _ in range(3):
        assert program("run", "small.yaml", "--no-report", "--quiet").code == 0
    assert sorted(path.name for path in (folder / "runs").iterdir()) == [
        "small-s1-r0",
        "small-s1-r0-2",
        "small-s1-r0-3",
    ]


def test_a_folder_that_holds_a_run_is_replaced_only_when_asked(program: Program, folder: Path) -> None:
    assert program("run", "small.yaml", "--no-report", "--quiet", "--out", "out").code == 0
    refused = program("run", "small.yaml", "--no-report", "--quiet", "--out", "out", "--seed", "9")
    assert refused.code == 1
    assert refused.err == (
        "Error: out: holds a run already; choose another folder, or ask for it to be replaced (--replace)\n"
    )
    assert open_run(folder / "out").seed == 1
    assert (
        program(
            "run", "small.yaml", "--no-report", "--quiet", "--out", "out", "--seed", "9", "--replace"
        ).code
        == 0
    )
    assert open_run(folder / "out").seed == 9


def test_other_peoples_files_are_never_replaced(program: Program, folder: Path) -> None:
    (folder / "mine").mkdir()
    (folder / "mine" / "letter.txt").write_text("dear", encoding="utf-8")
    said = program("run", "small.yaml", "--quiet", "--out", "mine", "--replace")
    assert (said.code, said.out) == (1, "")
    assert said.err == "Error: mine: holds other files and no run; choose another folder\n"
    assert [path.name for path in (folder / "mine").iterdir()] == ["letter.txt"]


def test_json_is_one_object_and_nothing_else(program: Program, folder: Path) -> None:
    said = program("run", "small.yaml", "--json", "--no-report", "--fail-if", "harm.people > 1000")
    answer = json.loads(said.out)
    assert said.out.count("\n") == 1
    assert (said.code, answer["ok"], answer["exit_code"]) == (0, True, 0)
    assert answer["seed"] == 1
    assert answer["folder"] == str(Path("runs/small-s1-r0"))
    assert (answer["report"], answer["report_uri"]) == (None, None)
    assert answer["limits"] == [{"limit": "harm.people > 1000", "observed": 0, "crossed": False}]
    written = json.loads((folder / "runs/small-s1-r0/summary.json").read_text(encoding="utf-8"))
    assert answer["summary"] == written


def test_a_crossed_limit_exits_with_4_after_the_run_is_kept(program: Program, folder: Path) -> None:
    said = program(
        "run", "small.yaml", "--no-report", "--quiet", "--fail-if", "coverage.patrol.average > 50%"
    )
    assert said.code == 4
    assert said.err.startswith("Limit crossed: coverage.patrol.average > 50% (observed: ")
    assert (folder / "runs/small-s1-r0/manifest.json").is_file()


def test_a_crossed_limit_is_in_the_json(program: Program) -> None:
    said = program("run", "small.yaml", "--json", "--no-report", "--fail-if", "coverage.patrol.average>.5")
    answer = json.loads(said.out)
    assert (said.code, answer["ok"], answer["exit_code"]) == (4, False, 4)
    assert answer["limits"][0]["crossed"] is True


@pytest.mark.parametrize(
    ("limit", "complaint"),
    [
        ("coverage.patrol.avrage < 0.9", "no 'avrage' in coverage.patrol; did you mean 'average'?"),
        ("coverage.patrol < 0.9", "a group of measures; choose one of average"),
        ("coverage.patrol.average", "not a limit; write for example"),
        ("harm.people > many", "'many': a number without a unit is needed, for example 5"),
        ("units.by_group.brimob.n > 1", "no 'brimob' in units.by_group; choose one of patrol"),
    ],
)
def test_a_wrong_limit_is_refused_before_anything_is_run(
    program: Program, folder: Path, limit: str, complaint: str
) -> None:
    said = program("run", "small.yaml", "--quiet", "--lang", "en", "--fail-if", limit)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("Error: --fail-if: ")
    assert complaint in said.err
    assert not (folder / "runs").exists()


def test_a_limit_on_what_only_events_bring_is_judged_after_the_run(program: Program) -> None:
    said = program(
        "run", "small.yaml", "--no-report", "--quiet", "--fail-if", "responses.by_sort.crowd.n > 0"
    )
    assert said.code == 4


def test_set_changes_the_scenario_for_this_time(program: Program, folder: Path) -> None:
    said = program("run", "small.yaml", "--json", "--no-report", "--set", "units.patrol.count=3")
    answer = json.loads(said.out)
    assert answer["summary"]["units"]["all"]["n"] == 3
    assert answer["overrides"] == {"units.patrol.count": 3}
    assert (folder / "small.yaml").read_text(encoding="utf-8") == SMALL


def test_dry_run_writes_nothing(program: Program, folder: Path) -> None:
    said = program("run", "small.yaml", "--dry-run")
    assert said.code == 0
    assert "nothing was rehearsed or written" in said.out
    assert "units" in said.out
    assert "2 (16 people)" in said.out
    assert [path.name for path in folder.iterdir()] == ["small.yaml"]


def test_dry_run_as_json(program: Program) -> None:
    answer = json.loads(program("run", "small.yaml", "--dry-run", "--json", "--replication", "5").out)
    assert answer["dry_run"] is True
    assert (answer["seed"], answer["replication"]) == (1, 5)
    assert answer["holds"]["places"]["tps"] == 2
    assert answer["holds"]["units"] == {"n": 2, "personnel": 16, "entries": 1}


def test_an_invalid_scenario_exits_with_3_and_writes_nothing(program: Program, folder: Path) -> None:
    (folder / "bad.yaml").write_text(SMALL.replace("count: 2", "count: -2"), encoding="utf-8")
    said = program("run", "bad.yaml")
    assert (said.code, said.out) == (3, "")
    assert "bad.yaml:30:47: error: units.patrol.count: " in said.err
    assert said.err.endswith("1 error\n")
    assert not (folder / "runs").exists()


def test_a_policy_that_nobody_offers_is_refused(program: Program) -> None:
    said = program("run", "small.yaml", "--quiet", "--set", "command.posture=stagd", "--lang", "en")
    assert said.code == 3
    assert "error: command.posture: 'stagd': no such policy, did you mean 'staged'?" in said.err
    assert "dialogue_first, staged, force_first" in said.err


def test_the_scenario_decides_the_language_and_lang_overrides_it(program: Program) -> None:
    assert "Dry run:" in program("run", "small.yaml", "--dry-run").out
    assert "Uji kering:" in program("run", "small.yaml", "--dry-run", "--lang", "id").out


def test_the_environment_decides_over_the_scenario(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KONTIJENSI_LANG", "id")
    assert "Uji kering:" in program("run", "small.yaml", "--dry-run").out
    assert "Dry run:" in program("run", "small.yaml", "--dry-run", "--lang", "en").out


def test_the_report_is_in_the_language_spoken(program: Program, folder: Path) -> None:
    assert program("run", "small.yaml", "--quiet", "--lang", "id", "--out", "out").code == 0
    assert '<html lang="id"' in (folder / "out" / "report.html").read_text(encoding="utf-8")


def test_folders_with_blanks_and_signs_work(program: Program, folder: Path) -> None:
    odd = folder / "Pemilu 2029 (gladi) ünïcode"
    odd.mkdir()
    (odd / "Skenario Désa.yaml").write_text(SMALL, encoding="utf-8")
    said = program("run", str(odd / "Skenario Désa.yaml"), "--no-report", "--quiet")
    assert said.code == 0, said.err
    assert (folder / "runs" / "skenario-desa-s1-r0").is_dir()


def test_an_unexpected_error_is_one_line(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def burst(*_arguments: object, **_options: object) -> None:
        raise ZeroDivisionError("by nought")

    monkeypatch.setattr(Run, "write", burst)
    said = program("run", "small.yaml", "--no-report", "--quiet")
    assert (said.code, said.out) == (1, "")
    assert said.err == (
        "Error: ZeroDivisionError: by nought (show where with --debug or KONTIJENSI_DEBUG=1)\n"
    )


def test_an_unexpected_error_answers_json_too(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Run, "write", lambda *_a, **_k: 1 / 0)
    said = program("run", "small.yaml", "--no-report", "--quiet", "--json")
    answer = json.loads(said.out)
    assert (said.code, answer["ok"], answer["exit_code"]) == (1, False, 1)
    assert "ZeroDivisionError" in answer["error"]


def test_debug_shows_where_it_comes_from(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from kontijensi.cli import main

    monkeypatch.setattr(Run, "write", lambda *_a, **_k: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        main(["run", "small.yaml", "--no-report", "--quiet", "--debug"])


def test_a_full_disk_leaves_nothing_behind(
    program: Program, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import errno
    import os

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    said = program("run", "small.yaml", "--no-report", "--quiet")
    assert (said.code, said.out) == (1, "")
    assert said.err == f"Error: {Path('runs/small-s1-r0')}: the disk is full; nothing was written\n"
    assert list((folder / "runs").iterdir()) == []


@pytest.mark.parametrize(
    ("language", "why"),
    [
        ("en", "the file would be larger than the system allows (ulimit -f)"),
        ("id", "berkasnya akan lebih besar daripada yang diizinkan sistem (ulimit -f)"),
    ],
)
def test_a_limit_of_the_system_is_told_in_the_language_spoken(
    program: Program, monkeypatch: pytest.MonkeyPatch, language: str, why: str
) -> None:
    import errno
    import os

    def too_large(_descriptor: int) -> None:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))

    monkeypatch.setattr(os, "fsync", too_large)
    said = program("run", "small.yaml", "--no-report", "--quiet", "--lang", language)
    assert said.code == 1
    assert said.err.endswith(f"{why}\n")


def test_an_interrupt_is_one_line(program: Program, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def press(*_arguments: object, **_options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Run, "write", press)
    said = program("run", "small.yaml", "--no-report", "--quiet")
    assert (said.code, said.out, said.err) == (130, "", "interrupted; nothing was written\n")
    assert not (folder / "runs").exists()


def test_a_name_taken_at_the_last_moment_costs_no_run(
    program: Program, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = Run.write

    def raced(run: Run, target: Path, **options: bool) -> Path:
        monkeypatch.setattr(Run, "write", write)
        write(run, target)
        return write(run, target, **options)

    monkeypatch.setattr(Run, "write", raced)
    assert program("run", "small.yaml", "--no-report", "--quiet").code == 0
    assert sorted(path.name for path in (folder / "runs").iterdir()) == ["small-s1-r0", "small-s1-r0-2"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("run", "small.yaml", "--seed", "abc"), "'abc' is not a whole number from 0 to"),
        (("run", "small.yaml", "--sed", "1"), "No such option"),
        (("run",), "Missing argument"),
        (("run", "small.yaml", "--lang", "xx"), "--lang: 'xx'"),
    ],
)
def test_wrong_usage_is_answered_in_json_too(
    program: Program, arguments: tuple[str, ...], message: str
) -> None:
    lang = () if "--lang" in arguments else ("--lang", "en")
    said = program(*arguments, "--json", *lang)
    answer = json.loads(said.out)
    assert (said.code, answer["ok"], answer["exit_code"]) == (2, False, 2)
    assert message in answer["error"]
    assert message in said.err


def test_a_crossed_limit_shows_its_measure_in_its_own_unit(program: Program) -> None:
    limits = ("coverage.patrol.average > 50%", "run.end_s > 2 h")
    said = program(
        "run", "small.yaml", "--no-report", "--quiet", *(w for limit in limits for w in ("--fail-if", limit))
    )
    assert "Limit crossed: coverage.patrol.average > 50% (observed: " in said.err
    assert "%)" in said.err
    assert "Limit crossed: run.end_s > 2 h (observed: 14 hours)" in said.err


def test_a_limit_in_another_unit_than_its_measure_is_wrong_usage(program: Program) -> None:
    said = program("run", "small.yaml", "--lang", "en", "--fail-if", "responses.all.response.p90 > 20")
    assert said.code == 2
    assert "'20': a length of time is needed, for example 20 min" in said.err


@pytest.mark.parametrize("value", ["x", -1, 1.5, True, 2**63])
def test_a_seed_that_is_none_is_told_in_a_sentence(folder: Path, value: Any) -> None:
    scenario = load("small.yaml")
    with (
        use_language("en"),
        pytest.raises(ValueError, match=r"seed: .* is not a whole number from 0 to 92233"),
    ):
        scenario.run(seed=value)
    with use_language("en"), pytest.raises(ValueError, match=r"replication: .* is not a whole number from 0"):
        scenario.run(replication=value)


def test_a_standard_that_nobody_can_meet_is_rehearsed_as_never_met(folder: Path) -> None:
    text = Path("small.yaml").read_text(encoding="utf-8")
    run = load_text(text.replace("capability: patrol, within", "capability: fire, within")).run(
        1, crowds=False
    )
    cover = run.summary()["coverage"]["patrol"]
    assert (cover["average"], cover["reasons"]["too_far"]["share"]) == (0.0, 1.0)


def test_an_inject_is_thrown_in_and_told_of(program: Program) -> None:
    said = program("run", "small.yaml", "--json", "--no-report", "--inject", "objection@2 h@tps-1")
    answer = json.loads(said.out)
    assert said.code == 0
    assert answer["injects"] == ["objection@2 h@tps-1"]
    assert answer["summary"]["escalations"]["crowds"] == 2


def test_a_wrong_inject_is_refused_before_anything_is_run(program: Program, folder: Path) -> None:
    said = program("run", "small.yaml", "--quiet", "--lang", "en", "--inject", "objektion@2 h")
    assert (said.code, said.out) == (2, "")
    assert "--inject: 'objektion': no such trigger; did you mean 'objection'?" in said.err
    assert not (folder / "runs").exists()


def test_regret_is_told_beside_the_summary_kept_and_shown_again(program: Program, folder: Path) -> None:
    said = program("run", "small.yaml", "--quiet", "--regret", "2", "--out", "r")
    assert said.code == 0
    assert "What the late and partial picture cost (n = 2)" in said.out
    line = next(line for line in said.out.splitlines() if line.startswith("  time without a formation, mean"))
    assert "±" in line
    kept = json.loads((folder / "r" / "regret.json").read_text(encoding="utf-8"))
    assert kept["replications"] == 2
    program("report", "r", "--lang", "en")
    assert "late and partial picture cost" in (folder / "r" / "report.html").read_text(encoding="utf-8")
    answer = json.loads(program("run", "small.yaml", "--quiet", "--json", "--no-report", "--regret", "1").out)
    assert answer["regret"]["measures"][0]["key"] == "unformed"
    assert "regret" not in json.loads(program("run", "small.yaml", "--quiet", "--json", "--no-report").out)
