"""Crowds whose course theory knows: the classic rule without cops, least fixed points, and walking."""

from __future__ import annotations

from math import exp
from typing import Any

import numpy as np
import numpy.typing as npt

from kontijensi.crowd.classic import CivilViolence
from kontijensi.crowd.corridor import flow_pmps, walking_time_s
from kontijensi.crowd.thresholds import actors
from kontijensi.crowd.walking import walking_speed
from kontijensi.experiment.verification.controls import mean_of_calls
from kontijensi.experiment.verification.reading import Reading, estimated, exact
from kontijensi.experiment.verification.trials import Trials
from kontijensi.scenario.schema.crowd import CrowdParameters
from kontijensi.vocabulary.words import N_

K, THRESHOLD = 2.3, 0.1
Values = npt.NDArray[np.float64]


# -- the classic rule ----------------------------------------------------------------------------------------


def no_cops_082(trials: Trials) -> list[Reading]:
    """Active share without cops at a legitimacy of 0.82."""
    return _no_cops(trials, 0.82, 0.444444)


def no_cops_080(trials: Trials) -> list[Reading]:
    """Active share without cops at a legitimacy of 0.80."""
    return _no_cops(trials, 0.80, 0.5)


def _no_cops(trials: Trials, legitimacy: float, expected: float) -> list[Reading]:
    side = 100 if trials.quick else 200
    town = CivilViolence(side, side, citizens=0.7, cops=0, legitimacy=legitimacy, seed=trials.seed)
    town.step(3)
    active = town.active_mask
    who_should = town.hardship * (1.0 - legitimacy) > THRESHOLD
    return [
        estimated(N_("active share"), expected, mean_of_calls(active.astype(np.float64)), trials.error_share),
        exact(N_("citizens in the wrong state"), 0, int(np.count_nonzero(active != who_should))),
    ]


# -- least fixed points --------------------------------------------------------------------------------------


def least_fixed_point(trials: Trials) -> list[Reading]:
    """Who is active in the end, everybody in sight of everybody, whatever the order in which they decide."""
    draws = np.random.default_rng(trials.seed)
    hardship, risk = draws.random(800), draws.random(800)
    expected = _least_fixed_point(hardship, risk, legitimacy=0.7, cops=60)
    found = [_settled(hardship, risk, 0.7, 60, seed) for seed in range(12)]
    found.append(_settled(hardship, risk, 0.7, 60, 0, activation="simultaneous"))
    wrong = max(int(np.count_nonzero(mask != expected)) for mask in found)
    return [
        exact(N_("active in the end"), int(expected.sum()), int(found[0].sum())),
        exact(N_("citizens that differ, over 13 orders of activation"), 0, wrong),
        # Without both kinds of citizens in it the comparison would show nothing.
        exact(N_("some are active and some are not"), "yes", "yes" if 0 < expected.sum() < 800 else "no"),
    ]


def _least_fixed_point(hardship: Values, risk: Values, legitimacy: float, cops: int) -> npt.NDArray[np.bool_]:
    """Add, one by one, whoever would act on seeing those who do."""
    active = np.zeros(hardship.size, np.bool_)
    while True:
        arrest_chance = 1.0 - exp(-K * cops / (int(active.sum()) + 1))
        ready = ~active & (hardship * (1.0 - legitimacy) - risk * arrest_chance > THRESHOLD)
        if not ready.any():
            return active
        active[np.flatnonzero(ready)[0]] = True


def _settled(
    hardship: Values, risk: Values, legitimacy: float, cops: int, seed: int, **how: Any
) -> npt.NDArray[np.bool_]:
    """Let a town in which all see all go on until nothing changes any more."""
    side = 30
    town = CivilViolence(
        side, side, citizens=hardship.size, cops=cops, legitimacy=legitimacy, k=K, threshold=THRESHOLD,
        vision=side, vision_shape="square", ratio="raw", arrests=False, movement=False, seed=seed,
        hardship=hardship, risk_aversion=risk, **how,
    )  # fmt: skip
    before = -1
    while town.active != before:
        before = town.active
        town.step(1)
    return town.active_mask


def granovetter(_trials: Trials) -> list[Reading]:
    """A hundred people with thresholds 0 to 99, and what one of them changes."""
    chain = np.arange(100, dtype=np.float64)
    broken = np.where(chain == 1, 2.0, chain)
    return [
        exact(N_("actors, thresholds 0 to 99"), 100, actors(chain)),
        exact(N_("actors, the 1 made a 2"), 1, actors(broken)),
        exact(N_("the same as hardship in the classic rule, 0 to 99"), 100, _as_hardship(chain)),
        exact(N_("the same as hardship in the classic rule, the 1 made a 2"), 1, _as_hardship(broken)),
    ]


def _as_hardship(thresholds: Values) -> int:
    """Count the active when each is as hard up as makes him act on seeing so many others act."""

    def chance(seen: Values) -> Values:
        # One cop for all; nobody has seen fewer than himself.
        return np.where(seen > 0, 1.0 - np.exp(-K / np.maximum(seen, 1.0)), 1.0)

    # Between the chance of arrest with one fewer and with enough.
    hardship = (chance(thresholds) + chance(thresholds + 1.0)) / 2.0
    town = CivilViolence(
        11, 11, citizens=thresholds.size, cops=1, legitimacy=0.0, k=K, threshold=0.0, vision=11,
        vision_shape="square", ratio="raw", arrests=False, movement=False, hardship=hardship,
        risk_aversion=np.ones(thresholds.size),
    )  # fmt: skip
    town.step(thresholds.size + 1)
    return town.active


# -- walking -------------------------------------------------------------------------------------------------


def weidmann(_trials: Trials) -> list[Reading]:
    """Walking speed at a density, and the density at which most people pass."""
    rule = CrowdParameters()
    published = {1.0: 1.058, 2.0: 0.606, 3.0: 0.331}
    names = (N_("speed at 1 /m² [m/s]"), N_("speed at 2 /m² [m/s]"), N_("speed at 3 /m² [m/s]"))

    def speed(density_pm2: float) -> float:
        return float(walking_speed(density_pm2, rule.free_speed_mps, rule.speed_gamma_pm2, rule.jam_pm2))

    grid = np.arange(0.05, 5.4, 0.001)
    flow = flow_pmps(grid, rule)
    return [
        *(
            exact(name, mps, speed(density), 0.0005)
            for name, (density, mps) in zip(names, published.items(), strict=True)
        ),
        exact(N_("speed at 5.4 /m² [m/s]"), 0.0, speed(5.4)),
        exact(N_("highest flow [1/m/s]"), 1.225, float(flow.max()), 0.0005),
        exact(N_("density of the highest flow [1/m²]"), 1.75, float(grid[np.argmax(flow)]), 0.005),
    ]


def corridor(_trials: Trials) -> list[Reading]:
    """One person along an empty corridor of 40 m at 1.33 m/s."""
    return [exact(N_("time along 40 m at 1.33 m/s [s]"), 30.0, walking_time_s(40.0, 1.33), 4.0)]
