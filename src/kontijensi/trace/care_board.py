"""Casualties and fires on the board: who still needs care, and what burns. A fold over the log."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType

from kontijensi.vocabulary.records import Record, RecordKind


@dataclass(frozen=True, slots=True)
class CasualtyOnBoard:
    """One casualty who still needs care; `step` is the last one he has passed, such as `reached`."""

    place: str | None
    severity: str
    step: str
    since_s: float
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class FireOnBoard:
    """One fire that burns: its stage, and how many units put water on it."""

    place: str | None
    burns: str
    stage: int
    units: int
    since_s: float


_STEPS = {
    RecordKind.CASUALTY_REPORTED: "reported",
    RecordKind.CASUALTY_REACHED: "reached",
    RecordKind.CASUALTY_LEFT: "waiting",
    RecordKind.CASUALTY_LOADED: "loaded",
    RecordKind.CASUALTY_TURNED_AWAY: "turned_away",
    RecordKind.CASUALTY_BROUGHT: "brought",
}
_DONE = frozenset({RecordKind.CASUALTY_TREATED, RecordKind.CASUALTY_ADMITTED})


class CareFold:
    """Casualties and fires in the making."""

    def __init__(self) -> None:
        self._casualties: dict[str, CasualtyOnBoard] = {}
        self._fires: dict[str, FireOnBoard] = {}
        self._held: dict[str, None] = {}

    def apply(self, record: Record) -> None:
        """Take in the next record."""
        kind, name, values = record.kind, record.entity, record.values
        if kind is RecordKind.CASUALTY_HURT:
            self._casualties[name] = CasualtyOnBoard(record.place, values["severity"], "hurt", record.time_s)
        elif kind in _STEPS and name in self._casualties:
            self._casualties[name] = replace(
                self._casualties[name],
                place=record.place,
                step=_STEPS[kind],
                since_s=record.time_s,
                unit=None if kind is RecordKind.CASUALTY_LEFT else values.get("unit"),
            )
            if kind is RecordKind.CASUALTY_TURNED_AWAY and values.get("to") is None:
                del self._casualties[name]  # out of the area
        elif kind in _DONE:
            self._casualties.pop(name, None)
        elif kind is RecordKind.FIRE_STARTED:
            self._fires[name] = FireOnBoard(record.place, values["burns"], 1, 0, record.time_s)
        elif kind is RecordKind.FIRE_GREW:
            self._fires[name] = replace(self._fires[name], stage=values["stage"])
        elif kind is RecordKind.FIRE_FOUGHT:
            self._fires[name] = replace(self._fires[name], units=values["units"])
        elif kind is RecordKind.FIRE_ENDED:
            self._fires.pop(name, None)
        else:
            self._edge(record)

    def _edge(self, record: Record) -> None:
        if record.kind is RecordKind.APPROACH_HELD:
            self._held[record.entity] = None
        elif record.kind in (RecordKind.APPROACH_CLEARED, RecordKind.UNIT_RELEASED, RecordKind.UNIT_LOST):
            self._held.pop(record.entity, None)

    @property
    def casualties(self) -> MappingProxyType[str, CasualtyOnBoard]:
        """Return those who still need care, by id."""
        return MappingProxyType(dict(self._casualties))

    @property
    def fires(self) -> MappingProxyType[str, FireOnBoard]:
        """Return what burns, by id."""
        return MappingProxyType(dict(self._fires))

    @property
    def held(self) -> tuple[str, ...]:
        """Return the units that wait at the edge of a place until it is safe."""
        return tuple(self._held)
