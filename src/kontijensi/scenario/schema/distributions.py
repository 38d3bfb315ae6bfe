"""Times and sizes that vary: seven distributions, each written as a short mapping in the scenario.

The forms are those of Law (2015), *Simulation Modeling and Analysis*, chapter 6. A bare value is a fixed one.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from math import log, log1p, sqrt
from typing import TYPE_CHECKING, Annotated, Any, Generic, Literal, Self, TypeVar

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from kontijensi.scenario.schema.forms import Duration
from kontijensi.scenario.schema.sections import Section
from kontijensi.vocabulary.words import _

if TYPE_CHECKING:
    import numpy as np

Quantity = TypeVar("Quantity", bound=float)


class _Varying(Section):
    """What the seven have in common."""

    # Pydantic reads field docstrings from a class's source, and a generic class is made without any.
    model_config = ConfigDict(use_attribute_docstrings=False)


class Fixed(_Varying, Generic[Quantity]):
    """Always the same value."""

    dist: Literal["fixed"]
    value: Quantity

    @property
    def expected(self) -> float:
        """Mean of the distribution."""
        return float(self.value)

    def draw(self, rng: np.random.Generator) -> float:
        """Return the value; the stream is not touched."""
        return float(self.value)


class Exponential(_Varying, Generic[Quantity]):
    """Without memory: many short, a few long."""

    dist: Literal["exponential"]
    mean: Quantity

    @property
    def expected(self) -> float:
        """Mean of the distribution."""
        return float(self.mean)

    def draw(self, rng: np.random.Generator) -> float:
        """Draw one value."""
        return float(rng.exponential(self.mean))


class Lognormal(_Varying, Generic[Quantity]):
    """Skewed to the right, given by its own mean and coefficient of variation."""

    dist: Literal["lognormal"]
    mean: Quantity
    cv: Annotated[float, Field(gt=0, le=10, description="Standard deviation divided by the mean.")]

    @model_validator(mode="after")
    def _positive(self) -> Self:
        _mean_above_zero(self.mean)
        return self

    @property
    def expected(self) -> float:
        """Mean of the distribution."""
        return float(self.mean)

    def draw(self, rng: np.random.Generator) -> float:
        """Draw one value."""
        variance = log1p(self.cv**2)
        return float(rng.lognormal(log(self.mean) - variance / 2, sqrt(variance)))


class Triangular(_Varying, Generic[Quantity]):
    """Between two bounds with a most likely value: an expert's guess."""

    dist: Literal["triangular"]
    low: Quantity
    mode: Quantity
    high: Quantity

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.low <= self.mode <= self.high or self.low == self.high:
            raise ValueError(_("a triangular needs low <= mode <= high, and low below high"))
        return self

    @property
    def expected(self) -> float:
        """Mean of the distribution."""
        return float(self.low + self.mode + self.high) / 3

    def draw(self, rng: np.random.Generator) -> float:
        """Draw one value."""
        return float(rng.triangular(self.low, self.mode, self.high))


class Uniform(_Varying, Generic[Quantity]):
    """Anything between two bounds, equally likely."""

    dist: Literal["uniform"]
    low: Quantity
    high: Quantity

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.low > self.high:
            raise ValueError(_("a uniform needs low not above high"))
        return self

    @property
    def expected(self) -> float:
        """Mean of the distribution."""
        return float(self.low + self.high) / 2

    def draw(self, rng: np.random.Generator) -> float:
        """Draw one value."""
        return float(rng.uniform(self.low, self.high))


class Erlang(_Varying, Generic[Quantity]):
    """A sum of equal exponential stages: steadier than one."""

    dist: Literal["erlang"]
    mean: Quantity
    stages: Annotated[
        int,
        Field(
            ge=1, le=1000, description="Number of stages; the coefficient of variation is 1 over its root."
        ),
    ]

    @model_validator(mode="after")
    def _positive(self) -> Self:
        _mean_above_zero(self.mean)
        return self

    @property
    def expected(self) -> float:
        """Mean of the distribution."""
        return float(self.mean)

    def draw(self, rng: np.random.Generator) -> float:
        """Draw one value."""
        return float(rng.gamma(self.stages, self.mean / self.stages))


class Empirical(_Varying, Generic[Quantity]):
    """One of the values seen, drawn with equal chance or by weight."""

    dist: Literal["empirical"]
    values: Annotated[list[Quantity], Field(min_length=1, max_length=100_000)]
    weights: Annotated[
        list[Annotated[float, Field(ge=0)]] | None,
        Field(description="One weight a value; equal when left out."),
    ] = None

    @model_validator(mode="after")
    def _weighed(self) -> Self:
        if self.weights is not None and (len(self.weights) != len(self.values) or sum(self.weights) <= 0):
            raise ValueError(_("an empirical needs one weight a value, and some weight above 0"))
        return self

    @property
    def expected(self) -> float:
        """Mean of the distribution."""
        weights = self.weights or [1.0] * len(self.values)
        return float(sum(w * v for w, v in zip(weights, self.values, strict=True)) / sum(weights))

    def draw(self, rng: np.random.Generator) -> float:
        """Draw one value."""
        if self.weights is None:
            return float(self.values[int(rng.integers(len(self.values)))])
        cumulated = list(accumulate(self.weights))
        # Rounding may carry the product to the very end.
        at = min(bisect_right(cumulated, rng.random() * cumulated[-1]), len(cumulated) - 1)
        return float(self.values[at])


def _mean_above_zero(mean: float) -> None:
    if mean <= 0:
        raise ValueError(_("the mean must be above 0"))


def _fixed_shorthand(value: Any) -> Any:
    """Read a bare value as a fixed distribution: `turn_out: 5 min`."""
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return {"dist": "fixed", "value": value}
    return value


Delay = Annotated[
    Fixed[Duration]
    | Exponential[Duration]
    | Lognormal[Duration]
    | Triangular[Duration]
    | Uniform[Duration]
    | Erlang[Duration]
    | Empirical[Duration],
    Field(discriminator="dist"),
    BeforeValidator(_fixed_shorthand),
]
"""A time that may vary, in seconds once read."""

Count = Annotated[float, Field(ge=0, le=200_000)]
Size = Annotated[
    Fixed[Count]
    | Exponential[Count]
    | Lognormal[Count]
    | Triangular[Count]
    | Uniform[Count]
    | Erlang[Count]
    | Empirical[Count],
    Field(discriminator="dist"),
    BeforeValidator(_fixed_shorthand),
]
"""A number of people that may vary; rounded when drawn."""


def fixed(text: str) -> Delay:
    """Return the delay that the scenario would write as this text, for defaults."""
    return Fixed[Duration].model_validate({"dist": "fixed", "value": text})
