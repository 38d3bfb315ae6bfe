"""Lists in the formats of older offices: the binary .xls, and the .ods of free ones.

`old-office.xls` (5.6 kB) was written once with xlwt 1.3.0, which nothing else here needs: a title above the
headings, numbers beside texts with decimal commas, leading zeros as text, a row of totals, a second sheet.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from kontijensi.authoring.personnel import read_personnel
from kontijensi.authoring.sheets import open_sheet, sheets_of
from kontijensi.authoring.stations import read_stations
from kontijensi.scenario.problems import ScenarioError
from kontijensi.scenario.schema.force import Agency

XLS = Path(__file__).parent / "old-office.xls"
ROWS = [
    ["Kecamatan", "Desa", "No TPS", "DPT", "Latitude", "Longitude", "Kerawanan"],
    ["Wedi", "Gadungan", "001", 287, -7.7315, 110.5821, "aman"],
    ["Wedi", "Pandes", "001", 264, "-7,7401", "110,5877", "sangat rawan"],
]


def test_an_old_binary_workbook_is_read_like_a_new_one() -> None:
    found = read_stations(open_sheet(XLS, likely=("tps",)))
    assert found.problems == ()
    assert found.totals == 1
    assert {key: (place["lat"], place["lon"], place["voters"]) for key, place in found.places.items()} == {
        "tps-gadungan-001": (-7.7315, 110.5821, 287),
        "tps-gadungan-002": (-7.7342, 110.5809, 301),
        "tps-pandes-001": (-7.7401, 110.5877, 264),
    }
    assert [place["zone"] for place in found.places.values()] == ["hijau", "kuning", "merah"]


def test_its_second_sheet_holds_the_personnel() -> None:
    people = read_personnel(open_sheet(XLS, likely=("personel",)))
    assert people.problems == ()
    assert people.roll() == {Agency.POLICE: 120, Agency.LINMAS: 6}


def test_a_damaged_old_workbook_is_refused_in_plain_words() -> None:
    with pytest.raises(ScenarioError, match=r"daftar\.xls"):
        sheets_of(XLS.read_bytes()[:1500], "daftar.xls")


def open_document(rows: Sequence[Sequence[str | float]]) -> bytes:
    """Return one sheet as ODS, with what a reader needs and no more."""

    def cell(value: str | float) -> str:
        kind = "string" if isinstance(value, str) else "float"
        number = "" if isinstance(value, str) else f' office:value="{value}"'
        words = f"<text:p>{escape(str(value))}</text:p>"
        return f'<table:table-cell office:value-type="{kind}"{number}>{words}</table:table-cell>'

    body = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0"?><office:document-content {names}><office:body><office:spreadsheet>'
        f'<table:table table:name="TPS">{body}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content)
    return stream.getvalue()


def test_an_open_document_is_read_like_a_workbook() -> None:
    (sheet,) = sheets_of(open_document(ROWS), "daftar.ods")
    found = read_stations(sheet)
    assert found.problems == ()
    assert [(place["lat"], place["lon"]) for place in found.places.values()] == [
        (-7.7315, 110.5821),
        (-7.7401, 110.5877),
    ]
