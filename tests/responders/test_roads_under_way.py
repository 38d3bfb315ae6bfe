"""Roads that close and open while units are on them."""

# ruff: noqa: E501 - the lines of a scenario are as long as planners write them

from __future__ import annotations

import pytest

from kontijensi.world.roads import FREE_ROADS
from tests.engine.scenes import minutes, of, one, rehearse, stage

QUARREL_AT_C = "calls: {quarrel: {known: [{after: 10 min, place: c}], on_scene: 5 min}}\n"


def close(at: str, effects: str) -> str:
    return f"triggers: {{flood: {{at: [2024-11-27 {at}], places: {{ids: [b]}}, effects: [{effects}]}}}}\n"


def test_a_road_that_closes_ahead_sends_a_unit_another_way() -> None:
    records = rehearse(QUARREL_AT_C + close("07:12", "{do: close_road, between: [b, c], lasts: 2 h}"))
    turned = one(records, "unit_rerouted", incident=None)
    assert (turned.time_s / 60, turned.place) == (13, "a"), "at the next junction"
    assert [step[0] for step in turned.values["path"]] == ["a", "pos", "c"]
    assert minutes(records, "unit_arrived", incident="quarrel-1") == [25]


def test_closing_every_road_of_a_place_at_one_instant_sends_a_unit_another_way_once() -> None:
    records = rehearse(QUARREL_AT_C + close("07:12", "{do: close_road, lasts: 2 h}"))
    assert len(of(records, "road_closed")) == 2
    assert len(of(records, "unit_rerouted")) == 1
    assert minutes(records, "unit_arrived", incident="quarrel-1") == [25]
    assert [r.values["outcome"] for r in of(records, "incident_closed")] == ["served"]


def test_a_road_behind_or_beside_the_way_changes_nothing() -> None:
    quiet = [r.time_s for r in of(rehearse(QUARREL_AT_C), "unit_arrived")]
    for between in ("[pos, a]", "[pos, c]"):
        records = rehearse(
            QUARREL_AT_C + close("07:13:30", f"{{do: close_road, between: {between}, lasts: 1 min}}")
        )
        assert of(records, "unit_rerouted") == []
        assert [r.time_s for r in of(records, "unit_arrived")] == quiet


def test_a_unit_does_not_keep_to_a_closed_road_because_the_other_way_is_as_long() -> None:
    world = """\
area:
  places: {pos: {kind: polsek}, goal: {kind: tps, voters: 1}}
  roads:
    edges:
      - {between: [pos, fork], time: 2 min}
      - {between: [fork, left], time: 2 min}
      - {between: [fork, right], time: 2 min}
      - {between: [left, goal], time: 2 min}
      - {between: [right, goal], time: 2 min}
calls: {quarrel: {known: [{after: 10 min, place: goal}], on_scene: 5 min}}
"""
    (_pos, _fork, side, _goal) = (step[0] for step in of(rehearse(world), "unit_departed")[0].values["path"])
    other = {"left": "right", "right": "left"}[side]
    records = rehearse(
        world
        + "triggers: {flood: {at: [2024-11-27 07:12], places: {ids: [pos]}, "
        + f"effects: [{{do: close_road, between: [{side}, goal], lasts: 1 h}}]}}}}\n"
    )
    assert [step[0] for step in one(records, "unit_rerouted").values["path"]] == ["fork", other, "goal"]
    assert minutes(records, "unit_arrived", incident="quarrel-1") == [17]


def test_a_road_that_opens_with_a_quicker_way_is_taken() -> None:
    records = rehearse(
        QUARREL_AT_C
        + """\
triggers:
  flood: {at: [2024-11-27 07:00], places: {ids: [b]}, effects: [{do: close_road, between: [a, b], lasts: 12 min}]}
area:
  places: {pos: {kind: polsek}, a: {kind: tps}, b: {kind: tps}, c: {kind: kpu}}
  roads:
    edges:
      - {between: [pos, a], time: 2 min}
      - {between: [a, b], time: 2 min}
      - {between: [b, c], time: 2 min}
      - {between: [pos, half], time: 3 min}
      - {between: [half, c], time: 17 min}
"""
    )
    turned = one(records, "unit_rerouted")
    assert (turned.place, turned.time_s / 60) == ("half", 14)
    assert [step[0] for step in turned.values["path"]] == ["half", "pos", "a", "b", "c"]
    assert minutes(records, "unit_arrived", incident="quarrel-1") == [23]


def test_without_any_way_a_unit_under_way_waits_until_a_road_opens() -> None:
    records = rehearse(
        QUARREL_AT_C
        + """\
triggers:
  flood: {at: [2024-11-27 07:12], places: {ids: [c]}, effects: [{do: close_road, lasts: 40 min}]}
"""
    )
    assert minutes(records, "road_opened") == [52, 52]
    assert minutes(records, "unit_arrived", incident="quarrel-1") == [56], "from a, where it had to stop"


def test_a_call_that_no_road_leads_to_waits_and_is_served_when_one_opens() -> None:
    records = rehearse(
        QUARREL_AT_C
        + "triggers: {flood: {at: [2024-11-27 07:05], places: {ids: [c]}, effects: [{do: close_road, lasts: 40 min}]}}\n"
    )
    assert minutes(records, "unit_ordered") == [45]
    assert minutes(records, "incident_closed", outcome="served") == [57]


def test_a_road_closed_twice_opens_with_the_second_closure() -> None:
    operation, records = stage(
        QUARREL_AT_C
        + """\
triggers:
  flood: {at: [2024-11-27 07:00], places: {ids: [b]}, effects: [{do: close_road, between: [b, c], lasts: 30 min}]}
  crash: {at: [2024-11-27 07:20], places: {ids: [b]}, effects: [{do: close_road, between: [c, b], lasts: 1 h}]}
"""
    )
    assert minutes(records, "road_opened") == [30, 80]
    assert minutes(records, "unit_departed", incident=None) == [26]
    assert [step[0] for step in of(records, "unit_departed")[1].values["path"]] == ["c", "pos"]
    assert operation.scene.around.roads.state == FREE_ROADS


@pytest.mark.parametrize("at", ["07:10", "07:11", "07:12", "07:13", "07:15", "07:17", "07:22", "07:23"])
@pytest.mark.parametrize("lasts", ["0 s", "1 s", "30 min"])
def test_all_roads_closed_at_any_step_leave_no_unit_stuck(at: str, lasts: str) -> None:
    shut = ", ".join(
        f"{{do: close_road, between: {ends}, lasts: {lasts}}}"
        for ends in ("[pos, a]", "[a, b]", "[b, c]", "[pos, c]")
    )
    operation, records = stage(QUARREL_AT_C + close(at, shut))
    (car,) = operation.scene.units
    assert (car.state, car.node) == ("ready", 0)
    assert [r.values["outcome"] for r in of(records, "incident_closed")] == ["served"]


def test_a_unit_lost_or_let_go_at_the_instant_a_road_closes_is_not_stuck() -> None:
    operation, records = stage(
        QUARREL_AT_C
        + close(
            "07:12",
            "{do: close_road, lasts: 1 h}, {do: lose_unit, unit: car, lasts: 10 min}, "
            "{do: close_road, between: [pos, a], lasts: 1 h}",
        )
    )
    (car,) = operation.scene.units
    assert car.state == "ready"
    assert minutes(records, "unit_restored") == [22]
    assert not of(records, "unit_rerouted"), "who is lost looks for no other way"
    assert [r.values["outcome"] for r in of(records, "incident_closed")] == ["served"]
