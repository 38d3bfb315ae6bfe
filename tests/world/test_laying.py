"""Invented roads: what is apart is joined by the shortest links, wherever places lie."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse.csgraph import connected_components, minimum_spanning_tree
from scipy.spatial.distance import cdist

from kontijensi.scenario.schema.area import Area, Place, Roads, SyntheticRoads, ZoneClass
from kontijensi.world.laying import road_network
from kontijensi.world.places import place_table

KM_PER_DEGREE = 111.19508


def laid(at: np.ndarray, neighbours: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the pairs that invented roads join, and their lengths [km], of places near the equator."""
    places = {f"p{i}": Place(lat=float(lat), lon=float(lon)) for i, (lon, lat) in enumerate(at)}
    roads = Roads(synthetic=SyntheticRoads(neighbours=neighbours, detour=1.0))
    zones: dict[str, ZoneClass] = {}
    network = road_network(Area(places=places, roads=roads), place_table(places, zones))
    once = network.tail < network.head
    pairs = np.column_stack((network.tail[once], network.head[once]))
    return pairs, network.time_s[once] * 35.0 / 3600


def shortest_links_km(at: np.ndarray, neighbours: int) -> float:
    """Return the length of a shortest tree over the parts that nearest neighbours leave [km]."""
    apart_km = cdist(at, at) * KM_PER_DEGREE
    near = np.argsort(apart_km + np.where(np.eye(len(at)), -1, 0), axis=1)[:, 1 : neighbours + 1]
    joined = np.zeros(apart_km.shape)
    joined[np.repeat(np.arange(len(at)), near.shape[1]), near.ravel()] = 1
    n, part = connected_components(joined, directed=False)
    between = np.array([[apart_km[np.ix_(part == a, part == b)].min() for b in range(n)] for a in range(n)])
    return float(minimum_spanning_tree(between).sum())


@pytest.mark.parametrize("seed", range(12))
def test_separate_parts_are_joined_by_the_shortest_links_there_are(seed: int) -> None:
    draw = np.random.default_rng(seed)
    middles = draw.random((6, 2))
    # All of one seed in four lie in one line, where there are no triangles.
    at = 1e-2 * (middles[draw.integers(0, 6, 60)] + 0.05 * draw.random((60, 2)))
    if seed % 4 == 0:
        at[:, 1] = at[:, 0] / 2
    pairs, length_km = laid(at, 2)
    n, _part = connected_components(_matrix(pairs, len(at)), directed=False)
    assert n == 1
    apart_km = cdist(at, at) * KM_PER_DEGREE
    near = np.argsort(apart_km + np.where(np.eye(len(at)), -1, 0), axis=1)[:, 1:3]
    links = [km for (a, b), km in zip(pairs, length_km, strict=True) if b not in near[a] and a not in near[b]]
    assert sum(links) == pytest.approx(shortest_links_km(at, 2), rel=1e-5)


@pytest.mark.parametrize("same", [2, 5])
def test_places_at_one_and_the_same_spot_are_joined_too(same: int) -> None:
    at = 1e-2 * np.concatenate((np.zeros((same, 2)), np.ones((same, 2)), [[0.0, 1.0]] * same))
    pairs, _length = laid(at, 1)
    assert connected_components(_matrix(pairs, len(at)), directed=False)[0] == 1


def _matrix(pairs: np.ndarray, n: int) -> np.ndarray:
    joined = np.zeros((n, n))
    joined[pairs[:, 0], pairs[:, 1]] = 1
    return joined
