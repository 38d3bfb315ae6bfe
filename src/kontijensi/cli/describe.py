"""`kontijensi schema`: the scenario language, for editors and for readers."""

from __future__ import annotations

import click

from kontijensi.cli.exits import Exit


def describe_language(*, markdown: bool) -> Exit:
    """Print the JSON Schema of the language, or its reference as Markdown."""
    from kontijensi.scenario.reference import reference, schema_text

    click.echo(reference() if markdown else schema_text(), nl=False)
    return Exit.DONE
