"""Problems as the terminal shows them: `file:line:column: severity: path: message`, why, and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from kontijensi.cli.asked import Asked
from kontijensi.cli.exits import Exit, Refusal
from kontijensi.scenario.document import Document, load
from kontijensi.scenario.problems import Problem, ScenarioError, Severity, path_text
from kontijensi.vocabulary.words import _, current_language, ngettext, use_language, visible

_INKS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}


def load_scenario(scenario: Path, settings: Sequence[str], asked: Asked) -> Document:
    """Read a scenario and from then on speak its language, unless another was asked for.

    Raises Refusal with everything that is wrong with it.
    """
    try:
        document = load(scenario, overrides=settings)
    except ScenarioError as error:
        use_language(asked.language or error.language or current_language())
        raise invalid(scenario, error.problems) from None
    use_language(asked.language or document.file.language)
    return document


def invalid(scenario: Path, problems: Sequence[Problem]) -> Refusal:
    """Return the refusal of a scenario for its problems."""
    text = "\n".join([*map(lines(scenario), problems), counted(problems)])
    return Refusal(Exit.INVALID, text, {"scenario": str(scenario), **as_answer(problems)})


def as_answer(problems: Sequence[Problem]) -> dict[str, object]:
    """Return problems as `--json` gives them, with their numbers."""
    return {
        "errors": _number(problems, Severity.ERROR),
        "warnings": _number(problems, Severity.WARNING),
        "notes": _number(problems, Severity.NOTE),
        "problems": [problem.as_dict() for problem in problems],
    }


class lines:  # noqa: N801 - reads as a verb: lines(scenario)(problem)
    """Writes problems out, with file names as they lead there from the working folder."""

    def __init__(self, scenario: Path) -> None:
        self._scenario = scenario

    def __call__(self, problem: Problem) -> str:
        """Return the problem over one to three lines."""
        return "\n".join([self.head(problem), *(f"    {visible(line, None)}" for line in _reasons(problem))])

    def head(self, problem: Problem) -> str:
        """Return the line with place, severity and message."""
        severity = click.style(severity_word(problem.severity), fg=_INKS[problem.severity], bold=True)
        parts = [self._where(problem), severity, path_text(problem.path), visible(problem.message, None)]
        return ": ".join(part for part in parts if part)

    def _where(self, problem: Problem) -> str:
        if problem.file.startswith("--set "):
            return visible(problem.file, 120)
        file = problem.file
        if file != str(self._scenario):
            file = str(self._scenario.parent / file)
        return f"{visible(file, None)}:{problem.line}:{problem.column}"


def severity_word(severity: Severity) -> str:
    """Return what a severity is called."""
    return {Severity.ERROR: _("error"), Severity.WARNING: _("warning"), Severity.NOTE: _("note")}[severity]


def counted(problems: Sequence[Problem]) -> str:
    """Return how many errors, warnings and notes there are: `2 errors, 1 warning`."""
    n_errors, n_warnings, n_notes = (_number(problems, severity) for severity in Severity)
    words = (
        (n_errors, ngettext("{n} error", "{n} errors", n_errors)),
        (n_warnings, ngettext("{n} warning", "{n} warnings", n_warnings)),
        (n_notes, ngettext("{n} note", "{n} notes", n_notes)),
    )
    return ", ".join(word.format(n=n) for n, word in words if n)


def _reasons(problem: Problem) -> Iterator[str]:
    if problem.why:
        yield problem.why
    if problem.fix:
        yield problem.fix


def _number(problems: Sequence[Problem], severity: Severity) -> int:
    return sum(problem.severity is severity for problem in problems)
