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

from kontijensi.vocabulary.words import _

Floats = npt.NDArray[np.float64]
TIME_LIMIT_S = 120.0


class PlacementError(Exception):
    """A question that no placement answers, in plain words."""


@dataclass(frozen=True, slots=True)
class Location:
    """Units at each site, and what that is worth."""

    units: tuple[int, ...]
    """Units at each site, shape (n_sites,)."""
    value: float
    """Weighted travel (p-median), or weight covered (covering models)."""
    gap: float
    """Share by which a better choice could still beat it: 0 when it is proven best."""


def p_median(cost: Floats, weight: Floats, n: int, limit_s: float = TIME_LIMIT_S) -> Location:
    """Choose `n` sites so that the weighted cost from each demand to its nearest site is least.

    `cost` has shape (n_sites, n_demands), inf where no road leads; `weight` has shape (n_demands,). Raises
    PlacementError when there are too few sites, or some demand is out of reach whatever is chosen.
    """
    n_sites, n_demands = cost.shape
    if not 1 <= n <= n_sites:
        message = _("{n} units at {sites} sites: the p-median puts one unit at a site")
        raise PlacementError(message.format(n=n, sites=n_sites))
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
        np.concatenate((np.ones(n_sites), bounds)),
        np.arange(column) < n_sites,
        limit_s,
    )
    units = np.rint(result[0][:n_sites]).astype(int)
    nearest = cost[units > 0].min(axis=0)
    return Location(tuple(units.tolist()), float(weight @ nearest), result[1])


def max_coverage(
    covers: npt.NDArray[np.bool_],
    weight: Floats,
    n: int,
    needed: int | npt.NDArray[np.int64] = 1,
    limit_s: float = TIME_LIMIT_S,
) -> Location:
    """Place `n` units so that the weight of the demands that `needed` of them reach is greatest.

    `covers` has shape (n_sites, n_demands); `needed` is one number, or one a demand. Several units
    share a site only where several are needed, or there are more units than sites.
    """
    n_sites, n_demands = covers.shape
    if n < 1:
        raise PlacementError(_("{n} units: at least one is placed").format(n=n))
    most = max(int(np.max(needed, initial=1)), ceil(n / n_sites))
    # needed * z <= units within reach
    matrix = np.hstack((covers.T.astype(float), -np.diag(np.broadcast_to(needed, n_demands).astype(float))))
    placed = np.concatenate((np.ones(n_sites), np.zeros(n_demands)))[None, :]
    found, gap = _solved(
        np.concatenate((np.zeros(n_sites), -weight)),
        [LinearConstraint(matrix, 0, np.inf), LinearConstraint(placed, n, n)],
        np.concatenate((np.full(n_sites, float(most)), np.ones(n_demands))),
        np.ones(n_sites + n_demands, dtype=bool),
        limit_s,
    )
    units = np.rint(found[:n_sites]).astype(int)
    return Location(tuple(units.tolist()), float(weight @ (units @ covers >= needed)), gap)


def expected_coverage(
    covers: npt.NDArray[np.bool_], weight: Floats, n: int, busy: float, limit_s: float = TIME_LIMIT_S
) -> Location:
    """Place `n` units so that the weight reached by one that is free is greatest in the mean.

    Each unit is busy for a share `busy` of the time, independently; `covers` has shape (n_sites, n_demands).
    """
    if not 0 <= busy < 1:
        raise PlacementError(_("busy share {busy}: it lies from 0 to below 1").format(busy=busy))
    if n < 1:
        raise PlacementError(_("{n} units: at least one is placed").format(n=n))
    n_sites, n_demands = covers.shape
    # The k-th unit within reach adds (1 - busy) * busy ** (k - 1): ever less, so no order has to be enforced.
    gains = (1 - busy) * busy ** np.arange(n)
    levels = int(np.count_nonzero(gains > 1e-9))
    steps = np.kron(np.eye(n_demands), np.ones((1, levels)))
    matrix = np.hstack((covers.T.astype(float), -steps))
    placed = np.concatenate((np.ones(n_sites), np.zeros(n_demands * levels)))[None, :]
    found, gap = _solved(
        np.concatenate((np.zeros(n_sites), -np.outer(weight, gains[:levels]).ravel())),
        [LinearConstraint(coo_array(matrix).tocsr(), 0, np.inf), LinearConstraint(placed, n, n)],
        np.concatenate((np.full(n_sites, float(n)), np.ones(n_demands * levels))),
        np.arange(n_sites + n_demands * levels) < n_sites,
        limit_s,
    )
    units = np.rint(found[:n_sites]).astype(int)
    return Location(tuple(units.tolist()), float(weight @ (1 - busy ** (units @ covers))), gap)


def _solved(
    price: Floats,
    constraints: list[LinearConstraint],
    most: Floats,
    whole: npt.NDArray[np.bool_],
    limit_s: float,
) -> tuple[Floats, float]:
    """Return the best values found and the share by which better ones are not ruled out."""
    result = milp(
        price,
        constraints=constraints,
        bounds=Bounds(np.zeros(len(price)), most),
        integrality=whole.astype(int),
        options={"time_limit": limit_s, "mip_rel_gap": 0.0},
    )
    if result.x is None:
        message = _("the optimiser found no choice within {limit} s")
        raise PlacementError(message.format(limit=round(limit_s)))
    return np.asarray(result.x), float(result.mip_gap or 0.0)
