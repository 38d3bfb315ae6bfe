"""Other preferences, rates and hours than those of the named cases, against their exact solution."""

from __future__ import annotations

from math import sqrt

import numpy as np
import numpy.typing as npt
import pytest

from kontijensi.api.scenario import load_text
from kontijensi.engine import Operation
from kontijensi.experiment.verification.call_table import CallSink, CallTable
from kontijensi.experiment.verification.trials import SCENARIOS

Atoms = dict[str, tuple[float, tuple[int, ...]]]
"""Calls a minute of each atom, and the units it tries in order."""

LARSON: Atoms = {
    "north": (0.50, (1, 2, 3)),
    "centre": (0.25, (1, 3, 2)),
    "south": (0.35, (2, 1, 3)),
    "east": (0.40, (3, 1, 2)),
}
OTHERS: dict[str, Atoms] = {
    "one that all want": {name: (rate, (2, 1, 3)) for name, (rate, _order) in LARSON.items()},
    "light": {
        "north": (0.2, (3, 2, 1)),
        "centre": (0.1, (1, 2, 3)),
        "south": (0.1, (2, 3, 1)),
        "east": (0.1, (3, 1, 2)),
    },
    "heavy": {
        "north": (0.9, (1, 3, 2)),
        "centre": (0.5, (3, 1, 2)),
        "south": (0.6, (2, 3, 1)),
        "east": (0.4, (1, 2, 3)),
    },
}


def workloads(atoms: Atoms, units: int = 3) -> npt.NDArray[np.float64]:
    """Solve the hypercube with an infinite queue and service of mean 1 exactly (Larson 1974)."""
    rate, full = sum(calls for calls, _order in atoms.values()), 2**units - 1
    flow = np.zeros((full + 1, full + 1))
    for state in range(full + 1):
        for unit in range(units):
            if state >> unit & 1:
                flow[state, state ^ (1 << unit)] += 1.0
        if state < full:
            for calls, order in atoms.values():
                first = next(unit - 1 for unit in order if not state >> (unit - 1) & 1)
                flow[state, state | 1 << first] += calls
    # With a queue every unit is busy, and what flows into it flows back: the cut leaves 2**units states.
    balance = flow.T - np.diag(flow.sum(axis=1))
    queue = (rate / units) / (1 - rate / units)
    balance[-1] = 1.0
    balance[-1, full] += queue
    chance = np.linalg.solve(balance, np.eye(full + 1)[-1])
    busy = [sum(chance[s] for s in range(full + 1) if s >> unit & 1) for unit in range(units)]
    return np.array(busy) + chance[full] * queue


def calls_of(case: str, seed: int, **changes: object) -> CallTable:
    text = (SCENARIOS / f"{case}.yaml").read_text(encoding="utf-8")
    world, sink = (
        load_text(text, overrides={k.replace("__", "."): v for k, v in changes.items()}).world,
        CallSink(),
    )
    Operation(world, seed=seed, emit=sink).run()
    return sink.table(world.horizon_s)


def test_the_exact_solution_is_the_published_one() -> None:
    assert workloads(LARSON) == pytest.approx([0.557364, 0.473372, 0.469264], abs=1e-6)


@pytest.mark.parametrize("name", [pytest.param(name, marks=pytest.mark.slow) for name in OTHERS])
def test_units_work_as_much_as_the_hypercube_says(name: str) -> None:
    atoms = OTHERS[name]
    changes = {f"calls__{atom}__rate": f"{calls}/min" for atom, (calls, _order) in atoms.items()}
    changes |= {
        f"calls__{atom}__preference": {atom: [f"U{unit}" for unit in order]}
        for atom, (_calls, order) in atoms.items()
    }
    held = []
    for seed in range(12):
        table = calls_of("hypercube", seed, horizon="1 d", **changes)
        on_scene = np.nan_to_num(table.on_scene_min)
        held.append([on_scene[table.unit == f"U{unit}"].sum() / 1440 for unit in (1, 2, 3)])
    shares = np.array(held)
    error = shares.std(axis=0, ddof=1) / sqrt(len(shares))
    exact = workloads(atoms)
    assert (error <= 0.03 * exact + 0.001).all()
    assert (np.abs(shares.mean(axis=0) - exact) <= 4 * error + 0.001).all(), (shares.mean(axis=0), exact)


@pytest.mark.parametrize("gaps", [[4, 30, 2, 60, 10], [20, 1], [7] * 24])
def test_calls_come_by_the_hour_as_often_as_the_gaps_say(gaps: list[int]) -> None:
    days = 20
    rates = [f"1 per {gap} min" for gap in gaps]
    table = calls_of("hourly-arrivals", 5, horizon=f"{days} d", calls__call__rate={"by_hour": rates})
    hours = np.floor(table.onset_min / 60).astype(int) % 24
    counts = np.bincount(hours, minlength=24)
    expected = np.array([60 / gap * days for gap in gaps] + [0.0] * (24 - len(gaps)))
    assert (np.abs(counts - expected) <= 4.5 * np.sqrt(expected)).all(), (counts, expected)
