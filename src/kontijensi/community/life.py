"""The people's days: time passes over the fields, programmes are held, observers err."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Any

import mesa
import numpy as np
import simpy

from kontijensi.community.fields import DAY_S, Legitimacy, Tension, Villages
from kontijensi.community.observers import HOUR_S, Observers
from kontijensi.scenario.schema.community import Programme
from kontijensi.vocabulary.log import Log
from kontijensi.vocabulary.records import RecordKind
from kontijensi.vocabulary.streams import Streams
from kontijensi.world.world import World

Process = Generator[simpy.Event, Any, None]


@dataclass(slots=True)
class People:
    """The state of the people: fields over the villages, and who watches where."""

    villages: Villages
    tension: Tension
    legitimacy: Legitimacy
    observers: list[Observers]
    advanced_s: float = 0.0

    def bring_up_to(self, world: World, now_s: float) -> None:
        """Let the fields pass time until now."""
        dt_s = now_s - self.advanced_s
        if dt_s > 0:
            phase = world.phase_at(self.advanced_s)
            self.tension.advance(dt_s, {} if phase is None else phase.phase.drift)
            self.legitimacy.advance(dt_s)
            self.advanced_s = now_s

    def watching(self, place: int, phase: str | None) -> list[Observers]:
        """Return the observers at a place who watch in this phase."""
        return [each for each in self.observers if each.place == place and each.watches(phase)]


def people(model: mesa.Model, world: World) -> People:
    """Set the people up as the scenario describes them."""
    villages = Villages(world)
    observers = [
        Observers(model, entry, int(place), plan, signal=world.places.entries[place].signal)
        for entry, plan in world.scenario.community.observers.items()
        for place in world.choose(plan.places)
    ]
    return People(villages, Tension(world, villages), Legitimacy(world, villages), observers)


def pass_time(env: simpy.Environment, world: World, state: People, noticed: Callable[[], None]) -> Process:
    """Advance the fields step by step, and exactly at the bounds of phases."""
    bounds = sorted({t for phase in world.phases for t in (phase.start_s, phase.end_s) if t > 0})
    step_s, next_step = world.scenario.community.step, 1
    while True:
        due_s = next_step * step_s
        if bounds and bounds[0] <= due_s:
            due_s = bounds.pop(0)
        if due_s == next_step * step_s:
            next_step += 1
        if due_s > env.now:
            yield env.timeout(due_s - env.now)
        state.bring_up_to(world, env.now)
        noticed()


def sample_days(env: simpy.Environment, world: World, state: People, log: Log) -> Process:
    """Write the levels down at the start, once a day and at the bounds of phases."""
    bounds = {t for phase in world.phases for t in (phase.start_s, phase.end_s) if 0 < t <= world.horizon_s}
    days = np.arange(0.0, world.horizon_s, DAY_S)
    for due_s in sorted({*bounds, *(float(day) for day in days)}):
        if due_s > env.now:
            yield env.timeout(due_s - env.now)
        state.bring_up_to(world, env.now)
        write_levels(state, log)


def write_levels(state: People, log: Log) -> None:
    """Write the mean and the extreme of every channel and camp."""
    ids = state.villages.ids
    for channel, row in state.tension.rows.items():
        level = state.tension.levels[row]
        worst = int(level.argmax())
        log.write(
            RecordKind.TENSION_SAMPLED,
            channel,
            mean=float(level.mean()),
            highest=float(level[worst]),
            at=ids[worst],
        )
    for camp, row in state.legitimacy.rows.items():
        level = state.legitimacy.levels[row]
        worst = int(level.argmin())
        log.write(
            RecordKind.LEGITIMACY_SAMPLED,
            camp,
            mean=float(level.mean()),
            lowest=float(level[worst]),
            at=ids[worst],
        )


def run_programme(
    env: simpy.Environment, world: World, state: People, log: Log, entry: tuple[str, Programme]
) -> Process:
    """Hold a programme at each of its times; it acts on tension, legitimacy and alertness."""
    name, plan = entry
    places = [int(row) for row in world.choose(plan.places)]
    villages = state.villages.of_place[places]
    for due_s in _occasions(world, plan):
        if due_s > env.now:
            yield env.timeout(due_s - env.now)
        state.bring_up_to(world, env.now)
        for place in places:
            log.write(
                RecordKind.PROGRAMME_HELD,
                name,
                world.places.ids[place],
                person_hours=plan.people * plan.lasts / HOUR_S,
            )
        for channel, share in plan.lowers.items():
            state.tension.relieve(channel, villages, share, plan.ramp)
        if plan.raises_legitimacy > 0:
            state.legitimacy.close_gap(villages, plan.raises_legitimacy)
        if plan.raises_detection > 0:
            alerted = [each for each in state.observers if each.place in set(places)]
            env.process(_alert(env, alerted, plan))


def _alert(env: simpy.Environment, alerted: Sequence[Observers], plan: Programme) -> Process:
    for each in alerted:
        each.alertness += plan.raises_detection
    yield env.timeout(plan.lasts)
    for each in alerted:
        each.alertness -= plan.raises_detection


def _occasions(world: World, plan: Programme) -> list[float]:
    calendar, horizon_s = world.calendar, world.horizon_s
    moments = [calendar.seconds(moment) for moment in plan.times]
    if plan.daily_at is not None and plan.start is not None and plan.end is not None:
        due_s = calendar.next_clock(calendar.seconds(plan.start), plan.daily_at)
        while due_s <= calendar.seconds(plan.end):
            moments.append(due_s)
            due_s += DAY_S
    return sorted(moment for moment in moments if 0 <= moment < horizon_s)


def false_alarms(
    env: simpy.Environment,
    world: World,
    state: People,
    streams: Streams,
    entry: str,
    raise_alarm: Callable[[Observers], None],
) -> Process:
    """Report now and then, at random, something that is not there."""
    plan = world.scenario.community.observers[entry]
    group = [each for each in state.observers if each.entry == entry]
    rng = streams.of("community.false_alarm", entry)
    while group and plan.false_alarms_per_day > 0:
        yield env.timeout(float(rng.exponential(DAY_S / plan.false_alarms_per_day)))
        observer = group[int(rng.integers(len(group)))]
        phase = world.phase_at(env.now)
        if observer.watches(None if phase is None else phase.id):
            raise_alarm(observer)
