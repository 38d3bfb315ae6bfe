"""Those who notice and report. They use no force.

One observer notices a gathering at a rate that grows with its size; so an incident is noticed when its
exposure, the integral of its size over time, reaches a threshold drawn once for each observer. Whoever has
the lowest threshold is first.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Any

import mesa
import numpy as np
import simpy

from kontijensi.scenario.schema.community import Observers as ObserversPlan
from kontijensi.scenario.schema.distributions import Delay

HOUR_S = 3600.0


class Observers(mesa.Agent):
    """The observers of one entry at one place."""

    def __init__(
        self, model: mesa.Model, entry: str, place: int, plan: ObserversPlan, *, signal: bool
    ) -> None:
        super().__init__(model)
        self.entry = entry
        self.place = place
        self.plan = plan
        self.signal = signal
        self.cut_off = 0
        """Number of causes that keep its reports from getting through at present."""
        self.alertness = 1.0
        """Multiplier of noticing from programmes under way."""

    def watches(self, phase: str | None) -> bool:
        """Tell whether they watch in a phase."""
        return self.plan.phases is None or (phase is not None and phase in self.plan.phases)

    @property
    def noticing_per_person_s(self) -> float:
        """Rate at which they notice, per person in the crowd and second."""
        plan = self.plan
        per_s = plan.per_place * plan.detection_per_h / HOUR_S
        return per_s * plan.training * self.alertness / plan.reference_size

    @property
    def way(self) -> Delay | None:
        """How long its reports take now; None where none gets through.

        Where there is no telephone signal they go by radio or runner, if it has any.
        """
        if self.cut_off > 0:
            return None
        return self.plan.report_delay if self.signal else self.plan.no_signal_delay

    def tell(
        self,
        env: simpy.Environment,
        rng: np.random.Generator,
        deliver: Callable[[str | None], None],
        relay_s: float = 0.0,
    ) -> None:
        """Send a report; `deliver` gets the way it came once it arrives, None when it is lost.

        `relay_s` is how long it lies at the desk of another agency on its way.
        """
        delay = self.plan.report_delay if self.signal else self.plan.no_signal_delay
        lost = self.way is None or delay is None or rng.random() < self.plan.lost_share
        delay_s = 0.0 if delay is None else delay.draw(rng)
        env.process(_carry(env, delay_s + relay_s, deliver, None if lost else self.plan.kind.value))


def _carry(
    env: simpy.Environment, delay_s: float, deliver: Callable[[str | None], None], by: str | None
) -> Generator[simpy.Event, Any, None]:
    if delay_s > 0:
        yield env.timeout(delay_s)
    deliver(by)


@dataclass(slots=True)
class Watch:
    """The noticing of one incident: who would notice it at which exposure [person s], soonest first."""

    waiting: list[tuple[float, Observers]] = field(default_factory=list)
    exposure: float = 0.0

    def pass_time(self, dt_s: float, size: float) -> Observers | None:
        """Let time pass with so many people there; return whoever notices, at most one at a time."""
        self.exposure += dt_s * size
        if self.waiting and self.waiting[-1][0] <= self.exposure:
            return self.waiting.pop()[1]
        return None

    def watch_on(self, observer: Observers, rng: np.random.Generator) -> None:
        """Let an observer whose report was lost notice anew, where a report can get through at all."""
        if (
            observer.signal or observer.plan.no_signal_delay is not None
        ) and observer.noticing_per_person_s > 0:
            due = self.exposure + float(rng.exponential()) / observer.noticing_per_person_s
            self.waiting.append((due, observer))
            self.waiting.sort(key=lambda pair: -pair[0])


def watch(observers: list[Observers], rng: np.random.Generator) -> Watch:
    """Draw when each of the observers would notice."""
    thresholds = []
    for observer in observers:
        rate = observer.noticing_per_person_s
        drawn = float(rng.exponential())
        if rate > 0:
            thresholds.append((drawn / rate, observer))
    thresholds.sort(key=lambda pair: -pair[0])
    return Watch(thresholds)
