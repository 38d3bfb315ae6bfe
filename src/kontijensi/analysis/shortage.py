"""How many units places lack over time, and what one more, or one elsewhere, would have been worth.

The count of free units is walked from change to change, as in the sweep of cover. A spell is a span in which
roads, the period of travel and all hours on duty stay as they are: within it what a post reaches does not
change, so the time for which each place lacked one unit, two, ... is all that has to be kept. What units
added at any post would have closed is then one product of matrices a spell. For a unit that moves, the same
is kept over the time in which it stood free at its base: it closes what lacked one, where the new post
reaches and the old does not, and opens what had just enough, where it is the other way round.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from kontijensi.analysis.cover_changes import Level, Move, agenda_of, windows_of
from kontijensi.analysis.reach import Kind, Mask, Reach
from kontijensi.scenario.schema.force import UnitType
from kontijensi.scenario.schema.service import Standard
from kontijensi.world.fleet import Span, UnitSpec
from kontijensi.world.roads import FREE_ROADS, RoadState
from kontijensi.world.world import World

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
RoadStates = Sequence[tuple[float, RoadState]]


@dataclass(frozen=True, slots=True)
class Amount:
    """Cover gained or lost: time summed over places, and the same weighted by their voters."""

    place_s: float = 0.0
    voter_s: float = 0.0

    def __add__(self, other: Amount) -> Amount:
        """Return both together."""
        return Amount(self.place_s + other.place_s, self.voter_s + other.voter_s)

    def __sub__(self, other: Amount) -> Amount:
        """Return what is left without the other."""
        return Amount(self.place_s - other.place_s, self.voter_s - other.voter_s)

    @property
    def rank(self) -> tuple[float, float]:
        """Order of weight: voters first, places where no voters tell them apart."""
        return round(self.voter_s, 6), round(self.place_s, 6)


@dataclass(frozen=True, slots=True)
class Crew:
    """A kind of unit that could be added: a type, with the hours of a group of the roster."""

    group: str | None
    """The group whose hours it keeps; None for all hours."""
    type_id: str
    type: UnitType = field(compare=False)
    duty: tuple[Span, ...]

    def on_duty(self, start_s: float, end_s: float) -> bool:
        """Tell whether it is on duty throughout a span."""
        return any(start <= start_s and end_s <= end for start, end in self.duty)


@dataclass(frozen=True, slots=True)
class Piece:
    """Places that were short together for a span; `rows` are positions among the standard's places."""

    start_s: float
    end_s: float
    rows: Rows


@dataclass(frozen=True, slots=True)
class Step:
    """A span in which nothing changed."""

    start_s: float
    end_s: float
    held: bool
    """Whether the standard held."""
    fresh: bool
    """Whether a spell begins with it."""
    moves: Sequence[Move]
    """What units did at its start."""


@dataclass(frozen=True, slots=True)
class Spell:
    """A span in which what any post reaches does not change."""

    start_s: float
    end_s: float
    roads: RoadState
    period: str | None


class Walk:
    """The free units that reach each place in time, from change to change, for one standard."""

    def __init__(
        self, world: World, standard: Standard, reach: Reach, moves: Sequence[Move], roads: RoadStates
    ) -> None:
        self._world, self._standard, self._moves, self._roads = world, standard, moves, roads
        self.reach = reach
        self.needed = standard.units
        self.count: Mask = np.zeros(len(reach.rows), dtype=np.int16)
        """Free units that reach each place in the current step, shape (n_covered_places,)."""
        self.roads = FREE_ROADS
        self.period = world.period_at(0.0)
        self._free: dict[str, Move] = {}

    def steps(self, end_s: float, cuts: Iterable[float] = ()) -> Iterator[Step]:
        """Yield every step of a run; `count`, `roads` and `period` are those of the step until the next."""
        windows = windows_of(self._world, self._standard, end_s)
        agenda = agenda_of(self._world, self._moves, self._roads, windows, end_s)
        bounds = {t_s for window in windows for t_s in window} | set(cuts) | {0.0}
        times = sorted(agenda.keys() | {t_s for t_s in bounds if 0 <= t_s < end_s})
        for t_s, until_s in zip(times, [*times[1:], end_s], strict=True):
            turn, fresh = agenda.get(t_s), t_s in bounds
            moves: tuple[Move, ...] = ()
            if turn is not None:
                moves = tuple({move.unit.id: move for move in turn.moves}.values())
                if turn.roads is not None or turn.period:
                    roads = self.roads if turn.roads is None else turn.roads
                    fresh |= self._switch(roads, self._world.period_at(t_s))
            for move in moves:
                self._put(move)
            held = any(start <= t_s < end for start, end in windows)
            yield Step(t_s, until_s, held, fresh, moves)

    def mask(self, kind: Kind, post: int) -> Mask:
        """Return 1 for each place that a kind of unit reaches in time from a post under the roads of now."""
        return self.reach.mask(kind, post, self.roads, self.period)

    def _switch(self, roads: RoadState, period: str | None) -> bool:
        if (roads, period) == (self.roads, self.period):
            return False
        self.roads, self.period = roads, period
        self.reach.prepare(((move.unit, move.place) for move in self._free.values()), roads, period)
        self.count[:] = 0
        for move in self._free.values():
            self.count += self.mask(move.unit, move.place)
        return True

    def _put(self, move: Move) -> None:
        before = self._free.pop(move.unit.id, None)
        if before is not None:
            self.count -= self.mask(before.unit, before.place)
        if move.level is Level.FREE:
            self._free[move.unit.id] = move
            self.count += self.mask(move.unit, move.place)


def lacking(walk: Walk, end_s: float, weight: Floats, pieces: Sequence[Piece]) -> tuple[Amount, list[Rows]]:
    """Return the whole shortage, and for each piece the most units that each of its places ever lacked.

    `weight` has shape (2, n_covered_places): 1 and the voters of each place.
    """
    short_s = np.zeros(len(walk.count))
    most = [np.zeros(len(piece.rows), dtype=np.int64) for piece in pieces]
    waiting = sorted(range(len(pieces)), key=lambda i: -pieces[i].start_s)
    open_now: list[int] = []
    for step in walk.steps(end_s):
        if step.held:
            short_s += (walk.count < walk.needed) * (step.end_s - step.start_s)
        while waiting and pieces[waiting[-1]].start_s < step.end_s:
            open_now.append(waiting.pop())
        open_now = [i for i in open_now if pieces[i].end_s > step.start_s]
        for i in open_now:
            np.maximum(most[i], walk.needed - walk.count[pieces[i].rows], out=most[i])
    return Amount(*(weight @ short_s).tolist()), most


@dataclass(frozen=True, slots=True)
class Worth:
    """What remedies would have been worth under one standard; the last axis is places, voters [s].

    `added[crew]` has shape (n_posts, n_needed, 2): by post, for one unit more, two, ...; `closed[unit]` and
    `opened[unit]` have shape (n_posts, 2): by post to which the unit moves; `back[group, level]` is about
    what the units of a group would have closed at their bases, had they been free while they were not.
    """

    spells: tuple[Spell, ...]
    free: dict[str, list[Span]]
    """Spans in which each unit stood free at its base."""
    added: dict[Crew, Floats]
    closed: dict[str, Floats]
    opened: dict[str, Floats]
    back: dict[tuple[str, Level], Amount]


def worth(walk: Walk, end_s: float, weight: Floats, posts: Sequence[int], crews: Sequence[Crew]) -> Worth:
    """Walk through a run once and return what units added or moved would have been worth."""
    cuts = {t_s for crew in crews for span in crew.duty for t_s in span}
    books = _Books(walk, weight, posts, crews)
    for step in walk.steps(end_s, cuts):
        books.take(step)
    return books.closed(end_s)


class _Stand:
    """A unit at its base: since when, in what state, and what had been lacking by then in the spell."""

    __slots__ = ("exact", "lack", "level", "since_s", "unit")

    def __init__(self, unit: UnitSpec, level: Level, since_s: float) -> None:
        self.unit, self.level, self.since_s = unit, level, since_s
        self.lack: Floats | None = None
        self.exact: Floats | None = None


class _Books:
    """The account kept while a run is walked through."""

    def __init__(self, walk: Walk, weight: Floats, posts: Sequence[int], crews: Sequence[Crew]) -> None:
        self._walk, self._weight, self._posts, self._crews = walk, weight, tuple(posts), tuple(crews)
        self._at = {post: i for i, post in enumerate(self._posts)}
        n_posts, n = len(self._posts), len(walk.count)
        self._lack = np.zeros((walk.needed, n))
        self._exact = np.zeros(n)
        self._stands: dict[str, _Stand] = {}
        self._left: list[tuple[UnitSpec, Level, Floats, Floats]] = []
        self._spell: tuple[float, RoadState, str | None] | None = None
        self._spells: list[Spell] = []
        self._free: dict[str, list[Span]] = defaultdict(list)
        self._added = {crew: np.zeros((n_posts, walk.needed, 2)) for crew in self._crews}
        self._gained: dict[str, Floats] = defaultdict(lambda: np.zeros((n_posts, 2)))
        self._opened: dict[str, Floats] = defaultdict(lambda: np.zeros((n_posts, 2)))
        self._back: dict[tuple[str, Level], Floats] = defaultdict(lambda: np.zeros(2))

    def take(self, step: Step) -> None:
        """Take in a step: what units do at its start, then what is lacking while it lasts."""
        if step.fresh:
            self._close_spell(step.start_s)
            self._spell = (step.start_s, self._walk.roads, self._walk.period)
        for move in step.moves:
            self._move(move, step.start_s)
        if step.held:
            length_s, short = step.end_s - step.start_s, self._walk.needed - self._walk.count
            self._exact += (short == 0) * length_s
            for lack in range(1, self._walk.needed + 1):
                self._lack[lack - 1] += (short == lack) * length_s

    def closed(self, end_s: float) -> Worth:
        """Close the account and return it."""
        self._close_spell(end_s)
        for stand in self._stands.values():
            self._note_free(stand, end_s)
        back = {key: Amount(*both.tolist()) for key, both in self._back.items()}
        return Worth(
            tuple(self._spells),
            dict(self._free),
            self._added,
            dict(self._gained),
            dict(self._opened),
            back,
        )

    def _move(self, move: Move, t_s: float) -> None:
        stand = self._stands.pop(move.unit.id, None)
        if stand is not None:
            self._note_free(stand, t_s)
            self._left.append((stand.unit, stand.level, *self._since(stand)))
        if move.level is not Level.BUSY and move.place == move.unit.base:
            stand = self._stands[move.unit.id] = _Stand(move.unit, move.level, t_s)
            stand.lack, stand.exact = self._lack[0].copy(), self._exact.copy()

    def _note_free(self, stand: _Stand, t_s: float) -> None:
        if stand.level is Level.FREE and stand.since_s < t_s:
            self._free[stand.unit.id].append((stand.since_s, t_s))

    def _since(self, stand: _Stand) -> tuple[Floats, Floats]:
        """Return for how long places lacked one unit, and had just enough, since the unit stands there."""
        if stand.lack is None or stand.exact is None:
            return self._lack[0].copy(), self._exact.copy()
        return self._lack[0] - stand.lack, self._exact - stand.exact

    def _close_spell(self, end_s: float) -> None:
        if self._spell is None:
            return
        start_s, roads, period = self._spell
        self._spells.append(Spell(start_s, end_s, roads, period))
        if self._lack.any() or self._exact.any():
            # The walk is in the next spell already: the roads of this one are asked for by name.
            self._add_up(start_s, roads, period)
        self._lack[:] = 0.0
        self._exact[:] = 0.0
        self._left.clear()
        for stand in self._stands.values():
            stand.lack = stand.exact = None

    def _add_up(self, start_s: float, roads: RoadState, period: str | None) -> None:
        def from_posts(kind: Kind) -> Floats:
            self._walk.reach.prepare(((kind, post) for post in self._posts), roads, period)
            found = [self._walk.reach.mask(kind, post, roads, period) for post in self._posts]
            return np.array(found, dtype=np.float64).reshape(len(self._posts), len(self._exact))

        reached: dict[str, Floats] = {}
        up_to = self._lack.cumsum(axis=0)
        for crew in self._crews:
            if crew.type_id not in reached:
                reached[crew.type_id] = from_posts(crew)
            if any(start <= start_s < end for start, end in crew.duty):
                for i, weight in enumerate(self._weight):
                    self._added[crew][:, :, i] += reached[crew.type_id] @ (up_to * weight).T
        for units, level, lack, exact in self._together():
            kind, base = units[0], self._at[units[0].base]
            if kind.type_id not in reached:
                reached[kind.type_id] = from_posts(kind)
            self._add_unit(units, level, (lack, exact), base, reached[kind.type_id])

    def _together(self) -> Iterator[tuple[list[UnitSpec], Level, Floats, Floats]]:
        """Yield the units of the spell; those that stood alike all the while share one account."""
        alike: dict[tuple[str, int, Level], list[UnitSpec]] = defaultdict(list)
        for stand in self._stands.values():
            if stand.lack is None:
                alike[stand.unit.type_id, stand.unit.base, stand.level].append(stand.unit)
            else:
                yield [stand.unit], stand.level, *self._since(stand)
        for (_type, _base, level), units in alike.items():
            yield units, level, self._lack[0], self._exact
        for unit, level, lack, exact in self._left:
            yield [unit], level, lack, exact

    def _add_unit(
        self, units: list[UnitSpec], level: Level, times: tuple[Floats, Floats], base: int, reached: Floats
    ) -> None:
        lack, exact = times
        own = reached[base]
        if level is Level.FREE:
            gained = (self._weight * lack * (1 - own)) @ reached.T
            opened = (self._weight * exact * own) @ (1 - reached).T
            for unit in units:
                self._gained[unit.id] += gained.T
                self._opened[unit.id] += opened.T
        else:
            for unit in units:
                self._back[unit.group, level] += (self._weight * lack) @ own
