"""A town with ambulances, two hospitals and a fire engine, for tests of casualties and fires."""

# ruff: noqa: E501 - the lines of a scenario are as long as planners write them

from __future__ import annotations

from collections.abc import Iterable

from kontijensi.analysis.casualties import Casualty, casualties
from kontijensi.vocabulary.records import Record
from tests.engine.scenes import of, rehearse, sections

CARE = """\
area:
  places:
    pos: {kind: polsek}
    a: {kind: tps, voters: 300}
    b: {kind: ballot_store}
    near: {kind: hospital, beds: 1}
    far: {kind: hospital, beds: 5}
  roads:
    edges:
      - {between: [pos, a], time: 2 min}
      - {between: [a, b], time: 2 min}
      - {between: [b, near], time: 2 min}
      - {between: [pos, far], time: 10 min}
phases:
  vote: {kind: voting, start: 2024-11-27 07:00, end: 2024-11-27 13:00, exposes: [tps]}
medical: {reported: 3 min, loading: 10 min, handover: 10 min, treatment: 15 min, stay: 5 h}
unit_types:
  ambulance: {agency: health, capabilities: [medical], personnel: 2, turn_out: 1 min, carries: 1}
  first_aid: {agency: health, capabilities: [medical], personnel: 4, turn_out: 1 min}
  engine: {agency: fire, capabilities: [fire], personnel: 5, turn_out: 1 min, stock: {water: 2000}, resupply: 5 min}
  dalmas: {agency: police, capabilities: [presence, dialogue, line, push, arrest], personnel: 30, turn_out: 1 min}
units:
  amb: {type: ambulance, base: pos}
"""
"""Roads pos - a - b - near, two minutes a stretch, and ten from pos to far. One ambulance at pos."""


def hurt(people: int, severity: str, place: str = "a", at: str = "07:10", cause: str = "accident") -> str:
    """Write a trigger's body that hurts people at a place."""
    return (
        f"{{at: ['2024-11-27 {at}'], places: {{ids: [{place}]}}, "
        f"effects: [{{do: injure, people: {people}, severity: {severity}, cause: {cause}}}]}}"
    )


def care_run(changes: str = "", *, seed: int = 1) -> list[Record]:
    """Rehearse the town with a test's own sections."""
    return rehearse(with_sections(CARE, changes), seed=seed)


def with_sections(base: str, changes: str) -> str:
    """Return a scene with its sections replaced, and others added, by those of a test."""
    parts = {**sections(base), **sections(changes)}
    return "".join(part.rstrip("\n") + "\n" for part in parts.values())


def course(records: Iterable[Record], casualty: str) -> list[tuple[float, str]]:
    """Return what happened to one casualty: minute and step."""
    return [
        (round(each.time_s / 60, 3), each.kind.value.removeprefix("casualty_"))
        for each in records
        if each.entity == casualty and each.kind.value.startswith("casualty_")
    ]


def row(records: list[Record], casualty: str) -> Casualty:
    """Return one casualty's row."""
    return next(each for each in casualties(records) if each.casualty == casualty)


def sent_to(records: list[Record], place: str) -> list[str]:
    """Return the units ordered to a place, in order."""
    return [record.entity for record in of(records, "unit_ordered") if record.place == place]
