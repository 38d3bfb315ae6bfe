"""Complaints: the legal outlet, with an intake that has only so many hands."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from kontijensi.scenario.schema.distributions import Delay
from kontijensi.scenario.schema.forms import Clock, Duration, Id, Name, Rate, Share
from kontijensi.scenario.schema.sections import Section, parameter
from kontijensi.vocabulary.clock import Weekday
from kontijensi.vocabulary.words import _


class Intake(Section):
    """A place that takes complaints in, such as Bawaslu or Gakkumdu.

    A complaint handled in time takes grievance off its village; one that is late, refused or turned away adds
    to it. First come, first served.
    """

    name: Name | None = None
    """What people call it."""
    handlers: Annotated[int, Field(ge=1, le=10_000)]
    """Complaints that can be handled at once."""
    handling: Delay
    """Working time that one complaint takes."""
    deadline: Duration = 7 * 86400.0
    """A complaint is late when it has not been settled so long after it was filed."""
    opens: Clock | None = None
    """Time of day at which work begins; day and night when left out."""
    closes: Clock | None = None
    """Time of day at which work ends. What is unfinished is taken up again when work begins."""
    weekdays: Annotated[list[Weekday], Field(min_length=1)] | None = None
    """Days on which it works; every day when left out."""
    room: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    """Complaints that may wait; more are turned away. No limit when left out."""
    refused_share: Share = 0.0
    """Share of complaints settled by a refusal, for want of grounds (assumed)."""
    from_tension: dict[Id, Rate] = {}
    """Complaints that a village at level 1 of a tension channel files by itself; fewer in proportion."""
    relieves: dict[Id, Annotated[float, Field(ge=0, le=1)]] = {}
    """By how much one complaint handled in time lowers a channel in its village, as a share (assumed)."""
    embitters: dict[Id, Annotated[float, Field(ge=0, le=1)]] = {}
    """What one that is late, refused or turned away adds to a channel in its village (assumed)."""
    raises_legitimacy: float = parameter(0.0, unit="1", low=0, high=1, source="assumed")
    """By how much one handled in time closes the gap between its village's legitimacy and 1."""
    cuts_legitimacy: float = parameter(0.0, unit="1", low=0, high=1, source="assumed")
    """What one that is late, refused or turned away takes off its village's legitimacy."""

    @model_validator(mode="after")
    def _hours(self) -> Self:
        if (self.opens is None) != (self.closes is None):
            raise ValueError(_("give both `opens` and `closes`, or neither"))
        if self.opens is not None and self.closes is not None and self.closes <= self.opens:
            raise ValueError(_("`closes` must be after `opens`, on the same day"))
        if self.deadline <= 0:
            raise ValueError(_("`deadline` must be above 0"))
        return self


class Outlet(Section):
    """Complaints that people have made instead of gathering."""

    intake: Id
    """Entry in `community.intakes`."""
    takes: float = parameter(0.5, unit="1", low=0, high=1, source="assumed")
    """Share of people who stay away once every complaint of their village was handled in time."""
