"""Where units should stand: options for a scenario, and the location models by themselves on arrays.

Use the optimiser to place, the simulation to predict: these know neither hours nor busy units nor crowds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypedDict

import numpy as np
import numpy.typing as npt

from kontijensi.experiment.placement import location
from kontijensi.experiment.placement.location import Location, PlacementError, Room, or_library
from kontijensi.experiment.placement.proposal import BUSY, Method, Question
from kontijensi.scenario.schema.area import PlaceKind
from kontijensi.scenario.schema.force import Capability
from kontijensi.vocabulary.durations import parse_duration
from kontijensi.vocabulary.words import _

__all__ = [
    "Location",
    "PlaceOptions",
    "PlacementError",
    "expected_coverage",
    "max_coverage",
    "or_library",
    "p_median",
]


class PlaceOptions(TypedDict, total=False):
    """What may be said about a placement beside the capability."""

    units: int
    """Units to place; as many as today when left out."""
    method: str
    """`p-median`, `max-coverage` (when left out) or `expected-coverage`."""
    within: str
    """Time within which a place counts as reached, a duration; the standard's own when left out."""
    busy: float
    """Share of the time a unit is busy, for expected coverage; 0.4 when left out."""
    unit_type: str
    """Unit type to move; the commonest when left out."""
    sites: Sequence[str]
    """Kinds of places that may take units; those where such units stand today when left out."""
    at_least: Mapping[str, int]
    """Units that a place must have, by its id."""
    at_most: Mapping[str, int]
    """Units that a place may take, by its id."""


def question_of(capability: str, options: PlaceOptions) -> Question:
    """Return the question in the words of the optimiser; raises ValueError for a word that is none."""
    within = options.get("within")
    return Question(
        capability=Capability(capability),
        units=options.get("units"),
        method=Method(options.get("method", Method.MAX_COVERAGE)),
        within_s=None if within is None else parse_duration(within),
        busy=options.get("busy", BUSY),
        type_id=options.get("unit_type"),
        kinds=tuple(PlaceKind(kind) for kind in options.get("sites", ())),
        at_least=options.get("at_least", {}),
        at_most=options.get("at_most", {}),
    )


def p_median(
    cost: npt.ArrayLike,
    weight: npt.ArrayLike,
    n: int,
    *,
    at_least: Sequence[int] | None = None,
    at_most: Sequence[int] | None = None,
) -> Location:
    """Choose `n` sites so that the weighted cost from each place to its nearest site is least.

    `cost` has shape (n_sites, n_places), inf where no way leads; `at_least`, `at_most` (n_sites,) say where
    a unit must or must not stand. Raises PlacementError where there is no answer or the shapes do not fit.
    """
    costs, weights = _fitting(cost, weight)
    return location.p_median(costs, weights, n, room=_room(len(costs), n, at_least, at_most))


def max_coverage(
    covers: npt.ArrayLike,
    weight: npt.ArrayLike,
    n: int,
    *,
    needed: int = 1,
    at_least: Sequence[int] | None = None,
    at_most: Sequence[int] | None = None,
) -> Location:
    """Place `n` units so that the weight of the places that `needed` of them reach is greatest.

    `covers` has shape (n_sites, n_places): true where a unit at a site reaches a place in time.
    """
    reached, weights = _fitting(covers, weight)
    room = _room(len(reached), n, at_least, at_most)
    return location.max_coverage(reached > 0, weights, n, needed, room=room)


def expected_coverage(
    covers: npt.ArrayLike,
    weight: npt.ArrayLike,
    n: int,
    *,
    busy: float,
    at_least: Sequence[int] | None = None,
    at_most: Sequence[int] | None = None,
) -> Location:
    """Place `n` units, each busy for a share `busy`, so that the weight reached by a free one is greatest."""
    reached, weights = _fitting(covers, weight)
    room = _room(len(reached), n, at_least, at_most)
    return location.expected_coverage(reached > 0, weights, n, busy, room=room)


def _fitting(
    table: npt.ArrayLike, weight: npt.ArrayLike
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return both as arrays; raises PlacementError where they do not fit, or hold no costs and weights."""
    rows, weights = np.asarray(table, dtype=np.float64), np.asarray(weight, dtype=np.float64)
    if rows.ndim != 2 or not rows.size or weights.shape != rows.shape[1:]:
        message = _("a table of sites by places and one weight a place are needed, not {table} and {weight}")
        raise PlacementError(message.format(table=rows.shape, weight=weights.shape))
    if np.isnan(rows).any() or (rows < 0).any() or not np.isfinite(weights).all() or (weights < 0).any():
        raise PlacementError(_("costs and weights are numbers from 0 on"))
    return rows, weights


def _room(n_sites: int, n: int, at_least: Sequence[int] | None, at_most: Sequence[int] | None) -> Room | None:
    if at_least is None and at_most is None:
        return None
    least = np.zeros(n_sites, dtype=np.int64) if at_least is None else np.asarray(at_least, dtype=np.int64)
    most = np.full(n_sites, n, dtype=np.int64) if at_most is None else np.asarray(at_most, dtype=np.int64)
    if least.shape != (n_sites,) or most.shape != (n_sites,):
        raise PlacementError(
            _("at_least and at_most need one number for each of {n} sites").format(n=n_sites)
        )
    return Room(least, most)
