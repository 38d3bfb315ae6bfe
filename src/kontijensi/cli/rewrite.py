"""`kontijensi report`: the report of a run again, from its folder."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import mkstemp

import click

from kontijensi.cli import streams
from kontijensi.cli.asked import Asked
from kontijensi.cli.exits import Exit, Refusal
from kontijensi.cli.problems import invalid
from kontijensi.scenario.problems import ScenarioError
from kontijensi.vocabulary.words import _, current_language, use_language, visible

REPORT = "report.html"


def rewrite_report(asked: Asked, *, folder: Path, out: Path | None, as_json: bool) -> Exit:
    """Write the report of the run in a folder, there or to a file elsewhere."""
    from kontijensi.api import open_run
    from kontijensi.api.scenario import kept_regret
    from kontijensi.report import render
    from kontijensi.trace import RunFolderError, add_page

    try:
        run = open_run(folder)
        use_language(asked.language or run.scenario.document.file.language)
        page = render(
            run.data,
            run.scenario.world,
            run.scenario.document,
            language=str(current_language()),
            regret=kept_regret(folder),
        )
        path = add_page(folder, REPORT, page.encode()) if out is None else _write(out, page)
    except RunFolderError as error:
        raise Refusal(Exit.FAILED, str(error)) from None
    except ScenarioError as error:
        # The scenario kept in the folder is of a language that this version reads otherwise.
        raise invalid(folder / "manifest.json", error.problems) from None
    if as_json:
        streams.answer({"ok": True, "exit_code": 0, "report": str(path), "report_uri": uri(path)})
    else:
        click.echo(_("Report: {path}").format(path=visible(str(path), None)))
        click.echo(f"  {uri(path)}")
    return Exit.DONE


def uri(path: Path) -> str:
    """Return the address under which a browser on this machine opens a file."""
    return path.absolute().as_uri()


def _write(path: Path, page: str) -> Path:
    """Write a page whole or not at all."""
    handle, name = mkstemp(prefix=f".{path.name}.", suffix=".partial", dir=path.parent)
    partial = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(page.encode())
        partial.chmod(0o644)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return path
