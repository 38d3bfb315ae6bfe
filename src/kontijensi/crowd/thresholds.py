"""Who acts when everybody waits for enough others to act.

Granovetter, M. (1978). Threshold models of collective behavior. American Journal of Sociology 83, 1420-1443.
The second threshold of the contingency crowd, from active to violent, has this form; here it stands alone,
where its answer is exact.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def _checked(thresholds: ArrayLike) -> NDArray[np.float64]:
    values = np.asarray(thresholds, np.float64)
    if values.ndim != 1 or not np.isfinite(values).all():
        msg = f"thresholds: give one finite number a person, not an array of shape {values.shape}"
        raise ValueError(msg)
    return values


def actors(thresholds: ArrayLike) -> int:
    """Count who ends up acting when a person acts once at least his threshold of others do.

    `thresholds` has one number of persons a person. The answer is the least fixed point: it does not
    depend on the order in which people decide.
    """
    ranked = np.sort(_checked(thresholds))
    short = np.flatnonzero(ranked > np.arange(ranked.size))
    return int(short[0]) if short.size else int(ranked.size)


def rounds(thresholds: ArrayLike) -> NDArray[np.int64]:
    """Count the actors after each round, everybody looking at the round before, until nothing changes."""
    values = _checked(thresholds)
    counts = [0]
    while True:
        acting = int(np.count_nonzero(values <= counts[-1]))
        if acting == counts[-1]:
            return np.array(counts, np.int64)
        counts.append(acting)
