"""The smallest remedies that would have closed a shortfall of cover, worked out exactly from the records.

A remedy is replayed against what happened: the same demand, orders, hours and roads, with the remedy added.
So it is exact as arithmetic and no forecast: in a rehearsal with the remedy the posko would have sent other
units, and a unit more changes who is busy where (Larson and Odoni 1981, ch. 5). From the smallest on:

1. `open_road`: keep one closed road open;
2. `resupply`: keep a group's stock from running out;
3. `stay_on_duty`: keep a group on duty beyond its hours;
4. `help_at_once`: have help that was waited for there from the start;
5. `move`: let one unit stand free at another base, where that closes more than it opens, over all standards;
6. `add`: so many units more, at bases of today where that is enough, in the hours of a group of the roster.

The first four are tried where the shortfall's reason is their own. Adding takes the fewest units that reach
every place throughout (an integer programme where no single base does).

Where an area is too large to try every move, none is tried and none is named; `check` says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import chain

from kontijensi.analysis.cover_replays import Lines, Replays
from kontijensi.analysis.coverage import Coverage
from kontijensi.analysis.lesser_remedies import LesserRemedies
from kontijensi.analysis.remedy import Effect, Hole, Remedy, order_of
from kontijensi.analysis.unit_remedies import UnitRemedies
from kontijensi.scenario.checks.size import remedies_tried
from kontijensi.vocabulary.records import Record
from kontijensi.world.world import World


class Remedies:
    """Remedies for one run. Nothing is worked out before it is asked for."""

    def __init__(
        self,
        records: Sequence[Record],
        world: World,
        found: Mapping[str, Coverage] | None = None,
        lines: Lines | None = None,
    ) -> None:
        self._replays = Replays(records, world, found, lines)
        self._units = UnitRemedies(self._replays)
        self._tried = remedies_tried(world.scenario)

    def best(self, most: int = 5, most_alike: int | None = None) -> list[Effect]:
        """Return the remedies that would have closed most, voters first; each by itself: they do not add up.

        Of those that differ in nothing but who does it (which type at a post, moved from where) only the
        best is listed, and of each kind of remedy not more than `most_alike`.
        """
        if not self._tried:
            return []
        kept: dict[tuple[object, ...], Effect] = {}
        lesser = (effect for effect, _lines, _closures in self._lesser.found)
        moved = (effect for _unit, _post, effect in self._units.moved)
        for effect in sorted(chain(lesser, moved, self._units.added), key=order_of):
            what = effect.remedy
            aim = what.of if not what.placed else tuple(each.post for each in what.placed)
            alike = sum(kind is what.kind for kind, _aim in kept)
            if most_alike is None or alike < most_alike:
                kept.setdefault((what.kind, aim), effect)
        return list(kept.values())[:most]

    def smallest(self, holes: Sequence[Hole]) -> list[Remedy | None]:
        """Return for each hole the smallest remedy that would have closed all of it.

        Where there is none it is the one that leaves the fewest places (`left`); None where it leaves all.
        """
        if not self._tried:
            return [None] * len(holes)
        pieces = [self._replays.pieces(hole) for hole in holes]
        needs = self._replays.needs(holes, pieces)
        found = self._lesser.closing(holes, pieces)
        for i, hole in enumerate(holes):
            if found[i] is None:
                found[i] = self._units.move_closing(hole, pieces[i], needs[i])
            if found[i] is None:
                found[i] = self._units.addition_closing(hole, pieces[i], needs[i])
        return found

    @cached_property
    def _lesser(self) -> LesserRemedies:
        return LesserRemedies(self._replays, self._units.worth)
