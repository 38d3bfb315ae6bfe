"""`kontijensi bundle`: a scenario and its data in one file."""

from __future__ import annotations

from pathlib import Path

import click

from kontijensi.cli import streams
from kontijensi.cli.asked import Asked
from kontijensi.cli.exits import Exit
from kontijensi.cli.new import write_new
from kontijensi.cli.problems import load_scenario
from kontijensi.scenario.bundle import ENDING, pack
from kontijensi.vocabulary.words import _, visible


def bundle_scenario(asked: Asked, *, scenario: Path, out: Path | None, as_json: bool) -> Exit:
    """Write a scenario that holds and everything it names into one file."""
    document = load_scenario(scenario, (), asked)
    file = out if out is not None else scenario.with_name(scenario.stem + ENDING)
    # The scenario's own text is the first that was read.
    name = next(iter(document.texts))
    write_new({file: pack(name, document.texts)})
    if as_json:
        answer = {"ok": True, "exit_code": 0, "file": str(file), "sha256": document.sha256}
        streams.answer({**answer, "holds": sorted(document.texts)})
    else:
        click.echo(_("Written: {file}").format(file=visible(str(file), None)))
        click.echo(_("It holds: {names}").format(names=", ".join(sorted(document.texts))))
    return Exit.DONE
