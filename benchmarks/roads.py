"""Closing and opening one road under way: travel times from 300 bases, against computing them anew.

    python benchmarks/roads.py [--nodes N] [--arcs M] [--bases B] [--closures K]

A random network of two-way roads (a spanning tree of a grid and extra links, random times) is closed one road
at a time, and the times from every base to 2,000 places are read. The peer is `scipy.sparse.csgraph.dijkstra`
from all bases on the network without the road, in the same process; some results are compared with the peer's
bit by bit. The times with all roads open are computed before: their cost is shown apart.
"""

from __future__ import annotations

import argparse
import statistics
import time

import numpy as np
import scipy
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra, minimum_spanning_tree

from kontijensi.world.roads import FREE_ROADS, Arc, RoadNetwork, RoadState

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


def anew(roads: RoadNetwork, closed: str, bases: list[int]) -> tuple[np.ndarray, float]:
    """Compute the times from all bases without a road; return them and the seconds it took."""
    n = len(roads.nodes)
    is_open = np.array([key != closed for key in roads.keys])
    graph = csr_array((roads.time_s[is_open], (roads.tail[is_open], roads.head[is_open])), shape=(n, n))
    # The peer is spared the making of its graph.
    began = time.process_time()
    times = dijkstra(graph, indices=bases)
    return times, time.process_time() - began


def closing_and_opening(
    roads: RoadNetwork, bases: list[int], closures: int, compared: int
) -> tuple[list[float], list[float], list[float]]:
    """Close and open roads one at a time; return the seconds of each closing, opening and computing anew."""
    draw = np.random.default_rng(2)
    chosen = [roads.keys[i] for i in draw.choice(len(roads.keys), closures, replace=False)]
    # Compiled code is loaded, or made, when a road first changes.
    roads.prepare(bases[:1], RoadState(frozenset([roads.keys[0]])))
    closing, opening, peer = [], [], []
    for number, road in enumerate(chosen):
        closed = RoadState(frozenset([road]))
        began = time.process_time()
        roads.prepare(bases, closed)
        table = np.array([roads.times_from(base, closed) for base in bases])
        closing.append(time.process_time() - began)
        began = time.process_time()
        roads.prepare(bases)
        again = np.array([roads.times_from(base, FREE_ROADS) for base in bases])
        opening.append(time.process_time() - began)
        if number < compared:
            full, seconds = anew(roads, road, bases)
            peer.append(seconds)
            assert np.array_equal(full[:, :PLACES], table), f"closing {road} gives other times"
        assert np.all(table >= again)
    return closing, opening, peer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", type=int, default=NODES)
    parser.add_argument("--arcs", type=int, default=ARCS)
    parser.add_argument("--bases", type=int, default=BASES)
    parser.add_argument("--closures", type=int, default=200)
    parser.add_argument("--compared", type=int, default=3, help="closures held against the peer")
    chosen = parser.parse_args()
    roads = network(chosen.nodes, chosen.arcs, seed=1)
    print(
        f"{len(roads.nodes)} nodes, {len(roads.tail)} arcs, {chosen.bases} bases; SciPy {scipy.__version__}"
    )
    bases = list(range(chosen.bases))
    began = time.process_time()
    roads.prepare(bases)
    print(f"all roads open, once: {time.process_time() - began:.2f} s")
    closing, opening, peer = closing_and_opening(roads, bases, chosen.closures, chosen.compared)
    full_s = statistics.median(peer)
    print(f"computed anew: {full_s:.3f} s (median of {len(peer)}), equal to the repaired times bit by bit")
    for name, seconds in (("closing", closing), ("opening", opening)):
        mean_s, median_s = statistics.mean(seconds), statistics.median(seconds)
        print(
            f"{name}: mean {mean_s * 1e3:.2f} ms (1/{full_s / mean_s:.0f}), median {median_s * 1e3:.2f} ms "
            f"(1/{full_s / median_s:.0f}), most {max(seconds) * 1e3:.2f} ms, over {len(seconds)} roads"
        )


if __name__ == "__main__":
    main()
