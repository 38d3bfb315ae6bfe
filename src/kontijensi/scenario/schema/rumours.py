"""Rumours: what is passed on from one to another, within a village and between villages."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from kontijensi.scenario.schema.forms import Duration, Id, Name
from kontijensi.scenario.schema.sections import Section, parameter
from kontijensi.vocabulary.words import _

KernelForm = Literal["exponential", "gaussian", "power"]
"""How contact falls with distance; each is 37 % of its most at the length given."""


class Rumour(Section):
    """A rumour. Whoever hears and believes it passes it on for a while, and then no more.

    It spreads as a contagion of three states does (Kermack and McKendrick 1927). While nobody clarifies, the
    share z that ever hears it solves z = 1 - exp(-r0 z), wherever villages lie and however they mix.
    """

    name: Name | None = None
    """What people call it."""
    r0: Annotated[
        float,
        Field(
            gt=0,
            le=50,
            json_schema_extra={
                "unit": "people",
                "grade": "assumed",
                "source": "assumed",
                "range": [0, 50],
            },
        ),
    ] = 2.0
    """People whom one teller convinces while nobody has heard it yet. At 1 or below it dies out."""
    tells_for: Duration = 6 * 3600.0
    """How long somebody goes on telling it, on average (assumed)."""
    people: Annotated[int, Field(ge=1, le=1_000_000_000)] | None = None
    """People in each village who can hear it; the village's voters when left out."""
    neighbours_share: float = parameter(0.1, unit="1", low=0, high=1, source="assumed")
    """Share of a person's contacts who live in the villages around, weighed by distance and by people."""
    everywhere_share: float = parameter(0.2, unit="1", low=0, high=1, source="assumed")
    """Share of contacts anywhere in the area, as on social media. The rest live in the same village."""
    spread_km: float = parameter(5.0, unit="km", low=0.1, high=1000, source="assumed")
    """Distance at which contact with villages around falls to 37 %."""
    spread_form: KernelForm = "exponential"
    """How it falls with distance: `exponential`, `gaussian` or `power` (assumed)."""
    raises: dict[Id, Annotated[float, Field(ge=-1, le=1)]] = {}
    """By how much it raises a tension channel in a village where everybody has heard it (assumed)."""
    step: Duration = 15 * 60.0
    """Time step while anybody tells it; how many hear it in the end does not depend on it."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        away = self.neighbours_share + self.everywhere_share
        if away > 1 + 1e-9:
            raise ValueError(
                _("`neighbours_share` and `everywhere_share` add up to {total}, above 1").format(
                    total=round(away, 6)
                )
            )
        if self.tells_for <= 0 or self.step <= 0:
            raise ValueError(_("`tells_for` and `step` must be above 0"))
        return self
