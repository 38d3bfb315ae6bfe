"""Triggers: each waits for its cause and hands its effects on as values.

A trigger's cause is a list of moments, a rate, a condition over the live situation, another trigger, or the
trainer. Conditions are looked at when something they may depend on has changed, never on a timer.

What one firing adds to a rate is drawn as a family (Hawkes and Oakes 1974): a Poisson number of further
firings, each after an exponential time, each with a family of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import simpy

from kontijensi.responders.surroundings import Surroundings
from kontijensi.scenario.conditions import Condition, Range, compile_condition
from kontijensi.scenario.schema.storyline import Effect, Trigger
from kontijensi.storyline.arrivals import arrivals
from kontijensi.storyline.choosing import draw_places, place_weights
from kontijensi.storyline.injects import Inject
from kontijensi.vocabulary.records import RecordKind
from kontijensi.world.world import World

Process = Generator[simpy.Event, Any, None]
COMMAND_NAMES = frozenset({"incidents_open", "incidents_waiting", "units_free"})
"""Names in conditions whose values change with the work of command."""


class Situation(Protocol):
    """What conditions may look at; reading it changes nothing."""

    def at(self, place: int) -> Mapping[str, float]:
        """Return the values that hold at a place, and those of the whole area."""

    def bounds(self, names: Iterable[str]) -> Mapping[str, Range]:
        """Return the lowest and highest value that each name has at any place now, or a wider range."""

    def tension_at(self, place: int) -> float:
        """Return the highest tension at a place."""


@dataclass(frozen=True, slots=True)
class Firing:
    """A trigger that takes effect at a place."""

    trigger: str
    place: int
    record: int
    effects: tuple[Effect, ...]
    number: int


@dataclass(slots=True)
class _Told:
    """What a trigger has done so far, and the conditions it watches."""

    id: str
    plan: Trigger
    rows: npt.NDArray[np.int64]
    condition: Condition | None
    rearm: Condition | None
    arms: Condition | None
    disarms: Condition | None
    eligible: frozenset[int] = frozenset()
    asleep: set[int] = field(default_factory=set)
    """Places at which it may not fire until `arms` holds there."""
    fired: int = 0
    last_s: dict[int, float] = field(default_factory=dict)
    holding: dict[int, simpy.Process] = field(default_factory=dict)
    spent: set[int] = field(default_factory=set)

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Every condition that it watches."""
        found = (self.condition, self.rearm, self.arms, self.disarms)
        return tuple(condition for condition in found if condition is not None)

    @property
    def by_place(self) -> bool:
        """Whether it is asked of each place by itself: its conditions are about one, or it sleeps there."""
        sleeps = self.arms is not None or self.disarms is not None
        return sleeps or any(condition.per_place for condition in self.conditions)


@dataclass(frozen=True, slots=True)
class _Cause:
    """Why a trigger fires: the how-manieth firing, the record that caused it, and who called it."""

    number: int
    parent: int | None = None
    by: str | None = None


class Storyline:
    """All the triggers of a run."""

    def __init__(self, around: Surroundings, situation: Situation, act: Callable[[Firing], None]) -> None:
        world = around.world
        self._env, self._world, self._log, self._streams = around.env, world, around.log, around.streams
        self._situation, self._act = situation, act
        self._told = {name: _told(world, name, plan) for name, plan in world.scenario.triggers.items()}
        self._chained: dict[str, list[_Told]] = {}
        for told in self._told.values():
            if told.plan.after is not None:
                self._chained.setdefault(told.plan.after, []).append(told)
        self._watching = [told for told in self._told.values() if told.conditions]
        conditions = [condition for told in self._watching for condition in told.conditions]
        self.watches_command = any(COMMAND_NAMES & condition.names for condition in conditions)
        """Whether some condition is about incidents or free units."""

    def begin(self, injects: Sequence[Inject] = ()) -> None:
        """Start what waits for a moment, a chance or the trainer."""
        for told in self._told.values():
            if told.plan.at is not None:
                self._env.process(self._keep_appointments(told))
            elif told.plan.rate is not None:
                rng = self._streams.of("storyline.rate", told.id)
                rate, phases = told.plan.rate, told.plan.phases
                happen = partial(self._occur, told)
                self._env.process(arrivals(self._env, self._world, rate, phases, rng, happen))
        for inject in injects:
            self._env.process(self._obey(inject))
        self.notice()

    def notice(self, places: Iterable[int] | None = None) -> None:
        """Look at the conditions again: at these places, or everywhere."""
        changed = None if places is None else sorted(set(places))
        for told in self._watching:
            self._arm(told, changed)
            if told.condition is None or not (told.holding or told.spent or self._in_phase(told)):
                continue
            if not told.by_place:
                self._look(told, None)
                continue
            for row in self._worth_a_look(told) if changed is None else changed:
                if row in told.eligible:
                    self._look(told, int(row))

    def _worth_a_look(self, told: _Told) -> Iterable[int]:
        """Return the places to look at when anything may have changed.

        Where the condition can hold nowhere, by interval arithmetic over what there is now, only those matter
        at which it held before: one look at the bounds then stands for one at each of a thousand places.
        """
        assert told.condition is not None
        if told.condition.possible(self._situation.bounds(told.condition.names)):
            return told.rows
        return sorted({*told.holding, *told.spent})

    def _arm(self, told: _Told, changed: Iterable[int] | None) -> None:
        """Wake a trigger, or put it to sleep, at the places that have changed."""
        if told.arms is None and told.disarms is None:
            return
        rows = told.rows if changed is None else (row for row in changed if row in told.eligible)
        for row in map(int, rows):
            here = self._situation.at(row)
            if row in told.asleep:
                if told.arms is not None and told.arms.evaluate(here):
                    told.asleep.discard(row)
            elif told.disarms is not None and told.disarms.evaluate(here):
                told.asleep.add(row)

    def _look(self, told: _Told, place: int | None) -> None:
        """Start, keep or stop waiting for a condition to have held long enough."""
        key = -1 if place is None else place
        where = place if place is not None else (int(told.rows[0]) if len(told.rows) else 0)
        assert told.condition is not None
        here = self._situation.at(where)
        holds = key not in told.asleep and self._in_phase(told) and told.condition.evaluate(here)
        if not holds:
            if told.rearm is None or told.rearm.evaluate(here):
                told.spent.discard(key)
            waiting = told.holding.pop(key, None)
            if waiting is not None and waiting.is_alive and waiting is not self._env.active_process:
                waiting.interrupt()
        elif key not in told.holding and key not in told.spent:
            told.holding[key] = self._env.process(self._hold(told, place, key))

    def _hold(self, told: _Told, place: int | None, key: int) -> Process:
        try:
            yield self._env.timeout(told.plan.held_for)
        except simpy.Interrupt:
            return
        told.holding.pop(key, None)
        told.spent.add(key)  # it must cease to hold before it can fire there again
        self._occur(told, place)

    def _obey(self, inject: Inject) -> Process:
        """Fire what the trainer calls, whatever its phases, chance and cool-down say."""
        yield self._env.timeout(inject.at_s)
        told = self._told[inject.trigger]
        rng = self._streams.of("storyline.inject", told.id)
        rows = [inject.place] if inject.place is not None else self._places(told, rng)
        for row in rows:
            told.fired += 1
            delay_s = told.plan.delay.draw(rng)
            self._env.process(self._fire(told, row, delay_s, _Cause(told.fired, by="inject")))

    def _keep_appointments(self, told: _Told) -> Process:
        for moment in sorted(told.plan.at or []):
            due_s = self._world.calendar.seconds(moment)
            if due_s < self._env.now:
                continue
            yield self._env.timeout(due_s - self._env.now)
            self._occur(told)

    def _occur(self, told: _Told, place: int | None = None, parent: int | None = None) -> None:
        """Its cause has come about, at a place or anywhere: draw whether and where it takes effect."""
        if not self._ready(told, place):
            return
        rng = self._streams.of("storyline.fire", told.id)
        if rng.random() >= told.plan.probability:
            return
        rows = [place] if place is not None else self._places(told, rng)
        self._excite(told, rows)
        if told.plan.most is not None:
            rows = rows[: told.plan.most - told.fired]
        if rows:
            told.last_s[_key(told, place)] = self._env.now
        for row in rows:
            self._set_off(told, row, parent)

    def _excite(self, told: _Told, rows: Sequence[int]) -> None:
        """Draw what this firing brings about by itself later on."""
        excites = told.plan.self_exciting
        if excites is None or not rows:
            return
        rng = self._streams.of("storyline.excite", told.id)
        for _follower in range(int(rng.poisson(excites.branching))):
            delay_s = float(rng.exponential(excites.decay))
            near = rng.random() < excites.same_place
            self._env.process(self._follow(told, delay_s, rows[0] if near else None))

    def _follow(self, told: _Told, delay_s: float, place: int | None) -> Process:
        yield self._env.timeout(delay_s)
        self._occur(told, place)

    def _ready(self, told: _Told, place: int | None) -> bool:
        """Tell whether it may fire now: in its phases, not too often, not too soon, at a place at work."""
        if not self._in_phase(told) or (told.plan.most is not None and told.fired >= told.plan.most):
            return False
        last_s, now_s = told.last_s.get(_key(told, place)), self._env.now
        if last_s is not None and now_s - last_s < told.plan.cooldown:
            return False
        if told.condition is not None and last_s == now_s:
            return False  # two triggers that undo each other would take turns for ever within one instant
        if place is None:
            return True
        exposed = not told.plan.exposed_only or self._world.exposed(place, self._env.now)
        return exposed and place not in told.asleep

    def _set_off(self, told: _Told, row: int, parent: int | None) -> None:
        told.fired += 1
        delay_s = told.plan.delay.draw(self._streams.of("storyline.delay", told.id))
        self._env.process(self._fire(told, row, delay_s, _Cause(told.fired, parent)))

    def _places(self, told: _Told, rng: np.random.Generator) -> list[int]:
        rows = told.rows
        if told.plan.exposed_only:
            exposed = [row for row in rows if self._world.exposed(int(row), self._env.now)]
            rows = np.array(exposed, dtype=np.int64)
        if told.asleep:
            rows = np.array([row for row in rows if int(row) not in told.asleep], dtype=np.int64)
        if len(rows) == 0:
            return []
        weights = place_weights(self._world, rows, told.plan.weigh_by, self._situation.tension_at)
        return draw_places(rng, rows, weights, told.plan.pick)

    def _fire(self, told: _Told, place: int, delay_s: float, cause: _Cause) -> Process:
        yield self._env.timeout(max(delay_s, 0.0))
        values = {} if cause.by is None else {"by": cause.by}
        where = self._world.places.ids[place]
        record = self._log.write(RecordKind.TRIGGER_FIRED, told.id, where, cause.parent, **values)
        self._act(Firing(told.id, place, record, tuple(told.plan.effects), cause.number))
        for follower in self._chained.get(told.id, ()):
            if place in follower.eligible:
                self._occur(follower, place, record)

    def _in_phase(self, told: _Told) -> bool:
        if told.plan.phases is None:
            return True
        phase = self._world.phase_at(self._env.now)
        return phase is not None and phase.id in told.plan.phases


def _key(told: _Told, place: int | None) -> int:
    """Say what a cool-down is counted by: the place, for a condition on a place, else nothing."""
    return place if place is not None and told.condition is not None else -1


def _told(world: World, name: str, plan: Trigger) -> _Told:
    rows = world.choose(plan.places)
    when, rearm, arms, disarms = (
        None if text is None else compile_condition(text)
        for text in (plan.when, plan.rearm, plan.arms, plan.disarms)
    )
    eligible = frozenset(int(row) for row in rows)
    asleep = set[int]() if arms is None else set(eligible)
    return _Told(name, plan, rows, when, rearm, arms, disarms, eligible, asleep)
