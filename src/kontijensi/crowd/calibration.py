"""Fitting two numbers of the rule to what was seen at one place, and saying what the fit cannot tell.

The two numbers are tried on a grid, each pair on the same crowds (common random numbers). A pair's misfit is
the chi-square of the observed counts, with the observer's error and the crowds' own spread as the variance;
every pair within `AS_GOOD` of the best is as good as the best as far as these observations can tell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from kontijensi.crowd.conduct import CampTraits, Conduct, Joining, Tally
from kontijensi.crowd.ground import Ground
from kontijensi.crowd.masses import Masses
from kontijensi.scenario.schema.crowd import CrowdParameters
from kontijensi.vocabulary.words import _, shown

Measure = Literal["present", "acting", "violent"]
AS_GOOD: Final = 2.3
"""Rise of chi-square that bounds the 68 % region of two parameters."""
OF_THE_CROWD: Final = ("legitimacy", "grievance")
"""What may be fitted besides the parameters of the rule."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """What was seen: counts of one kind of people at some minutes after the start."""

    minutes: tuple[int, ...]
    counts: tuple[float, ...]
    measure: Measure = "present"
    error: float = 1.0
    """Standard error of the observer's counts [persons]."""

    def __post_init__(self) -> None:
        """Refuse what is not a timeline."""
        if not self.minutes or len(self.minutes) != len(self.counts) or min(self.minutes) < 1:
            msg = _("Timeline: {minutes} minutes from 1 on and {counts} counts; give as many").format(
                minutes=len(self.minutes), counts=len(self.counts)
            )
            raise ValueError(msg)
        if not self.error > 0.0:
            msg = _("Timeline.error: {value}; give more than 0 persons").format(value=shown(self.error))
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class Case:
    """What is known about the gathering and is not fitted."""

    ground: Ground
    arrivals: Mapping[int, Joining]
    """Who comes, by minute."""
    legitimacy: float = 0.7
    conduct: Mapping[int, Conduct] | None = None
    """What responders do, by minute; None is nobody there."""
    rule: CrowdParameters = field(default_factory=CrowdParameters)
    tick_s: float = 5.0


@dataclass(frozen=True, slots=True)
class Fit:
    """How well each pair of values agrees with what was seen."""

    names: tuple[str, str]
    values: tuple[tuple[float, ...], tuple[float, ...]]
    misfit: NDArray[np.float64]
    """Chi-square of each pair, shape (n_first, n_second)."""

    @property
    def best(self) -> dict[str, float]:
        """Return the pair that agrees best."""
        first, second = np.unravel_index(int(self.misfit.argmin()), self.misfit.shape)
        return {self.names[0]: self.values[0][first], self.names[1]: self.values[1][second]}

    @property
    def as_good(self) -> NDArray[np.bool_]:
        """Mark the pairs that these observations cannot tell from the best, shape (n_first, n_second)."""
        good: NDArray[np.bool_] = self.misfit <= self.misfit.min() + AS_GOOD
        return good

    @property
    def ranges(self) -> dict[str, tuple[float, float]]:
        """Range of each number over the pairs that are as good as the best."""
        good = self.as_good
        out = {}
        for axis, name in enumerate(self.names):
            kept = np.asarray(self.values[axis])[good.any(axis=1 - axis)]
            out[name] = (float(kept.min()), float(kept.max()))
        return out

    def cannot_tell(self) -> list[str]:
        """Say in sentences what the observations leave open."""
        said = []
        good = self.as_good
        for axis, name in enumerate(self.names):
            low, high = self.ranges[name]
            tried = self.values[axis]
            open_all = _("{name}: every value tried, from {low:g} to {high:g}, agrees with what was seen")
            open_end = _("{name}: the best values reach the end of the grid; try beyond {low:g} to {high:g}")
            if (low, high) == (tried[0], tried[-1]):
                said.append(open_all.format(name=name, low=low, high=high))
            elif low == tried[0] or high == tried[-1]:
                said.append(open_end.format(name=name, low=low, high=high))
        rows, columns = np.nonzero(good)
        if np.unique(rows).size > 1 and np.unique(columns).size > 1:
            turn = float(np.corrcoef(rows, columns)[0, 1])
            if abs(turn) > 0.6:
                rises = _("{first} and {second} only together: one fits if the other rises with it")
                falls = _("{first} and {second} only together: one fits if the other falls with it")
                said.append((rises if turn > 0 else falls).format(first=self.names[0], second=self.names[1]))
        if self.misfit.min() > 4.0 * len(self.names) + 4.0:
            said.append(_("no pair agrees with what was seen: what is fitted is not what was wrong"))
        return said


def _count(tally: Tally, measure: Measure) -> int:
    return {"present": tally.present, "acting": tally.active + tally.violent, "violent": tally.violent}[
        measure
    ]


def play(case: Case, seen: Timeline, changed: Mapping[str, float], seeds: int) -> NDArray[np.float64]:
    """Play a case with some numbers changed; returns counts at the observed minutes, (seeds, n_minutes)."""
    ours = {name: value for name, value in changed.items() if name not in OF_THE_CROWD}
    masses = Masses(CrowdParameters.model_validate({**case.rule.model_dump(), **ours}), 1)
    traits = [CampTraits(changed.get("legitimacy", case.legitimacy))]
    slots = [masses.open(case.ground, traits, 1000 + seed) for seed in range(seeds)]
    out = np.zeros((seeds, len(seen.minutes)))
    for minute in range(max(seen.minutes)):
        for slot in slots:
            if minute in case.arrivals:
                party = case.arrivals[minute]
                scale = changed.get("grievance", party.grievance)
                masses.join(slot, replace(party, grievance=scale))
            if case.conduct and minute in case.conduct:
                masses.conduct(slot, case.conduct[minute])
        for _tick in range(round(60.0 / case.tick_s)):
            masses.tick(case.tick_s)
        for column, when in enumerate(seen.minutes):
            if when == minute + 1:
                out[:, column] = [_count(masses.tally(slot), seen.measure) for slot in slots]
    return out


def fit(case: Case, seen: Timeline, grid: Mapping[str, Sequence[float]], seeds: int = 12) -> Fit:
    """Try every pair of values of two numbers against a timeline.

    `grid` names two of `legitimacy`, `grievance` and the fields of `CrowdParameters`, with the values to
    try.
    """
    known = {*OF_THE_CROWD, *CrowdParameters.model_fields} - {"ratio"}
    unknown = sorted(set(grid) - known)
    if len(grid) != 2 or unknown:
        msg = _("fit: {given}; name two of legitimacy, grievance and crowd parameters").format(
            given=shown(", ".join(grid))
        )
        raise ValueError(msg)
    (first, firsts), (second, seconds) = ((name, tuple(sorted(values))) for name, values in grid.items())
    observed = np.array(seen.counts, np.float64)
    misfit = np.zeros((len(firsts), len(seconds)))
    for (i, one), (j, other) in product(enumerate(firsts), enumerate(seconds)):
        counts = play(case, seen, {first: one, second: other}, seeds)
        spread = counts.var(axis=0, ddof=1) * (1.0 + 1.0 / seeds)
        misfit[i, j] = ((observed - counts.mean(axis=0)) ** 2 / (seen.error**2 + spread)).sum()
    return Fit((first, second), (firsts, seconds), misfit)
