"""A step of tension and of a rumour among many villages, against the full matrix and against twice as many.

    python benchmarks/people.py [--villages N ...]

Villages lie at random at a regency's density (1,088 on 60 x 60 km). The peer is one product with the full
matrix of weights, in the same process; the exact course needs about six. Medians of processor time, taking
turns. A rumour has 2,000 people a village, half of them tellers or silent.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

import numpy as np

from kontijensi.community.mixing import Kernel, others, spread

VILLAGES = (272, 544, 1088, 2176)
STEP_JUMPS = 0.6 / 24
"""An hour at 0.6 a day."""
KM, EVERYWHERE = 5.0, 0.4
TURNS = 15


def main(villages: tuple[int, ...]) -> None:
    """Print a line for each number of villages."""
    print(f"{'villages':>8} {'tension step':>14} {'full matrix':>13} {'ratio':>7} {'rumour step':>13}")
    for n in villages:
        draw = np.random.default_rng(n)
        x_km, y_km = draw.uniform(0, 60 * (n / 1088) ** 0.5, (2, n))
        kernel = Kernel(x_km, y_km, form="exponential", km=KM)
        level, alike = draw.random(n), np.ones(n)
        apart_km = np.hypot(x_km[:, None] - x_km, y_km[:, None] - y_km)
        full = np.exp(-apart_km / KM)
        np.fill_diagonal(full, 0.0)
        full /= full.sum(axis=1, keepdims=True)
        fresh, telling = np.full(n, 1000), np.full(n, 500)

        def tension(kernel: Kernel = kernel, level: np.ndarray = level, alike: np.ndarray = alike) -> None:
            spread(level, lambda v: EVERYWHERE * others(v, alike) + (1 - EVERYWHERE) * kernel(v), STEP_JUMPS)

        def peer(full: np.ndarray = full, level: np.ndarray = level) -> None:
            level + STEP_JUMPS * (EVERYWHERE * level.mean() + (1 - EVERYWHERE) * (full @ level) - level)

        def rumour(
            kernel: Kernel = kernel,
            fresh: np.ndarray = fresh,
            telling: np.ndarray = telling,
            draw: np.random.Generator = draw,
        ) -> None:
            pressure = 0.08 * kernel(telling / 2000)
            draw.binomial(fresh, -np.expm1(-pressure))
            draw.binomial(telling, 0.04)

        a, b, c = _medians(tension, peer, rumour)
        print(f"{n:>8} {a * 1e3:>11.3f} ms {b * 1e3:>10.3f} ms {a / b:>7.2f} {c * 1e3:>10.3f} ms")


def _medians(*jobs: Callable[[], None]) -> list[float]:
    taken: list[list[float]] = [[] for _job in jobs]
    for job in jobs:
        job()
    for _turn in range(TURNS):
        for times, job in zip(taken, jobs, strict=True):
            began = time.process_time()
            for _again in range(10):
                job()
            times.append((time.process_time() - began) / 10)
    return [statistics.median(times) for times in taken]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--villages", type=int, nargs="+", default=VILLAGES)
    main(tuple(parser.parse_args().villages))
