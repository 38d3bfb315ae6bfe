"""A situation that changes colour: the incidents it opens, who takes over, and when units are let go."""

# ruff: noqa: E501 - the lines of a scenario are as long as planners write them

from __future__ import annotations

from kontijensi.command.situation import ColourTracker
from kontijensi.scenario.schema.command import Situation
from tests.engine.scenes import minutes, of, one, rehearse

TURN = """\
crowd: {calm_leave_per_h: 0, fatigue_leave_per_h: 0, controlled_leave_per_h: 240}
community:
  camps: {a: {legitimacy: 0}}
  observers: {kst: {kind: kst, detection_per_h: 3600, report_delay: 1 min}}
triggers:
  protest:
    at: [2024-11-27 07:30]
    places: {ids: [a]}
    effects:
      - {do: gather_crowd, size: 30, grievance: 0, over: 0 s, stays: 90 min}
      - {do: second_wave, size: 120, grievance: 1, over: 0 s, after: 30 min}
units: {talks: {type: talks, base: pos}, dalmas: {type: dalmas, base: pos}}
"""
COMMAND = """\
command:
  handling: 0 s
  field_report: 1 min
  stand_down: 5 min
  situation: {yellow: {enter_active: 20, exit_active_share: 0.3, exit_violent: 1000, exit_after: 1 min}, red: {enter_violent: 100000}}
"""


def test_a_worse_colour_opens_an_incident_that_takes_over_who_is_there() -> None:
    records = rehearse(TURN + COMMAND)
    turned = one(records, "colour_changed", colour="yellow")
    assert 60 <= turned.time_s / 60 <= 65
    child = one(records, "incident_opened", "protest-1:yellow")
    assert (child.time_s, child.values["follows"]) == (turned.time_s, "protest-1:green")
    assert one(records, "incident_detected", "protest-1:yellow").values["by"] == "field", (
        "units are on the spot"
    )
    handover = one(records, "unit_departed", "talks", incident="protest-1:yellow")
    assert (handover.place, handover.values["travel_s"]) == ("a", 0), (
        "it need not leave to take up the next task"
    )
    formed = one(records, "incident_formed", "protest-1:yellow")
    assert set(formed.values["units"]) == {"talks", "dalmas"}
    parent = one(records, "incident_closed", "protest-1:green")
    assert (parent.time_s, parent.values["outcome"]) == (formed.time_s, "escalated")


def test_calm_brings_control_and_some_time_later_stand_down() -> None:
    records = rehearse(TURN + COMMAND.replace("exit_active_share: 0.3", "exit_active_share: 0.6"))
    calm = one(records, "colour_changed", colour="green")
    assert one(records, "incident_controlled", "protest-1:yellow").time_s == calm.time_s
    closed = one(records, "incident_closed", "protest-1:yellow")
    ended = one(records, "crowd_ended")
    assert closed.values["outcome"] == "controlled"
    assert closed.time_s == min(calm.time_s + 300, ended.time_s)
    assert {r.time_s for r in of(records, "unit_released")} == {closed.time_s}


def test_a_crowd_that_goes_home_before_anyone_has_formed_up_is_unaided() -> None:
    records = rehearse(
        TURN.replace("stays: 90 min", "stays: 5 min").replace("size: 120", "size: 0")
        + COMMAND.replace("handling: 0 s", "handling: 3 h 50 min")
    )
    assert one(records, "incident_closed", "protest-1:green").values["outcome"] == "unaided"
    assert not of(records, "unit_ordered")
    assert minutes(records, "incident_handled") == [], "the desk is still at it when the run ends"


def test_the_grandparent_s_units_are_taken_over_too() -> None:
    command = COMMAND.replace(
        "stand_down",
        "authorities: {late: {delay: 2 h}}\n  stages: {yellow: {needs: {dialogue: 1}, priority: 2, authority: late}, red: {needs: {dialogue: 1, line: 1}, priority: 1}}\n  stand_down",
    ).replace("enter_violent: 100000", "enter_active: 60, enter_active_share: 0.5")
    records = rehearse(TURN + command)
    assert one(records, "incident_opened", "protest-1:red").values["follows"] in {
        "protest-1:yellow",
        "protest-1:green",
    }
    assert one(records, "unit_departed", "talks", incident="protest-1:red").values["travel_s"] == 0


RULES = Situation.model_validate(
    {
        "yellow": {
            "enter_active": 10,
            "enter_active_share": 0.2,
            "enter_violent": 1,
            "exit_active_share": 0.1,
            "exit_after": "60 s",
        },
        "red": {"enter_violent": 8, "exit_active_share": 1.0, "exit_violent": 2, "exit_after": "120 s"},
    }
)


def colours(*steps: tuple[float, int, int, int]) -> list[str]:
    tracker, seen = ColourTracker(RULES), []
    for now_s, present, active, violent in steps:
        tracker.update(now_s, present, active, violent)
        seen.append(tracker.colour)
    return seen


def test_yellow_needs_both_number_and_share_or_any_violence() -> None:
    assert colours((0, 100, 9, 0), (10, 100, 10, 0)) == ["green", "green"]
    assert colours((0, 50, 10, 0)) == ["yellow"]
    assert colours((0, 1000, 1, 1)) == ["yellow"]
    assert colours((0, 1000, 8, 8)) == ["red"], "the gravest colour is entered at once"
    assert colours((0, 0, 0, 0)) == ["green"]


def test_a_colour_is_left_only_after_calm_without_a_break_and_one_step_at_a_time() -> None:
    assert colours(
        (0, 100, 50, 8), (10, 100, 50, 2), (100, 100, 50, 3), (110, 100, 50, 2), (229, 100, 50, 2), (230, 100, 0, 0),
        (240, 100, 0, 0), (299, 100, 0, 0), (300, 100, 0, 0),
    ) == ["red", "red", "red", "red", "red", "yellow", "yellow", "yellow", "green"]  # fmt: skip
