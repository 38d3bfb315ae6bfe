"""Remedies by units: one that stands free at another base, or more of them."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property
from itertools import product

import numpy as np
import numpy.typing as npt

from kontijensi.analysis.cover_replays import Replays
from kontijensi.analysis.fewest import fewest
from kontijensi.analysis.reach import Kind
from kontijensi.analysis.remedy import (
    Effect,
    Hole,
    Placed,
    Remedy,
    RemedyKind,
    effect_of,
    for_each_unit,
    order_of,
)
from kontijensi.analysis.shortage import Amount, Crew, Piece, Rows, Worth, worth
from kontijensi.scenario.schema.area import PlaceKind
from kontijensi.scenario.schema.force import Agency
from kontijensi.scenario.schema.service import Standard
from kontijensi.world.fleet import UnitSpec


class UnitRemedies:
    """The remedies of one run by units moved or added."""

    def __init__(self, replays: Replays) -> None:
        self._replays = replays

    @cached_property
    def _posts(self) -> tuple[int, ...]:
        """Bases of today, those of help included, in the order of the places."""
        return tuple(sorted({unit.base for unit in self._replays.world.fleet}))

    @cached_property
    def _crews(self) -> tuple[Crew, ...]:
        """Kinds of units that may be added: those of the roster, else any type, on duty all the time."""
        roster = [unit for unit in self._replays.world.fleet if unit.aid is None]
        kinds = {(u.type_id, u.duty): Crew(u.group, u.type_id, u.type, u.duty) for u in reversed(roster)}
        crews = list(reversed(kinds.values()))
        for standard in self._replays.standards.values():
            if not any(standard.capability in crew.type.capabilities for crew in crews):
                crews += self._at_all_hours(standard)
        return tuple(dict.fromkeys(crews))

    def _at_all_hours(self, standard: Standard) -> list[Crew]:
        return [
            Crew(None, type_id, kind, ((0.0, self._replays.world.horizon_s),))
            for type_id, kind in self._replays.world.scenario.unit_types.items()
            if standard.capability in kind.capabilities
        ]

    def _crews_for(self, standard: Standard) -> list[Crew]:
        return [crew for crew in self._crews if standard.capability in crew.type.capabilities]

    @cached_property
    def worth(self) -> dict[str, Worth]:
        """What units added or moved would have been worth, by standard."""
        return {
            key: worth(
                self._replays.walk(key),
                self._replays.end_s,
                self._replays.weight[key],
                self._posts,
                self._crews_for(standard),
            )
            for key, standard in self._replays.standards.items()
        }

    @cached_property
    def added(self) -> list[Effect]:
        """Additions at bases of today that close anything."""
        found = (
            self._addition(crew, i)
            for crew in self._crews
            for i, post in enumerate(self._posts)
            if self._fits(crew, post)
        )
        return [effect for effect in found if effect is not None]

    def _addition(self, crew: Crew, i: int) -> Effect | None:
        """Return the number of units added at a post that closes most for each of them."""
        needed = {key: self._replays.standards[key].units for key, w in self.worth.items() if crew in w.added}
        options = []
        for count in range(1, max(needed.values(), default=0) + 1):
            closed = {
                key: Amount(*self.worth[key].added[crew][i, min(count, most) - 1].tolist())
                for key, most in needed.items()
            }
            remedy = Remedy(RemedyKind.ADD, placed=(self._placed(crew, self._posts[i], count),))
            options.append(effect_of(remedy, closed, {}))
        options = [option for option in options if option.closed.place_s > 0]
        return min(options, key=for_each_unit, default=None)

    @cached_property
    def moved(self) -> list[tuple[UnitSpec, int, Effect]]:
        """Moves that close more than they open, the best first; of one group at one base the best unit."""
        best: dict[tuple[str, int, int], tuple[UnitSpec, int, Effect]] = {}
        for unit in self._replays.world.fleet:
            if unit.aid is not None:
                continue
            for i, post in enumerate(self._posts):
                effect = self._move(unit, i, post)
                key = (unit.group, unit.base, post)
                if effect is not None and (key not in best or order_of(effect) < order_of(best[key][2])):
                    best[key] = (unit, post, effect)
        return sorted(best.values(), key=lambda item: order_of(item[2]))

    def _move(self, unit: UnitSpec, i: int, post: int) -> Effect | None:
        here = {key: w for key, w in self.worth.items() if unit.id in w.closed}
        if post == unit.base or not here or not self._fits(unit, post):
            return None
        closed = {key: Amount(*w.closed[unit.id][i].tolist()) for key, w in here.items()}
        opened = {key: Amount(*w.opened[unit.id][i].tolist()) for key, w in here.items()}
        ids = self._replays.world.places.ids
        placed = Placed(unit.type_id, ids[post], 1, unit.group)
        remedy = Remedy(RemedyKind.MOVE, unit.id, ids[unit.base], (placed,))
        effect = effect_of(remedy, closed, opened)
        return effect if effect.closed.rank > effect.opened.rank else None

    def move_closing(self, hole: Hole, pieces: Sequence[Piece], needs: Sequence[Rows]) -> Remedy | None:
        """Return the best move that closes all of a hole, by a unit that stood free all the while."""
        if max(int(need.max()) for need in needs) > 1:
            return None
        capability, free = self._replays.standards[hole.standard].capability, self.worth[hole.standard].free
        for unit, post, effect in self.moved:
            if capability in unit.type.capabilities and all(
                any(start <= piece.start_s and piece.end_s <= end for start, end in free.get(unit.id, ()))
                and self._reached(hole.standard, unit, post, piece, throughout=True).all()
                and not self._reached(hole.standard, unit, unit.base, piece, throughout=False).any()
                for piece in pieces
            ):
                return effect.remedy
        return None

    def addition_closing(self, hole: Hole, pieces: Sequence[Piece], needs: Sequence[Rows]) -> Remedy | None:
        """Return the fewest units to add, at bases of today or else at places like them."""
        standard = self._replays.standards[hole.standard]

        def there(crew: Crew) -> bool:
            return all(crew.on_duty(piece.start_s, piece.end_s) for piece in pieces)

        on_duty = [crew for crew in self._crews_for(standard) if there(crew)]
        need = np.concatenate([*needs])
        places = self._replays.covers[hole.standard].places
        of_piece = np.concatenate([piece.rows for piece in pieces])
        best: Remedy | None = None
        for posts, crews in product((self._posts, self._like_posts), (on_duty, self._at_all_hours(standard))):
            where = [(crew, post) for crew in crews for post in posts if self._fits(crew, post)]
            reached = self._reached_by(hole.standard, where, pieces)
            can_be = reached.any(axis=0)
            left = tuple(places[row] for row in np.unique(of_piece[~can_be]))
            if not can_be.any() or (best is not None and len(left) >= len(best.left)):
                continue
            size = np.array([float(crew.type.personnel) for crew, _post in where])
            found = fewest(reached[:, can_be], need[can_be], size)
            if found:
                placed = tuple(self._placed(*where[i], count) for i, count in found.items())
                best = Remedy(RemedyKind.ADD, placed=placed, left=left)
            if not left:
                break
        return best

    def _reached_by(
        self, key: str, where: Sequence[tuple[Crew, int]], pieces: Sequence[Piece]
    ) -> npt.NDArray[np.bool_]:
        """Return which places of all pieces each crew at its post reaches throughout."""
        rows = [
            np.concatenate([self._reached(key, crew, post, piece, throughout=True) for piece in pieces])
            for crew, post in where
        ]
        return np.array(rows, dtype=bool).reshape(len(where), sum(len(piece.rows) for piece in pieces))

    def _placed(self, crew: Crew, post: int, count: int) -> Placed:
        return Placed(crew.type_id, self._replays.world.places.ids[post], count, crew.group)

    def _fits(self, kind: Crew | UnitSpec, post: int) -> bool:
        """Tell whether a place is of a kind at which the agency stands today, if it stands anywhere."""
        kinds = self._kinds_of.get(kind.type.agency)
        return kinds is None or self._replays.world.places.kind[post] in kinds

    @cached_property
    def _kinds_of(self) -> dict[Agency, set[PlaceKind]]:
        kinds: dict[Agency, set[PlaceKind]] = defaultdict(set)
        for unit in self._replays.world.fleet:
            kinds[unit.type.agency].add(self._replays.world.places.kind[unit.base])
        return dict(kinds)

    @cached_property
    def _like_posts(self) -> tuple[int, ...]:
        """Places of the kinds at which units stand today."""
        places = self._replays.world.places
        kinds = set().union(*self._kinds_of.values())
        return tuple(
            i for i, kind in enumerate(places.kind) if kind in kinds and not places.entries[i].no_road
        )

    def _reached(
        self, key: str, kind: Kind, post: int, piece: Piece, *, throughout: bool
    ) -> npt.NDArray[np.bool_]:
        """Return which places of a piece a post reaches at all times (or any time) of it."""
        reach = self._replays.reach[key]
        spells = self.worth[key].spells
        first = bisect_right(spells, piece.start_s, key=lambda spell: spell.start_s) - 1
        found: list[npt.NDArray[np.bool_]] = []
        for spell in spells[first:]:
            if spell.start_s >= piece.end_s:
                break
            found.append(reach.mask(kind, post, spell.roads, spell.period)[piece.rows] > 0)
        return np.asarray(np.all(found, axis=0) if throughout else np.any(found, axis=0))
