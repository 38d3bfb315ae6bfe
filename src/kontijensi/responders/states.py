"""What a unit can be doing, on one screen."""

from __future__ import annotations

from enum import StrEnum


class UnitState(StrEnum):
    """The duty cycle of a unit."""

    ABSENT = "absent"  # help that has not come yet
    OFF_SHIFT = "off_shift"
    READY = "ready"
    TURNOUT = "turnout"
    TRAVELLING = "travelling"
    STAGED = "staged"  # on the spot, waiting for the rest of the formation
    ACTING = "acting"
    RETURNING = "returning"
    RESTING = "resting"
    RESUPPLYING = "resupplying"
    LOST = "lost"


AVAILABLE = frozenset({UnitState.READY, UnitState.RETURNING})
"""States from which an order is taken."""
ON_THE_SPOT = frozenset({UnitState.STAGED, UnitState.ACTING})
"""States in which a unit is at its task's place."""
BUSY = frozenset({UnitState.TURNOUT, UnitState.TRAVELLING, *ON_THE_SPOT})
"""States in which a unit has a task."""
