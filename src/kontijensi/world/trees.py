"""Trees of shortest ways that follow the roads: grown once, then repaired where times over arcs change.

A tree stands for the times over its arcs at some moment. When it is asked for under other times, only what
lies behind the arcs that differ is settled anew (`repair`), whatever lies between the two moments. The times
equal those of a full computation to the last bit, because both add along a way from its root, and so do not
depend on what was asked before. Which of equally quick ways a tree holds may; `way` therefore looks at times
alone: it goes to the neighbour nearest the root, then to the one that comes first.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_tree, connected_components, depth_first_order, dijkstra

Times = npt.NDArray[np.float64]
Nodes = npt.NDArray[np.int32]
Flat = npt.NDArray[np.int64]
MEMORY_BYTES = 512 * 1024 * 1024
"""Room for the trees of one forest; the one not asked for longest gives way."""
MOST_TREES = 8192
AT_ONCE = 64
"""Trees grown in one call."""
WORTH_SORTING = 2000
"""Nodes from which on neighbours are kept close in memory."""


@dataclass(frozen=True, eq=False)
class Load:
    """What some arcs take instead of their own time, by arc [s]; inf where they are closed.

    Each is itself only, so that trees can be told apart by the load they stand for.
    """

    time_s: Mapping[int, float]


FREE = Load({})


class Forest:
    """Trees of shortest ways from any root, along arcs given by tail, head and time, shape (n_arcs,) [s].

    An arc whose time is inf is not there at all. The first `n_first` nodes are those mostly asked for.
    """

    def __init__(
        self,
        tail: Nodes,
        head: Nodes,
        time_s: Times,
        n: int,
        n_first: int,
        *,
        memory_bytes: int | None = None,
    ) -> None:
        self._n, self._n_first, self._arc_s = n, n_first, time_s
        self._node = _close_together(n, n_first, tail, head)
        """Node by its number in here, shape (n_nodes,)."""
        self._at = np.empty(n, dtype=np.int32)
        self._at[self._node] = np.arange(n, dtype=np.int32)
        self._in_order = bool((self._node[:-1] < self._node[1:]).all())
        self._lay(self._at[tail], self._at[head], time_s)
        bound = MEMORY_BYTES if memory_bytes is None else memory_bytes
        self._capacity = int(np.clip(bound // (12 * max(n, 1)), 16, MOST_TREES))
        self._row: OrderedDict[int, int] = OrderedDict()
        self._stands: list[Load] = []
        """The load that each row stands for."""
        self._times: Times = np.empty((0, n))
        self._previous: Nodes = np.empty((0, n), dtype=np.int32)
        self._load = FREE
        """The load whose times `_time_s` holds."""
        self._changed = lru_cache(maxsize=128)(self._changed_by)
        self._into: dict[int, tuple[tuple[int, int, int], ...]] = {}
        """Neighbours of the nodes that a way has led through."""
        self._room: tuple[npt.NDArray[Any], ...] = ()

    def _lay(self, tail: Nodes, head: Nodes, time_s: Times) -> None:
        """Sort the arcs by tail and head; of parallel ones the quickest counts."""
        n, there = self._n, np.flatnonzero(np.isfinite(time_s))
        order = there[np.lexsort((time_s[there], head[there], tail[there]))]
        first = np.ones(len(order), dtype=bool)
        first[1:] = (np.diff(tail[order]) != 0) | (np.diff(head[order]) != 0)
        self._arcs, self._first = order, np.append(np.flatnonzero(first), len(order))
        """Arcs of the network in order, and where those of each arc in here begin."""
        self._arc = np.full(len(tail), -1)
        self._arc[order] = np.cumsum(first) - 1
        quickest = order[first]
        self._tail, self._head = tail[quickest], head[quickest]
        self._own_s = time_s[quickest]
        self._time_s = self._own_s.copy()
        self._out_start = np.searchsorted(self._tail, np.arange(n + 1)).astype(np.int32)
        self._in_arc = np.lexsort((self._tail, self._head)).astype(np.int32)
        self._in_start = np.searchsorted(self._head[self._in_arc], np.arange(n + 1)).astype(np.int32)

    def times(self, root: int, load: Load = FREE, first: int | None = None) -> Times:
        """Return the time from a root to every node, or to the first so many, shape (n_nodes,) [s]."""
        row = self._ready(root, load)
        times = self._times[row]
        if first is not None and first <= self._n_first:
            return np.array(times[:first])
        return np.array(times[self._at[:first]])

    def look_up(self, root: int, load: Load = FREE) -> Callable[[int], float]:
        """Return the time from a root as a function of the node [s]; it holds until more trees are grown."""
        row = self._ready(root, load)
        time_at: Callable[[int], float] = self._times[row].item
        if self._in_order:
            return time_at
        at = self._at.item
        return lambda node: time_at(at(node))

    def way(self, start: int, root: int, load: Load = FREE) -> list[tuple[int, float]]:
        """Return the nodes of a shortest way back from a node to the root and the time left at each [s].

        Empty where there is none.
        """
        row = self._ready(root, load)
        times = self._times[row]
        self._turn_to(load)
        node, goal = int(self._at[start]), int(self._at[root])
        left_s = float(times[node])
        if left_s == np.inf:
            return []
        steps = [(start, left_s)]
        name_of, time_at = self._node.item, times.item
        while node != goal:
            ahead = self._ahead(times, node, left_s)
            if ahead is None:
                *level, ahead = self._over_level(times, node, goal)
                steps += [(name_of(at), time_at(at)) for at in level]
            node, left_s = ahead, time_at(ahead)
            steps.append((name_of(node), left_s))
        return steps

    def prepare(self, roots: Iterable[int], load: Load = FREE) -> None:
        """Grow and repair the trees of many roots together, which is quicker than one by one."""
        wanted = list(dict.fromkeys(roots))
        for at in range(0, len(wanted), self._capacity):
            part = wanted[at : at + self._capacity]
            self._grow(part)
            standing = defaultdict[Load, list[int]](list)
            for root in part:
                row = self._row[root]
                if self._stands[row] is not load:
                    standing[self._stands[row]].append(row)
            for before, rows in standing.items():
                self._repair(rows, before, load)

    def _ready(self, root: int, load: Load) -> int:
        """Return the row of a tree that stands for a load."""
        row = self._row.get(root)
        if row is None or self._stands[row] is not load:
            self.prepare([root], load)
            row = self._row[root]
        self._row.move_to_end(root)
        return row

    # -- ways ------------------------------------------------------------------------------------------------

    def _neighbours(self, node: int) -> tuple[tuple[int, int, int], ...]:
        """Return from where arcs lead to a node: the other node, its name, and the arc."""
        known = self._into.get(node)
        if known is None:
            arcs = self._in_arc[self._in_start[node] : self._in_start[node + 1]]
            others = self._tail[arcs]
            known = tuple(zip(others.tolist(), self._node[others].tolist(), arcs.tolist(), strict=True))
            self._into[node] = known
        return known

    def _before(self, times: Times, node: int, left_s: float) -> list[tuple[float, int, int]]:
        """Return the neighbours that a quickest way may come through: time there, name, number in here."""
        return [
            (times.item(other), name, other)
            for other, name, arc in self._neighbours(node)
            if times.item(other) + self._time_s.item(arc) == left_s
        ]

    def _ahead(self, times: Times, node: int, left_s: float) -> int | None:
        """Return the neighbour to go to, None where those on the way take no time to reach."""
        time_at, over = times.item, self._time_s.item
        least_s, first, found = left_s, 0, None
        for other, name, arc in self._into.get(node) or self._neighbours(node):
            time_s = time_at(other)
            if time_s + over(arc) == left_s and (
                time_s < least_s or (time_s == least_s < left_s and name < first)
            ):
                least_s, first, found = time_s, name, other
        return found

    def _over_level(self, times: Times, node: int, goal: int) -> list[int]:
        """Return the fewest steps that take no time, to a node that leads on or is the goal."""
        came = {node: node}
        for at in (layer := [node]):
            if at == goal or (at != node and self._ahead(times, at, times.item(at)) is not None):
                steps = [at]
                while steps[-1] != node:
                    steps.append(came[steps[-1]])
                return steps[-2::-1]
            for _time_s, _name, other in sorted(self._before(times, at, times.item(at))):
                if other not in came:
                    came[other] = at
                    layer.append(other)
        raise AssertionError(node)

    # -- growing ---------------------------------------------------------------------------------------------

    def _grow(self, roots: Sequence[int]) -> None:
        """Grow the trees that are not there yet; those asked for are the last to give way."""
        for root in roots:
            if root in self._row:
                self._row.move_to_end(root)
        missing = [root for root in roots if root not in self._row]
        if not missing:
            return
        graph = csr_array((self._own_s, self._head, self._out_start), shape=(self._n, self._n))
        for at in range(0, len(missing), AT_ONCE):
            part = missing[at : at + AT_ONCE]
            times, previous = dijkstra(graph, indices=self._at[part], return_predecessors=True)
            rows = [self._free_row(root) for root in part]
            self._times[rows], self._previous[rows] = times, previous
            for row in rows:
                self._stands[row] = FREE

    def _free_row(self, root: int) -> int:
        if len(self._row) < len(self._times):
            row = len(self._row)
        elif len(self._times) < self._capacity:
            row = len(self._times)
            size = min(max(2 * row, 16), self._capacity)
            self._times = _longer(self._times, size)
            self._previous = _longer(self._previous, size)
            self._stands += [FREE] * (size - row)
        else:
            _oldest, row = self._row.popitem(last=False)
        self._row[root] = row
        return row

    # -- repairing -------------------------------------------------------------------------------------------

    def _changed_by(self, load: Load) -> dict[int, float]:
        """Return the arcs in here that a load changes, and the time over each [s]."""
        changed = {}
        for arc in {int(self._arc[arc]) for arc in load.time_s} - {-1}:
            parallel = self._arcs[self._first[arc] : self._first[arc + 1]].tolist()
            time_s = min(load.time_s.get(each, float(self._arc_s[each])) for each in parallel)
            if time_s != self._own_s[arc]:
                changed[arc] = time_s
        return changed

    def _turn_to(self, load: Load) -> None:
        """Let the arcs take what they take under a load."""
        if load is self._load:
            return
        for arc in self._changed(self._load):
            self._time_s[arc] = self._own_s[arc]
        for arc, time_s in self._changed(load).items():
            self._time_s[arc] = time_s
        self._load = load

    def _repair(self, rows: Sequence[int], before: Load, load: Load) -> None:
        """Bring rows that stand for one load to another."""
        had, has = self._changed(before), self._changed(load)
        differ = [arc for arc in sorted({**had, **has}) if had.get(arc) != has.get(arc)]
        if differ:
            # Compiled code is loaded when a road first changes: most scenarios have none that does.
            from kontijensi.world.repair import repair

            self._turn_to(load)
            if not self._room:
                size = self._n + len(self._tail)
                self._room = (
                    np.zeros(self._n, dtype=np.uint8),
                    np.empty(self._n, dtype=np.int32),
                    np.empty(size),
                    np.empty(size, dtype=np.int32),
                )
            repair(
                np.array(rows, dtype=np.int64),
                np.array(differ, dtype=np.int64),
                *(self._tail, self._head, self._time_s),
                *(self._out_start, self._in_start, self._in_arc),
                *(self._times.ravel(), self._previous.ravel()),
                *self._room,
            )
        for row in rows:
            self._stands[row] = load


def _longer(table: npt.NDArray[Any], size: int) -> npt.NDArray[Any]:
    longer = np.empty((size, table.shape[1]), dtype=table.dtype)
    longer[: len(table)] = table
    return longer


def _close_together(n: int, n_first: int, tail: Nodes, head: Nodes) -> Nodes:
    """Return the nodes in an order that keeps neighbours close, the first so many where they are.

    The order is that of a walk down a tree of fewest steps: what lies behind an arc is then mostly a run.
    """
    order = np.arange(n, dtype=np.int32)
    if n - n_first < WORTH_SORTING:
        return order
    graph = csr_array((np.ones(len(tail), dtype=np.int8), (tail, head)), shape=(n, n))
    _n, part = connected_components(graph, directed=False)
    start = int(np.flatnonzero(part == np.bincount(part).argmax())[0])
    tree = breadth_first_tree(graph, start, directed=False)
    walked = depth_first_order(tree, start, return_predecessors=False)
    rest = np.setdiff1d(order, walked, assume_unique=True)
    walked = np.concatenate((walked, rest))
    return np.concatenate((order[:n_first], walked[walked >= n_first])).astype(np.int32)
