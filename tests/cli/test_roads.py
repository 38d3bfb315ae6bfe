"""`roads build` makes a file that a scenario beside it can name, and says what it mended."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Program

LINES = [
    [(110.600, -7.700), (110.612, -7.715)],
    [(110.61203, -7.715), (110.625, -7.690)],  # 3 m short of the first
    [(110.7, -7.9), (110.71, -7.9)],
]


@pytest.fixture
def drawn(folder: Path) -> Path:
    features = [
        {"type": "Feature", "properties": {}, "geometry": {"type": "LineString", "coordinates": line}}
        for line in LINES
    ]
    content = {"type": "FeatureCollection", "features": features}
    (folder / "map.geojson").write_text(json.dumps(content), encoding="utf-8")
    return folder


def test_a_map_becomes_the_roads_of_a_scenario(program: Program, drawn: Path) -> None:
    said = program("roads", "build", "map.geojson", "-o", "roads.csv.gz", "--lang", "en")
    assert (said.code, said.err) == (0, "")
    rows = dict(reversed(line.split(maxsplit=1)) for line in said.out.splitlines() if line.startswith("  "))
    assert rows["roads read"] == "3"
    assert rows["of these joined to a point of another road"] == "2"
    assert rows["parts that no road joins"] == "2"
    assert "40% of the points are not joined to the largest part" in said.out
    assert "roads: {file: roads.csv.gz}" in said.out
    text = (drawn / "small.yaml").read_text(encoding="utf-8")
    (drawn / "real.yaml").write_text(text.replace("{synthetic: {neighbours: 2}}", "{file: roads.csv.gz}"))
    checked = program("check", "real.yaml", "--json")
    assert checked.code == 0
    assert json.loads(checked.out)["holds"]["roads"] == {"edges": 0, "from_file": 3, "synthetic": False}


def test_the_answer_in_json(program: Program, drawn: Path) -> None:
    order = ("roads", "build", "map.geojson", "-o", "roads.json", "--keep-largest", "--json")
    answer = json.loads(program(*order).out)
    assert answer["counts"]["points_dropped"] == 2
    assert answer["counts"]["stretches"] == 2
    first = (drawn / "roads.json").read_bytes()
    program(*order)
    assert (drawn / "roads.json").read_bytes() == first


@pytest.mark.parametrize(
    ("options", "code", "complaint"),
    [
        (["map.geojson", "-o", "roads.txt"], 1, "'roads.txt': a network is written as .csv, .csv.gz, .json"),
        (["map.shp", "-o", "roads.csv"], 1, "'map.shp': no kind of road map that is known; choose from .csv"),
        (["none.geojson", "-o", "roads.csv"], 1, "cannot be read (No such file or directory)"),
        (["small.yaml", "-o", "roads.csv"], 1, "no kind of road map"),
        (["map.geojson", "-o", "roads.csv", "--bbox", "1,2,3"], 2, "write WEST,SOUTH,EAST,NORTH"),
        (["map.geojson", "-o", "roads.csv", "--bbox", "9,9,1,1"], 2, "write WEST,SOUTH,EAST,NORTH"),
        (["map.geojson", "-o", "roads.csv", "--join-m", "nan"], 2, "a distance from 0 to 200 metres"),
        (["map.geojson", "-o", "no/such/roads.csv"], 1, "'no/such/roads.csv': cannot be written (No such"),
        (["map.geojson"], 2, "Missing option '-o'"),
    ],
)
def test_wrong_orders_are_refused(
    program: Program, drawn: Path, options: list[str], code: int, complaint: str
) -> None:
    said = program("roads", "build", *options, "--lang", "en")
    assert (said.code, said.out) == (code, "")
    assert complaint in said.err
    assert sorted(path.name for path in drawn.iterdir()) == ["map.geojson", "small.yaml"]
