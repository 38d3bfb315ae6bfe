"""Those who come to harm: how they are found, treated, carried, and admitted to a hospital."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from kontijensi.scenario.schema.distributions import Delay, fixed
from kontijensi.scenario.schema.forms import Share, shares_add_to_one
from kontijensi.scenario.schema.sections import Section, parameter
from kontijensi.vocabulary.words import _

Severity = Literal["minor", "moderate", "severe"]


def _certain(value: Any) -> Any:
    """Read a bare word as the one severity there is: `severity: severe`."""
    return {value: 1.0} if isinstance(value, str) else value


def _some_severity(shares: dict[Severity, float]) -> dict[Severity, float]:
    if not shares:
        raise ValueError(_("name at least one severity"))
    return shares_add_to_one(shares)  # type: ignore[arg-type, return-value]


Severities = Annotated[dict[Severity, Share], BeforeValidator(_certain), AfterValidator(_some_severity)]
"""Shares of the severities among those hurt; a bare word means all of them."""


class Medical(Section):
    """What becomes of casualties. Without this section people are hurt and counted, and nobody is carried.

    The minor are treated on the spot; the moderate and severe are carried to the nearest hospital that
    treats them and has a bed free, under the roads as they are.
    """

    reported: Delay = Field(default_factory=lambda: fixed("3 min"))
    """From an injury until the posko is told of it; at once where a medical unit stands by (assumed)."""
    treatment: Delay = Field(default_factory=lambda: fixed("15 min"))
    """Time that a crew takes to treat one minor casualty on the spot (assumed)."""
    loading: Delay = Field(default_factory=lambda: fixed("10 min"))
    """From reaching a casualty until he is in the vehicle (assumed)."""
    handover: Delay = Field(default_factory=lambda: fixed("10 min"))
    """At the hospital, until he has his bed and the crew is free (assumed)."""
    stay: Delay = Field(default_factory=lambda: fixed("3 d"))
    """How long a casualty keeps his bed (assumed)."""
    patients_per_unit: float = parameter(1.0, unit="people", low=0.1, high=100, source="assumed")
    """One unit that carries is asked for by so many known casualties who must be carried."""
    minor_per_unit: float = parameter(10.0, unit="people", low=0.1, high=1000, source="assumed")
    """One medical unit is asked for by so many known minor casualties when nobody must be carried."""
    most_units: Annotated[int, Field(ge=1, le=1000)] = 10
    """Never ask for more medical units than this at one place (assumed)."""
    priority: dict[Severity, Annotated[int, Field(ge=1, le=9)]] = {"severe": 1, "moderate": 2, "minor": 5}
    """Priority of the call by its worst casualty; lower goes first (assumed). One left out has 5."""
    when_full: Literal["hold", "elsewhere"] = "hold"
    """When no hospital has a bed free: `hold` keeps him in the ambulance at the nearest one until a bed is
    free, the gravest first; `elsewhere` takes him out of the area (both count as turned away)."""
    elsewhere: Delay = Field(default_factory=lambda: fixed("2 h"))
    """How long the ambulance is away when it takes a casualty elsewhere (assumed)."""
