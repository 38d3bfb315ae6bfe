"""Trees of shortest ways under closed roads: grown with all roads open, repaired where a closure cuts them.

A closed arc that a tree does not use leaves the tree as it is. Otherwise only the nodes below the arc can
have another way now: they are cut off, entered again from the nodes that kept theirs, and settled among
themselves by Dijkstra (the deletion half of Ramalingam and Reps, 1996). Many trees are repaired together, as
one graph whose parts do not touch. Opening a road again costs nothing: the tree with all roads open was kept.

Times equal those of a full computation to the last bit, because both add along a way from its root. Of
equally quick ways the one whose last node is nearest the root is kept, then the one whose last node comes
first: so a tree does not depend on which others were repaired with it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import csc_array, csr_array
from scipy.sparse.csgraph import dijkstra

Times = npt.NDArray[np.float64]
Nodes = npt.NDArray[np.int32]
Flat = npt.NDArray[np.int64]
"""Positions in a table of trees and nodes: row times the number of nodes, plus the node."""
NO_NODE = -9999
"""What SciPy writes for a root or a node without a way."""
MEMORY_BYTES = 512 * 1024 * 1024
"""Room for the trees of one network; the one not asked for longest gives way."""
MOST_TREES = 8192
MOST_CLOSURES = 32
"""Sets of closed roads whose repairs are kept."""
AT_ONCE = 64
"""Trees grown in one call."""


class Patch(NamedTuple):
    """What a closure changes in one tree: nodes, times to them [s], and the nodes before them."""

    nodes: npt.NDArray[np.int64]
    times: Times
    previous: Nodes


class Forest:
    """Trees of shortest ways from any root, along arcs given by tail, head and time, shape (n_arcs,)."""

    def __init__(self, n: int, tail: Nodes, head: Nodes, time_s: Times) -> None:
        self._n = n
        self._tail, self._head, self._time_s = tail, head, time_s
        order = np.lexsort((time_s, head, tail))
        first = np.ones(len(order), dtype=bool)
        # Of parallel arcs the quickest counts; a sparse array would add them.
        first[1:] = (np.diff(tail[order]) != 0) | (np.diff(head[order]) != 0)
        quickest = order[first]
        self._out_start = np.searchsorted(tail[quickest], np.arange(n + 1)).astype(np.int32)
        self._out_head = head[quickest]
        self._graph = csr_array((time_s[quickest], self._out_head, self._out_start), shape=(n, n))
        self._in_arc = np.lexsort((tail, head))
        self._in_start = np.searchsorted(head[self._in_arc], np.arange(n + 1))
        self._capacity = int(np.clip(MEMORY_BYTES // (16 * max(n, 1)), 16, MOST_TREES))
        self._row: OrderedDict[int, int] = OrderedDict()
        self._times: Times = np.empty((0, n))
        self._previous: Nodes = np.empty((0, n), dtype=np.int32)
        self._mark = np.empty((0, n), dtype=np.int32)
        self._patches: OrderedDict[Hashable, dict[int, Patch]] = OrderedDict()

    def times(self, root: int, closed: Hashable, arcs: Flat, first: int | None = None) -> Times:
        """Return the time from a root to every node, or to the first so many, shape (n_nodes,) [s]."""
        patch = self._ready(root, closed, arcs)
        times = self._times[self._row[root], :first].copy()
        if patch is not None:
            held = slice(None) if first is None else patch.nodes < first
            times[patch.nodes[held]] = patch.times[held]
        return times

    def previous(self, root: int, closed: Hashable, arcs: Flat) -> Nodes:
        """Return the node before each on its way from the root, shape (n_nodes,); negative where none is."""
        patch = self._ready(root, closed, arcs)
        previous: Nodes = self._previous[self._row[root]].copy()
        if patch is not None:
            previous[patch.nodes] = patch.previous
        return previous

    def prepare(self, roots: Sequence[int], closed: Hashable, arcs: Flat) -> None:
        """Grow and repair the trees of many roots together, which is quicker than one by one."""
        wanted = list(dict.fromkeys(roots))
        for at in range(0, len(wanted), self._capacity):
            part = wanted[at : at + self._capacity]
            self._grow(part)
            if not len(arcs):
                continue
            known = self._patches_of(closed)
            missing = [root for root in part if root not in known]
            if missing:
                known.update(self._repaired(missing, arcs))

    def _ready(self, root: int, closed: Hashable, arcs: Flat) -> Patch | None:
        """Return what a closure changes in a tree, which is there afterwards; None without a closure."""
        if root not in self._row or (len(arcs) and root not in self._patches_of(closed)):
            self.prepare([root], closed, arcs)
        self._row.move_to_end(root)
        return self._patches_of(closed)[root] if len(arcs) else None

    def _patches_of(self, closed: Hashable) -> dict[int, Patch]:
        if closed not in self._patches:
            self._patches[closed] = {}
            if len(self._patches) > MOST_CLOSURES:
                self._patches.popitem(last=False)
        self._patches.move_to_end(closed)
        return self._patches[closed]

    # -- growing ---------------------------------------------------------------------------------------------

    def _grow(self, roots: Sequence[int]) -> None:
        """Grow the trees that are not there yet; those asked for are the last to give way."""
        for root in roots:
            if root in self._row:
                self._row.move_to_end(root)
        missing = [root for root in roots if root not in self._row]
        for at in range(0, len(missing), AT_ONCE):
            part = missing[at : at + AT_ONCE]
            times, previous = dijkstra(self._graph, indices=part, return_predecessors=True)
            rows = [self._free_row(root) for root in part]
            self._times[rows], self._previous[rows] = times, previous

    def _free_row(self, root: int) -> int:
        if len(self._row) < len(self._times):
            row = len(self._row)
        elif len(self._times) < self._capacity:
            row = len(self._times)
            size = min(max(2 * row, 16), self._capacity)
            for name, empty in (("_times", np.inf), ("_previous", NO_NODE), ("_mark", -1)):
                table = getattr(self, name)
                wider = np.full((size, self._n), empty, dtype=table.dtype)
                wider[:row] = table
                setattr(self, name, wider)
        else:
            _oldest, row = self._row.popitem(last=False)
        self._row[root] = row
        return row

    # -- repairing -------------------------------------------------------------------------------------------

    def _repaired(self, roots: Sequence[int], arcs: Flat) -> dict[int, Patch]:
        """Return what closing arcs changes in each of some trees."""
        rows = np.array([self._row[root] for root in roots], dtype=np.int64)
        below = self._below(rows, arcs)
        times, previous = self._settled(below, arcs) if len(below) else (np.empty(0), np.empty(0, np.int32))
        owner, node = np.divmod(below, self._n)
        order = np.argsort(owner, kind="stable")
        start = np.searchsorted(owner[order], rows)
        end = np.searchsorted(owner[order], rows, side="right")
        node, times, previous = node[order], times[order], previous[order]
        return {
            root: Patch(node[a:b], times[a:b], previous[a:b])
            for root, a, b in zip(roots, start.tolist(), end.tolist(), strict=True)
        }

    def _below(self, rows: Flat, arcs: Flat) -> Flat:
        """Return every node that lies below a closed arc, in any of the trees, once."""
        tail, head = self._tail[arcs], self._head[arcs]
        rows = rows[:, None]
        used = self._previous[rows, head] == tail
        used &= self._times[rows, tail] + self._time_s[arcs] == self._times[rows, head]
        found = np.unique((rows * self._n + head)[used])
        previous, mark = self._previous.ravel(), self._mark.ravel()
        layers = [found]
        while len(found):
            mark[found] = 0
            node = found % self._n
            which, entry = _expanded(self._out_start, node)
            at = (found - node).take(which) + self._out_head.take(entry)
            found = at[(previous.take(at) == node.take(which)) & (mark.take(at) < 0)]
            layers.append(found)
        return np.concatenate(layers)

    def _settled(self, below: Flat, arcs: Flat) -> tuple[Times, Nodes]:
        """Return the times to cut-off nodes over the arcs that are open, and the nodes before them."""
        n = len(below)
        mark, kept = self._mark.ravel(), self._times.ravel()
        mark[below] = np.arange(n, dtype=np.int32)
        node = below % self._n
        which, entry = _expanded(self._in_start, node)
        arc = self._in_arc.take(entry)
        tail, time_s = self._tail.take(arc), self._time_s.take(arc)
        shut = np.zeros(len(self._tail), dtype=bool)
        shut[arcs] = True
        time_s[shut.take(arc)] = np.inf
        at = (below - node).take(which) + tail
        inner = mark.take(at)
        mark[below] = -1
        # Every cut-off node has an arc into it, the one that the tree used, so that no group is empty.
        group = np.flatnonzero(np.diff(which, prepend=-1))
        outside = inner < 0
        before_s = np.full(len(at), np.inf)
        before_s[outside] = kept.take(at[outside])
        entered = np.minimum.reduceat(before_s + time_s, group)
        times = _dijkstra_within(entered, which, inner, time_s, ~outside & np.isfinite(time_s))
        before_s[~outside] = times[inner[~outside]]
        return times, _before(times, which, group, before_s, time_s, tail, inner)


def _expanded(start: npt.NDArray[np.signedinteger], node: Flat) -> tuple[Flat, Flat]:
    """Return for each entry of each node's list, which node (by position) and which entry it is."""
    count = start[node + 1] - start[node]
    which = np.repeat(np.arange(len(node)), count)
    offset = np.cumsum(count) - count
    return which, np.arange(len(which)) + (start.take(node) - offset).take(which)


def _dijkstra_within(
    entered: Times, which: Flat, inner: Nodes, time_s: Times, within: npt.NDArray[np.bool_]
) -> Times:
    """Settle the cut-off nodes from the times at which they can be entered from outside."""
    n = len(entered)
    start = np.concatenate(([0], np.cumsum(np.bincount(which[within], minlength=n))))
    among = csc_array((time_s[within], inner[within], start), shape=(n, n)).tocsr()
    gates = np.flatnonzero(np.isfinite(entered))
    # One more node stands for all that kept their ways.
    graph = csr_array(
        (
            np.concatenate((among.data, entered[gates])),
            np.concatenate((among.indices, gates)).astype(np.int32),
            np.append(among.indptr, len(among.data) + len(gates)).astype(np.int32),
        ),
        shape=(n + 1, n + 1),
    )
    return dijkstra(graph, indices=[n])[0, :n]


def _before(
    times: Times, which: Flat, group: Flat, before_s: Times, time_s: Times, tail: Nodes, inner: Nodes
) -> Nodes:
    """Return the node before each cut-off node, chosen by time and then by number."""
    there = times.take(which)
    tight = (before_s + time_s == there) & np.isfinite(there)
    ahead = np.flatnonzero(tight & (before_s < there))
    ties = np.diff(which[ahead], prepend=-1) == 0
    if ties.any():
        ahead = ahead[np.lexsort((tail[ahead], before_s[ahead], which[ahead]))]
        ahead = ahead[np.diff(which[ahead], prepend=-1) != 0]
    none = np.int64(np.iinfo(np.int64).max)
    chosen = np.full(len(times), none)
    chosen[which[ahead]] = tail[ahead]
    # Over arcs that take no time nobody is ahead: follow them outward from the nodes that have their way.
    lacking = (chosen == none) & np.isfinite(times)
    while lacking.any():
        settled = np.where(inner < 0, True, ~lacking[np.maximum(inner, 0)])
        step = np.minimum.reduceat(np.where(tight & settled & lacking[which], tail, none), group)
        chosen[lacking] = step[lacking]
        lacking &= chosen == none
    return np.where(chosen == none, NO_NODE, chosen).astype(np.int32)
