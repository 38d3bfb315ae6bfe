"""Rumours as a contagion among the people of many villages: not yet told, telling, silent again.

In a step each person who has not heard it does so with probability 1 - exp(-pressure), and each teller falls
silent with probability 1 - exp(-step / tells_for): binomial draws for whole villages (the chain binomial,
after Bailey 1975). The pressure that a teller spreads over a step is `r0` times his chance to fall silent in
it, so that a teller spreads `r0` in all however long the step is, and the final size z = 1 - exp(-r0 z)
(Kermack and McKendrick 1927) holds for any step. Pressures of villages mix with weights that add to 1, so
`r0` is that of the whole area.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import numpy as np
import numpy.typing as npt
import simpy

from kontijensi.community.fields import Villages
from kontijensi.community.life import Life
from kontijensi.community.mixing import Kernel
from kontijensi.scenario.schema.rumours import Rumour
from kontijensi.vocabulary.records import RecordKind

SAMPLE_S = 3600.0
"""Time between two samples of a rumour that is about."""

Counts = npt.NDArray[np.int64]
Levels = npt.NDArray[np.float64]


class Spreading:
    """One rumour: how many have not heard it, tell it, or have fallen silent, each of shape (n_villages,)."""

    def __init__(self, plan: Rumour, villages: Villages, voters: Counts, rng: np.random.Generator) -> None:
        self.plan = plan
        n = len(villages.ids)
        at_home = np.bincount(villages.of_place, voters, n).astype(np.int64)
        self.people: Counts = at_home if plan.people is None else np.full(n, plan.people, dtype=np.int64)
        self.fresh: Counts = self.people.copy()
        self.telling: Counts = np.zeros(n, dtype=np.int64)
        self._rng = rng
        self._mass = self.people.astype(float)
        self._clarified: dict[int, tuple[npt.NDArray[np.bool_], float]] = {}
        x_km, y_km = villages.positions_km()
        self._near = (
            Kernel(x_km, y_km, form=plan.spread_form, km=plan.spread_km, mass=self._mass)
            if plan.neighbours_share > 0 and n > 1
            else None
        )

    @property
    def heard(self) -> Counts:
        """People of each village who have heard it."""
        return self.people - self.fresh

    @property
    def heard_share(self) -> float:
        """Share of all people who have heard it."""
        total = int(self.people.sum())
        return float(self.heard.sum()) / total if total else 0.0

    def share_at(self, village: int) -> float:
        """Share of a village's people who have heard it."""
        people = int(self.people[village])
        return float(people - self.fresh[village]) / people if people else 0.0

    def share_bounds(self) -> tuple[float, float]:
        """Lowest and highest share of a village's people who have heard it."""
        shares = self._per_head(self.heard)
        return float(shares.min()), float(shares.max())

    def begin(self, village: int, people: int) -> int:
        """Let people of a village begin to tell it; return how many, at most those who had not heard it."""
        begun = min(people, int(self.fresh[village]))
        self.fresh[village] -= begun
        self.telling[village] += begun
        return begun

    def clarify(self, reached: npt.NDArray[np.bool_], faster: float) -> Callable[[], object]:
        """Let tellers of these villages fall silent sooner; return what ends that."""
        number = max(self._clarified, default=0) + 1
        self._clarified[number] = (reached, faster)
        return lambda: self._clarified.pop(number)

    def step(self, dt_s: float) -> Levels:
        """Let time pass; return the share of each village's people who have just heard it."""
        sooner = np.ones(len(self.people))
        for reached, faster in self._clarified.values():
            sooner[reached] = np.maximum(sooner[reached], faster)
        silent = -np.expm1(-sooner * dt_s / self.plan.tells_for)
        pressure = self._mixed(self._per_head(self.plan.r0 / sooner * silent * self.telling))
        new = self._rng.binomial(self.fresh, -np.expm1(-pressure))
        stopped = self._rng.binomial(self.telling, silent)
        self.fresh -= new
        self.telling += new - stopped
        return self._per_head(new)

    def _per_head(self, count: Levels | Counts) -> Levels:
        share: Levels = np.zeros(len(self.people))
        np.divide(count, self._mass, out=share, where=self._mass > 0)
        return share

    def _mixed(self, told: Levels) -> Levels:
        """Pressure on each village: from its own people, from those around, and from anywhere."""
        plan, total = self.plan, float(self._mass.sum())
        around = told if self._near is None else self._near(told)
        anywhere = float(self._mass @ told) / total if total else 0.0
        own = 1.0 - plan.neighbours_share - plan.everywhere_share
        return own * told + plan.neighbours_share * around + plan.everywhere_share * anywhere


class Hearsay:
    """All the rumours of a run, on its clock."""

    def __init__(self, life: Life) -> None:
        self._life, self._env = life, life.env
        villages, voters = life.people.villages, life.world.places.voters
        self.rumours = {
            name: Spreading(plan, villages, voters, life.streams.of("community.rumour", name))
            for name, plan in life.world.scenario.community.rumours.items()
        }
        self._about: set[str] = set()
        self._sampled_s: dict[str, float] = {}

    def start(self, name: str, place: int, people: int, parent: int | None = None) -> None:
        """Let people at a place begin to tell a rumour."""
        begun = self.rumours[name].begin(self._life.village_of(place), people)
        where = self._life.world.places.ids[place]
        self._life.log.write(RecordKind.RUMOUR_STARTED, name, where, parent, people=begun)
        if begun and name not in self._about:
            self._about.add(name)
            self._env.process(self._spread(name))

    def clarify(self, name: str, reached: npt.NDArray[np.bool_], faster: float, lasts_s: float) -> None:
        """Clarify a rumour in these villages for a while."""
        self._env.process(_later(self._env, lasts_s, self.rumours[name].clarify(reached, faster)))

    def finish(self) -> None:
        """Write down, at the end of the run, how far each rumour has come that was ever told."""
        for name in self._sampled_s:
            self._write(name)

    def _spread(self, name: str) -> Generator[simpy.Event, Any, None]:
        """Advance a rumour at whole multiples of its step, as long as anybody tells it."""
        env, spreading = self._env, self.rumours[name]
        step_s, done_s = spreading.plan.step, env.now
        step = int(done_s // step_s) + 1
        self._write(name)
        while spreading.telling.any():
            yield env.timeout(max(step * step_s - env.now, 0.0))
            heard = spreading.step(env.now - done_s)
            done_s, step = env.now, step + 1
            if spreading.plan.raises:
                self._life.bring_up()
                for channel, by in spreading.plan.raises.items():
                    self._life.people.tension.add(channel, by * heard)
            if done_s - self._sampled_s[name] >= SAMPLE_S:
                self._write(name)
            self._life.notice()
        self._about.discard(name)
        self._write(name)
        self._life.log.write(RecordKind.RUMOUR_ENDED, name, heard=spreading.heard_share)

    def _write(self, name: str) -> None:
        spreading = self.rumours[name]
        self._sampled_s[name] = self._env.now
        self._life.log.write(
            RecordKind.RUMOUR_SAMPLED,
            name,
            heard=spreading.heard_share,
            telling=int(spreading.telling.sum()),
            villages=int(np.count_nonzero(spreading.heard)),
        )


def _later(
    env: simpy.Environment, delay_s: float, action: Callable[[], object]
) -> Generator[simpy.Event, Any, None]:
    yield env.timeout(delay_s)
    action()
