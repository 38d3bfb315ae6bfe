"""Who notices a crowd, how soon, and whether the report gets through."""

# ruff: noqa: E501 - the lines of a scenario are as long as planners write them

from __future__ import annotations

from math import exp

import numpy as np
import pytest

from kontijensi.community.observers import Observers, watch
from tests.engine.scenes import CALM, Scenario, minutes, of, one, rehearse, scene, stage

GATHER = """\
triggers:
  event: {at: [2024-11-27 07:30], places: {ids: [a]}, effects: [{do: gather_crowd, size: 60, grievance: 0, over: 0 s, stays: 3 h}]}
"""


def agents(kst: str) -> list[Observers]:
    operation, _ = stage(
        f"horizon: 1 s\ncommunity: {{observers: {{kst: {{kind: kst, report_delay: 0 s, {kst}}}}}}}\n"
    )
    return operation.scene.people.observers


@pytest.mark.parametrize(("size", "per_place", "training"), [(30, 1, 1.0), (120, 1, 1.0), (30, 3, 2.0)])
def test_the_time_to_notice_a_crowd_of_constant_size_is_exponential(
    size: int, per_place: int, training: float
) -> None:
    """Rate: observers x rate at the reference size x training x size / reference size; ticks of one second."""
    (observer, *_others) = agents(
        f"detection_per_h: 12, reference_size: 30, per_place: {per_place}, training: {training}"
    )
    rate_per_s = per_place * 12 / 3600 * training * size / 30
    rng, n = np.random.default_rng(5), 4000
    times = []
    for _ in range(n):
        watching, (due, _observer) = watch([observer], rng), (0.0, None)
        due = watching.waiting[0][0]
        times.append(due / size)
    mean = float(np.mean(times))
    assert abs(mean - 1 / rate_per_s) < 4 / rate_per_s / n**0.5
    early = float(np.mean(np.array(times) < 0.5 / rate_per_s))
    assert abs(early - (1 - exp(-0.5))) < 4 * 0.5 / n**0.5


def test_in_whole_runs_detection_takes_its_mean_time() -> None:
    observers = "community: {observers: {kst: {kind: kst, detection_per_h: 6, reference_size: 30, report_delay: 0 s}}}\n"
    scenario: Scenario = scene("crowd_tick: 60 s\nhorizon: 2 h\n" + CALM + GATHER + observers)
    delays = []
    for replication in range(60):
        _, records = stage(scenario, replication=replication)
        opened = one(records, "incident_opened").time_s
        delays.append((of(records, "incident_detected") or of(records, "run_ended"))[0].time_s - opened)
    # 60 people: 12 per hour, so 5 minutes, seen at the end of a tick of one minute.
    mean_s = 60 / (1 - exp(-60 / 300))
    assert abs(np.mean(delays) - mean_s) < 4 * 300 / 60**0.5


def test_noticing_adds_up_over_a_crowd_that_grows() -> None:
    (observer, *_others) = agents("detection_per_h: 12, reference_size: 30")
    watching = watch([observer], np.random.default_rng(1))
    (due, _who) = watching.waiting[0]
    passed, size = 0.0, 0.0
    while watching.pass_time(1.0, size) is None:
        passed, size = passed + size, size + 1
    assert passed < due <= passed + size


def test_nobody_notices_nobody() -> None:
    (observer, *_others) = agents("detection_per_h: 3600")
    watching = watch([observer], np.random.default_rng(1))
    assert all(watching.pass_time(3600.0, 0) is None for _ in range(100))
    assert watch(agents("detection_per_h: 0"), np.random.default_rng(1)).waiting == []


def test_a_report_takes_its_time_and_without_signal_another_or_is_lost() -> None:
    kst = "community: {observers: {kst: {kind: kst, detection_per_h: 3600, report_delay: 4 min, NO}}}\n"
    dark = "area:\n  places: {pos: {kind: polsek}, a: {kind: tps, voters: 1, signal: false}}\n  roads: {edges: [{between: [pos, a], time: 1 min}]}\n"

    def relay_min(changes: str) -> float | None:
        records = rehearse(CALM + GATHER + changes)
        detected = one(records, "incident_detected").time_s
        reported = of(records, "incident_reported")
        return (reported[0].time_s - detected) / 60 if reported else None

    runner = kst.replace("NO", "no_signal_delay: 30 min")
    assert relay_min(runner) == pytest.approx(4)
    assert relay_min(dark + runner) == pytest.approx(30)
    records = rehearse(CALM + GATHER + dark + kst.replace(", NO", ""))
    assert not of(records, "incident_reported")
    assert len(of(records, "report_lost")) == 1, "who cannot get through does not try for ever"


def test_the_share_of_reports_that_get_lost_is_lost() -> None:
    kst = "community: {observers: {kst: {kind: kst, detection_per_h: 3600, report_delay: 0 s, lost_share: 0.5}}}\n"
    scenario = scene("crowd_tick: 60 s\nhorizon: 1 h\n" + CALM + GATHER + kst)
    lost, n = 0, 80
    for replication in range(n):
        lost += bool(of(stage(scenario, replication=replication)[1], "report_lost"))
    assert abs(lost - n / 2) < 4 * n**0.5 / 2


def test_guards_on_the_spot_notice_at_once_but_linmas_leave_it_to_observers() -> None:
    posts = """\
area:
  zones: {red: {}}
  places: {pos: {kind: polsek}, a: {kind: tps, voters: 1, zone: red}}
  roads: {edges: [{between: [pos, a], time: 1 min}]}
posts: {guard: {by_zone: {red: {WHO: 4}}}}
command: {handling: 0 s, field_report: 7 min}
"""
    records = rehearse(CALM + GATHER + posts.replace("WHO", "police"))
    detected = one(records, "incident_detected")
    assert (detected.time_s, detected.values["by"]) == (1800, "posts")
    assert minutes(records, "incident_reported") == [37]
    assert not of(rehearse(CALM + GATHER + posts.replace("WHO", "linmas")), "incident_detected")


def test_with_a_perfect_picture_everything_is_known_at_once() -> None:
    records = rehearse(CALM + GATHER + "command: {handling: 0 s, picture: perfect}\n")
    assert minutes(records, "incident_reported") == minutes(records, "incident_opened") == [30]


def test_observers_watch_in_their_phases_only() -> None:
    text = """\
phases:
  vote: {kind: voting, start: 2024-11-27 07:00, end: 2024-11-27 07:20}
  count: {kind: counting, start: 2024-11-27 07:20, end: 2024-11-27 10:00}
community: {observers: {kst: {kind: kst, detection_per_h: 3600, report_delay: 0 s, phases: [PHASE]}}}
"""
    assert of(rehearse(CALM + GATHER + text.replace("PHASE", "count")), "incident_detected")
    assert not of(rehearse(CALM + GATHER + text.replace("PHASE", "vote")), "incident_detected")


def test_a_programme_sharpens_eyes_while_it_lasts() -> None:
    operation, _ = stage(
        """\
horizon: 90 min
community:
  observers: {kst: {kind: kst, report_delay: 0 s, training: 2}}
  programmes:
    long: {kind: night_watch, places: {ids: [a]}, times: [2024-11-27 07:30], raises_detection: 1.5, lasts: 3 h}
    over: {kind: night_watch, places: {ids: [b]}, times: [2024-11-27 07:30], raises_detection: 1.5, lasts: 30 min}
"""
    )
    rates = {o.place: o.noticing_per_person_s for o in operation.scene.people.observers}
    assert rates[1] == pytest.approx(2.5 * rates[0])
    assert rates[2] == pytest.approx(rates[0])


def test_false_alarms_come_at_their_rate_and_each_has_a_name_of_its_own() -> None:
    records = rehearse(
        """\
horizon: 4 d
units: {talks: {type: talks, base: pos, count: 3}}
command: {handling: 0 s, stages: {yellow: {needs: {dialogue: 1}, priority: 2}}}
community: {observers: {kst: {kind: kst, report_delay: 1 min, false_alarms_per_day: 900}}}
"""
    )
    opened = of(records, "incident_opened")
    assert abs(len(opened) - 3600) < 4 * 60
    assert len({r.entity for r in opened}) == len(opened)
    assert {r.values["outcome"] for r in of(records, "incident_closed")} == {"false"}
