"""The command post (*posko*): its desk, the queue of what waits for units, approvals, and help from outside.

What happens at one instant: first everything that ends (units freed, reports handled), then one round of
dispatch over all that waits, in order of priority and then of time.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from heapq import heapify, heappop, heappush
from itertools import count
from typing import Any

import numpy as np
import numpy.typing as npt
import simpy

from kontijensi.command.belief import Belief, Sighting
from kontijensi.command.desk import Desk
from kontijensi.command.dispatching import Candidate, dispatch_policy, nearest
from kontijensi.command.incident import Incident, Outcome, Sort
from kontijensi.command.nearness import Nearness
from kontijensi.command.preemption import Preemption
from kontijensi.command.roster import FreeUnits
from kontijensi.command.situation import LEVEL
from kontijensi.command.unanswered import hindrance
from kontijensi.responders.agenda import AFTER_ALL_ELSE, LAST_OF_ALL, due
from kontijensi.responders.states import UnitState
from kontijensi.responders.surroundings import Surroundings
from kontijensi.responders.unit import Unit
from kontijensi.scenario.schema.distributions import Delay
from kontijensi.scenario.schema.force import CAPABILITY_NAME, Capability, Colour, MutualAid
from kontijensi.vocabulary.records import RecordKind

Process = Generator[simpy.Event, Any, None]


@dataclass(slots=True)
class _AidState:
    plan: MutualAid
    units: list[Unit] = field(default_factory=list)
    asked: bool = False


class Posko:
    """The command post at work."""

    def __init__(self, around: Surroundings, units: Sequence[Unit]) -> None:
        self.world = around.world
        plan = around.world.scenario.command
        self.reserve_share = plan.reserve_share
        self.incidents: dict[str, Incident] = {}
        """Incidents that are open."""
        self._around, self._plan = around, plan
        self._env, self._log, self._put = around.env, around.log, around.log.put
        self._desk = Desk(around.env, plan.operators, self._take_up, self._handled)
        self._handling = around.streams.of("command.handling")
        self._choose = dispatch_policy(plan.dispatch)
        self._units = tuple(units)
        self._rank = {unit: rank for rank, unit in enumerate(units)}
        self._near = Nearness(around)
        self._free = FreeUnits(units, self._near.hold_s)
        self._waiting: list[tuple[int, int, Incident]] = []
        self._order = count()
        self._round_due = False
        self._ordered: list[Unit] = []
        """Who has got an order in this round, and goes when all are given."""
        self._aid = self._aid_states(units)
        self._preemption = Preemption(plan, self.incidents) if plan.preempt != "never" else None
        self.on_change: list[Callable[[], None]] = []
        """Called at the end of an instant in which incidents or free units have changed."""
        self._telling = False
        for unit in units:
            unit.on_free.append(self._unit_freed)
        around.roads.on_change.append(self.look_again)

    # -- what the rest of the run tells it -------------------------------------------------------------------

    def open_incident(self, incident: Incident) -> None:
        """Enter an incident; nobody may know of it yet."""
        self.incidents[incident.id] = incident
        incident.on_short = self._replace
        if self.on_change:
            self._changed()

    def receive_report(
        self, incident: Incident, by: str, sighting: Sighting | None = None, *, through_desk: bool = True
    ) -> None:
        """A report has reached the posko; a later one may change what is believed."""
        if incident.outcome is not None:
            return
        if incident.reported_s is not None:
            if sighting is not None:
                self._hear_again(incident, by, sighting)
            return
        incident.reported_s = self._env.now_s
        said: dict[str, Any] = {"by": by}
        if sighting is not None:
            incident.belief = Belief()
            incident.belief.hear(sighting)
            self._follow_belief(incident)
            said |= {"colour": sighting.colour, "people": sighting.people}
        incident.record = self._put(
            RecordKind.INCIDENT_REPORTED, incident.id, incident.where, incident.record, said
        )
        if through_desk:
            self._desk.take(incident)
        else:
            self._handled(incident)

    def expect_patience(self, incident: Incident, patience: Delay) -> None:
        """Let a caller give up after a while."""
        rng = self._around.streams.of("command.patience", incident.of)
        due(self._env, partial(self._lose_patience, incident), patience.draw(rng))

    def close(self, incident: Incident, outcome: Outcome) -> None:
        """Close an incident and let its units go."""
        if not incident.open:
            return
        if not incident.formed and outcome is not Outcome.FALSE:
            self._account_for(incident)
        incident.outcome = outcome
        said = {"outcome": outcome.value}
        self._put(RecordKind.INCIDENT_CLOSED, incident.id, incident.where, incident.record, said)
        self.incidents.pop(incident.id, None)
        if self.on_change:
            self._changed()
        for unit in list(incident.units):
            unit.release()

    def ask_again(self, incident: Incident) -> None:
        """An incident calls for other units than before, or has become graver or less grave."""
        if not (incident.approved and incident.open):
            return
        entry = next((entry for entry in self._waiting if entry[2] is incident), None)
        if entry is None:
            self._wait_for_units(incident)
        elif entry[0] != incident.priority:  # it keeps its turn among its equals
            self._waiting[self._waiting.index(entry)] = (incident.priority, *entry[1:])
            heapify(self._waiting)
        self.look_again()

    def finish(self) -> None:
        """At the end of the run, account for what is open without its formation."""
        for incident in self.incidents.values():
            if not incident.formed:
                self._account_for(incident)

    def _account_for(self, incident: Incident) -> None:
        why, missing = hindrance(incident, self._units, self._around)
        self._write(
            RecordKind.INCIDENT_UNANSWERED, incident, why=why.value, missing=missing, reached=incident.reached
        )

    def look_again(self) -> None:
        """Hold a dispatch round at the end of this instant."""
        if not self._round_due and self._waiting:
            self._round_due = True
            due(self._env, self._dispatch_round, order=AFTER_ALL_ELSE)

    def _changed(self) -> None:
        if self.on_change and not self._telling:
            self._telling = True
            due(self._env, self._tell, order=LAST_OF_ALL)

    def _tell(self, _event: simpy.Event) -> None:
        self._telling = False
        for tell in self.on_change:
            tell()

    # -- what policies may ask (see dispatching.Roster) ------------------------------------------------------

    def free_with(self, capability: Capability) -> list[Unit]:
        """Return the units with a capability that are free now."""
        return [unit for unit in self._free.able(capability) if unit.available]

    def all_with(self, capability: Capability) -> int:
        """Count the units with a capability that are on duty."""
        now = self._env.now_s
        return sum(
            capability in unit.can and unit.state is not UnitState.ABSENT and unit.spec.on_duty(now)
            for unit in self._units
        )

    def reach_s(self, unit: Unit) -> npt.NDArray[np.float64]:
        """Mean turn-out plus travel from a unit to every place, shape (n_places,) [s]."""
        return self._near.reach_s(unit)

    @property
    def waiting(self) -> int:
        """Number of incidents that wait for units."""
        return sum(entry[2].open for entry in self._waiting)

    # -- the desk and the chain of approval ------------------------------------------------------------------

    def _take_up(self, incident: Incident) -> float:
        incident.record = self._write(RecordKind.DESK_BEGAN, incident)
        return self._plan.handling.draw(self._handling)

    def _handled(self, incident: Incident) -> None:
        incident.record = self._put(
            RecordKind.INCIDENT_HANDLED, incident.id, incident.where, incident.record, {}
        )
        incident.handled = True
        if incident.outcome is None:
            self._seek_approval(incident)

    def _hear_again(self, incident: Incident, by: str, sighting: Sighting) -> None:
        """Take in a further report; a changed belief changes what is ordered, once whoever must agree has."""
        was, belief = incident.seen_as, incident.belief
        if belief is None or not belief.hear(sighting):
            return
        said = {"colour": belief.colour, "was": was, "people": belief.people, "by": by}
        self._write(RecordKind.BELIEF_CHANGED, incident, **said)
        if incident.approved and not incident.asking:
            self._seek_approval(incident)
        elif not incident.approved:
            self._follow_belief(incident)

    def hear_of_change(self, incident: Incident, colour: Colour) -> None:
        """Hear from the spot that it has eased, or flared up again; whoever was asked for still comes."""
        if incident.open and incident.believed_now not in (None, colour):
            said = {"colour": colour, "was": incident.believed_now, "people": None, "by": "field"}
            self._write(RecordKind.BELIEF_CHANGED, incident, **said)
            incident.seen_since = colour

    def _follow_belief(self, incident: Incident) -> None:
        """Order from now on what the believed colour calls for."""
        assert incident.seen_as is not None
        stage = self._plan.stages.at(incident.seen_as)
        incident.asked, incident.also, incident.priority = stage.formation, stage.also, stage.priority

    def _seek_approval(self, incident: Incident) -> None:
        if incident.seen_as is None or self._next_to_agree(incident) is None:
            self._approve(incident)  # nobody had to agree, or all have already
        else:
            incident.asking = True
            self._env.process(self._await_approval(incident))

    def _next_to_agree(self, incident: Incident) -> str | None:
        """Return who must be asked next for what is believed of an incident, None when all have agreed."""
        if incident.seen_as is None:
            return None
        path = self._plan.stages.at(incident.seen_as).authority
        return next((authority for authority in path if authority not in incident.agreed), None)

    def _await_approval(self, incident: Incident) -> Process:
        """Ask up the chain, one after another; the last to agree approves."""
        while (authority := self._next_to_agree(incident)) is not None:
            incident.record = self._write(RecordKind.APPROVAL_ASKED, incident, authority=authority)
            rng = self._around.streams.of("command.approval", authority)
            yield self._env.timeout(self._plan.authorities[authority].answer_s(rng, self._env.now_s))
            incident.agreed.append(authority)
        self._approve(incident)

    def _approve(self, incident: Incident) -> None:
        if not incident.approved or incident.asking:
            said = {"authority": incident.agreed[-1] if incident.agreed else None}
            incident.record = self._put(
                RecordKind.INCIDENT_APPROVED, incident.id, incident.where, incident.record, said
            )
        incident.approved, incident.asking = True, False
        if incident.belief is not None:
            self._follow_belief(incident)
        if incident.outcome is None:
            self._wait_for_units(incident)

    def _wait_for_units(self, incident: Incident) -> None:
        if incident.belief is not None:  # it may wait already, with the priority of another belief
            self._waiting = [entry for entry in self._waiting if entry[2] is not incident]
            heapify(self._waiting)
        if incident.turn is None:
            incident.turn = next(self._order)
        heappush(self._waiting, (incident.priority, incident.turn, incident))
        self.look_again()

    def _lose_patience(self, incident: Incident, _event: simpy.Event) -> None:
        incident.impatient = True
        if incident.open and not incident.units and not incident.reached:
            self.close(incident, Outcome.ABANDONED)

    # -- dispatch --------------------------------------------------------------------------------------------

    def _unit_freed(self, unit: Unit) -> None:
        self._free.add(unit)
        if self.on_change:
            self._changed()
        if self._waiting:
            self.look_again()

    def _dispatch_round(self, _event: simpy.Event) -> None:
        self._round_due = False
        still_waiting = []
        if self._preemption is not None:
            self._preemption.begin_round()
        while self._waiting:
            entry = heappop(self._waiting)
            incident = entry[2]
            if incident.outcome is None:
                self._seek_units(incident)
                if incident.shortage() is not None and not self._given_up(incident):
                    still_waiting.append(entry)
        for entry in still_waiting:
            # Who goes besides goes last, so that no formation is short of what another only likes to have.
            incident = entry[2]
            if incident.also:
                while self._free and self._send_one(incident, incident.shortages()):
                    pass
                if incident.shortage() is None:
                    continue
            heappush(self._waiting, entry)
        ordered, self._ordered = self._ordered, []
        for unit in ordered:
            unit.set_out()

    def _seek_units(self, incident: Incident) -> None:
        """Find who goes for the formation of an incident: on the spot, among the free, then elsewhere."""
        if incident.follows is not None:
            self._take_over(incident)
        while self._free and self._send_one(incident, incident.short_of_formation()):
            pass
        if self._preemption is not None and self._preemption.may_take(incident):
            while self._take_away(incident):
                pass

    def _send_one(self, incident: Incident, short_of: Iterable[Capability]) -> bool:
        """Send a unit for what an incident is short of; return False when no free unit would do."""
        for missing in short_of:
            chosen = self._candidate(incident, missing)
            if chosen is not None:
                self._send(chosen.unit, incident, missing)
                return True
        return False

    def _take_away(self, incident: Incident) -> bool:
        """Take a unit from a less grave incident for what the formation of this one is short of."""
        assert self._preemption is not None
        for missing in incident.short_of_formation():
            taken = self._preemption.units(incident, missing, self._rank)
            # Whatever the policy: who is free, and worth sparing, is not the question any more.
            chosen = nearest(self._near.candidates(taken, incident.place), incident, self, missing)
            if chosen is not None:
                self._turn_to(chosen.unit, incident, missing)
                return True
        return False

    def _turn_to(self, unit: Unit, incident: Incident, capability: Capability) -> None:
        loser = unit.task
        assert isinstance(loser, Incident)
        self._changed()
        incident.units[unit], incident.sent = capability, True
        self._ordered.append(unit)
        unit.turn_to(incident, capability.value, incident.record, self._liaison_s(unit))
        if loser.impatient and not loser.reached and not loser.units:
            self.close(loser, Outcome.ABANDONED)
        else:
            self._replace(loser)

    def _replace(self, incident: Incident) -> None:
        """Look for another unit in the place of one that is lost, taken away or tired."""
        served = incident.sort is Sort.CALL and incident.formed and incident.on_broken is None
        waits = any(entry[2] is incident for entry in self._waiting)
        if incident.approved and incident.open and not (served or waits):
            self._wait_for_units(incident)

    def _given_up(self, incident: Incident) -> bool:
        """Decide what becomes of an incident short of units: lost, or waiting and asking for help."""
        if incident.sort is Sort.CALL:
            if self.world.scenario.calls[incident.of].lost_when_busy and not incident.sent:
                self.close(incident, Outcome.LOST)
                return True
        elif self._aid:
            self._ask_for_aid(incident)
        return False

    def _take_over(self, incident: Incident) -> None:
        """Take units over on the spot from the incident that this one has grown out of."""
        before = incident.follows
        while before is not None:
            for unit in list(before.arrived):
                wanted = next((missing for missing in incident.shortages() if missing in unit.can), None)
                if wanted is not None and unit.on_the_spot and incident.suits(unit):
                    incident.units[unit] = wanted
                    unit.transfer(incident, wanted.value, incident.record)
            before = before.follows

    def _candidate(self, incident: Incident, capability: Capability) -> Candidate | None:
        """Ask the policy, among the free units that suit."""
        preference = self._preference(incident)
        if self._choose is nearest and preference is None:
            return self._near.soonest(self._free, capability, incident.place, incident.suits)
        suitable = self._free.unlike(capability, incident.suits)
        candidates = self._near.candidates(suitable, incident.place)
        if preference is not None and candidates:
            return _preferred(preference, candidates)
        return self._choose(candidates, incident, self, capability)

    def _preference(self, incident: Incident) -> Sequence[str] | None:
        """Return the roster entries that a call from a place asks for, in their order."""
        if incident.sort is not Sort.CALL:
            return None
        preference = self.world.scenario.calls[incident.of].preference
        return preference.get(self._around.place_id(incident.place)) if preference else None

    def _liaison_s(self, unit: Unit) -> float:
        if self._near.led(unit):
            return 0.0
        return self._plan.liaison.draw(self._around.streams.of("command.liaison", unit.spec.id))

    def _send(self, unit: Unit, incident: Incident, capability: Capability) -> None:
        self._free.remove(unit)
        if self.on_change:
            self._changed()
        incident.units[unit], incident.sent = capability, True
        self._ordered.append(unit)
        unit.order(incident, CAPABILITY_NAME[capability], incident.record, self._liaison_s(unit))

    # -- help from outside -----------------------------------------------------------------------------------

    def _aid_states(self, units: Sequence[Unit]) -> dict[str, _AidState]:
        states = {entry: _AidState(plan) for entry, plan in self.world.scenario.mutual_aid.items()}
        for unit in units:
            if unit.spec.aid is not None:
                states[unit.spec.aid].units.append(unit)
        return states

    def _ask_for_aid(self, incident: Incident) -> None:
        missing = set(incident.short_of_formation())
        for entry, aid in self._aid.items():
            helps = any(missing & unit.can and incident.suits(unit) for unit in aid.units)
            if not aid.asked and helps and LEVEL[incident.seen_as or "green"] >= LEVEL[aid.plan.asked_at]:
                aid.asked = True
                self._env.process(self._bring_aid(entry, aid, incident))

    def _bring_aid(self, entry: str, aid: _AidState, incident: Incident) -> Process:
        place = self._around.place_id(incident.place)
        asked = self._log.write(RecordKind.AID_ASKED, entry, place, incident.record, incident=incident.id)
        path = aid.plan.authority
        if why := self._incomplete(aid.plan):
            self._log.write(RecordKind.AID_REFUSED, entry, place, asked, why=why)
            return
        rng = self._around.streams.of("command.aid", entry)
        for authority in path:
            yield self._env.timeout(self._plan.authorities[authority].answer_s(rng, self._env.now_s))
        lead_s = aid.plan.lead_time.draw(rng)
        agreed = self._log.write(
            RecordKind.AID_AGREED, entry, place, asked, arrives_s=self._env.now_s + lead_s, authority=path[-1]
        )
        yield self._env.timeout(lead_s)
        arrived = self._log.write(
            RecordKind.AID_ARRIVED,
            entry,
            aid.plan.arrives_at,
            agreed,
            units=[unit.spec.id for unit in aid.units],
        )
        for unit in aid.units:
            unit.report_for_duty(arrived)

    def _incomplete(self, plan: MutualAid) -> str | None:
        """Say why help must be refused: nobody agrees to it, or the last of the path cannot send it."""
        if not plan.authority:
            return "authority"
        grant = self._plan.granters(self.world.scenario.unit_types[plan.type].agency)
        return "path" if grant and plan.authority[-1] not in grant else None

    def _write(self, kind: RecordKind, incident: Incident, **values: Any) -> int:
        return self._put(kind, incident.id, incident.where, incident.record, values)


def _preferred(groups: Sequence[str], candidates: Sequence[Candidate]) -> Candidate:
    """Return the first candidate of the roster entry that comes first, else whoever can be there first."""
    return min(
        (candidate for candidate in candidates if candidate.unit.spec.group in groups),
        key=lambda candidate: groups.index(candidate.unit.spec.group),
        default=None,
    ) or min(candidates, key=lambda candidate: candidate.eta_s)
