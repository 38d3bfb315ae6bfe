"""What a unit does from its order to being ready again."""

# ruff: noqa: E501 - the lines of a scenario are as long as planners write them

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.engine.scenes import minutes, of, one, rehearse, stage, story

QUARREL = "calls: {quarrel: {known: [{after: 10 min, place: b}], on_scene: 5 min}}\n"
CROWD_AT_A = """\
crowd: {calm_leave_per_h: 0, fatigue_leave_per_h: 0}
triggers:
  protest:
    at: [2024-11-27 08:00]
    places: {ids: [a]}
    effects: [{do: gather_crowd, size: 60, grievance: 0, over: 0 s, stays: 30 min}]
community:
  observers: {kst: {kind: kst, places: {ids: [a]}, detection_per_h: 3600, report_delay: 1 min}}
"""


def test_a_unit_turns_out_travels_acts_and_goes_home() -> None:
    assert story(rehearse(QUARREL), "car") == [
        (0, "unit_ready"),
        (10, "unit_ordered"),
        (11, "unit_departed"),
        (15, "unit_arrived"),
        (20, "unit_released"),
        (20, "unit_departed"),
        (24, "unit_arrived"),
        (24, "unit_ready"),
    ]


def test_pace_and_the_hour_s_factor_scale_travel() -> None:
    records = rehearse(
        QUARREL
        + """\
unit_types: {patrol: {agency: police, capabilities: [patrol], personnel: 2, turn_out: 0 s, pace: 0.5}}
area:
  places: {pos: {kind: polsek}, b: {kind: tps}}
  roads: {edges: [{between: [pos, b], time: 4 min}]}
  travel: {periods: {rush: {start: '07:00', end: '07:15', factor: 1.5}}}
"""
    )
    there, home = of(records, "unit_departed")
    assert there.values["travel_s"] == pytest.approx(4 * 60 / 0.5 * 1.5)
    assert home.values["travel_s"] == pytest.approx(4 * 60 / 0.5), "the departure's own hour decides"


def test_a_unit_that_stays_is_ready_where_it_is() -> None:
    records = rehearse(
        "calls: {quarrel: {known: [{after: 10 min, place: b}, {after: 30 min, place: c}], on_scene: 5 min}}\n"
        "unit_types: {patrol: {agency: police, capabilities: [patrol], personnel: 2, turn_out: 0 s, after: stay}}\n"
    )
    assert [(r.place, r.values["travel_s"]) for r in of(records, "unit_departed")] == [
        ("pos", 240),
        ("b", 120),
    ]
    assert [r.place for r in of(records, "unit_ready")] == ["pos", "b", "c"]


def test_who_arrives_before_the_formation_is_complete_is_exposed_and_does_not_act() -> None:
    records = rehearse(
        CROWD_AT_A
        + """\
unit_types:
  talks: {agency: police, capabilities: [presence, dialogue], personnel: 4, turn_out: 1 min}
  slow: {agency: police, capabilities: [presence, dialogue], personnel: 4, turn_out: 20 min}
units: {talks: {type: talks, base: pos}, slow: {type: slow, base: pos}}
command: {handling: 0 s, stages: {green: {needs: {dialogue: 2}, priority: 4}}}
"""
    )
    first, last = sorted(of(records, "unit_arrived", incident="protest-1:green"), key=lambda r: r.time_s)
    assert last.time_s - first.time_s == 19 * 60
    formed = one(records, "incident_formed", "protest-1:green")
    assert formed.time_s == last.time_s
    assert set(formed.values["units"]) == {"talks", "slow"}
    exposed = [r.values for r in of(records, "posture_set") if r.time_s < formed.time_s]
    assert exposed, "officers in sight are still counted while exposed"
    assert all(values["posture"] in {"presence", "dialogue"} for values in exposed)
    assert not any(values["line"] or values["push"] or values["arrest"] for values in exposed)


def test_a_unit_let_go_under_way_turns_back() -> None:
    records = rehearse(
        CROWD_AT_A.replace("stays: 30 min", "stays: 0 s")
        + """\
area:
  places: {pos: {kind: polsek}, a: {kind: tps, voters: 300}}
  roads: {edges: [{between: [pos, m1], time: 50 min}, {between: [m1, a], time: 30 min}]}
units: {talks: {type: talks, base: pos}}
"""
    )
    closed = one(records, "incident_closed", "protest-1:green")
    assert closed.values["outcome"] == "unaided"
    released = one(records, "unit_released", "talks")
    assert released.time_s == closed.time_s
    assert not of(records, "unit_arrived", "talks", incident="protest-1:green")
    out, back = of(records, "unit_departed", "talks")
    assert back.values["to"] == "pos"
    assert released.time_s < back.time_s == out.time_s + 50 * 60, "it finishes the stretch of road it is on"
    assert back.place == "m1"
    assert one(records, "unit_arrived", "talks", incident=None).time_s == back.time_s + 50 * 60


def test_a_unit_on_its_way_home_takes_an_order_without_turning_out() -> None:
    records = rehearse(
        "calls: {quarrel: {known: [{after: 10 min, place: b}, {after: 21 min, place: b}], on_scene: 5 min}}\n"
    )
    ordered = of(records, "unit_ordered")[1]
    assert ordered.time_s == 21 * 60
    assert ordered.values["from"] == "a", "it can turn at the next junction"
    assert minutes(records, "unit_arrived", incident="quarrel-2") == [24]
    assert minutes(records, "unit_released") == [20, 29]


def test_a_shift_that_ends_lets_the_task_be_finished_first() -> None:
    records = rehearse(
        "units: {car: {type: patrol, base: pos, shifts: [{start: '07:05', end: '07:12'}]}}\n" + QUARREL
    )
    assert story(records, "car")[:3] == [(0, "unit_off_shift"), (5, "unit_on_shift"), (5, "unit_ready")]
    assert story(records, "car")[-2:] == [(24, "unit_arrived"), (24, "unit_off_shift")]
    assert minutes(records, "incident_closed", outcome="served") == [20]


def test_nobody_is_ordered_off_shift_and_the_shift_s_start_brings_the_order() -> None:
    records = rehearse(
        "units: {car: {type: patrol, base: pos, shifts: [{start: '07:30', end: '09:00'}]}}\n" + QUARREL
    )
    assert minutes(records, "unit_ordered") == [30]


def test_a_unit_rests_once_its_stamina_is_spent_and_starts_afresh() -> None:
    records = rehearse(
        """\
unit_types:
  patrol: {agency: police, capabilities: [patrol], personnel: 2, turn_out: 0 s, stamina: 8 min, rest: 1 h}
calls:
  quarrel:
    known: [{after: 0 s, place: b}, {after: 30 min, place: b}, {after: 110 min, place: b}, {after: 130 min, place: b}]
    on_scene: 5 min
"""
    )
    assert minutes(records, "unit_resting") == [43, 143], "5 + 5 minutes on the spot reach 8, twice"
    assert minutes(records, "unit_ready") == [0, 13, 103, 123, 203]


def test_resting_ends_with_the_shift_and_the_next_one_begins_rested() -> None:
    records = rehearse(
        """\
horizon: 25 h
unit_types:
  patrol: {agency: police, capabilities: [patrol], personnel: 2, turn_out: 0 s, stamina: 1 min, rest: 8 h}
units: {car: {type: patrol, base: pos, shifts: [{start: '07:00', end: '09:00'}]}}
"""
        + QUARREL
    )
    assert story(records, "car")[-4:] == [
        (23, "unit_resting"),
        (120, "unit_off_shift"),
        (24 * 60, "unit_on_shift"),
        (24 * 60, "unit_ready"),
    ]


def test_a_lost_unit_is_replaced_on_its_way_and_comes_back_from_where_it_was_lost() -> None:
    records = rehearse(
        QUARREL
        + """\
units: {car: {type: patrol, base: pos}, spare: {type: patrol, base: c}}
area:
  places: {pos: {kind: polsek}, b: {kind: tps, voters: 1}, c: {kind: polsek}}
  roads: {edges: [{between: [pos, b], time: 4 min}, {between: [b, c], time: 9 min}]}
triggers: {crash: {at: [2024-11-27 07:13], effects: [{do: lose_unit, unit: car, lasts: 20 min}]}}
"""
    )
    assert minutes(records, "unit_lost", "car") == [13]
    assert minutes(records, "unit_ordered", "spare") == [13], "the call is short of a unit again"
    assert minutes(records, "incident_closed", outcome="served") == [28]
    assert story(records, "car")[-4:] == [
        (33, "unit_restored"),
        (33, "unit_departed"),
        (37, "unit_arrived"),
        (37, "unit_ready"),
    ]


def test_a_unit_lost_on_the_spot_leaves_the_formation_short_and_another_is_sent() -> None:
    records = rehearse(CROWD_AT_A + "units: {near: {type: talks, base: pos}, far: {type: talks, base: c}}\n")
    assert not of(records, "unit_ordered", "far")
    records = rehearse(
        CROWD_AT_A.replace(
            "community:",
            "  crash: {at: [2024-11-27 08:10], effects: [{do: lose_unit, unit: near, lasts: 2 h}]}\ncommunity:",
        )
        + "units: {near: {type: talks, base: pos}, far: {type: talks, base: c}}\n"
    )
    assert minutes(records, "unit_ordered", "far") == [70]
    assert minutes(records, "unit_arrived", "far", incident="protest-1:green") == [75]


@pytest.mark.parametrize("at", ["07:10", "07:11", "07:15", "07:20", "07:24", "07:30"])
def test_a_unit_lost_at_any_step_comes_back_ready(at: str) -> None:
    operation, records = stage(
        QUARREL
        + f"triggers: {{crash: {{at: [2024-11-27 {at}], effects: [{{do: lose_unit, unit: car, lasts: 1 h}}]}}}}\n"
    )
    (car,) = operation.scene.units
    assert (car.state, car.task) == ("ready", None)
    lost_s, back_s = one(records, "unit_lost").time_s, one(records, "unit_restored").time_s
    assert back_s - lost_s == 3600
    between = [r for r in records if r.entity == "car" and lost_s < r.time_s < back_s]
    assert between == []


def test_stock_is_used_up_never_below_nothing_and_filled_again_at_base() -> None:
    operation, records = stage(
        """\
crowd: {violence_threshold: 0, violence_spread: 0, calm_leave_per_h: 0, water_lps: 20}
community:
  camps: {a: {legitimacy: 0}}
  observers: {kst: {kind: kst, detection_per_h: 3600, report_delay: 0 s}}
unit_types:
  cannon:
    agency: police
    capabilities: [line, water, arrest]
    personnel: 30
    turn_out: 0 s
    stock: {water: 1500}
    resupply: 25 min
units: {cannon: {type: cannon, base: pos, count: 2}}
command: {handling: 0 s, posture: force_first, stages: {red: {needs: {line: 2}, priority: 1}}}
triggers:
  riot:
    at: [2024-11-27 07:30]
    places: {ids: [a]}
    effects: [{do: gather_crowd, size: 80, grievance: 1, over: 0 s, stays: 30 min}]
"""
    )
    used = of(records, "stock_used")
    assert sum(r.values["amount"] for r in used) == pytest.approx(3000)
    assert all(r.values["left"] >= 0 and r.values["amount"] > 0 for r in used)
    for unit in ("cannon", "cannon-2"):
        lefts = [1500.0, *(r.values["left"] for r in used if r.entity == unit)]
        assert all(after < before for before, after in pairwise(lefts))
        empty = one(records, "stock_empty", unit)
        refill = one(records, "unit_resupplying", unit)
        assert refill.time_s > empty.time_s
        assert refill.values["until_s"] == refill.time_s + 25 * 60
    dry_s = max(r.time_s for r in of(records, "stock_empty"))
    assert not any(r.values["water"] for r in of(records, "posture_set") if r.time_s > dry_s + 10)
    assert all(unit.stock == {"water": 1500} for unit in operation.scene.units)
