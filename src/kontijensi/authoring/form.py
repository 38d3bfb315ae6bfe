"""A form to fill in: sheets for stations, personnel and events, with headings, an example and choices.

What is filled in reads back through the readers of any office's own lists, events through `msel import`.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kontijensi.authoring.msel import DETAILS, DO, EFFECTS, EVENTS, ID, ORDER
from kontijensi.authoring.personnel import AGENCIES
from kontijensi.authoring.sheets import blank_workbook
from kontijensi.authoring.stations import LATITUDES, LONGITUDES, ZONES
from kontijensi.scenario import shape
from kontijensi.scenario.schema.storyline import Trigger
from kontijensi.vocabulary.words import _

ROWS = 5000
"""Rows below the heading in which choices can be picked."""
STATIONS, PERSONNEL = "TPS", "Personel"
"""Names of the first two sheets, by which the readers find them."""
WHOLE = {"validate": "integer", "criteria": ">=", "value": 0}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a form: its heading, its example, what it is for, and what may be put in."""

    title: str
    example: str
    about: str
    rule: Mapping[str, Any] | None = None


def form_workbook() -> bytes:
    """Return the form as an XLSX workbook, in the language spoken now (needs the extra `office`).

    Raises ScenarioError when the extra is not installed.
    """
    stream = io.BytesIO()
    book = blank_workbook(stream, _("form"))
    formats = {
        "heading": book.add_format({"bold": True, "text_wrap": True, "bottom": 1, "bg_color": "#e8eef4"}),
        "example": book.add_format({"italic": True, "font_color": "#777777", "num_format": "@"}),
        "text": book.add_format({"num_format": "@"}),
    }
    for name, columns in (
        (STATIONS, _stations()),
        (PERSONNEL, _personnel()),
        (EVENTS, _events()),
        (EFFECTS, _effects()),
    ):
        _sheet(book.add_worksheet(name), columns, formats)
    book.close()
    return stream.getvalue()


def _stations() -> Sequence[Column]:
    example = _("(example)")
    return (
        Column(_("No"), example, _("This row is an example and is passed over; so is this column.")),
        Column(
            _("District"), "Wedi", _("District (kecamatan); may stand in the first row of its stations only.")
        ),
        Column(_("Village"), "Pacing", _("Village or ward: tension is kept per village.")),
        Column(_("TPS no."), "001", _("Number of the station in its village; zeros in front stay.")),
        Column(_("Voters"), "287", _("People on the voters' list."), WHOLE),
        Column(_("Latitude"), "-7.7852", _("In degrees, south negative."), _between(LATITUDES)),
        Column(_("Longitude"), "110.6075", _("In degrees, east positive."), _between(LONGITUDES)),
        Column(
            _("Zone"),
            "hijau",
            _("How vulnerable: green, yellow or red; green when left empty."),
            _one_of(ZONES),
        ),
        Column(
            _("Signal"),
            _("yes"),
            _("Whether telephones work there; yes when left empty."),
            _one_of((_("yes"), _("no"))),
        ),
    )


def _personnel() -> Sequence[Column]:
    agencies = [names[0] for names in AGENCIES.values()]
    return (
        Column(_("No"), _("(example)"), _("This row is an example and is passed over; so is this column.")),
        Column(_("Agency"), agencies[0], _("Whose people they are. No names of persons."), _one_of(agencies)),
        Column(_("Base"), "Polsek Wedi", _("Where they are based.")),
        Column(_("Duty"), "Patroli", _("What they do.")),
        Column(_("People"), "24", _("How many."), WHOLE),
    )


def _events() -> Sequence[Column]:
    written = _("As in the scenario, for example: {example}")

    def column(name: str, example: str, rule: Mapping[str, Any] | None = None) -> Column:
        return Column(name, example, written.format(example=example), rule)

    return (
        Column(ID, _("(example)"), _("A short name of your own; this row is an example and is passed over.")),
        column("name", _("A witness objects and people gather")),
        column("at", '["2029-02-14 14:00"]'),
        column("rate", "1 per 4 h"),
        column("when", "crowd_active > 50"),
        column("after", "protes"),
        column("delay", "30 min"),
        column("places", "{kinds: [tps]}"),
        column("phases", "[penghitungan]"),
        column("probability", "0.5"),
        column("weigh_by", "zone", _one_of(shape.choices(Trigger.model_fields["weigh_by"].annotation))),
        column("exposed_only", "true", _one_of(["true", "false"])),
    )


def _effects() -> Sequence[Column]:
    effects = shape.members(shape.parts(Trigger.model_fields["effects"].annotation)[-1])
    return (
        Column(
            ID, _("(example)"), _("The trigger in the sheet {sheet} that it belongs to.").format(sheet=EVENTS)
        ),
        Column(ORDER, "1", _("Its order among the effects of its trigger."), WHOLE),
        Column(DO, "gather_crowd", _("What happens."), _one_of(list(effects))),
        Column(DETAILS, "{size: 60, stays: 2 h}", _("The rest of it, as in the scenario.")),
    )


def _one_of(choices: Sequence[str] | Mapping[str, Any]) -> dict[str, Any]:
    return {"validate": "list", "source": list(choices), "error_type": "warning"}


def _between(bounds: tuple[float, float]) -> dict[str, Any]:
    return {"validate": "decimal", "criteria": "between", "minimum": bounds[0], "maximum": bounds[1]}


def _sheet(sheet: Any, columns: Sequence[Column], formats: Mapping[str, Any]) -> None:
    for at, column in enumerate(columns):
        width = min(max(len(column.title), len(column.example), 8) + 2, 40)
        # As text, so that zeros in front and dates stay as typed; numbers must be numbers for their rule.
        is_number = column.rule is not None and column.rule["validate"] != "list"
        sheet.set_column(at, at, width, None if is_number else formats["text"])
        sheet.write_string(0, at, column.title, formats["heading"])
        sheet.write_comment(0, at, column.about)
        sheet.write_string(1, at, column.example, formats["example"])
        if column.rule is not None:
            sheet.data_validation(2, at, ROWS, at, {**column.rule, "input_message": column.about[:255]})
    sheet.freeze_panes(1, 0)
