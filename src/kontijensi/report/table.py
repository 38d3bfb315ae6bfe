"""A table as a value: what a page, a terminal or an office document then sets in its own way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MOST_ROWS = 60
"""A longer table is cut here and says how many rows it leaves to the run's records."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, and whether it holds numbers."""

    heading: str
    numeric: bool = False
    term: str | None = None
    """The definition that explains the heading."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text under headings; the first cell names the row."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    left_off: int = 0
    note: str = ""


def words_of(*headings: str) -> tuple[Column, ...]:
    """Return columns of words."""
    return tuple(Column(heading) for heading in headings)


def numbers_of(*headings: str) -> tuple[Column, ...]:
    """Return columns of numbers."""
    return tuple(Column(heading, numeric=True) for heading in headings)


def table(
    caption: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[str]],
    *,
    most: int = MOST_ROWS,
    note: str = "",
) -> Table:
    """Return a table of at most so many rows.

    Raises ValueError when a row has another number of cells than there are columns.
    """
    lines = [tuple(row) for row in rows]
    for line in lines:
        if len(line) != len(columns):
            raise ValueError(f"{caption}: {len(line)} cells under {len(columns)} columns: {line}")
    return Table(caption, tuple(columns), tuple(lines[:most]), max(0, len(lines) - most), note)
