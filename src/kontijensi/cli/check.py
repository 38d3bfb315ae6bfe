"""`kontijensi check`: what is wrong with a scenario, and what it holds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from kontijensi.cli import streams
from kontijensi.cli.asked import Asked
from kontijensi.cli.exits import Exit
from kontijensi.cli.holdings import holdings, rows, written
from kontijensi.cli.problems import as_answer, counted, lines, load_scenario
from kontijensi.scenario.problems import Severity
from kontijensi.vocabulary.words import _, visible


def check_scenario(
    asked: Asked, *, scenario: Path, settings: Sequence[str], strict: bool, as_json: bool
) -> Exit:
    """List a scenario's warnings and notes and what it holds; with errors it is refused."""
    document = load_scenario(scenario, settings, asked)
    warned = any(problem.severity is Severity.WARNING for problem in document.notes)
    code = Exit.INVALID if strict and warned else Exit.DONE
    if as_json:
        ok = {"ok": code is Exit.DONE, "exit_code": int(code), "scenario": str(scenario)}
        streams.answer(
            {**ok, **as_answer(document.notes), "sha256": document.sha256, "holds": holdings(document.file)}
        )
        return code
    for problem in document.notes:
        click.echo(lines(scenario)(problem))
    if document.notes:
        click.echo()
    click.echo(click.style(visible(document.file.name, None), bold=True))
    click.echo(written(rows(document.file)))
    click.echo()
    refused = _("Refused because of its warnings (--strict).")
    nothing = _("no errors, warnings or notes")
    verdict = _("The scenario can be rehearsed.") if code is Exit.DONE else refused
    click.echo(f"{verdict} ({counted(document.notes) or nothing})")
    return code
