"""Every incident that is never answered has its reason on record, and none hangs a run or drops out of sight."""

# ruff: noqa: E501 - the lines of a scenario are as long as planners write them

from __future__ import annotations

import pytest

from kontijensi.analysis.responses import responses
from kontijensi.analysis.summary import summarise
from kontijensi.scenario.document import load_text
from kontijensi.scenario.problems import ScenarioError, Severity
from tests.engine.scenes import of, one, scene, scene_text, stage

CALL = "calls: {quarrel: {known: [{after: 1 min, place: b}], on_scene: 5 min}}\n"
RED = """\
horizon: 2 h
crowd: {calm_leave_per_h: 0, fatigue_leave_per_h: 0}
triggers:
  riot:
    at: [2024-11-27 07:30]
    places: {ids: [a]}
    effects: [{do: gather_crowd, size: 60, grievance: 0, over: 0 s, stays: 5 h}]
"""
SEEN = "community: {observers: {kst: {kind: kst, detection_per_h: 3600, report_delay: 0 s}}}\n"
LINE = "command: {handling: 0 s, stages: {green: {needs: {line: 1}, priority: 4}}}\n"
DALMAS = "units: {dalmas: {type: dalmas, base: pos}}\n"
AID = "mutual_aid: {polda: {type: dalmas, count: 1, arrives_at: pos, authority: polda, lead_time: 5 h, asked_at: yellow}}\n"
CASES = {
    "not_noticed": RED + LINE + DALMAS,
    "report_lost": RED + LINE + DALMAS + SEEN.replace("delay: 0 s", "delay: 0 s, lost_share: 1"),
    "not_reported": RED + LINE + DALMAS + SEEN.replace("delay: 0 s", "delay: 5 h"),
    "at_the_desk": RED + LINE.replace("handling: 0 s", "handling: 5 h") + DALMAS + SEEN,
    "approval_missing": RED
    + "command: {handling: 0 s, authorities: {kapolres: {delay: 5 h}}, stages: {green: {needs: {line: 1}, authority: kapolres}}}\n"
    + DALMAS
    + SEEN,
    "no_such_unit": RED + LINE + SEEN,
    "help_not_here": RED
    + "command: {handling: 0 s, authorities: {polda: {delay: 0 s}}, stages: {green: {needs: {line: 1}, priority: 4}}}\n"
    + AID
    + SEEN,
    "unit_off_shift": CALL
    + "units: {car: {type: patrol, base: pos, shifts: [{start: '18:00', end: '20:00'}]}}\n",
    "out_of_action": CALL
    + "triggers: {crash: {at: [2024-11-27 07:00], effects: [{do: lose_unit, unit: car, lasts: 1 d}]}}\n",
    "no_road": CALL
    + "triggers: {flood: {at: [2024-11-27 07:00], places: {ids: [b]}, effects: [{do: close_road, lasts: 1 d}]}}\n",
    "none_free": CALL.replace("place: b}]", "place: b}, {after: 2 min, place: b}]").replace("5 min}", "9 h}"),
    "held_back": CALL + "command: {handling: 0 s, dispatch: keep_reserve, reserve_share: 1}\n",
    "under_way": CALL + "horizon: 3 min\n",
}


@pytest.mark.parametrize("why", CASES)
def test_the_first_hindrance_is_on_record(why: str) -> None:
    scenario = scene(CASES[why])
    _operation, records = stage(scenario)
    found = of(records, "incident_unanswered")
    assert [record.values["why"] for record in found] == [why]
    row = next(row for row in responses(records, scenario.world) if row.incident == found[0].entity)
    assert (row.why, row.marks.formed) == (why, None)
    assert summarise(scenario.world, records)["responses"]["all"]["unanswered"] == {why: 1}


def test_a_road_that_closes_behind_the_order_is_told_as_no_road() -> None:
    text = (
        CALL
        + "triggers: {flood: {at: [2024-11-27 07:03], places: {ids: [b]}, effects: [{do: close_road, lasts: 1 d}]}}\n"
    )
    _operation, records = stage(text)
    assert one(records, "unit_ordered")
    assert one(records, "incident_unanswered").values["why"] == "no_road"


def test_a_formation_that_is_short_says_what_is_missing_and_that_somebody_came() -> None:
    _operation, records = stage(
        RED
        + SEEN
        + "units: {car: {type: patrol, base: pos}}\ncommand: {handling: 0 s, stages: {green: {needs: {presence: 1, line: 1}}}}\n"
    )
    told = one(records, "incident_unanswered").values
    assert told == {"why": "no_such_unit", "missing": "line", "reached": True}


@pytest.mark.parametrize(
    ("also", "outcome"), [(", patience: 3 min", "abandoned"), (", lost_when_busy: true", "lost")]
)
def test_a_call_given_up_or_lost_says_why_nobody_came(also: str, outcome: str) -> None:
    text = CALL.replace("place: b}]", "place: b}, {after: 2 min, place: b}]").replace(
        "5 min}", f"9 h{also}}}"
    )
    _operation, records = stage(text)
    closed = one(records, "incident_closed", outcome=outcome)
    assert one(records, "incident_unanswered", closed.entity).values["why"] == "none_free"


def test_what_was_answered_has_no_such_record() -> None:
    assert not of(stage(CALL)[1], "incident_unanswered")


LARGER = "calls: {quarrel: {known: [{after: 1 min, place: b}], on_scene: 5 min, needs: {patrol: 3}}}\n"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "formation larger than the fleet: 3 units with 'patrol' are needed, the roster has 1"),
        ("id", "formasi lebih besar daripada armada: diperlukan 3 satuan dengan 'patrol'"),
    ],
)
def test_a_call_that_no_fleet_could_serve_is_refused(language: str, words: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        load_text(scene_text(LARGER).replace("language: en", f"language: {language}"))
    (problem,) = [each for each in refused.value.problems if each.severity is Severity.ERROR]
    assert words in problem.message
    assert problem.path == ("calls", "quarrel", "needs", "patrol")


def test_a_stage_that_asks_for_more_than_roster_and_help_have_is_warned_of() -> None:
    found = load_text(scene_text(RED + SEEN + DALMAS + LINE.replace("line: 1", "line: 2"))).notes
    assert any("formation larger than the fleet" in each.message for each in found)
