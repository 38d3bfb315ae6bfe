"""The command line: `main` is the program `kontijensi`."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from kontijensi.cli.interrupts import Presses, stoppable


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit with its code."""
    code = 130  # as for Ctrl-C, which may come while the rest is still being imported
    presses = Presses()
    try:
        with stoppable() as presses:
            from kontijensi.cli.program import run

            code = run(sys.argv[1:] if arguments is None else arguments)
    except KeyboardInterrupt:
        pass
    if presses.last_s is not None:
        # Where the key was pressed while a compiled library loaded, Python would end by the signal at its own
        # exit, although all is handled: leave without it. Everything written has been flushed.
        os._exit(code)
    sys.exit(code)


__all__ = ["main"]
