"""From a planner's spreadsheets to a report, the events list there and back, and bundles."""

from __future__ import annotations

import json
from pathlib import Path

from python_calamine import CalamineWorkbook

from tests.authoring.workbooks import workbook
from tests.cli.conftest import Program

HEADING = ["Kecamatan", "Desa", "No TPS", "DPT", "Latitude", "Longitude", "Kerawanan"]


def lists(folder: Path, *, stations: int = 24, police: int = 160) -> None:
    rows = [
        [f"Kec {n % 3}", f"Desa {n % 8}", f"{n + 1:03d}", 250 + n, -7.70 - n / 500, f"110,6{n:02d}",
         ["aman", "rawan", "sangat rawan"][n % 3]]
        for n in range(stations)
    ]  # fmt: skip
    (folder / "tps.xlsx").write_bytes(workbook({"Daftar TPS": [HEADING, *rows]}))
    personnel = [["Instansi", "Jumlah"], ["Polres", police], ["Linmas", 100], ["Kodim", 40]]
    (folder / "personel.xlsx").write_bytes(workbook({"Personel": personnel}))


def test_from_spreadsheets_to_a_report_in_four_commands(program: Program, folder: Path) -> None:
    lists(folder)
    preview = program("new", "--tps", "tps.xlsx", "--personnel", "personel.xlsx", "--preview", "--lang", "en")
    assert preview.code == 0, preview.err
    assert "24 stations, 3 districts, 8 villages, 6,276 voters" in preview.out
    assert "police: 28 of 160 on the roll" in preview.out
    assert preview.out.endswith("Nothing was written: this is a preview.\n")
    assert not list(folder.glob("kota*"))
    made = program("new", "kota.yaml", "--tps", "tps.xlsx", "--personnel", "personel.xlsx", "--lang", "en")
    assert made.code == 0, made.err
    assert (folder / "kota" / "tps.csv").read_text(encoding="utf-8").count("\n") == 25
    checked = program("check", "kota.yaml", "--json", "--lang", "en")
    assert checked.code == 0, checked.out
    assert json.loads(checked.out)["errors"] == 0
    assert program("run", "kota.yaml", "--quiet", "--lang", "en").code == 0
    assert (folder / "runs" / "kota-s1-r0" / "report.html").is_file()


def test_a_form_is_filled_in_and_becomes_a_scenario(program: Program, folder: Path) -> None:
    said = program("new", "isian.xlsx", "--form", "--lang", "en")
    assert (said.code, said.out) == (
        0,
        "Written: isian.xlsx\n"
        "Fill it in, then: kontijensi new kota.yaml --tps isian.xlsx --personnel isian.xlsx\n",
    )
    book = CalamineWorkbook.from_path(folder / "isian.xlsx")
    sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    sheets["TPS"] += [
        [str(n), "Wedi", "Pacing", f"{n:03d}", 300, -7.7 - n / 900, 110.6, ""] for n in range(1, 9)
    ]
    sheets["Personel"] += [["1", "polri", "Polres", "", 200], ["2", "linmas", "", "", 20]]
    sheets["MSEL"].append(["keberatan", "Saksi keberatan", "", "1 per 4 h"])
    sheets["Efek"].append(["keberatan", "1", "gather_crowd", "{size: 60, stays: 2 h}"])
    (folder / "isian.xlsx").write_bytes(workbook(sheets))
    made = program("new", "kota.yaml", "--tps", "isian.xlsx", "--personnel", "isian.xlsx", "--lang", "en")
    assert made.code == 0, made.err
    taken = program("msel", "import", "kota.yaml", "isian.xlsx", "--lang", "en")
    assert taken.code == 0, taken.err
    assert program("check", "kota.yaml", "--lang", "en").code == 0
    assert "keberatan:" in (folder / "kota.yaml").read_text(encoding="utf-8")


def test_a_form_is_a_workbook_and_overwrites_nothing(program: Program, folder: Path) -> None:
    wrong = program("new", "isian.txt", "--form", "--lang", "en")
    assert (wrong.code, "name a workbook" in wrong.err) == (2, True)
    assert program("new", "--form", "--lang", "en").code == 2
    (folder / "isian.xlsx").write_text("precious", encoding="utf-8")
    assert program("new", "isian.xlsx", "--form", "--lang", "id").code == 1
    assert (folder / "isian.xlsx").read_text(encoding="utf-8") == "precious"


def test_problems_of_a_list_name_the_cell_and_nothing_is_written(program: Program, folder: Path) -> None:
    rows = [HEADING, ["Kota", "Sumber", "1", "banyak", 110.6, -7.7, "rawan"]]
    (folder / "tps.xlsx").write_bytes(workbook({"TPS": rows}))
    said = program("new", "kota.yaml", "--tps", "tps.xlsx", "--lang", "en")
    assert said.code == 3
    assert "TPS!D2: 'banyak': a whole number is needed" in said.err
    assert "TPS!E2: latitude 110.6 and longitude -7.7 seem swapped" in said.err
    assert not (folder / "kota.yaml").exists()
    assert "tampaknya tertukar" in program("new", "kota.yaml", "--tps", "tps.xlsx", "--lang", "id").err


def test_too_few_on_the_roll_show_in_the_preview(program: Program, folder: Path) -> None:
    lists(folder, police=20)
    said = program("new", "--tps", "tps.xlsx", "--personnel", "personel.xlsx", "--preview", "--lang", "en")
    assert "police: 28 of 20 on the roll (8 too few: choose another pattern, or post fewer)" in said.out


def test_wrong_usage_is_told(program: Program, folder: Path) -> None:
    lists(folder)
    for arguments, message in (
        (("new", "x.yaml", "--size", "planet"), "--size 'planet': choose from"),
        (("new", "x.yaml", "--date", "besok"), "--date 'besok': write the day as"),
        (("new", "x.yaml", "--preview"), "--preview: goes with --tps"),
        (("new", "x.yaml", "--tps", "tps.xlsx", "--pattern", "regional"), "did you mean 'regional-2024'?"),
        (("new", "--tps", "tps.xlsx"), "say which file to write"),
    ):
        said = program(*arguments, "--lang", "en")
        assert said.code == 2, arguments
        assert message in said.err, said.err
    missing = program("new", "x.yaml", "--tps", "nowhere.xlsx", "--lang", "en")
    assert (missing.code, "no such file" in missing.err) == (3, True)


def test_a_draft_is_written_whole_or_not_at_all(program: Program, folder: Path) -> None:
    lists(folder)
    (folder / "kota").mkdir()
    (folder / "kota" / "tps.csv").write_text("precious", encoding="utf-8")
    said = program("new", "kota.yaml", "--tps", "tps.xlsx", "--lang", "en")
    assert said.code == 1
    assert not (folder / "kota.yaml").exists()
    assert (folder / "kota" / "tps.csv").read_text(encoding="utf-8") == "precious"


def test_the_events_list_goes_out_and_comes_back(program: Program, folder: Path) -> None:
    assert program("new", "mine.yaml", "--lang", "en").code == 0
    before = (folder / "mine.yaml").read_text(encoding="utf-8")
    assert program("msel", "export", "mine.yaml", "-o", "msel.xlsx", "--lang", "en").code == 0
    same = program("msel", "import", "mine.yaml", "msel.xlsx", "--lang", "en")
    assert same.out == "The list holds what the scenario holds: nothing to change.\n"
    assert (folder / "mine.yaml").read_text(encoding="utf-8") == before


def test_an_events_list_that_would_break_the_scenario_is_refused(program: Program, folder: Path) -> None:
    assert program("new", "mine.yaml", "--lang", "en").code == 0
    before = (folder / "mine.yaml").read_text(encoding="utf-8")
    for name, call in (("good.xlsx", "medis"), ("bad.xlsx", "medsi")):
        sheets = {
            "MSEL": [["id", "rate", "phases"], ["a", "1/h", "[penghitungan]"]],
            "Efek": [["id", "no", "do", "details"], ["a", 1, "call", f"{{call: {call}}}"]],
        }
        (folder / name).write_bytes(workbook(sheets))
    said = program("msel", "import", "mine.yaml", "bad.xlsx", "--lang", "en")
    assert said.code == 3
    assert "did you mean 'medis'?" in said.err
    assert (folder / "mine.yaml").read_text(encoding="utf-8") == before
    shown = program("msel", "import", "mine.yaml", "good.xlsx", "--preview", "--lang", "en")
    assert "new: 'a'\ngone: " in shown.out
    assert (folder / "mine.yaml").read_text(encoding="utf-8") == before
    assert program("msel", "import", "mine.yaml", "good.xlsx", "--lang", "en").code == 0
    assert program("check", "mine.yaml", "--lang", "en").code == 0


def test_a_bundle_runs_like_the_scenario(program: Program, folder: Path) -> None:
    lists(folder)
    assert program("new", "kota.yaml", "--tps", "tps.xlsx", "--lang", "en").code == 0
    said = program("bundle", "kota.yaml", "--lang", "en")
    assert said.out == "Written: kota.kontijensi.zip\nIt holds: kota.yaml, kota/tps.csv\n"
    for path in (folder / "kota" / "tps.csv", folder / "kota.yaml"):
        path.unlink()
    assert program("check", "kota.kontijensi.zip", "--lang", "en").code == 0
    assert program("run", "kota.kontijensi.zip", "--quiet", "--no-report", "--lang", "en").code == 0
