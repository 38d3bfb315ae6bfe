"""How far a rehearsal is: a live line on a terminal, a plain line now and then elsewhere, or nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from kontijensi.cli import streams
from kontijensi.vocabulary.words import _, date_time, percent, visible
from kontijensi.world.world import World

PLAIN_EVERY_S = 5.0
"""Least time between two plain lines [s]."""


class Teller(Protocol):
    """Tells how far the work is."""

    def stage(self, text: str) -> None:
        """Begin another piece of work, of unknown length."""

    def rehearsing(self, world: World) -> Callable[[float], None]:
        """Begin the rehearsal; what is returned takes the simulated time [s]."""


@contextmanager
def teller(*, quiet: bool) -> Iterator[Teller]:
    """Provide the teller that fits where standard error goes."""
    if quiet:
        yield _Silent()
        return
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield _Plain()
        return
    with _Live(console) as live:
        yield live


def moment(world: World, t_s: float) -> str:
    """Return the local date, time and phase at a moment of the rehearsal."""
    phase = world.phase_at(min(t_s, world.horizon_s))
    words = date_time(world.calendar.local(t_s), str(world.scenario.area.zone))
    return words if phase is None else f"{words} · {visible(phase.phase.name or phase.id, 40)}"


class _Silent:
    def stage(self, text: str) -> None:
        """Say nothing."""

    def rehearsing(self, world: World) -> Callable[[float], None]:
        return lambda _t_s: None


class _Plain:
    def __init__(self) -> None:
        self._last_s = 0.0

    def stage(self, text: str) -> None:
        self._last_s = time.monotonic()
        streams.tell(f"{text} ...")

    def rehearsing(self, world: World) -> Callable[[float], None]:
        self.stage(_("Rehearsing"))

        def advance(t_s: float) -> None:
            if time.monotonic() - self._last_s >= PLAIN_EVERY_S:
                self._last_s = time.monotonic()
                streams.tell(f"{percent(t_s / world.horizon_s):>5}  {moment(world, t_s)}")

        return advance


class _Live:
    def __init__(self, console: object) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

        assert isinstance(console, Console)
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=None),
            TaskProgressColumn(),
            TextColumn("{task.fields[moment]}"),
            TimeRemainingColumn(compact=True),
            console=console,
            transient=True,
        )
        self._task = self._progress.add_task("", total=None, moment="")

    def __enter__(self) -> _Live:
        self._progress.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._progress.stop()

    def stage(self, text: str) -> None:
        self._begin(text, None)

    def rehearsing(self, world: World) -> Callable[[float], None]:
        self._begin(_("Rehearsing"), world.horizon_s)

        def advance(t_s: float) -> None:
            self._progress.update(self._task, completed=t_s, moment=moment(world, t_s))

        return advance

    def _begin(self, text: str, total_s: float | None) -> None:
        # A new task, so that the time left is judged by the speed of this piece of work alone.
        self._progress.remove_task(self._task)
        self._task = self._progress.add_task(text, total=total_s, moment="")
