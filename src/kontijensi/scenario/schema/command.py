"""How command works: the posko's desk, who must agree, who is sent, and how they act there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from kontijensi.scenario.schema.distributions import Delay, fixed
from kontijensi.scenario.schema.force import Agency, Capability, Colour
from kontijensi.scenario.schema.forms import AuthorityPath, Duration, Id, Name, Share
from kontijensi.scenario.schema.sections import Section, parameter
from kontijensi.vocabulary.words import _

if TYPE_CHECKING:
    import numpy as np


class Learning(Section):
    """How someone new in a post grows into it: orders take long at first, and less with every day."""

    at_first: float = parameter(2.0, unit="1", low=1, high=20, source="assumed")
    """How many times the usual delay an answer takes at the start of the rehearsal."""
    half_life: Duration = 10 * 86400.0
    """Time in which half of that excess is gone (assumed)."""

    def factor(self, t_s: float) -> float:
        """Return what a delay is multiplied by at a moment of the run."""
        return 1.0 + (self.at_first - 1.0) * float(0.5 ** (t_s / self.half_life))

    @field_validator("half_life")
    @classmethod
    def _some_time(cls, half_life_s: float) -> float:
        if half_life_s <= 0:
            raise ValueError(_("a half-life must be above 0"))
        return half_life_s


class Authority(Section):
    """Someone whose agreement is needed."""

    name: Name | None = None
    """Title, such as Kapolres."""
    delay: Delay
    """From asking until the answer."""
    learns: Learning | None = None
    """For someone new in the post, whose answers take longer at first; usual from the start when left out."""
    grants: list[Agency] = []
    """Agencies whose help from outside it can send, such as `[brimob]` for a Kapolda. Where anybody is named
    for an agency, the path of authority for that help must end with one of them, or it is refused."""

    def answer_s(self, rng: np.random.Generator, now_s: float) -> float:
        """Draw how long an answer takes that is asked for now [s]."""
        delay_s = self.delay.draw(rng)
        return delay_s if self.learns is None else delay_s * self.learns.factor(now_s)


class ColourRule(Section):
    """When a situation enters a colour, and when it leaves it again."""

    enter_active: Annotated[int, Field(ge=0, le=200_000)] | None = None
    """Enters when at least this many people are active."""
    enter_active_share: Share | None = None
    """... and they are at least this share of those present."""
    enter_violent: Annotated[int, Field(ge=1, le=200_000)] | None = None
    """Or enters when at least this many people are violent."""
    exit_active_share: Share = 0.1
    """Leaves when fewer than this share of those present are active or violent ..."""
    exit_violent: Annotated[int, Field(ge=0, le=200_000)] = 0
    """... and no more than this many are violent ..."""
    exit_after: Duration = 300.0
    """... for this long without a break."""


class Situation(Section):
    """The colours: green (orderly), yellow (disorderly), red (law-breaking)."""

    yellow: ColourRule = ColourRule(enter_active=10, enter_active_share=0.15, enter_violent=1)
    """When it turns yellow (assumed numbers; the colours are doctrine)."""
    red: ColourRule = ColourRule(enter_violent=8, exit_active_share=1.0, exit_violent=2)
    """When it turns red."""


class Stage(Section):
    """What one colour calls for."""

    needs: dict[Capability, Annotated[int, Field(ge=0, le=100)]] = {}
    """The minimum formation: units by capability. One unit may count for several capabilities."""
    also: dict[Capability, Annotated[int, Field(ge=0, le=100)]] = {}
    """Sent besides where they are free, such as community leaders or a water cannon; the formation counts as
    complete without them."""
    authority: AuthorityPath = []
    """Who must agree before units are sent: one, or several in the order in which they are asked
    (`[kapolsek, kapolres]`), each with a delay of its own; nobody when left out."""
    priority: Annotated[int, Field(ge=1, le=9)] = 5
    """Lower goes first."""

    @property
    def formation(self) -> dict[Capability, int]:
        """The minimum formation without what is asked for 0 times."""
        return {capability: wanted for capability, wanted in self.needs.items() if wanted > 0}

    @model_validator(mode="after")
    def _something_to_go_with(self) -> Self:
        if any(self.also.values()) and not self.formation:
            raise ValueError(_("`also` goes with a formation: ask for something in `needs` too"))
        return self


class Stages(Section):
    """What each colour calls for."""

    green: Stage = Stage(needs={Capability.PRESENCE: 1, Capability.DIALOGUE: 1}, priority=4)
    """Orderly: presence and dialogue, so that assembly stays safe."""
    yellow: Stage = Stage(needs={Capability.LINE: 1, Capability.DIALOGUE: 1}, priority=2)
    """Disorderly: a line, and talking goes on."""
    red: Stage = Stage(needs={Capability.LINE: 2, Capability.ARREST: 1}, priority=1)
    """Law-breaking: lines, and arrest of those who are violent."""

    def at(self, colour: Colour) -> Stage:
        """Return what a colour calls for."""
        return {"green": self.green, "yellow": self.yellow, "red": self.red}[colour]


class Talks(Section):
    """Talks held in rounds that are accepted or refused, camp by camp. No source gives their odds."""

    round: Delay = Field(default_factory=lambda: fixed("15 min"))
    """From beginning to talk until the camp's coordinator answers (assumed)."""
    again_after: Delay = Field(default_factory=lambda: fixed("20 min"))
    """After a refusal, until they can be talked to again (assumed)."""
    odds: float = parameter(0.6, unit="1", low=0, high=1, source="assumed")
    """Chance that a camp accepts when all its people are reached, its coordinator is willing, it trusts who
    talks, and somebody is there who can answer; what is missing of these lowers it in proportion."""
    without_answer: float = parameter(0.5, unit="1", low=0, high=1, source="assumed")
    """What the odds are multiplied by where no official who can answer is there (`audience`)."""
    listening: float = parameter(0.3, unit="1", low=0, high=1, source="assumed")
    """Strength of appeals (*himbauan*) and talking while a round goes on, as a share of an agreement's."""

    @field_validator("round")
    @classmethod
    def _some_length(cls, length: Delay) -> Delay:
        if length.expected <= 0:
            raise ValueError(_("a round of talks must take some time"))
        return length


class LowerProfile(Section):
    """When presence is taken to inflame, and what then stays of it (the posture `withdraw`)."""

    identity: float = parameter(0.5, unit="1", low=0, high=1, source="assumed")
    """Mean shared identity against the police from which presence is taken to inflame ..."""
    legitimacy: float = parameter(0.25, unit="1", low=0, high=1, source="assumed")
    """... or mean legitimacy at which and below which it is."""
    presence: float = parameter(0.2, unit="1", low=0, high=1, source="assumed")
    """Share of the officers who stay in sight, to protect people and to talk."""


class Command(Section):
    """The posko and its rules."""

    posko: Id | None = None
    """Place of the command post, for the map."""
    operators: Annotated[int, Field(ge=1, le=1000)] = 1
    """People who handle reports at the desk."""
    handling: Delay = Field(default_factory=lambda: fixed("2 min"))
    """Time that one report takes an operator."""
    authorities: dict[Id, Authority] = {}
    """Who may have to agree."""
    situation: Situation = Situation()
    """When a situation changes colour."""
    stages: Stages = Stages()
    """What each colour calls for."""
    dispatch: Id = "nearest"
    """Who is sent: `nearest`, `sector`, `keep_reserve`, `expected_coverage`, or a policy of your own."""
    reserve_share: Share = 0.25
    """Share of the units of a capability that `keep_reserve` holds back from calls that are not urgent."""
    posture: Id = "staged"
    """How they act: `dialogue_first`, `staged` (by doctrine) or `force_first`, or a policy of your own."""
    joint: bool = True
    """True: one command sends the units of every agency. False: others than `lead` are asked by liaison."""
    lead: list[Agency] = [Agency.POLICE, Agency.BRIMOB, Agency.ON_LOAN]
    """Agencies under the posko's own command."""
    liaison: Delay = Field(default_factory=lambda: fixed("20 min"))
    """Delay before a unit of another agency accepts an order when command is not joint (assumed)."""
    shared_reports: bool = True
    """True: what anybody reports is at the posko at once. False: each agency keeps its own picture, and what
    observers of others than `lead` report takes `relay` longer. Citizens report to the posko themselves."""
    relay: Delay = Field(default_factory=lambda: fixed("20 min"))
    """From an agency's own desk to the posko where reports are not shared (assumed)."""
    preempt: Literal["never", "under_way", "on_the_spot"] = "never"
    """What a graver incident may take from a less grave one when no free unit would do: nothing; units that
    are under way or wait for the rest of their formation; or also units at work on the spot."""
    preempt_graver_by: Annotated[int, Field(ge=1, le=8)] = 1
    """How many steps of priority graver it must be."""
    preempt_from: Annotated[list[Literal["call", "crowd"]], Field(min_length=1)] = ["call"]
    """What units may be taken from: ordinary calls, crowds, or both. Leaving a crowd has a price."""
    relief: list[Literal["tired", "shift"]] = []
    """Who on the spot asks to be relieved: units whose `stamina` is spent, units whose shift has ended. They
    leave when others have come in their place, and stay, beyond their hours, while nobody can. Nobody asks
    when left out: a task is then finished by whoever began it."""
    relieved: Literal["home", "second_layer"] = "home"
    """What the earlier stage's units do once the graver formation stands and has no use for them (*lapis
    ganti*, *lintas ganti*): go home, or stay as a second layer until it is over."""
    field_report: Delay = Field(default_factory=lambda: fixed("2 min"))
    """From a change seen by units on the spot until it is reported."""
    no_signal_report: Delay | None = None
    """The same from places without telephone signal, by radio or a runner; `field_report` when left out."""
    picture: Literal["reported", "perfect"] = "reported"
    """What command knows: what was reported, or everything at once (to see what knowing sooner is worth)."""
    stand_down: Duration = 600.0
    """How long units stay after a situation has ended."""
    escalate_after: Duration = 600.0
    """How long a posture is tried before the next step of force is considered (assumed)."""
    unsafe_violent: Annotated[int, Field(ge=1, le=200_000)] | None = 1
    """Medical and fire crews wait at the edge of a place while it is red or this many people there are
    violent, until a line stands; null looks at the colour only (assumed)."""
    dialogue_span: float = parameter(120.0, unit="people", low=1, high=100_000, source="assumed")
    """People that one negotiating team can reach; in larger crowds talks reach a share of them."""
    mediator_trust: float = parameter(0.7, unit="1", low=0, high=1, source="assumed")
    """Trust that community leaders (`mediation`) have with every camp, whatever it grants the authorities."""
    talks: Talks | None = None
    """Talks in rounds that may fail; when left out talks go on all the time, as far as people listen."""
    lower_profile: LowerProfile = LowerProfile()
    """When stepping back may calm more than standing there."""

    def granters(self, agency: Agency) -> list[str]:
        """Return who can send help of an agency, empty where nobody is named for it."""
        return [key for key, authority in self.authorities.items() if agency in authority.grants]

    @model_validator(mode="after")
    def _led(self) -> Self:
        if not self.joint and not self.lead:
            raise ValueError(_("without joint command, `lead` names at least one agency"))
        return self


__all__ = [
    "Agency",
    "Authority",
    "Capability",
    "Colour",
    "ColourRule",
    "Command",
    "Situation",
    "Stage",
    "Stages",
]
