"""Walks whose outcome is known: one person along a corridor, and the flow that a density allows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kontijensi.crowd.conduct import CampTraits, Joining
from kontijensi.crowd.ground import Ground
from kontijensi.crowd.masses import Masses
from kontijensi.crowd.walking import walking_speed
from kontijensi.scenario.schema.crowd import CrowdParameters

CELL_M = 2.0


def walking_time_s(length_m: float, free_speed_mps: float, dt_s: float = 1.0, key: int = 1) -> float:
    """Time one person takes along an empty corridor [s], found by letting `Masses` move him.

    He enters at one end and walks to the gate at the other, like anybody who joins a crowd.
    """
    cells = round(length_m / CELL_M)
    if cells < 2 or abs(cells * CELL_M - length_m) > 1e-9:
        msg = (
            f"walking_time_s: length_m {length_m:g}; give a multiple of {CELL_M:g} m, at least {2 * CELL_M:g}"
        )
        raise ValueError(msg)
    ground = Ground.drawn(["#" * (cells + 1), "E" + "." * (cells - 1) + "G", "#" * (cells + 1)], CELL_M)
    rule = CrowdParameters(free_speed_mps=free_speed_mps, calm_leave_per_h=0.0, fatigue_leave_per_h=0.0)
    masses = Masses(rule, 1)
    slot = masses.open(ground, [CampTraits(0.8)], key)
    masses.join(slot, Joining(0, 1, 0.0, 0.0, 0.0))
    ticks = 0
    while int(masses.sample(slot).x_m[0] // CELL_M) < cells:
        masses.tick(dt_s)
        ticks += 1
        if ticks * dt_s > 100.0 * length_m / free_speed_mps:
            msg = f"walking_time_s: nobody arrived within {ticks * dt_s:g} s"
            raise RuntimeError(msg)
    return ticks * dt_s


def flow_pmps(density_pm2: NDArray[np.float64], rule: CrowdParameters) -> NDArray[np.float64]:
    """Persons that pass one metre in a second at each density [1/m/s], by the rule's own speed law."""
    speed = [
        walking_speed(float(rho), rule.free_speed_mps, rule.speed_gamma_pm2, rule.jam_pm2)
        for rho in density_pm2
    ]
    flow: NDArray[np.float64] = density_pm2 * np.array(speed)
    return flow
