"""`kontijensi new`: a first scenario to work from, and the catalogue it copies from."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from kontijensi.cli import streams
from kontijensi.cli.asked import Asked
from kontijensi.cli.exits import Exit, Refusal
from kontijensi.scenario.doctrine.catalogue import Catalogue, catalogue
from kontijensi.scenario.doctrine.starter import starter
from kontijensi.vocabulary.system import system_reason
from kontijensi.vocabulary.words import _, visible

WIDTH = 140
"""Width of the list where it is not written to a terminal [characters]."""


def new_scenario(_asked: Asked, *, file: Path | None, only_list: bool, as_json: bool) -> Exit:
    """Write a first scenario that can be rehearsed, or list the catalogue."""
    if only_list:
        return _list(as_json=as_json)
    if file is None:
        raise Refusal(Exit.USAGE, _("say which file to write, for example: kontijensi new my-regency.yaml"))
    text = starter()
    try:
        # Opened for creation only: what is there already is never overwritten.
        with file.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError:
        message = _("{file}: is there already, and is not overwritten; choose another name")
        raise Refusal(Exit.FAILED, message.format(file=visible(str(file), 200))) from None
    except OSError as error:
        message = _("{file}: cannot be written ({reason})")
        reason = system_reason(error)
        raise Refusal(Exit.FAILED, message.format(file=visible(str(file), 200), reason=reason)) from None
    if as_json:
        streams.answer({"ok": True, "exit_code": 0, "file": str(file)})
        return Exit.DONE
    shown_file = visible(str(file), None)
    click.echo(_("Written: {file}").format(file=shown_file))
    click.echo(_("Next: kontijensi check {file}, then kontijensi run {file}").format(file=shown_file))
    return Exit.DONE


def _list(*, as_json: bool) -> Exit:
    held = catalogue()
    if as_json:
        entries = [_answer(held, key) for key in held.unit_types]
        streams.answer({"ok": True, "exit_code": 0, "unit_types": entries})
        return Exit.DONE
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in (_("id"), _("unit type"), _("people"), _("can do"), _("at"), _("who agrees"), _("grade")):
        table.add_column(heading, justify="right" if heading == _("people") else "left", overflow="fold")
    for key, entry in held.unit_types.items():
        table.add_row(
            key,
            str(entry.name),
            str(entry.type.personnel),
            ", ".join(entry.type.capabilities),
            ", ".join(entry.type.stages),
            " → ".join(held.authorities[each].title for each in entry.authority) or "–",
            held.evidence(key, "personnel").grade.value,
        )
    Console(width=None if sys.stdout.isatty() else WIDTH).print(table)
    click.echo(_("The grade is that of the number of people; a scenario that copies an entry has them all."))
    return Exit.DONE


def _answer(held: Catalogue, key: str) -> dict[str, Any]:
    entry = held.unit_types[key]
    return {
        "id": key,
        "name": str(entry.name),
        "about": str(entry.about),
        "authority": list(entry.authority),
        "type": entry.type.model_dump(mode="json", exclude_unset=True),
        "evidence": {
            figure: held.evidence(key, figure).model_dump(mode="json", exclude_none=True)
            for figure in sorted({*entry.type.model_fields_set, "stages"} - {"name", "agency", "after"})
        },
    }
