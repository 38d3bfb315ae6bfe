"""Trees follow any sequence of changes of the roads, up and down, to the last bit of a full computation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from kontijensi.world import trees
from kontijensi.world.trees import FREE, Forest, Load

TIMES = st.sampled_from([0.0, 1.0, 1.0, 2.0, 0.1, 0.2, 0.3, 7.5, np.inf])


def full(n: int, ends: np.ndarray, time_s: np.ndarray, roots: list[int]) -> np.ndarray:
    """Compute the times anew by SciPy, without arcs that are closed; of parallel arcs the quickest counts."""
    order = np.lexsort((time_s, ends[1], ends[0]))
    first = np.ones(len(order), dtype=bool)
    first[1:] = (np.diff(ends[0][order]) != 0) | (np.diff(ends[1][order]) != 0)
    kept = order[first & np.isfinite(time_s[order])]
    # A sparse array forgets arcs that take no time unless it is laid out by hand.
    start = np.searchsorted(ends[0][kept], np.arange(n + 1))
    graph = csr_array((time_s[kept], ends[1][kept], start), shape=(n, n))
    return np.atleast_2d(dijkstra(graph, indices=roots))


@st.composite
def changes(draw: st.DrawFn) -> tuple[int, np.ndarray, np.ndarray, list[Load]]:
    n = draw(st.integers(2, 10))
    node = st.integers(0, n - 1)
    arcs = draw(st.lists(st.tuples(node, node, TIMES), min_size=1, max_size=30))
    ends = np.array([(a, b) for a, b, _t in arcs], dtype=np.int32).T
    loads = draw(
        st.lists(st.dictionaries(st.integers(0, len(arcs) - 1), TIMES, max_size=8), min_size=1, max_size=12)
    )
    # An arc that is not there at first cannot appear.
    time_s = np.array([t for _a, _b, t in arcs])
    return n, ends, time_s, [Load({a: t for a, t in load.items() if time_s[a] < np.inf}) for load in loads]


@settings(deadline=None)
@given(changes(), st.data())
def test_any_sequence_of_changes_equals_a_full_computation(
    made: tuple[int, np.ndarray, np.ndarray, list[Load]], data: st.DataObject
) -> None:
    n, ends, time_s, loads = made
    forest = Forest(ends[0], ends[1], time_s, n, n)
    for load in (*loads, FREE):
        now_s = time_s.copy()
        for arc, changed_s in load.time_s.items():
            now_s[arc] = changed_s
        roots = data.draw(st.lists(st.integers(0, n - 1), min_size=1, max_size=n, unique=True))
        if data.draw(st.booleans()):
            forest.prepare(roots, load)
        found = np.array([forest.times(root, load) for root in roots])
        assert np.array_equal(found, full(n, ends, now_s, roots))
        for root, times in zip(roots, found, strict=True):
            for start in range(n):
                way = forest.way(start, root, load)
                assert bool(way) == np.isfinite(times[start])
                if way:
                    assert (way[0], way[-1]) == ((start, times[start]), (root, 0.0))
                    assert len({node for node, _s in way}) == len(way)


@pytest.mark.parametrize("sorted_from", [0, 10**9])
def test_sixty_changes_in_a_row_up_and_down(sorted_from: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trees, "WORTH_SORTING", sorted_from)
    draw, side = np.random.default_rng(7), 30
    n = side * side
    at = np.arange(n)
    right, up = at[at % side < side - 1], at[at + side < n]
    a, b = np.concatenate((right, up)), np.concatenate((right + 1, up + side))
    ends = np.array([np.concatenate((a, b)), np.concatenate((b, a))], dtype=np.int32)
    time_s = draw.uniform(1, 9, ends.shape[1])
    forest, roots = Forest(ends[0], ends[1], time_s, n, 40), list(range(0, n, 90))
    now: dict[int, float] = {}
    for _change in range(60):
        for arc in draw.choice(len(time_s), 5, replace=False).tolist():
            what = draw.integers(4)
            if what == 0 and now:
                now.pop(next(iter(now)))
            else:
                now[arc] = [np.inf, time_s[arc] * 3, time_s[arc] / 2, time_s[arc]][what]
        load, now_s = Load(dict(now)), time_s.copy()
        now_s[list(now)] = list(now.values())
        forest.prepare(roots, load)
        expected = full(n, ends, now_s, roots)
        assert np.array_equal([forest.times(root, load) for root in roots], expected)
        assert np.array_equal([forest.times(root, load, 40) for root in roots], expected[:, :40])
    assert np.array_equal([forest.times(root) for root in roots], full(n, ends, time_s, roots))


def test_what_a_change_does_not_touch_is_left_alone() -> None:
    ends = np.array([[0, 1, 0], [1, 2, 2]], dtype=np.int32)
    forest = Forest(ends[0], ends[1], np.array([1.0, 1.0, 9.0]), 3, 3)
    forest.times(0)
    held = forest._previous[0].copy()
    assert forest.times(0, Load({2: 20.0})).tolist() == [0.0, 1.0, 2.0]
    assert np.array_equal(forest._previous[0], held)


def test_a_forest_keeps_within_its_memory() -> None:
    ends = np.array([np.arange(99), np.arange(1, 100)], dtype=np.int32)
    forest = Forest(ends[0], ends[1], np.ones(99), 100, 100, memory_bytes=0)
    for root in range(100):
        assert forest.times(root, Load({50: np.inf}))[-1] == (np.inf if root <= 50 else 99 - root)
    assert len(forest._times) == 16


@settings(max_examples=30, deadline=None)
@given(st.integers(2, 5), st.data())
def test_a_mirrored_grid_has_mirrored_times(side: int, data: st.DataObject) -> None:
    def node(x: int, y: int) -> int:
        return y * side + x

    ways = [((x, y), (x + 1, y)) for x in range(side - 1) for y in range(side)]
    ways += [((x, y), (x, y + 1)) for x in range(side) for y in range(side - 1)]
    seconds = [data.draw(TIMES) for _way in ways]
    found = []
    for mirrored in (False, True):
        ends = []
        for a, b in ways:
            pair = [node(side - 1 - x if mirrored else x, y) for x, y in (a, b)]
            ends += [pair, pair[::-1]]
        tail, head = np.array(ends, dtype=np.int32).T
        forest = Forest(tail, head, np.repeat(seconds, 2), side**2, side**2)
        found.append(np.array([forest.times(root) for root in range(side**2)]).reshape((side,) * 4))
    assert np.array_equal(found[0], found[1][:, ::-1, :, ::-1])
