"""What a case is, and what it finds: a reading beside the value that was expected."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kontijensi.experiment.verification.trials import Trials

STANDARD_ERRORS = 4.0
"""How many standard errors a mean may lie from what was expected."""
FULL_ERROR_SHARE = 0.01
"""Largest standard error of a full check, as a share of the expected value."""
QUICK_ERROR_SHARE = 0.03
"""The same of a quick check."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean with its standard error."""

    mean: float
    standard_error: float
    n: int
    """Independent stretches of time, or replications, or people, it rests on."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One line of a case: what was expected, what came out, and whether they agree."""

    quantity: str
    expected: float | str
    observed: float | str
    tolerance: float | None
    """Largest difference allowed; None where the two are compared as text."""
    standard_error: float | None = None
    n: int | None = None
    error_limit: float | None = None
    """Largest standard error allowed: a case that proves little does not pass."""

    @property
    def met(self) -> bool:
        """Whether it is near enough, and sure enough."""
        if isinstance(self.expected, str) or isinstance(self.observed, str) or self.tolerance is None:
            return self.expected == self.observed
        if (
            self.standard_error is not None
            and self.error_limit is not None
            and not self.standard_error <= self.error_limit
        ):
            return False
        return abs(self.observed - self.expected) <= self.tolerance


def exact(
    quantity: str, expected: float | str, observed: float | str, tolerance: float | None = 0.0
) -> Reading:
    """Return a reading that leaves nothing to chance; texts have no tolerance."""
    plain = isinstance(expected, str)
    return Reading(quantity, expected, observed, None if plain else tolerance)


def estimated(
    quantity: str, expected: float, found: Estimate, error_share: float, within: float | None = None
) -> Reading:
    """Return a reading of a mean: four standard errors, or `within` where that is narrower."""
    allowed = STANDARD_ERRORS * found.standard_error
    return Reading(
        quantity=quantity,
        expected=expected,
        observed=found.mean,
        tolerance=allowed if within is None else min(allowed, within),
        standard_error=found.standard_error,
        n=found.n,
        error_limit=error_share * abs(expected),
    )


@dataclass(frozen=True, slots=True)
class Case:
    """One thing to verify."""

    name: str
    """Stable: scripts ask for it."""
    title: str
    """English message; pass it through `_` where it is shown."""
    source: str
    """Where the expected values come from."""
    read: Callable[[Trials], Sequence[Reading]]


@dataclass(frozen=True, slots=True)
class Result:
    """What a case came to."""

    case: Case
    readings: tuple[Reading, ...]
    seconds: float
    """How long it took [s]."""
    fault: str | None = None
    """What stopped it; None when nothing did."""

    @property
    def met(self) -> bool:
        """Whether all of it agrees; a case without a reading has shown nothing."""
        return self.fault is None and bool(self.readings) and all(each.met for each in self.readings)
