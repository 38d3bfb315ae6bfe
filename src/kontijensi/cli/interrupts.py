"""Stopping on Ctrl-C: one clean line, nothing half-written, also when the key is pressed twice."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, NoReturn

IMPATIENCE_S = 2.0
"""A second Ctrl-C within this time is the same wish: what is being cleaned up must not be cut short [s]."""


@contextmanager
def stoppable() -> Iterator[None]:
    """Turn Ctrl-C into KeyboardInterrupt, once, and a request to end (SIGTERM) into an orderly exit."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may handle signals
        return
    pressed_s = 0.0

    def on_interrupt(_signal: int, _frame: FrameType | None) -> None:
        nonlocal pressed_s
        before_s, pressed_s = pressed_s, time.monotonic()
        if before_s == 0 or pressed_s - before_s >= IMPATIENCE_S:
            raise KeyboardInterrupt

    def on_request(number: int, _frame: FrameType | None) -> NoReturn:
        sys.exit(128 + number)

    before: dict[int, Any] = {
        number: signal.signal(number, handler)
        for number, handler in ((signal.SIGINT, on_interrupt), (signal.SIGTERM, on_request))
    }
    try:
        yield
    finally:
        if pressed_s > 0:
            # On the way out already: a second press would only turn a clean end into a torn one.
            before[signal.SIGINT] = signal.SIG_IGN
        for number, handler in before.items():
            signal.signal(number, handler)
