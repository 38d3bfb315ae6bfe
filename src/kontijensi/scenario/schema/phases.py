"""When it happens: the election's phases, in order."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from kontijensi.scenario.schema.area import PlaceKind
from kontijensi.scenario.schema.forms import Duration, Id, LocalTime, Name
from kontijensi.scenario.schema.sections import Choice, Section
from kontijensi.vocabulary.words import _


class PhaseKind(Choice):
    """What a phase is, as the report groups it."""

    REGISTRATION = "registration"
    CAMPAIGN = "campaign"
    QUIET = "quiet"
    VOTING = "voting"
    COUNTING = "counting"
    TABULATION = "tabulation"
    OTHER = "other"


class Drift(Section):
    """Where a tension channel is drawn to while the phase lasts."""

    toward: Annotated[float, Field(ge=0, le=1)]
    """Level it approaches."""
    over: Duration
    """Time constant of the approach: after this long, 63 % of the way is done (assumed)."""

    @model_validator(mode="after")
    def _takes_time(self) -> Self:
        if self.over <= 0:
            raise ValueError(_("the time constant must be above 0"))
        return self


class Phase(Section):
    """One phase of the election."""

    name: Name | None = None
    """What people call it; the id when left out."""
    kind: PhaseKind
    """What it is: `registration`, `campaign`, `quiet`, `voting`, `counting`, `tabulation` or `other`."""
    start: LocalTime
    """When it begins, on the area's own clock."""
    end: LocalTime
    """When it ends; must be after its start, and not after the next phase's start."""
    exposes: list[PlaceKind] = []
    """Kinds of places at work in this phase. What stops there counts as voting or counting interrupted."""
    drift: dict[Id, Drift] = {}
    """Where each tension channel is drawn to during this phase."""

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.end <= self.start:
            raise ValueError(
                _("ends at {end}, which is not after its start {start}").format(
                    end=f"{self.end:%Y-%m-%d %H:%M}", start=f"{self.start:%Y-%m-%d %H:%M}"
                )
            )
        return self
