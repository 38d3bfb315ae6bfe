"""Complaints: the legal outlet. An intake has so many hands, hours of work and a deadline.

What is handled in time takes grievance off its village; what is late, refused or turned away adds to it. Each
complaint is counted once: filed = settled in time + settled late + refused + turned away + waiting + in hand.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import simpy

from kontijensi.community.fields import DAY_S
from kontijensi.community.life import Life
from kontijensi.scenario.schema.complaints import Intake
from kontijensi.vocabulary.clock import Calendar
from kontijensi.vocabulary.records import RecordKind

Process = Generator[simpy.Event, Any, None]


@dataclass(eq=False, slots=True)
class Complaint:
    """One complaint on its way."""

    id: str
    place: int
    village: int
    filed_s: float
    record: int
    late: bool = False
    settled: bool = False


@dataclass(slots=True)
class _Desk:
    """One intake: what waits, how many hands are busy, and how complaints of each village have gone."""

    name: str
    plan: Intake
    waiting: deque[Complaint] = field(default_factory=deque)
    busy: int = 0
    filed: Counter[int] = field(default_factory=Counter)
    in_time: Counter[int] = field(default_factory=Counter)
    failed: Counter[int] = field(default_factory=Counter)
    """Late, refused or turned away."""

    @property
    def full(self) -> bool:
        """Whether nobody is free and nobody else may wait."""
        room = self.plan.room
        return room is not None and self.busy == self.plan.handlers and len(self.waiting) >= room


class Intakes:
    """Every intake of the scenario, on the clock of the run."""

    def __init__(self, life: Life) -> None:
        self._life = life
        self._desks = {
            name: _Desk(name, plan) for name, plan in life.world.scenario.community.intakes.items()
        }

    def begin(self) -> None:
        """Let villages under tension complain by themselves."""
        for desk in self._desks.values():
            for channel, rate in desk.plan.from_tension.items():
                self._life.env.process(self._complain_by_chance(desk, channel, rate))

    # -- what may be asked -----------------------------------------------------------------------------------

    def waiting(self) -> int:
        """Complaints that wait or are in hand, at all intakes."""
        return sum(len(desk.waiting) + desk.busy for desk in self._desks.values())

    def in_time(self, place: int) -> int:
        """Complaints of a place's village that were handled in time."""
        village = self._life.village_of(place)
        return sum(desk.in_time[village] for desk in self._desks.values())

    def failed(self, place: int) -> int:
        """Complaints of a place's village that are late, were refused or turned away."""
        village = self._life.village_of(place)
        return sum(desk.failed[village] for desk in self._desks.values())

    def heard_share(self, intake: str, place: int) -> float:
        """Share of a village's complaints at an intake that were handled in time; 0 without complaints."""
        desk, village = self._desks[intake], self._life.village_of(place)
        return desk.in_time[village] / desk.filed[village] if desk.filed[village] else 0.0

    # -- the way of a complaint ------------------------------------------------------------------------------

    def file(self, intake: str, place: int, parent: int | None = None) -> None:
        """File a complaint from a place: it waits its turn, or is turned away where there is no room."""
        life, desk = self._life, self._desks[intake]
        village = life.village_of(place)
        desk.filed[village] += 1
        name = f"{intake}-{desk.filed.total()}"
        where = life.world.places.ids[place]
        record = life.log.write(RecordKind.COMPLAINT_FILED, name, where, parent, intake=intake)
        complaint = Complaint(name, place, village, life.env.now, record)
        if desk.full:
            self._settle(desk, complaint, "turned_away")
            return
        desk.waiting.append(complaint)
        life.env.process(self._watch_deadline(desk, complaint))
        self._take_up(desk)
        life.notice()

    def _take_up(self, desk: _Desk) -> None:
        while desk.waiting and desk.busy < desk.plan.handlers:
            desk.busy += 1
            self._life.env.process(self._handle(desk, desk.waiting.popleft()))

    def _handle(self, desk: _Desk, complaint: Complaint) -> Process:
        life, plan = self._life, desk.plan
        opens_s = working_time(plan, life.world.calendar, life.env.now, 0.0)
        if opens_s > life.env.now:
            yield life.env.timeout(opens_s - life.env.now)
        self._write(RecordKind.COMPLAINT_TAKEN_UP, complaint, desk)
        work_s = plan.handling.draw(life.streams.of("community.handling", desk.name))
        done_s = working_time(plan, life.world.calendar, life.env.now, work_s)
        yield life.env.timeout(done_s - life.env.now)
        refused = plan.refused_share > 0 and (
            life.streams.of("community.refusal", desk.name).random() < plan.refused_share
        )
        self._settle(desk, complaint, "refused" if refused else "late" if complaint.late else "in_time")
        desk.busy -= 1
        self._take_up(desk)

    def _watch_deadline(self, desk: _Desk, complaint: Complaint) -> Process:
        yield self._life.env.timeout(desk.plan.deadline)
        if not complaint.settled:
            complaint.late = True
            self._write(RecordKind.COMPLAINT_LATE, complaint, desk)
            self._disappoint(desk, complaint)

    def _settle(self, desk: _Desk, complaint: Complaint, outcome: str) -> None:
        complaint.settled = True
        self._write(RecordKind.COMPLAINT_SETTLED, complaint, desk, outcome=outcome)
        if outcome == "in_time":
            self._satisfy(desk, complaint)
        elif not complaint.late:  # whoever waited too long was disappointed then
            self._disappoint(desk, complaint)

    def _satisfy(self, desk: _Desk, complaint: Complaint) -> None:
        people, village = self._life.people, [complaint.village]
        desk.in_time[complaint.village] += 1
        self._life.bring_up()
        for channel, share in desk.plan.relieves.items():
            people.tension.relieve(channel, village, share, 0.0)
        if desk.plan.raises_legitimacy > 0:
            people.legitimacy.close_gap(village, desk.plan.raises_legitimacy)
        self._life.notice()

    def _disappoint(self, desk: _Desk, complaint: Complaint) -> None:
        people = self._life.people
        desk.failed[complaint.village] += 1
        self._life.bring_up()
        own = people.villages.reached(complaint.place, "place")
        for channel, by in desk.plan.embitters.items():
            people.tension.jump(channel, own, by)
        if desk.plan.cuts_legitimacy > 0:
            for camp in people.legitimacy.camps:
                people.legitimacy.jump(camp, own, -desk.plan.cuts_legitimacy)
        self._life.notice()

    def _write(self, kind: RecordKind, complaint: Complaint, desk: _Desk, **values: Any) -> None:
        where = self._life.world.places.ids[complaint.place]
        complaint.record = self._life.log.write(
            kind, complaint.id, where, complaint.record, intake=desk.name, **values
        )

    def _complain_by_chance(self, desk: _Desk, channel: str, rate: float) -> Process:
        """File complaints at a rate in proportion to tension, by thinning (Lewis and Shedler 1979)."""
        life = self._life
        rng = life.streams.of("community.complaint", desk.name, channel)
        of_village = life.people.villages.of_place
        first = [int(np.flatnonzero(of_village == village)[0]) for village in np.unique(of_village)]
        while True:
            yield life.env.timeout(float(rng.exponential(1.0 / (rate * len(first)))))
            place, chance = first[int(rng.integers(len(first)))], rng.random()
            life.bring_up()
            if chance < life.people.tension.at(place, channel):
                self.file(desk.name, place)


def working_time(plan: Intake, calendar: Calendar, from_s: float, work_s: float) -> float:
    """Return when so much work is done that begins at a moment, in the intake's hours [s]."""
    if plan.opens is None and plan.weekdays is None:
        return from_s + work_s
    opens, closes = plan.opens or 0.0, DAY_S if plan.closes is None else plan.closes
    day_s = from_s - calendar.second_of_day(from_s)
    while True:
        begins_s, ends_s = max(from_s, day_s + opens), day_s + closes
        if begins_s < ends_s and (plan.weekdays is None or calendar.weekday(day_s) in plan.weekdays):
            if begins_s + work_s <= ends_s:
                return begins_s + work_s
            work_s -= ends_s - begins_s
        day_s += DAY_S
