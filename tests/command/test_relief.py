"""Hand-over and relief: the tired and those off shift leave when others have come; earlier stages go or stay."""

# ruff: noqa: E501 - the lines of a scenario are as long as planners write them

from __future__ import annotations

import pytest

from kontijensi.analysis.responses import check_parts, responses
from kontijensi.analysis.utilisation import unit_times
from kontijensi.vocabulary.records import Record
from tests.engine.scenes import minutes, of, one, scene, stage, story

LONG_CALL = "calls: {watch: {known: [{after: 10 min, place: b}], on_scene: 3 h, priority: 5}}\n"
TIRED = """\
unit_types: {patrol: {agency: police, capabilities: [patrol], personnel: 2, turn_out: 1 min, stamina: 30 min, rest: 50 min}}
command: {handling: 0 s, relief: [tired]}
"""


def told(changes: str) -> list[Record]:
    scenario = scene(changes)
    _operation, records = stage(scenario)
    check_parts(responses(records, scenario.world))
    return records


def test_a_tired_unit_leaves_only_when_a_fresh_one_has_come() -> None:
    records = told(
        LONG_CALL + TIRED + "units: {car: {type: patrol, base: pos}, spare: {type: patrol, base: pos}}\n"
    )
    # car arrives at 15 and is tired at 45; spare turns out and drives for 5 minutes.
    asked = of(records, "relief_asked")[0]
    assert (asked.entity, asked.time_s / 60, asked.values["why"]) == ("car", 45, "tired")
    assert minutes(records, "unit_ordered", "spare")[0] == 45
    assert minutes(records, "unit_arrived", "spare", incident="watch-1")[0] == 50
    assert minutes(records, "unit_released", "car")[0] == 50
    assert [kind for minute, kind in story(records, "car") if minute >= 50][:4] == [
        "unit_released",
        "unit_departed",
        "unit_arrived",
        "unit_resting",
    ]
    assert not of(records, "incident_interrupted"), "somebody was there all the time"
    assert minutes(records, "incident_closed", "watch-1") == [195], "and the call took no longer for it"


def test_a_tired_unit_whom_nobody_can_relieve_stays() -> None:
    records = told(LONG_CALL + TIRED)
    assert minutes(records, "relief_asked", "car") == [45]
    assert minutes(records, "unit_released", "car") == [195]
    assert minutes(records, "incident_closed", "watch-1") == [195]


def test_the_tired_do_not_relieve_the_tired() -> None:
    both = "units: {car: {type: patrol, base: pos}, spare: {type: patrol, base: pos}}\n"
    records = told(LONG_CALL + TIRED.replace("30 min", "0 s") + both)
    assert minutes(records, "unit_arrived", incident="watch-1")[:2] == [15, 20]
    assert minutes(records, "unit_ready", "car")[1] == 20 + 4 + 50, "home, and rested"


def test_the_end_of_a_shift_asks_for_relief_and_what_was_worked_beyond_it_is_counted() -> None:
    roster = """\
units:
  early: {type: patrol, base: pos, shifts: [{start: '06:00', end: '08:00'}]}
  late: {type: patrol, base: pos, shifts: [{start: '08:30', end: '18:00'}]}
command: {handling: 0 s, relief: [shift]}
"""
    scenario = scene(LONG_CALL + roster)
    _operation, records = stage(scenario)
    assert minutes(records, "relief_asked", "early") == [60]
    assert one(records, "relief_asked", "early").values["why"] == "shift"
    assert minutes(records, "unit_ordered", "late") == [90], "the first who comes on duty"
    assert minutes(records, "unit_released", "early") == [95]
    early = next(row for row in unit_times(records, scenario.world) if row.unit == "early")
    assert early.overtime_s == (35 + 4) * 60, "on the spot and on the way home"
    assert minutes(records, "incident_closed", "watch-1") == [195]


def test_nobody_asks_unless_the_scenario_says_so() -> None:
    records = told(LONG_CALL + TIRED.replace(", relief: [tired]", ""))
    assert not of(records, "relief_asked")


def test_a_unit_taken_away_while_it_waits_for_relief_leaves_the_call_short() -> None:
    records = told(
        LONG_CALL.replace(
            "}}\n", "},\n  grave: {known: [{after: 60 min, place: a}], on_scene: 5 min, priority: 1}}\n"
        )
        + TIRED.replace("relief", "preempt: on_the_spot, relief")
    )
    assert minutes(records, "unit_ordered", incident="grave-1") == [60]
    assert one(records, "incident_interrupted").entity == "watch-1"
    assert minutes(records, "incident_closed", "grave-1") == [67]


SWAP = """\
horizon: 3 h
crowd: {calm_leave_per_h: 0, fatigue_leave_per_h: 0}
community: {observers: {kst: {kind: kst, detection_per_h: 3600, report_delay: 0 s}}}
unit_types:
  awal: {agency: police, capabilities: [presence], stages: [green], personnel: 20, turn_out: 0 s}
  lanjut: {agency: police, capabilities: [line], stages: [yellow, red], personnel: 30, turn_out: 20 min}
units: {awal: {type: awal, base: pos}, lanjut: {type: lanjut, base: pos}}
triggers:
  protest:
    at: [2024-11-27 07:30]
    places: {ids: [a]}
    effects: [{do: gather_crowd, size: 60, grievance: 1, over: 0 s, stays: 2 h}]
"""


@pytest.mark.parametrize("relieved", ["home", "second_layer"])
def test_the_earlier_stage_goes_home_or_stays_behind_once_the_graver_formation_stands(relieved: str) -> None:
    records = told(
        SWAP
        + f"""\
command:
  handling: 0 s
  relieved: {relieved}
  situation: {{yellow: {{enter_active: 0, exit_after: 5 h}}, red: {{enter_violent: 1000}}}}
  stages: {{green: {{needs: {{presence: 1}}}}, yellow: {{needs: {{line: 1}}, priority: 2}}}}
"""
    )
    green, yellow = "protest-1:green", "protest-1:yellow"
    stood_s = one(records, "incident_formed", yellow).time_s
    assert one(records, "unit_arrived", "awal", incident=green).time_s < stood_s
    assert one(records, "incident_closed", green, outcome="escalated").time_s == stood_s
    if relieved == "home":
        assert of(records, "unit_released", "awal")[0].time_s == stood_s
    else:
        assert one(records, "unit_arrived", "awal", incident=yellow).time_s == stood_s
        assert all(r.time_s > stood_s for r in of(records, "unit_released", "awal"))
        behind = [r for r in of(records, "posture_set") if r.time_s >= stood_s]
        assert any(set(r.values["units"]) == {"awal", "lanjut"} for r in behind)
