"""Crowds on the road: traffic at their place is slow, or goes round it."""

# ruff: noqa: E501 - the lines of a scenario are as long as planners write them

from __future__ import annotations

import pytest

from kontijensi.api.scenario import load_text
from kontijensi.engine.crowded_roads import level_of
from kontijensi.scenario.problems import ScenarioError
from kontijensi.scenario.schema.area import CrowdedRoads
from kontijensi.vocabulary.words import use_language
from kontijensi.world.closures import LiveRoads
from tests.engine.scenes import BASE, CALM, minutes, of, one, rehearse, scene, scene_text, stage

AREA = BASE[BASE.index("area:") : BASE.index("unit_types:")]
CROWDS = "crowds: {slow_from: 50, factor: 3, close_from: 150}"


def area(crowds: str = CROWDS) -> str:
    return AREA + f"    {crowds}\n"


def gather(size: int, at: str = "07:00", stays: str = "2 h") -> str:
    return (
        CALM.replace("fatigue_leave_per_h: 0", "fatigue_leave_per_h: 0, controlled_leave_per_h: 240")
        + f"triggers:\n  event: {{at: [2024-11-27 {at}], places: {{ids: [b]}}, effects: [{{do: gather_crowd, size: {size}, grievance: 0, over: 0 s, stays: {stays}}}]}}\n"
    )


CALL = "calls: {quarrel: {known: [{after: 10 min, place: c}], on_scene: 5 min}}\n"


def way(records: list) -> list[str]:
    return [step[0] for step in of(records, "unit_departed")[0].values["path"]]


def test_without_the_section_a_crowd_leaves_traffic_alone() -> None:
    records = rehearse(gather(200) + CALL)
    assert way(records) == ["pos", "a", "b", "c"]
    assert not of(records, "roads_crowded")


def test_a_crowd_slows_the_roads_that_touch_its_place() -> None:
    records = rehearse(area() + gather(100) + CALL)
    crowded = one(records, "roads_crowded")
    assert (crowded.place, crowded.values["factor"], crowded.values["blocks"]) == ("b", 3.0, False)
    # 2 + 3 x 2 + 3 x 2 = 14 min through the crowd, 10 min round it.
    assert way(records) == ["pos", "c"]


def test_a_large_crowd_bars_the_way_past_it_but_not_to_it() -> None:
    text = area().replace("time: 10 min", "time: 90 min") + gather(200)
    records = rehearse(text + CALL)
    assert of(records, "roads_crowded")[0].values["blocks"] is True
    assert way(records) == ["pos", "c"], "14 minutes through the crowd are not open to it"
    to_it = rehearse(text + CALL.replace("place: c", "place: b"))
    assert way(to_it) == ["pos", "a", "b"]
    assert one(to_it, "unit_arrived", incident="quarrel-1").time_s == pytest.approx((11 + 8) * 60)
    home = of(to_it, "unit_departed")[1]
    assert home.values["travel_s"] == 8 * 60, "who is there gets out again"


def test_a_unit_on_the_way_turns_when_a_crowd_fills_the_road() -> None:
    records = rehearse(area() + gather(200, at="07:12") + CALL)
    turned = one(records, "unit_rerouted", incident=None)
    assert turned.place == "a"
    assert [step[0] for step in turned.values["path"]] == ["a", "pos", "c"]


def test_a_unit_whose_way_is_the_same_but_slower_arrives_later() -> None:
    text = area("crowds: {slow_from: 50, factor: 3, close_from: null}").replace(
        "time: 10 min", "time: 90 min"
    )
    records = rehearse(text + gather(100, at="07:12") + CALL)
    assert [step[0] for step in one(records, "unit_rerouted").values["path"]] == ["a", "b", "c"]
    assert minutes(records, "unit_arrived", incident="quarrel-1") == [13 + 6 + 6]


def test_the_road_is_free_again_when_the_crowd_has_gone() -> None:
    operation, records = stage(area() + gather(200, stays="30 min"))
    levels = [(r.kind.value, r.values.get("blocks")) for r in records if r.kind.value.startswith("roads_c")]
    assert levels == [("roads_crowded", True), ("roads_crowded", False), ("roads_cleared", None)]
    assert not operation.scene.around.roads.state.crowded


def test_a_road_eases_later_than_it_fills_so_that_it_does_not_flicker() -> None:
    plan = CrowdedRoads(slow_from=100, close_from=1000)
    assert [level_of(plan, n, 0) for n in (0, 99, 100, 999, 1000)] == [0, 0, 1, 1, 2]
    assert [level_of(plan, n, 2) for n in (1000, 800, 799, 80, 79)] == [2, 2, 1, 1, 0]
    assert level_of(plan.model_copy(update={"close_from": None}), 10**6, 0) == 1


def test_people_on_foot_pass_a_crowd() -> None:
    world = scene(
        area()
        + "unit_types:\n  patrol: {agency: police, capabilities: [patrol], personnel: 2, turn_out: 0}\n  walk: {agency: police, capabilities: [dialogue], personnel: 2, turn_out: 0, mode: foot}\n"
    ).world
    roads, (pos, b, c) = LiveRoads(world), (world.places.index[name] for name in ("pos", "b", "c"))
    before = {mode: roads.path(pos, c, 0.0, 1.0, mode) for mode in ("car", "foot")}
    roads.crowd(b, 3.0, blocks=True)
    assert roads.path(pos, c, 0.0, 1.0, "foot") == before["foot"]
    assert [node for node, _s in roads.path(pos, c, 0.0, 1.0)] == [pos, c]
    assert [node for node, _s in before["car"]] != [pos, c]


def test_cover_knows_the_roads_that_a_crowd_bars() -> None:
    text = area().replace("time: 10 min", "time: 90 min") + gather(200, at="08:00")
    standard = "standards: {patrol: {capability: patrol, within: 8 min, places: {ids: [c]}}}\n"
    from kontijensi.analysis.coverage import coverage

    scenario = scene(text + standard)
    _operation, records = stage(scenario)
    shortfalls = coverage(records, scenario.world)["patrol"].shortfalls
    assert {s.reason.value for s in shortfalls} == {"road_closed"}
    assert shortfalls[0].start_s == of(records, "roads_crowded")[0].time_s


def test_a_crowd_bars_the_junction_at_which_its_place_hangs() -> None:
    from kontijensi.world.roads import Arc, Crowded, RoadNetwork, RoadState

    # l - j - r is the road, place p (0) hangs at j, q (1) at j too, s (2) at l; t (3) at r; round: l - k - r.
    ends = [(2, 4), (4, 5), (5, 6), (6, 3), (0, 5), (1, 5), (4, 7), (7, 6)]
    time_s = dict(zip(ends, [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 50.0, 50.0], strict=True))
    arcs = [Arc(*pair, time_s[a, b], f"{a}|{b}") for a, b in ends for pair in ((a, b), (b, a))]
    net = RoadNetwork([str(i) for i in range(8)], 4, arcs, joined={0: 5, 1: 5, 2: 4, 3: 6})
    state = RoadState(crowded=frozenset({Crowded(0, 2.0, blocks=True)}))
    assert net.spot(0) == {0, 1, 5}
    assert net.times_from(2)[3] == 4
    assert net.times_from(2, state).tolist() == [1 + 2 + 2, 1 + 2 + 2, 0, 102]
    assert net.times_from(0, state).tolist() == [0, 4, 5, 5], "who stands at the junction gets away"
    assert net.times_to(3, state)[:4].tolist() == [5, 5, 102, 0]
    assert [node for node, _s in net.path(2, 3, state)] == [2, 4, 7, 6, 3]
    assert [node for node, _s in net.path(2, 0, state)] == [2, 4, 5, 0]


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_crowd_that_bars_a_road_before_it_slows_it_is_refused(language: str) -> None:
    with use_language(language), pytest.raises(ScenarioError) as caught:
        load_text(scene_text(area("crowds: {slow_from: 500, close_from: 100}")))
    said = str(caught.value)
    assert "close_from" in said
    assert {"en": "a crowd slows a road", "id": "massa memperlambat jalan"}[language] in said
