"""Stopping on Ctrl-C: one clean line, nothing half-written, also when the key is pressed twice."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import FrameType
from typing import Any, NoReturn

IMPATIENCE_S = 2.0
"""A second Ctrl-C within this time is the same wish: what is being cleaned up must not be cut short [s]."""


class Presses:
    """When Ctrl-C was last pressed, on the monotonic clock [s]; None when it was not."""

    # No dataclass: this module is imported before anything else, and must be quick for early presses.
    __slots__ = ("last_s",)

    def __init__(self) -> None:
        self.last_s: float | None = None


_presses: ContextVar[Presses] = ContextVar("kontijensi_presses")


def stop_if_asked() -> None:
    """Raise KeyboardInterrupt when Ctrl-C was pressed earlier and a library swallowed it."""
    presses = _presses.get(None)
    if presses is not None and presses.last_s is not None:
        raise KeyboardInterrupt


@contextmanager
def stoppable() -> Iterator[Presses]:
    """Turn Ctrl-C into KeyboardInterrupt, once, and a request to end (SIGTERM) into an orderly exit."""
    presses = Presses()
    _presses.set(presses)
    if threading.current_thread() is not threading.main_thread():
        yield presses  # only the main thread may handle signals
        return

    def on_interrupt(_signal: int, _frame: FrameType | None) -> None:
        before_s, presses.last_s = presses.last_s, time.monotonic()
        if before_s is None or presses.last_s - before_s >= IMPATIENCE_S:
            raise KeyboardInterrupt

    def on_request(number: int, _frame: FrameType | None) -> NoReturn:
        sys.exit(128 + number)

    before: dict[int, Any] = {
        number: signal.signal(number, handler)
        for number, handler in ((signal.SIGINT, on_interrupt), (signal.SIGTERM, on_request))
    }
    try:
        yield presses
    finally:
        if presses.last_s is not None:
            # On the way out already: a second press would only turn a clean end into a torn one.
            before[signal.SIGINT] = signal.SIG_IGN
        for number, handler in before.items():
            signal.signal(number, handler)
