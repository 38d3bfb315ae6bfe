"""Finding the columns of a sheet: titles above them, headings over two rows, many names for a thing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kontijensi.authoring.cells import text
from kontijensi.authoring.sheets import Sheet
from kontijensi.scenario.problems import did_you_mean

LOOK_DOWN = 40
"""Rows in which the heading is looked for."""
Synonyms = Mapping[str, Sequence[str]]
"""What each column may be called, in small letters with single spaces."""


@dataclass(frozen=True, slots=True)
class Headings:
    """Where the columns of a sheet are.

    `row` is the heading's last row and `columns` the position of each column by name, both from 0;
    `unused` are the headings that mean nothing here.
    """

    row: int
    columns: Mapping[str, int]
    unused: tuple[str, ...]


def find_headings(sheet: Sheet, synonyms: Synonyms, needed: int = 2) -> Headings | None:
    """Return the headings of a sheet: the first row with at least `needed` known columns; None without."""
    known = {word: name for name, words in synonyms.items() for word in (name, *words)}
    best: Headings | None = None
    for row in range(min(len(sheet.rows), LOOK_DOWN)):
        cells = [text(cell) for cell in sheet.rows[row]]
        for last, titles in _as_headings(sheet, row, cells):
            found = _matched(titles, known)
            if len(found) >= needed and (best is None or len(found) > len(best.columns)):
                unused = tuple(title for at, title in enumerate(titles) if title and at not in found.values())
                best = Headings(last, found, unused)
        # Headings that end in the next row may be the upper of two rows with more to say.
        if best is not None and best.row <= row:
            return best
    return best


def normal(title: str) -> str:
    """Return a heading as it is compared: small letters, no points, slashes and the like as spaces."""
    word = re.sub(r"\(.*?\)", " ", title.casefold()) if not title.startswith("(") else title.casefold()
    word = word.replace(".", "")
    return " ".join(re.sub(r"[^0-9a-z]+", " ", word).split())


def likely_column(title: str, synonyms: Synonyms) -> str | None:
    """Return the column that a mistyped heading may have meant, or None."""
    known = {word: name for name, words in synonyms.items() for word in (name, *words)}
    guess = did_you_mean(normal(title), known)
    return None if guess is None else known[guess]


def _as_headings(sheet: Sheet, row: int, cells: list[str]) -> Iterable[tuple[int, list[str]]]:
    """Yield a row as headings, and together with the row below as a heading over two rows."""
    yield row, cells
    if row + 1 >= len(sheet.rows):
        return
    below = [text(cell) for cell in sheet.rows[row + 1]]
    if not any(below) or any(re.search(r"[0-9]", cell) for cell in below):
        return
    width = max(len(cells), len(below))
    titles, group = [], ""
    for column in range(width):
        above = cells[column] if column < len(cells) else ""
        under = below[column] if column < len(below) else ""
        group = above or group
        titles.append(f"{group} {under}" if under else above)
    yield row + 1, [" ".join(title.split()) for title in titles]


def _matched(titles: Sequence[str], known: Mapping[str, str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for at, title in enumerate(titles):
        name = known.get(normal(title))
        if name is not None and name not in found:
            found[name] = at
    return found


def is_example(words: Sequence[str]) -> bool:
    """Tell whether a row shows how to fill in a form: it begins with `(example)` or `(contoh)`."""
    return next(filter(None, words), "").casefold() in {"(example)", "(contoh)"}


def is_numbering(cells: Sequence[str]) -> bool:
    """Tell whether a row below the heading only numbers the columns: 1, 2, 3 ... or (1), (2) ..."""
    words = [cell.strip("()") for cell in cells if cell]
    return len(words) >= 3 and words == [str(n) for n in range(1, len(words) + 1)]
