"""The calls of one run as columns, kept from the log as it is written; complaints and beds count too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import nan

import numpy as np
import numpy.typing as npt

from kontijensi.vocabulary.records import Record, RecordKind

MINUTE_S = 60.0
BEDS = "beds"
"""Stream of the casualties who ask for a hospital's bed; it has them on the spot for as long as they stay."""
Column = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class CallTable:
    """Every call of a run in the order in which they came; columns have shape (n_calls,), times in minutes.

    What had not happened by the end of the run is nan.
    """

    horizon_min: float
    stream: npt.NDArray[np.str_]
    """Stream of calls."""
    unit: npt.NDArray[np.str_]
    """Who was sent, '' for nobody."""
    lost: npt.NDArray[np.bool_]
    onset_min: Column
    wait_min: Column
    """From the approval until a unit was ordered."""
    on_scene_min: Column
    """From the formation until it was under control, less the time in which it stood still."""
    in_system_min: Column
    """From the onset until it was closed."""
    held_min: Column
    """From the order until the unit was let go."""
    given_up: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        """Return how many calls came."""
        return len(self.onset_min)

    def only(self, stream: str) -> CallTable:
        """Return the calls of one stream."""
        mine = self.stream == stream
        return CallTable(
            self.horizon_min, self.stream[mine], self.unit[mine], self.lost[mine], self.onset_min[mine],
            self.wait_min[mine], self.on_scene_min[mine], self.in_system_min[mine], self.held_min[mine],
            self.given_up[mine],
        )  # fmt: skip


class _Call:
    """The marks of one call [s]."""

    __slots__ = (
        "approved",
        "closed",
        "controlled",
        "formed",
        "given_up",
        "lost",
        "of",
        "onset",
        "ordered",
        "released",
        "still",
        "unit",
    )

    def __init__(self, of: str, onset: float) -> None:
        self.of, self.onset = of, onset
        self.approved = self.ordered = self.formed = self.controlled = self.closed = self.released = nan
        self.unit, self.lost, self.given_up, self.still = "", False, False, 0.0


class CallSink:
    """A sink that keeps the marks of calls and nothing else, so that long runs stay small."""

    def __init__(self) -> None:
        self._calls: dict[str, _Call] = {}

    def __call__(self, record: Record) -> None:
        """Take in one record."""
        calls, t_s = self._calls, record.time_s
        match record.kind:
            case RecordKind.INCIDENT_OPENED:
                calls[record.entity] = _Call(record.values["of"], t_s)
            case RecordKind.INCIDENT_APPROVED:
                calls[record.entity].approved = t_s
            case RecordKind.UNIT_ORDERED:
                call = calls[record.values["incident"]]
                call.ordered, call.unit = t_s, record.entity
            case RecordKind.INCIDENT_FORMED:
                calls[record.entity].formed = t_s
            case RecordKind.INCIDENT_INTERRUPTED | RecordKind.INCIDENT_RESUMED:
                begins = record.kind is RecordKind.INCIDENT_INTERRUPTED
                calls[record.entity].still += -t_s if begins else t_s
            case RecordKind.INCIDENT_CONTROLLED:
                calls[record.entity].controlled = t_s - calls[record.entity].still
            case RecordKind.INCIDENT_CLOSED:
                calls[record.entity].closed = t_s
                calls[record.entity].lost = record.values["outcome"] == "lost"
                calls[record.entity].given_up = record.values["outcome"] == "abandoned"
            case RecordKind.UNIT_RELEASED:
                calls[record.values["incident"]].released = t_s
            case RecordKind.COMPLAINT_FILED:
                call = calls[record.entity] = _Call(record.values["intake"], t_s)
                call.approved = t_s
            case RecordKind.COMPLAINT_TAKEN_UP:
                call = calls[record.entity]
                call.ordered = call.formed = t_s
                call.unit = record.values["intake"]
            case RecordKind.COMPLAINT_SETTLED:
                call = calls[record.entity]
                call.controlled = call.closed = call.released = t_s

            case _:
                self._take_bed(record)

    def _take_bed(self, record: Record) -> None:
        """Take in a record of a casualty, to whom a bed is what a unit is to a call."""
        calls, t_s = self._calls, record.time_s
        match record.kind:
            case RecordKind.CASUALTY_LOADED:
                calls[record.entity] = _Call(BEDS, t_s)
            case RecordKind.CASUALTY_TURNED_AWAY:
                calls[record.entity].lost = True
            case RecordKind.CASUALTY_ADMITTED:
                calls[record.entity].formed = t_s
            case RecordKind.CASUALTY_DISCHARGED:
                calls[record.entity].controlled = t_s

    def table(self, horizon_s: float) -> CallTable:
        """Return the calls seen so far as columns."""
        calls = list(self._calls.values())

        def minutes(end: str, start: str) -> Column:
            return _column([getattr(call, end) - getattr(call, start) for call in calls])

        return CallTable(
            horizon_min=horizon_s / MINUTE_S,
            stream=np.array([call.of for call in calls], dtype=np.str_),
            unit=np.array([call.unit for call in calls], dtype=np.str_),
            lost=np.array([call.lost for call in calls], dtype=np.bool_),
            onset_min=_column([call.onset for call in calls]),
            wait_min=minutes("ordered", "approved"),
            on_scene_min=minutes("controlled", "formed"),
            in_system_min=minutes("closed", "onset"),
            held_min=minutes("released", "ordered"),
            given_up=np.array([call.given_up for call in calls], dtype=np.bool_),
        )


def _column(seconds: Sequence[float]) -> Column:
    return np.array(seconds, dtype=np.float64) / MINUTE_S
