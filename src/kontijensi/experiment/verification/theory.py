"""What theory says of queues: the values that the cases expect, for any load and number of units.

Rates and means in any one unit of time. Sources: Erlang (1917) for loss and delay; Cobham (1954) for priority
without interruption and Kleinrock (1976, *Queueing Systems II*, 3.4) with it; Pollaczek (1930) and Khinchine
(1932) for one unit and any service; Palm (1957) and Garnett, Mandelbaum and Reiman (2002) for callers who
give up; Brill and Green (1984) for calls that need several units at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

import numpy as np

ENOUGH = 400
"""Calls waiting beyond which theory need not look: the chance of so many is nil in every case."""


def share_lost(load: float, units: int) -> float:
    """Share of calls that find every unit busy, when such calls are lost (Erlang B)."""
    share = 1.0
    for n in range(1, units + 1):
        share = load * share / (n + load * share)
    return share


def share_delayed(load: float, units: int) -> float:
    """Share of calls that find every unit busy, when such calls wait (Erlang C); load below `units`."""
    lost = share_lost(load, units)
    return units * lost / (units - load * (1 - lost))


def mean_wait(rate: float, service: float, units: int) -> float:
    """Mean wait for a unit, first come first served (M/M/c)."""
    load = rate * service
    return share_delayed(load, units) * service / (units - load)


def mean_wait_one_unit(rate: float, service: float, cv: float) -> float:
    """Mean wait for a single unit with times on the spot of any kind: their mean and variation decide."""
    load = rate * service
    return load / (1 - load) * (1 + cv**2) / 2 * service


def waits_by_class(rates: Sequence[float], service: float, units: int) -> list[float]:
    """Mean wait of each class, the gravest first, when nobody is interrupted."""
    total = sum(rates) * service
    backlog = share_delayed(total, units) * service / units
    busy = [0.0, *accumulate(rate * service / units for rate in rates)]
    return [backlog / ((1 - busy[k]) * (1 - busy[k + 1])) for k in range(len(rates))]


def times_with_interruption(rates: Sequence[float], service: float) -> list[float]:
    """Mean time in the system of each class, one unit, when the graver interrupts and the rest resumes.

    T_k = (s (1 - sigma_k) + R_k) / ((1 - sigma_(k-1)) (1 - sigma_k)), with R_k the sum of rate x s^2 over the
    classes up to k: half the second moment of an exponential time is s^2. The lesser classes do not count.
    """
    busy = [0.0, *accumulate(rate * service for rate in rates)]
    left = [0.0, *accumulate(rate * service**2 for rate in rates)]
    return [
        (service * (1 - busy[k + 1]) + left[k + 1]) / ((1 - busy[k]) * (1 - busy[k + 1]))
        for k in range(len(rates))
    ]


def with_patience(rate: float, service: float, units: int, patience: float) -> tuple[float, float, float]:
    """Share of calls given up, mean number waiting, and share of the units' time in service (M/M/c+M)."""
    n = np.arange(units + ENOUGH)
    leaving = np.minimum(n[1:], units) / service + np.maximum(n[1:] - units, 0) / patience
    weight = np.concatenate([[0.0], np.cumsum(np.log(rate) - np.log(leaving))])
    chance = np.exp(weight - weight.max())
    chance /= chance.sum()
    waiting = float(chance @ np.maximum(n - units, 0))
    busy = float(chance @ np.minimum(n, units)) / units
    return waiting / patience / rate, waiting, busy


def waits_of_teams(single: float, pair: float, service: float) -> float:
    """Mean wait for the formation, two units, calls that need one (rate `single`) or both (rate `pair`).

    First come, first served: while the first in line waits for its second unit, nobody passes it. What those
    behind it need is decided when they come to the head of the line, which makes the chain small.
    """
    rate, share = single + pair, single / (single + pair)
    size = ENOUGH
    # States: nobody; one unit at work and n waiting (the first of them for both); two calls at work and n
    # waiting; a pair at work and n waiting.
    one, two, both = (range(1 + k * size, 1 + (k + 1) * size) for k in range(3))
    flow = np.zeros((1 + 3 * size, 1 + 3 * size))

    def go(start: int, end: int, per_time: float) -> None:
        flow[start, end] += per_time

    go(0, one[0], single)
    go(0, both[0], pair)
    for n in range(size):
        if n == 0:
            go(one[0], two[0], single)
            go(one[0], one[1], pair)
            go(one[0], 0, 1 / service)
            go(two[0], one[0], 2 / service)
            go(both[0], 0, 1 / service)
        else:
            go(one[n], both[n - 1], 1 / service)
            go(two[n], two[n - 1], share * 2 / service)
            go(two[n], one[n], (1 - share) * 2 / service)
            go(both[n], both[n - 1], (1 - share) / service)
            if n == 1:
                go(both[1], one[0], share / service)
            else:
                go(both[n], two[n - 2], share * share / service)
                go(both[n], one[n - 1], share * (1 - share) / service)
        if n + 1 < size:
            for line in (one, two, both) if n > 0 else (two, both):
                go(line[n], line[n + 1], rate)
    balance = (flow - np.diag(flow.sum(axis=1))).T
    balance[-1] = 1.0
    chance = np.linalg.solve(balance, np.eye(len(balance))[-1])
    waiting = sum(n * (chance[one[n]] + chance[two[n]] + chance[both[n]]) for n in range(size))
    return float(waiting) / rate
