"""Reports that agencies share, or keep at their own desks first."""

# ruff: noqa: E501 - the lines of a scenario are as long as planners write them

from __future__ import annotations

import pytest

from kontijensi.vocabulary.records import Record
from tests.engine.scenes import CALM, minutes, of, one, rehearse
from tests.scenario.base_scenario import BASE, errors_of, said, with_fault
from tests.scenario.base_scenario import one as only

CROWD = """\
triggers:
  event: {at: [2024-11-27 07:30], places: {ids: [a]}, effects: [{do: gather_crowd, size: 60, grievance: 0, over: 0 s, stays: 3 h}]}
"""


def told(kind: str, command: str, delay: str = "4 min") -> list[Record]:
    people = f"community: {{observers: {{someone: {{kind: {kind}, detection_per_h: 3600, report_delay: {delay}}}}}}}\n"
    return rehearse(CALM + CROWD + people + f"command: {{handling: 0 s, {command}}}\n")


def relay_min(records: list[Record]) -> float:
    detected, reported = one(records, "incident_detected"), one(records, "incident_reported")
    return (reported.time_s - detected.time_s) / 60


@pytest.mark.parametrize("kind", ["kst", "linmas", "babinsa", "committee"])
def test_reports_that_are_not_shared_lie_at_another_agencys_desk_first(kind: str) -> None:
    assert relay_min(told(kind, "relay: 9 min")) == 4
    assert relay_min(told(kind, "shared_reports: false, relay: 9 min")) == 13


@pytest.mark.parametrize("kind", ["bhabinkamtibmas", "patrol", "citizen"])
def test_the_leading_agencys_own_people_and_citizens_report_to_the_posko_at_once(kind: str) -> None:
    assert relay_min(told(kind, "shared_reports: false, relay: 9 min")) == 4


def test_whoever_leads_has_the_reports_of_its_own_at_once() -> None:
    assert relay_min(told("babinsa", "shared_reports: false, relay: 9 min, lead: [tni]")) == 4
    assert relay_min(told("patrol", "shared_reports: false, relay: 9 min, lead: [tni]")) == 13


def test_sharing_changes_nothing_but_when_the_posko_knows() -> None:
    delay = "{dist: lognormal, mean: 4 min, cv: 0.6}"
    shared = told("kst", "relay: {dist: exponential, mean: 9 min}", delay)
    kept = told("kst", "shared_reports: false, relay: {dist: exponential, mean: 9 min}", delay)
    assert minutes(shared, "incident_detected") == minutes(kept, "incident_detected")
    assert relay_min(kept) > relay_min(shared)
    assert told("kst", "relay: 1 min", delay) == told("kst", "relay: 2 h", delay)


def test_false_alarms_lie_there_too() -> None:
    def reported(shared: str) -> list[float]:
        records = rehearse(
            "community: {observers: {kst: {kind: kst, places: {ids: [a]}, false_alarms_per_day: 48, report_delay: 0 s}}}\n"
            f"command: {{handling: 0 s, shared_reports: {shared}, relay: 9 min}}\n"
        )
        return [each.time_s for each in of(records, "incident_reported")]

    at_once, late = reported("true"), reported("false")
    assert at_once
    assert late[: len(at_once)] == pytest.approx([t + 540 for t in at_once if t + 540 < 4 * 3600])


def test_a_slip_is_told_where_it_stands() -> None:
    text, line, column = with_fault("  authorities:", "  shared_reports: §'no'\n  authorities:", BASE)
    problem = only(errors_of(text))
    assert said(problem) == "command.shared_reports: 'no': true or false is needed"
    assert (problem.line, problem.column) == (line, column)
