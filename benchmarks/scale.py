"""How the program grows: the generated country at 1 %, 10 % and 100 %, and `check` against the YAML parser.

    python benchmarks/scale.py [--shares 0.01 0.1 1] [--run-up-to SHARE] [--repeat N]

Each share is generated, loaded (with all checks) and compiled in a process of its own; up to a share it is
rehearsed and measured too. Time is processor time, memory what the process holds afterwards and held at
most, both without what the imports take. The last column is time a station, as a multiple of the first share:
1 is linear. Bases and roster are the same at every share, so a small share carries them on fewer stations.

Then a scenario of 5,000 stations, all in its YAML, is checked; the peer is `yaml.load` with PyYAML's C loader
on the same text, taking turns in one process. Starting the command is told apart.
"""

from __future__ import annotations

import argparse
import gzip
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from random import Random

import yaml

SHARES = (0.01, 0.1, 1.0)
STATIONS = 5000
MEGABYTE = 1e6

OPENING = """kontijensi: 1
name: Five thousand stations
language: en
start: "2029-02-14 06:00"
horizon: 14 h
area:
  zones: {hijau: {risk: 1}, merah: {risk: 3}}
  roads: {synthetic: {neighbours: 4}}
  places:
    sector: {name: Sector post, kind: polsek, lat: -7.55, lon: 110.65}
"""
ENDING = """phases:
  voting: {kind: voting, start: "2029-02-14 07:00", end: "2029-02-14 13:00", exposes: [tps]}
  counting: {kind: counting, start: "2029-02-14 13:00", end: "2029-02-14 18:00", exposes: [tps]}
community: {observers: {linmas: {kind: linmas, places: {kinds: [tps]}, report_delay: 1 min}}}
triggers:
  objection: {rate: 1/h, phases: [counting], effects: [{do: gather_crowd, size: 60, stays: 2 h}]}
unit_types:
  patrol: {agency: police, capabilities: [patrol, presence, dialogue, line], personnel: 8, turn_out: 3 min}
units: {patrol: {type: patrol, base: sector, count: 2}}
standards: {patrol: {capability: patrol, within: 10 min, places: {kinds: [tps]}}}
"""


def inline(stations: int, *, block: bool) -> str:
    """Return a scenario with so many stations in its YAML, each on a line or each as a block."""
    draw = Random(1)
    lines = []
    for i in range(stations):
        fields = {
            "name": f"TPS {i % 30 + 1} Desa {i // 30}",
            "kind": "tps",
            "lat": f"{-7.7 + 0.3 * draw.random():.5f}",
            "lon": f"{110.5 + 0.3 * draw.random():.5f}",
            "district": f"kec-{i // 300}",
            "village": f"desa-{i // 30}",
            "voters": str(200 + i % 100),
            "zone": "hijau",
        }
        if block:
            lines += [f"    tps-{i}:", *(f"      {key}: {value}" for key, value in fields.items())]
        else:
            lines.append(f"    tps-{i}: {{{', '.join(f'{k}: {v}' for k, v in fields.items())}}}")
    return OPENING + "\n".join(lines) + "\n" + ENDING


def held_mb() -> float:
    """Memory that this process holds [MB]."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / MEGABYTE


def peak_mb() -> float:
    """Most memory that this process has held [MB]."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MEGABYTE


def one_share(share: float, *, rehearse: bool) -> None:
    """Generate, load and compile a share of the country, and print a line a step for the parent."""
    import kontijensi
    import kontijensi.engine
    from kontijensi.authoring.national import national, regencies, stations_table

    every = regencies(share)
    stations = sum(regency.stations for regency in every)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "country.yaml"
        path.write_text(national(every, places_file="tps.csv.gz", day=date(2029, 2, 14)), encoding="utf-8")
        with gzip.open(path.parent / "tps.csv.gz", "wt", encoding="utf-8", compresslevel=6) as table:
            table.writelines(stations_table(every))
        before_mb = held_mb()

        def step(name: str, work: Callable[[], object]) -> object:
            began = time.process_time()
            result = work()
            seconds = time.process_time() - began
            print(name, stations, seconds, held_mb() - before_mb, peak_mb() - before_mb, flush=True)
            return result

        scenario = step("load", lambda: kontijensi.load(path))
        assert isinstance(scenario, kontijensi.Scenario)
        step("compile", lambda: scenario.world)
        if rehearse:
            run = step("run", scenario.run)
            assert isinstance(run, kontijensi.Run)
            step("measure", run.summary)


def growth(shares: list[float], run_up_to: float) -> None:
    """Print a line a step and share."""
    print(f"{'step':8} {'share':>6} {'stations':>9} {'s':>8} {'MB':>7} {'peak MB':>8} {'time a station':>15}")
    first: dict[str, float] = {}
    for share in shares:
        rehearse = ["--rehearse"] if share <= run_up_to else []
        command = [sys.executable, __file__, "--one", str(share), *rehearse]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        for line in told.splitlines():
            name, stations, *figures = line.split()
            seconds, held, peak = map(float, figures)
            each = first.setdefault(name, seconds / int(stations))
            print(
                f"{name:8} {share:6.0%} {int(stations):9,} {seconds:8.2f} {held:7.0f} {peak:8.0f} "
                f"{seconds / int(stations) / each:14.2f}x",
                flush=True,
            )


def check_against_the_parser(repeat: int) -> None:
    """Print how long a check takes, as a multiple of the time the parser alone needs."""
    from kontijensi.scenario.document import load_text

    for layout in ("a line each", "a block each"):
        text = inline(STATIONS, block=layout == "a block each")
        load_text(text)
        ours: list[float] = []
        peer: list[float] = []
        ratios: list[float] = []
        for _turn in range(repeat):
            for times, work in (
                (peer, lambda text=text: yaml.load(text, Loader=yaml.CSafeLoader)),
                (ours, lambda text=text: load_text(text)),
            ):
                began = time.process_time()
                work()
                times.append(time.process_time() - began)
            ratios.append(ours[-1] / peer[-1])
        print(
            f"check, {STATIONS:,} stations, {layout}: {statistics.median(ours):.3f} s, parser alone "
            f"{statistics.median(peer):.3f} s, {statistics.median(ratios):.2f}x (of {repeat}; limit 3x)"
        )
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    for _turn in range(repeat):
        subprocess.run(
            [sys.executable, "-m", "kontijensi", "check", "--help"], check=True, capture_output=True
        )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    start_s = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / repeat
    print(f"imports of the command, apart: {start_s:.3f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shares", type=float, nargs="+", default=list(SHARES))
    parser.add_argument("--run-up-to", type=float, default=0.1, help="rehearse shares up to this one")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--one", type=float, help=argparse.SUPPRESS)
    parser.add_argument("--rehearse", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one is not None:
        one_share(chosen.one, rehearse=chosen.rehearse)
        return
    print(f"Python {platform.python_version()}, PyYAML {yaml.__version__}; processor time")
    check_against_the_parser(chosen.repeat)
    growth(chosen.shares, chosen.run_up_to)


if __name__ == "__main__":
    main()
