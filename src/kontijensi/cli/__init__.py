"""The command line: `main` is the program `kontijensi`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import NoReturn

from kontijensi.cli.interrupts import stoppable


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit with its code."""
    code = 130  # as for Ctrl-C, which may come while the rest is still being imported
    try:
        with stoppable():
            from kontijensi.cli.program import run

            code = run(sys.argv[1:] if arguments is None else arguments)
    except KeyboardInterrupt:
        pass
    sys.exit(code)


__all__ = ["main"]
