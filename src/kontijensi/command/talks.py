"""Talks at one crowd: who can be reached, rounds accepted or refused, and what an agreement is worth.

Police negotiators are heard as far as the camp's coordinator is willing and the camp still trusts them;
community leaders as far as he is willing and people trust *them*, whatever the camp thinks of the police. An
official who can answer (*audiensi*) makes an agreement likelier, and one that ends the gathering possible. No
source gives rates for the success of negotiation: every number is assumed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import Any

from kontijensi.crowd import Tally
from kontijensi.crowd.agents import CampLeader
from kontijensi.responders.agenda import due
from kontijensi.responders.surroundings import Surroundings
from kontijensi.responders.unit import Unit
from kontijensi.scenario.schema.command import Command
from kontijensi.scenario.schema.force import Capability

Write = Callable[..., Any]


class Answer(StrEnum):
    """How a round of talks ended."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    BROKEN_OFF = "broken_off"  # nobody was left to talk, or to talk with


class Standing(StrEnum):
    """How it stands between a camp and those who talk with it."""

    SILENT = "silent"
    TALKING = "talking"
    AGREED = "agreed"
    TURNED_AWAY = "turned_away"  # refused: it will not talk again for a while


@dataclass(slots=True)
class Talks:
    """What is said at one crowd, camp by camp."""

    around: Surroundings
    crowd: str
    leaders: Sequence[CampLeader]
    write: Write
    """Writes the record of a round that has ended."""
    on_answer: Callable[[], None]
    """Called when a round has ended: command on the spot looks again."""
    standing: dict[int, Standing] = field(default_factory=dict)
    _units: Sequence[Unit] = ()
    _tally: Tally | None = None
    closed: bool = False

    @property
    def plan(self) -> Command:
        """The rules of command."""
        return self.around.world.scenario.command

    def hold(self, units: Sequence[Unit], tally: Tally | None, *, wanted: bool) -> float:
        """Talk with whoever can be reached; return the strength of talks over the whole crowd, 0 to 1.

        Called whenever command on the spot looks again; `wanted` tells whether its posture is to talk.
        """
        self._units, self._tally = units if wanted else (), tally
        if not wanted or tally is None or tally.present == 0:
            return 0.0
        reached = 0.0
        for leader in self.leaders:
            share = float(tally.by_camp[leader.camp, 0]) / tally.present
            strength = self._strength(leader) if share > 0 else 0.0
            if strength > 0 and self.plan.talks is not None:
                strength *= self._progress(leader)
            reached += share * strength
        return min(reached, 1.0)

    def agreed(self, tally: Tally) -> bool:
        """Tell whether every camp that is there has agreed."""
        return all(
            self.standing.get(leader.camp) is Standing.AGREED
            for leader in self.leaders
            if tally.by_camp[leader.camp, 0] > 0
        )

    @property
    def somebody_answers(self) -> bool:
        """Whether an official who can answer delegates is there."""
        return any(Capability.AUDIENCE in unit.can for unit in self._units)

    def grow_worse(self) -> None:
        """The situation has turned graver: what was agreed no longer holds."""
        for camp, standing in self.standing.items():
            if standing is Standing.AGREED:
                self.standing[camp] = Standing.SILENT

    def _strength(self, leader: CampLeader) -> float:
        """Strength that those who talk reach with one camp, were they listened to."""
        tally = self._tally
        assert tally is not None
        police = leader.dialogue(self._reach(Capability.DIALOGUE), tally.traits[leader.camp])
        skill = self._reach(Capability.MEDIATION)
        if skill == 0:
            return police
        return 1.0 - (1.0 - police) * (1.0 - skill * leader.willingness * self.plan.mediator_trust)

    def _reach(self, capability: Capability) -> float:
        """Share of the crowd that the teams of a kind can talk with."""
        tally = self._tally
        assert tally is not None
        teams = [unit.spec.type for unit in self._units if capability in unit.can]
        people = sum(self.plan.dialogue_span if kind.reaches is None else kind.reaches for kind in teams)
        return min(1.0, people / tally.present)

    # -- rounds ----------------------------------------------------------------------------------------------

    def _progress(self, leader: CampLeader) -> float:
        """Begin a round where none is under way; return which share of its strength talking has so far."""
        rules = self.plan.talks
        assert rules is not None
        standing = self.standing.get(leader.camp, Standing.SILENT)
        if standing is Standing.SILENT:
            self.standing[leader.camp] = standing = Standing.TALKING
            length_s = rules.round.draw(self.around.streams.of("command.talks_round", self.crowd))
            due(self.around.env, partial(self._end_round, leader), length_s)
        return {Standing.TALKING: rules.listening, Standing.AGREED: 1.0}.get(standing, 0.0)

    def _end_round(self, leader: CampLeader, _event: object) -> None:
        """Hear what a camp answers; refused, it can be asked again after a while."""
        rules, tally, camp = self.plan.talks, self._tally, leader.camp
        if self.closed or rules is None or self.standing.get(camp) is not Standing.TALKING:
            return
        strength = self._strength(leader) if tally is not None and tally.by_camp[camp, 0] > 0 else 0.0
        odds = rules.odds * strength * (1.0 if self.somebody_answers else rules.without_answer)
        accepted = self.around.streams.of("command.talks", self.crowd, str(camp)).random() < odds
        answer = Answer.ACCEPTED if accepted else Answer.REFUSED if strength > 0 else Answer.BROKEN_OFF
        talking = (Capability.DIALOGUE, Capability.MEDIATION, Capability.AUDIENCE)
        self.write(
            camp=list(self.around.world.scenario.community.camps)[camp],
            outcome=answer.value,
            odds=round(odds, 6),
            audience=self.somebody_answers,
            units=[unit.spec.id for unit in self._units if any(word in unit.can for word in talking)],
        )
        if answer is Answer.REFUSED:
            self.standing[camp] = Standing.TURNED_AWAY
            again_s = rules.again_after.draw(self.around.streams.of("command.talks_again", self.crowd))
            due(self.around.env, partial(self._may_ask_again, camp), again_s)
        else:
            self.standing[camp] = Standing.AGREED if accepted else Standing.SILENT
        self.on_answer()

    def _may_ask_again(self, camp: int, _event: object) -> None:
        if self.standing.get(camp) is Standing.TURNED_AWAY:
            self.standing[camp] = Standing.SILENT
            if not self.closed:
                self.on_answer()
