"""The form of `new --form`: what is filled in reads back, examples are passed over, choices understood."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from xml.etree import ElementTree as ET

import pytest
from python_calamine import CalamineWorkbook

from kontijensi.authoring.form import form_workbook
from kontijensi.authoring.msel import read_events
from kontijensi.authoring.personnel import read_personnel
from kontijensi.authoring.sheets import Sheet, sheets_of
from kontijensi.authoring.stations import read_stations
from kontijensi.scenario.schema.force import Agency
from kontijensi.vocabulary.words import use_language
from tests.authoring.workbooks import workbook

FILLED = {
    "TPS": [["1", "Wedi", "Pacing", "001", 287, -7.7852, 110.6075, "merah", "ya"],
            ["2", "", "", "002", 301, -7.7861, 110.6081, "", "tidak"]],
    "Personel": [["1", "polri", "Polsek Wedi", "Patroli", 24], ["2", "linmas", "", "Pam TPS", 4]],
    "MSEL": [["keberatan", "Saksi keberatan", "", "1 per 4 h", "", "", "", "{kinds: [tps]}", "[penghitungan]",
              "0.5", "zone"]],
    "Efek": [["keberatan", "1", "gather_crowd", "{size: 60, stays: 2 h}"]],
}  # fmt: skip


def filled(rows: dict[str, Sequence[Sequence]] = FILLED) -> dict[str, Sheet]:
    """Return the form with rows below its examples, as a planner saves it."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(form_workbook()))
    sheets = {
        name: [*book.get_sheet_by_name(name).to_python(), *rows.get(name, ())] for name in book.sheet_names
    }
    return {str(sheet.name): sheet for sheet in sheets_of(workbook(sheets), "isian.xlsx")}


@pytest.mark.parametrize("language", ["id", "en"])
def test_what_is_filled_in_reads_back(language: str) -> None:
    with use_language(language):
        sheets = filled()
        stations, people = read_stations(sheets["TPS"]), read_personnel(sheets["Personel"])
        events = read_events(sheets.values())
    assert stations.problems == people.problems == events.problems == ()
    assert stations.places == {
        "tps-pacing-001": {
            "kind": "tps", "tps": 1, "district": "Wedi", "village": "pacing", "name": "TPS 001 Pacing",
            "lat": -7.7852, "lon": 110.6075, "voters": 287, "zone": "merah",
        },
        "tps-pacing-002": {
            "kind": "tps", "tps": 1, "district": "Wedi", "village": "pacing", "name": "TPS 002 Pacing",
            "lat": -7.7861, "lon": 110.6081, "voters": 301, "zone": "hijau", "signal": False,
        },
    }  # fmt: skip
    assert people.roll() == {Agency.POLICE: 24, Agency.LINMAS: 4}
    assert [(line.base, line.duty) for line in people.lines] == [
        ("Polsek Wedi", "Patroli"),
        (None, "Pam TPS"),
    ]
    assert events.triggers == {
        "keberatan": {
            "name": "Saksi keberatan", "rate": "1 per 4 h", "places": {"kinds": ["tps"]},
            "phases": ["penghitungan"], "probability": 0.5, "weigh_by": "zone",
            "effects": [{"do": "gather_crowd", "size": 60, "stays": "2 h"}],
        }
    }  # fmt: skip


@pytest.mark.parametrize("language", ["id", "en"])
def test_an_empty_form_holds_nobody_and_nothing(language: str) -> None:
    with use_language(language):
        sheets = filled({})
        assert read_stations(sheets["TPS"]).places == {}
        assert read_personnel(sheets["Personel"]).lines == ()
        assert read_events(sheets.values()).triggers == {}


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_examples_themselves_would_be_read(language: str) -> None:
    with use_language(language):
        examples = {name: [["1", *sheet.rows[1][1:]]] for name, sheet in filled({}).items()}
        sheets = filled({name: examples[name] for name in ("TPS", "Personel")})
        assert read_stations(sheets["TPS"]).problems == ()
        assert len(read_stations(sheets["TPS"]).places) == 1
        assert read_personnel(sheets["Personel"]).roll() == {Agency.POLICE: 24}


def choices(book: bytes, sheet: int) -> set[str]:
    """Return everything that one sheet's cells offer to pick from."""
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        root = ET.fromstring(archive.read(f"xl/worksheets/sheet{sheet}.xml"))
    found = root.iter("{http://schemas.openxmlformats.org/spreadsheetml/2006/main}formula1")
    return {
        word
        for each in found
        if (each.text or "").startswith('"')
        for word in str(each.text).strip('"').split(",")
    }


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_choice_offered_is_understood(language: str) -> None:
    with use_language(language):
        book = form_workbook()
        zones = choices(book, 1) - {"ya", "tidak", "yes", "no"}
        rows = [
            [str(n), "Wedi", "Pacing", str(n), 300, -7.78, 110.6, zone]
            for n, zone in enumerate(sorted(zones), 1)
        ]
        found = read_stations(filled({"TPS": rows})["TPS"])
        assert found.problems == ()
        assert {place["zone"] for place in found.places.values()} == {"hijau", "kuning", "merah"}
        agencies = [[str(n), agency, "", "", 1] for n, agency in enumerate(sorted(choices(book, 2)), 1)]
        assert set(read_personnel(filled({"Personel": agencies})["Personel"]).roll()) == set(Agency)
    assert {"gather_crowd", "end"} <= choices(book, 4)
    assert {"zone", "tension", "true"} <= choices(book, 3)


def test_choices_can_be_picked_below_the_example_only() -> None:
    with zipfile.ZipFile(io.BytesIO(form_workbook())) as archive:
        text = archive.read("xl/worksheets/sheet1.xml").decode()
    assert 'sqref="H3:H5001"' in text
