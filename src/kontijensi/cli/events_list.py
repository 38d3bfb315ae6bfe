"""`kontijensi msel`: the events list of a scenario as a workbook, and back into the scenario."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from kontijensi.authoring.msel import events_workbook, read_events, with_triggers
from kontijensi.authoring.sheets import open_sheets
from kontijensi.cli import streams
from kontijensi.cli.asked import Asked
from kontijensi.cli.exits import Exit, Refusal
from kontijensi.cli.new import write_new
from kontijensi.cli.problems import invalid
from kontijensi.scenario.document import load_text
from kontijensi.scenario.problems import ScenarioError
from kontijensi.scenario.yaml_text import Text, read
from kontijensi.vocabulary.system import system_reason
from kontijensi.vocabulary.words import _, shown, visible


def export_events(_asked: Asked, *, scenario: Path, out: Path, as_json: bool) -> Exit:
    """Write the triggers of a scenario as a workbook; a file that is there is never overwritten."""
    _text, reading = _scenario(scenario)
    triggers = reading.data.get("triggers") or {}
    try:
        content = events_workbook(triggers)
    except ScenarioError as error:
        raise invalid(out, error.problems) from None
    write_new({out: content})
    if as_json:
        streams.answer({"ok": True, "exit_code": 0, "file": str(out), "triggers": len(triggers)})
    else:
        click.echo(_("Written: {file}").format(file=visible(str(out), None)))
    return Exit.DONE


def import_events(_asked: Asked, *, scenario: Path, workbook: Path, preview: bool, as_json: bool) -> Exit:
    """Take the triggers of a scenario from a workbook; it is written only when it holds with them."""
    text, reading = _scenario(scenario)
    try:
        found = read_events(open_sheets(workbook))
    except ScenarioError as error:
        raise invalid(workbook, error.problems) from None
    if found.problems:
        raise invalid(workbook, found.problems)
    old = reading.data.get("triggers") or {}
    after = with_triggers(reading, text, found.triggers)
    changes = _changes(old, found.triggers)
    if after != text:
        _demand_sound(scenario, after)
        if not preview:
            _replace(scenario, after)
    if as_json:
        streams.answer({"ok": True, "exit_code": 0, "file": str(scenario), "preview": preview, **changes})
        return Exit.DONE
    for word, names in ((_("new"), "new"), (_("changed"), "changed"), (_("gone"), "gone")):
        if changes[names]:
            click.echo(f"{word}: {', '.join(map(shown, changes[names]))}")
    if after == text:
        click.echo(_("The list holds what the scenario holds: nothing to change."))
    elif preview:
        click.echo(_("Nothing was written: this is a preview."))
    else:
        click.echo(_("Written: {file}").format(file=visible(str(scenario), None)))
    return Exit.DONE


def _scenario(path: Path) -> tuple[str, Text]:
    """Return a scenario's text and its values; raises Refusal when it cannot be read."""
    try:
        data = path.read_bytes()
    except OSError as error:
        message = _("{file}: cannot be read ({reason})")
        reason = system_reason(error)
        raise Refusal(Exit.INVALID, message.format(file=visible(str(path), 200), reason=reason)) from None
    reading = read(data, name=path.name)
    if reading.problems or not isinstance(reading.data, Mapping):
        raise invalid(path, reading.problems or (reading.problem((), _("this is no scenario")),))
    return data.decode("utf-8-sig"), reading


def _changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, list[str]]:
    return {
        "new": [key for key in new if key not in old],
        "changed": [key for key in new if key in old and new[key] != old[key]],
        "gone": [key for key in old if key not in new],
    }


def _demand_sound(scenario: Path, text: str) -> None:
    """Raise Refusal with every problem of the scenario as it would become; it is not written then."""
    files = {
        str(path.relative_to(scenario.parent).as_posix()): path.read_bytes()
        for path in _beside(scenario, text)
    }
    try:
        load_text(text, scenario.name, files)
    except ScenarioError as error:
        raise invalid(scenario, error.problems) from None


def _beside(scenario: Path, text: str) -> list[Path]:
    """Return the files that the scenario's area names and that are there."""
    area = read(text, name=scenario.name).data.get("area") or {}
    roads = area.get("roads") if isinstance(area, Mapping) else None
    names = [area.get("places_file"), area.get("outlines")] if isinstance(area, Mapping) else []
    names.append(roads.get("file") if isinstance(roads, Mapping) else None)
    found = [scenario.parent / name for name in names if isinstance(name, str)]
    return [path for path in found if path.is_file()]


def _replace(file: Path, text: str) -> None:
    """Write the new text under another name and rename it, so that no reader ever sees half of it."""
    draft = file.with_name(f".{file.name}.new")
    try:
        with draft.open("w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(file)
    except OSError as error:
        draft.unlink(missing_ok=True)
        message = _("{file}: cannot be written ({reason})")
        reason = system_reason(error)
        raise Refusal(Exit.FAILED, message.format(file=visible(str(file), 200), reason=reason)) from None
