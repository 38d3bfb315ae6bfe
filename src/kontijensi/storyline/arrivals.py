"""Arrivals by chance: a Poisson process with a rate by the hour, by thinning (Lewis and Shedler 1979)."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from typing import Any

import numpy as np
import simpy

from kontijensi.scenario.schema.storyline import HourlyRate
from kontijensi.world.world import World

HOUR_S = 3600.0


def arrivals(
    env: simpy.Environment,
    world: World,
    rate: float | HourlyRate,
    phases: Sequence[str] | None,
    rng: np.random.Generator,
    happen: Callable[[], None],
) -> Generator[simpy.Event, Any, None]:
    """Call `happen` at random moments at this rate [1/s], in these phases only."""
    top = rate if isinstance(rate, float) else max(rate.by_hour)
    spans = _spans(world, phases)
    for start_s, end_s in spans:
        if start_s > env.now:
            yield env.timeout(start_s - env.now)
        while True:
            gap_s = float(rng.exponential(1.0 / top))
            if env.now + gap_s >= end_s:
                break
            yield env.timeout(gap_s)
            if isinstance(rate, float) or rng.random() * top < rate_at(world, rate, env.now):
                happen()
        if end_s > env.now:
            yield env.timeout(end_s - env.now)


def rate_at(world: World, rate: HourlyRate, t_s: float) -> float:
    """Rate in the hour of a moment [1/s]."""
    hour = int(world.calendar.second_of_day(t_s) // HOUR_S)
    return rate.by_hour[hour] if hour < len(rate.by_hour) else 0.0


def _spans(world: World, phases: Sequence[str] | None) -> list[tuple[float, float]]:
    if phases is None:
        return [(0.0, world.horizon_s)]
    return [
        (max(phase.start_s, 0.0), min(phase.end_s, world.horizon_s))
        for phase in world.phases
        if phase.id in phases and phase.start_s < world.horizon_s
    ]
