"""What always holds of cover, and the sweep against a plain count at every moment between two changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kontijensi.analysis.cover_parts import NONE, CoverBy, cover_parts, part_frame, shortfall_frame
from kontijensi.analysis.coverage import Coverage, coverage, static_coverage
from kontijensi.analysis.timeline import Stretch, end_of_run, timelines
from kontijensi.scenario.schema.service import Standard
from kontijensi.vocabulary.records import Record, RecordKind
from kontijensi.world import World
from kontijensi.world.fleet import UnitSpec
from tests.analysis.held_scenes import STANDARDS, held_scene, with_standards
from tests.analysis.logbook import Log, grid, grid_edges, hand_trace

QUICK, LONG = 10, 60
NUMBERS = [pytest.param(n, marks=[pytest.mark.slow] if n >= QUICK else []) for n in range(LONG)]

# -- the oracle ----------------------------------------------------------------------------------------------


Roads = tuple[frozenset[str], frozenset[tuple[str, float, bool]]]
"""Closed roads, and crowds in the way of traffic: place, factor, whether nobody drives past."""


def plain_times(world: World, start: str, roads: Roads) -> dict[str, float]:
    """Return the time from a place to every node, by relaxing every road until nothing changes."""
    closed, crowds = roads
    times = {start: 0.0}
    while True:
        before = dict(times)
        for edge in world.scenario.area.roads.given():
            a, b = edge.between
            if f"{a}|{b}" in closed:
                continue
            for tail, head in [(a, b)] if edge.oneway else [(a, b), (b, a)]:
                if any(blocks and place == tail != start for place, _f, blocks in crowds):
                    continue
                slowed = max([1.0, *(factor for place, factor, _b in crowds if place in (tail, head))])
                if tail in times:
                    times[head] = min(times.get(head, np.inf), times[tail] + (edge.time or 0.0) * slowed)
        if times == before:
            return times


class Oracle:
    """Cover at one moment, straight from its definition."""

    def __init__(self, world: World, records: list[Record]) -> None:
        self.world, self.records, self.lines = world, records, timelines(records, world)
        self._times: dict[tuple[str, Roads], dict[str, float]] = {}

    def roads(self, t_s: float) -> Roads:
        """Return what hinders the roads at a moment."""
        count: Counter[str] = Counter()
        crowds: dict[str, tuple[str, float, bool]] = {}
        for r in self.records:
            if r.time_s > t_s:
                break
            match r.kind:
                case RecordKind.ROAD_CLOSED:
                    count[r.entity] += 1
                case RecordKind.ROAD_OPENED:
                    count[r.entity] -= 1
                case RecordKind.ROADS_CROWDED:
                    crowds[str(r.place)] = (str(r.place), r.values["factor"], r.values["blocks"])
                case RecordKind.ROADS_CLEARED:
                    crowds.pop(str(r.place), None)
        return frozenset(road for road, n in count.items() if n > 0), frozenset(crowds.values())

    def reaches(self, unit: UnitSpec, place: str, t_s: float, standard: Standard, roads: Roads) -> bool:
        """Tell whether a unit comes in time from where it stands if it is free, else from its base."""
        now, base = self._now(unit, t_s), self.world.places.ids[unit.base]
        start = str(now.place) if self._kind(unit, t_s, standard) == "free" else base
        if (start, roads) not in self._times:
            self._times[start, roads] = plain_times(self.world, start, roads)
        (rush,) = self.world.scenario.area.travel.periods.values()
        second = (7 * 3600 + t_s) % 86400
        factor = rush.factor if rush.start <= second < rush.end else 1.0
        travel_s = self._times[start, roads].get(place, np.inf) * factor / unit.type.pace
        return unit.type.turn_out.expected + travel_s <= standard.within + 1e-6

    def why(self, standard: Standard, place: str, t_s: float) -> str | None:
        """Return the reason why a place is not covered at a moment, None where it is."""
        able = [unit for unit in self.world.fleet if standard.capability in unit.type.capabilities]

        def count(kinds: set[str], roads: Roads) -> int:
            those = [unit for unit in able if self._kind(unit, t_s, standard) in kinds]
            return sum(self.reaches(unit, place, t_s, standard, roads) for unit in those)

        if count({"free"}, self.roads(t_s)) >= standard.units:
            return None
        kinds, open_roads = set(), (frozenset(), frozenset())
        for reason, more in LADDER.items():
            kinds.add(more)
            if count(kinds, open_roads) >= standard.units:
                return reason
        near = count(kinds, open_roads) > 0
        return "formation_short" if near or 0 < len(able) < standard.units else "too_far"

    def _now(self, unit: UnitSpec, t_s: float) -> Stretch:
        return next(s for s in self.lines[unit.id] if s.start_s <= t_s < s.end_s)

    def _kind(self, unit: UnitSpec, t_s: float, standard: Standard) -> str:
        now = self._now(unit, t_s)
        activity = str(now.activity)
        if activity == "absent":
            return "aid"
        if not now.on_shift or activity in {"lost", "resting"}:
            return "off"
        if activity == "resupplying" or str(standard.capability) in now.empty:
            return "empty"
        return "free" if activity == "ready" else "busy"


LADDER = {
    "road_closed": "free",
    "none_free": "busy",
    "stock_empty": "empty",
    "off_shift_or_resting": "off",
    "approval_missing": "aid",
}
"""Reasons in the order in which they are tried, and the units that each takes in."""


def moments(world: World, records: list[Record]) -> list[float]:
    """Return a moment within every span in which nothing can change."""
    end_s = end_of_run(records, world)
    cuts = {0.0, end_s, *(r.time_s for r in records), *world.travel_bounds()}
    cuts |= {t for unit in world.fleet for span in unit.duty for t in span}
    cuts |= {t for phase in world.phases for t in (phase.start_s, phase.end_s)}
    inside = sorted(t for t in cuts if 0 <= t <= end_s)
    return [(a + b) / 2 for a, b in pairwise(inside) if b - a > 1e-6]


@pytest.mark.parametrize("number", NUMBERS)
def test_the_sweep_says_what_a_plain_count_says_at_every_moment(number: int) -> None:
    world, records = held_scene(number)
    oracle, found = Oracle(world, records), coverage(records, world)
    all_moments = moments(world, records)
    step = max(1, len(all_moments) // 40)
    for key, standard in world.scenario.standards.items():
        for t_s in all_moments[::step]:
            phase = world.phase_at(t_s)
            if standard.phases is not None and (phase is None or phase.id not in standard.phases):
                continue
            told = {
                p: str(s.reason)
                for s in found[key].shortfalls
                if s.start_s <= t_s < s.end_s
                for p in s.places
            }
            plain = {place: oracle.why(standard, place, t_s) for place in found[key].places}
            assert told == {place: why for place, why in plain.items() if why is not None}, (key, t_s)


# -- what must not matter, and what must ---------------------------------------------------------------------


def short_of(found: Mapping[str, Coverage]) -> dict[str, dict[str, list[float]]]:
    return {
        key: {place: row.tolist() for place, row in zip(c.places, c.short_s, strict=True)}
        for key, c in found.items()
    }


@pytest.mark.parametrize("number", range(6))
def test_units_that_nobody_counts_change_nothing(number: int) -> None:
    world, records = held_scene(number)
    spare, other = world.fleet[0], world.scenario.unit_types["full"]
    never = replace(spare, id="never", duty=())
    deaf = replace(spare, id="deaf", type_id="deaf", type=other.model_copy(update={"capabilities": ["fire"]}))
    more = replace(world, fleet=(*world.fleet, deaf))
    assert short_of(coverage(records, more)) == short_of(coverage(records, world))
    idle = coverage(records, replace(world, fleet=(*world.fleet, never)))
    for key, cover in coverage(records, world).items():
        # It only gives another reason: the place could be covered, were the unit on duty.
        np.testing.assert_array_equal(idle[key].share, cover.share)


@pytest.mark.parametrize("number", range(6))
def test_one_more_free_unit_and_more_time_never_lower_cover(number: int) -> None:
    world, records = held_scene(number)
    more = replace(
        world, fleet=(*world.fleet, replace(world.fleet[-1], id="more", aid=None, duty=((0.0, 1e9),)))
    )
    slack = with_standards(
        world,
        {
            key: {**each, "within": f"{int(each['within'].split()[0]) + 4} min"}
            for key, each in STANDARDS.items()
        },
    )
    before = coverage(records, world)
    for better in (coverage(records, more), coverage(records, slack)):
        for key, cover in before.items():
            assert (better[key].short_s.sum(axis=1) <= cover.short_s.sum(axis=1) + 1e-6).all()
            assert (better[key].average() or 0.0) >= (cover.average() or 0.0) - 1e-12


BASES = st.lists(st.sampled_from([str(i) for i in range(1, 10)]), min_size=1, max_size=4)


@given(BASES, st.integers(1, 2), st.permutations([str(i) for i in range(1, 10)]), st.integers(0, 4))
def test_without_demand_order_and_what_cannot_be_reached_do_not_matter(
    bases: list[str], needed: int, order: list[str], within: int
) -> None:
    units = {f"U{i}": {"type": "patrol", "base": base} for i, base in enumerate(bases)}
    standards = {
        "s": {
            "capability": "patrol",
            "units": needed,
            "within": f"{within} min",
            "places": {"kinds": ["tps"]},
        }
    }
    world = grid(units=units, standards=standards)
    found, (still,) = coverage([], world)["s"], static_coverage(world).values()
    assert found.share.tolist() == still.share.tolist()
    assert found.short_s.tolist() == still.short_s.tolist()
    places = {name: {"kind": "tps", "voters": 100} for name in order}
    island = {**places, "isle": {"kind": "other"}}
    mixed = grid(
        units=units, standards=standards, area={"places": island, "roads": {"edges": grid_edges()[::-1]}}
    )
    assert coverage([], mixed)["s"].average() == pytest.approx(found.average())
    by_place = dict(zip(found.places, found.short_s.tolist(), strict=True))
    again = coverage([], mixed)["s"]
    assert dict(zip(again.places, again.short_s.tolist(), strict=True)) == by_place
    # By hand: on a grid the time is the number of steps.
    near = [sum(steps(a, b) <= within for a in bases) >= needed for b in by_place]
    assert found.average() == pytest.approx(sum(near) / 9)


def steps(a: str, b: str) -> int:
    i, j = int(a) - 1, int(b) - 1
    return abs(i % 3 - j % 3) + abs(i // 3 - j // 3)


def test_a_line_of_five_places_and_two_units_by_hand() -> None:
    """Places 1 to 5, one minute apart; units at 1 and 5, one minute of reach; U1 at 3 from 20, and stays."""
    edges = [{"between": [str(i), str(i + 1)], "time": "1 min"} for i in range(1, 5)]
    area = {"places": {str(i): {"kind": "tps", "voters": i} for i in range(1, 6)}, "roads": {"edges": edges}}
    units = {"U1": {"type": "patrol", "base": "1"}, "U2": {"type": "patrol", "base": "5"}}
    standards = {"s": {"capability": "patrol", "within": "1 min", "weigh_by": "voters"}}
    log = Log()
    log(5, "unit_ordered", "U1", "1", incident="A", capability="patrol")
    log(20, "unit_ready", "U1", "3")
    found = coverage(log.records, grid(area=area, units=units, standards=standards))["s"]
    # 15 voters: 1, 2, 4, 5 stand within reach; then 4, 5; then 2, 3, 4, 5.
    assert (found.time_s / 60).tolist() == [0, 5, 20]
    assert found.share.tolist() == pytest.approx([12 / 15, 9 / 15, 14 / 15])
    assert found.average() == pytest.approx((5 * 12 + 15 * 9 + 10 * 14) / 15 / 30)


# -- parts ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", range(6))
def test_parts_share_out_the_whole(number: int) -> None:
    world, records = held_scene(number)
    end_s = end_of_run(records, world)
    still = static_coverage(world, end_s)
    for key, found in coverage(records, world).items():
        (whole,) = cover_parts(found, still[key], world, CoverBy.STANDARD).values()
        assert whole.share == pytest.approx(found.average())
        assert whole.static == pytest.approx(still[key].average())
        for by in (CoverBy.PHASE, CoverBy.DISTRICT, CoverBy.ZONE):
            parts = cover_parts(found, still[key], world, by).values()
            assert sum(p.short_s for p in parts) == pytest.approx(whole.short_s)
            assert sum(p.static_short_s for p in parts) == pytest.approx(whole.static_short_s)
            assert sum(p.voter_s for p in parts) == pytest.approx(whole.voter_s)
        for phase in world.phases:
            part = cover_parts(found, still[key], world, CoverBy.PHASE)[phase.id]
            average = found.average(max(phase.start_s, 0.0), min(phase.end_s, end_s))
            assert part.share == (None if average is None else pytest.approx(average))


def sorted_out() -> World:
    places = {
        str(i): {"kind": "tps", "voters": 100, "district": "north" if i <= 3 else "south"}
        for i in range(1, 10)
    }
    places["9"] |= {"zone": "red"}
    phases = {
        "vote": {"kind": "voting", "start": "2024-11-27 07:00", "end": "2024-11-27 07:10"},
        "count": {"kind": "counting", "start": "2024-11-27 07:20", "end": "2024-11-27 07:30"},
    }
    area = {"places": places, "roads": {"edges": grid_edges()}, "zones": {"red": {"risk": 3}}}
    return grid(area=area, phases=phases)


def test_the_hand_trace_by_phase_district_and_zone() -> None:
    world, records = sorted_out(), hand_trace()
    found, still = coverage(records, world), static_coverage(world)
    frame = part_frame(found, still, world, CoverBy.DISTRICT).set_index("district")
    # North is 1, 2, 3: 1 and 2 from 2 to 4, all from 4 to 26, 2 and 3 from 26 to 28. South: 4; six; 6.
    assert frame["short_place_min"].to_dict() == pytest.approx({"north": 4 + 66 + 4, "south": 2 + 132 + 2})
    assert frame["share"].to_dict() == pytest.approx({"north": 1 - 74 / 90, "south": 1 - 136 / 180})
    assert frame["short_voter_min"]["north"] == pytest.approx(7400)
    assert frame["static"].tolist() == [1.0, 1.0]
    zones = part_frame(found, still, world, CoverBy.ZONE).set_index("zone")
    assert zones["short_place_min"].to_dict() == pytest.approx({NONE: 210 - 22, "red": 22})
    phases = part_frame(found, still, world, CoverBy.PHASE).set_index("phase")
    assert phases["short_place_min"].to_dict() == pytest.approx({"vote": 6 + 54, NONE: 90, "count": 54 + 6})
    assert phases["held_min"].to_dict() == pytest.approx({"vote": 10, NONE: 10, "count": 10})
    rows = shortfall_frame(found.values(), world)
    lengths = (rows["end_s"] - rows["start_s"]).groupby(rows["phase"].fillna(NONE)).sum() / 60
    assert lengths.to_dict() == pytest.approx(phases["short_place_min"].to_dict())
    assert set(rows.loc[rows["place"] == "9", "zone"]) == {"red"}


def test_a_standard_that_never_held_in_a_phase_has_no_share_there() -> None:
    standards = {"s": {"capability": "patrol", "within": "2 min", "phases": ["vote"]}}
    world = with_standards(sorted_out(), standards)
    found, still = coverage([], world)["s"], static_coverage(world)["s"]
    parts = cover_parts(found, still, world, CoverBy.PHASE)
    assert (parts["vote"].share, parts["count"].share, set(parts)) == (1.0, None, {"vote", "count"})
