"""Places, phases and the fleet as the run sees them."""

# ruff: noqa: E501 - the lines of a scenario are as long as planners write them

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kontijensi.scenario.schema.area import PlaceChoice, PlaceKind
from kontijensi.scenario.schema.force import Agency, Posts, Shift
from kontijensi.world.fleet import duty_spans, unit_ids
from tests.engine.scenes import scene

WORLD = """\
horizon: 2 d
area:
  zones: {red: {risk: 3}, green: {}}
  places:
    pos: {kind: polsek, district: Barat, village: v1, lat: -7.7, lon: 110.6}
    a: {kind: tps, voters: 10, zone: red, district: Barat, village: v1, lat: -7.7, lon: 110.7}
    b: {kind: tps, voters: 20, zone: green, district: Timur, village: v2}
    c: {kind: kpu, voters: 30, zone: red, district: Timur}
  roads: {edges: [{between: [pos, a], time: 1 min}, {between: [a, b], time: 1 min}, {between: [b, c], time: 1 min}]}
phases:
  vote: {kind: voting, start: 2024-11-27 06:00, end: 2024-11-27 13:00, exposes: [tps]}
  count: {kind: counting, start: 2024-11-27 13:00, end: 2024-11-28 06:00, exposes: [kpu]}
posts:
  guard: {places: {kinds: [tps]}, by_zone: {red: {police: 4, linmas: 2}}, phases: [vote]}
units:
  day: {type: patrol, base: pos, shifts: [{start: '06:00', end: '18:00'}]}
  night: {type: patrol, base: pos, shifts: [{start: '18:00', end: '06:00'}], count: 2}
  voting: {type: patrol, base: pos, phases: [vote]}
"""
H = 3600.0


def test_each_list_of_a_choice_narrows_it() -> None:
    places = scene(WORLD).world.places
    everything = PlaceChoice()
    assert places.choose(everything).tolist() == [0, 1, 2, 3]
    assert places.choose(PlaceChoice(kinds=[PlaceKind.TPS])).tolist() == [1, 2]
    assert places.choose(PlaceChoice(zones=["red"], districts=["Timur"])).tolist() == [3]
    assert places.choose(PlaceChoice(villages=["v1"], ids=["a", "b"])).tolist() == [1]


def test_what_a_place_leaves_out_has_its_default() -> None:
    places = scene(WORLD).world.places
    assert places.village == ("v1", "v1", "v2", "c")
    assert places.zone_risk.tolist() == [1, 3, 1, 3]
    assert np.isnan(places.lat).tolist() == [False, False, True, True]
    assert places.distance_km(0)[1] == pytest.approx(
        6371.0088 * np.radians(0.1) * np.cos(np.radians(7.7)), rel=1e-6
    )


def test_a_phase_begins_with_its_start_and_is_over_at_its_end() -> None:
    world = scene(WORLD).world
    at = {hour: getattr(world.phase_at(hour * H), "id", None) for hour in (0, 5.99, 6, 22.99, 23, 40)}
    assert at == {0: "vote", 5.99: "vote", 6: "count", 22.99: "count", 23: None, 40: None}
    assert [world.exposed(row, 0) for row in range(4)] == [False, True, True, False]
    assert [world.exposed(row, 7 * H) for row in range(4)] == [False, False, False, True]


def test_shifts_and_phases_both_limit_duty() -> None:
    duty = {unit.id: [(a / H, b / H) for a, b in unit.duty] for unit in scene(WORLD).world.fleet}
    assert duty == {
        "day": [(0, 11), (23, 35), (47, 48)],
        "night": [(11, 23), (35, 47)],
        "night-2": [(11, 23), (35, 47)],
        "voting": [(0, 6)],
    }


def test_guards_stand_where_their_zone_says_and_while_their_phase_lasts() -> None:
    (guard,) = scene(WORLD).world.guards
    assert (guard.place, guard.people) == (1, {"police": 4, "linmas": 2})
    assert guard.duty == ((0.0, 6 * H),)


def test_guards_shared_by_stations_are_counted_through_the_places_of_their_zone() -> None:
    shared = WORLD.replace(
        "by_zone: {red: {police: 4, linmas: 2}}", "by_zone: {red: {police: 2}}, for_stations: 3"
    )
    shared = shared.replace("a: {kind: tps,", "a: {kind: tps, tps: 7,")
    (guard,) = scene(shared).world.guards
    assert (guard.place, guard.people) == (1, {"police": 6})
    pair = Posts(by_zone={"r": {Agency.POLICE: 2}}, for_stations=6)
    assert list(pair.groups([5, 1, 7, 0])) == [1, 0, 2, 0]
    assert list(pair.model_copy(update={"for_stations": None}).groups([5, 1, 7])) == [1, 1, 1]


def test_the_first_unit_of_a_group_keeps_its_name_whatever_the_count() -> None:
    assert unit_ids("car", 0) == []
    assert unit_ids("car", 3) == ["car", "car-2", "car-3"]


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    st.lists(st.tuples(st.integers(0, 23), st.integers(0, 23)), min_size=1, max_size=3),
    st.integers(1, 72),
)
def test_on_duty_is_what_the_clock_says_in_every_minute(
    shifts: list[tuple[int, int]], horizon_h: int
) -> None:
    world = scene(WORLD).world
    planned = [Shift(start=f"{a:02}:00", end=f"{b:02}:00") for a, b in shifts]  # type: ignore[arg-type]
    spans = duty_spans(planned, None, world.phases, world.calendar, horizon_h * H)
    assert all(end < start for (_, end), (start, _) in pairwise(spans)), "in order and apart"
    for half_hour in range(2 * horizon_h):
        t_s = half_hour * 1800 + 900.0
        hour = (7 + t_s / H) % 24
        expected = any((a <= hour < b) if a < b else (hour >= a or hour < b) for a, b in shifts)
        assert any(start <= t_s < end for start, end in spans) == expected


def test_no_two_units_share_a_name() -> None:
    world = scene(
        """\
units: {car: {type: patrol, base: pos, count: 3}, car-2: {type: patrol, base: pos, count: 2}}
mutual_aid: {car: {type: patrol, count: 1, arrives_at: pos, authority: chief, lead_time: 1 min}}
command: {authorities: {chief: {delay: 1 min}}}
"""
    ).world
    assert [unit.id for unit in world.fleet] == ["car", "car-2.b", "car-3", "car-2", "car-2-2", "car.b"]
