"""Tension and legitimacy per village: levels that drift, jump, decay and spread.

Each channel follows dx/dt = (target - x)/tau + rate (W x - x): towards its phase's level, or its resting
level, and towards the mean of the villages around it, weighed by distance, with a share that ignores it. The
target is the same everywhere and the rows of W add to 1, so the two parts do not disturb each other: one
after the other they give the exact course, whatever the step. All arrays have a column a village.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import exp

import numpy as np
import numpy.typing as npt

from kontijensi.community.mixing import Kernel, Mix, others, spread
from kontijensi.scenario.schema.community import Channel, Community
from kontijensi.scenario.schema.phases import Drift
from kontijensi.world.world import World

Levels = npt.NDArray[np.float64]
DAY_S = 86400.0
KM_PER_DEGREE = 111.2


class Villages:
    """The villages of the area and the places that lie in each."""

    def __init__(self, world: World) -> None:
        self.ids = tuple(dict.fromkeys(world.places.village))
        self.index = {village: i for i, village in enumerate(self.ids)}
        self.of_place = np.array([self.index[village] for village in world.places.village], dtype=np.int64)
        self.district = self._districts(world)
        self.lat, self.lon = (self._mean(world, column) for column in (world.places.lat, world.places.lon))

    def reached(self, place: int, reach: str) -> npt.NDArray[np.bool_]:
        """Villages that an effect at a place reaches, shape (n_villages,)."""
        village = int(self.of_place[place])
        if reach == "area":
            return np.ones(len(self.ids), dtype=bool)
        if reach == "district" and self.district[village] is not None:
            return np.array([district == self.district[village] for district in self.district])
        only = np.zeros(len(self.ids), dtype=bool)
        only[village] = True
        return only

    def positions_km(self) -> tuple[Levels, Levels]:
        """East and north of the villages on a plane, shape (n_villages,) each; nan if unknown [km]."""
        known = self.lat[~np.isnan(self.lat)]
        middle = float(known.mean()) if known.size else 0.0
        return KM_PER_DEGREE * self.lon * np.cos(np.radians(middle)), KM_PER_DEGREE * self.lat

    def _districts(self, world: World) -> tuple[str | None, ...]:
        first: dict[str, str | None] = {}
        for village, district in zip(world.places.village, world.places.district, strict=True):
            first.setdefault(village, district)
        return tuple(first[village] for village in self.ids)

    def _mean(self, world: World, column: Levels) -> Levels:
        total = np.bincount(self.of_place, np.nan_to_num(column), len(self.ids))
        known = np.bincount(self.of_place, (~np.isnan(column)).astype(float), len(self.ids))
        return np.divide(total, known, out=np.full(len(self.ids), np.nan), where=known > 0)  # type: ignore[no-any-return]


@dataclass(slots=True)
class _Relief:
    """A lasting effect of a programme: its share of the level is taken off over its ramp."""

    row: int
    villages: npt.NDArray[np.int64]
    log_kept: float
    left_s: float
    ramp_s: float


class Tension:
    """Levels of every channel in every village, shape (n_channels, n_villages), between 0 and 1."""

    def __init__(self, world: World, villages: Villages) -> None:
        self.villages = villages
        self.channels = world.scenario.community.channels
        self.rows = {channel: i for i, channel in enumerate(self.channels)}
        starts = [[channel.start] * len(villages.ids) for channel in self.channels.values()]
        self.levels: Levels = np.array(starts, dtype=float).reshape(len(self.channels), len(villages.ids))
        self._mixes = [self._mix(channel) for channel in self.channels.values()]
        self._reliefs: list[_Relief] = []

    def at(self, place: int, channel: str) -> float:
        """Level of a channel at a place."""
        return float(self.levels[self.rows[channel], self.villages.of_place[place]])

    def highest_at(self, place: int) -> float:
        """Highest level of any channel at a place; 0 without channels."""
        return float(self.levels[:, self.villages.of_place[place]].max()) if len(self.levels) else 0.0

    def jump(self, channel: str, reached: npt.NDArray[np.bool_], by: float) -> None:
        """Add to a channel at once, within 0 and 1."""
        row = self.levels[self.rows[channel]]
        row[reached] = np.clip(row[reached] + by, 0.0, 1.0)

    def add(self, channel: str, by: Levels) -> None:
        """Add to a channel village by village, within 0 and 1; shape (n_villages,)."""
        row = self.levels[self.rows[channel]]
        np.clip(row + by, 0.0, 1.0, out=row)

    def relieve(self, channel: str, villages: Iterable[int], share: float, ramp_s: float) -> None:
        """Take a share off a channel's level, little by little over a ramp."""
        kept = max(1.0 - share, 1e-9)
        rows = np.unique(np.fromiter(villages, dtype=np.int64))
        if ramp_s <= 0:
            self.levels[self.rows[channel], rows] *= kept
        else:
            self._reliefs.append(_Relief(self.rows[channel], rows, float(np.log(kept)), ramp_s, ramp_s))

    def advance(self, dt_s: float, drift: dict[str, Drift]) -> None:
        """Let time pass."""
        for row, (channel_id, channel) in enumerate(self.channels.items()):
            drawn = drift.get(channel_id)
            target, tau_s = (channel.rest, channel.decay) if drawn is None else (drawn.toward, drawn.over)
            level = self.levels[row]
            level += (target - level) * (1.0 - exp(-dt_s / tau_s) if tau_s > 0 else 1.0)
            mix = self._mixes[row]
            if mix is not None:
                level[:] = spread(level, mix, channel.spread_per_day * dt_s / DAY_S)
        for relief in self._reliefs:
            passed_s = min(dt_s, relief.left_s)
            self.levels[relief.row, relief.villages] *= exp(relief.log_kept * passed_s / relief.ramp_s)
            relief.left_s -= passed_s
        self._reliefs = [relief for relief in self._reliefs if relief.left_s > 1e-9]

    def _mix(self, channel: Channel) -> Mix | None:
        """Who draws whom; None where nobody does."""
        n = len(self.villages.ids)
        if channel.spread_per_day == 0 or n == 1:
            return None
        everywhere, alike = channel.everywhere_share, np.ones(n)
        if everywhere == 1:
            return lambda level: others(level, alike)
        x_km, y_km = self.villages.positions_km()
        near = Kernel(x_km, y_km, form=channel.spread_form, km=channel.spread_km)
        return lambda level: everywhere * others(level, alike) + (1 - everywhere) * near(level)


class CampLevels:
    """A level by camp and village that returns to its start, shape (n_camps, n_villages), between 0 and 1."""

    def __init__(self, villages: Villages, starts: Mapping[str, float], tau_s: float) -> None:
        self.villages = villages
        self.camps = tuple(starts)
        self.rows = {camp: i for i, camp in enumerate(self.camps)}
        self.start: Levels = np.array([[start] * len(villages.ids) for start in starts.values()], dtype=float)
        self.levels = self.start.copy()
        self._tau_s = tau_s

    def of_place(self, place: int) -> Levels:
        """Level of each camp at a place, shape (n_camps,)."""
        return self.levels[:, self.villages.of_place[place]]

    def jump(self, camp: str, reached: npt.NDArray[np.bool_], by: float) -> None:
        """Add to a camp's level at once, within 0 and 1."""
        row = self.levels[self.rows[camp]]
        row[reached] = np.clip(row[reached] + by, 0.0, 1.0)

    def close_gap(self, villages: Iterable[int], share: float, camp: str | None = None) -> None:
        """Close part of the gap between the level of a camp, or of all, and 1, as a programme does."""
        rows = np.unique(np.fromiter(villages, dtype=np.int64))
        which = slice(None) if camp is None else slice(self.rows[camp], self.rows[camp] + 1)
        self.levels[which, rows] += share * (1.0 - self.levels[which, rows])

    def set_at(self, place: int, levels: Levels) -> None:
        """Take over what a crowd from this place ended with, shape (n_camps,)."""
        self.levels[:, self.villages.of_place[place]] = levels

    def advance(self, dt_s: float) -> None:
        """Let time pass."""
        kept = exp(-dt_s / self._tau_s) if self._tau_s > 0 else 0.0
        self.levels = self.start + (self.levels - self.start) * kept


def legitimacy(community: Community, villages: Villages) -> CampLevels:
    """Return the legitimacy that each camp grants the authorities, as it is at the start."""
    starts = {camp: plan.legitimacy for camp, plan in community.camps.items()}
    return CampLevels(villages, starts, community.legitimacy_recovery)


def willingness(community: Community, villages: Villages) -> CampLevels:
    """Return how ready each camp's leaders are to talk, as it is at the start."""
    starts = {camp: plan.leader_willingness for camp, plan in community.camps.items()}
    return CampLevels(villages, starts, community.willingness_recovery)
