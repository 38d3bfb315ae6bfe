"""Fires: how they grow until they are fought, what it takes to put them out, and what they cost."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from kontijensi.scenario.schema.distributions import Delay, fixed
from kontijensi.scenario.schema.medical import Severities
from kontijensi.scenario.schema.sections import Section, parameter
from kontijensi.vocabulary.words import _

Fuel = Literal["tyres", "vehicle", "building", "ballots"]


class FireStage(Section):
    """One stage of a fire."""

    lasts: Delay
    """Until it grows to the next stage when nobody fights it; the last stage burns out by then."""
    water: Annotated[float, Field(gt=0, le=1e7)]
    """Water that puts it out when the fight begins in this stage, in litres."""
    units: Annotated[int, Field(ge=1, le=100)] = 1
    """Fire units it calls for."""


def _stages() -> list[FireStage]:
    return [
        FireStage(lasts=fixed("5 min"), water=500.0),
        FireStage(lasts=fixed("10 min"), water=3000.0),
        FireStage(lasts=fixed("2 h"), water=12000.0, units=2),
    ]


class Fires(Section):
    """How fires behave. All values are assumed: no source gives rates for them."""

    reported: Delay = Field(default_factory=lambda: fixed("3 min"))
    """From the start of a fire until the posko is told of it (assumed)."""
    priority: Annotated[int, Field(ge=1, le=9)] = 1
    """Lower goes first."""
    stages: Annotated[list[FireStage], Field(min_length=1, max_length=20)] = Field(default_factory=_stages)
    """The stages in order, the smallest first (assumed)."""
    flow_lpm: float = parameter(400.0, unit="L/min", low=1, high=20_000, source="assumed")
    """Water that one unit puts on a fire."""
    materials_lost_at: Annotated[int, Field(ge=1, le=20)] = 2
    """Ballots at the place are lost when their fire reaches this stage (assumed)."""
    burns: float = parameter(0.0, unit="people/h", low=0, high=1000, source="assumed")
    """People burnt by one fire while it burns. Nobody is unless this is set."""
    burn_severity: Severities = {"minor": 0.7, "moderate": 0.2, "severe": 0.1}
    """Shares of the severities among the burnt (assumed)."""
    from_red: float = parameter(0.0, unit="1/h", low=0, high=100, source="assumed")
    """Fires of tyres that a red situation sets at its place. None is unless this is set."""

    @model_validator(mode="after")
    def _growing(self) -> Self:
        water = [stage.water for stage in self.stages]
        if water != sorted(water):
            raise ValueError(_("a later stage cannot need less water than the one before"))
        return self
