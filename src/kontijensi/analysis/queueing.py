"""Ordinary calls as queues: how long they waited at the desk and for a unit, and what became of each.

Every call is in exactly one place at the end: answered, waiting (no unit assigned, or none any more), on
scene (a unit is on its way or there), abandoned, or lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kontijensi.analysis.percentiles import Spread, spread
from kontijensi.analysis.responses import Response

CALL = "call"


@dataclass(frozen=True, slots=True)
class Stream:
    """The calls of one stream over a run; the counts add up to `calls`."""

    calls: int
    answered: int
    waiting: int
    abandoned: int
    lost: int
    on_scene: int
    desk_wait: Spread
    """From the report until an operator takes it up [s]."""
    unit_wait: Spread
    """From the approval until a unit is ordered [s]; a call never assigned waits longer than any."""
    in_system: Spread
    """From the onset until it is closed as served [s]."""

    @property
    def blocking(self) -> float | None:
        """Share of the calls that were lost because no unit was free; None without a call."""
        return self.lost / self.calls if self.calls else None


def stream(rows: Iterable[Response]) -> Stream:
    """Return what became of calls."""
    calls = [row for row in rows if row.sort == CALL]
    fates = [_fate(row) for row in calls]
    return Stream(
        calls=len(calls),
        answered=fates.count("answered"),
        waiting=fates.count("waiting"),
        abandoned=fates.count("abandoned"),
        lost=fates.count("lost"),
        on_scene=fates.count("on_scene"),
        desk_wait=spread([row.parts.queueing for row in calls]),
        unit_wait=spread([row.parts.waiting for row in calls]),
        in_system=spread([_served_s(row) for row in calls]),
    )


def streams(rows: Sequence[Response]) -> dict[str, Stream]:
    """Return what became of calls by stream, in the order of the streams' names."""
    names = sorted({str(row.of) for row in rows if row.sort == CALL})
    return {name: stream(row for row in rows if row.of == name) for name in names}


def _fate(row: Response) -> str:
    if row.outcome in {"abandoned", "lost"}:
        return row.outcome
    if row.outcome is not None:
        return "answered"
    return "on_scene" if row.assigned else "waiting"


def _served_s(row: Response) -> float | None:
    served = row.outcome is not None and row.outcome not in {"abandoned", "lost"}
    return row.marks.closed - row.marks.onset if served and row.marks.closed is not None else None
