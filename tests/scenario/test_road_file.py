"""`area.roads.file`: read beside the scenario, joined to the places, and refused with reasons."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from kontijensi.scenario.document import Document, load, load_text
from kontijensi.scenario.network import read_network
from kontijensi.scenario.problems import ScenarioError
from kontijensi.vocabulary.words import use_language
from kontijensi.world import compile_world

SCENARIO = """\
kontijensi: 1
name: Roads from a file
language: en
start: 2029-02-14 06:00
horizon: 2 h
area:
  places:
    post: {kind: polsek, lat: 0.0, lon: 110.0}
    tps: {kind: tps, lat: 0.001, lon: 110.02}
  roads: {file: roads.csv}
unit_types:
  patrol: {agency: police, capabilities: [patrol], personnel: 2, turn_out: 1 min}
units:
  patrol: {type: patrol, base: post}
calls:
  call: {known: [{after: 10 min, place: tps}], on_scene: 5 min}
"""
ROADS = """\
from,to,length_m,class,oneway,speed_kmh,from_lon,from_lat,to_lon,to_lat
j1,j2,1000,arterial,false,,110.0,0.0,110.01,0.0
j2,j3,1000,local,false,60,110.01,0.0,110.02,0.0
j3,j1,100,local,true,,110.02,0.0,110.0,0.0
"""


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with use_language("en"):
        yield


def loaded(roads: str | bytes = ROADS, scenario: str = SCENARIO, name: str = "roads.csv") -> Document:
    return load_text(scenario, files={name: roads})


def complaints(roads: str | bytes, scenario: str = SCENARIO) -> str:
    with pytest.raises(ScenarioError) as caught:
        loaded(roads, scenario)
    return str(caught.value)


def test_places_travel_over_the_roads_of_the_file() -> None:
    roads = compile_world(loaded().file).roads
    # post stands on j1; 1 km at 50 km/h, 1 km at 60 km/h, then 111.195 m of village road at 25 km/h.
    there_s = 72.0 + 60.0 + 111.195 / 25 * 3.6
    assert roads.times_from(0)[1] == pytest.approx(there_s, abs=1e-3)
    # Back by the one-way short cut: 100 m at 35 km/h.
    assert roads.times_from(1)[0] == pytest.approx(0.1 / 35 * 3600 + 111.195 / 25 * 3.6, abs=1e-3)


def test_a_packed_file_is_the_same_scenario(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(SCENARIO)
    (tmp_path / "roads.csv").write_bytes(gzip.compress(ROADS.encode()))
    packed = load(tmp_path / "s.yaml")
    assert packed.texts["roads.csv"] == ROADS.encode()
    assert (
        compile_world(packed.file).roads.times_from(0)[1]
        == compile_world(loaded().file).roads.times_from(0)[1]
    )


def test_a_place_named_as_a_node_is_that_node() -> None:
    scenario = SCENARIO.replace("post: {kind: polsek, lat: 0.0, lon: 110.0}", "j1: {kind: polsek}").replace(
        "base: post", "base: j1"
    )
    document = loaded(scenario=scenario)
    data = document.file.area.roads.from_file
    assert data is not None
    assert [link.place for link in data.links] == ["tps"]
    far = scenario.replace("j1: {kind: polsek}", "j1: {kind: polsek, lat: 0.01, lon: 110.0}")
    assert "a node of 'roads.csv' has this id too, 1112 m away" in complaints(ROADS, far)


def test_a_place_far_from_the_roads_is_told() -> None:
    far = SCENARIO.replace("lat: 0.001, lon: 110.02", "lat: 0.009, lon: 110.02")
    (warning,) = [problem for problem in loaded(scenario=far).notes if problem.severity == "warning"]
    assert warning.message == "the nearest node of 'roads.csv' is 1001 m away"
    assert "no road reaches this place" in complaints(
        ROADS, SCENARIO.replace("lat: 0.001, lon: 110.02", "lat: 0.3, lon: 110.02")
    )


def test_the_nearest_node_is_the_nearest() -> None:
    import random

    from kontijensi.scenario.network import _Grid, distance_km

    draw = random.Random(4)
    nodes = [(f"j{n}", (110 + draw.random() * 0.2, -7 - draw.random() * 0.2)) for n in range(300)]
    grid = _Grid(nodes)
    for _n in range(300):
        spot = (110 + draw.uniform(-0.05, 0.25), -7 - draw.uniform(-0.05, 0.25))
        found = grid.nearest(spot)
        assert found is not None
        assert found[1] == min(distance_km(spot, other) for _node, other in nodes)


def test_a_run_folder_reads_it_back(tmp_path: Path) -> None:
    from kontijensi.api import load, open_run

    (tmp_path / "s.yaml").write_text(SCENARIO)
    (tmp_path / "roads.csv").write_text(ROADS)
    run = load(tmp_path / "s.yaml").run()
    run.write(tmp_path / "run")
    again = open_run(tmp_path / "run")
    assert again.scenario.document.sha256 == run.scenario.document.sha256
    assert again.scenario.world.roads.times_from(0)[1] == run.scenario.world.roads.times_from(0)[1]


@pytest.mark.parametrize(
    ("roads", "line", "message"),
    [
        ("", 1, "the column 'from' is missing"),
        (ROADS.replace("length_m", "lenght_m"), 1, "'lenght_m': no such column; did you mean 'length_m'?"),
        (ROADS.replace("j2,1000,art", "j2,-1,art"), 2, "length_m: -1.0 lies outside 0 to 2,000,000"),
        (ROADS.replace("j2,1000,art", "j2,nan,art"), 2, "length_m: 'nan': a number is needed"),
        (
            ROADS.replace("arterial", "arteri"),
            2,
            "class: 'arteri': choose from arterial, collector, local, village",
        ),
        (ROADS.replace(",true,", ",maybe,"), 4, "oneway: 'maybe': write true or false (ya or tidak)"),
        (ROADS.replace(",60,", ",0,"), 3, "speed_kmh: 0.0 lies outside 0 to 200"),
        (ROADS.replace("j1,j2", "j2,j2"), 2, "a road needs two different ends"),
        (ROADS.replace("110.01,0.0\n", "110.01,0.5\n", 1), 3, "node 'j2' stands in two positions"),
        (
            ROADS.replace("110.0,0.0,110.01", "450000,0.0,110.01"),
            2,
            "lie outside the earth; longitude comes first",
        ),
        (ROADS.replace("j3,j1", "j 3,j1"), 4, "an id begins with a letter or digit"),
        (ROADS + "j1,j2\n", 5, "2 cells where the header has 10"),
        ("from,to,length_m\n", 1, "no stretch of road stands in this file"),
        ('{"kontijensi_roads": 1, "nodes": {}', 1, "not JSON"),
        ('{"kontijensi_roads": 2, "nodes": {}, "stretches": []}', 1, "not a network file"),
        ('{"kontijensi_roads": 1, "nodes": {"a": 3}, "stretches": []}', 1, "no stretch of road"),
        (
            '{"kontijensi_roads": 1, "nodes": {}, "stretches": [["a"]]}',
            1,
            "stretches[0]: a stretch is [from, to",
        ),
        (b"\x1f\x8b\x08 cut", 0, "the gzip file is damaged or cut short"),
        (b"\xff\xfe", 1, "UTF-16"),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(roads: str | bytes, line: int, message: str) -> None:
    told = complaints(roads)
    assert message in told
    if line:
        assert f"roads.csv:{line}:" in told


@pytest.mark.parametrize("name", ["../roads.csv", "/etc/passwd", "C:\\roads.csv", "~/roads.csv"])
def test_no_file_outside_the_folder_is_read(tmp_path: Path, name: str) -> None:
    (tmp_path / "roads.csv").write_text(ROADS)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "s.yaml").write_text(SCENARIO.replace("roads.csv", f"'{name}'"))
    with pytest.raises(ScenarioError, match=r"area\.roads\.file: "):
        load(tmp_path / "in" / "s.yaml")


def test_a_node_without_a_road_takes_no_place() -> None:
    roads = """{"kontijensi_roads": 1,
      "nodes": {"j1": [110.0, 0.0], "j2": [110.02, 0.0], "lost": [110.02, 0.001]},
      "stretches": [["j1", "j2", 2000, "local"]]}"""
    document = loaded(roads)
    data = document.file.area.roads.from_file
    assert data is not None
    assert [(link.place, link.node) for link in data.links] == [("post", "j1"), ("tps", "j2")]
    assert compile_world(document.file).roads.position[-1].tolist() == [110.02, 0.0]


def test_a_missing_file_is_named() -> None:
    with pytest.raises(ScenarioError, match=r"'roads\.csv': no such file; did you mean 'road\.csv'\?"):
        loaded(name="road.csv")


def test_invented_roads_beside_real_ones_are_refused() -> None:
    assert "give `file` or `synthetic`" in complaints(
        ROADS, SCENARIO.replace("{file: roads.csv}", "{file: roads.csv, synthetic: {}}")
    )


def test_too_many_faults_end_the_reading() -> None:
    data, problems = read_network(("from,to,length_m\n" + "a,a,1\n" * 1000).encode(), name="roads.csv")
    assert data is None
    assert len(problems) == 51


def test_roads_of_the_file_can_be_closed_by_their_ends() -> None:
    trigger = """\
triggers:
  flood:
    at: ["2029-02-14 07:00"]
    effects: [{do: close_road, between: [j2, j1], lasts: 1 h}]
"""
    world = compile_world(loaded(scenario=SCENARIO + trigger).file)
    assert world.roads.road_between("j2", "j1") == "j1|j2"
    wrong = SCENARIO + trigger.replace("[j2, j1]", "[j1, post]")
    assert "no road joins 'j1' and 'post'" in complaints(ROADS, wrong.replace("lon: 110.0}", "lon: 110.02}"))
    unknown = SCENARIO + trigger.replace("[j2, j1]", "[j1, tps2]")
    assert "'tps2': no such end of a road; did you mean 'tps'?" in complaints(ROADS, unknown)
