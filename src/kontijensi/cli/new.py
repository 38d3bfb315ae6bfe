"""`kontijensi new`: a first scenario to work from, and the catalogue it copies from."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import click

from kontijensi.authoring.drafts import ELECTION_DAY, SIZES, template
from kontijensi.authoring.filling import SCHEMA_FILE
from kontijensi.cli import streams
from kontijensi.cli.asked import Asked
from kontijensi.cli.exits import Exit, Refusal
from kontijensi.cli.problems import invalid
from kontijensi.scenario.doctrine.catalogue import Catalogue, catalogue
from kontijensi.scenario.problems import ScenarioError
from kontijensi.scenario.reference import schema_text
from kontijensi.vocabulary.system import system_reason
from kontijensi.vocabulary.words import _, shown, visible

NATIONAL = "national"
"""The size that is generated, not filled in."""
STATIONS_FILE = "tps.csv.gz"
WIDTH = 140
"""Width of the list where it is not written to a terminal [characters]."""


@dataclass(frozen=True, slots=True)
class Order:
    """What `new` was asked for; the fields are its options."""

    file: Path | None
    size: str
    share: str | None
    title: str | None
    day: str | None
    tps: Path | None
    sheet: str | None
    centres: Path | None
    swapped: bool
    personnel: Path | None
    pattern: str
    preview: bool
    form: bool
    only_list: bool
    as_json: bool


def new_scenario(order: Order, asked: Asked) -> Exit:
    """Write a first scenario that can be rehearsed, or list the catalogue."""
    if order.only_list:
        return _list(as_json=order.as_json)
    if order.form:
        return _form(order)
    day = _day(order.day)
    if order.tps is not None:
        from kontijensi.cli.drafting import draft_from_lists

        return draft_from_lists(order, day, asked)
    stray = [
        option
        for option, given in (
            ("--personnel", order.personnel),
            ("--centres", order.centres),
            ("--sheet", order.sheet),
            ("--preview", order.preview),
            ("--swapped", order.swapped),
        )
        if given
    ]
    if stray:
        raise Refusal(Exit.USAGE, _("{options}: goes with --tps").format(options=", ".join(stray)))
    if order.size == NATIONAL:
        return _national(order, day)
    if order.share is not None:
        raise Refusal(Exit.USAGE, _("{options}: goes with --size national").format(options="--share"))
    if order.size not in SIZES:
        message = _("--size {value}: choose from {choices}")
        choices = ", ".join((*SIZES, NATIONAL))
        raise Refusal(Exit.USAGE, message.format(value=shown(order.size), choices=choices))
    file = wanted_file(order)
    files = {file: template(order.size, day).encode(), **for_editors(file)}
    write_new(files)
    return told(order, list(files))


def _form(order: Order) -> Exit:
    """Write a form to fill in."""
    from kontijensi.authoring.form import form_workbook

    file = wanted_file(order)
    if file.suffix.casefold() != ".xlsx":
        raise Refusal(
            Exit.USAGE, _("{file}: name a workbook, for example form.xlsx").format(file=shown(file.name))
        )
    try:
        content = form_workbook()
    except ScenarioError as error:
        raise invalid(file, error.problems) from None
    write_new({file: content})
    shown_file = visible(str(file), None)
    following = f"kontijensi new kota.yaml --tps {shown_file} --personnel {shown_file}"
    return told(order, [file], then=_("Fill it in, then: {command}").format(command=following))


def _national(order: Order, day: date) -> Exit:
    """Write the generated country, or a share of its stations, with the table of its stations."""
    import gzip

    from kontijensi.authoring.national import national, regencies, stations_table

    file = wanted_file(order)
    try:
        every = regencies(1.0 if order.share is None else float(order.share))
    except ValueError:
        message = _("--share {value}: a part of the stations from 0.001 to 1, such as 0.01")
        raise Refusal(Exit.USAGE, message.format(value=shown(order.share or ""))) from None
    folder = file.with_suffix("")
    table = gzip.compress("".join(stations_table(every)).encode(), compresslevel=6, mtime=0)
    text = national(every, places_file=f"{folder.name}/{STATIONS_FILE}", day=day)
    files = {file: text.encode(), folder / STATIONS_FILE: table}
    write_new(files)
    return told(order, list(files), {"stations": sum(each.stations for each in every), "generated": True})


def wanted_file(order: Order) -> Path:
    """Return the file to write; raises Refusal when none was named."""
    if order.file is None:
        raise Refusal(Exit.USAGE, _("say which file to write, for example: kontijensi new my-regency.yaml"))
    return order.file


def for_editors(file: Path) -> dict[Path, bytes]:
    """Return the schema that the first line of a new scenario names, unless one is beside it already."""
    schema = file.with_name(SCHEMA_FILE)
    return {} if schema.exists() else {schema: schema_text().encode()}


def write_new(files: Mapping[Path, bytes]) -> None:
    """Write new files, all or none; what is there already is never overwritten. Raises Refusal.

    A folder for the files that go with the first one is made when there is none.
    """
    written: list[Path] = []
    home = next(iter(files)).parent
    try:
        for file, content in files.items():
            if file.parent != home and not file.parent.exists():
                file.parent.mkdir()
            # Opened for creation only: what is there already is never overwritten.
            with file.open("xb") as stream:
                written.append(file)
                stream.write(content)
    except OSError as error:
        for each in written:
            each.unlink(missing_ok=True)
        shown_file = visible(str(file), 200)
        if isinstance(error, FileExistsError):
            message = _("{file}: is there already, and is not overwritten; choose another name")
            raise Refusal(Exit.FAILED, message.format(file=shown_file)) from None
        message = _("{file}: cannot be written ({reason})")
        raise Refusal(Exit.FAILED, message.format(file=shown_file, reason=system_reason(error))) from None


def told(
    order: Order, files: Sequence[Path], answer: Mapping[str, Any] | None = None, *, then: str | None = None
) -> Exit:
    """Say what was written and what comes next: `then`, or to check and run the first of the files."""
    if order.as_json:
        held = {"ok": True, "exit_code": 0, "file": str(files[0]), "files": [str(file) for file in files]}
        streams.answer({**held, **(answer or {})})
        return Exit.DONE
    for file in files:
        click.echo(_("Written: {file}").format(file=visible(str(file), None)))
    shown_file = visible(str(files[0]), None)
    click.echo(then or _("Next: kontijensi check {file}, then kontijensi run {file}").format(file=shown_file))
    return Exit.DONE


def _day(text: str | None) -> date:
    if text is None:
        return ELECTION_DAY
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = _("--date {value}: write the day as YEAR-MONTH-DAY, for example 2029-02-14")
        raise Refusal(Exit.USAGE, message.format(value=shown(text))) from None


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
