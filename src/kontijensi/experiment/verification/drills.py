"""Cases that leave nothing to chance: a drill worked out on paper, a grid of roads, and the statistics."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from statistics import fmean, stdev

import numpy as np

from kontijensi.analysis.coverage import coverage
from kontijensi.analysis.responses import Response, responses
from kontijensi.experiment.confidence import paired_difference, running_half_width
from kontijensi.experiment.verification.manhattan import manhattan_means
from kontijensi.experiment.verification.reading import Reading, exact
from kontijensi.experiment.verification.trials import Trials, world_of
from kontijensi.vocabulary.words import N_

MINUTE_S = 60.0
ROUNDING = 1e-9
SIX_DECIMALS = 5e-7
"""Largest difference from a value given with six decimals."""


# -- the hand trace ------------------------------------------------------------------------------------------


def hand_trace(trials: Trials) -> list[Reading]:
    """The drill on a 3x3 grid, second by second."""
    world, log = trials.records("hand-trace")
    rows = {row.incident: row for row in responses(log, world)}
    by_hand = {
        "call-1": (N_("call A: unit, dispatched, arrives, clears, response [min]"), "U1 2 4 14 4"),
        "call-2": (N_("call B: unit, dispatched, arrives, clears, response [min]"), "U2 4 6 16 5"),
        "call-3": (N_("call C: unit, dispatched, arrives, clears, response [min]"), "U1 14 16 26 14"),
        "call-4": (N_("call D: unit, dispatched, arrives, clears, response [min]"), "U2 16 18 28 15"),
    }
    near = coverage(log, world)["near"]
    steps = " ".join(
        f"{_minutes(t_s)}:{round(9 * share)}/9" for t_s, share in zip(near.time_s, near.share, strict=True)
    )
    every = list(rows.values())
    return [
        *(exact(words, line, _told(rows.get(call))) for call, (words, line) in by_hand.items()),
        exact(N_("mean response [min]"), 9.5, _mean_min([row.response_s for row in every])),
        exact(N_("mean wait at the desk [min]"), 1.5, _mean_min([row.parts.queueing for row in every])),
        exact(N_("mean wait for a unit [min]"), 4.0, _mean_min([row.parts.waiting for row in every])),
        exact(N_("share of places in reach, from minute"), "0:9/9 2:6/9 4:0/9 26:6/9 28:9/9", steps),
        exact(N_("share of places in reach, over 30 min"), 0.222222, _known(near.average()), SIX_DECIMALS),
    ]


def _told(row: Response | None) -> str:
    if row is None:
        return "-"
    marks = (row.marks.dispatched, row.marks.first_arrival, row.marks.closed, row.response_s)
    return " ".join([str(row.unit), *(_minutes(t_s) for t_s in marks)])


def _minutes(seconds: float | None) -> str:
    return "-" if seconds is None else f"{seconds / MINUTE_S:g}"


def _mean_min(seconds: Sequence[float | None]) -> float:
    return fmean(map(_known, seconds)) / MINUTE_S


def _known(value: float | None) -> float:
    """What is not there agrees with nothing."""
    return float("nan") if value is None else value


# -- roads ---------------------------------------------------------------------------------------------------


def grid_roads(trials: Trials) -> list[Reading]:
    """Travel times over a grid, and over Manhattan where its files are at hand."""
    world = world_of("hand-trace")
    total_min = sum(float(world.roads.times_from(place).sum()) for place in range(9)) / MINUTE_S
    readings = [exact(N_("all pairs of a 3x3 grid [min]"), 144.0, total_min, ROUNDING)]
    if trials.manhattan is not None:
        first, second = manhattan_means(trials.manhattan)
        readings += [
            exact(N_("mean travel over Manhattan, mode 1 [min]"), 8.831852, first, SIX_DECIMALS),
            exact(N_("mean travel over Manhattan, mode 2 [min]"), 11.775803, second, SIX_DECIMALS),
        ]
    return readings


# -- statistics ----------------------------------------------------------------------------------------------

TEN = (12.1, 9.8, 11.4, 10.3, 12.9, 8.7, 10.0, 11.8, 9.1, 10.6)
STUDENT_975 = (
    12.7062047361747, 4.30265272974946, 3.18244630528371, 2.77644510519779, 2.57058183563631,
    2.44691185114497, 2.36462425159278, 2.30600413520417, 2.26215716279820,
)  # fmt: skip
"""Printed 97.5 % points of Student's distribution with 1 to 9 degrees of freedom."""


def half_width(_trials: Trials) -> list[Reading]:
    """Running half-widths of ten numbers against the textbook's formula and a printed table."""
    by_hand = [STUDENT_975[n - 2] * stdev(TEN[:n]) / sqrt(n) for n in range(2, len(TEN) + 1)]
    found = running_half_width(TEN)
    gaps = [abs(_known(b) - a) for a, b in zip(by_hand, found[1:], strict=True)]
    return [
        exact(N_("half-width after ten replications"), by_hand[-1], float(found[-1] or 0.0), ROUNDING),
        exact(N_("largest difference from the hand calculation"), 0.0, float(np.max(gaps)), ROUNDING),
    ]


def same_scenario(trials: Trials) -> list[Reading]:
    """Rehearse a scenario twice with the same seed: nothing differs, to the last bit."""
    first, second = _waits_min(trials.seed), _waits_min(trials.seed)
    found = paired_difference(first, second)
    return [
        exact(N_("mean difference of a scenario from itself"), 0.0, found.mean),
        exact(N_("variance of the difference"), 0.0, found.variance),
        exact(N_("replications that differ from each other"), 5, len(set(first))),
    ]


def _waits_min(seed: int) -> list[float]:
    """Mean wait in each of five replications."""
    # Runs of their own each time, or a run would be compared with itself and not with its repetition.
    tables = Trials(seed=seed).calls("mm4", 5, "2 d", {"horizon": "2 d"})
    return [float(np.nanmean(table.wait_min)) for table in tables]
