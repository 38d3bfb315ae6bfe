"""Runs the scenarios of the cases by the loader and engine of any rehearsal, over processes when asked."""

from __future__ import annotations

import multiprocessing
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, NamedTuple

from kontijensi.engine import Operation
from kontijensi.experiment.verification.call_table import CallSink, CallTable
from kontijensi.experiment.verification.reading import FULL_ERROR_SHARE, QUICK_ERROR_SHARE
from kontijensi.scenario.document import load
from kontijensi.trace.sinks import Recorder
from kontijensi.vocabulary.records import Record
from kontijensi.world import World, compile_world

SEED = 2023
QUICK_REPLICATIONS = 2
SCENARIOS = files(__package__) / "cases"


class Job(NamedTuple):
    """One replication of one scenario."""

    scenario: str
    overrides: tuple[tuple[str, Any], ...]
    seed: int
    replication: int


def world_of(scenario: str, overrides: Mapping[str, Any] | None = None) -> World:
    """Load one of the cases' scenarios by its name and compile it."""
    with as_file(SCENARIOS / f"{scenario}.yaml") as path:
        return compile_world(load(path, overrides=overrides or {}).file)


def run_calls(job: Job) -> CallTable:
    """Rehearse one replication and return its calls."""
    world, sink = world_of(job.scenario, dict(job.overrides)), CallSink()
    Operation(world, seed=job.seed, replication=job.replication, emit=sink).run()
    return sink.table(world.horizon_s)


class Trials:
    """The runs that the cases ask for; the same runs are made once only."""

    def __init__(
        self,
        *,
        quick: bool = False,
        seed: int = SEED,
        manhattan: Path | None = None,
        spread: Callable[..., Iterable[CallTable]] = map,
    ) -> None:
        self.quick = quick
        self.seed = seed
        self.manhattan = manhattan
        """Folder with the road network of Manhattan, None when it is not at hand."""
        self._spread = spread
        self._made: dict[str, list[CallTable]] = {}

    @property
    def error_share(self) -> float:
        """Largest standard error allowed, as a share of the expected value."""
        return QUICK_ERROR_SHARE if self.quick else FULL_ERROR_SHARE

    def calls(
        self,
        scenario: str,
        replications: int,
        quick_horizon: str,
        overrides: Mapping[str, Any] | None = None,
    ) -> list[CallTable]:
        """Return the calls of so many replications; a quick check makes two, of another length."""
        chosen = dict(overrides or {})
        if self.quick:
            replications, chosen["horizon"] = QUICK_REPLICATIONS, quick_horizon
        first = Job(scenario, tuple(sorted(chosen.items())), self.seed, 0)
        key = f"{first} {replications}"  # values set from outside may be lists, which are no keys
        if key not in self._made:
            jobs = [first._replace(replication=k) for k in range(replications)]
            self._made[key] = list(self._spread(run_calls, jobs))
        return self._made[key]

    def records(
        self, scenario: str, replication: int = 0, overrides: Mapping[str, Any] | None = None
    ) -> tuple[World, list[Record]]:
        """Rehearse a scenario once and return its world and log."""
        world, record = world_of(scenario, overrides), Recorder()
        Operation(world, seed=self.seed, replication=replication, emit=record).run()
        return world, record.records


@contextmanager
def workers(n: int) -> Iterator[Callable[..., Iterable[CallTable]]]:
    """Give a `map` over so many processes; results come in the order of the jobs, whoever finishes first."""
    if n <= 1:
        yield map
        return
    # Spawned everywhere, as on Windows: a fork would copy threads that the libraries have started.
    with _interrupts_for_parent_alone():
        pool = multiprocessing.get_context("spawn").Pool(n)
    try:
        yield pool.imap
    finally:
        pool.terminate()
        pool.join()


@contextmanager
def _interrupts_for_parent_alone() -> Iterator[None]:
    """Let processes that are started meanwhile disregard Ctrl-C from their first moment on."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may handle signals
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
