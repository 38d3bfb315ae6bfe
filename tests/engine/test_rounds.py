"""Guards who share several stations go round, and notice what happens when they next look in."""

# ruff: noqa: E501 - the lines of a scenario are as long as planners write them

from __future__ import annotations

import numpy as np
import pytest

from kontijensi.vocabulary.records import Record
from tests.engine.scenes import CALM, minutes, of, rehearse, scene, stage
from tests.scenario.base_scenario import BASE, errors_of, said, with_fault
from tests.scenario.base_scenario import one as only

AREA = """\
area:
  zones: {r: {}}
  places: {pos: {kind: polsek}, a: {kind: tps, voters: 3600, tps: 12, zone: r}}
  roads: {edges: [{between: [pos, a], time: 2 min}]}
phases:
  vote: {kind: voting, start: 2024-11-27 07:00, end: 2024-11-27 08:00, exposes: [tps]}
  count: {kind: counting, start: 2024-11-27 08:00, end: 2024-11-27 11:00, exposes: [tps]}
triggers:
  event: {at: [2024-11-27 07:30], places: {ids: [a]}, effects: [{do: gather_crowd, size: 60, grievance: 0, over: 0 s, stays: 3 h}]}
"""


def scene_of(posts: str, people: str = "police: 2", more: str = "") -> str:
    return f"{CALM}{AREA}posts: {{jaga: {{by_zone: {{r: {{{people}}}}}, for_stations: 12, {posts}}}}}\n{more}"


def detected(records: list[Record]) -> list[tuple[object, float]]:
    found = of(records, "incident_detected")
    return [(record.values["by"], record.time_s / 60 - 30) for record in found]


def test_guards_who_stand_there_notice_at_once() -> None:
    assert detected(rehearse(scene_of("phases: [vote, count]"))) == [("posts", pytest.approx(0, abs=0.2))]


def test_the_time_until_they_look_in_is_uniform_over_their_round() -> None:
    scenario = scene("crowd_tick: 60 s\nhorizon: 2 h\n" + scene_of("rounds: 1 h, phases: [vote, count]"))
    delays = [detected(stage(scenario, replication=k)[1])[0][1] for k in range(100)]
    assert max(delays) <= 61
    # Mean 30 min, seen at the end of a tick of one minute; standard deviation of a uniform hour.
    assert abs(np.mean(delays) - 30.5) < 4 * 60 / 12**0.5 / 100**0.5
    assert abs(np.std(delays) - 60 / 12**0.5) < 4


def test_whoever_notices_sooner_reports_and_guards_add_nothing() -> None:
    kst = "community: {observers: {kst: {kind: kst, detection_per_h: 3600, report_delay: 0 s}}}\n"
    records = rehearse(scene_of("rounds: 3 h, phases: [vote, count]", more=kst))
    assert [by for by, _delay in detected(records)] == ["kst"]
    assert len(of(records, "incident_reported")) == 1


def test_guards_whose_duty_has_ended_do_not_come_by() -> None:
    found = [
        detected(stage(scene(scene_of("rounds: 2 h, phases: [vote]")), replication=k)[1]) for k in range(12)
    ]
    soon = [delay for each in found for _by, delay in each]
    assert all(delay <= 30.2 for delay in soon)
    assert 0 < len(soon) < 12


def test_people_who_use_no_force_are_no_guards_on_a_round() -> None:
    assert detected(rehearse(scene_of("rounds: 10 min, phases: [vote, count]", people="linmas: 24"))) == []


def test_what_guards_have_found_they_stay_with_when_it_grows_worse() -> None:
    angry = "{do: gather_crowd, size: 200, grievance: 1, over: 0 s, stays: 2 h}"
    text = scene_of("rounds: 20 min, phases: [vote, count]").replace(
        "posts:", f"  worse: {{at: [2024-11-27 08:30], places: {{ids: [a]}}, effects: [{angry}]}}\nposts:"
    )
    alone = "community: {camps: {a: {legitimacy: 0.1}}}\ncommand: {stages: {green: {needs: {line: 1}}, yellow: {needs: {line: 1}}, red: {needs: {line: 1}}}}\n"
    records = rehearse(text + alone)
    opened, seen = minutes(records, "incident_opened"), minutes(records, "incident_detected")
    assert len(opened) == len(seen) >= 2
    assert 0 < seen[0] - opened[0] <= 20.2
    assert seen[1:] == opened[1:]
    assert opened[1] >= 90


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "by_zone: {merah: {police: 8}}}",
            "by_zone: {merah: {police: 8}}, rounds: §0 s}",
            "posts.jaga.rounds: '0 s': a round must take some time; leave it out where they notice at once",
        ),
        (
            "by_zone: {merah: {police: 8}}}",
            "by_zone: {merah: {police: 8}}, rounds: §30}",
            "posts.jaga.rounds: 30: '30': write a unit",
        ),
    ],
)
def test_slips_are_told_where_they_stand(old: str, new: str, told: str) -> None:
    text, line, column = with_fault(old, new, BASE)
    problem = only(errors_of(text))
    assert said(problem).startswith(told)
    assert (problem.line, problem.column) == (line, column)
