"""Who is on duty: unit types, the roster, station guards, the roll, and help that may be asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from kontijensi.scenario.schema.area import CAR, PlaceChoice
from kontijensi.scenario.schema.distributions import Delay, fixed
from kontijensi.scenario.schema.forms import AuthorityPath, Clock, Duration, Id, Name, Share
from kontijensi.scenario.schema.sections import Choice, Section
from kontijensi.vocabulary.words import _


class Agency(Choice):
    """Whose people they are."""

    POLICE = "police"
    BRIMOB = "brimob"
    TNI = "tni"
    SATPOL_PP = "satpol_pp"
    TRANSPORT = "transport"
    LINMAS = "linmas"
    ON_LOAN = "on_loan"
    FIRE = "fire"
    HEALTH = "health"
    COMMITTEE = "committee"
    COMMUNITY = "community"


class Capability(Choice):
    """What a unit can do. There are no firearms."""

    PRESENCE = "presence"
    DIALOGUE = "dialogue"
    MEDIATION = "mediation"  # community leaders whom people trust
    AUDIENCE = "audience"  # an official who can answer delegates
    LINE = "line"
    PUSH = "push"
    WATER = "water"
    IRRITANT = "irritant"
    ARREST = "arrest"
    MEDICAL = "medical"
    FIRE = "fire"
    PATROL = "patrol"
    TRAFFIC = "traffic"


CAPABILITY_NAME = {capability: capability.value for capability in Capability}
"""Each capability as records name it: asking the member itself takes ten times as long."""

Colour = Literal["green", "yellow", "red"]
Stock = Literal["irritant", "water"]

FORCE_FREE = frozenset(
    {Agency.LINMAS, Agency.COMMUNITY, Agency.COMMITTEE, Agency.HEALTH, Agency.FIRE, Agency.TRANSPORT}
)
"""Agencies that never use force."""
FORCEFUL = frozenset({Capability.PUSH, Capability.WATER, Capability.IRRITANT, Capability.ARREST})
"""Capabilities that are force."""


class Breakdown(Section):
    """How often a unit gives out by itself, and for how long. No source gives such rates here: assumed."""

    mean_between: Duration
    """Mean time of driving, or of duty, between two breakdowns (exponential)."""
    of: Literal["driving", "duty"] = "driving"
    """What wears it: time on the road, or all its time on duty."""
    lasts: Delay
    """How long it is then out of action."""

    @field_validator("mean_between")
    @classmethod
    def _some_time(cls, mean_between_s: float) -> float:
        if mean_between_s <= 0:
            raise ValueError(_("the mean time between breakdowns must be above 0"))
        return mean_between_s


class UnitType(Section):
    """A kind of responding unit: the people and vehicles that move as one."""

    name: Name | None = None
    """What people call it."""
    agency: Agency
    """Whose people they are."""
    capabilities: Annotated[list[Capability], Field(min_length=1)]
    """What it can do."""
    stages: list[Colour] = ["green", "yellow", "red"]
    """Situation colours it is meant for (its doctrine stage)."""
    personnel: Annotated[int, Field(ge=1, le=10_000)]
    """People in one unit."""
    reaches: Annotated[int, Field(ge=1, le=100_000)] | None = None
    """People that one such unit can talk with; `command.dialogue_span` when left out (assumed)."""
    turn_out: Delay
    """From the order until it leaves its base."""
    mode: Id = CAR
    """How it travels: `car`, `motorcycle`, `truck`, `foot`, or one of `area.travel.modes`."""
    pace: Annotated[float, Field(gt=0, le=10)] = 1.0
    """Its speed relative to others of its mode: 0.8 for a convoy that stays together."""
    stock: dict[Stock, Annotated[float, Field(ge=0, le=1e6)]] = {}
    """What it carries: `irritant` in rounds, `water` in litres."""
    resupply: Delay = Field(default_factory=lambda: fixed("30 min"))
    """Time to refill its stock at base (assumed)."""
    supply: Literal["at_base", "on_the_spot"] = "at_base"
    """Where its stock is refilled: at its base after the task; or, once something has run out on the spot, by
    a supply run too, which takes `resupply` and the drive from its base."""
    breakdown: Breakdown | None = None
    """Wear and tear; it never breaks down when left out."""
    stamina: Duration | None = None
    """Time on a task after which it must rest; never when left out."""
    rest: Delay = Field(default_factory=lambda: fixed("4 h"))
    """How long it then rests: at base, or where it stands when it stays there (assumed)."""
    after: Literal["return", "stay"] = "return"
    """After a task it returns to its base, or stays where it is."""
    carries: Annotated[int, Field(ge=0, le=100)] = 0
    """Casualties it carries at once; 0 treats them on the spot only."""

    @model_validator(mode="after")
    def _lawful(self) -> Self:
        forceful = sorted(FORCEFUL.intersection(self.capabilities))
        if self.agency in FORCE_FREE and forceful:
            raise ValueError(
                _("{agency} never uses force; remove {capabilities}").format(
                    agency=self.agency, capabilities=", ".join(forceful)
                )
            )
        if "irritant" in self.stock and Capability.IRRITANT not in self.capabilities:
            raise ValueError(
                _("it carries irritant but cannot use it: add the capability or remove the stock")
            )
        if self.carries and Capability.MEDICAL not in self.capabilities:
            raise ValueError(_("it carries casualties but cannot care for them: add `medical`"))
        return self


class Shift(Section):
    """Hours of the day on duty."""

    start: Clock
    """From this time of day."""
    end: Clock
    """Until this time of day; past midnight when before `start`, the whole day when equal."""


class UnitGroup(Section):
    """A line of the roster: so many units of one type at one base."""

    name: Name | None = None
    """What people call it."""
    type: Id
    """Entry in `unit_types`."""
    base: Id
    """Place it starts from."""
    count: Annotated[int, Field(ge=0, le=10_000)] = 1
    """How many of them."""
    shifts: list[Shift] = []
    """Hours on duty each day; always when left out."""
    phases: list[Id] | None = None
    """Phases in which it is on duty; all the time when left out."""
    sector: list[Id] | None = None
    """Districts that it serves first under the dispatch policy `sector`."""


class Posts(Section):
    """People posted at places by zone: guards who stay there. They are not sent elsewhere."""

    places: PlaceChoice = PlaceChoice()
    """Where they are posted."""
    by_zone: dict[Id, dict[Agency, Annotated[int, Field(ge=0, le=10_000)]]]
    """People by agency at each place of a zone; with `for_stations`, for so many stations."""
    for_stations: Annotated[int, Field(ge=1, le=1000)] | None = None
    """Polling stations that share them: 12 for a pair of police that looks after twelve. Counted through the
    places of a zone in their order; the last group may have fewer. Left out, each place has them once."""
    rounds: Duration | None = None
    """Time in which those who share several stations have been to all of them once: what happens at one is
    noticed when they next look in. Left out, they notice at once."""
    phases: list[Id] | None = None
    """Phases in which they stand there; all the time when left out."""

    @field_validator("rounds")
    @classmethod
    def _some_round(cls, rounds_s: float | None) -> float | None:
        if rounds_s is not None and rounds_s <= 0:
            raise ValueError(_("a round must take some time; leave it out where they notice at once"))
        return rounds_s

    def groups(self, stations: Iterable[int]) -> Iterator[int]:
        """Say how many such groups stand at each place of one zone, given the stations of each in order."""
        begun = counted = 0
        for number in stations:
            counted += number
            upto = -(-counted // self.for_stations) if self.for_stations is not None else begun + 1
            yield upto - begun
            begun = upto


class RollClaim(Section):
    """What a source says of an agency's numbers: people by stations. `check` does the sums."""

    agency: Agency
    """Whose people they are; all of them on the `roll` are meant."""
    people: Annotated[int, Field(ge=1, le=10_000)]
    """So many people ..."""
    per_stations: Annotated[int, Field(ge=1, le=1000)] = 1
    """... for so many polling stations."""
    places: PlaceChoice = PlaceChoice()
    """Places whose stations are meant."""
    within: Share = 0.02
    """How far the roll may be off before it is called a contradiction, as a share of what the claim takes."""

    def comes_to(self, stations: int) -> int:
        """Return how many people the claim takes for so many stations; a group that is short counts whole."""
        return self.people * -(-stations // self.per_stations)


class MutualAid(Section):
    """Help from outside that may be asked for."""

    name: Name | None = None
    """What people call it."""
    type: Id
    """Entry in `unit_types`."""
    count: Annotated[int, Field(ge=0, le=10_000)]
    """How many units would come."""
    arrives_at: Id
    """Place where they report for duty."""
    authority: AuthorityPath = []
    """Who in `command.authorities` must agree: one, or several in the order in which they are asked
    (`[kapolres, kapolda]`). Without a complete path help is refused."""
    lead_time: Delay
    """From the agreement until they are there and ready."""
    asked_at: Literal["yellow", "red"] = "red"
    """Ask when a situation of this colour finds too few suitable units in the whole roster that are free."""
