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

PROGRESS_STEPS = 512
"""Events from one telling of the progress to the next."""


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


class Clock(simpy.Environment):
    """SimPy's clock. Its time is a plain attribute besides: it is read five times an event."""

    def __init__(self) -> None:
        super().__init__(0.0)
        self.now_s = 0.0
        """Simulated time [s]."""
        self.steps = 0
        """Events so far of `pass_time`."""
        self._stopped = False

    def step(self) -> None:
        """Process the next event. Raises simpy.core.EmptySchedule when there is none."""
        self.now_s = self.peek()
        super().step()

    def stop(self) -> None:
        """Let `pass_time` end with this event."""
        self._stopped = True

    def pass_time(self, end_s: float, progress: Callable[[float], None] | None = None) -> None:
        """Take one event after another, all that are due before the end.

        `progress` is called now and then with the time [s].
        """
        peek, step, steps = self.peek, super().step, self.steps
        while not self._stopped and (now_s := peek()) < end_s:
            self.now_s = now_s
            step()
            steps += 1
            if progress is not None and steps % PROGRESS_STEPS == 0:
                progress(now_s)
        self.steps = steps


def due(env: simpy.Environment, action: Action, delay_s: float = 0.0, order: EventPriority = ORDINARY) -> Due:
    """Do something after a delay, at a point of that instant; it is handed the event.

    Raises ValueError for a negative delay.
    """
    if delay_s < 0:
        raise ValueError(f"Negative delay {delay_s}")
    event = Due(action)
    env.schedule(event, order, delay_s)
    return event
