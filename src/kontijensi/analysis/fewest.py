"""The fewest units at posts so that every place is reached by as many as it lacks: a covering programme."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def fewest(
    reached: npt.NDArray[np.bool_],
    need: npt.NDArray[np.int64],
    size: npt.NDArray[np.float64],
    most_s: float = 10.0,
) -> dict[int, int] | None:
    """Return how many units stand at each post used; None where some place is out of reach of every post.

    `reached` has shape (n_posts, n_places), `need` shape (n_places,), `size` shape (n_posts,). Of answers
    with as few units one post alone is taken, then the smallest together, then the first. Set multicover
    (Toregas et al. 1971), solved by HiGHS. None also when no answer is proven best in `most_s`.
    """
    asked = need > 0
    if not asked.any():
        return {}
    # Places alike in who reaches them and in what they lack are one.
    columns = np.unique(np.vstack((reached[:, asked], need[asked])), axis=1)
    reached, need = columns[:-1].astype(bool), columns[-1]
    if not reached.any(axis=0).all():
        return None
    alone = np.flatnonzero(reached.all(axis=1))
    if len(alone):
        return {int(alone[np.argmin(size[alone])]): int(need.max())}
    from scipy.optimize import Bounds, LinearConstraint, milp

    n, whole = len(reached), float(need.sum())
    last = (0.4 * size / size.max() + 0.05 * np.arange(n) / n) / whole  # together less than one unit
    found = milp(
        1.0 + last,
        constraints=LinearConstraint(reached.T.astype(float), need, np.inf),
        bounds=Bounds(0, float(need.max())),
        integrality=np.ones(n, dtype=np.int64),
        options={"time_limit": most_s, "mip_rel_gap": 0.0},
    )
    if not found.success:
        return None
    return {i: int(count) for i, count in enumerate(np.rint(found.x)) if count > 0}
