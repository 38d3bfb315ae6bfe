"""Small scenarios for tests of the engine: a base that works, and sections a test puts in their place."""

# ruff: noqa: E501 - the lines of a scenario are as long as planners write them

from __future__ import annotations

import re
from collections.abc import Iterable
from textwrap import dedent
from typing import Any

from kontijensi.api.scenario import Scenario, load_text
from kontijensi.engine import Operation
from kontijensi.vocabulary.records import Record, RecordKind
from kontijensi.world import World

BASE = """\
kontijensi: 1
name: Scene
language: en
start: 2024-11-27 07:00
horizon: 4 h
area:
  places:
    pos: {kind: polsek}
    a: {kind: tps, voters: 300}
    b: {kind: tps, voters: 300}
    c: {kind: kpu, voters: 0}
  roads:
    edges:
      - {between: [pos, a], time: 2 min}
      - {between: [a, b], time: 2 min}
      - {between: [b, c], time: 2 min}
      - {between: [pos, c], time: 10 min}
unit_types:
  patrol: {agency: police, capabilities: [patrol, presence], personnel: 2, turn_out: 1 min}
  talks: {agency: police, capabilities: [presence, dialogue], personnel: 4, turn_out: 1 min}
  dalmas: {agency: police, capabilities: [presence, dialogue, line, push, arrest], personnel: 30, turn_out: 1 min}
units:
  car: {type: patrol, base: pos}
command:
  handling: 0 s
"""
"""A line of road pos - a - b - c, two minutes a stretch, and a slow way round from pos to c."""

CALM = """\
crowd: {calm_leave_per_h: 0, fatigue_leave_per_h: 0}
"""
"""A crowd that neither acts (at grievance 0) nor goes home unless it is sent."""


def sections(text: str) -> dict[str, str]:
    """Split a scenario into its top-level sections."""
    parts = re.split(r"(?m)^(?=\w+:)", dedent(text))
    return {part.split(":", 1)[0]: part for part in parts if part.strip()}


def scene_text(changes: str = "", base: str = BASE) -> str:
    """Return the base with its sections replaced, and others added, by those of a test."""
    return "".join({**sections(base), **sections(changes)}.values())


def scene(changes: str = "", base: str = BASE) -> Scenario:
    """Load the base with a test's own sections."""
    return load_text(scene_text(changes, base))


def rehearse(changes: str = "", *, seed: int = 1, replication: int = 0) -> list[Record]:
    """Run a scene and return its records."""
    return stage(changes, seed=seed, replication=replication)[1]


def stage(
    changes: str | Scenario = "", *, seed: int = 1, replication: int = 0
) -> tuple[Operation, list[Record]]:
    """Run a scene; return the run as it stands at the end, and its records."""
    scenario = changes if isinstance(changes, Scenario) else scene(changes)
    return run_world(scenario.world, seed=seed, replication=replication)


def run_world(world: World, *, seed: int = 1, replication: int = 0) -> tuple[Operation, list[Record]]:
    """Run a compiled world; return the run as it stands at the end, and its records."""
    records: list[Record] = []
    operation = Operation(world, seed=seed, replication=replication, emit=records.append)
    operation.run()
    return operation, records


def of(records: Iterable[Record], kind: str, entity: str | None = None, **values: Any) -> list[Record]:
    """Return the records of one kind, of one entity and with these values when given."""
    return [
        record
        for record in records
        if record.kind is RecordKind(kind)
        and entity in (None, record.entity)
        and all(record.values.get(name) == value for name, value in values.items())
    ]


def minutes(records: Iterable[Record], kind: str, entity: str | None = None, **values: Any) -> list[float]:
    """Return when such records were written [min]."""
    return [round(record.time_s / 60, 6) for record in of(records, kind, entity, **values)]


def one(records: Iterable[Record], kind: str, entity: str | None = None, **values: Any) -> Record:
    """Return the only record of its kind."""
    found = of(records, kind, entity, **values)
    assert len(found) == 1, found
    return found[0]


def story(records: Iterable[Record], entity: str) -> list[tuple[float, str]]:
    """Return what was written of one entity: minute and kind."""
    return [(round(each.time_s / 60, 6), each.kind.value) for each in records if each.entity == entity]
