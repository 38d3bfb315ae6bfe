"""Classical location models as mixed-integer programmes, solved by HiGHS (`scipy.optimize.milp`).

p-median: ReVelle and Swain (1970), in the formulation by distance steps of Elloumi (2010).
Maximal covering: Church and ReVelle (1974). Maximal expected covering: Daskin (1983).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import ceil

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array
from scipy.sparse.csgraph import floyd_warshall

from kontijensi.vocabulary.words import _

Floats = npt.NDArray[np.float64]
TIME_LIMIT_S = 120.0


class PlacementError(Exception):
    """A question that no placement answers, in plain words."""


@dataclass(frozen=True, slots=True)
class Room:
    """The fewest and the most units that each site takes, both of shape (n_sites,)."""

    least: npt.NDArray[np.int64]
    most: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Location:
    """Units at each site, and what that is worth."""

    units: tuple[int, ...]
    """Units at each site, shape (n_sites,)."""
    value: float
    """Weighted travel (p-median), or weight covered (covering models)."""
    gap: float
    """Share by which a better choice could still beat it: 0 when it is proven best."""


def p_median(
    cost: Floats, weight: Floats, n: int, *, room: Room | None = None, limit_s: float = TIME_LIMIT_S
) -> Location:
    """Choose `n` sites so that the weighted cost from each demand to its nearest site is least.

    `cost` has shape (n_sites, n_demands), inf where no road leads; `weight` has shape (n_demands,). Of `room`
    it counts whether a site takes a unit at all, and whether it must have one. Raises PlacementError when
    there are too few sites, or some demand is out of reach whatever is chosen.
    """
    n_sites, n_demands = cost.shape
    if not 1 <= n <= n_sites:
        message = _("{n} units at {sites} sites: the p-median puts one unit at a site")
        raise PlacementError(message.format(n=n, sites=n_sites))
    least, most = _room(room, n, n_sites, 1)
    rows, columns, values, bounds, prices = [], [], [], [], []
    fixed = 0.0
    row, column = 0, n_sites
    for i in range(n_demands):
        steps = np.unique(cost[:, i])
        if not np.isfinite(steps[0]):
            raise PlacementError(_("a place is out of reach from every site"))
        fixed += weight[i] * steps[0]
        for here, after in pairwise(steps.tolist()):
            # z = 1 when no site chosen is this near; it then pays for going on to the next step.
            near = np.flatnonzero(cost[:, i] <= here)
            rows += [row] * (len(near) + 1)
            columns += [*near.tolist(), column]
            values += [1.0] * (len(near) + 1)
            reachable = np.isfinite(after)
            prices.append(weight[i] * (after - here) if reachable else 0.0)
            bounds.append(1.0 if reachable else 0.0)  # somebody must be near enough to come at all
            row, column = row + 1, column + 1
    covering = LinearConstraint(
        coo_array((values, (rows, columns)), shape=(row, column)).tocsr(), np.ones(row), np.full(row, np.inf)
    )
    chosen = np.zeros((1, column))
    chosen[0, :n_sites] = 1
    result = _solved(
        np.concatenate((np.zeros(n_sites), prices)),
        [covering, LinearConstraint(chosen, n, n)] if row else [LinearConstraint(chosen, n, n)],
        np.concatenate((most, bounds)),
        np.arange(column) < n_sites,
        limit_s,
        least,
    )
    units = np.rint(result[0][:n_sites]).astype(int)
    nearest = cost[units > 0].min(axis=0)
    return Location(tuple(units.tolist()), float(weight @ nearest), result[1])


def max_coverage(
    covers: npt.NDArray[np.bool_],
    weight: Floats,
    n: int,
    needed: int | npt.NDArray[np.int64] = 1,
    *,
    room: Room | None = None,
    limit_s: float = TIME_LIMIT_S,
) -> Location:
    """Place `n` units so that the weight of the demands that `needed` of them reach is greatest.

    `covers` has shape (n_sites, n_demands); `needed` is one number, or one a demand. Several units share a
    site only where several are needed, there are more units than sites, or `room` says how many it takes.
    """
    n_sites, n_demands = covers.shape
    if n < 1:
        raise PlacementError(_("{n} units: at least one is placed").format(n=n))
    least, most = _room(room, n, n_sites, max(int(np.max(needed, initial=1)), ceil(n / n_sites)))
    # needed * z <= units within reach
    matrix = np.hstack((covers.T.astype(float), -np.diag(np.broadcast_to(needed, n_demands).astype(float))))
    placed = np.concatenate((np.ones(n_sites), np.zeros(n_demands)))[None, :]
    found, gap = _solved(
        np.concatenate((np.zeros(n_sites), -weight)),
        [LinearConstraint(matrix, 0, np.inf), LinearConstraint(placed, n, n)],
        np.concatenate((most, np.ones(n_demands))),
        np.ones(n_sites + n_demands, dtype=bool),
        limit_s,
        least,
    )
    units = np.rint(found[:n_sites]).astype(int)
    return Location(tuple(units.tolist()), float(weight @ (units @ covers >= needed)), gap)


def expected_coverage(
    covers: npt.NDArray[np.bool_],
    weight: Floats,
    n: int,
    busy: float,
    *,
    room: Room | None = None,
    limit_s: float = TIME_LIMIT_S,
) -> Location:
    """Place `n` units so that the weight reached by one that is free is greatest in the mean.

    Each unit is busy for a share `busy` of the time, independently; `covers` has shape (n_sites, n_demands).
    """
    if not 0 <= busy < 1:
        raise PlacementError(_("busy share {busy}: it lies from 0 to below 1").format(busy=busy))
    if n < 1:
        raise PlacementError(_("{n} units: at least one is placed").format(n=n))
    n_sites, n_demands = covers.shape
    least, most = _room(room, n, n_sites, n)
    # The k-th unit within reach adds (1 - busy) * busy ** (k - 1): ever less, so no order has to be enforced.
    gains = (1 - busy) * busy ** np.arange(n)
    levels = int(np.count_nonzero(gains > 1e-9))
    steps = np.kron(np.eye(n_demands), np.ones((1, levels)))
    matrix = np.hstack((covers.T.astype(float), -steps))
    placed = np.concatenate((np.ones(n_sites), np.zeros(n_demands * levels)))[None, :]
    found, gap = _solved(
        np.concatenate((np.zeros(n_sites), -np.outer(weight, gains[:levels]).ravel())),
        [LinearConstraint(coo_array(matrix).tocsr(), 0, np.inf), LinearConstraint(placed, n, n)],
        np.concatenate((most, np.ones(n_demands * levels))),
        np.arange(n_sites + n_demands * levels) < n_sites,
        limit_s,
        least,
    )
    units = np.rint(found[:n_sites]).astype(int)
    return Location(tuple(units.tolist()), float(weight @ (1 - busy ** (units @ covers))), gap)


def or_library(text: str) -> tuple[Floats, int]:
    """Return the costs of the shortest ways, shape (n, n), and p, of an uncapacitated p-median file.

    Its numbers are: nodes, edges, p, then two nodes and a cost for each edge, both ways; of a repeated edge
    the last cost holds (Beasley 1990). Raises PlacementError saying what is wrong with it.
    """
    try:
        numbers = [int(word) for word in text.split()]
        n, edges, p = numbers[:3]
    except ValueError:
        raise PlacementError(_("not a p-median file: whole numbers are needed, at least three")) from None
    rows = np.array(numbers[3:], dtype=np.int64)
    if n < 1 or len(rows) != 3 * edges:
        message = _("not a p-median file: {edges} edges are announced, {found} numbers follow, not {wanted}")
        raise PlacementError(message.format(edges=edges, found=len(rows), wanted=3 * edges))
    cost = np.full((n, n), np.inf)
    np.fill_diagonal(cost, 0.0)
    for a, b, length in rows.reshape(-1, 3).tolist():
        if not (1 <= a <= n and 1 <= b <= n) or length < 0:
            message = _("not a p-median file: an edge {a} {b} {cost} with nodes from 1 to {n}")
            raise PlacementError(message.format(a=a, b=b, cost=length, n=n))
        if a != b:
            cost[a - 1, b - 1] = cost[b - 1, a - 1] = float(length)
    return np.asarray(floyd_warshall(cost), dtype=np.float64), p


def _room(room: Room | None, n: int, n_sites: int, share: int) -> tuple[Floats, Floats]:
    """Return the fewest and most units a site; raises PlacementError where `n` units do not fit them."""
    if room is None:
        return np.zeros(n_sites), np.full(n_sites, float(share))
    least, most = room.least.astype(np.float64), np.minimum(room.most, n).astype(np.float64)
    if share == 1:
        most = np.minimum(most, np.maximum(1.0, least))
    if (least > room.most).any():
        raise PlacementError(_("a site must have more units than it may take"))
    if least.sum() > n or most.sum() < n:
        message = _("{n} units do not fit: the sites must have {least} and take {most} at most")
        raise PlacementError(message.format(n=n, least=int(least.sum()), most=int(most.sum())))
    return least, most


def _solved(
    price: Floats,
    constraints: list[LinearConstraint],
    most: Floats,
    whole: npt.NDArray[np.bool_],
    limit_s: float,
    least: Floats,
) -> tuple[Floats, float]:
    """Return the best values found and the share by which better ones are not ruled out."""
    result = milp(
        price,
        constraints=constraints,
        bounds=Bounds(np.pad(least, (0, len(price) - len(least))), most),
        integrality=whole.astype(int),
        options={"time_limit": limit_s, "mip_rel_gap": 0.0},
    )
    if result.status == 2:  # proven to have no answer
        raise PlacementError(_("no choice of sites reaches every place that some site reaches"))
    if result.x is None:
        message = _("the optimiser found no choice within {limit} s")
        raise PlacementError(message.format(limit=round(limit_s)))
    return np.asarray(result.x), float(result.mip_gap or 0.0)
