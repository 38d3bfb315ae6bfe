"""How fast response and command are, as ratios against a peer or a limit in the same run.

    python benchmarks/response.py [--repeats N] [--days D]

Every scenario goes the ordinary way: text through the loader, the engine, every record kept. Times are
processor times; program and peer take turns, and each ratio stands with its smallest, median and largest. A peer
that is not installed (`pip install ciw salabim`) has a line that says so.
"""

# ruff: noqa: E501 - the lines of a scenario are as long as planners write them

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from importlib.util import find_spec

import numpy as np
import simpy
from peers import queues
from roads import ARCS, BASES, NODES, closing_and_opening, network

from kontijensi.analysis.coverage import coverage
from kontijensi.api.scenario import Scenario, load_text
from kontijensi.engine import Operation
from kontijensi.vocabulary.records import Record, RecordKind

DAY_MIN = 1440.0
QUEUE = """\
kontijensi: 1
name: M/M/5
language: en
start: 2023-07-05 00:00
horizon: {days} d
area:
  places: {{post: {{}}, junction: {{}}}}
  roads: {{edges: [{{between: [post, junction], time: 0}}]}}
unit_types:
  patrol: {{agency: police, capabilities: [patrol], personnel: 2, turn_out: 0}}
units:
  patrol: {{type: patrol, base: post, count: 5}}
calls:
  call:
    rate: 0.25/min
    places: {{ids: [post]}}
    through_desk: false
    on_scene: {{dist: exponential, mean: 10 min}}
"""


def run(scenario: Scenario, seed: int = 1) -> tuple[list[Record], float]:
    """Rehearse with every record kept; return them and the processor time [s]."""
    records: list[Record] = []
    began = time.process_time()
    Operation(scenario.world, seed=seed, emit=records.append).run()
    return records, time.process_time() - began


def show(what: str, ratios: list[float], note: str = "") -> None:
    low, middle, high = min(ratios), statistics.median(ratios), max(ratios)
    print(f"{what:<58} {low:8.4g} {middle:8.4g} {high:8.4g}  {note}")


# -- one queue, against those who do nothing else ------------------------------------------------------------


def against_queues(days: float, repeats: int) -> None:
    """Time a call of M/M/5 against one of each peer."""
    scenario = load_text(QUEUE.format(days=days))
    peers: list[tuple[str, queues.Peer]] = [("SimPy by hand", queues.by_hand)]
    for library, name, peer in (
        ("ciw", "Ciw, records on", queues.ciw),
        ("salabim", "salabim, yieldless as it comes", queues.salabim),
        ("salabim", "salabim, generators", queues.salabim_yielding),
    ):
        if find_spec(library) is None:
            print(f"M/M/5, a call / {name}: {library} is not installed")
        else:
            peers.append((name, peer))
    run(scenario)
    ratios: dict[str, list[float]] = {name: [] for name, _peer in peers}
    ours, theirs = [], {name: list[float]() for name, _peer in peers}
    for seed in range(1, repeats + 1):
        records, spent_s = run(scenario, seed)
        ours.append(spent_s / sum(each.kind is RecordKind.INCIDENT_OPENED for each in records) * 1e6)
        for name, peer in peers:
            calls, spent_s = peer(days * DAY_MIN, seed)
            theirs[name].append(spent_s / calls * 1e6)
            ratios[name].append(ours[-1] / theirs[name][-1])
    for name, found in ratios.items():
        note = f"{statistics.median(ours):.1f} us a call; theirs {statistics.median(theirs[name]):.1f} us"
        show(f"M/M/5, a call / {name}", found, note)


# -- a day of a whole regency --------------------------------------------------------------------------------


def regency(idle_places: int = 0, calls_per_h: float = 115.0) -> str:
    """Write a day without crowds as large as Lumajang's: 1,872 TPS, 300 units, three standards."""
    draw = np.random.default_rng(33)
    districts, stations, units = 21, 1872, 300
    centre = np.column_stack((draw.uniform(-8.25, -7.95, districts), draw.uniform(112.9, 113.35, districts)))
    lines = []
    for number in range(stations + idle_places):
        where = number % districts
        lat, lon = centre[where] + draw.normal(0, 0.02, 2)
        kind = "tps, voters: 300" if number < stations else "other, no_road: true"
        lines.append(f"    p{number}: {{kind: {kind}, district: d{where}, lat: {lat:.5f}, lon: {lon:.5f}}}")
    posts = [
        f"    post{where}: {{kind: polsek, district: d{where}, lat: {lat:.5f}, lon: {lon:.5f}}}"
        for where, (lat, lon) in enumerate(centre)
    ]
    kinds = ("patrol", "dalmas", "medic")
    bases = [(kind, where) for where in range(districts) for kind in kinds]
    roster = [
        f"  {kind}_{where}: {{type: {kind}, base: post{where}, count: {(units + number) // len(bases)}}}"
        for number, (kind, where) in enumerate(bases)
    ]
    place_lines = "\n".join(posts + lines)
    return f"""\
kontijensi: 1
name: A regency's day
language: en
start: 2024-11-27 00:00
horizon: 24 h
area:
  places:
{place_lines}
  roads: {{synthetic: {{neighbours: 3}}}}
phases:
  vote: {{kind: voting, start: 2024-11-27 07:00, end: 2024-11-27 13:00, exposes: [tps]}}
  count: {{kind: counting, start: 2024-11-27 13:00, end: 2024-11-27 23:00, exposes: [tps]}}
unit_types:
  patrol: {{agency: police, capabilities: [patrol, presence], personnel: 2, turn_out: 2 min}}
  dalmas: {{agency: police, capabilities: [presence, dialogue, line, push, arrest], personnel: 30, turn_out: 5 min}}
  medic: {{agency: health, capabilities: [medical], personnel: 3, turn_out: 2 min}}
units:
{chr(10).join(roster)}
command: {{operators: 12, handling: {{dist: exponential, mean: 90 s}}}}
calls:
  quarrel: {{rate: {calls_per_h * 0.7:.2f}/h, places: {{kinds: [tps]}}, on_scene: {{dist: exponential, mean: 15 min}}, needs: {{patrol: 1}}}}
  sick: {{rate: {calls_per_h * 0.3:.2f}/h, places: {{kinds: [tps]}}, on_scene: {{dist: exponential, mean: 20 min}}, needs: {{medical: 1}}}}
standards:
  patrol: {{capability: patrol, within: 15 min, places: {{kinds: [tps]}}}}
  medical: {{capability: medical, within: 20 min, places: {{kinds: [tps]}}}}
  two: {{capability: presence, units: 2, within: 20 min, places: {{kinds: [tps]}}}}
"""


def events_of(scenario: Scenario) -> int:
    """Count the SimPy events of a run."""
    operation = Operation(scenario.world, seed=1, emit=lambda record: None)
    operation.run()
    return operation.env.steps


def bare_timeouts_s(number: int) -> float:
    """Time one process that waits so many times, the least that SimPy can do [s]."""
    env = simpy.Environment()

    def tick() -> simpy.events.ProcessGenerator:
        for _ in range(number):
            yield env.timeout(1.0)

    env.process(tick())
    began = time.process_time()
    env.run()
    return time.process_time() - began


def a_whole_day(repeats: int) -> None:
    """Time a regency's day with its exact coverage against bare timeouts."""
    scenario = load_text(regency())
    world = scenario.world
    events = events_of(scenario)
    stations = sum(kind == "tps" for kind in world.places.kind)
    run(scenario)
    ratios, simulated, covered = [], [], []
    for seed in range(1, repeats + 1):
        records, run_s = run(scenario, seed)
        began = time.process_time()
        found = coverage(records, world)
        cover_s = time.process_time() - began
        assert len(found) == 3
        bare_s = bare_timeouts_s(events)
        simulated.append(run_s / bare_s)
        covered.append(cover_s / bare_s)
        ratios.append((run_s + cover_s) / bare_s)
    show(
        f"A day: {stations} TPS, {len(world.fleet)} units, {events} events / timeouts",
        ratios,
        f"of that {statistics.median(simulated):.1f} run, {statistics.median(covered):.1f} coverage; "
        f"bare {bare_s * 1e3:.1f} ms",
    )


def idle_places() -> None:
    """Count the events of a day, and of the same day with ten times the places, the others idle."""
    few, many = (events_of(load_text(regency(idle_places=more, calls_per_h=20.0))) for more in (0, 9 * 1872))
    print(f"{'Events with ten times the places, the others idle':<58} {many} of {few}")


def one_road(closures: int) -> None:
    """Time closing and opening one road against computing all travel times anew."""
    roads, bases = network(NODES, ARCS, seed=1), list(range(BASES))
    roads.prepare(bases)
    closing, opening, peer = closing_and_opening(roads, bases, closures, compared=3)
    full_s = statistics.median(peer)
    for name, seconds in (("Closing", closing), ("Opening", opening)):
        show(
            f"{name} a road of {ARCS} arcs, {BASES} trees / anew",
            [each / full_s for each in seconds],
            f"1/{full_s / statistics.median(seconds):.0f}; mean 1/{full_s / statistics.mean(seconds):.0f}",
        )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--days", type=float, default=10.0, help="length of the queue")
    parser.add_argument("--closures", type=int, default=60)
    chosen = parser.parse_args()
    print(f"SimPy {simpy.__version__}, NumPy {np.__version__}; {chosen.repeats} turns; ours / theirs")
    print(f"{'':<58} {'least':>8} {'median':>8} {'most':>8}")
    parts: tuple[Callable[[], None], ...] = (
        lambda: against_queues(chosen.days, chosen.repeats),
        lambda: a_whole_day(chosen.repeats),
        idle_places,
        lambda: one_road(chosen.closures),
    )
    for part in parts:
        part()


if __name__ == "__main__":
    main()
