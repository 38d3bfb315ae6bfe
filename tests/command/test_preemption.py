"""Units turned from a less grave incident to a graver one, on the road or on the spot."""

from __future__ import annotations

import pytest

from kontijensi.analysis.queueing import stream
from kontijensi.analysis.responses import check_parts, responses
from kontijensi.vocabulary.records import Record
from tests.engine.scenes import minutes, of, one, scene, stage

LIGHT_AND_GRAVE = """\
calls:
  light: {{known: [{{after: 0 s, place: c}}], on_scene: 20 min, priority: 7{light}}}
  grave: {{known: [{{after: {at}, place: a}}], on_scene: 10 min, priority: 2}}
command: {{handling: 0 s, preempt: {preempt}{also}}}
"""


def told(at: str, preempt: str, also: str = "", light: str = "", more: str = "") -> list[Record]:
    scenario = scene(LIGHT_AND_GRAVE.format(at=at, preempt=preempt, also=also, light=light) + more)
    _operation, records = stage(scenario)
    check_parts(responses(records, scenario.world))
    return records


def test_a_unit_under_way_to_a_lesser_call_is_turned_to_a_graver_one() -> None:
    records = told("2 min", "under_way")
    assert minutes(records, "unit_ordered", incident="grave-1") == [2]
    assert one(records, "unit_ordered", incident="grave-1").values["from"] == "a", "at the next junction"
    assert minutes(records, "unit_arrived", incident="grave-1") == [3], "2 min out, 1 of them on the road"
    assert minutes(records, "unit_released", incident="light-1") == [2, 37]
    assert minutes(records, "unit_ordered", incident="light-1") == [0, 13], "it went back in the queue"
    assert not of(records, "incident_interrupted"), "nothing had begun there"
    row = responses(records, scene().world)[0]
    assert (row.parts.waiting, row.response_s) == (13 * 60, 17 * 60)


def test_a_turn_out_that_has_begun_goes_on_for_the_graver_one() -> None:
    slow = "unit_types: {patrol: {agency: police, capabilities: [patrol], personnel: 2, turn_out: 5 min}}\n"
    records = told("3 min", "under_way", more=slow)
    assert minutes(records, "unit_departed", incident="grave-1") == [5]


def test_without_leave_a_unit_finishes_what_it_was_sent_for() -> None:
    assert minutes(told("2 min", "never"), "unit_ordered", incident="grave-1") == [27]
    assert minutes(told("10 min", "under_way"), "unit_ordered", incident="grave-1") == [27]
    assert minutes(
        told("2 min", "on_the_spot", ", preempt_graver_by: 6"), "unit_ordered", incident="grave-1"
    ) == [27]
    assert minutes(
        told("2 min", "on_the_spot", ", preempt_from: [crowd]"), "unit_ordered", incident="grave-1"
    ) == [27]


@pytest.mark.parametrize(("how", "closed"), [("resume", 45), ("restart", 48)])
def test_a_call_that_loses_its_unit_on_the_spot_stands_still_and_goes_on(how: str, closed: int) -> None:
    records = told("10 min", "on_the_spot", light=f", interrupted: {how}")
    interrupted = one(records, "incident_interrupted", "light-1")
    assert (interrupted.time_s, interrupted.values["by"], interrupted.values["unit"]) == (
        600,
        "grave-1",
        "car",
    )
    assert interrupted.values["left_s"] == (17 if how == "resume" else 20) * 60
    assert minutes(records, "unit_arrived", incident="grave-1") == [14]
    assert minutes(records, "unit_ordered", incident="light-1") == [0, 24]
    assert minutes(records, "incident_resumed", "light-1") == [28]
    assert minutes(records, "incident_closed", "light-1") == [closed]
    row = next(row for row in responses(records, scene().world) if row.incident == "light-1")
    assert (row.interruptions, row.interrupted_s) == (1, 18 * 60)
    assert row.parts.control == (closed - 7) * 60, "the time in which it stood still is part of its control"


def test_a_caller_whose_patience_is_over_gives_up_when_his_unit_is_turned_away() -> None:
    records = told("6 min", "under_way", light=", patience: 5 min")
    assert minutes(records, "incident_closed", "light-1", outcome="abandoned") == [6]


def test_a_call_cut_short_by_the_end_waits_and_the_books_balance() -> None:
    scenario = scene(
        LIGHT_AND_GRAVE.format(at="10 min", preempt="on_the_spot", also="", light="") + "horizon: 20 min\n"
    )
    _operation, records = stage(scenario)
    calls = stream(responses(records, scenario.world))
    assert (calls.calls, calls.waiting, calls.on_scene, calls.answered) == (2, 1, 1, 0)


def test_the_least_grave_loses_first_and_of_equals_the_one_that_came_last() -> None:
    records = told(
        "30 min",
        "on_the_spot",
        more="""\
units: {car: {type: patrol, base: pos, count: 3}}
calls:
  middle: {known: [{after: 0 s, place: a}], on_scene: 2 h, priority: 5}
  light: {known: [{after: 1 min, place: a}, {after: 2 min, place: a}], on_scene: 2 h, priority: 7}
  grave: {known: [{after: 30 min, place: a}], on_scene: 10 min, priority: 2}
""",
    )
    assert one(records, "incident_interrupted").entity == "light-2"


def test_a_crowd_that_loses_its_line_is_only_talked_to_until_another_stands() -> None:
    records = told(
        "2 h",
        "on_the_spot",
        more="""\
horizon: 5 h
crowd: {calm_leave_per_h: 0, fatigue_leave_per_h: 0}
community: {observers: {kst: {kind: kst, detection_per_h: 3600, report_delay: 0 s}}}
units: {dalmas: {type: dalmas, base: pos}}
triggers:
  protest:
    at: [2024-11-27 07:30]
    places: {ids: [a]}
    effects: [{do: gather_crowd, size: 60, grievance: 0, over: 0 s, stays: 4 h}]
command:
  handling: 0 s
  preempt: on_the_spot
  preempt_from: [crowd]
  stages: {green: {needs: {line: 1}, priority: 4}}
calls: {grave: {known: [{after: 2 h, place: b}], on_scene: 30 min, needs: {line: 1}, priority: 1}}
""",
    )
    broken = one(records, "incident_interrupted", "protest-1:green")
    resumed = one(records, "incident_resumed", "protest-1:green")
    assert broken.time_s == 7200
    assert resumed.time_s == 7200 + (2 + 30 + 2) * 60
    between = [r for r in of(records, "posture_set") if broken.time_s <= r.time_s < resumed.time_s]
    assert between
    assert not any(r.values["line"] or r.values["officers"] for r in between)
