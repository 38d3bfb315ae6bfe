"""Two ways of doing the same rehearsal, in words: each measure, and their paired difference."""

from __future__ import annotations

from collections.abc import Sequence

from kontijensi.experiment.side_by_side import Line
from kontijensi.report.table import Table, numbers_of, table, words_of
from kontijensi.vocabulary.words import _, number, percent, visible

_DIGITS = {"people": 1, "1": 4, "n": 1}
"""Decimals by what a measure is counted in."""


def rows(lines: Sequence[Line], first: str, second: str) -> list[tuple[str, str, str, str]]:
    """Return a heading and a row a measure: what it is, both means, and the difference with its interval."""
    table = [("", first, second, _("difference (95 %)"))]
    for line in lines:
        label, of = _(line.measure.label), line.measure.of
        label = label if of is None else f"{label} ({visible(of, 30)})"
        unit = line.measure.unit
        table.append((label, _amount(line.first, unit), _amount(line.second, unit), _difference(line)))
    return table


def regret_table(lines: Sequence[Line], replications: int) -> Table:
    """Show what was known beside what a perfect picture would have done, measure by measure."""
    heading, *body = rows(lines, _("as reported"), _("perfect picture"))
    note = _(
        "Means over {n} replications on the same seeds; the difference is the perfect picture less what was "
        "reported, with its 95 % interval."
    )
    columns = (*words_of(_("measure")), *numbers_of(*heading[1:]))
    return table(_("What the late and partial picture cost"), columns, body, note=note.format(n=replications))


def set_in_columns(table: Sequence[tuple[str, ...]]) -> list[str]:
    """Return rows as lines of text in columns; the first is set to the left, the others to the right."""
    widths = [max(len(row[i]) for row in table) for i in range(len(table[0]))]
    return [
        (
            f"  {row[0]:<{widths[0]}}  "
            + "  ".join(f"{cell:>{width}}" for cell, width in zip(row[1:], widths[1:], strict=True))
        ).rstrip()
        for row in table
    ]


def _amount(value: float | None, unit: str) -> str:
    if value is None:
        return _("not known")
    if unit in {"s", "min"}:
        return _("{n} min").format(n=number(value / 60 if unit == "s" else value, 1))
    return percent(value, 1) if unit == "share" else number(value, _DIGITS[unit])


def _difference(line: Line) -> str:
    found, unit = line.difference, line.measure.unit
    if found is None:
        return _("not known")
    scale = {"s": 1 / 60, "share": 100.0}.get(unit, 1.0)
    digits = max(_DIGITS.get(unit, 2), 2)
    text = ("+" if found.mean > 0 else "") + number(found.mean * scale, digits)
    return text if found.half_width is None else f"{text} ± {number(found.half_width * scale, digits)}"
