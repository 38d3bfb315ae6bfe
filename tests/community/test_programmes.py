"""Programmes: when they are held, what they cost, and what they do to leaders and to the quiet period."""

# ruff: noqa: E501 - the lines of a scenario are as long as planners write them

from __future__ import annotations

import pytest

from kontijensi.analysis.outreach import programmes
from tests.engine.scenes import of, rehearse, scene, stage

HOUR_S = 3600.0
PHASES = """\
phases:
  quiet: {kind: quiet, start: 2024-11-28 00:00, end: 2024-12-01 00:00}
  vote: {kind: voting, start: 2024-12-01 00:00, end: 2024-12-02 00:00}
"""


def held(programme: str, rest: str = "horizon: 14 d\n") -> list[str]:
    scenario = scene(rest + f"community: {{programmes: {{x: {{places: {{ids: [a]}}, {programme}}}}}}}\n")
    calendar = scenario.world.calendar
    return [f"{calendar.local(r.time_s):%a %d %H:%M}" for r in of(stage(scenario)[1], "programme_held")]


def test_an_open_hour_is_held_on_fridays() -> None:
    friday = "kind: open_hour, daily_at: '10:00', weekdays: [friday], start: 2024-11-27 07:00, end: 2024-12-15 00:00"
    assert held(friday) == ["Fri 29 10:00", "Fri 06 10:00"]


def test_a_programme_of_a_phase_is_held_on_each_of_its_days() -> None:
    watch = "kind: night_watch, daily_at: '22:00', phases: [quiet]"
    assert held(watch, PHASES + "horizon: 14 d\n") == ["Thu 28 22:00", "Fri 29 22:00", "Sat 30 22:00"]


def test_a_phase_keeps_single_occasions_within_it() -> None:
    talk = "kind: community_meeting, times: [2024-11-27 19:00, 2024-11-29 19:00], phases: [quiet]"
    assert held(talk, PHASES + "horizon: 14 d\n") == ["Fri 29 19:00"]


def test_the_cost_is_people_times_hours_times_places_times_occasions() -> None:
    records = rehearse(
        "horizon: 9 d\ncommunity: {programmes: {watch: {kind: night_watch, places: {ids: [a, b]}, daily_at: '22:00', start: 2024-11-27 07:00, end: 2024-11-29 23:00, lasts: 4 h, people: 3}, never: {kind: open_hour, times: [2024-12-20 07:00]}}}\n"
    )
    found = programmes(records, ["watch", "never"])
    assert (found["watch"].held, found["watch"].person_hours) == (6, 6 * 12.0)
    assert (found["never"].held, found["never"].person_hours) == (0, 0.0)


def test_mediation_makes_a_camp_s_leaders_readier_to_talk_for_a_while() -> None:
    def willing(horizon: str) -> list[float]:
        operation, _ = stage(
            f"horizon: {horizon}\ncommunity: {{camps: {{a: {{share: 0.5, leader_willingness: 0.4}}, b: {{share: 0.5, leader_willingness: 0.4}}}}, willingness_recovery: 10 d, programmes: {{x: {{kind: mediation, places: {{ids: [a]}}, times: [2024-11-27 07:00], raises_willingness: {{b: 0.5}}}}}}}}\n"
        )
        people = operation.scene.people
        return [float(level) for place in (1, 2) for level in people.willingness.of_place(place)]

    assert willing("1 s") == pytest.approx([0.4, 0.7, 0.4, 0.4], abs=1e-5)
    assert willing("10 d") == pytest.approx([0.4, 0.4 + 0.3 * 2.718281828**-1, 0.4, 0.4], abs=1e-3)


def test_the_leaders_of_a_crowd_are_as_willing_as_their_village() -> None:
    from kontijensi.crowd.agents import CampLeader

    operation, _ = stage(
        """\
horizon: 30 min
community:
  camps: {a: {leader_willingness: 0.4}}
  programmes: {x: {kind: mediation, places: {ids: [a]}, times: [2024-11-27 07:00], raises_willingness: {a: 0.5}}}
triggers: {gather: {at: [2024-11-27 07:10], places: {ids: [a]}, effects: [{do: gather_crowd, size: 50, stays: 1 h}]}}
"""
    )
    (leader,) = operation.agents_by_type[CampLeader]
    assert leader.willingness == pytest.approx(0.7, abs=1e-3)


def test_tension_falls_over_the_quiet_period_where_programmes_run_and_only_there() -> None:
    operation, records = stage(
        PHASES
        + """\
horizon: 4 d
community:
  channels: {rivalry: {kind: rivalry, start: 0.5, rest: 0.5, decay: 30 d}, hoax: {kind: hoax, start: 0.5, rest: 0.5, decay: 30 d}}
  programmes: {meet: {kind: community_meeting, places: {ids: [a]}, daily_at: '19:00', phases: [quiet], lowers: {rivalry: 0.2}, ramp: 6 h}}
"""
    )
    tension = operation.scene.people.tension
    assert tension.at(1, "rivalry") == pytest.approx(0.5 * 0.8**3, rel=0.06)
    assert tension.at(2, "rivalry") == pytest.approx(0.5)
    assert tension.at(1, "hoax") == pytest.approx(0.5)
    assert len(of(records, "programme_held")) == 3


def test_better_training_makes_false_alarms_rarer_and_no_signal_swallows_them() -> None:
    def alarms(observer: str, signal: str = "") -> int:
        places = f"area:\n  places: {{pos: {{kind: polsek}}, a: {{kind: tps, voters: 300{signal}}}}}\n  roads: {{edges: [{{between: [pos, a], time: 2 min}}]}}\n"
        watch = f"community: {{observers: {{kst: {{kind: kst, places: {{ids: [a]}}, report_delay: 1 min, false_alarms_per_day: 20, {observer}}}}}}}\n"
        return len(of(rehearse(places + "horizon: 10 d\n" + watch), "incident_opened"))

    plain = alarms("training: 1")
    assert abs(plain - 200) < 4 * 200**0.5
    assert abs(alarms("training: 2") - 100) < 4 * 100**0.5
    assert alarms("training: 1", ", signal: false") == 0
    assert alarms("training: 1, no_signal_delay: 20 min", ", signal: false") == plain
