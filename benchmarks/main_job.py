"""Where the time of the main job goes: load, compile, simulate, measure, write and report, on one scenario.

    python benchmarks/main_job.py [scenario.yaml] [--seed N] [--runs K]

Prints each step in seconds and as a share, peak memory, simulated hours a second, and the simulation as a
multiple of the same number of bare SimPy timeouts, timed in the same process, in turn. Medians of
K runs; the first run, which compiles the crowd code or loads it from its cache, is shown apart.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import psutil
import simpy

import kontijensi
from kontijensi.engine import Operation
from kontijensi.report import render
from kontijensi.trace import write_run

DEFAULT = Path(__file__).parent.parent / "scenarios" / "klaten-pilkades-2023.yaml"


def count_events(scenario: kontijensi.Scenario, seed: int) -> int:
    """Count the SimPy events of a run by stepping through it."""
    operation = Operation(scenario.world, seed=seed, emit=lambda record: None)
    steps, step = 0, operation.env.step

    def counted() -> None:
        nonlocal steps
        steps += 1
        step()

    operation.env.step = counted  # type: ignore[method-assign]
    operation.run()
    return steps


def bare_timeouts(number: int) -> float:
    """Time one process that waits so many times, the least that SimPy can do [s]."""
    env = simpy.Environment()

    def tick() -> simpy.events.ProcessGenerator:
        for _ in range(number):
            yield env.timeout(1.0)

    env.process(tick())
    began = time.perf_counter()
    env.run()
    return time.perf_counter() - began


def one_run(path: Path, seed: int) -> tuple[dict[str, float], kontijensi.Run]:
    """Do the main job once, from the file to the report; return the seconds of each step."""
    spent: dict[str, float] = {}
    mark = time.perf_counter()

    def lap(step: str) -> None:
        nonlocal mark
        now = time.perf_counter()
        spent[step], mark = now - mark, now

    scenario = kontijensi.load(path)
    lap("load")
    _ = scenario.world
    lap("compile")
    run = scenario.run(seed=seed)
    lap("simulate")
    run.summary()
    lap("measures")
    with tempfile.TemporaryDirectory() as folder:
        page = render(run.data, scenario.world, scenario.document)
        lap("report")
        write_run(Path(folder) / "run", run.data, pages={"report.html": page.encode()})
        lap("write")
    return spent, run


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("scenario", nargs="?", type=Path, default=DEFAULT)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()

    first, run = one_run(arguments.scenario, arguments.seed)
    events = count_events(run.scenario, arguments.seed)
    steps: defaultdict[str, list[float]] = defaultdict(list)
    bare: list[float] = []
    ratios: list[float] = []
    for _ in range(arguments.runs):
        spent, _run = one_run(arguments.scenario, arguments.seed)
        for step, seconds in spent.items():
            steps[step].append(seconds)
        bare.append(bare_timeouts(events))
        ratios.append(spent["simulate"] / bare[-1])

    medians = {step: statistics.median(seconds) for step, seconds in steps.items()}
    total = sum(medians.values())
    hours = run.scenario.world.horizon_s / 3600
    print(f"{run.scenario.name}: {hours:.0f} simulated hours, {len(run.log)} records, {events} SimPy events")
    print(f"{'step':<10}{'first run':>12}{'median':>12}{'share':>9}")
    for step, seconds in medians.items():
        print(f"{step:<10}{first[step]:>10.3f} s{seconds:>10.3f} s{seconds / total:>8.0%}")
    print(f"{'all':<10}{sum(first.values()):>10.3f} s{total:>10.3f} s")
    print(f"simulated hours a second: {hours / medians['simulate']:.0f}")
    print(
        f"simulation / bare SimPy timeouts of the same number: {statistics.median(ratios):.1f}x "
        f"(from {min(ratios):.1f} to {max(ratios):.1f}; {statistics.median(bare) * 1e3:.1f} ms bare)"
    )
    process = psutil.Process()
    peak = getattr(process.memory_info(), "peak_wset", None)
    if peak is None:
        import resource

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    print(f"peak memory: {peak / 2**20:.0f} MiB")


if __name__ == "__main__":
    main()
