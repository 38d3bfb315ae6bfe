"""A small scenario and a way to run the program inside the test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from kontijensi.cli import main

SMALL = """\
kontijensi: 1
name: "Two polling stations and a sector post"
language: en
start: "2029-02-14 06:00"
horizon: 14 h
area:
  places:
    sector: {name: "Sector post", kind: polsek, lat: -7.700, lon: 110.600}
    tps-1: {name: "TPS 1", kind: tps, lat: -7.715, lon: 110.612, voters: 280}
    tps-2: {name: "TPS 2", kind: tps, lat: -7.690, lon: 110.625, voters: 295}
  roads: {synthetic: {neighbours: 2}}
phases:
  voting: {kind: voting, start: "2029-02-14 07:00", end: "2029-02-14 13:00", exposes: [tps]}
  counting: {kind: counting, start: "2029-02-14 13:00", end: "2029-02-14 18:00", exposes: [tps]}
community:
  observers:
    linmas: {kind: linmas, places: {kinds: [tps]}, per_place: 2, report_delay: 1 min}
triggers:
  objection:
    at: ["2029-02-14 14:00"]
    places: {ids: [tps-1]}
    effects: [{do: gather_crowd, size: 40, stays: 30 min}]
unit_types:
  patrol:
    agency: police
    capabilities: [patrol, presence, dialogue, line, arrest]
    personnel: 8
    turn_out: 3 min
units:
  patrol: {type: patrol, base: sector, count: 2}
standards:
  patrol: {capability: patrol, within: 10 min, places: {kinds: [tps]}}
"""


@dataclass(frozen=True)
class Said:
    """What the program said, and how it ended."""

    code: int
    out: str
    err: str


Program = Callable[..., Said]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An otherwise empty working folder with the small scenario in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "small.yaml").write_text(SMALL, encoding="utf-8")
    return tmp_path


@pytest.fixture
def program(folder: Path, capsys: pytest.CaptureFixture[str]) -> Program:
    """Run the program with these arguments."""

    def run(*arguments: str) -> Said:
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            main(list(arguments))
        said = capsys.readouterr()
        code = end.value.code
        return Said(int(code or 0), said.out, said.err)

    return run
