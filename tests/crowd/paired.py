"""Two courses of conduct on the same crowds: run side by side, seed by seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kontijensi.crowd import CampTraits, Conduct, Ground, Joining, Masses
from kontijensi.scenario.schema.crowd import CrowdParameters

TICK_S = 5.0
MEASURES = ("present", "active", "violent", "acting", "force", "indiscriminate")


@dataclass(frozen=True)
class Setting:
    """One crowd, to be met in several ways."""

    legitimacy: float = 0.65
    people: int = 250
    side_m: float = 40.0
    minutes: int = 45
    enclosed: bool = False
    grievance: float = 1.0


def course(
    setting: Setting, plan: Mapping[int, Conduct], seeds: int, disperse_min: int | None = None
) -> dict[str, NDArray[np.float64]]:
    """Run a plan (minute -> conduct) on `seeds` crowds; returns measures, each of shape (seeds, minutes)."""
    masses = Masses(CrowdParameters(), 1)
    ground = Ground.rectangle(setting.side_m, setting.side_m, enclosed=setting.enclosed)
    slots = [masses.open(ground, [CampTraits(setting.legitimacy)], 10_000 + seed) for seed in range(seeds)]
    for slot in slots:
        masses.join(slot, Joining(0, setting.people, grievance=setting.grievance), at="spread")
    out = {name: np.zeros((seeds, setting.minutes)) for name in MEASURES}
    for minute in range(setting.minutes):
        for slot in slots:
            if minute in plan:
                masses.conduct(slot, plan[minute])
            if minute == disperse_min:
                masses.disperse(slot)
        for _ in range(int(60 / TICK_S)):
            masses.tick(TICK_S)
        for row, slot in enumerate(slots):
            tally = masses.tally(slot)
            for name in MEASURES[:3] + MEASURES[4:]:
                out[name][row, minute] = getattr(tally, name)
            out["acting"][row, minute] = tally.active + tally.violent
    return out


def mean_and_error(difference: NDArray[np.float64]) -> tuple[float, float]:
    """Mean of paired differences and its standard error."""
    return float(difference.mean()), float(difference.std(ddof=1) / np.sqrt(difference.size))
