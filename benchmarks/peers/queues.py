"""M/M/5 in the peers: calls at 0.25 a minute, 10 minutes each, five servers, so many minutes long.

Each function runs the queue once and returns how many calls were begun and the processor time it took [s];
the making of the model is not timed. Each is written as its project's own documentation writes such a queue.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Any

import simpy

PER_MIN, SERVICE_PER_MIN, SERVERS = 0.25, 0.1, 5
Peer = Callable[[float, int], tuple[int, float]]


def by_hand(minutes: float, seed: int) -> tuple[int, float]:
    """SimPy, written by hand: a process a call, one Resource, the wait kept."""
    env, dice = simpy.Environment(), random.Random(seed)
    units, waits = simpy.Resource(env, SERVERS), list[float]()

    def call() -> Any:
        came = env.now
        with units.request() as turn:
            yield turn
            waits.append(env.now - came)
            yield env.timeout(dice.expovariate(SERVICE_PER_MIN))

    def source() -> Any:
        while True:
            yield env.timeout(dice.expovariate(PER_MIN))
            env.process(call())

    env.process(source())
    began = time.process_time()
    env.run(until=minutes)
    return len(waits), time.process_time() - began


def ciw(minutes: float, seed: int) -> tuple[int, float]:
    """Ciw with its data records, one a customer."""
    import ciw as library

    network = library.create_network(
        arrival_distributions=[library.dists.Exponential(rate=PER_MIN)],
        service_distributions=[library.dists.Exponential(rate=SERVICE_PER_MIN)],
        number_of_servers=[SERVERS],
    )
    library.seed(seed)
    simulation = library.Simulation(network)
    began = time.process_time()
    simulation.simulate_until_max_time(minutes)
    records = simulation.get_all_records()
    return len(records), time.process_time() - began


def salabim(minutes: float, seed: int) -> tuple[int, float]:
    """Salabim as it comes, without `yield`, on greenlets; its monitors on, as they are."""
    import salabim as library

    library.yieldless(True)
    return _salabim(library, minutes, seed, yieldless=True)


def salabim_yielding(minutes: float, seed: int) -> tuple[int, float]:
    """Salabim with generators, its quicker way."""
    import salabim as library

    library.yieldless(False)
    return _salabim(library, minutes, seed, yieldless=False)


def _salabim(library: Any, minutes: float, seed: int, *, yieldless: bool) -> tuple[int, float]:
    env = library.Environment(random_seed=seed, trace=False)
    units, waits = library.Resource("units", SERVERS), list[float]()
    gap, service = library.Exponential(1 / PER_MIN), library.Exponential(1 / SERVICE_PER_MIN)

    class Call(library.Component):  # type: ignore[misc]
        if yieldless:

            def process(self) -> None:
                came = env.now()
                self.request(units)
                waits.append(env.now() - came)
                self.hold(service.sample())
                self.release()
        else:

            def process(self) -> Any:
                came = env.now()
                yield self.request(units)
                waits.append(env.now() - came)
                yield self.hold(service.sample())
                self.release()

    library.ComponentGenerator(Call, iat=gap)
    began = time.process_time()
    env.run(till=minutes)
    return len(waits), time.process_time() - began
