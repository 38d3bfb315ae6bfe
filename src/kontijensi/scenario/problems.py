"""What is wrong with a scenario: each problem with its place, and the one error that carries them all."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from kontijensi.vocabulary.words import _, ngettext, visible

Path = tuple[str | int, ...]
"""The way from the top of a document to a value: keys and positions in lists, counted from 0."""

LONGEST_GUESS = 80
"""Words longer than this are not compared: the comparison is quadratic and nobody mistypes that much."""


class Severity(StrEnum):
    """How much a problem matters; only an error stops a run."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong at one place; line and column count from 1, `why` and `fix` are sentences or None."""

    file: str
    line: int
    column: int
    path: Path
    message: str
    severity: Severity = Severity.ERROR
    why: str | None = None
    fix: str | None = None

    def __str__(self) -> str:
        """Return `file:line:column: path: message`, without the path at the top of the document."""
        where = f"{visible(self.file, None)}:{self.line}:{self.column}"
        return ": ".join(part for part in (where, path_text(self.path), visible(self.message, None)) if part)

    def as_text(self) -> str:
        """Return the problem over several lines: place and message, then why it matters and what mends it."""
        lines = [str(self)]
        if self.severity is not Severity.ERROR:
            lines[0] += f" [{_severity_word(self.severity)}]"
        lines += [f"    {visible(line, None)}" for line in (self.why, self.fix) if line]
        return "\n".join(lines)

    def as_dict(self) -> dict[str, str | int | None]:
        """Return the problem as plain values for JSON; `path` is text."""
        return {
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "path": path_text(self.path),
            "message": self.message,
            "severity": self.severity.value,
            "why": self.why,
            "fix": self.fix,
        }


class ScenarioError(Exception):
    """A scenario that cannot be used; `problems` holds every one found, in the order of the text.

    `language` is the one the problems are written in, None where nobody chose.
    """

    def __init__(self, problems: Iterable[Problem], language: str | None = None) -> None:
        self.problems = in_order(problems)
        self.language = language
        super().__init__(self.problems)

    def __str__(self) -> str:
        """Return one line a problem."""
        return "\n".join(str(problem) for problem in self.problems)

    def as_text(self) -> str:
        """Return every problem with its reasons, and a closing line that counts them."""
        return render(self.problems)

    def as_dict(self) -> dict[str, list[dict[str, str | int | None]]]:
        """Return the problems as plain values for JSON."""
        return {"problems": [problem.as_dict() for problem in self.problems]}


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the problems in the order of the text, each once."""
    return tuple(sorted(dict.fromkeys(problems), key=lambda p: (p.file, p.line, p.column)))


def render(problems: Sequence[Problem]) -> str:
    """Return problems as text for a terminal, closed by a line that counts the errors and warnings."""
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    warnings = sum(problem.severity is Severity.WARNING for problem in problems)
    counts = ", ".join(
        (
            ngettext("{n} error", "{n} errors", errors).format(n=errors),
            ngettext("{n} warning", "{n} warnings", warnings).format(n=warnings),
        )
    )
    return "\n".join([*(problem.as_text() for problem in problems), counts])


def _severity_word(severity: Severity) -> str:
    return {Severity.ERROR: _("error"), Severity.WARNING: _("warning"), Severity.NOTE: _("note")}[severity]


def path_text(path: Path) -> str:
    """Return a path as people write it, `units.brimob.posts[2].base`; odd keys are quoted, long ones cut."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
            continue
        key = visible(step)
        if not key or any(c in key for c in ".[]: "):
            key = f"'{key}'"
        text += f".{key}" if text else key
    return text


def some(names: Iterable[str], most: int = 5) -> str:
    """Return names as a list in a sentence, the first few of them."""
    every = list(names)
    if len(every) <= most:
        return ", ".join(every)
    return _("{names} and {n} more").format(names=", ".join(every[:most]), n=len(every) - most)


def did_you_mean(word: str, choices: Iterable[str]) -> str | None:
    """Return the choice that looks most like a mistyped word, or None; case and Unicode form do not count."""
    if len(word) > LONGEST_GUESS:
        return None
    folded: dict[str, str] = {}
    for choice in choices:
        folded.setdefault(_fold(choice), choice)
    wanted = _fold(word)
    if wanted in folded:
        return folded[wanted]
    close = difflib.get_close_matches(
        wanted, [f for f in folded if abs(len(f) - len(wanted)) <= 8], n=1, cutoff=0.6
    )
    return folded[close[0]] if close else None


def _fold(word: str) -> str:
    return unicodedata.normalize("NFKC", word).casefold()
