"""Roads and travel times."""

# ruff: noqa: E501 - the lines of a scenario are as long as planners write them

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kontijensi.world.closures import LiveRoads
from kontijensi.world.roads import Arc, RoadNetwork, RoadState
from tests.engine.scenes import scene

ROADS = """\
area:
  places: {pos: {kind: polsek}, a: {kind: tps, voters: 1}, b: {kind: tps, voters: 1}, isle: {kind: tps, no_road: true, voters: 1}}
  roads:
    edges:
      - {between: [pos, a], length_km: 7, road_class: local}
      - {between: [a, x], time: 5 min, oneway: true}
      - {between: [x, b], time: 5 min}
      - {between: [b, pos], time: 1 h}
"""


def test_length_and_class_give_the_time_and_places_come_before_junctions() -> None:
    roads = scene(ROADS).world.roads
    assert roads.nodes == ("pos", "a", "b", "isle", "x")
    assert roads.times_from(0)[:3].tolist() == pytest.approx([0, 7 / 35 * 3600, 7 / 35 * 3600 + 600])


def test_a_oneway_road_leads_one_way_and_an_island_nowhere() -> None:
    roads = scene(ROADS).world.roads
    assert roads.times_from(1)[2] == 600
    assert roads.times_from(2)[1] == 3600 + 720, "back by the long way round"
    assert np.isinf(roads.times_from(0)[3])
    assert roads.path(0, 3) == []


def test_a_path_s_times_end_with_the_travel_time() -> None:
    roads = scene(ROADS).world.roads
    path = roads.path(0, 2)
    assert [roads.nodes[node] for node, _ in path] == ["pos", "a", "x", "b"]
    assert path[-1][1] == roads.times_from(0)[2] == roads.times_to(2)[0]


def test_of_two_roads_between_the_same_ends_the_quicker_counts() -> None:
    two = RoadNetwork(
        ("p", "q"), 2, [Arc(0, 1, 60.0, "p|q"), Arc(0, 1, 20.0, "p|q slow"), Arc(1, 0, 60.0, "p|q")]
    )
    assert two.times_from(0).tolist() == [0, 20]
    assert two.times_from(0, RoadState(frozenset({"p|q slow"}))).tolist() == [0, 60]
    assert two.times_from(1).tolist() == [60, 0]


def test_a_closed_road_is_out_and_tells_who_asked_once_for_a_change() -> None:
    roads, told = LiveRoads(scene(ROADS).world), []
    roads.on_change.append(lambda: told.append(roads.state.closed))
    roads.close("pos|a")
    roads.close("pos|a")
    assert roads.times_to(1, 0.0)[0] == np.inf, "the other way round ends in a one-way road"
    roads.open("pos|a")
    assert told == [frozenset({"pos|a"})]
    roads.open("pos|a")
    assert told == [frozenset({"pos|a"}), frozenset()]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.integers(2, 7),
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(0, 50)), max_size=15),
    st.integers(0, 14),
)
def test_times_agree_with_floyd_and_warshall_under_any_closure(
    n: int, arcs: list[tuple[int, int, int]], shut: int
) -> None:
    kept = [Arc(a % n, b % n, float(t), f"r{i}") for i, (a, b, t) in enumerate(arcs) if a % n != b % n]
    network = RoadNetwork([str(i) for i in range(n)], n, kept)
    closed = RoadState(frozenset({f"r{shut}"}))
    expected = np.full((n, n), np.inf)
    np.fill_diagonal(expected, 0)
    for a, b, time_s, key, _class in kept:
        if key not in closed.closed:
            expected[a, b] = min(expected[a, b], time_s)
    for via in range(n):
        expected = np.minimum(expected, expected[:, [via]] + expected[[via], :])
    for start in range(n):
        assert network.times_from(start, closed).tolist() == pytest.approx(expected[start].tolist())
        assert network.times_to(start, closed).tolist() == pytest.approx(expected[:, start].tolist())
        for goal in range(n):
            path = network.path(start, goal, closed)
            assert (
                (path[-1] == (goal, pytest.approx(expected[start, goal])))
                if path
                else np.isinf(expected[start, goal])
            )


def test_invented_roads_join_every_place_even_far_clusters() -> None:
    places = "".join(
        f"    p{i}: {{kind: tps, voters: 1, lat: {-7.7 + (i % 3) * 0.001 + (i // 3) * 0.3}, lon: {110.6 + (i % 2) * 0.001}}}\n"
        for i in range(9)
    )
    area = f"area:\n  places:\n    pos: {{kind: polsek, lat: -7.7, lon: 110.59}}\n{places}  roads: {{synthetic: {{neighbours: 1}}}}\n"
    world = scene(area).world
    assert np.isfinite(world.roads.times_from(0)).all()
    straight_s = world.places.distance_km(0) / 35 * 3600
    assert (world.roads.times_from(0) >= 1.34 * straight_s).all(), "no way is shorter than the detour factor"


def test_the_travel_factor_holds_by_the_clock_and_across_midnight() -> None:
    world = scene(
        """\
horizon: 2 d
area:
  places: {pos: {kind: polsek}, a: {kind: tps, voters: 1}}
  roads: {edges: [{between: [pos, a], time: 1 min}]}
  travel: {periods: {rush: {start: '07:30', end: '08:30', factor: 2}, night: {start: '22:00', end: '04:00', factor: 0.8}}}
"""
    ).world
    hours = {0.0: 1, 0.5: 2, 1.49: 2, 1.5: 1, 14.99: 1, 15: 0.8, 20.9: 0.8, 21: 1, 24.5: 2}
    assert {hour: world.ways("car", world.period_at(hour * 3600))[1] for hour in hours} == hours
    assert [round(t / 3600, 2) for t in world.travel_bounds()] == [
        0.5,
        1.5,
        15,
        17,
        21,
        24.5,
        25.5,
        39,
        41,
        45,
    ]


@pytest.mark.parametrize("ways", ["oneway: true", "oneway: false"])
def test_what_joins_the_same_ends_closes_as_one_road_whichever_end_is_written_first(ways: str) -> None:
    twice = "  roads:\n    edges:\n"
    both = f"      - {{between: [pos, a], time: 4 min, {ways}}}\n      - {{between: [a, pos], time: 4 min, {ways}}}\n"
    head, rest = ROADS.split(twice)
    world = scene(head + twice + both + rest.split("\n", 1)[1]).world
    assert world.roads.times_from(0)[1] == world.roads.times_to(0)[1] == 240
    key = world.roads.road_between("a", "pos")
    assert key is not None
    closed = RoadState(frozenset({key}))
    assert min(world.roads.times_from(0, closed)[1], world.roads.times_to(0, closed)[1]) > 240
