"""Trees repaired after a closure equal trees computed anew, whatever was closed or asked before."""

from __future__ import annotations

import heapq
from itertools import pairwise
from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kontijensi.world.roads import Arc as RoadArc
from kontijensi.world.roads import RoadNetwork, RoadState

Arc = tuple[int, int, float, str]
TIMES = st.sampled_from([0.0, 0.0, 1.0, 1.0, 2.0, 0.1, 0.2, 0.3, 7.5])
"""Few values, so that ties and arcs without length abound; tenths, so that sums carry rounding."""


@st.composite
def networks(draw: st.DrawFn) -> tuple[int, list[Arc]]:
    """Draw roads one-way and two-way, parallel ones with one name or two, and nodes without any."""
    n = draw(st.integers(2, 12))
    arcs: list[Arc] = []
    for number in range(draw(st.integers(0, 30))):
        a, b = draw(st.integers(0, n - 1)), draw(st.integers(0, n - 1))
        if a == b:
            continue
        time_s, name = draw(TIMES), f"{a}|{b}" if draw(st.booleans()) else f"{a}|{b}#{number}"
        arcs.append((a, b, time_s, name))
        if draw(st.booleans()):
            arcs.append((b, a, time_s, name))
    return n, arcs


def by_hand(n: int, arcs: list[Arc], root: int, closed: frozenset[str], *, reverse: bool) -> list[float]:
    """Dijkstra as in the textbooks."""
    times, queue = [inf] * n, [(0.0, root)]
    times[root] = 0.0
    while queue:
        time_s, node = heapq.heappop(queue)
        if time_s > times[node]:
            continue
        for a, b, length_s, name in arcs:
            tail, head = (b, a) if reverse else (a, b)
            if tail == node and name not in closed and time_s + length_s < times[head]:
                times[head] = time_s + length_s
                heapq.heappush(queue, (times[head], head))
    return times


def network(n: int, arcs: list[Arc]) -> RoadNetwork:
    return RoadNetwork([str(i) for i in range(n)], n, [RoadArc(*arc) for arc in arcs])


def subsets(draw: st.DataObject, arcs: list[Arc]) -> list[frozenset[str]]:
    names = sorted({arc[3] for arc in arcs}) or ["none"]
    return draw.draw(st.lists(st.frozensets(st.sampled_from(names), max_size=6), min_size=1, max_size=5))


@given(networks(), st.data())
def test_times_equal_a_full_computation_to_the_last_bit(
    made: tuple[int, list[Arc]], data: st.DataObject
) -> None:
    n, arcs = made
    roads = network(n, arcs)
    for closed in subsets(data, arcs):
        if data.draw(st.booleans()):
            roads.prepare(data.draw(st.lists(st.integers(0, n - 1), max_size=n)), RoadState(closed))
        for root in range(n):
            assert roads.times_from(root, RoadState(closed)).tolist() == by_hand(
                n, arcs, root, closed, reverse=False
            )
            assert roads.times_to(root, RoadState(closed)).tolist() == by_hand(
                n, arcs, root, closed, reverse=True
            )


@given(networks(), st.data())
def test_a_path_takes_the_time_of_its_open_roads(made: tuple[int, list[Arc]], data: st.DataObject) -> None:
    n, arcs = made
    roads = network(n, arcs)
    for closed in subsets(data, arcs):
        goal = data.draw(st.integers(0, n - 1))
        to_goal = roads.times_to(goal, RoadState(closed))
        for start in range(n):
            path = roads.path(start, goal, RoadState(closed))
            if not np.isfinite(to_goal[start]):
                assert path == []
                continue
            nodes = [node for node, _time in path]
            assert (nodes[0], nodes[-1]) == (start, goal)
            assert len(set(nodes)) == len(nodes)
            quickest = [
                min((arc[2] for arc in arcs if arc[:2] == pair and arc[3] not in closed), default=inf)
                for pair in pairwise(nodes)
            ]
            assert sum(quickest) == pytest.approx(to_goal[start])
            assert path[-1][1] == to_goal[start]


@given(networks(), st.data())
def test_a_path_does_not_depend_on_what_was_asked_before(
    made: tuple[int, list[Arc]], data: st.DataObject
) -> None:
    n, arcs = made
    busy, fresh = network(n, arcs), network(n, arcs)
    closures = subsets(data, arcs)
    for closed in closures:
        for goal in range(n):
            busy.times_to(goal, RoadState(closed))
    closed = data.draw(st.sampled_from(closures))
    start, goal = data.draw(st.integers(0, n - 1)), data.draw(st.integers(0, n - 1))
    assert busy.path(start, goal, RoadState(closed)) == fresh.path(start, goal, RoadState(closed))


def grid(side: int, seed: int) -> tuple[int, list[Arc]]:
    draw = np.random.default_rng(seed)
    arcs: list[Arc] = []
    for node in range(side * side):
        for other in (node + 1 if node % side < side - 1 else None, node + side):
            if other is not None and other < side * side:
                time_s = float(draw.uniform(1, 9))
                arcs += [(node, other, time_s, f"{node}|{other}"), (other, node, time_s, f"{node}|{other}")]
    return side * side, arcs


def test_sixty_closures_in_a_row_and_open_again() -> None:
    n, arcs = grid(15, seed=3)
    roads, draw = network(n, arcs), np.random.default_rng(4)
    names = sorted({arc[3] for arc in arcs})
    before = [roads.times_from(root).copy() for root in range(0, n, 25)]
    closed: frozenset[str] = frozenset()
    for name in draw.permutation(names)[:60]:
        closed |= {str(name)}
        roots = range(0, n, 25)
        roads.prepare(roots, RoadState(closed))
        for root in roots:
            assert roads.times_from(root, RoadState(closed)).tolist() == by_hand(
                n, arcs, root, closed, reverse=False
            )
    assert all(np.array_equal(roads.times_from(25 * i), times) for i, times in enumerate(before))


def test_trees_that_had_to_give_way_are_grown_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kontijensi.world.trees.MEMORY_BYTES", 0)  # leaves room for sixteen
    n, arcs = grid(8, seed=5)
    roads, closed = network(n, arcs), frozenset({arcs[40][3], arcs[90][3]})
    roads.prepare(range(n), RoadState(closed))
    for root in (0, 63, 17, 0, 40):
        assert roads.times_from(root, RoadState(closed)).tolist() == by_hand(
            n, arcs, root, closed, reverse=False
        )
        assert roads.times_to(root).tolist() == by_hand(n, arcs, root, frozenset(), reverse=True)
