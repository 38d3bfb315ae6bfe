"""Places from a table: a CSV file with one place a row, read as strictly as the scenario itself."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from kontijensi.scenario import shape
from kontijensi.scenario.problems import Problem, did_you_mean
from kontijensi.scenario.schema.area import Place
from kontijensi.scenario.whereabouts import PLACES, Row
from kontijensi.scenario.yaml_faults import decode, forbidden_characters
from kontijensi.vocabulary.words import _, shown

MOST_PROBLEMS = 200
"""Problems named one by one; a table with a shifted column has one in every row."""

_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+")
_YES = frozenset(["true", "1", "yes", "y", "ya"])
_NO = frozenset(["false", "0", "no", "n", "tidak"])


def _kinds() -> dict[str, type]:
    kinds: dict[str, type] = {"id": str}
    for name, field in Place.model_fields.items():
        plain = shape.bare(field.annotation)
        kinds[name] = plain if plain in (int, float, bool) else str
    return kinds


COLUMNS: Mapping[str, type] = _kinds()
"""What each column holds, by name."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table that was read: places by id as a scenario writes them, where each stands, what is wrong."""

    places: Mapping[str, Mapping[str, Any]]
    rows: Mapping[str, Row]
    problems: tuple[Problem, ...]


class _Broken(Exception):  # noqa: N818 - ends the reading; the problem is noted
    """Nothing more can be read."""


def read_places(data: bytes, *, name: str) -> Table:
    """Read a CSV table of places; problems are in the result and nothing is raised.

    UTF-8, separated by commas or semicolons. An empty cell is a field left out; codes keep leading zeros.
    """
    reading = _Reading(name)
    with suppress(_Broken):
        reading.read(data)
    return Table(reading.places, reading.rows, tuple(reading.problems))


class _Reading:
    """One table being read."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.places: dict[str, dict[str, Any]] = {}
        self.rows: dict[str, Row] = {}
        self.problems: list[Problem] = []
        self.semicolons = False

    def note(self, line: int, column: int, message: str, fix: str | None = None) -> None:
        """Add a problem; too many of them end the reading."""
        self.problems.append(Problem(self.name, line, column, PLACES, message, fix=fix))
        if len(self.problems) >= MOST_PROBLEMS:
            self.problems.append(
                Problem(self.name, line, column, PLACES, _("too many problems; reading stopped here"))
            )
            raise _Broken

    def read(self, data: bytes) -> None:
        """Read header and rows."""
        text = decode(data)
        faults = list(forbidden_characters(text)) if isinstance(text, str) else [text]
        for fault in faults:
            self.note(fault.line, fault.column, fault.message, fault.fix)
        if faults or not isinstance(text, str):
            raise _Broken
        if not text.strip():
            self.note(
                1, 1, _("the file is empty"), _("Its first line names the columns, such as id,kind,lat,lon.")
            )
            raise _Broken
        first = text.split("\n", 1)[0]
        self.semicolons = first.count(";") > first.count(",")
        lines = self._lines(text)
        header = self._header(next(lines)[1])
        for line, cells in lines:
            if any(cell.strip() for cell in cells):
                self._row(line, header, cells)

    def _lines(self, text: str) -> Iterator[tuple[int, list[str]]]:
        reader = csv.reader(
            io.StringIO(text, newline=""), delimiter=";" if self.semicolons else ",", strict=True
        )
        line = 1
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                self.note(
                    line,
                    1,
                    _("a quotation mark is not closed, or text follows it"),
                    _("Double a quotation mark that is part of a text."),
                )
                raise _Broken from None
            yield line, cells
            line = reader.line_num + 1

    def _header(self, cells: list[str]) -> list[str | None]:
        """Return the column's name for each cell of the header, None for those refused."""
        header: list[str | None] = []
        for number, cell in enumerate(cells, start=1):
            word = cell.strip()
            if word not in COLUMNS:
                guess = did_you_mean(word, COLUMNS)
                hint = _("did you mean {guess}?").format(guess=shown(guess)) if guess else _choose_from()
                self.note(1, number, _("{word}: no such column; {hint}").format(word=shown(word), hint=hint))
                header.append(None)
            elif word in header:
                self.note(1, number, _("the column {word} stands twice").format(word=shown(word)))
                header.append(None)
            else:
                header.append(word)
        if "id" not in header:
            self.note(1, 1, _("the column 'id' is missing"), _("Each place needs an id of its own."))
            raise _Broken
        return header

    def _row(self, line: int, header: list[str | None], cells: list[str]) -> None:
        if len(cells) != len(header):
            self.note(
                line,
                min(len(cells), len(header)) + 1,
                _("{n} cells where the header has {expected}").format(n=len(cells), expected=len(header)),
                _("Put a text that holds the separator in quotation marks."),
            )
            return
        place: dict[str, Any] = {}
        for number, (column, cell) in enumerate(zip(header, cells, strict=True), start=1):
            text = cell.strip()
            if column is None or not text:
                continue
            try:
                place[column] = self._value(column, text)
            except ValueError as error:
                self.note(line, number, _("column {column}: {message}").format(column=column, message=error))
        if "id" not in place:
            self.note(
                line,
                header.index("id") + 1,
                _("column {column}: {message}").format(column="id", message=_("the place has no id")),
            )
            return
        self._keep(line, place.pop("id"), place, header)

    def _keep(self, line: int, place_id: str, place: dict[str, Any], header: list[str | None]) -> None:
        if place_id in self.places:
            message = _("the id {id} stands twice: in line {first} and again in line {again}").format(
                id=shown(place_id), first=self.rows[place_id].line, again=line
            )
            self.note(line, header.index("id") + 1, message)
            return
        self.places[place_id] = place
        columns = {column: number for number, column in enumerate(header, start=1) if column is not None}
        self.rows[place_id] = Row(self.name, line, columns)

    def _value(self, column: str, text: str) -> Any:
        """Return a cell's value; raises ValueError in plain words."""
        kind = COLUMNS[column]
        if kind is str:
            return text
        if kind is bool:
            return _truth(text)
        if kind is int:
            if _WHOLE.fullmatch(text):
                return int(text)
            raise ValueError(
                _("{value}: a whole number is needed, in digits alone").format(value=shown(text))
            )
        if _DECIMAL.fullmatch(text):
            return float(text)
        if _COMMA.fullmatch(text):
            # Where semicolons part the cells, this is the decimal comma of an Indonesian spreadsheet.
            if self.semicolons:
                return float(text.replace(",", "."))
            raise ValueError(
                _("{value}: a decimal comma; write {plain}, with a point").format(
                    value=shown(text), plain=text.replace(",", ".")
                )
            )
        raise ValueError(_("{value}: a number is needed").format(value=shown(text)))


def _truth(text: str) -> bool:
    word = text.casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise ValueError(_("{value}: write true or false (ya or tidak)").format(value=shown(text)))


def _choose_from() -> str:
    return _("choose from {choices}").format(choices=", ".join(COLUMNS))
