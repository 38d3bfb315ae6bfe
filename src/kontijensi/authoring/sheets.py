"""Spreadsheets as offices keep them: workbooks and CSV, read cell by cell without changing what stands there.

Workbooks (XLSX, XLS, XLSB, ODS) are read with python-calamine (extra `office`); CSV needs nothing more.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from kontijensi.scenario.beside import read_file
from kontijensi.scenario.problems import Problem, ScenarioError, Severity, did_you_mean
from kontijensi.vocabulary.system import system_reason
from kontijensi.vocabulary.words import _, shown

Cell = str | float | bool | datetime | date | time | timedelta
"""What a cell holds; an empty one holds the empty text."""

MOST_ROWS = 200_000
MOST_COLUMNS = 200
UNPACKED_BYTES = 512 * 1024 * 1024
"""A workbook is a zip archive: more than this inside is refused unread."""
_TABLES = frozenset([".csv", ".tsv", ".txt"])


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: rows of cells from A1 on. `name` is None for a CSV file."""

    file: str
    name: str | None
    rows: tuple[tuple[Cell, ...], ...]

    def cell(self, row: int, column: int) -> Cell:
        """Return the cell in a row and column, counted from 0; empty beyond the row's end."""
        cells = self.rows[row]
        return cells[column] if column < len(cells) else ""

    def at(self, row: int, column: int) -> str:
        """Return what a planner calls a cell, `TPS!F213`; row and column count from 0."""
        where = f"{column_letters(column)}{row + 1}"
        return where if self.name is None else f"{self.name}!{where}"

    def problem(
        self,
        row: int,
        column: int,
        message: str,
        *,
        severity: Severity = Severity.ERROR,
        why: str | None = None,
        fix: str | None = None,
    ) -> Problem:
        """Return a problem with a cell."""
        return Problem(
            self.file, row + 1, column + 1, (self.at(row, column),), message, severity, why=why, fix=fix
        )


def column_letters(column: int) -> str:
    """Return a column's letters, A for 0, Z for 25, AA for 26."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def blank_workbook(stream: io.BytesIO, name: str) -> Any:
    """Return an XLSX workbook to be filled and closed (XlsxWriter's; needs the extra `office`).

    Raises ScenarioError, under the name given, when the extra is not installed.
    """
    try:
        import xlsxwriter
    except ImportError:
        message = _("workbooks need the extra 'office', which is not installed")
        raise _refusal(name, message, _("Install kontijensi[office].")) from None
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.set_properties({"created": None})
    return book


def open_sheet(path: Path, wanted: str | None = None, likely: Iterable[str] = ()) -> Sheet:
    """Read one sheet of a file: the one wanted, else one whose name is likely, else the first that holds any.

    Raises ScenarioError in plain words when the file or the sheet cannot be read.
    """
    sheets = open_sheets(path)
    by_name = {sheet.name or "": sheet for sheet in sheets}
    if wanted is not None:
        if wanted in by_name:
            return by_name[wanted]
        guess = did_you_mean(wanted, by_name)
        fix = _("The sheets are {names}.").format(names=", ".join(shown(name) for name in by_name))
        if guess is not None:
            fix = _("Did you mean {guess}?").format(guess=shown(guess))
        raise _refusal(path.name, _("{name}: no such sheet").format(name=shown(wanted)), fix)
    for word in likely:
        for name, sheet in by_name.items():
            if word in name.casefold() and sheet.rows:
                return sheet
    for sheet in sheets:
        if sheet.rows:
            return sheet
    raise _refusal(path.name, _("the file is empty"))


def open_sheets(path: Path) -> list[Sheet]:
    """Read every sheet of a file; a CSV file has one.

    Raises ScenarioError in plain words when the file cannot be read.
    """
    try:
        data = read_file(path, path.name or str(path))
    except FileNotFoundError:
        raise _refusal(str(path), _("no such file")) from None
    except (OSError, ValueError) as error:
        reason = system_reason(error) if isinstance(error, OSError) else str(error)
        raise _refusal(str(path), _("the file cannot be read: {reason}").format(reason=reason)) from None
    return sheets_of(data, path.name)


def sheets_of(data: bytes, name: str) -> list[Sheet]:
    """Return the sheets that a file's content holds.

    Raises ScenarioError in plain words when it is neither a workbook nor a text table.
    """
    if Path(name).suffix.casefold() in _TABLES:
        return [Sheet(name, None, _kept(name, _text_rows(_decoded(data, name))))]
    return _workbook(data, name)


def _refusal(file: str, message: str, fix: str | None = None) -> ScenarioError:
    return ScenarioError([Problem(file, 1, 1, (), message, fix=fix)])


# -- workbooks -----------------------------------------------------------------------------------------------


def _workbook(data: bytes, name: str) -> list[Sheet]:
    try:
        from python_calamine import CalamineError, CalamineWorkbook, PasswordError
    except ImportError:
        raise _refusal(
            name,
            _("workbooks need the extra 'office', which is not installed"),
            _("Install kontijensi[office], or save the sheet as CSV."),
        ) from None
    _refuse_bombs(data, name)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        return [
            Sheet(name, title, _kept(name, book.get_sheet_by_name(title).to_python(skip_empty_area=False)))
            for title in book.sheet_names
        ]
    except PasswordError:
        raise _refusal(
            name, _("the workbook is locked with a password"), _("Save a copy without a password.")
        ) from None
    except CalamineError as error:  # its own words are English and an engineer's
        raise _refusal(
            name,
            _("this is no workbook that can be read"),
            _("Save it again as .xlsx or .csv."),
        ) from error


def _refuse_bombs(data: bytes, name: str) -> None:
    if not data.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile:
        raise _refusal(
            name, _("the workbook is damaged: its end is missing"), _("Save it again as .xlsx or .csv.")
        ) from None
    if size > UNPACKED_BYTES:
        raise _refusal(
            name, _("the workbook holds more than {n} MB when unpacked").format(n=UNPACKED_BYTES // 2**20)
        )


def _kept(name: str, rows: Iterable[Sequence[Any]]) -> tuple[tuple[Cell, ...], ...]:
    """Return the rows without empty ones at the end."""
    kept: list[tuple[Cell, ...]] = []
    for row in rows:
        if len(kept) >= MOST_ROWS:
            raise _refusal(name, _("more than {n} rows").format(n=MOST_ROWS))
        kept.append(tuple(_plain(cell) for cell in row[:MOST_COLUMNS]))
    while kept and all(cell == "" for cell in kept[-1]):
        kept.pop()
    return tuple(kept)


def _plain(cell: Any) -> Cell:
    if isinstance(cell, str):
        return cell.replace("\xa0", " ").strip()
    if isinstance(cell, int) and not isinstance(cell, bool):
        return float(cell)
    held: Cell = "" if cell is None else cell
    return held


# -- text tables ---------------------------------------------------------------------------------------------


def _decoded(data: bytes, name: str) -> str:
    """Return the text in the encodings offices use: UTF-8, UTF-16 with its mark, else Windows' own."""
    encodings = ["utf-16"] if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise _refusal(
        name, _("this is no text: it cannot be read as a table"), _("Save it again as .xlsx or .csv.")
    )


def _text_rows(text: str) -> Iterable[list[str]]:
    head = [line for line in text.split("\n", 30)[:30] if line.strip()]
    separator = max(";\t,", key=lambda mark: sum(line.count(mark) for line in head))
    csv.field_size_limit(1_000_000)
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator)
