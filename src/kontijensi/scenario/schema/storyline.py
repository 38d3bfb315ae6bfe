"""What can go wrong: triggers, when and where they fire, and what each does."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Discriminator, Field, Tag, model_validator

from kontijensi.scenario.conditions import compile_condition
from kontijensi.scenario.schema.area import FOOT, PlaceChoice, PlaceKind, PlaceWeight
from kontijensi.scenario.schema.complaints import Outlet
from kontijensi.scenario.schema.distributions import Count, Delay, Fixed, Size, fixed
from kontijensi.scenario.schema.fires import Fuel
from kontijensi.scenario.schema.forms import Duration, Id, LocalTime, Name, Rate, RateOrNone, Share, Words
from kontijensi.scenario.schema.medical import Severities
from kontijensi.scenario.schema.sections import Section, parameter
from kontijensi.vocabulary.words import _

Reach = Literal["place", "district", "area"]


def _readable(text: str) -> str:
    compile_condition(text)
    return text


When = Annotated[Words, AfterValidator(_readable)]
"""A condition over the live state. Which names it may use depends on the scenario's own channels."""


class Roles(Section):
    """Shares of the people who gather; the rest are followers."""

    instigator: Share = 0.03
    """People who pull others along (assumed)."""
    marshal: Share = 0.05
    """The crowd's own stewards, who hold others back (assumed)."""
    bystander: Share = 0.15
    """People who only look on (assumed)."""

    @model_validator(mode="after")
    def _at_most_all(self) -> Self:
        total = self.instigator + self.marshal + self.bystander
        if total > 1 + 1e-9:
            raise ValueError(_("the roles' shares add up to {total}, above 1").format(total=round(total, 6)))
        return self


class RaiseTension(Section):
    """Raise a channel of tension at once."""

    do: Literal["raise_tension"]
    channel: Id
    """Channel of tension."""
    by: Annotated[float, Field(ge=-1, le=1)]
    """Added to its level; a negative value lowers it."""
    reach: Reach = "place"
    """The place's village, its whole district, or the whole area."""


class CutLegitimacy(Section):
    """Lower the legitimacy that people grant the authorities."""

    do: Literal["cut_legitimacy"]
    by: Annotated[float, Field(ge=-1, le=1)]
    """Taken from its level; a negative value raises it."""
    camps: list[Id] | None = None
    """Camps that it touches; all when left out."""
    reach: Reach = "place"
    """The place's village, its whole district, or the whole area."""


class _People(Section):
    size: Size
    """How many people."""
    camps: dict[Id, Share] | None = None
    """Shares of the camps among them; the camps' shares of the voters when left out."""
    roles: Roles = Roles()
    """Shares of the roles among them."""
    grievance: Share = 0.5
    """How aggrieved they come, 0 to 1; the village's tension adds to it (assumed)."""
    over: Duration = 900.0
    """Time over which they arrive."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.camps is not None:
            total = sum(self.camps.values())
            if abs(total - 1) > 1e-6:
                raise ValueError(
                    _("the camps' shares add up to {total}, not 1").format(total=round(total, 6))
                )
        return self


class GatherCrowd(_People):
    """People gather at the place. Most gatherings stay orderly and go home."""

    do: Literal["gather_crowd"]
    stays: Delay
    """How long people mean to stay when nothing else happens."""
    outlet: Outlet | None = None
    """Complaints that some of them made instead, which leaves fewer to come."""


class SecondWave(_People):
    """More people join a crowd that is there already, outsiders perhaps."""

    do: Literal["second_wave"]
    after: Delay
    """Delay until they begin to arrive. Nobody comes when the crowd has gone."""
    stays: Delay = Field(default_factory=lambda: fixed("1 h"))
    """How long they mean to stay; the crowd stays as long as any of its waves means to (assumed)."""


class March(Section):
    """Part of the crowd marches to another place over the roads."""

    do: Literal["march"]
    to: Id | None = None
    """Place they march to."""
    to_kind: PlaceKind | None = None
    """Or the nearest place of this kind."""
    share: Annotated[float, Field(gt=0, le=1)] = 1.0
    """Share of those present who go."""
    after: Delay
    """Delay until they set out."""
    speed_kmh: Annotated[float, Field(gt=0, le=80)] = 4.0
    """Speed on a local road: 4 on foot, about 25 in a convoy."""
    mode: Id = FOOT
    """How they travel: `foot`, or `truck` or `motorcycle` in a convoy."""
    stays: Delay = Field(default_factory=lambda: fixed("2 h"))
    """How long those who marched mean to stay there (assumed)."""

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        if (self.to is None) == (self.to_kind is None):
            raise ValueError(_("give either `to` or `to_kind`, and only one of them"))
        return self


class CloseRoad(Section):
    """A road is blocked for a while."""

    do: Literal["close_road"]
    between: Annotated[list[Id], Field(min_length=2, max_length=2)] | None = None
    """The two ends of the road; every road at the place when left out."""
    lasts: Delay
    """How long it stays blocked."""


class FalseReport(Section):
    """The posko is told of something that is not there."""

    do: Literal["false_report"]
    colour: Literal["green", "yellow", "red"] = "yellow"
    """What is claimed."""
    delay: Delay
    """Until the report reaches the posko."""


class LoseUnit(Section):
    """Units are out of action for a while."""

    do: Literal["lose_unit"]
    unit: Id
    """Roster entry in `units`."""
    count: Annotated[int, Field(ge=1, le=10_000)] = 1
    """How many of them."""
    lasts: Delay
    """For how long."""


class LoseChannel(Section):
    """Reports from observers at the place do not get through for a while."""

    do: Literal["lose_channel"]
    observers: Id | None = None
    """Entry in `community.observers`; all of them when left out."""
    reach: Reach = "place"
    """The place, its district, or the whole area."""
    radio: bool = False
    """True: units and guards there cannot report either; what they have to say waits."""
    lasts: Delay
    """For how long."""


class Routine(Section):
    """A call for service at the place, such as a fire or a quarrel."""

    do: Literal["call"]
    call: Id
    """Entry in `calls` that says what it needs."""


class StartRumour(Section):
    """People in the place's village begin to tell a rumour."""

    do: Literal["start_rumour"]
    rumour: Id
    """Entry in `community.rumours`."""
    people: Annotated[int, Field(ge=1, le=1_000_000_000)] = 10
    """How many begin."""


class Clarify(Section):
    """A rumour is clarified (*himbauan*, public relations): people sooner stop passing it on."""

    do: Literal["clarify"]
    rumour: Id
    """Entry in `community.rumours`."""
    faster: Annotated[float, Field(gt=1, le=100)] = 3.0
    """How many times sooner people stop; `r0` falls by as much (assumed)."""
    lasts: Delay
    """How long the clarification works."""
    reach: Reach = "area"
    """The place's village, its whole district, or the whole area."""


class Complain(Section):
    """People of the place's village file complaints, as the law offers."""

    do: Literal["complain"]
    intake: Id
    """Entry in `community.intakes`."""
    count: Size = Field(default_factory=lambda: Fixed[Count](dist="fixed", value=1.0))
    """How many complaints."""


class Injure(Section):
    """People come to harm at the place: an accident, or somebody who collapses."""

    do: Literal["injure"]
    people: Size = Field(default_factory=lambda: Fixed[Count].model_validate({"dist": "fixed", "value": 1}))
    """How many people."""
    severity: Severities
    """How badly: a word such as `severe`, or the shares of `minor`, `moderate` and `severe`."""
    cause: Literal["accident", "collapse"] = "accident"
    """An accident, or a collapse from exhaustion or illness."""
    who: Literal["public", "officer"] = "public"
    """Whose ledger it goes into; polling officials belong to the public."""


class SetFire(Section):
    """A fire begins at the place."""

    do: Literal["set_fire"]
    burns: Fuel = "tyres"
    """What burns: `tyres`, `vehicle`, `building` or `ballots`. At a `ballot_store`, ballots are at risk
    whatever burns first."""
    most_stage: Annotated[int, Field(ge=1, le=20)] | None = None
    """The last stage it can grow to; all those in `fires.stages` when left out."""


class EndRun(Section):
    """The rehearsal ends here."""

    do: Literal["end"]
    outcome: Words | None = None
    """What the report says about it."""


Effect = Annotated[
    RaiseTension
    | CutLegitimacy
    | GatherCrowd
    | SecondWave
    | March
    | CloseRoad
    | FalseReport
    | LoseUnit
    | LoseChannel
    | Routine
    | StartRumour
    | Clarify
    | Complain
    | Injure
    | SetFire
    | EndRun,
    Field(discriminator="do"),
]


class HourlyRate(Section):
    """A rate that changes with the hour of the day."""

    by_hour: Annotated[list[RateOrNone], Field(min_length=1, max_length=24)]
    """Rate in each hour of the day from midnight on, on the area's clock; 0 in hours left out at the end."""

    @model_validator(mode="after")
    def _some(self) -> Self:
        if not any(rate > 0 for rate in self.by_hour):
            raise ValueError(_("some hour needs a rate above 0"))
        return self


def _kind_of_rate(value: Any) -> str:
    return "by_hour" if isinstance(value, dict | HourlyRate) else "steady"


Occurrence = Annotated[
    Annotated[Rate, Tag("steady")] | Annotated[HourlyRate, Tag("by_hour")], Discriminator(_kind_of_rate)
]
"""How often something happens: always alike, or by the hour of the day."""


class SelfExciting(Section):
    """One firing makes others likelier for a while (Hawkes 1971)."""

    branching: Annotated[
        float,
        Field(
            gt=0,
            lt=1,
            json_schema_extra={"unit": "1", "grade": "assumed", "source": "assumed", "range": [0, 1]},
        ),
    ]
    """Further firings that one firing brings about by itself, on average. The long-run rate is the base rate
    divided by (1 - `branching`); at 1 or above there would be no end."""
    decay: Duration
    """Mean time from a firing to those it brings about (exponential; assumed)."""
    same_place: Share = 0.0
    """Share of those that happen at the place of the first; the others anywhere the trigger may fire."""

    @model_validator(mode="after")
    def _takes_time(self) -> Self:
        if self.decay <= 0:
            raise ValueError(_("`decay` must be above 0"))
        return self


class Trigger(Section):
    """Something that may happen. It has one cause: `at`, `rate`, `when`, `after` or `inject`."""

    name: Name | None = None
    """What people call it; the id when left out."""
    at: list[LocalTime] | None = None
    """Cause: these moments."""
    rate: Occurrence | None = None
    """Cause: by chance at this rate over all eligible places together, in the phases given."""
    when: When | None = None
    """Cause: a condition over the live state, such as `tension_hoax >= 0.6 and crowd_active > 50`."""
    held_for: Duration = 0.0
    """How long the condition must hold before the trigger fires."""
    after: Id | None = None
    """Cause: another trigger has fired, at the same place."""
    inject: bool = False
    """Cause: the trainer calls it (`run --inject NAME@TIME`); otherwise it never fires."""
    self_exciting: SelfExciting | None = None
    """What one firing adds to `rate` for a while."""
    rearm: When | None = None
    """What must hold, once `when` has ceased to, before it can fire at the same place again (hysteresis).
    When left out it is enough that `when` has ceased to hold."""
    arms: When | None = None
    """The trigger sleeps until this holds, place by place; awake from the start when left out."""
    disarms: When | None = None
    """It falls asleep again when this holds."""
    delay: Delay = Field(default_factory=lambda: fixed("0"))
    """From cause to effect."""
    places: PlaceChoice = PlaceChoice()
    """Where it may fire."""
    pick: Annotated[int, Field(ge=1, le=100_000)] | None = 1
    """How many places, drawn afresh at each firing; null means all of them."""
    weigh_by: PlaceWeight = "equal"
    """Which places are likelier: `equal`, `voters`, `weight`, `zone` (its risk) or `tension`."""
    exposed_only: bool = False
    """True limits it to places at work in the current phase."""
    phases: list[Id] | None = None
    """Phases in which it may fire; any time when left out."""
    probability: float = parameter(1.0, unit="1", low=0, high=1, source="assumed")
    """Chance that it takes effect when its cause occurs."""
    most: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    """Most times that it may fire in a run; no limit when left out. 1 is once."""
    cooldown: Duration = 0.0
    """Least time between two firings (at the same place, for a condition on a place)."""
    effects: Annotated[list[Effect], Field(min_length=1, max_length=100)]
    """What it does, in order."""

    @model_validator(mode="after")
    def _one_cause(self) -> Self:
        causes = [name for name in ("at", "rate", "when", "after") if getattr(self, name) is not None]
        causes += ["inject"] if self.inject else []
        if len(causes) != 1:
            found = ", ".join(causes) or _("none")
            raise ValueError(
                _("a trigger has one cause: `at`, `rate`, `when`, `after` or `inject`; found {found}").format(
                    found=found
                )
            )
        if self.held_for and self.when is None:
            raise ValueError(_("`held_for` belongs to a `when` condition"))
        if self.rearm is not None and self.when is None:
            raise ValueError(_("`rearm` belongs to a `when` condition"))
        if self.self_exciting is not None and self.rate is None:
            raise ValueError(_("`self_exciting` belongs to a `rate`"))
        return self
