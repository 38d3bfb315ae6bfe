"""Remedies that need nobody more: a road kept open, stock, longer hours, help that is there at once."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from kontijensi.analysis.cover_changes import Level
from kontijensi.analysis.cover_replays import Lines, Replays
from kontijensi.analysis.coverage import Reason
from kontijensi.analysis.remedy import Effect, Hole, Remedy, RemedyKind, effect_of
from kontijensi.analysis.shortage import Amount, Piece, RoadStates, Worth
from kontijensi.analysis.timeline import Stretch
from kontijensi.trace.duty import Activity

MOST_TRIED = 6
"""Roads, and groups for each kind of remedy, that are replayed: those that weigh most by a first estimate."""
_REASON_OF = {
    RemedyKind.OPEN_ROAD: Reason.ROAD_CLOSED,
    RemedyKind.RESUPPLY: Reason.STOCK_EMPTY,
    RemedyKind.STAY_ON_DUTY: Reason.OFF_SHIFT_OR_RESTING,
    RemedyKind.HELP_AT_ONCE: Reason.APPROVAL_MISSING,
}
_LEVEL_OF = {
    RemedyKind.RESUPPLY: Level.OUT_OF_STOCK,
    RemedyKind.STAY_ON_DUTY: Level.OFF,
    RemedyKind.HELP_AT_ONCE: Level.AID,
}


class LesserRemedies:
    """The remedies of one run that need nobody more."""

    def __init__(self, replays: Replays, worth: Mapping[str, Worth]) -> None:
        self._replays, self._worth = replays, worth

    @cached_property
    def found(self) -> list[tuple[Effect, Lines, RoadStates]]:
        """Remedies that need nobody more, with the lines of the units and the closures that they change."""
        found = [
            self._replayed(
                Remedy(RemedyKind.OPEN_ROAD, road),
                self._replays.lines,
                without_road(self._replays.closures, road),
            )
            for road in self._roads_to_open()
        ]
        for kind, level in _LEVEL_OF.items():
            found += [
                self._replayed(Remedy(kind, group), self._relieved(kind, group), self._replays.closures)
                for group in self._groups_to_relieve(level)
            ]
        return [item for item in found if item[0].closed.place_s > 0]

    def _replayed(
        self, remedy: Remedy, lines: Lines, closures: RoadStates
    ) -> tuple[Effect, Lines, RoadStates]:
        closed = {
            key: self._replays.short[key] - self._replays.lacking(key, (), lines, closures)[0]
            for key in self._replays.standards
        }
        return effect_of(remedy, closed, {}), lines, closures

    def _roads_to_open(self) -> list[str]:
        """Return the roads that were closed for most of the time lost to closed roads."""
        weight: dict[str, float] = defaultdict(float)
        starts = [t_s for t_s, _state in self._replays.closures]
        for cover in self._replays.covers.values():
            for short in (s for s in cover.shortfalls if s.reason is Reason.ROAD_CLOSED):
                i = max(bisect_right(starts, short.start_s) - 1, 0)
                while i < len(starts) and starts[i] < short.end_s:
                    until_s = starts[i + 1] if i + 1 < len(starts) else self._replays.end_s
                    length_s = min(until_s, short.end_s) - max(starts[i], short.start_s)
                    for road in self._replays.closures[i][1].closed:
                        weight[road] += length_s * len(short.places)
                    i += 1
        return sorted(weight, key=lambda road: (-weight[road], road))[:MOST_TRIED]

    def _groups_to_relieve(self, level: Level) -> list[str]:
        weight: dict[str, Amount] = defaultdict(Amount)
        for worth_of in self._worth.values():
            for (group, at_level), amount in worth_of.back.items():
                if at_level is level:
                    weight[group] += amount
        ranked = sorted(weight, key=lambda group: tuple(-x for x in weight[group].rank))
        return [group for group in ranked if weight[group].place_s > 0][:MOST_TRIED]

    def _relieved(self, kind: RemedyKind, group: str) -> Lines:
        """Return the lines with those of a group as they would have been."""
        units = {unit.id: unit for unit in self._replays.world.fleet if unit.group == group}
        return {
            unit: [_otherwise(kind, s, self._replays.world.places.ids[units[unit].base]) for s in line]
            if unit in units
            else line
            for unit, line in self._replays.lines.items()
        }

    def closing(self, holes: Sequence[Hole], pieces: Sequence[Sequence[Piece]]) -> list[Remedy | None]:
        """Return for each hole the first that closes all of it, of those that its reason asks for."""
        found: list[Remedy | None] = [None] * len(holes)
        if not any(short.reason in _REASON_OF.values() for hole in holes for short in hole.shortfalls):
            return found
        for effect, lines, closures in self.found:
            reason = _REASON_OF[effect.remedy.kind]
            for key in effect.standards:
                mine = [
                    i
                    for i, hole in enumerate(holes)
                    if found[i] is None
                    and hole.standard == key
                    and any(short.reason is reason for short in hole.shortfalls)
                ]
                if not mine:
                    continue
                _all, most = self._replays.lacking(key, [p for i in mine for p in pieces[i]], lines, closures)
                rest = iter(most)
                for i in mine:
                    if max(int(next(rest).max()) for _piece in pieces[i]) <= 0:
                        found[i] = effect.remedy
        return found


def without_road(closures: RoadStates, road: str) -> RoadStates:
    """Return the states of the roads as if one road had never been closed."""
    return [(t_s, state._replace(closed=state.closed - {road})) for t_s, state in closures]


def _otherwise(kind: RemedyKind, stretch: Stretch, base: str) -> Stretch:
    if kind is RemedyKind.STAY_ON_DUTY:
        return replace(stretch, on_shift=True)
    if kind is RemedyKind.HELP_AT_ONCE and stretch.activity is Activity.ABSENT:
        return replace(stretch, activity=Activity.READY, place=base)
    if kind is RemedyKind.RESUPPLY:
        if stretch.activity is Activity.RESUPPLYING:
            # Where it refills: a unit that stays after a task does so away from its base.
            return replace(stretch, activity=Activity.READY, empty=frozenset())
        return replace(stretch, empty=frozenset())
    return stretch
