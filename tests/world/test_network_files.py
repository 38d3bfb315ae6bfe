"""Road maps of every kind become the same network; dirt is mended or refused, and counted."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kontijensi.scenario.network import read_network
from kontijensi.scenario.schema.area import RoadClass
from kontijensi.vocabulary.words import use_language
from kontijensi.world.network_files import BuildError, Built, Order, build, network_text

METRE = 1 / 111_195.0
"""Degrees of latitude, and near the equator of longitude too."""
Feature = tuple[list[tuple[float, float]], dict[str, object]]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with use_language("en"):
        yield


def at(east_m: float, north_m: float) -> tuple[float, float]:
    """Return a position on the equator, east and north of 110 degrees, where metres are easy."""
    return 110.0 + east_m * METRE, north_m * METRE


def geojson(features: list[Feature]) -> str:
    return json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": tags,
                    "geometry": {"type": "LineString", "coordinates": points},
                }
                for points, tags in features
            ],
        }
    )


@pytest.fixture
def made(tmp_path: Path) -> Callable[..., Built]:
    def make(features: list[Feature], **order: object) -> Built:
        (tmp_path / "map.geojson").write_text(geojson(features))
        return build(Order(tmp_path / "map.geojson", **order))  # type: ignore[arg-type]

    return make


def lengths(built: Built) -> list[float]:
    return sorted(round(road.length_m, 1) for _a, _b, road in built.stretches)


CROSSROADS: list[Feature] = [
    ([at(0, 0), at(500, 0), at(1000, 0)], {"highway": "primary"}),
    ([at(500, 0), at(500, 400)], {"highway": "residential", "oneway": "yes"}),
]


def test_a_junction_is_where_lines_share_a_point(made: Callable[..., Built]) -> None:
    built = made(CROSSROADS)
    assert lengths(built) == [400.0, 500.0, 500.0]
    assert len(built.nodes) == 4
    assert built.length_km[RoadClass.ARTERIAL] == pytest.approx(1.0, rel=1e-5)
    assert built.counts["one_way"] == 1
    # The one-way road runs away from the junction, as it was drawn.
    (only,) = [(a, b) for a, b, road in built.stretches if not road.back or not road.forth]
    assert built.nodes[only[0]] == pytest.approx(at(500, 0), abs=1e-7)
    assert built.nodes[only[1]] == pytest.approx(at(500, 400), abs=1e-7)


def test_the_same_roads_from_every_kind_of_map(made: Callable[..., Built], tmp_path: Path) -> None:
    wanted = network_text(made(CROSSROADS), "x.csv")
    rows = ["class,oneway,wkt"]
    for points, tags in CROSSROADS:
        shape = ", ".join(f"{x} {y}" for x, y in points)
        rows.append(f'{tags["highway"]},{tags.get("oneway", "")},"LINESTRING ({shape})"')
    (tmp_path / "map.csv").write_text("\n".join(rows))
    keys = ["x", "y", "highway"]
    graph = ['<graphml xmlns="http://graphml.graphdrawing.org/xmlns">']
    graph += [f'<key id="{key}" attr.name="{key}" for="all"/>' for key in keys]
    graph.append('<graph edgedefault="directed">')
    spots = {"w": at(0, 0), "m": at(500, 0), "e": at(1000, 0), "n": at(500, 400)}
    for node, (x, y) in spots.items():
        graph.append(f'<node id="{node}"><data key="x">{x}</data><data key="y">{y}</data></node>')
    for a, b, kind in [
        ("w", "m", "primary"),
        ("m", "w", "primary"),
        ("m", "e", "primary"),
        ("e", "m", "primary"),
        ("m", "n", "residential"),
    ]:
        graph.append(f'<edge source="{a}" target="{b}"><data key="highway">{kind}</data></edge>')
    (tmp_path / "map.graphml").write_text("".join([*graph, "</graph></graphml>"]))
    (tmp_path / "map.geojson.gz").write_bytes(gzip.compress(geojson(CROSSROADS).encode()))
    for name in ("map.csv", "map.graphml", "map.geojson.gz"):
        assert network_text(build(Order(tmp_path / name)), "x.csv") == wanted, name


def test_an_openstreetmap_extract(made: Callable[..., Built], tmp_path: Path) -> None:
    pytest.importorskip("osmium")
    spots = {1: at(0, 0), 2: at(500, 0), 3: at(1000, 0), 4: at(500, 400)}
    lines = ['<osm version="0.6">']
    lines += [f'<node id="{n}" lon="{x:.7f}" lat="{y:.7f}" version="1"/>' for n, (x, y) in spots.items()]
    for way, (nodes, tags) in enumerate(
        [
            ((1, 2, 3), {"highway": "primary"}),
            ((2, 4), {"highway": "residential", "oneway": "yes"}),
            ((1, 4), {"highway": "footway"}),
            ((1, 4), {"waterway": "river"}),
            ((4, 99), {"highway": "residential"}),
        ],
        start=1,
    ):
        inside = "".join(f'<nd ref="{n}"/>' for n in nodes)
        inside += "".join(f'<tag k="{k}" v="{v}"/>' for k, v in tags.items())
        lines.append(f'<way id="{way}" version="1">{inside}</way>')
    (tmp_path / "map.osm").write_text("\n".join([*lines, "</osm>"]))
    built = build(Order(tmp_path / "map.osm"))
    assert lengths(built) == lengths(made(CROSSROADS))
    assert built.counts["not_driven"] == 1
    assert built.counts["no_line"] == 1  # node 99 is not in the extract


def test_a_packed_openstreetmap_extract(made: Callable[..., Built], tmp_path: Path) -> None:
    osmium = pytest.importorskip("osmium")
    spots = {1: at(0, 0), 2: at(500, 0), 3: at(1000, 0), 4: at(500, 400), 5: at(1000, 300)}
    roads = [
        ([1, 2, 3], {"highway": "primary", "maxspeed": "40 mph"}),
        ([4, 2], {"highway": "residential", "oneway": "-1"}),
        ([3, 5], {"highway": "living_street", "maxspeed": "walk"}),
        ([1, 4], {"highway": "steps"}),
    ]
    with osmium.SimpleWriter(str(tmp_path / "map.osm.pbf")) as writer:
        for node, place in spots.items():
            writer.add_node(osmium.osm.mutable.Node(id=node, location=place, version=1))
        for way, (nodes, tags) in enumerate(roads, start=1):
            writer.add_way(osmium.osm.mutable.Way(id=way, nodes=nodes, tags=tags, version=1))
    plain, limited = (build(Order(tmp_path / "map.osm.pbf", limits=limits)) for limits in (False, True))
    assert lengths(plain) == [300.0, 400.0, 500.0, 500.0]
    assert plain.counts["not_driven"] == 1
    (only,) = [(a, b) for a, b, road in plain.stretches if not (road.forth and road.back)]
    assert plain.nodes[only[0]] == pytest.approx(at(500, 0), abs=1e-6), "against the way it was drawn"
    assert {road.speed_kmh for _a, _b, road in plain.stretches} == {None}
    limits = sorted({road.speed_kmh or 0.0 for _a, _b, road in limited.stretches})
    assert limits == pytest.approx([0.0, 5.0, 64.37376])


@pytest.mark.parametrize(
    ("limit", "kmh"),
    [
        ("50", 50.0),
        ("40 mph", 64.37376),
        ("walk", 5.0),
        ("none", None),
        ("ID:urban", None),
        ("50;30", None),
        ("-5", None),
        ("999", None),
        ("", None),
    ],
)
def test_speed_limits_as_maps_write_them(made: Callable[..., Built], limit: str, kmh: float | None) -> None:
    built = made([([at(0, 0), at(100, 0)], {"maxspeed": limit})], limits=True)
    assert built.stretches[0][2].speed_kmh == (None if kmh is None else pytest.approx(kmh))
    assert built.counts["limit_not_read"] == (kmh is None and limit != "")


def test_a_roundabout_is_one_way_and_a_mixed_map_keeps_its_lines(tmp_path: Path) -> None:
    ring = [at(0, 0), at(50, 0), at(50, 50), at(0, 50), at(0, 0)]
    features = [
        {
            "type": "Feature",
            "properties": {"junction": "roundabout"},
            "geometry": {"type": "LineString", "coordinates": ring},
        },
        {
            "type": "Feature",
            "properties": None,
            "geometry": {
                "type": "MultiLineString",
                "coordinates": [[at(50, 0), at(300, 0)], [at(0, 50), at(0, 300)], [at(9, 9)], "no line"],
            },
        },
        {"type": "Feature", "properties": {}, "geometry": None},
        {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": at(0, 0)}},
    ]
    (tmp_path / "map.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    built = build(Order(tmp_path / "map.geojson"))
    assert (
        sum(not (road.forth and road.back) for _a, _b, road in built.stretches) == built.counts["one_way"] > 0
    )
    assert built.counts["no_line"] == 3, "one point, no geometry, a point"
    assert built.counts["bad_position"] == 0
    assert sum(built.length_km.values()) == pytest.approx(0.2 + 0.25 + 0.25, rel=1e-3)


def test_without_osmium_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "osmium", None)
    (tmp_path / "map.osm.pbf").write_bytes(b"")
    with pytest.raises(BuildError, match=r"kontijensi\[geo\]"):
        build(Order(tmp_path / "map.osm.pbf"))


def test_a_loose_end_is_joined_to_a_point_or_to_a_line(made: Callable[..., Built]) -> None:
    features: list[Feature] = [
        ([at(0, 0), at(250, 0)], {}),
        ([at(253, 0), at(500, 0)], {}),  # 3 m short of a point
        ([at(100, 200), at(100, 4)], {}),  # 4 m short of the first line, between its points
        ([at(400, 200), at(400, 20)], {}),  # 20 m short
    ]
    built = made(features)
    assert built.counts["joined_to_points"] == 2  # both ends of the gap
    assert built.counts["joined_to_lines"] == 1
    assert built.counts["parts"] == 2
    assert made(features, join_m=25).counts["parts"] == 1
    assert made(features, join_m=0).counts["parts"] == 4


def test_a_bridge_stays_a_bridge_unless_asked(made: Callable[..., Built]) -> None:
    features: list[Feature] = [([at(0, 0), at(200, 0)], {}), ([at(100, -100), at(100, 100)], {})]
    assert (made(features).counts["crossings"], made(features).counts["parts"]) == (1, 2)
    built = made(features, join_crossings=True)
    assert (built.counts["crossings_joined"], built.counts["parts"]) == (1, 1)
    assert lengths(built) == [100.0, 100.0, 100.0, 100.0]


def test_dirt_is_counted_and_dropped(made: Callable[..., Built]) -> None:
    built = made(
        [
            ([at(0, 0), at(0, 0), at(100, 0)], {}),  # a step without length
            ([at(100, 0), at(0, 0)], {}),  # drawn twice
            ([at(100, 0), at(120, 0), at(110, 20), at(100, 0)], {}),  # a loop
            ([at(5000, 0), at(5100, 0)], {}),  # an island
            ([at(0, 0), at(0, 90)], {"highway": "footway"}),
            ([at(0, 0)], {}),
            ([(float("nan"), 0.0), at(0, 0)], {}),
        ],
        keep_largest=True,
    )
    told = {
        key: built.counts[key]
        for key in (
            "zero_length",
            "duplicates",
            "self_loops",
            "parts",
            "not_driven",
            "no_line",
            "bad_position",
        )
    }
    assert told == dict.fromkeys(told, 1) | {"parts": 2}
    assert built.counts["points_dropped"] == 2
    assert lengths(built) == [100.0]


def test_what_can_only_be_entered_is_no_place_to_keep(made: Callable[..., Built]) -> None:
    features: list[Feature] = [
        ([at(0, 0), at(100, 0)], {}),
        ([at(100, 0), at(200, 0)], {"oneway": "yes"}),
    ]
    assert made(features).counts["one_way_traps"] == 1
    assert lengths(made(features, keep_largest=True)) == [100.0]
    # Against the direction of drawing it lets nobody in.
    features[1] = (features[1][0], {"oneway": "-1"})
    assert made(features).counts["one_way_traps"] == 1


def test_swapped_latitudes_are_put_right(made: Callable[..., Built]) -> None:
    swapped: list[Feature] = [([(y, x) for x, y in points], tags) for points, tags in CROSSROADS]
    assert made(swapped).counts["swapped"] == 2
    assert made(swapped).nodes == made(CROSSROADS).nodes


def test_projected_coordinates_are_refused_with_their_number(made: Callable[..., Built]) -> None:
    with pytest.raises(BuildError, match=r"2 positions such as 450000\.0, 9150000\.0 .* EPSG:4326"):
        made([([(450_000.0, 9_150_000.0), (450_100.0, 9_150_000.0)], {})])


def test_points_that_are_no_junction_go_but_none_is_far(made: Callable[..., Built]) -> None:
    built = made([([at(20 * n, 0) for n in range(51)], {})])
    assert len(built.stretches) < 8
    assert max(lengths(built)) <= 300
    assert sum(lengths(built)) == pytest.approx(1000, abs=1)


def test_a_ring_and_a_lane_beside_the_road_keep_names_of_their_own(made: Callable[..., Built]) -> None:
    ring = [at(0, 0), at(200, 0), at(200, 200), at(0, 200), at(0, 0)]
    detour = [at(0, 0), at(50, -40), at(100, -50), at(200, 0)]
    built = made([(ring, {}), (detour, {})])
    ends = [frozenset((a, b)) for a, b, _road in built.stretches]
    assert len(set(ends)) == len(ends)
    assert sum(lengths(built)) == pytest.approx(800 + 64.0 + 51.0 + 111.8, abs=0.5)


def test_a_box_keeps_what_touches_it(made: Callable[..., Built]) -> None:
    west, south = at(-50, -50)
    east, north = at(600, 50)
    built = made(CROSSROADS, box=(west, south, east, north))
    assert lengths(built) == [400.0, 500.0, 500.0]
    built = made([*CROSSROADS, ([at(2000, 0), at(2100, 0)], {})], box=(west, south, *at(100, 50)))
    assert built.counts["outside_box"] == 2
    assert lengths(built) == [500.0]


def test_an_empty_map_is_refused_with_reasons(made: Callable[..., Built]) -> None:
    with pytest.raises(BuildError, match=r"no road is left to build from \(not_driven 1\)"):
        made([([at(0, 0), at(9, 0)], {"highway": "steps"})])


def test_limits_are_speeds_only_when_asked(made: Callable[..., Built]) -> None:
    line: list[Feature] = [([at(0, 0), at(9, 0)], {"maxspeed": "30 mph"})]
    assert made(line).stretches[0][2].speed_kmh is None
    assert made(line, limits=True).stretches[0][2].speed_kmh == pytest.approx(48.28, abs=0.01)


@pytest.mark.parametrize("ending", [".csv", ".csv.gz", ".json"])
def test_what_is_written_is_read_again(made: Callable[..., Built], ending: str) -> None:
    from kontijensi.scenario.network import unpacked

    built = made([*CROSSROADS, ([at(0, 0), at(0, 100)], {"speed_kmh": 18})])
    content = network_text(built, "x" + ending)
    assert content == network_text(built, "x" + ending)
    data, problems = read_network(unpacked(content), name="x" + ending)
    assert problems == ()
    assert data is not None
    assert [(s.between, s.oneway, s.road_class) for s in data.stretches] == [
        ((a, b), not (road.forth and road.back), road.road_class) for a, b, road in built.stretches
    ]
    assert {node: pytest.approx(spot, abs=1e-7) for node, spot in built.nodes.items()} == data.nodes
    assert [s.time for s in data.stretches if s.time is not None] == [pytest.approx(20.0)]


def test_the_order_of_the_map_changes_nothing(made: Callable[..., Built]) -> None:
    spots = [at(100 * x, 100 * y) for x in range(5) for y in range(5)]
    features: list[Feature] = [
        ([a, b], {})
        for a in spots
        for b in spots
        if 0 < abs(a[0] - b[0]) + abs(a[1] - b[1]) < 101 * METRE and a < b
    ]
    first = network_text(made(features), "x.csv")
    random.Random(1).shuffle(features)
    assert network_text(made(features), "x.csv") == first


SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "roads"


@pytest.mark.skipif(not SHARED.is_dir(), reason="the maps do not come with the program")
def test_a_hand_drawn_regency_hangs_together_once_joined() -> None:
    path = SHARED / "bojonegoro_ruaskab.geojson"
    apart, mended = build(Order(path)), build(Order(path, join_m=50, join_crossings=True))
    assert apart.counts["parts"] > 8 * mended.counts["parts"]
    assert sum(mended.length_km.values()) == pytest.approx(sum(apart.length_km.values()), rel=0.01)
