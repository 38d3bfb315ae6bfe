"""A run's demand replayed for every standard, as it was or with something otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np

from kontijensi.analysis.cover_changes import moves_of, road_states_of
from kontijensi.analysis.coverage import Coverage, coverage
from kontijensi.analysis.reach import Reach
from kontijensi.analysis.remedy import Hole
from kontijensi.analysis.shortage import Amount, Piece, RoadStates, Rows, Walk, lacking
from kontijensi.analysis.timeline import Stretch, end_of_run, timelines
from kontijensi.vocabulary.records import Record
from kontijensi.world.world import World

Lines = Mapping[str, Sequence[Stretch]]


class Replays:
    """What happened in one run, ready to be walked through again for each standard.

    Without any shortfall there is nothing to remedy, and `standards` is empty.
    """

    def __init__(
        self,
        records: Sequence[Record],
        world: World,
        found: Mapping[str, Coverage] | None = None,
        lines: Lines | None = None,
    ) -> None:
        self.world = world
        self.lines = timelines(records, world) if lines is None else lines
        self.closures = road_states_of(records, world)
        self.end_s = end_of_run(records, world)
        self.covers = coverage(records, world) if found is None else found
        short = any(cover.short_s.any() for cover in self.covers.values())
        # A standard that was never short counts too: a move may open it.
        self.standards = dict(world.scenario.standards) if short else {}
        self.reach = {key: Reach(world, standard) for key, standard in self.standards.items()}
        self.weight = {
            key: np.array([np.ones(len(reach.rows)), world.places.voters[reach.rows]], dtype=np.float64)
            for key, reach in self.reach.items()
        }

    def pieces(self, hole: Hole) -> list[Piece]:
        """Return a hole by rows among the places of its standard."""
        row_of = self._row_of[hole.standard]
        return [
            Piece(s.start_s, s.end_s, np.array([row_of[place] for place in s.places], dtype=np.int64))
            for s in hole.shortfalls
        ]

    @cached_property
    def _row_of(self) -> dict[str, dict[str, int]]:
        return {key: {place: i for i, place in enumerate(self.covers[key].places)} for key in self.standards}

    def lacking(
        self,
        key: str,
        pieces: Sequence[Piece],
        lines: Lines | None = None,
        closures: RoadStates | None = None,
    ) -> tuple[Amount, list[Rows]]:
        """Return the shortage of a standard with other lines or closures; see `lacking`."""
        walk = self.walk(key, lines, closures)
        return lacking(walk, self.end_s, self.weight[key], pieces)

    def walk(self, key: str, lines: Lines | None = None, closures: RoadStates | None = None) -> Walk:
        """Return the walk through a standard's changes, with other lines or closures where given."""
        standard = self.standards[key]
        moves = moves_of(self.world, standard, self.lines if lines is None else lines)
        roads = self.closures if closures is None else closures
        return Walk(self.world, standard, self.reach[key], moves, roads)

    def needs(self, holes: Sequence[Hole], pieces: Sequence[Sequence[Piece]]) -> list[list[Rows]]:
        """Return the most units that each place of each piece lacked."""
        needs = [[np.ones_like(piece.rows) for piece in those] for those in pieces]
        for key, standard in self.standards.items():
            mine = [i for i, hole in enumerate(holes) if hole.standard == key]
            if standard.units > 1 and mine:
                _all, most = self.lacking(key, [piece for i in mine for piece in pieces[i]])
                rest = iter(most)
                for i in mine:
                    needs[i] = [next(rest) for _piece in pieces[i]]
        return needs

    @cached_property
    def short(self) -> dict[str, Amount]:
        """What each standard was short of as the run was."""
        return {
            key: Amount(*(weight @ self.covers[key].short_s.sum(axis=1)).tolist())
            for key, weight in self.weight.items()
        }
