"""Modes of travel: their speeds by class of road, where they may go, and the hours of the day."""

# ruff: noqa: E501 - the lines of a scenario are as long as planners write them

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kontijensi.api.scenario import load_text
from kontijensi.scenario.problems import ScenarioError
from kontijensi.scenario.schema.area import RoadClass
from kontijensi.vocabulary.words import use_language
from kontijensi.world import World
from tests.engine.scenes import minutes, of, one, rehearse, scene, scene_text

TYPES = """\
unit_types:
  patrol: {agency: police, capabilities: [patrol, presence], personnel: 2, turn_out: 0}
  bikes: {agency: police, capabilities: [presence], personnel: 2, turn_out: 0, mode: motorcycle}
  lorry: {agency: police, capabilities: [line], personnel: 30, turn_out: 0, mode: truck}
  walkers: {agency: police, capabilities: [dialogue], personnel: 2, turn_out: 0, mode: foot}
"""
AREA = """\
area:
  places: {pos: {kind: polsek}, a: {kind: tps, voters: 1}, b: {kind: tps, voters: 1}}
  roads:
    edges:
      - {between: [pos, a], length_km: 4.8, road_class: path}
      - {between: [pos, x], length_km: 20, road_class: arterial}
      - {between: [x, a], length_km: 20, road_class: arterial, oneway: true}
      - {between: [a, b], time: 35 min, road_class: local}
"""


def minutes_of(world: World, mode: str, start: str, goal: str, hour: float = 0.0) -> float:
    ways, factor = world.ways(mode, world.period_at(hour * 3600))
    index = world.places.index
    return float(ways.times_from(index[start])[index[goal]] * factor / 60)


def test_each_mode_goes_where_it_may_at_its_own_speed() -> None:
    world = scene(AREA + TYPES).world
    assert minutes_of(world, "car", "pos", "a") == pytest.approx(48), "round by the arterial"
    assert minutes_of(world, "motorcycle", "pos", "a") == pytest.approx(24), "through the alley"
    assert minutes_of(world, "truck", "pos", "a") == pytest.approx(60)
    assert minutes_of(world, "foot", "pos", "a") == pytest.approx(60)
    assert minutes_of(world, "car", "a", "pos") == np.inf
    assert minutes_of(world, "foot", "a", "pos") == pytest.approx(60)


def test_a_stated_time_is_a_car_s_and_others_differ_as_their_speeds_do() -> None:
    world = scene(AREA + TYPES).world
    found = {mode: minutes_of(world, mode, "a", "b") for mode in ("car", "motorcycle", "truck", "foot")}
    assert found == pytest.approx({"car": 35, "motorcycle": 35 * 35 / 38, "truck": 49, "foot": 35 * 35 / 4.8})


def test_a_road_may_bar_a_mode_or_take_it_a_time_of_its_own() -> None:
    world = scene(
        AREA.replace("time: 35 min", "time: 35 min, times: {motorcycle: 5 min}, bars: [truck]") + TYPES
    ).world
    assert minutes_of(world, "motorcycle", "a", "b") == 5
    assert minutes_of(world, "truck", "a", "b") == np.inf
    assert minutes_of(world, "car", "a", "b") == 35


def test_on_foot_one_way_roads_lead_both_ways() -> None:
    world = scene(AREA.replace("length_km: 4.8", "length_km: 1900") + TYPES).world
    assert minutes_of(world, "foot", "a", "pos") == pytest.approx(500)
    assert minutes_of(world, "motorcycle", "a", "pos") == pytest.approx(1900 / 12 * 60)


def test_a_known_mode_changes_in_what_is_written_and_a_new_one_goes_like_a_car() -> None:
    travel = "  travel: {modes: {truck: {speeds_kmh: {path: 9.6}}, van: {speeds_kmh: {arterial: 100}}}}\n"
    world = scene(AREA + travel + TYPES).world
    assert minutes_of(world, "truck", "pos", "a") == pytest.approx(30)
    speed = world.scenario.area.travel.speed_kmh
    assert [speed("van", c) for c in RoadClass] == [100, 40, 35, 25, 0]
    assert speed("truck", RoadClass.LOCAL) == 25


def test_a_scenario_whose_units_all_drive_has_the_same_log_with_modes_written_out() -> None:
    calls = "calls: {quarrel: {known: [{after: 10 min, place: c}], on_scene: 5 min}}\n"
    plain = rehearse(calls)
    same = rehearse(
        calls
        + "unit_types:\n  patrol: {agency: police, capabilities: [patrol, presence], personnel: 2, turn_out: 1 min, mode: car}\n"
        + "  walk: {agency: police, capabilities: [dialogue], personnel: 2, turn_out: 1 min, mode: foot}\n"
    )
    assert plain == same


def test_a_unit_s_mode_decides_its_way_and_its_time() -> None:
    text = (
        AREA
        + TYPES
        + """\
units: {bikes: {type: bikes, base: pos}}
calls: {quarrel: {known: [{after: 10 min, place: a}], on_scene: 5 min, needs: {presence: 1}}}
"""
    )
    records = rehearse(text)
    assert minutes(records, "unit_arrived", incident="quarrel-1") == [pytest.approx(34)]
    assert [step[0] for step in of(records, "unit_departed")[0].values["path"]] == ["pos", "a"]
    driven = rehearse(text.replace("type: bikes", "type: patrol"))
    assert [step[0] for step in of(driven, "unit_departed")[0].values["path"]] == ["pos", "x", "a"]
    assert one(driven, "unit_arrived", incident="quarrel-1").time_s == pytest.approx(58 * 60)


RUSH = """\
  travel:
    periods: {rush: {start: '08:00', end: '09:00', factor: 1, classes: {arterial: 3}}}
"""
TWO_WAYS = """\
area:
  places: {pos: {kind: polsek}, a: {kind: tps, voters: 1}}
  roads:
    edges:
      - {between: [pos, m], length_km: 10, road_class: arterial}
      - {between: [m, a], length_km: 10, road_class: arterial}
      - {between: [pos, l], length_km: 10, road_class: local}
      - {between: [l, a], length_km: 10, road_class: local}
"""


def test_hours_by_class_of_road_change_the_way_and_the_departure_decides() -> None:
    world = scene(TWO_WAYS + RUSH + TYPES).world
    assert minutes_of(world, "car", "pos", "a", 0.5) == pytest.approx(24)
    assert minutes_of(world, "car", "pos", "a", 1.5) == pytest.approx(20 / 35 * 60), "by the local road"
    assert minutes_of(world, "foot", "pos", "a", 1.5) == minutes_of(world, "foot", "pos", "a", 0.5)
    assert world.ways("car", "rush")[0] is not world.ways("car", None)[0]


def test_a_period_may_hold_for_some_modes() -> None:
    text = TWO_WAYS + RUSH.replace("factor: 1", "factor: 2, modes: [truck]").replace(
        ", classes: {arterial: 3}", ""
    )
    world = scene(text + TYPES).world
    assert minutes_of(world, "truck", "pos", "a", 1.5) == pytest.approx(60)
    assert minutes_of(world, "car", "pos", "a", 1.5) == pytest.approx(24)


def test_who_sets_out_later_may_arrive_earlier() -> None:
    """The departure's period decides over the whole way: the model's rule, not a wish."""
    world = scene(TWO_WAYS + RUSH.replace("factor: 1", "factor: 3") + TYPES).world
    before, after = (minutes_of(world, "car", "pos", "a", hour) for hour in (1.999, 2.0))
    assert before > after + 1


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.lists(st.floats(5, 60), min_size=4, max_size=4), st.sampled_from(["car", "truck", "motorcycle"]))
def test_doubling_every_speed_halves_every_time(speeds: list[float], mode: str) -> None:
    def world(factor: float) -> World:
        written = ", ".join(
            f"{word}: {factor * kmh}"
            for word, kmh in zip(("arterial", "collector", "local", "village"), speeds, strict=True)
        )
        other = "" if mode == "car" else f", modes: {{{mode}: {{speeds_kmh: {{{written}}}}}}}"
        travel = f"  travel: {{speeds_kmh: {{{written}}}{other}}}\n"
        return scene(TWO_WAYS + travel + TYPES).world

    assert minutes_of(world(1), mode, "pos", "a") == pytest.approx(2 * minutes_of(world(2), mode, "pos", "a"))


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ("unit_types:\n  patrol: {agency: police, capabilities: [patrol], personnel: 2, turn_out: 0, mode: truk}\n", "unit_types.patrol.mode"),
        (AREA.replace("time: 35 min", "time: 35 min, bars: [trucks]"), "area.roads.edges[3].bars[0]"),
        (AREA.replace("time: 35 min", "time: 35 min, times: {bike: 3 min}"), "area.roads.edges[3].times.bike"),
        (TWO_WAYS + RUSH.replace("factor: 1", "factor: 1, modes: [lorry]"), "area.travel.periods.rush.modes[0]"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("language", ["id", "en"])
def test_a_mode_that_is_not_there_is_named(change: str, path: str, language: str) -> None:
    with use_language(language), pytest.raises(ScenarioError) as caught:
        load_text(scene_text(change))
    said = str(caught.value)
    assert path in said
    assert {"en": "no such mode of travel", "id": "moda perjalanan"}[language] in said


def test_a_car_among_the_modes_is_refused() -> None:
    with pytest.raises(ScenarioError, match=r"`travel.speeds_kmh`"):
        load_text(scene_text(AREA + "  travel: {modes: {car: {speeds_kmh: {local: 3}}}}\n"))


FILE = """\
dari,ke,waktu_menit,truck_time_s,dilarang,kelas
pos,a,1,90,,arterial
a,b,2,,truck+foot,local
"""


def test_a_network_file_may_give_times_by_mode_in_indonesian_columns() -> None:
    from kontijensi.scenario.network import read_network

    data, problems = read_network(FILE.encode(), name="jalan.csv")
    assert not problems
    assert data is not None
    first, second = data.stretches
    assert (first.time, dict(first.times), first.bars) == (60, {"truck": 90}, ())
    assert (second.time, dict(second.times), second.bars) == (120, {}, ("truck", "foot"))
    assert data.modes == ("truck", "foot")
    assert load_text(scene_text()).world.roads.nodes[:2] == ("pos", "a")


@pytest.mark.parametrize(
    ("language", "words"), [("id", "tidak ada jalan yang boleh dilalui moda"), ("en", "no road that mode")]
)
def test_units_that_no_road_lets_out_are_warned_about(language: str, words: str) -> None:
    area = """\
area:
  places: {pos: {kind: polsek}, a: {kind: tps, voters: 1}}
  roads: {edges: [{between: [pos, a], length_km: 1, road_class: path}]}
"""
    text = area + TYPES + "units: {lorry: {type: lorry, base: pos}, bikes: {type: bikes, base: pos}}\n"
    with use_language(language):
        notes = [str(note) for note in load_text(scene_text(text)).notes]
    warned = [note for note in notes if words in note]
    assert len(warned) == 1
    assert "units.lorry" in warned[0]
