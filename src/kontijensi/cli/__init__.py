"""The command line: `main` is the program `kontijensi`."""

from kontijensi.cli.program import main

__all__ = ["main"]
