"""From a run folder to its report."""

from __future__ import annotations

from pathlib import Path

from kontijensi.report.page import render
from kontijensi.scenario.document import Document, load_text
from kontijensi.trace.folder import RunData, add_page, read_run
from kontijensi.trace.manifest import Manifest
from kontijensi.world.world import compile_world

PAGE = "report.html"


def report(folder: Path, *, language: str | None = None) -> Path:
    """Write `report.html` into a run folder from what the folder holds, and return its path.

    The language is the one given, else the scenario's. Raises RunFolderError when the folder cannot be read
    or written, and ScenarioError when the scenario in it is no longer one this program reads.
    """
    run = read_run(folder)
    return add_page(folder, PAGE, page_of(run, language).encode())


def page_of(run: RunData, language: str | None = None) -> str:
    """Return the report of a run as HTML; its world is compiled from the scenario in the manifest."""
    document = document_of(run.manifest)
    return render(run, compile_world(document.file), document, language=language)


def document_of(manifest: Manifest) -> Document:
    """Return the scenario a run was made from, with what was set from outside."""
    first, *others = manifest.files
    return load_text(
        first.text,
        first.name,
        {file.name: file.text for file in others},
        overrides=manifest.overrides,
        seed=manifest.seed,
    )
