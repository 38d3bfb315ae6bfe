"""The master scenario events list (MSEL): what goes wrong in an exercise, as a workbook and back.

The first sheet has a row a trigger in the scenario's order, the second a row an effect. Every cell holds what
the scenario holds, written as YAML, so that the way there and back loses nothing.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kontijensi.authoring.cells import text
from kontijensi.authoring.headings import is_example
from kontijensi.authoring.sheets import Sheet, blank_workbook
from kontijensi.authoring.writing import as_block, on_one_line
from kontijensi.scenario.problems import Problem, did_you_mean
from kontijensi.scenario.schema.storyline import Trigger
from kontijensi.scenario.yaml_text import Text, read
from kontijensi.vocabulary.words import _, shown

EVENTS, EFFECTS = "MSEL", "Efek"
"""Names of the two sheets."""
ID, ORDER, DO, DETAILS = "id", "no", "do", "details"
FIRST = ("name", "at", "rate", "when", "after", "delay", "places", "phases", "probability")
"""Fields of a trigger that come first, as an exercise's controller reads them."""


@dataclass(frozen=True, slots=True)
class EventsList:
    """Triggers as a scenario writes them, by id, and what is wrong with the sheets they came from."""

    triggers: Mapping[str, Any]
    problems: tuple[Problem, ...]


def columns() -> list[str]:
    """Return the columns of the first sheet: a trigger's id and every field but its effects."""
    fields = [name for name in Trigger.model_fields if name not in {*FIRST, "effects"}]
    return [ID, *FIRST, *fields]


def events_workbook(triggers: Mapping[str, Any]) -> bytes:
    """Return triggers, as a scenario writes them, as an XLSX workbook (needs the extra `office`).

    Raises ScenarioError when the extra is not installed.
    """
    stream = io.BytesIO()
    book = blank_workbook(stream, EVENTS)
    bold = book.add_format({"bold": True, "text_wrap": True, "bottom": 1})
    plain = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    names = columns()
    rows = [
        [trigger_id, *(_written(trigger, name) for name in names[1:])]
        for trigger_id, trigger in triggers.items()
    ]
    _fill(book.add_worksheet(EVENTS), names, rows, bold, plain)
    _fill(book.add_worksheet(EFFECTS), [ID, ORDER, DO, DETAILS], list(_effect_rows(triggers)), bold, plain)
    book.close()
    return stream.getvalue()


def _written(trigger: Mapping[str, Any], name: str) -> str:
    return on_one_line(trigger[name]) if name in trigger else ""


def _effect_rows(triggers: Mapping[str, Any]) -> Iterable[list[str]]:
    for trigger_id, trigger in triggers.items():
        for number, effect in enumerate(trigger.get("effects", ()), start=1):
            details = {key: value for key, value in effect.items() if key != DO}
            yield [
                trigger_id, str(number), str(effect.get(DO, "")), on_one_line(details) if details else "",
            ]  # fmt: skip


def _fill(sheet: Any, names: list[str], rows: list[list[str]], bold: Any, plain: Any) -> None:
    for column, name in enumerate(names):
        sheet.write_string(0, column, name, bold)
        longest = max((len(row[column]) for row in rows), default=0)
        sheet.set_column(column, column, min(max(longest, len(name)) + 2, 48))
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            # As text, so that nothing in it is taken for a formula.
            sheet.write_string(number, column, cell, plain)
    sheet.freeze_panes(1, 1)


# -- and back ------------------------------------------------------------------------------------------------


def read_events(sheets: Iterable[Sheet]) -> EventsList:
    """Read triggers from the two sheets of a workbook; problems are in the result and nothing is raised."""
    by_name = {(sheet.name or "").casefold(): sheet for sheet in sheets}
    problems: list[Problem] = []
    missing = [name for name in (EVENTS, EFFECTS) if name.casefold() not in by_name]
    if missing:
        message = _("no sheet is called {names}").format(names=", ".join(map(shown, missing)))
        file = next(iter(by_name.values())).file if by_name else "MSEL"
        return EventsList({}, (Problem(file, 1, 1, (), message),))
    events, effects = by_name[EVENTS.casefold()], by_name[EFFECTS.casefold()]
    triggers = _read_triggers(events, problems)
    _read_effects(effects, triggers, problems)
    named = {trigger_id for _row, trigger_id in _ids(effects)}
    for row, trigger_id in _ids(events):
        if trigger_id in triggers and trigger_id not in named:
            message = _("the trigger {id} has no effect in the sheet {sheet}")
            message = message.format(id=shown(trigger_id), sheet=shown(EFFECTS))
            problems.append(events.problem(row, 0, message))
    return EventsList(triggers, tuple(problems))


def _ids(sheet: Sheet) -> Iterable[tuple[int, str]]:
    for row in range(1, len(sheet.rows)):
        words = [text(cell) for cell in sheet.rows[row]]
        if any(words) and not is_example(words):
            yield row, text(sheet.cell(row, 0))


def _titles(sheet: Sheet, known: list[str], problems: list[Problem]) -> dict[str, int]:
    found: dict[str, int] = {}
    for column, cell in enumerate(sheet.rows[0] if sheet.rows else ()):
        title = text(cell)
        if title in known:
            found[title] = column
        elif title:
            guess = did_you_mean(title, known)
            fix = _("Did you mean {guess}?").format(guess=shown(guess)) if guess else None
            problems.append(
                sheet.problem(0, column, _("{word}: no such column").format(word=shown(title)), fix=fix)
            )
    if ID not in found:
        problems.append(sheet.problem(0, 0, _("the column 'id' is missing")))
    return found


def _read_triggers(sheet: Sheet, problems: list[Problem]) -> dict[str, dict[str, Any]]:
    titles = _titles(sheet, columns(), problems)
    triggers: dict[str, dict[str, Any]] = {}
    for row, _first in _ids(sheet):
        trigger_id = text(sheet.cell(row, titles.get(ID, 0)))
        if not trigger_id or trigger_id in triggers:
            message = _("the row has no id") if not trigger_id else _("the id {id} stands twice")
            problems.append(sheet.problem(row, titles.get(ID, 0), message.format(id=shown(trigger_id))))
            continue
        trigger: dict[str, Any] = {}
        for name, column in titles.items():
            if name != ID:
                _take(sheet, row, column, trigger, name, problems)
        triggers[trigger_id] = {**trigger, "effects": []}
    return triggers


def _read_effects(sheet: Sheet, triggers: Mapping[str, dict[str, Any]], problems: list[Problem]) -> None:
    titles = _titles(sheet, [ID, ORDER, DO, DETAILS], problems)
    for row, _first in _ids(sheet):
        trigger_id = text(sheet.cell(row, titles.get(ID, 0)))
        if trigger_id not in triggers:
            guess = did_you_mean(trigger_id, triggers)
            fix = _("Did you mean {guess}?").format(guess=shown(guess)) if guess else None
            message = _("{id}: no such trigger in the sheet {sheet}")
            message = message.format(id=shown(trigger_id), sheet=shown(EVENTS))
            problems.append(sheet.problem(row, titles.get(ID, 0), message, fix=fix))
            continue
        held: dict[str, Any] = {}
        for name in (DO, DETAILS):
            if name in titles:
                _take(sheet, row, titles[name], held, name, problems)
        details = held.get(DETAILS) or {}
        if not isinstance(details, dict):
            message = _("write the details as {example}").format(example=shown("{size: 60, stays: 2 h}"))
            problems.append(sheet.problem(row, titles[DETAILS], message))
            continue
        triggers[trigger_id]["effects"].append({DO: held.get(DO), **details})


def _take(
    sheet: Sheet, row: int, column: int, into: dict[str, Any], name: str, problems: list[Problem]
) -> None:
    """Read a cell as the scenario's YAML; what a spreadsheet has made a number or a date is taken as such."""
    word = text(sheet.cell(row, column))
    if not word:
        return
    reading = read(word, name=sheet.file)
    if reading.problems:
        first = reading.problems[0]
        problems.append(sheet.problem(row, column, first.message, fix=first.fix))
    else:
        into[name] = reading.data


# -- into a scenario's text ----------------------------------------------------------------------------------


def with_triggers(scenario: Text, text_of_scenario: str, triggers: Mapping[str, Any]) -> str:
    """Return a scenario's text with other triggers; the rest, its comments too, stays as it is.

    Triggers that have not changed keep their text and comments; changed and new ones are written anew.
    """
    lines = text_of_scenario.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    old = scenario.data.get("triggers") or {}
    if dict(old) == dict(triggers) and list(old) == list(triggers):
        return text_of_scenario
    begin, end = _section(scenario, "triggers", lines)
    spans = _entry_spans(scenario, list(old), lines, begin, end)
    block = ["triggers:\n"]
    for trigger_id, trigger in triggers.items():
        if trigger_id in old and old[trigger_id] == trigger and trigger_id in spans:
            first, last = spans[trigger_id]
            block += lines[first:last]
        else:
            block.append(as_block({trigger_id: trigger}, indent=2))
    return "".join([*lines[:begin], *block, *lines[end:]])


def _section(scenario: Text, key: str, lines: list[str]) -> tuple[int, int]:
    """Return where a section of the scenario begins and ends, as lines from 0; at the end when it is new."""
    if key not in scenario.data:
        return len(lines), len(lines)
    starts = sorted(scenario.marks.find_key((name,)).line - 1 for name in scenario.data)
    begin = scenario.marks.find_key((key,)).line - 1
    end = next((start for start in starts if start > begin), len(lines))
    return begin, _before_comments(lines, begin, end)


def _before_comments(lines: list[str], begin: int, end: int) -> int:
    """Leave the comment and blank lines above the next section to that section."""
    while end - 1 > begin and (not lines[end - 1].strip() or lines[end - 1].startswith("#")):
        end -= 1
    return end


def _entry_spans(
    scenario: Text, keys: list[str], lines: list[str], begin: int, end: int
) -> dict[str, tuple[int, int]]:
    """Return the lines of each entry with the comments above it, when each stands on lines of its own."""
    starts = [scenario.marks.find_key(("triggers", key)).line - 1 for key in keys]
    if not keys or starts != sorted(set(starts)) or not begin < starts[0]:
        return {}
    firsts = []
    for start, floor in zip(starts, [begin, *starts], strict=False):
        first = start
        while first - 1 > floor and lines[first - 1].lstrip().startswith("#"):
            first -= 1
        firsts.append(first)
    return dict(zip(keys, zip(firsts, [*firsts[1:], end], strict=True), strict=True))
