"""The summary of a run on the terminal: a screenful, with the verdict of the report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from kontijensi.analysis.summary import NOTICE
from kontijensi.report.dossier import dossier
from kontijensi.report.findings import SIGNS, Finding, Tone
from kontijensi.report.headlines import Card, cards
from kontijensi.report.verdict import verdict
from kontijensi.vocabulary.words import _, visible

if TYPE_CHECKING:
    from rich.console import RenderableType

    from kontijensi.api import Run

WIDEST = 110
"""Lines longer than this are hard to read [characters]."""
_INKS = {Tone.SHORT: "bold red", Tone.CARE: "yellow", Tone.GOOD: "green", Tone.PLAIN: ""}


def show(run: Run) -> None:
    """Print the summary of a run on standard output."""
    from rich.console import Console

    console = Console(highlight=False, markup=False, emoji=False)
    if not console.is_terminal or console.width > WIDEST:
        console = Console(highlight=False, markup=False, emoji=False, width=WIDEST)
    with console.capture() as drawn:
        for part in _parts(run):
            console.print(part)
    # Tables are filled up with blanks, which only trouble those who copy or compare the text.
    click.echo("\n".join(line.rstrip() for line in drawn.get().splitlines()))


def _parts(run: Run) -> list[RenderableType]:
    from rich.rule import Rule
    from rich.text import Text

    told = dossier(run.data, run.scenario.world, run.scenario.document.outlines)
    found = verdict(told)
    title = _("{name} · seed {seed}, replication {replication}").format(
        name=visible(run.scenario.name, 80), seed=run.seed, replication=run.replication
    )
    parts: list[RenderableType] = [
        Rule(Text(title, style="bold"), align="left"),
        Text(_(NOTICE), style="italic"),
        Text(),
        _sentence(found.headline),
        Text(),
        _table(cards(told)),
    ]
    # The report has every sentence. What it cost is never shortened, nor is any promise that was missed.
    sections = (
        (_("How fast"), _pressing(found.speed)),
        (_("Where cover ran short"), _first_and_last(found.cover)),
        (_("What it cost"), found.cost),
        (_("What went well"), found.well[:2]),
        (_("Mind this"), found.care[:1]),
    )
    for heading, findings in sections:
        if findings:
            parts += [Text(f"\n{heading}", style="bold"), *map(_sentence, findings)]
    return [*parts, Text()]


def _pressing(found: Sequence[Finding], most: int = 4) -> Sequence[Finding]:
    """Leave out the last sentences that press least, never one that says what fell short."""
    return [each for i, each in enumerate(found) if i < most or each.tone is Tone.SHORT]


def _first_and_last(found: Sequence[Finding], most: int = 3) -> Sequence[Finding]:
    """Leave out the middle: the last sentence names the worst gap, and what would have closed it."""
    return found if len(found) <= most else (*found[: most - 1], found[-1])


def _sentence(finding: Finding) -> RenderableType:
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 1))
    ink = _INKS[finding.tone]
    grid.add_row(Text(SIGNS[finding.tone], style=ink), Text(visible(finding.text, None)))
    return Padding(grid, (0, 0, 0, 1))


def _table(found: Sequence[Card]) -> RenderableType:
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column(justify="right", no_wrap=True)
    grid.add_column()
    for card in found:
        ink = _INKS[card.tone]
        grid.add_row(Text(card.label), Text(card.value, style=ink or "bold"), Text(card.beside, style="dim"))
    return Padding(grid, (0, 0, 0, 1))
