"""What is due, and in which order at one instant: a callback on SimPy's clock, for what needs no process.

A process costs SimPy three events and a generator. What a unit or the posko does next is one callback, and
whoever holds it can cancel it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import simpy
from simpy.events import EventPriority

Action = Callable[[simpy.Event], Any]

AT_ONCE = EventPriority(0)
"""What was begun already and goes on, before anything else of the same instant."""
ORDINARY = EventPriority(1)
"""As every timeout: in the order in which they were written down."""
AFTER_ALL_ELSE = EventPriority(2)
"""A dispatch round: later than everything that ends at the same instant."""
LAST_OF_ALL = EventPriority(3)
"""Telling others what has changed: after the dispatch round."""


class Due(simpy.Event):
    """One thing that will be done at its moment, unless it is cancelled before."""

    _ok = True
    _value = None

    def __init__(self, action: Action) -> None:  # SimPy's own sets up what only processes and conditions read
        self.callbacks = [action]

    def cancel(self) -> None:
        """Let nothing happen; what has happened already stays."""
        if self.callbacks:
            self.callbacks.clear()


def due(env: simpy.Environment, action: Action, delay_s: float = 0.0, order: EventPriority = ORDINARY) -> Due:
    """Do something after a delay, at a point of that instant; it is handed the event.

    Raises ValueError for a negative delay.
    """
    if delay_s < 0:
        raise ValueError(f"Negative delay {delay_s}")
    event = Due(action)
    env.schedule(event, order, delay_s)
    return event
