"""Fires: how soon water was on them, how long they burned, and what they took with them.

The parts run from the start of the fire: reporting, dispatching (the desk, and waiting for a unit), approach
(turn-out and travel), safety (from the first arrival until water: the wait for a safe approach) and fighting.
They add up to the time it burned exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from math import fsum
from typing import Any

from kontijensi.analysis.percentiles import part_measures, spread
from kontijensi.analysis.responses import Response
from kontijensi.vocabulary.records import Record, RecordKind


@dataclass(frozen=True, slots=True)
class FireParts:
    """How long each step took [s]; a step after the last one reached is None."""

    reporting: float | None = None
    dispatching: float | None = None
    approach: float | None = None
    safety: float | None = None
    fighting: float | None = None
    """From the first water until it was out, with any break to fetch more."""


ENDS = ("put_out", "burnt_out", "burning")
"""How a fire may have ended, or that it had not."""
FIRE_PARTS = tuple(field.name for field in fields(FireParts))


@dataclass(frozen=True, slots=True)
class Fire:
    """One fire."""

    fire: str
    of: str | None
    place: str | None
    burns: str
    started_s: float
    ended_s: float | None
    how: str
    """`put_out`, `burnt_out`, or `burning` at the end of the run."""
    stage: int
    burnt_s: float
    """How long it burned, to the end of the run where it still did [s]."""
    first_water_s: float | None
    """From its start until water was put on it [s], None where none ever was."""
    water: float
    """Water put on it [L]."""
    materials_lost: bool
    voters: int
    """Voters whose materials were lost."""
    parts: FireParts

    @property
    def put_out_s(self) -> float | None:
        """From its start until it was put out [s]; None where it never was, such as one that burnt out."""
        return self.burnt_s if self.how == "put_out" else None


def fires(records: Iterable[Record], rows: Sequence[Response], end_s: float) -> list[Fire]:
    """Return one row a fire, in the order in which they began; `rows` are the responses to its incidents."""
    answered = {row.of: row for row in rows if row.sort == "fire" and row.of is not None}
    logs: dict[str, list[Record]] = {}
    for record in records:
        if record.kind is RecordKind.FIRE_STARTED:
            logs[record.entity] = [record]
        elif record.kind in _STEPS:
            logs[record.entity].append(record)
    return [_fire(log, answered.get(fire), end_s) for fire, log in logs.items()]


_STEPS = frozenset(
    {RecordKind.FIRE_GREW, RecordKind.FIRE_FOUGHT, RecordKind.FIRE_ENDED, RecordKind.MATERIALS_LOST}
)


def _fire(log: Sequence[Record], answered: Response | None, end_s: float) -> Fire:
    started, steps = log[0], log[1:]
    ended = next((r for r in steps if r.kind is RecordKind.FIRE_ENDED), None)
    fought = [r for r in steps if r.kind is RecordKind.FIRE_FOUGHT]
    lost = next((r for r in steps if r.kind is RecordKind.MATERIALS_LOST), None)
    water_s = next((r.time_s for r in fought if r.values["units"] > 0), None)
    amounts = [float(r.values["water"]) for r in (*fought, *(() if ended is None else (ended,)))]
    return Fire(
        fire=started.entity,
        of=started.values.get("of"),
        place=started.place,
        burns=str(started.values["burns"]),
        started_s=started.time_s,
        ended_s=None if ended is None else ended.time_s,
        how="burning" if ended is None else str(ended.values["how"]),
        stage=max([1, *(int(r.values["stage"]) for r in steps if r.kind is RecordKind.FIRE_GREW)]),
        burnt_s=(end_s if ended is None else ended.time_s) - started.time_s,
        first_water_s=None if water_s is None else water_s - started.time_s,
        water=max(amounts, default=0.0),
        materials_lost=lost is not None,
        voters=0 if lost is None else int(lost.values["voters"]),
        parts=_parts(started.time_s, answered, water_s, None if ended is None else ended.time_s),
    )


def _parts(
    started_s: float, answered: Response | None, water_s: float | None, ended_s: float | None
) -> FireParts:
    marks = None if answered is None else answered.marks
    steps = ("reported", "dispatched", "first_arrival")
    ends = [None if marks is None else getattr(marks, step) for step in steps]
    ends += [water_s, ended_s if water_s is not None else None]
    last = max((i for i, t_s in enumerate(ends) if t_s is not None), default=-1)
    lengths, at_s = {}, started_s
    for name, t_s in zip(FIRE_PARTS[: last + 1], ends, strict=False):
        then_s = at_s if t_s is None else max(at_s, t_s)
        lengths[name], at_s = then_s - at_s, then_s
    return FireParts(**lengths)


def fire_measures(rows: Sequence[Fire]) -> dict[str, Any]:
    """Return the measures of all fires as plain values; also when there are none."""
    return {
        "n": len(rows),
        **{how: sum(row.how == how for row in rows) for how in ENDS},
        "burnt_s": fsum(row.burnt_s for row in rows),
        "water": fsum(row.water for row in rows),
        "first_water": spread([row.first_water_s for row in rows]).as_dict(),
        "put_out_after": spread([row.put_out_s for row in rows]).as_dict(),
        "parts": {
            name: part_measures([t for row in rows if (t := getattr(row.parts, name)) is not None])
            for name in FIRE_PARTS
        },
        "materials_lost": sum(row.materials_lost for row in rows),
        "voters_affected": sum(row.voters for row in rows),
    }
