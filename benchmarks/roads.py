"""Roads that change under way: travel times from 300 bases, against computing them anew.

    python benchmarks/roads.py [--nodes N] [--arcs M] [--bases B] [--changes K]

In a random network of two-way roads (a spanning tree of a grid and extra links) one road at a time is closed
and opened again, then a crowd slows the roads at a place and leaves; each time the times from every base to
2,000 places are read. The peer is `scipy.sparse.csgraph.dijkstra` from all bases on the network as it is
then, in the same process; some results are compared with the peer's bit by bit.
"""

from __future__ import annotations

import argparse
import statistics
import time

import numpy as np
import scipy
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra, minimum_spanning_tree

from kontijensi.world.roads import FREE_ROADS, Arc, Crowded, RoadNetwork, RoadState

PLACES = 2000
NODES, ARCS, BASES = 50_000, 120_000, 300


def network(nodes: int, arcs: int, seed: int) -> RoadNetwork:
    """Return a random network with so many nodes and one-way arcs, all of them in pairs."""
    draw = np.random.default_rng(seed)
    side = int(np.ceil(np.sqrt(nodes)))
    at = np.arange(nodes)
    right, up = at[(at % side < side - 1) & (at + 1 < nodes)], at[at + side < nodes]
    a, b = np.concatenate((right, up)), np.concatenate((right + 1, up + side))
    time_s = draw.uniform(2.0, 20.0, len(a))
    tree = minimum_spanning_tree(
        csr_array((draw.random(len(a)) + 0.01, (a, b)), shape=(nodes, nodes))
    ).tocoo()
    held = np.isin(a * nodes + b, tree.row.astype(np.int64) * nodes + tree.col)
    extra = draw.permutation(np.flatnonzero(~held))[: arcs // 2 - held.sum()]
    held[extra] = True
    # Places come first in a network, so its nodes are numbered at random.
    number = draw.permutation(nodes)
    rows: list[Arc] = []
    for i, j, seconds in zip(
        number[a[held]].tolist(), number[b[held]].tolist(), time_s[held].tolist(), strict=True
    ):
        rows += [Arc(i, j, seconds, f"{i}|{j}"), Arc(j, i, seconds, f"{i}|{j}")]
    return RoadNetwork([str(i) for i in range(nodes)], PLACES, rows)


def anew(roads: RoadNetwork, state: RoadState, bases: list[int]) -> tuple[np.ndarray, float]:
    """Compute the times from all bases under a state of the roads; return them and the seconds it took."""
    n, time_s = len(roads.nodes), roads.time_s.copy()
    for crowd in state.crowded:
        time_s[(roads.tail == crowd.place) | (roads.head == crowd.place)] *= crowd.factor
    is_open = np.array([key not in state.closed for key in roads.keys])
    graph = csr_array((time_s[is_open], (roads.tail[is_open], roads.head[is_open])), shape=(n, n))
    # The peer is spared the making of its graph.
    began = time.process_time()
    times = dijkstra(graph, indices=bases)
    return times, time.process_time() - began


def timed(roads: RoadNetwork, state: RoadState, bases: list[int]) -> tuple[np.ndarray, float]:
    """Bring the trees to a state and read the times to all places; return them and the seconds it took."""
    began = time.process_time()
    roads.prepare(bases, state)
    table = np.array([roads.times_from(base, state) for base in bases])
    return table, time.process_time() - began


Seconds = list[float]


def measure(
    roads: RoadNetwork, states: list[RoadState], bases: list[int], compared: int
) -> tuple[Seconds, Seconds, Seconds]:
    """Go from free roads to each state and back; return the seconds of both, and of computing some anew."""
    # Compiled code is loaded, or made, when a road first changes.
    timed(roads, states[0], bases[:1])
    timed(roads, FREE_ROADS, bases)
    changing, back, peer = [], [], []
    for number, state in enumerate(states):
        table, seconds = timed(roads, state, bases)
        changing.append(seconds)
        again, seconds = timed(roads, FREE_ROADS, bases)
        back.append(seconds)
        if number < compared:
            full, seconds = anew(roads, state, bases)
            peer.append(seconds)
            assert np.array_equal(full[:, :PLACES], table), f"{state} gives other times"
        assert np.all(table >= again)
    return changing, back, peer


def closing_and_opening(
    roads: RoadNetwork, bases: list[int], closures: int, compared: int
) -> tuple[Seconds, Seconds, Seconds]:
    """Close and open roads one at a time; return the seconds of each closing, opening and computing anew."""
    chosen = np.random.default_rng(2).choice(len(roads.keys), closures, replace=False)
    return measure(roads, [RoadState(frozenset([roads.keys[i]])) for i in chosen], bases, compared)


def slowing_and_easing(
    roads: RoadNetwork, bases: list[int], crowds: int, compared: int
) -> tuple[Seconds, Seconds, Seconds]:
    """Let crowds slow the roads at one place at a time; return the seconds of each, its end, and anew."""
    places = np.random.default_rng(3).choice(PLACES, crowds, replace=False)
    states = [RoadState(crowded=frozenset([Crowded(int(place), 3.0, blocks=False)])) for place in places]
    return measure(roads, states, bases, compared)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", type=int, default=NODES)
    parser.add_argument("--arcs", type=int, default=ARCS)
    parser.add_argument("--bases", type=int, default=BASES)
    parser.add_argument("--changes", type=int, default=200)
    parser.add_argument("--compared", type=int, default=3, help="changes of each kind held against the peer")
    chosen = parser.parse_args()
    roads, bases = network(chosen.nodes, chosen.arcs, seed=1), list(range(chosen.bases))
    print(
        f"{len(roads.nodes)} nodes, {len(roads.tail)} arcs, {chosen.bases} bases; SciPy {scipy.__version__}; "
        "processor time"
    )
    began = time.process_time()
    roads.prepare(bases)
    print(f"all roads free, once: {time.process_time() - began:.2f} s")
    for names, change in (
        (("closing", "opening"), closing_and_opening),
        (("slowing", "easing"), slowing_and_easing),
    ):
        *both, peer = change(roads, bases, chosen.changes, chosen.compared)
        full_s = statistics.median(peer)
        print(
            f"computed anew: {full_s:.3f} s (median of {len(peer)}), equal to the repaired times bit by bit"
        )
        for name, seconds in zip(names, both, strict=True):
            mean_s, median_s = statistics.mean(seconds), statistics.median(seconds)
            print(
                f"{name}: mean {mean_s * 1e3:.2f} ms (1/{full_s / mean_s:.0f}), "
                f"median {median_s * 1e3:.2f} ms (1/{full_s / median_s:.0f}), "
                f"most {max(seconds) * 1e3:.2f} ms, over {len(seconds)}"
            )


if __name__ == "__main__":
    main()
