"""Voting and counting that stop while a place is disturbed."""

# ruff: noqa: E501 - the lines of a scenario are as long as planners write them

from __future__ import annotations

import pytest

from tests.engine.scenes import of, one, rehearse

DISTURBED = """\
crowd: {calm_leave_per_h: 0, fatigue_leave_per_h: 0, controlled_leave_per_h: 240}
command: {handling: 0 s, situation: {yellow: {enter_active: 0, exit_after: 10 h}, red: {enter_violent: 10000}}}
phases:
  vote: {kind: voting, start: 2024-11-27 07:00, end: 2024-11-27 09:00, exposes: [tps]}
  count: {kind: counting, start: 2024-11-27 09:00, end: 2024-11-27 10:30, exposes: [tps]}
triggers:
  event:
    at: [2024-11-27 08:00]
    places: {ids: [a]}
    effects: [{do: gather_crowd, size: 20, grievance: 0, over: 0 s, stays: STAYS}]
"""


def test_voting_stops_with_the_disturbance_and_goes_on_when_the_crowd_has_gone() -> None:
    records = rehearse(DISTURBED.replace("STAYS", "10 min"))
    stopped, resumed = one(records, "voting_stopped"), one(records, "voting_resumed")
    assert (stopped.entity, stopped.place, stopped.values["voters"]) == ("vote", "a", 300)
    assert stopped.time_s == one(records, "colour_changed", colour="yellow").time_s
    assert resumed.time_s == one(records, "crowd_ended").time_s < 9 * 3600
    assert resumed.values["stopped_s"] == resumed.time_s - stopped.time_s > 600
    assert resumed.parent == stopped.id


def test_what_stopped_is_over_with_its_phase_and_stops_the_next_one_once() -> None:
    records = rehearse(DISTURBED.replace("STAYS", "5 h"))
    told = [
        (r.kind.value, r.entity, round(r.time_s / 60)) for r in records if r.kind.value.startswith("voting")
    ]
    assert told == [
        ("voting_stopped", "vote", 60),
        ("voting_resumed", "vote", 120),
        ("voting_stopped", "count", 120),
        ("voting_resumed", "count", 210),
    ]


def test_a_disturbance_at_the_instant_of_a_new_phase_stops_that_phase_only() -> None:
    """The crowd comes 10 s before the end of voting, so that its first tick falls on the bound itself."""
    records = rehearse(
        DISTURBED.replace("STAYS", "5 h").replace("at: [2024-11-27 08:00]", "at: [2024-11-27 08:59:50]")
    )
    assert one(records, "colour_changed").time_s == 2 * 3600
    assert one(records, "voting_stopped").entity == "count"


@pytest.mark.parametrize(
    "change",
    [("exposes: [tps]", "exposes: [kpu]"), ("kind: voting", "kind: other"), ("ids: [a]", "ids: [c]")],
)
def test_nothing_stops_where_nothing_is_at_work(change: tuple[str, str]) -> None:
    records = rehearse(DISTURBED.replace("STAYS", "10 min").replace(*change))
    assert of(records, "colour_changed")
    assert not of(records, "voting_stopped")
