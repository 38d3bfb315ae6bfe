"""`kontijensi schema`: the scenario language, for editors and for readers."""

from __future__ import annotations

import json

import click

from kontijensi.cli.exits import Exit


def describe_language(*, markdown: bool) -> Exit:
    """Print the JSON Schema of the language, or its reference as Markdown."""
    from kontijensi.scenario.reference import json_schema, reference

    click.echo(reference() if markdown else json.dumps(json_schema(), indent=2) + "\n", nl=False)
    return Exit.DONE
