"""How units spent their time, what they worked beyond their hours, and what they used up.

The states of a unit share out the whole run: their times add up to its length. Assigned means ordered until
released (turn-out, travel, on the spot); the way home is not counted as assigned. On duty are the hours of
the plan in which the unit was there and not out of action, and what it worked beyond them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import fsum
from typing import TYPE_CHECKING

from kontijensi.analysis.timeline import Stretch, timelines
from kontijensi.trace.duty import ASSIGNED, BUSY, Activity
from kontijensi.vocabulary.records import Record, RecordKind
from kontijensi.world.world import World

if TYPE_CHECKING:
    import pandas as pd


class State(StrEnum):
    """What a unit's time goes to."""

    READY = "ready"
    TURNOUT = "turnout"
    TRAVELLING = "travelling"
    ON_SCENE = "on_scene"
    RETURNING = "returning"
    RESTING = "resting"
    RESUPPLYING = "resupplying"
    LOST = "lost"
    ABSENT = "absent"
    OFF_SHIFT = "off_shift"


@dataclass(frozen=True, slots=True)
class UnitTime:
    """The time and stock of one unit over a run."""

    unit: str
    type_id: str
    group: str
    state_s: dict[State, float]
    """Time in each state [s]; the times add up to the length of the run."""
    duty_s: float
    overtime_s: float
    """Worked beyond its hours: assigned or on the way home while off shift [s]."""
    orders: int
    used: dict[str, float]
    """Stock used: irritant in rounds, water in litres."""
    emptied: dict[str, int]
    """How often each stock ran out."""

    @property
    def assigned_s(self) -> float:
        """Time ordered until released [s]."""
        return fsum(self.state_s[State(activity.value)] for activity in sorted(ASSIGNED))

    @property
    def utilisation(self) -> float | None:
        """Time assigned over time on duty; None for a unit never on duty."""
        return self.assigned_s / self.duty_s if self.duty_s > 0 else None


def unit_times(records: Sequence[Record], world: World) -> list[UnitTime]:
    """Return the time and stock of every unit of the fleet, in its order."""
    used: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    emptied: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    orders: dict[str, int] = defaultdict(int)
    for record in records:
        if record.kind is RecordKind.STOCK_USED:
            used[record.entity][record.values["stock"]] += float(record.values["amount"])
        elif record.kind is RecordKind.STOCK_EMPTY:
            emptied[record.entity][record.values["stock"]] += 1
        elif record.kind is RecordKind.UNIT_ORDERED:
            orders[record.entity] += 1
    lines = timelines(records, world)
    return [
        UnitTime(
            unit=unit.id,
            type_id=unit.type_id,
            group=unit.group,
            state_s=_state_times(lines[unit.id]),
            duty_s=_total(s for s in lines[unit.id] if _on_duty(s)),
            overtime_s=_total(s for s in lines[unit.id] if _overtime(s)),
            orders=orders[unit.id],
            used=dict(used[unit.id]),
            emptied=dict(emptied[unit.id]),
        )
        for unit in world.fleet
    ]


def together(units: Iterable[UnitTime]) -> float | None:
    """Return the utilisation of several units: all their time assigned over all their time on duty."""
    rows = list(units)
    duty_s = fsum(row.duty_s for row in rows)
    return fsum(row.assigned_s for row in rows) / duty_s if duty_s > 0 else None


_IDLE = frozenset({Activity.READY, Activity.RESTING, Activity.RESUPPLYING})


def _state(stretch: Stretch) -> State:
    if not stretch.on_shift and stretch.activity in _IDLE:
        return State.OFF_SHIFT
    return State(stretch.activity.value)


def _overtime(stretch: Stretch) -> bool:
    return not stretch.on_shift and stretch.activity in BUSY


def _on_duty(stretch: Stretch) -> bool:
    there = stretch.activity not in (Activity.LOST, Activity.ABSENT)
    return (stretch.on_shift and there) or _overtime(stretch)


def _state_times(line: Sequence[Stretch]) -> dict[State, float]:
    parts: dict[State, list[float]] = {state: [] for state in State}
    for stretch in line:
        parts[_state(stretch)].append(stretch.end_s - stretch.start_s)
    return {state: fsum(lengths) for state, lengths in parts.items()}


def _total(line: Iterable[Stretch]) -> float:
    return fsum(stretch.end_s - stretch.start_s for stretch in line)


def unit_frame(rows: Sequence[UnitTime]) -> pd.DataFrame:
    """Return one row a unit: its time in each state [s], on duty and beyond it, orders, and stock used."""
    import pandas as pd

    stocks = sorted({stock for row in rows for stock in (*row.used, *row.emptied)})
    return pd.DataFrame(
        [
            {
                "unit": row.unit,
                "group": row.group,
                "type": row.type_id,
                "orders": row.orders,
                "duty_s": row.duty_s,
                "assigned_s": row.assigned_s,
                "overtime_s": row.overtime_s,
                "utilisation": row.utilisation,
                **{f"{state}_s": row.state_s[state] for state in State},
                **{f"{stock}_used": row.used.get(stock, 0.0) for stock in stocks},
                **{f"{stock}_emptied": row.emptied.get(stock, 0) for stock in stocks},
            }
            for row in rows
        ]
    )
