"""What one unit is doing, told from its records alone: one machine, shared by the board and the measures."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from kontijensi.vocabulary.records import Record, RecordKind


class Activity(StrEnum):
    """What a unit is doing."""

    READY = "ready"
    TURNOUT = "turnout"
    TRAVELLING = "travelling"
    ON_SCENE = "on_scene"
    RETURNING = "returning"
    RESTING = "resting"
    RESUPPLYING = "resupplying"
    LOST = "lost"
    ABSENT = "absent"


ASSIGNED = frozenset({Activity.TURNOUT, Activity.TRAVELLING, Activity.ON_SCENE})
"""Doing something for an incident."""
BUSY = ASSIGNED | {Activity.RETURNING}
"""Not to be counted on: a unit on its way back can be redirected, but cover does not promise it."""

UNIT_KINDS = frozenset(
    {
        RecordKind.UNIT_ORDERED,
        RecordKind.UNIT_DEPARTED,
        RecordKind.UNIT_REROUTED,
        RecordKind.UNIT_ARRIVED,
        RecordKind.UNIT_RELEASED,
        RecordKind.UNIT_READY,
        RecordKind.UNIT_RESTING,
        RecordKind.UNIT_RESUPPLYING,
        RecordKind.UNIT_ON_SHIFT,
        RecordKind.UNIT_OFF_SHIFT,
        RecordKind.UNIT_LOST,
        RecordKind.UNIT_RESTORED,
        RecordKind.STOCK_USED,
        RecordKind.STOCK_EMPTY,
        RecordKind.STOCK_FILLED,
    }
)
"""Kinds of record whose entity is a unit."""

_PLAIN_STEPS = {
    RecordKind.UNIT_ORDERED: Activity.TURNOUT,
    RecordKind.UNIT_RELEASED: Activity.RETURNING,
    RecordKind.UNIT_READY: Activity.READY,
    RecordKind.UNIT_RESTING: Activity.RESTING,
    RecordKind.UNIT_RESUPPLYING: Activity.RESUPPLYING,
    RecordKind.UNIT_LOST: Activity.LOST,
    # Fit again, but where it was lost: UNIT_READY follows once it is home.
    RecordKind.UNIT_RESTORED: Activity.RETURNING,
}


class Duty:
    """One unit: what it does, where, for which incident, and what of its stock is gone.

    `place` is where it is, or where it set out from while it is on the road.
    """

    __slots__ = ("activity", "arrives_s", "empty", "incident", "on_shift", "place", "since_s", "to")

    def __init__(
        self, place: str | None, activity: Activity = Activity.READY, *, on_shift: bool = True
    ) -> None:
        self.activity = activity
        self.place = place
        self.to: str | None = None
        self.incident: str | None = None
        self.since_s = 0.0
        self.arrives_s: float | None = None
        self.on_shift = on_shift
        self.empty: set[str] = set()

    def apply(self, record: Record) -> None:
        """Take in one record of this unit, or the record of the aid it came with."""
        before = self.activity
        kind, values = record.kind, record.values
        if kind in (RecordKind.UNIT_ON_SHIFT, RecordKind.UNIT_OFF_SHIFT):
            self._change_shift(record)
        elif kind is RecordKind.STOCK_EMPTY:
            self.empty.add(str(values["stock"]))
        elif kind is RecordKind.STOCK_FILLED:
            self.empty.clear()
        elif kind is RecordKind.UNIT_DEPARTED:
            self._set_out(record, home=values.get("incident") is None)
        elif kind is RecordKind.UNIT_REROUTED:
            # An order given on the road turns the unit round without a new turn-out.
            self._set_out(record, home=self.activity is Activity.RETURNING)
        elif kind is RecordKind.UNIT_ARRIVED:
            self._arrive(record)
        elif kind is RecordKind.AID_ARRIVED:
            self._stand_by(record, Activity.READY)
        elif kind is RecordKind.UNIT_RELEASED and self.incident != values.get("incident"):
            pass  # let go by one incident after another had taken it over
        elif kind in _PLAIN_STEPS:
            self._stand_by(record, _PLAIN_STEPS[kind])
        if self.activity is not before:
            self.since_s = record.time_s

    def _change_shift(self, record: Record) -> None:
        self.on_shift = record.kind is RecordKind.UNIT_ON_SHIFT
        if self.on_shift:
            self.empty.clear()  # a shift begins rested and refilled
        if self.activity not in ASSIGNED and self.activity is not Activity.LOST:
            self._stand_by(record, Activity.READY)

    def _stand_by(self, record: Record, activity: Activity) -> None:
        if self.activity is Activity.RESUPPLYING and activity is not Activity.LOST:
            self.empty.clear()
        self.activity = activity
        if activity is Activity.TURNOUT:
            self.incident = record.values.get("incident")
            return
        self.to, self.arrives_s, self.incident = None, None, None
        self.place = record.place or self.place

    def _set_out(self, record: Record, *, home: bool) -> None:
        self.activity = Activity.RETURNING if home else Activity.TRAVELLING
        self.place = record.place or self.place
        self.to = record.values.get("to")
        travel_s = record.values.get("travel_s")
        self.arrives_s = None if travel_s is None else record.time_s + float(travel_s)
        if home:
            self.incident = None
        elif record.values.get("incident") is not None:
            self.incident = record.values["incident"]

    def _arrive(self, record: Record) -> None:
        self.place, self.to, self.arrives_s = record.place or self.place, None, None
        self.incident = record.values.get("incident")
        # Home again it is not ready yet: rest or resupply may come first, and UNIT_READY says so.
        self.activity = Activity.RETURNING if self.incident is None else Activity.ON_SCENE


def units_of(record: Record) -> Iterator[str]:
    """Name the units a record speaks of: its entity, or the units that came as help."""
    if record.kind in UNIT_KINDS:
        yield record.entity
    elif record.kind is RecordKind.AID_ARRIVED:
        yield from record.values.get("units", ())
