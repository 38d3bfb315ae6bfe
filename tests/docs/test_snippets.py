"""What the documents show works as shown: every snippet is read, and those that can be are run."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from kontijensi.api import load_text
from kontijensi.cli import main
from kontijensi.command import dispatching, postures
from kontijensi.scenario.problems import Severity
from kontijensi.scenario.reference import reference
from tests.authoring.workbooks import five_hundred

REPO = Path(__file__).resolve().parents[2]
KLATEN = "scenarios/klaten-pilkades-2023.yaml"
LISTS = REPO / "docs/tutorial-lists.md"
"""Its commands go on from one another: they have a test of their own."""
PAGES = [
    REPO / name
    for name in ("README.md", "README.id.md", "READING.md", "DESIGN.md", "CONTRIBUTING.md", "CHANGELOG.md")
] + sorted(page for page in (REPO / "docs").rglob("*.md") if "id" not in page.relative_to(REPO).parts)


def blocks(page: Path, language: str) -> list[str]:
    text = page.read_text(encoding="utf-8")
    return re.findall(rf"^ *```{language}\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL)


def commands() -> Iterator[tuple[str, str]]:
    for page in PAGES:
        for block in blocks(page, "sh"):
            for line in block.replace("\\\n", " ").splitlines():
                command = line.split(" #")[0].strip()
                if command.startswith("kontijensi ") and page != LISTS:
                    yield page.relative_to(REPO).as_posix(), command


def scenarios() -> list[tuple[str, str]]:
    return [
        (page.relative_to(REPO).as_posix(), block)
        for page in PAGES
        for block in blocks(page, "yaml")
        if block.startswith("kontijensi:")
    ]


FIRST = dict(scenarios())["docs/tutorial.md"]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder as the reader of the documents has it."""
    (tmp_path / "first.yaml").write_text(FIRST, encoding="utf-8")
    for page, name in (("people-before-the-vote", "people"), ("casualties-and-fires", "care")):
        shown = dict(scenarios())[f"docs/how-to/{page}.md"]
        (tmp_path / f"{name}.yaml").write_text(shown, encoding="utf-8")
    (tmp_path / "scenarios").symlink_to(REPO / "scenarios")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_documents_show_scenarios_and_commands() -> None:
    assert {name for name, _text in scenarios()} >= {"README.md", "README.id.md", "docs/tutorial.md"}
    assert len(list(commands())) > 10


@pytest.mark.parametrize(("name", "text"), scenarios())
def test_scenarios_shown_are_free_of_errors_and_warnings(name: str, text: str) -> None:
    document = load_text(text).document
    assert [str(p) for p in document.notes if p.severity is not Severity.NOTE] == []


@pytest.mark.parametrize("name", ["README.md", "README.id.md"])
def test_the_scenario_of_the_readme_runs_and_something_happens(name: str) -> None:
    text = dict(scenarios())[name]
    assert text.count("\n") <= 25
    summary = load_text(text).run(crowds=False).summary()
    assert summary["escalations"]["crowds"] >= 1
    assert 0 < next(iter(summary["coverage"].values()))["average"] <= 1


def test_the_casualties_of_the_how_to_reach_a_bed_and_its_fire_is_fought() -> None:
    summary = load_text(dict(scenarios())["docs/how-to/casualties-and-fires.md"]).run(crowds=False).summary()
    assert summary["casualties"]["admitted"] >= 1
    assert summary["casualties"]["treated"] >= 1
    assert summary["fires"]["first_water"]["answered"] == 1


@pytest.mark.parametrize(("name", "command"), list(commands()))
def test_commands_shown_are_understood(
    desk: Path, name: str, command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every command is obeyed; a run of Klaten or of the first scenario only as a dry run."""
    monkeypatch.setitem(dispatching.BUILT_IN, "spare_the_heavy", dispatching.nearest)
    monkeypatch.setitem(postures.BUILT_IN, "talk_only", postures.dialogue_first)
    words = shlex.split(command)[1:]
    words = words[: words.index(">")] if ">" in words else words  # where the output goes
    if any(word.isupper() and word.isalpha() for word in words) or words[0] == "report":
        pytest.skip("shows a form, not a command")
    with pytest.raises(SystemExit) as end:
        main([*words, *(["--dry-run"] if words[0] == "run" else [])])
    assert not end.value.code, capsys.readouterr().err


def test_from_a_spreadsheet_of_500_stations_to_a_report_in_four_commands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, content in five_hundred().items():
        (tmp_path / name).write_bytes(content)
    lines = [line for block in blocks(LISTS, "sh") for line in block.splitlines()]
    four = [shlex.split(line)[1:] for line in lines if line.startswith("kontijensi ")][:4]
    assert [words[0] for words in four] == ["new", "new", "check", "run"]
    said = []
    for words in four:
        with pytest.raises(SystemExit) as end:
            main([*words, "--lang", "en"])
        said.append(capsys.readouterr())
        assert not end.value.code, said[-1].err
    (shown,) = blocks(LISTS, "text")
    assert said[0].out == shown
    assert "The scenario can be rehearsed." in said[2].out
    assert (tmp_path / "runs/kabupaten-s1-r0/report.html").stat().st_size > 100_000


def test_the_indonesian_tutorial_shows_what_the_preview_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, content in five_hundred().items():
        (tmp_path / name).write_bytes(content)
    page = REPO / "docs/id/tutorial-lists.md"
    with pytest.raises(SystemExit) as end:
        main([*shlex.split(blocks(page, "sh")[0])[1:], "--lang", "id"])
    assert not end.value.code
    (shown,) = blocks(page, "text")
    assert capsys.readouterr().out == shown


def test_the_python_of_the_readme_works(desk: Path) -> None:
    for name in ("README.md", "README.id.md"):
        (code,) = blocks(REPO / name, "python")
        assert KLATEN in code
        exec(compile(code.replace(KLATEN, "first.yaml"), name, "exec"), {})
        assert (desk / "out/klaten/report.html").is_file()
        (desk / "out").rename(desk / f"out-{name}")


def test_the_comparison_of_the_tutorial_works(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = blocks(REPO / "docs/tutorial.md", "python")
    exec(compile(code, "tutorial", "exec"), {})
    lines = capsys.readouterr().out.splitlines()
    cover = [float(re.search(r"cover (\S+)", line).group(1)) for line in lines]
    assert len(cover) == 3
    assert cover[0] < cover[1] <= cover[2]


def test_the_listing_of_measures_works(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = blocks(REPO / "docs/how-to/set-limits.md", "python")
    exec(compile(code, "set-limits", "exec"), {})
    listed = {line.split()[0] for line in capsys.readouterr().out.splitlines()}
    assert {"harm.people", "coverage.patrol.average", "continuity.all.tps_minutes"} <= listed


def test_the_policies_of_the_how_to_work(monkeypatch: pytest.MonkeyPatch) -> None:
    page = REPO / "docs/how-to/plug-in-a-policy.md"
    offered: dict = {}
    for code in blocks(page, "python"):
        exec(compile(code, "policy", "exec"), offered)
    (table,) = blocks(page, "toml")
    points = tomllib.loads(table)["project"]["entry-points"]
    assert set(points) == {dispatching.DISPATCH_GROUP, postures.POSTURE_GROUP}
    (dispatch,), (posture,) = points[dispatching.DISPATCH_GROUP], points[postures.POSTURE_GROUP]
    asked: list[str] = []

    def dispatch_and_tell(candidates, incident, roster, capability):
        asked.append("dispatch")
        return offered[dispatch](candidates, incident, roster, capability)

    def posture_and_tell(view, escalate_after_s):
        asked.append("posture")
        return offered[posture](view, escalate_after_s)

    monkeypatch.setitem(dispatching.BUILT_IN, dispatch, dispatch_and_tell)
    monkeypatch.setitem(postures.BUILT_IN, posture, posture_and_tell)
    scenario = load_text(FIRST, overrides={"command.dispatch": dispatch, "command.posture": posture})
    summary = scenario.run(crowds=False).summary()
    assert set(asked) == {"dispatch", "posture"}
    assert summary["units"]["all"]["orders"] > 0
    assert set(summary["force"]["by_means"]) <= {"arrest"}


def test_the_reference_is_the_schemas() -> None:
    """When this fails, run `make docs`."""
    assert (REPO / "docs/reference/scenario.md").read_text(encoding="utf-8") == reference()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(REPO).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    broken = [link for link in links if "://" not in link and not (page.parent / link).resolve().exists()]
    assert broken == []


def test_reading_names_six_files() -> None:
    text = (REPO / "READING.md").read_text(encoding="utf-8")
    assert len(re.findall(r"^\d\. \[", text, re.MULTILINE)) == 6
