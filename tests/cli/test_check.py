"""`kontijensi check`, `schema` and `report`."""

from __future__ import annotations

import json
from pathlib import Path

from kontijensi.scenario.reference import json_schema, reference
from tests.cli.conftest import SMALL, Program


def test_check_says_what_is_fine_too(program: Program) -> None:
    said = program("check", "small.yaml")
    assert (said.code, said.err) == (0, "")
    lines = said.out.splitlines()
    assert "  places     3; polling stations 2, voters 575" in lines
    assert "  units      2 (16 people); on request 0 (0 people)" in lines
    assert "  time       14 Feb 2029 06:00 WIB – 14 Feb 2029 20:00 WIB (14 hours)" in lines
    assert lines[-1].startswith("The scenario can be rehearsed.")


def test_every_problem_comes_at_once_with_its_place(program: Program, folder: Path) -> None:
    text = SMALL.replace("count: 2", "count: 1.5").replace("base: sector", "base: sektor")
    text = text.replace("horizon: 14 h", "horizon: 14")
    (folder / "bad.yaml").write_text(text, encoding="utf-8")
    said = program("check", "bad.yaml")
    assert (said.code, said.out) == (3, "")
    heads = [line for line in said.err.splitlines() if line.startswith("bad.yaml:")]
    assert [head.split(": ")[:3] for head in heads] == [
        ["bad.yaml:5:10", "error", "horizon"],
        ["bad.yaml:30:32", "error", "units.patrol.base"],
        ["bad.yaml:30:47", "error", "units.patrol.count"],
    ]
    assert said.err.endswith("3 errors\n")


def test_places_are_named_from_the_working_folder(program: Program, folder: Path) -> None:
    (folder / "deep").mkdir()
    (folder / "deep" / "bad.yaml").write_text("kontijensi: 1\nnama: x\n", encoding="utf-8")
    assert (
        f"{Path('deep/bad.yaml')}:2:1: error: nama: " in program("check", "deep/bad.yaml", "--lang", "en").err
    )


def test_a_missing_file_is_guessed_at(program: Program) -> None:
    said = program("check", "smalll.yaml", "--lang", "en")
    assert said.code == 3
    assert said.err == "smalll.yaml:1:1: error: no such file\n    Did you mean 'small.yaml'?\n1 error\n"


def test_strict_refuses_warnings(program: Program) -> None:
    near = ("--set", "standards.patrol.within=4 min")
    assert program("check", "small.yaml", *near).code == 0
    said = program("check", "small.yaml", "--strict", *near)
    assert said.code == 3
    assert "Refused because of its warnings (--strict)." in said.out


def test_check_as_json(program: Program) -> None:
    said = program("check", "small.yaml", "--json")
    answer = json.loads(said.out)
    assert (said.code, said.err, answer["ok"]) == (0, "", True)
    assert (answer["errors"], answer["holds"]["phases"][0]["kind"]) == (0, "voting")
    assert len(answer["sha256"]) == 64


def test_check_of_a_bad_scenario_as_json(program: Program, folder: Path) -> None:
    (folder / "bad.yaml").write_text(SMALL.replace("count: 2", "count: -2"), encoding="utf-8")
    said = program("check", "bad.yaml", "--json")
    answer = json.loads(said.out)
    assert (said.code, answer["ok"], answer["errors"]) == (3, False, 1)
    (problem,) = (p for p in answer["problems"] if p["severity"] == "error")
    assert (problem["line"], problem["path"]) == (30, "units.patrol.count")


def test_what_a_file_says_cannot_steer_the_terminal(program: Program, folder: Path) -> None:
    (folder / "bad.yaml").write_text('kontijensi: 1\n"\\e[2Jnama": x\n', encoding="utf-8")
    assert "\x1b" not in program("check", "bad.yaml").err


def test_schema_is_the_schema(program: Program) -> None:
    said = program("schema")
    assert (said.code, said.err) == (0, "")
    assert json.loads(said.out) == json_schema()


def test_schema_as_reference(program: Program) -> None:
    assert program("schema", "--markdown").out == reference()


def test_report_is_written_again_in_another_language(program: Program, folder: Path) -> None:
    assert program("run", "small.yaml", "--quiet", "--no-report", "--out", "run").code == 0
    said = program("report", "run", "--lang", "id")
    report = folder / "run" / "report.html"
    assert (said.code, said.out) == (0, f"Laporan: {Path('run/report.html')}\n  {report.as_uri()}\n")
    assert '<html lang="id"' in report.read_text(encoding="utf-8")
    answer = json.loads(program("report", "run", "--out", "page.html", "--json").out)
    assert answer == {
        "ok": True,
        "exit_code": 0,
        "report": "page.html",
        "report_uri": (folder / "page.html").as_uri(),
    }
    assert '<html lang="en"' in (folder / "page.html").read_text(encoding="utf-8")


def test_report_of_what_is_no_run(program: Program, folder: Path) -> None:
    assert program("report", "nowhere", "--lang", "en").err == "Error: nowhere: no such folder\n"
    (folder / "empty").mkdir()
    said = program("report", "empty", "--lang", "en")
    assert (said.code, said.err) == (1, "Error: empty: holds no whole run: manifest.json is missing\n")
