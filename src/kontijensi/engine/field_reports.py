"""Reports of those on the spot: late, by a runner without signal, waiting while the channel is lost."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable

from kontijensi.responders.surroundings import Surroundings

Deliver = Callable[[], object]


class FieldReports:
    """Carries reports from units and posts to the posko."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._lost: Counter[int] = Counter()
        self._held: defaultdict[int, list[Deliver]] = defaultdict(list)

    def send(self, place: int, deliver: Deliver, decision: str = "command.field_report") -> None:
        """Carry a report from a place; `deliver` is called when it gets through."""
        plan, world = self._around.world.scenario.command, self._around.world
        delay = plan.field_report
        if plan.no_signal_report is not None and not world.places.entries[place].signal:
            delay = plan.no_signal_report
        timeout = self._around.env.timeout(delay.draw(self._around.streams.of(decision)))
        assert timeout.callbacks is not None
        timeout.callbacks.append(lambda _event: self._get_through(place, deliver))

    def lose(self, place: int) -> None:
        """Let nothing get through from a place until as many `restore` have come."""
        self._lost[place] += 1

    def restore(self, place: int) -> None:
        """Let what has waited at a place get through, unless the channel is lost for another cause too."""
        self._lost[place] -= 1
        if self._lost[place] == 0:
            for deliver in self._held.pop(place, []):
                deliver()

    def _get_through(self, place: int, deliver: Deliver) -> None:
        if self._lost[place] > 0:
            self._held[place].append(deliver)
        else:
            deliver()
