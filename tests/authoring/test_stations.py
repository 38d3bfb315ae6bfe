"""Lists of polling stations: whatever headings, decimals and totals offices use, and errors by cell."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from kontijensi.authoring.sheets import sheets_of
from kontijensi.authoring.stations import Centre, Stations, read_centres, read_stations
from kontijensi.scenario.problems import ScenarioError
from tests.authoring.workbooks import workbook

HEADING = [
    "Kecamatan",
    "Desa/Kelurahan",
    "No. TPS",
    "Jumlah DPT",
    "Latitude",
    "Longitude",
    "Tingkat Kerawanan",
]
FIRST = ["Wedi", "Pacing", "001", 280, -7.7852, 110.6075, "Rawan"]


def stations(*rows: list, sheet: str = "TPS", **options) -> Stations:
    (only,) = sheets_of(workbook({sheet: rows}), "daftar.xlsx")
    return read_stations(only, **options)


def said(found: Stations) -> list[str]:
    return [str(problem) for problem in found.problems]


def test_a_plain_list_becomes_places() -> None:
    found = stations(HEADING, FIRST)
    assert found.problems == ()
    assert found.places == {
        "tps-pacing-001": {
            "kind": "tps", "tps": 1, "district": "Wedi", "village": "pacing", "name": "TPS 001 Pacing",
            "lat": -7.7852, "lon": 110.6075, "voters": 280, "zone": "kuning",
        }
    }  # fmt: skip


def test_a_district_is_one_however_its_capitals_are_typed() -> None:
    found = stations(HEADING, FIRST, ["WEDI", "Pacing", "2", 300, -7.78, 110.61, "aman"])
    assert {place["district"] for place in found.places.values()} == {"Wedi"}


def test_leading_zeros_stay_and_numbers_are_padded_so_that_ids_sort() -> None:
    found = stations(HEADING, FIRST, ["Wedi", "Pacing", 2, 300, -7.78, 110.61, "aman"])
    assert list(found.places) == ["tps-pacing-001", "tps-pacing-002"]


@pytest.mark.parametrize(
    "above", [[], ["KABUPATEN CONTOH"], ["", "", "Tahun 2024"]], ids=["blank", "title", "aside"]
)
def test_headings_over_two_rows_are_found_below_whatever_stands_above(above: list) -> None:
    found = stations(
        ["DAFTAR TPS"],
        above,
        ["No", "Kecamatan", "Desa", "No. TPS", "Jumlah Pemilih", "", "", "Koordinat", "", "Kerawanan"],
        ["", "", "", "", "L", "P", "Jumlah", "Lintang", "Bujur", ""],
        [1, "Wedi", "Pacing", "001", 140, 140, 280, "-7,7852", "110,6075", "Rawan"],
    )
    assert said(found) == []
    place = found.places["tps-pacing-001"]
    assert (place["lat"], place["lon"], place["voters"]) == (-7.7852, 110.6075, 280)


def test_ids_name_the_district_for_namesakes_only_however_the_cells_are_merged() -> None:
    rows = [
        ["Wedi", "Pacing", "001"],
        ["", "", "002"],
        ["WEDI", "Kalitengah", "001"],
        ["Trucuk", "Jatipuro", "001"],
        ["", "Kalitengah", "001"],
    ]
    found = stations(HEADING, *([*row, 280, -7.78, 110.6, "aman"] for row in rows))
    assert list(found.places) == [
        "tps-pacing-001",
        "tps-pacing-002",
        "tps-wedi-kalitengah-001",
        "tps-jatipuro-001",
        "tps-trucuk-kalitengah-001",
    ]


def test_titles_above_the_heading_numbering_below_it_and_totals_between_rows_are_passed_over() -> None:
    found = stations(
        ["DAFTAR TPS KABUPATEN CONTOH"],
        [],
        HEADING,
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)"],
        FIRST,
        ["JUMLAH WEDI", "", "", 280, "", "", ""],
        [],
    )
    assert said(found) == []
    assert (len(found.places), found.totals) == (1, 1)


@pytest.mark.parametrize(
    "total",
    [["Jumlah", "", 10, 2545], ["", "TOTAL KECAMATAN", 14, 3000], ["Sub Total", "", "24", 5545]],
)
def test_a_total_that_counts_its_stations_is_no_station(total: list[Any]) -> None:
    row = ["Wedi", "Pacing", "1", 280, -7.7852, 110.6075, "aman"]
    found = stations(HEADING, row, total)
    assert said(found) == []
    assert (len(found.places), found.totals) == (1, 1)


def test_a_village_whose_name_begins_with_total_keeps_its_station() -> None:
    found = stations(HEADING, ["", "Total Indah", "1", 280, -7.7852, 110.6075, "aman"])
    assert (list(found.places), found.totals) == (["tps-total-indah-001"], 0)


def test_a_list_without_numbers_has_one_problem_and_not_one_for_each_row() -> None:
    rows = [["Wedi", "Pacing", 280 + n, -7.7852, 110.6075] for n in range(9)]
    (problem,) = said(stations(["Kecamatan", "Desa", "DPT", "Lintang", "Bujur"], *rows))
    assert problem.endswith("no column numbers or names the stations")


def test_coordinates_in_a_message_are_not_longer_than_they_are_kept() -> None:
    (problem,) = said(stations(HEADING, ["Wedi", "Pacing", "1", 280, 110.1 + 0.2, -7.6 - 0.002 * 3, "aman"]))
    assert problem.endswith("latitude 110.3 and longitude -7.606 seem swapped")


def test_a_heading_over_two_rows_is_read_as_one() -> None:
    found = stations(
        ["Kecamatan", "Desa", "No TPS", "Jumlah Pemilih", "", "", "Koordinat"],
        ["", "", "", "L", "P", "Jumlah", ""],
        ["Wedi", "Pacing", "1", 140, 145, 285, "-7,7852; 110,6075"],
        ["", "", "2", 100, 101, 201, "-7.7853, 110.6080"],
    )
    assert said(found) == []
    first, second = found.places.values()
    assert (first["voters"], first["lat"], first["lon"]) == (285, -7.7852, 110.6075)
    assert (second["district"], second["village"], second["lon"]) == ("Wedi", "pacing", 110.608)


def test_decimal_commas_degrees_and_thousands_are_read_as_meant() -> None:
    found = stations(
        HEADING,
        ["Wedi", "Pacing", "1", "1.847", "-7,7852", "110,6075", "kuning"],
        ["Wedi", "Pacing", "2", "300", "7°47'6.7\" LS", "110°36'27\" BT", "kuning"],
    )
    assert said(found) == []
    first, second = found.places.values()
    assert (first["voters"], first["lat"]) == (1847, -7.7852)
    assert second["lat"] == pytest.approx(-7.785194, abs=1e-5)


def test_swapped_coordinates_are_named_by_cell_and_mended_when_asked() -> None:
    row = ["Wedi", "Pacing", "1", 280, 110.6075, -7.7852, "aman"]
    (problem,) = said(stations(HEADING, row))
    assert problem == ("daftar.xlsx:2:5: TPS!E2: latitude 110.6075 and longitude -7.7852 seem swapped")
    assert stations(HEADING, row, swapped=True).places["tps-pacing-001"]["lat"] == -7.7852


def test_a_lost_decimal_point_is_guessed_in_the_advice() -> None:
    (problem,) = stations(HEADING, ["Wedi", "Pacing", "1", 280, -77852, 110.6075, "aman"]).problems
    assert problem.path == ("TPS!E2",)
    assert problem.fix == "A decimal point seems lost: was -7.7852 meant?"


def test_every_problem_is_told_at_once_by_its_cell() -> None:
    found = stations(
        HEADING,
        ["Wedi", "Pacing", "1", "banyak", -7.78, 110.6, "aman"],
        ["Wedi", "Pacing", "2", 1.847, -7.78, 110.6, "aman"],
        ["Wedi", "Pacing", "3", 100, "", 110.6, "aman"],
        ["Wedi", "Pacing", "4", 100, "selatan", 110.6, "aman"],
        ["Wedi", "Pacing", "5", 100, -7.78, 110.6, "gawat"],
        ["Wedi", "Pacing", "5", 100, -7.78, 110.6, "aman"],
        ["Wedi", "Pacing", "6", -4, -7.78, 110.6, "aman"],
    )
    assert [problem.path[0] for problem in found.problems] == [
        "TPS!D2", "TPS!D3", "TPS!E4", "TPS!E5", "TPS!G6", "TPS!C7", "TPS!D8",
    ]  # fmt: skip
    assert "was 1847 meant?" in found.problems[1].message
    found = stations(HEADING, FIRST, FIRST)
    assert [problem.path[0] for problem in found.problems] == ["TPS!C3"]


def test_voters_that_do_not_add_up_are_a_warning() -> None:
    heading = ["Desa", "No TPS", "L", "P", "DPT", "Lat", "Long"]
    (problem,) = stations(heading, ["Pacing", "1", 140, 145, 290, -7.78, 110.6]).problems
    assert (problem.severity.value, problem.message) == (
        "warning",
        "290 voters, but 140 men and 145 women are 285",
    )


def test_namesakes_in_two_districts_get_the_district_in_their_id() -> None:
    found = stations(HEADING, FIRST, ["Cawas", "Pacing", "001", 250, -7.75, 110.7, "aman"])
    assert list(found.places) == ["tps-wedi-pacing-001", "tps-cawas-pacing-001"]


def test_a_list_without_positions_is_laid_out_around_village_centres_and_says_so() -> None:
    heading = ["Kode Desa", "Desa", "No TPS", "DPT"]
    rows = [["3310032003", "Pacing", str(n), 200] for n in range(1, 6)]
    refused = stations(heading, *rows)
    assert "no columns hold the stations' positions" in said(refused)[0]
    found = stations(heading, *rows, centres={"33.10.03.2003": Centre(-7.7852, 110.6075)})
    assert said(found) == []
    spots = {(place["lat"], place["lon"]) for place in found.places.values()}
    assert len(spots) == 5
    assert found.places["tps-pacing-001"]["lat"] == -7.7852
    assert found.assumed["around_centre"] == 5
    assert {place["village"] for place in found.places.values()} == {"33.10.03.2003"}


def test_centres_come_from_a_list_of_their_own() -> None:
    text = "kode;nama;lat;lon\n33.10.03.2003;Pacing;-7,7852;110,6075\n"
    (sheet,) = sheets_of(text.encode("cp1252"), "desa.csv")
    centres = read_centres(sheet)
    assert centres["33.10.03.2003"] == centres["pacing"] == Centre(-7.7852, 110.6075)
    (wrong,) = sheets_of(b"a,b\n1,2\n", "desa.csv")
    with pytest.raises(ScenarioError, match="no list of village centres"):
        read_centres(wrong)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_text_tables_in_any_usual_encoding_and_separator(encoding: str, separator: str) -> None:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=separator)
    writer.writerows([HEADING, ["Wedi", "Pacing é", "1", "280", "-7.7852", "110.6075", "aman"]])
    (sheet,) = sheets_of(stream.getvalue().encode(encoding), "tps.csv")
    found = read_stations(sheet)
    assert said(found) == []
    assert found.places["tps-pacing-e-001"]["name"] == "TPS 001 Pacing é"


def test_a_sheet_without_headings_says_what_a_heading_looks_like() -> None:
    (problem,) = stations(["a", "b"], [1, 2]).problems
    assert problem.message == "no row of headings was found"
    (problem,) = stations(["Kecamatn", "x"], ["Wedi", 2]).problems
    assert problem.fix == "TPS!A1 holds 'Kecamatn': was 'kecamatan' meant?"


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"not a workbook", "tps.xlsx", "this is no workbook that can be read$"),
        (b"PK\x03\x04 cut", "tps.xlsx", "the workbook is damaged"),
        (b"\x00\x01\x02", "tps.csv", "this is no text"),
    ],
)
def test_what_cannot_be_read_is_refused_in_plain_words(content: bytes, name: str, message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        sheets_of(content, name)


def test_five_hundred_stations_are_read_whole() -> None:
    rows = [["Wedi", f"Desa {n // 10}", n % 10 + 1, 200 + n, -7.7 - n * 1e-4, 110.6 + n * 1e-4, "rawan"]
            for n in range(500)]  # fmt: skip
    found = stations(HEADING, *rows)
    assert said(found) == []
    assert len(found.places) == 500
    assert sum(place["voters"] for place in found.places.values()) == sum(200 + n for n in range(500))
