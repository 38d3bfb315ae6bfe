"""Command on the spot: what is done at one crowd, reviewed when something there has changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from kontijensi.command.incident import Incident
from kontijensi.command.postures import FieldView, Posture, PosturePolicy
from kontijensi.command.situation import LEVEL
from kontijensi.command.talks import Talks
from kontijensi.crowd import Conduct, Tally
from kontijensi.crowd.agents import CampLeader
from kontijensi.responders.surroundings import Surroundings
from kontijensi.responders.unit import Unit
from kontijensi.scenario.schema.force import FORCE_FREE, Colour, Stock
from kontijensi.vocabulary.records import RecordKind


@dataclass(slots=True)
class FieldCommand:
    """The commander at one crowd."""

    around: Surroundings
    crowd: str
    place: int
    leaders: Sequence[CampLeader]
    enclosed: bool
    policy: PosturePolicy
    on_answer: Callable[[], None]
    """Called when a round of talks has ended."""
    incidents: list[Incident] = field(default_factory=list)
    posture: Posture = field(default_factory=Posture)
    conduct: Conduct = field(default_factory=Conduct)
    formed_s: float | None = None
    """When the formation for the present colour was complete."""
    talks: Talks = field(init=False)

    def __post_init__(self) -> None:
        """Let talks be held here."""
        self.talks = Talks(self.around, self.crowd, self.leaders, self._write_talks, self.on_answer)

    def units(self) -> list[Unit]:
        """Return the units on the spot, each once."""
        there = {unit: None for incident in self.incidents for unit in incident.arrived if unit.on_the_spot}
        return list(there)

    def review(self, colour: Colour, since_s: float, guards: int, tally: Tally | None) -> Conduct:
        """Decide anew what is done; write it down when it has changed."""
        units = self.units()
        view = self._view(units, colour, since_s, tally)
        posture = self.policy(view, self.around.world.scenario.command.escalate_after)
        forceful = [unit for unit in units if unit.spec.type.agency not in FORCE_FREE]
        officers = guards + sum(unit.spec.type.personnel for unit in forceful)
        if officers == 0:
            posture = replace(posture, withdraw=False)  # nobody is there to step back
        conduct = self._conduct(posture, units, officers, tally)
        if _differs(conduct, self.conduct) or posture.withdraw != self.posture.withdraw:
            self._write(posture, conduct, units)
            self.posture, self.conduct = posture, conduct
        return self.conduct

    def use_stock(self, name: Stock, amount: float) -> None:
        """Take what was used from the units that carry it, the first ones first."""
        for unit in self.units():
            if amount <= 0:
                return
            amount -= unit.use_stock(name, amount)

    def stock_left(self, name: Stock) -> float:
        """Return what the units on the spot still carry."""
        return sum(unit.stock.get(name, 0.0) for unit in self.units())

    def _view(self, units: Sequence[Unit], colour: Colour, since_s: float, tally: Tally | None) -> FieldView:
        formed = any(incident.standing and incident.open for incident in self.incidents)
        started_s = max(since_s, self.formed_s if self.formed_s is not None else since_s)
        return FieldView(
            colour=colour,
            present=0 if tally is None else tally.present,
            active=0 if tally is None else tally.active,
            violent=0 if tally is None else tally.violent,
            capabilities=frozenset().union(*(unit.can for unit in units)),
            formed=formed,
            in_colour_s=self.around.env.now - started_s,
            enclosed=self.enclosed,
            irritant_left=self.stock_left("irritant"),
            water_left=self.stock_left("water"),
            inflames=self._inflames(tally),
        )

    def _conduct(
        self, posture: Posture, units: Sequence[Unit], officers: int, tally: Tally | None
    ) -> Conduct:
        dialogue = self.talks.hold(units, tally, wanted=posture.dialogue)
        if posture.withdraw:
            stay = self.around.world.scenario.command.lower_profile.presence
            return Conduct(officers=round(stay * officers), dialogue=dialogue)
        if officers == 0:
            return Conduct(dialogue=dialogue)
        return Conduct(
            officers=officers,
            dialogue=dialogue,
            line=posture.line or posture.push,
            push=posture.push,
            water=posture.water,
            irritant=posture.irritant,
            arrest=posture.arrest,
            arrest_violent_only=posture.arrest_violent_only,
        )

    def _inflames(self, tally: Tally | None) -> bool:
        """Tell whether the people here trust so little, or stand together so much, that presence inflames."""
        if tally is None or tally.present == 0:
            return False
        rule = self.around.world.scenario.command.lower_profile
        weights = tally.by_camp[:, 0] / tally.present
        identity = sum(w * felt.identity for w, felt in zip(weights, tally.traits, strict=True))
        legitimacy = sum(w * felt.legitimacy for w, felt in zip(weights, tally.traits, strict=True))
        return bool(identity >= rule.identity or legitimacy <= rule.legitimacy)

    def _write_talks(self, **values: Any) -> None:
        parent = max((incident.record for incident in self.incidents if incident.open), default=None)
        self.around.log.write(
            RecordKind.TALKS_HELD, self.crowd, self.around.place_id(self.place), parent, **values
        )

    def _write(self, posture: Posture, conduct: Conduct, units: Sequence[Unit]) -> None:
        latest = max(self.incidents, key=lambda incident: LEVEL[incident.colour or "green"], default=None)
        self.around.log.write(
            RecordKind.POSTURE_SET,
            self.crowd if latest is None else latest.id,
            self.around.place_id(self.place),
            None if latest is None else latest.record,
            posture=posture.name,
            dialogue=conduct.dialogue,
            officers=conduct.officers,
            line=conduct.line,
            push=conduct.push,
            water=conduct.water,
            irritant=conduct.irritant,
            arrest=conduct.arrest,
            units=[unit.spec.id for unit in units],
        )


def _differs(new: Conduct, old: Conduct) -> bool:
    """Tell whether conduct has changed; talks that go a little better or worse are the same conduct."""
    return replace(new, dialogue=0.0) != replace(old, dialogue=0.0) or abs(new.dialogue - old.dialogue) >= 0.1
