"""How the program ends: the exit codes, and the one way for a command to stop short."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import Any


class Exit(IntEnum):
    """Exit codes; scripts rely on them."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    INVALID = 3  # the scenario has errors
    CROSSED = 4  # a --fail-if limit was crossed
    INTERRUPTED = 130


class Refusal(Exception):  # noqa: N818 - it is an answer to the user, not a fault of the program
    """A command that stops: the exit code, what to tell people, and what `--json` answers."""

    def __init__(self, code: Exit, text: str, answer: Mapping[str, Any] | None = None) -> None:
        self.code = code
        self.text = text
        self.answer = answer
        super().__init__(text)
