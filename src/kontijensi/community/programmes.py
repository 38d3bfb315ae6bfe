"""Programmes: work done with people before anything happens. It acts slowly and costs hours."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import numpy as np
import simpy

from kontijensi.community.fields import DAY_S
from kontijensi.community.life import Life
from kontijensi.community.observers import HOUR_S, Observers
from kontijensi.community.rumours import Hearsay
from kontijensi.scenario.schema.community import Programme
from kontijensi.vocabulary.records import RecordKind
from kontijensi.world.world import World

Process = Generator[simpy.Event, Any, None]


def run_programme(life: Life, hearsay: Hearsay, entry: tuple[str, Programme]) -> Process:
    """Hold a programme at each of its times; it acts on tension, feelings, rumours and alertness."""
    name, plan = entry
    world, people = life.world, life.people
    places = [int(row) for row in world.choose(plan.places)]
    villages = people.villages.of_place[places]
    for due_s in occasions(world, plan):
        if due_s > life.env.now:
            yield life.env.timeout(due_s - life.env.now)
        life.bring_up()
        for place in places:
            life.log.write(
                RecordKind.PROGRAMME_HELD,
                name,
                world.places.ids[place],
                person_hours=plan.people * plan.lasts / HOUR_S,
            )
        for channel, share in plan.lowers.items():
            people.tension.relieve(channel, villages, share, plan.ramp)
        if plan.raises_legitimacy > 0:
            people.legitimacy.close_gap(villages, plan.raises_legitimacy)
        for camp, share in plan.raises_willingness.items():
            people.willingness.close_gap(villages, share, camp)
        reached = np.zeros(len(people.villages.ids), dtype=bool)
        reached[villages] = True
        for rumour, faster in plan.clarifies.items():
            hearsay.clarify(rumour, reached, faster, plan.lasts)
        if plan.raises_detection > 0:
            alerted = [each for each in people.observers if each.place in set(places)]
            life.env.process(_alert(life.env, alerted, plan))


def _alert(env: simpy.Environment, alerted: list[Observers], plan: Programme) -> Process:
    for each in alerted:
        each.alertness += plan.raises_detection
    yield env.timeout(plan.lasts)
    for each in alerted:
        each.alertness -= plan.raises_detection


def occasions(world: World, plan: Programme) -> list[float]:
    """Return when a programme is held within the run [s]."""
    moments = [world.calendar.seconds(moment) for moment in plan.times] + _daily(world, plan)
    return sorted(
        moment for moment in moments if 0 <= moment < world.horizon_s and _in_phase(world, plan, moment)
    )


def _daily(world: World, plan: Programme) -> list[float]:
    if plan.daily_at is None:
        return []
    moments = []
    for first_s, last_s in _spans(world, plan):
        due_s = world.calendar.next_clock(first_s, plan.daily_at)
        while due_s <= last_s:
            if plan.weekdays is None or world.calendar.weekday(due_s) in plan.weekdays:
                moments.append(due_s)
            due_s += DAY_S
    return moments


def _spans(world: World, plan: Programme) -> list[tuple[float, float]]:
    if plan.start is not None and plan.end is not None:
        return [(world.calendar.seconds(plan.start), world.calendar.seconds(plan.end))]
    return [(phase.start_s, phase.end_s) for phase in world.phases if phase.id in (plan.phases or ())]


def _in_phase(world: World, plan: Programme, moment_s: float) -> bool:
    if plan.phases is None:
        return True
    phase = world.phase_at(moment_s)
    return phase is not None and phase.id in plan.phases
