"""Wear and tear: a unit gives out by itself after so much driving, or so much duty."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import simpy

from kontijensi.responders.agenda import Due, due
from kontijensi.scenario.schema.force import Breakdown


class Wear:
    """Counts what wears a unit, and tells when it gives out. Times between are exponential.

    `give_out` is called with how long it will be out of action [s].
    """

    def __init__(
        self,
        env: simpy.Environment,
        plan: Breakdown,
        rng: np.random.Generator,
        give_out: Callable[[float], None],
    ) -> None:
        self.of = plan.of
        self._env, self._plan, self._rng, self._give_out = env, plan, rng, give_out
        self._left_s = self._draw()
        self._since_s: float | None = None
        self._due: Due | None = None

    def run(self) -> None:
        """Begin to wear, or go on."""
        if self._since_s is None:
            self._since_s = self._env.now
            self._due = due(self._env, self._worn_out, self._left_s)

    def rest(self) -> None:
        """Stop wearing; what was worn stays so."""
        if self._since_s is not None:
            assert self._due is not None
            self._due.cancel()
            self._left_s -= self._env.now - self._since_s
            self._since_s = None

    def _worn_out(self, _event: simpy.Event) -> None:
        self._since_s, self._left_s = None, self._draw()
        self._give_out(self._plan.lasts.draw(self._rng))

    def _draw(self) -> float:
        return float(self._rng.exponential(self._plan.mean_between))
