"""Lists of personnel and guard patterns: the roll by agency, and what a pattern asks of it."""

from __future__ import annotations

from kontijensi.authoring.patterns import PATTERNS, Demand, demand
from kontijensi.authoring.personnel import Line, Personnel, read_personnel
from kontijensi.authoring.sheets import sheets_of
from kontijensi.scenario.schema.area import Place, PlaceKind
from kontijensi.scenario.schema.force import Agency
from tests.authoring.workbooks import workbook


def personnel(*rows: list) -> Personnel:
    (sheet,) = sheets_of(workbook({"Personel": rows}), "personel.xlsx")
    return read_personnel(sheet)


def test_a_row_a_group_gives_the_roll_and_who_stands_where() -> None:
    found = personnel(
        ["NO", "INSTANSI", "PENEMPATAN", "FUNGSI", "JUMLAH"],
        [1, "Polres", "Mapolres", "Dalmas", 39],
        [2, "Polsek Wedi", "Wedi", "Patroli", 12],
        [3, "Kodim 0723", "Makodim", "", 100],
        [4, "Satpol PP", "", "", 30],
        ["", "JUMLAH", "", "", 181],
    )
    assert found.problems == ()
    assert found.lines[0] == Line(Agency.POLICE, "Mapolres", "Dalmas", 39)
    assert found.roll() == {Agency.POLICE: 51, Agency.TNI: 100, Agency.SATPOL_PP: 30}


def test_a_row_a_person_is_counted_and_names_are_not_read() -> None:
    found = personnel(
        ["Nama", "NRP", "Kesatuan"],
        ["Seseorang", 1, "Polri"],
        ["Orang lain", 2, "Polri"],
        ["Lagi", 3, "Linmas"],
    )
    assert found.roll() == {Agency.POLICE: 2, Agency.LINMAS: 1}
    assert "Seseorang" not in repr(found)


def test_unknown_agencies_and_counts_are_told_by_cell() -> None:
    found = personnel(["Instansi", "Jumlah"], ["Linms", 20], ["Polri", "dua puluh"])
    assert [(problem.path, problem.fix) for problem in found.problems] == [
        (("Personel!A2",), "Did you mean 'linmas'?"),
        (("Personel!B3",), None),
    ]


def test_a_list_without_agencies_is_refused() -> None:
    (problem,) = personnel(["Jumlah"], [20]).problems
    assert problem.message == "no column names the agencies"


def test_a_pattern_is_counted_by_groups_of_stations_against_the_roll() -> None:
    places = [Place(kind=PlaceKind.TPS, zone="hijau")] * 5 + [Place(kind=PlaceKind.TPS, zone="merah")]
    found = demand(places, PATTERNS["regional-2024"], {Agency.POLICE: 5})
    # Two groups of four at two police and eight Linmas, one station at two and two.
    assert found == [Demand(Agency.POLICE, 6, 5), Demand(Agency.LINMAS, 18, None)]
    assert [each.short for each in found] == [1, 0]


def test_the_klaten_pattern_asks_for_what_its_plan_had() -> None:
    zones = ["hijau"] * 63 + ["kuning"] * 3 + ["merah"]
    found = demand(
        [Place(kind=PlaceKind.TPS, zone=zone) for zone in zones], PATTERNS["village-heads-2023"], {}
    )
    assert {each.agency: each.asked for each in found} == {
        Agency.POLICE: 215, Agency.TNI: 68, Agency.LINMAS: 134,
    }  # fmt: skip
