"""Python's collector of cycles, kept from walking over the log again and again while it grows."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Let no collection of cycles start meanwhile, and leave the collector as it was.

    A run keeps what it makes: records by the hundred thousand, none of them garbage. The collector starts for
    every so many new objects all the same, and took two fifths of a long run.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        if gc.get_freeze_count() == 0:
            # What has lasted the run is old. This hands it to the oldest generation without looking at it.
            gc.freeze()
            gc.unfreeze()
        gc.enable()
