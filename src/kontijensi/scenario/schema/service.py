"""Ordinary calls that keep units busy, and the standards that cover and response are held to."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from kontijensi.scenario.schema.area import PlaceChoice, PlaceWeight
from kontijensi.scenario.schema.distributions import Delay
from kontijensi.scenario.schema.force import Capability, Colour
from kontijensi.scenario.schema.forms import Duration, Id, LocalTime, Name, Share
from kontijensi.scenario.schema.medical import Severity
from kontijensi.scenario.schema.sections import Section
from kontijensi.scenario.schema.storyline import Occurrence
from kontijensi.vocabulary.words import _


class KnownCall(Section):
    """One call whose moment and place are given."""

    at: LocalTime | None = None
    """When it comes in, by date and time."""
    after: Duration | None = None
    """When it comes in, counted from the start of the run."""
    place: Id
    """Where it is."""

    @model_validator(mode="after")
    def _timed(self) -> Self:
        if (self.at is None) == (self.after is None):
            raise ValueError(_("give either `at` or `after`, and only one of them"))
        return self


class Calls(Section):
    """A stream of ordinary calls. Give a `rate`, or the calls one by one in `known`."""

    name: Name | None = None
    """What people call them."""
    rate: Occurrence | None = None
    """How often they come, over all places together."""
    known: Annotated[list[KnownCall], Field(max_length=1_000_000)] = []
    """Calls whose moment is given."""
    places: PlaceChoice = PlaceChoice()
    """Where they come from."""
    weigh_by: PlaceWeight = "equal"
    """Which places call more: `equal`, `voters`, `weight`, `zone` or `tension`."""
    needs: Annotated[dict[Capability, Annotated[int, Field(ge=1, le=100)]], Field(min_length=1)] = {
        Capability.PATROL: 1
    }
    """Units by capability."""
    on_scene: Delay
    """Time on the spot once all that is needed is there."""
    priority: Annotated[int, Field(ge=1, le=9)] = 5
    """Lower goes first; equal priorities in order of arrival."""
    preference: dict[Id, list[Id]] = {}
    """For calls from a place: roster entries as they are tried. Else the dispatch policy decides."""
    patience: Delay | None = None
    """A call not yet assigned is given up after this long; it waits for ever when left out."""
    interrupted: Literal["resume", "restart"] = "resume"
    """When a unit is taken from the spot (`command.preempt`) or lost there, the time on the spot stands still
    until the formation is complete again; then what was left of it goes on, or it begins anew."""
    lost_when_busy: bool = False
    """True: a call that finds no suitable unit free is lost at once."""
    through_desk: bool = True
    """False: calls reach the dispatcher without an operator's time."""
    phases: list[Id] | None = None
    """Phases in which they come; all the time when left out."""
    transport: Literal["hospital"] | None = None
    """`hospital`: each call is about one casualty, who is carried there after the time on the spot."""
    severity: Severity = "moderate"
    """How badly that casualty is hurt."""

    @model_validator(mode="after")
    def _from_somewhere(self) -> Self:
        if self.rate is None and not self.known:
            raise ValueError(_("give a `rate`, or the calls one by one in `known`"))
        if self.transport is not None and Capability.MEDICAL not in self.needs:
            raise ValueError(_("`transport` needs a medical unit: add `medical` to `needs`"))
        return self


class Standard(Section):
    """A promise of cover: so many units with a capability within so much time of every place."""

    name: Name | None = None
    """What people call it."""
    capability: Capability
    """What the units must be able to do."""
    units: Annotated[int, Field(ge=1, le=100)] = 1
    """How many of them."""
    within: Duration
    """Mean turn-out plus travel takes at most this long."""
    places: PlaceChoice = PlaceChoice()
    """Places that it holds for."""
    weigh_by: Literal["equal", "voters", "weight", "zone"] = "equal"
    """Weight of a place in the coverage share."""
    phases: list[Id] | None = None
    """Phases in which it holds; all the time when left out."""


class ResponseTarget(Section):
    """A promise of response."""

    within: Duration
    """Time allowed."""
    share: Share = 0.9
    """Share of the incidents for which it is promised."""
    measure: Literal["response", "effective_response"] = "response"
    """`response`: first arrival after the report. `effective_response`: formation after the onset."""
    colours: list[Colour] | None = None
    """Colours it holds for; with none of `colours`, `calls` and `sorts`, all incidents."""
    calls: list[Id] | None = None
    """Streams of calls it holds for."""
    sorts: list[Literal["casualties", "fire"]] | None = None
    """Casualties at a place, fires, or both: incidents without a colour that it holds for."""
