"""How situations changed colour, and how they ended. A green crowd is lawful and only counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from kontijensi.vocabulary.records import Record, RecordKind
from kontijensi.world.world import World

_RANK = {"green": 0, "yellow": 1, "red": 2}


@dataclass(frozen=True, slots=True)
class Change:
    """One change of colour."""

    time_s: float
    crowd: str
    place: str | None
    phase: str | None
    phase_kind: str | None
    was: str | None
    colour: str

    @property
    def rises(self) -> bool:
        """True when the situation got worse."""
        return _RANK[self.colour] > _RANK.get(self.was or "green", 0)


def changes(records: Iterable[Record], world: World) -> list[Change]:
    """Return every true change of colour, in order."""
    found = []
    for record in records:
        if record.kind is not RecordKind.COLOUR_CHANGED:
            continue
        phase = world.phase_at(record.time_s)
        found.append(
            Change(
                time_s=record.time_s,
                crowd=record.entity,
                place=record.place,
                phase=None if phase is None else phase.id,
                phase_kind=None if phase is None else str(phase.kind),
                was=record.values.get("was"),
                colour=str(record.values["colour"]),
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class Escalation:
    """What changes of colour add up to."""

    to_yellow: int
    """Rises from green to yellow."""
    to_red: int
    """Rises to red."""
    eased: int
    """Changes to a calmer colour."""


def escalation(found: Iterable[Change]) -> Escalation:
    """Return what changes of colour add up to."""
    rows = list(found)
    rises = Counter(row.colour for row in rows if row.rises)
    eased = sum(not row.rises and row.colour != row.was and row.was is not None for row in rows)
    return Escalation(to_yellow=rises["yellow"], to_red=rises["red"], eased=eased)


def outcomes(records: Iterable[Record]) -> dict[str, int]:
    """Return how many incidents ended in each way; `open` are those that had not ended."""
    opened: set[str] = set()
    ended: dict[str, str] = {}
    for record in records:
        if record.kind is RecordKind.INCIDENT_OPENED:
            opened.add(record.entity)
        elif record.kind is RecordKind.INCIDENT_CLOSED:
            ended[record.entity] = str(record.values["outcome"])
    count = Counter(ended.values())
    count["open"] = len(opened - ended.keys())
    return {outcome: n for outcome, n in sorted(count.items()) if n or outcome == "open"}
