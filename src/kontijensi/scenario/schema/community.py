"""The people: tension and legitimacy per village, camps, those who notice, and programmes that calm."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from kontijensi.scenario.schema.area import PlaceChoice
from kontijensi.scenario.schema.complaints import Intake
from kontijensi.scenario.schema.distributions import Delay
from kontijensi.scenario.schema.force import Agency
from kontijensi.scenario.schema.forms import Clock, Duration, Id, LocalTime, Name, Share
from kontijensi.scenario.schema.rumours import KernelForm, Rumour
from kontijensi.scenario.schema.sections import Choice, Section, parameter
from kontijensi.vocabulary.clock import Weekday
from kontijensi.vocabulary.words import _

ChannelKind = Literal["rivalry", "identity", "money_politics", "hoax", "neutrality", "other"]
"""The tensions that election planners map; none of them ever names a real group."""


class Channel(Section):
    """A channel of tension, such as camp rivalry or disinformation. Level 0 is calm, 1 the worst imagined."""

    name: Name | None = None
    """What people call it."""
    kind: ChannelKind = "other"
    """What it is: `rivalry` of camps, `identity` (SARA), `money_politics`, `hoax`, official `neutrality`."""
    start: Share = 0.1
    """Level in every village at the start (assumed unless measured)."""
    rest: Share = 0.0
    """Level it decays to when no phase draws it elsewhere."""
    decay: Duration = 3 * 86400.0
    """Time constant of that decay (assumed)."""
    spread_per_day: float = parameter(0.0, unit="1/day", low=0, high=20, source="assumed")
    """How strongly a village is drawn to the level of the villages around it."""
    spread_km: float = parameter(5.0, unit="km", low=0.1, high=1000, source="assumed")
    """Distance at which that pull falls to 37 %."""
    spread_form: KernelForm = "exponential"
    """How the pull falls with distance: `exponential`, `gaussian` (nearer) or `power` (farther) (assumed)."""
    everywhere_share: float = parameter(0.0, unit="1", low=0, high=1, source="assumed")
    """Share of the spread that ignores distance, as social media does."""


class Camp(Section):
    """A synthetic side of the contest. It stands for no party, faith, people or person."""

    name: Name | None = None
    """A neutral label, such as Camp A."""
    share: Annotated[float, Field(gt=0, le=1)] = 1.0
    """Share of the voters who lean to it; the shares of all camps add up to 1."""
    legitimacy: float = parameter(0.75, unit="1", low=0, high=1, source="assumed")
    """Legitimacy that its people grant the authorities at the start."""
    identity: float = parameter(0.05, unit="1", low=0, high=1, source="assumed")
    """Shared identity against the police at the start."""
    leader_willingness: float = parameter(0.6, unit="1", low=0, high=1, source="assumed")
    """How ready its field coordinator (*korlap*) is to talk: dialogue works in this proportion."""


class ObserverKind(Choice):
    """Who notices."""

    KST = "kst"
    LINMAS = "linmas"
    BHABINKAMTIBMAS = "bhabinkamtibmas"
    BABINSA = "babinsa"
    PATROL = "patrol"
    CITIZEN = "citizen"
    COMMITTEE = "committee"

    @property
    def agency(self) -> Agency | None:
        """Whose desk they report to; None for citizens, who call the posko."""
        return _DESKS[self]


_DESKS = {
    ObserverKind.KST: Agency.COMMUNITY,
    ObserverKind.LINMAS: Agency.LINMAS,
    ObserverKind.BHABINKAMTIBMAS: Agency.POLICE,
    ObserverKind.BABINSA: Agency.TNI,
    ObserverKind.PATROL: Agency.POLICE,
    ObserverKind.CITIZEN: None,
    ObserverKind.COMMITTEE: Agency.COMMITTEE,
}


class Observers(Section):
    """People who notice and report. They use no force."""

    kind: ObserverKind
    """Who they are."""
    places: PlaceChoice = PlaceChoice()
    """Where they watch."""
    per_place: Annotated[int, Field(ge=1, le=10_000)] = 1
    """How many watch at each place."""
    detection_per_h: float = parameter(6.0, unit="1/h", low=0, high=3600, source="assumed")
    """Rate at which one of them notices a gathering of `reference_size` people."""
    reference_size: float = parameter(30.0, unit="people", low=1, high=100_000, source="assumed")
    """Size at which `detection_per_h` holds; a larger crowd is noticed sooner, in proportion."""
    training: float = parameter(1.0, unit="1", low=0.1, high=10, source="assumed")
    """Multiplies the rate of noticing: 1 is untrained."""
    report_delay: Delay
    """From noticing until the report reaches the posko."""
    no_signal_delay: Delay | None = None
    """The same where there is no telephone signal (a radio or a runner); the report is lost when left out."""
    lost_share: Share = 0.0
    """Share of reports that never arrive (assumed)."""
    misjudged_share: float = parameter(0.0, unit="1", low=0, high=1, source="assumed")
    """Share of their reports that judge a situation one colour off, to either side; training divides it."""
    size_error: float = parameter(0.0, unit="1", low=0, high=5, source="assumed")
    """Coefficient of variation of the number of people that they report, which is right on average."""
    false_alarms_per_day: float = parameter(0.0, unit="1/day", low=0, high=1000, source="assumed")
    """Reports of something that is not there, from all of them together."""
    phases: list[Id] | None = None
    """Phases in which they watch; all when left out."""


class ProgrammeKind(Choice):
    """Kinds of programme that calm or raise alertness."""

    COMMUNITY_MEETING = "community_meeting"
    JOINT_PATROL = "joint_patrol"
    PUBLIC_EDUCATION = "public_education"
    NIGHT_WATCH = "night_watch"
    GUEST_REGISTRATION = "guest_registration"
    OPEN_HOUR = "open_hour"
    CLARIFICATION = "clarification"
    MEDIATION = "mediation"


class Programme(Section):
    """Work done with people before anything happens. It acts slowly and costs hours."""

    name: Name | None = None
    """What people call it."""
    kind: ProgrammeKind
    """What it is."""
    places: PlaceChoice = PlaceChoice()
    """Where it is held; it acts on the villages of these places."""
    times: Annotated[list[LocalTime], Field(max_length=10_000)] = []
    """When it is held, for single occasions."""
    daily_at: Clock | None = None
    """Time of day, for a programme held each day from `start` to `end`, or in `phases`."""
    start: LocalTime | None = None
    """First day of a daily programme."""
    end: LocalTime | None = None
    """Last day of a daily programme."""
    phases: list[Id] | None = None
    """Phases in which it is held; any when left out."""
    weekdays: Annotated[list[Weekday], Field(min_length=1)] | None = None
    """Days of the week on which a daily programme is held, such as `[friday]`; every day when left out."""
    lowers: dict[Id, Annotated[float, Field(ge=0, le=1)]] = {}
    """By how much each occasion lowers a tension channel, as a share of its level (assumed)."""
    raises_legitimacy: float = parameter(0.0, unit="1", low=0, high=1, source="assumed")
    """By how much each occasion closes the gap between legitimacy and 1."""
    raises_detection: float = parameter(0.0, unit="1", low=0, high=20, source="assumed")
    """Added to the multiplier of noticing while the programme runs."""
    raises_willingness: dict[Id, Annotated[float, Field(ge=0, le=1)]] = {}
    """By how much each occasion closes the gap between a leader's willingness to talk and 1 (assumed)."""
    clarifies: dict[Id, Annotated[float, Field(gt=1, le=100)]] = {}
    """How many times sooner people stop passing a rumour on while the programme runs (assumed)."""
    lasts: Duration = 2 * 3600.0
    """How long one occasion lasts."""
    ramp: Duration = 12 * 3600.0
    """Time over which its effect comes about (assumed)."""
    people: Annotated[int, Field(ge=0, le=100_000)] = 2
    """People it keeps busy at each place; with `lasts` this is its cost in hours."""

    @model_validator(mode="after")
    def _dated(self) -> Self:
        dated = (self.start, self.end)
        if self.daily_at is None and dated != (None, None):
            raise ValueError(_("a daily programme needs `daily_at`, `start` and `end`"))
        if self.daily_at is not None and None in dated and (self.phases is None or dated != (None, None)):
            raise ValueError(_("a daily programme needs `start` and `end`, or `phases` in which it is held"))
        if self.weekdays is not None and self.daily_at is None:
            raise ValueError(_("`weekdays` belongs to a programme with `daily_at`"))
        if self.daily_at is None and not self.times:
            raise ValueError(
                _("say when it is held: `times`, or `daily_at` with `start` and `end`, or with `phases`")
            )
        if self.start is not None and self.end is not None and self.end < self.start:
            raise ValueError(_("`end` is before `start`"))
        return self


class Community(Section):
    """Everything about the people between incidents."""

    step: Duration = 3600.0
    """Time step of the tension field; tension between steps is held."""
    channels: dict[Id, Channel] = {}
    """Channels of tension, by id."""
    camps: Annotated[dict[Id, Camp], Field(max_length=8)] = {"a": Camp()}
    """Synthetic camps, by id; eight at most."""
    observers: dict[Id, Observers] = {}
    """Who notices, by id."""
    programmes: dict[Id, Programme] = {}
    """Programmes, by id."""
    rumours: dict[Id, Rumour] = {}
    """Rumours that may be started, by id."""
    intakes: dict[Id, Intake] = {}
    """Where complaints are taken in, by id."""
    legitimacy_recovery: Duration = 10 * 86400.0
    """Time constant with which a village's legitimacy returns to its start (assumed)."""
    willingness_recovery: Duration = 30 * 86400.0
    """Time constant with which a leader's willingness to talk returns to its start (assumed)."""
    tension_to_grievance: float = parameter(0.8, unit="1", low=0, high=1, source="assumed")
    """How far a village's tension adds to the grievance its crowd brings along."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.step <= 0:
            raise ValueError(_("`step` must be above 0"))
        if not self.camps:
            raise ValueError(_("name at least one camp"))
        total = sum(camp.share for camp in self.camps.values())
        if abs(total - 1) > 1e-6:
            raise ValueError(_("the camps' shares add up to {total}, not 1").format(total=round(total, 6)))
        return self
