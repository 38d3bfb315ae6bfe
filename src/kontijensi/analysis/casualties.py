"""Those who came to harm: how long each waited for care, step by step, and what became of each.

The marks are hurt, reported, ordered, at the edge, gone in, reached, loaded, brought, ended. Those of the
unit belong to the one that treated or carried him in the end. A step that was taken before its turn, such as
a crew that stood by already, took no time: so the parts add up to the whole exactly. Whoever had no care is
later than any time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from kontijensi.analysis.percentiles import part_measures, spread
from kontijensi.scenario.schema.area import PlaceKind
from kontijensi.vocabulary.records import Record, RecordKind
from kontijensi.world.world import World

SEVERITIES = ("minor", "moderate", "severe")


class Fate(StrEnum):
    """What had become of a casualty at the end of the run: exactly one of these."""

    TREATED = "treated"
    """On the spot: nothing more was needed."""
    ADMITTED = "admitted"
    """Carried to a hospital, and given a bed there."""
    WAITING = "waiting"
    """Where he was hurt, or where his ambulance broke down; a crew may be with him."""
    ON_THE_WAY = "on_the_way"
    """In a vehicle, or being handed over."""
    TURNED_AWAY = "turned_away"
    """No hospital had a bed: held at a door, or taken out of the area."""


@dataclass(frozen=True, slots=True)
class CareParts:
    """How long each step took [s]; a step after the last one reached is None."""

    reporting: float | None = None
    """From the harm until the posko knew."""
    dispatching: float | None = None
    """Until the unit was ordered: the desk, and waiting for one that is free."""
    approach: float | None = None
    """Until it was at the edge: turn-out and travel."""
    safety: float | None = None
    """Until it could go in: waiting for a safe approach."""
    turn: float | None = None
    """Until it reached him, after those who were worse off."""
    care: float | None = None
    """Until he was treated, or loaded."""
    carrying: float | None = None
    """Until he was at the hospital."""
    handover: float | None = None
    """Until he had his bed, with the wait for one."""


CARE_PARTS = tuple(field.name for field in fields(CareParts))


@dataclass(frozen=True, slots=True)
class Casualty:
    """One person who came to harm."""

    casualty: str
    of: str | None
    """The crowd, trigger, fire or stream of calls."""
    cause: str
    group: str
    severity: str
    place: str | None
    hurt_s: float
    reached_s: float | None
    ended_s: float | None
    """When he was treated or admitted [s], None while he was not."""
    fate: Fate
    turned_away: bool
    """Whether he found every hospital full, or none, at any time."""
    hospital: str | None
    unit: str | None
    parts: CareParts

    @property
    def until_reached_s(self) -> float | None:
        """From the harm until a crew was with him [s]."""
        return None if self.reached_s is None else self.reached_s - self.hurt_s

    @property
    def until_care_s(self) -> float | None:
        """From the harm until he was treated on the spot or had his bed [s]."""
        return None if self.ended_s is None else self.ended_s - self.hurt_s


def casualties(records: Iterable[Record]) -> list[Casualty]:
    """Return one row a casualty, in the order in which they were hurt."""
    courses: dict[str, _Course] = {}
    for record in records:
        if record.kind is RecordKind.CASUALTY_HURT:
            courses[record.entity] = _Course(record)
        elif record.kind in _STEPS:
            courses[record.entity].take(record)
    return [course.casualty() for course in courses.values()]


_STEPS = frozenset(
    {
        RecordKind.CASUALTY_REPORTED,
        RecordKind.CASUALTY_REACHED,
        RecordKind.CASUALTY_LEFT,
        RecordKind.CASUALTY_TREATED,
        RecordKind.CASUALTY_LOADED,
        RecordKind.CASUALTY_TURNED_AWAY,
        RecordKind.CASUALTY_BROUGHT,
        RecordKind.CASUALTY_ADMITTED,
    }
)


class _Course:
    """One casualty while the log is read."""

    def __init__(self, hurt: Record) -> None:
        self.hurt = hurt
        self.reported_s: float | None = None
        self.unit: str | None = None
        self.marks: dict[str, float] = {}
        self.fate = Fate.WAITING
        self.turned_away = False
        self.hospital: str | None = None

    def take(self, record: Record) -> None:
        """Take in the next step."""
        kind, values, t_s = record.kind, record.values, record.time_s
        if kind is RecordKind.CASUALTY_REPORTED:
            self.reported_s = t_s
        elif kind is RecordKind.CASUALTY_LEFT:
            self.marks, self.unit, self.fate = {}, None, Fate.WAITING
        elif kind is RecordKind.CASUALTY_REACHED:
            self.unit = values["unit"]
            self.marks = {name: values[f"{name}_s"] for name in ("ordered", "edge", "in")} | {"reached": t_s}
        elif kind is RecordKind.CASUALTY_TREATED:
            self.marks["treated"], self.fate = t_s, Fate.TREATED
        elif kind is RecordKind.CASUALTY_LOADED:
            self.marks["loaded"], self.fate = t_s, Fate.ON_THE_WAY
        elif kind is RecordKind.CASUALTY_TURNED_AWAY:
            self.turned_away, self.fate = True, Fate.TURNED_AWAY
        elif kind is RecordKind.CASUALTY_BROUGHT:
            self.marks["brought"] = t_s
        elif kind is RecordKind.CASUALTY_ADMITTED:
            self.marks["admitted"], self.fate, self.hospital = t_s, Fate.ADMITTED, record.place

    def casualty(self) -> Casualty:
        """Return the finished row."""
        values, marks = self.hurt.values, self.marks
        parts, at_s = {}, self.hurt.time_s
        ends = (self.reported_s, *(marks.get(name) for name in ("ordered", "edge", "in", "reached")))
        ends += (marks.get("treated", marks.get("loaded")), marks.get("brought"), marks.get("admitted"))
        last = max((i for i, t_s in enumerate(ends) if t_s is not None), default=-1)
        for name, t_s in zip(CARE_PARTS[: last + 1], ends, strict=False):
            then_s = at_s if t_s is None else max(at_s, t_s)
            parts[name], at_s = then_s - at_s, then_s
        return Casualty(
            casualty=self.hurt.entity,
            of=values.get("of"),
            cause=str(values["cause"]),
            group=str(values["group"]),
            severity=str(values["severity"]),
            place=self.hurt.place,
            hurt_s=self.hurt.time_s,
            reached_s=marks.get("reached"),
            ended_s=marks.get("treated", marks.get("admitted")),
            fate=self.fate,
            turned_away=self.turned_away,
            hospital=self.hospital,
            unit=self.unit,
            parts=CareParts(**parts),
        )


@dataclass(frozen=True, slots=True)
class HospitalUse:
    """How one hospital was used."""

    beds: int | None
    """Beds there were; None where they are no limit."""
    admitted: int
    most_taken: int
    """Most beds taken at once."""
    full_s: float
    """Time in which every bed was taken [s]; 0 where beds are no limit."""


def hospital_use(records: Iterable[Record], world: World, end_s: float) -> dict[str, HospitalUse]:
    """Return how each hospital of the area was used, also those that admitted nobody."""
    places = world.places
    rows = [row for row, kind in enumerate(places.kind) if kind is PlaceKind.HOSPITAL]
    changes: dict[str, list[tuple[float, int]]] = {places.ids[row]: [] for row in rows}
    for record in records:
        if record.kind is RecordKind.CASUALTY_ADMITTED:
            changes[str(record.place)].append((record.time_s, 1))
        elif record.kind is RecordKind.CASUALTY_DISCHARGED:
            changes[str(record.place)].append((record.time_s, -1))
    return {places.ids[row]: _use(changes[places.ids[row]], places.entries[row].beds, end_s) for row in rows}


def _use(changes: Sequence[tuple[float, int]], beds: int | None, end_s: float) -> HospitalUse:
    taken = most = 0
    full_s, before_s = 0.0, 0.0
    for t_s, step in (*changes, (end_s, 0)):
        if beds is not None and taken >= beds:
            full_s += t_s - before_s
        taken, before_s = taken + step, t_s
        most = max(most, taken)
    return HospitalUse(beds, sum(step > 0 for _t, step in changes), most, full_s)


def casualty_measures(rows: Sequence[Casualty]) -> dict[str, Any]:
    """Return the measures of casualties as plain values, also when there are none."""
    causes = sorted({row.cause for row in rows})
    return {
        **_measures(rows),
        "found_full": sum(row.turned_away for row in rows),
        "parts": _mean_parts(rows),
        "by_severity": {
            name: _measures([row for row in rows if row.severity == name]) for name in SEVERITIES
        },
        "by_cause": {name: _measures([row for row in rows if row.cause == name]) for name in causes},
    }


def _measures(rows: Sequence[Casualty]) -> dict[str, Any]:
    return {
        "people": len(rows),
        **{str(fate): sum(row.fate is fate for row in rows) for fate in Fate},
        "reached": spread([row.until_reached_s for row in rows]).as_dict(),
        "cared_for": spread([row.until_care_s for row in rows]).as_dict(),
    }


def _mean_parts(rows: Sequence[Casualty]) -> dict[str, Any]:
    found = {
        name: [length for row in rows if (length := getattr(row.parts, name)) is not None]
        for name in CARE_PARTS
    }
    return {name: part_measures(lengths) for name, lengths in found.items()}
