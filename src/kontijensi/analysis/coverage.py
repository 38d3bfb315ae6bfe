"""Cover: which places could be reached in time by enough free units, at every moment, and why not.

A unit is available while it is ready (at its base, or where it stays after a task), on shift and neither
resting, resupplying, lost nor out of the stock the capability uses. It is not available while it is assigned,
on the road, acting or returning: a unit on its way back can be redirected, but a promise of cover must not
lean on that. A place is covered while the available units with the capability whose mean turn-out plus
travel, under the roads as they are and the period of travel, is within the standard's time add up to the
standard's number.

The sweep is exact: it moves from change to change and counts, for each place, the units that reach it. Beside
the count of what is true it keeps five more, each adding what the one before leaves out; the first that
reaches the number needed names the reason of the shortfall:

1. road_closed: the free units would do, were all roads open;
2. none_free: ... were the units that are assigned or returning free at their bases;
3. stock_empty: ... were the units out of stock or resupplying stocked and at their bases;
4. off_shift_or_resting: ... were the units off shift, resting or lost on duty at their bases;
5. approval_missing: ... were the help that may be asked for there (not asked, not agreed, or on its way);
6. formation_short: not even then, though some unit reaches the place, or there are such units, but too few;
7. too_far: not even then; no unit with the capability is near enough, or there is none at all.

A shortfall is cut where its reason changes. Static cover is the same sweep without demand: every unit of the
roster is free at its base in its hours on duty, and all roads are open.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from math import fsum
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from kontijensi.analysis.cover_changes import (
    LEVELS,
    Level,
    Move,
    agenda_of,
    capable,
    moves_of,
    resting_moves,
    road_states_of,
    windows_of,
)
from kontijensi.analysis.reach import Mask, Reach, weights
from kontijensi.analysis.timeline import end_of_run, timelines
from kontijensi.scenario.schema.service import Standard
from kontijensi.vocabulary.memory import collector_at_rest
from kontijensi.vocabulary.records import Record
from kontijensi.world.roads import FREE_ROADS, RoadState
from kontijensi.world.world import World

if TYPE_CHECKING:
    import pandas as pd


class Reason(StrEnum):
    """Why a place is not covered, in the order in which the reasons are tried."""

    ROAD_CLOSED = "road_closed"
    NONE_FREE = "none_free"
    STOCK_EMPTY = "stock_empty"
    OFF_SHIFT_OR_RESTING = "off_shift_or_resting"
    APPROVAL_MISSING = "approval_missing"
    FORMATION_SHORT = "formation_short"
    TOO_FAR = "too_far"


_REASONS = tuple(Reason)
_COVERED = 0
_NOT_HELD = len(_REASONS) + 1
_Stand = tuple[str, int]
"""Type of unit and place: units that are alike in what they reach."""


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A span in which places were not covered, for one reason; places that share it stand together."""

    start_s: float
    end_s: float
    reason: Reason
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Cover under one standard over a run.

    `share[i]` is the weighted share of places covered from `time_s[i]` to `time_s[i + 1]` (the last until
    `end_s`), NaN while the standard does not hold or its places weigh nothing. `short_s` is the time not
    covered for each reason, in the order of `Reason`, shape (n_places, n_reasons) [s].
    """

    standard: str
    places: tuple[str, ...]
    weight: npt.NDArray[np.float64]
    time_s: npt.NDArray[np.float64]
    share: npt.NDArray[np.float64]
    end_s: float
    held_s: float
    """Time for which the standard held [s]."""
    short_s: npt.NDArray[np.float64]
    shortfalls: tuple[Shortfall, ...]

    def average(self, start_s: float = 0.0, end_s: float | None = None) -> float | None:
        """Return the time average of the share between two times, None if the standard never held then."""
        until_s = self.end_s if end_s is None else min(end_s, self.end_s)
        bounds = np.append(self.time_s, self.end_s)
        length_s = np.minimum(bounds[1:], until_s) - np.maximum(bounds[:-1], start_s)
        counts = (length_s > 0) & ~np.isnan(self.share)
        total_s = fsum(length_s[counts])
        return fsum(self.share[counts] * length_s[counts]) / total_s if total_s > 0 else None

    def lost(self) -> dict[Reason, float]:
        """Return the weighted share of place-time lost to each reason; they and the average add up to 1."""
        whole = float(self.weight.sum()) * self.held_s
        lost = self.weight @ self.short_s
        return {reason: float(lost[i]) / whole if whole > 0 else 0.0 for i, reason in enumerate(_REASONS)}


@collector_at_rest()
def coverage(records: Sequence[Record], world: World) -> dict[str, Coverage]:
    """Return cover under every standard of the scenario over a run, by the standard's id."""
    lines = timelines(records, world)
    end_s = end_of_run(records, world)
    roads = road_states_of(records, world)
    return {
        standard_id: _sweep(world, standard_id, standard, moves_of(world, standard, lines), roads, end_s)
        for standard_id, standard in world.scenario.standards.items()
    }


def static_coverage(world: World, end_s: float | None = None) -> dict[str, Coverage]:
    """Return cover without demand, by standard: every unit free at its base in its hours, all roads open."""
    until_s = world.horizon_s if end_s is None else end_s
    result = {}
    for standard_id, standard in world.scenario.standards.items():
        moves = resting_moves(world, standard, until_s)
        result[standard_id] = _sweep(world, standard_id, standard, moves, [], until_s)
    return result


def share_frame(results: Iterable[Coverage]) -> pd.DataFrame:
    """Return the shares as a table: one row a step, which lasts until the standard's next row."""
    import pandas as pd

    parts = [
        pd.DataFrame({"standard": result.standard, "time_s": result.time_s, "share": result.share})
        for result in results
    ]
    return (
        pd.concat(parts, ignore_index=True)
        if parts
        else pd.DataFrame(columns=["standard", "time_s", "share"])
    )


def _sweep(
    world: World,
    standard_id: str,
    standard: Standard,
    moves: Sequence[Move],
    roads: Sequence[tuple[float, RoadState]],
    end_s: float,
) -> Coverage:
    counts = _Counts(world, standard)
    windows = windows_of(world, standard, end_s)
    tape = _Tape(len(counts.reach.rows), weights(world, standard, counts.reach.rows))
    agenda = agenda_of(world, moves, roads, windows, end_s)
    times = sorted(agenda)
    for t_s in times:
        turn = agenda[t_s]
        if turn.roads is not None or turn.period:
            counts.switch(counts.roads if turn.roads is None else turn.roads, world.period_at(t_s))
        for move in turn.moves:
            counts.put(move)
        held = any(start <= t_s < end for start, end in windows)
        tape.note(t_s, counts.codes() if held else None)
    tape.finish(end_s)
    ids = tuple(world.places.ids[row] for row in counts.reach.rows)
    return Coverage(
        standard=standard_id,
        places=ids,
        weight=tape.weight,
        time_s=np.array(tape.times),
        share=np.array(tape.shares),
        end_s=end_s,
        held_s=fsum(end - start for start, end in windows),
        short_s=tape.seconds[:, 1:_NOT_HELD],
        shortfalls=tuple(
            Shortfall(start, end, _REASONS[code - 1], tuple(ids[i] for i in rows))
            for start, end, code, rows in tape.spans
        ),
    )


class _Counts:
    """How many units reach each place, on each level of what might be; kept up change by change.

    Units of one type at one place reach the same places. Of them no more count than a place needs, so that a
    change beyond that changes nothing and costs nothing; whether the number is reached is the same.
    """

    def __init__(self, world: World, standard: Standard) -> None:
        self.reach = Reach(world, standard)
        self.roads = FREE_ROADS
        self._period = world.period_at(0.0)
        self._needed = standard.units
        # Where nobody has the capability there is no formation that could be short.
        n_capable = len(capable(world, standard))
        self._enough_units = n_capable == 0 or n_capable >= standard.units
        self._counts = np.zeros((LEVELS, len(self.reach.rows)), dtype=np.int16)
        self._standing: dict[str, Move] = {}
        self._number: dict[_Stand, list[int]] = {}
        """Units at each stand that count on each level."""
        self._alike: dict[_Stand, Move] = {}
        """One unit of each stand, whose reach is that of all."""
        self._codes: npt.NDArray[np.int8] | None = None

    def put(self, move: Move) -> None:
        """Let a unit count from another level or place."""
        before = self._standing.get(move.unit.id)
        self._standing[move.unit.id] = move
        stand = (move.unit.type_id, move.place)
        if before is None:
            self._count(stand, move, range(move.level, LEVELS), 1)
            return
        was = (before.unit.type_id, before.place)
        if was != stand:
            self._count(was, before, range(before.level, LEVELS), -1)
            self._count(stand, move, range(move.level, LEVELS), 1)
        elif move.level < before.level:
            self._count(stand, move, range(move.level, before.level), 1)
        else:
            self._count(stand, move, range(before.level, move.level), -1)

    def switch(self, roads: RoadState, period: str | None) -> None:
        """Count anew under other roads or in another period of travel."""
        if (roads, period) == (self.roads, self._period):
            return
        self.roads, self._period = roads, period
        self._counts[:] = 0
        self._codes = None
        self.reach.prepare(((move.unit, move.place) for move in self._standing.values()), roads, period)
        for stand, number in self._number.items():
            for level, units in enumerate(number):
                if units:
                    self._counts[level] += min(units, self._needed) * self._mask(self._alike[stand], level)

    def codes(self) -> npt.NDArray[np.int8]:
        """Return for each place 0 where it is covered, else 1 + the position of its reason.

        The very same array as the last time when nothing has changed since.
        """
        if self._codes is None:
            codes: npt.NDArray[np.int8] = (self._counts < self._needed).sum(axis=0, dtype=np.int8)
            if self._enough_units:
                codes[(codes == LEVELS) & (self._counts[-1] == 0)] += 1
            self._codes = codes
        return self._codes

    def _count(self, stand: _Stand, move: Move, levels: range, by: int) -> None:
        """Let one unit more or less count at a stand on these levels."""
        self._alike.setdefault(stand, move)
        number = self._number.setdefault(stand, [0] * LEVELS)
        for level in levels:
            before = number[level]
            number[level] = before + by
            if min(before, before + by) < self._needed:
                self._codes = None
                if by > 0:
                    self._counts[level] += self._mask(move, level)
                else:
                    self._counts[level] -= self._mask(move, level)

    def _mask(self, move: Move, level: int) -> Mask:
        """Tell which places are reached in time; all levels but the first take the roads as if open."""
        return self.reach.mask(
            move.unit, move.place, self.roads if level == Level.FREE else FREE_ROADS, self._period
        )


class _Tape:
    """What the sweep leaves behind: the share's steps, the spans not covered, and their total per place."""

    def __init__(self, n_places: int, weight: npt.NDArray[np.float64]) -> None:
        self.weight = weight
        self.times: list[float] = []
        self.shares: list[float] = []
        self.seconds = np.zeros((n_places, _NOT_HELD + 1))
        self.spans: list[tuple[float, float, int, npt.NDArray[np.int64]]] = []
        self._codes = np.full(n_places, _NOT_HELD, dtype=np.int8)
        self._since_s = np.zeros(n_places)
        self._noted: npt.NDArray[np.int8] | None = None
        self._whole = float(weight.sum())

    def note(self, t_s: float, codes: npt.NDArray[np.int8] | None) -> None:
        """Take in the state of every place from a time on; None while the standard does not hold."""
        if self.times and codes is self._noted:
            return
        self._noted = codes
        held = codes is not None
        if codes is None:
            codes = np.full(len(self._codes), _NOT_HELD, dtype=np.int8)
        changed = np.flatnonzero(codes != self._codes)
        if len(changed):
            self._close(t_s, changed)
            self._codes[changed] = codes[changed]
            self._since_s[changed] = t_s
        if len(changed) or not self.times:
            known = held and self._whole > 0
            share = float(self.weight[codes == _COVERED].sum()) / self._whole if known else np.nan
            if not self.shares or share != self.shares[-1]:
                self.times.append(t_s)
                self.shares.append(share)

    def finish(self, end_s: float) -> None:
        """Close what is still open when the run ends."""
        self._close(end_s, np.arange(len(self._codes)))

    def _close(self, t_s: float, changed: npt.NDArray[np.int64]) -> None:
        codes, since_s = self._codes[changed], self._since_s[changed]
        self.seconds[changed, codes] += t_s - since_s
        short = (codes != _COVERED) & (codes != _NOT_HELD) & (since_s < t_s)
        if not short.any():
            return
        rows, codes, since_s = changed[short], codes[short], since_s[short]
        order = np.lexsort((codes, since_s))
        rows, codes, since_s = rows[order], codes[order], since_s[order]
        cuts = np.flatnonzero((np.diff(codes) != 0) | (np.diff(since_s) != 0)) + 1
        for first, last in pairwise((0, *cuts.tolist(), len(rows))):
            self.spans.append((float(since_s[first]), t_s, int(codes[first]), rows[first:last]))
