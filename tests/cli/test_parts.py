"""Names of folders, progress lines and streams."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kontijensi.api import load_text
from kontijensi.cli.folders import run_folder, slug, unwritable
from kontijensi.cli.progress import moment, teller
from tests.cli.conftest import SMALL


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("klaten-pilkades-2023", "klaten-pilkades-2023"),
        ("Pilkada Kediri (2024)!", "pilkada-kediri-2024"),
        ("CON", "run-con"),
        ("lpt1", "run-lpt1"),
        ("../../etc/passwd", "etc-passwd"),
        ("投票", "run"),
        ("désa", "desa"),
        ("x" * 500, "x" * 60),
        ("a" * 59 + " b", "a" * 59),
    ],
)
def test_names_of_folders_work_on_every_system(name: str, short: str) -> None:
    assert slug(name) == short


def test_a_run_folder_is_always_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    first = run_folder(Path("a/b.yaml"), 7, 2)
    assert first == Path("runs/b-s7-r2")
    first.mkdir(parents=True)
    assert run_folder(Path("a/b.yaml"), 7, 2) == Path("runs/b-s7-r2-2")


@pytest.mark.skipif(os.name == "nt", reason="needs a file where a folder should be, as POSIX reports it")
def test_what_stands_in_the_way_of_a_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert unwritable(tmp_path / "file" / "run") == tmp_path / "file"
    assert unwritable(tmp_path / "new" / "deep" / "run") is None


def test_plain_progress_tells_moment_and_phase(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kontijensi.cli.progress.PLAIN_EVERY_S", 0.0)
    world = load_text(SMALL).world
    with teller(quiet=False) as tell:
        tell.rehearsing(world)(7 * 3600.0)
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines()[-1].split() == ["50%", "14", "Feb", "2029", "13.00", "WIB", "·", "counting"]


def test_quiet_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with teller(quiet=True) as tell:
        tell.stage("x")
        tell.rehearsing(load_text(SMALL).world)(60.0)
    assert capsys.readouterr() == ("", "")


def test_the_end_of_a_rehearsal_has_a_moment() -> None:
    world = load_text(SMALL, language="en").world
    assert moment(world, world.horizon_s).startswith("14 Feb 2029 20")


def test_live_progress_shows_phase_and_share() -> None:
    from io import StringIO

    from rich.console import Console

    from kontijensi.cli.progress import _Live

    shown = StringIO()
    world = load_text(SMALL).world
    with _Live(Console(file=shown, force_terminal=True, width=120)) as live:
        live.stage("Compiling")
        advance = live.rehearsing(world)
        advance(7 * 3600.0)
    text = shown.getvalue()
    assert "50%" in text
    assert "13.00 WIB · counting" in text
