"""The posko's desk: operators who take reports one at a time, in the order in which they came."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Generic, TypeVar

import simpy

from kontijensi.responders.agenda import due

Report = TypeVar("Report")


class Desk(Generic[Report]):
    """First come, first served, by so many operators.

    `take_up` is called when an operator turns to a report and returns how long it will take [s]; `handled`
    when it is done.
    """

    def __init__(
        self,
        env: simpy.Environment,
        operators: int,
        take_up: Callable[[Report], float],
        handled: Callable[[Report], None],
    ) -> None:
        self._env = env
        self._idle = operators
        self._take_up, self._handled = take_up, handled
        self._queue: deque[Report] = deque()

    def take(self, report: Report) -> None:
        """Take in a report: to an operator who is idle, or to the end of the queue."""
        if self._idle > 0:
            self._idle -= 1
            due(self._env, partial(self._begin, report))
        else:
            self._queue.append(report)

    def _begin(self, report: Report, _event: simpy.Event) -> None:
        handling_s = self._take_up(report)
        if handling_s > 0:
            due(self._env, partial(self._end, report), handling_s)
        else:
            self._end(report)

    def _end(self, report: Report, _event: simpy.Event | None = None) -> None:
        if self._queue:
            due(self._env, partial(self._begin, self._queue.popleft()))
        else:
            self._idle += 1
        self._handled(report)
