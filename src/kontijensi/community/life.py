"""The people's days: time passes over the fields, levels are written down, observers err."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

import mesa
import numpy as np
import simpy

from kontijensi.community.fields import DAY_S, CampLevels, Tension, Villages, legitimacy, willingness
from kontijensi.community.observers import Observers
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
    legitimacy: CampLevels
    willingness: CampLevels
    observers: list[Observers]
    advanced_s: float = 0.0

    def bring_up_to(self, world: World, now_s: float) -> None:
        """Let the fields pass time until now."""
        dt_s = now_s - self.advanced_s
        if dt_s > 0:
            phase = world.phase_at(self.advanced_s)
            self.tension.advance(dt_s, {} if phase is None else phase.phase.drift)
            self.legitimacy.advance(dt_s)
            self.willingness.advance(dt_s)
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
    community = world.scenario.community
    return People(
        villages=villages,
        tension=Tension(world, villages),
        legitimacy=legitimacy(community, villages),
        willingness=willingness(community, villages),
        observers=observers,
    )


@dataclass(frozen=True, slots=True)
class Life:
    """The people of a run with its clock, log and dice: what all that happens among them works with."""

    env: simpy.Environment
    world: World
    log: Log
    streams: Streams
    people: People
    notice: Callable[[], None]
    """Tell the storyline that something has changed."""

    def bring_up(self) -> None:
        """Let the fields pass time until now."""
        self.people.bring_up_to(self.world, self.env.now)

    def village_of(self, place: int) -> int:
        """Row of the village that a place lies in."""
        return int(self.people.villages.of_place[place])


def pass_time(life: Life) -> Process:
    """Advance the fields step by step, and exactly at the bounds of phases."""
    env, world = life.env, life.world
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
        life.bring_up()
        life.notice()


def sample_days(life: Life) -> Process:
    """Write the levels down at the start, once a day and at the bounds of phases."""
    env, world = life.env, life.world
    bounds = {t for phase in world.phases for t in (phase.start_s, phase.end_s) if 0 < t <= world.horizon_s}
    days = np.arange(0.0, world.horizon_s, DAY_S)
    for due_s in sorted({*bounds, *(float(day) for day in days)}):
        if due_s > env.now:
            yield env.timeout(due_s - env.now)
        life.bring_up()
        write_levels(life.people, life.log)


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


def false_alarms(life: Life, entry: str, raise_alarm: Callable[[Observers], None]) -> Process:
    """Report now and then, at random, something that is not there; the better trained err less often."""
    plan = life.world.scenario.community.observers[entry]
    group = [each for each in life.people.observers if each.entry == entry]
    rng = life.streams.of("community.false_alarm", entry)
    while group and plan.false_alarms_per_day > 0:
        yield life.env.timeout(float(rng.exponential(DAY_S * plan.training / plan.false_alarms_per_day)))
        observer = group[int(rng.integers(len(group)))]
        phase = life.world.phase_at(life.env.now)
        if observer.watches(None if phase is None else phase.id) and observer.way is not None:
            raise_alarm(observer)
