"""`kontijensi new`: a first scenario, and the catalogue."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Program


def test_what_it_writes_can_be_checked_and_rehearsed_as_it_is(program: Program, folder: Path) -> None:
    said = program("new", "mine.yaml", "--lang", "en")
    assert (said.code, said.err) == (0, "")
    assert said.out == (
        "Written: mine.yaml\nWritten: kontijensi.schema.json\n"
        "Next: kontijensi check mine.yaml, then kontijensi run mine.yaml\n"
    )
    assert program("check", "mine.yaml", "--strict").code == 0
    assert program("run", "mine.yaml", "--quiet", "--no-report").code == 0


def test_an_editor_finds_the_schema_that_the_first_line_names(program: Program, folder: Path) -> None:
    program("new", "mine.yaml", "--lang", "en")
    first = (folder / "mine.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=kontijensi.schema.json"
    written = (folder / "kontijensi.schema.json").read_text(encoding="utf-8")
    assert written == program("schema", "--lang", "en").out
    assert json.loads(written)["title"] == "kontijensi scenario, version 1"


def test_a_schema_that_is_there_stays_and_does_not_stand_in_the_way(program: Program, folder: Path) -> None:
    (folder / "kontijensi.schema.json").write_text("{}", encoding="utf-8")
    said = program("new", "mine.yaml", "--lang", "en")
    assert (said.code, "schema" in said.out) == (0, False)
    assert (folder / "kontijensi.schema.json").read_text(encoding="utf-8") == "{}"


def test_a_file_that_is_there_is_never_overwritten(program: Program, folder: Path) -> None:
    (folder / "mine.yaml").write_text("precious", encoding="utf-8")
    said = program("new", "mine.yaml", "--lang", "en")
    assert (said.code, said.out) == (1, "")
    assert said.err == "Error: mine.yaml: is there already, and is not overwritten; choose another name\n"
    assert (folder / "mine.yaml").read_text(encoding="utf-8") == "precious"
    assert "sudah ada" in program("new", "mine.yaml", "--lang", "id").err


def test_it_needs_a_file_and_one_that_can_be_written(program: Program) -> None:
    assert program("new", "--lang", "en").code == 2
    said = program("new", "nowhere/mine.yaml", "--lang", "en")
    assert said.code == 1
    assert said.err.startswith(f"Error: {Path('nowhere/mine.yaml')}: cannot be written (")


def test_the_list_shows_the_catalogue_in_both_languages(program: Program) -> None:
    said = program("new", "--list", "--lang", "en")
    assert said.code == 0
    row = next(line for line in said.out.splitlines() if line.startswith("phh_brimob "))
    assert all(word in row for word in ("100", "red", "Kapolres", "literature"))
    assert "Peleton Dalmas Awal" in program("new", "--list", "--lang", "id").out


def test_the_list_as_json_has_each_figure_and_its_evidence(program: Program) -> None:
    answer = json.loads(program("new", "--list", "--json", "--lang", "en").out)
    awc = next(entry for entry in answer["unit_types"] if entry["id"] == "awc")
    assert awc["type"]["personnel"] == 4
    assert awc["evidence"]["stock"] == {"grade": "literature", "source": "doktrin", "low": 5000, "high": 6500}


def test_a_country_is_generated_with_its_table_of_stations_and_can_be_rehearsed(
    program: Program, folder: Path
) -> None:
    said = program("new", "country.yaml", "--size", "national", "--share", "0.001", "--json")
    answer = json.loads(said.out)
    assert (said.code, answer["stations"], answer["generated"]) == (0, 823, True)
    assert [Path(file) for file in answer["files"]] == [
        Path("country.yaml"),
        Path("country") / "tps.csv.gz",
    ]
    assert program("check", "country.yaml").code == 0
    said = program("run", "country.yaml", "--quiet", "--no-report", "--set", "horizon=8 h", "--json")
    assert (said.code, said.err) == (0, "")


def test_a_share_must_be_one_and_go_with_a_country(program: Program) -> None:
    for share in ("0", "2", "much", "nan"):
        said = program("new", "mine.yaml", "--size", "national", "--share", share, "--lang", "en")
        assert said.code == 2
        assert f"--share '{share}': a part of the stations from 0.001 to 1" in said.err
    said = program("new", "mine.yaml", "--share", "0.1", "--lang", "en")
    assert (said.code, "--share: goes with --size national" in said.err) == (2, True)
    said = program("new", "mine.yaml", "--size", "national", "--share", "5", "--lang", "id")
    assert "bagian dari TPS" in said.err
