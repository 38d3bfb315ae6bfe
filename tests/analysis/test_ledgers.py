"""Harm, force, legitimacy, continuity, colours, calls and aid: counted by hand."""

from __future__ import annotations

import pytest

from kontijensi.analysis.aid import aid
from kontijensi.analysis.continuity import interruption, stops
from kontijensi.analysis.escalations import changes, escalation, outcomes
from kontijensi.analysis.force import crush_warnings, force_ledger, harm_ledger
from kontijensi.analysis.legitimacy import legitimacy, tension
from kontijensi.analysis.queueing import stream, streams
from kontijensi.analysis.responses import responses
from kontijensi.analysis.situation import situation, situation_frame
from tests.analysis.logbook import Log, call, grid, serve

PHASES = {
    "vote": {"kind": "voting", "start": "2024-11-27 07:00", "end": "2024-11-27 07:20", "exposes": ["tps"]},
    "count": {"kind": "counting", "start": "2024-11-27 07:20", "end": "2024-11-27 08:00", "exposes": ["tps"]},
}


def test_harm_is_kept_apart_by_cause_group_and_severity() -> None:
    log = Log()
    for cause, group, severity, people in (
        ("crush", "public", "severe", 2),
        ("crush", "public", "severe", 1),
        ("crush", "public", "minor", 4),
        ("crowd_violence", "officer", "minor", 5),
        ("irritant", "public", "minor", 0),
    ):
        log(1, "harm", "c1", "5", cause=cause, group=group, severity=severity, people=people)
    lines = [(x.cause, x.group, x.severity, x.people) for x in harm_ledger(log.records)]
    assert lines == [
        ("crowd_violence", "officer", "minor", 5),
        ("crush", "public", "minor", 4),
        ("crush", "public", "severe", 3),
    ]


def test_indiscriminate_force_is_weighed_by_its_time() -> None:
    log = Log()
    log(1, "force_used", "c1", "5", means="water", seconds=30.0, indiscriminate=0.9)
    log(2, "force_used", "c1", "5", means="water", seconds=60.0, indiscriminate=0.3)
    log(2, "force_used", "c1", "5", means="push", seconds=0.0, indiscriminate=0.5)
    push, water = force_ledger(log.records)
    assert (water.uses, water.seconds, water.indiscriminate) == (2, 90.0, pytest.approx(0.5))
    assert (push.means, push.indiscriminate) == ("push", None)


def test_crush_warnings_name_the_worst_and_count_a_crowd_once() -> None:
    log = Log()
    log(1, "crush_warning", "c1", "5", density_pm2=5.6, enclosed=False)
    log(2, "crush_warning", "c1", "6", density_pm2=6.5, enclosed=True)
    found = crush_warnings(log.records)
    assert (found.n, found.enclosed, found.highest_pm2, found.at) == (1, 1, 6.5, "6")
    assert crush_warnings([]).highest_pm2 is None


def test_the_highest_density_may_come_after_the_last_warning() -> None:
    log = Log()
    log(1, "crowd_sampled", "c1", "5", present=900, density_pm2=4.0)
    assert crush_warnings(log.records).highest_pm2 is None
    log(2, "crush_warning", "c1", "5", density_pm2=5.1, enclosed=False)
    log(3, "crowd_sampled", "c1", "5", present=900, density_pm2=8.0)
    log(4, "crowd_sampled", "c2", "6", present=900, density_pm2=6.0)
    found = crush_warnings(log.records)
    assert (found.n, found.highest_pm2, found.at) == (1, 8.0, "5")


def test_legitimacy_and_tension_from_first_to_last_sample() -> None:
    log = Log()
    for minute, mean, lowest, village in ((0, 0.75, 0.7, "1"), (10, 0.6, 0.2, "5"), (20, 0.65, 0.3, "5")):
        log(minute, "legitimacy_sampled", "a", None, mean=mean, lowest=lowest, at=village)
    log(5, "legitimacy_cut", "a", "5", by=0.1, reach="place")
    log(0, "tension_sampled", "hoax", None, mean=0.1, highest=0.4, at="3")
    log(9, "tension_sampled", "hoax", None, mean=0.3, highest=0.3, at="2")
    (camp,) = legitimacy(log.in_order())
    assert (camp.change, camp.extreme, camp.at, camp.moved_by_events) == (pytest.approx(-0.1), 0.2, "5", 0.1)
    (channel,) = tension(log.in_order())
    assert (channel.change, channel.extreme, channel.at) == (pytest.approx(0.2), 0.4, "3")


def test_voting_lost_in_tps_minutes_and_voters() -> None:
    places = {
        "school": {"kind": "tps", "tps": 3, "voters": 900},
        "hall": {"kind": "tps", "voters": 300},
        "kpu": {"kind": "kpu"},
    }
    edges = [{"between": [a, b], "time": "1 min"} for a, b in (("school", "hall"), ("hall", "kpu"))]
    unit = {"U1": {"type": "patrol", "base": "kpu"}}
    world = grid(area={"places": places, "roads": {"edges": edges}}, phases=PHASES, units=unit)
    log = Log()
    log(2, "voting_stopped", "vote", "school", voters=900)
    log(6, "voting_resumed", "vote", "school", stopped_s=240)
    log(10, "voting_stopped", "vote", "school", voters=900)
    log(12, "voting_resumed", "vote", "school", stopped_s=120)
    log(18, "voting_stopped", "vote", "hall", voters=300)  # to the end of the phase at 20
    log(25, "voting_stopped", "count", "kpu", voters=0)  # to the end of the run at 30
    found = stops(log.records, world)
    assert [(s.phase_kind, s.tps_minutes, s.resumed) for s in found] == [
        ("voting", 12.0, True),
        ("voting", 6.0, True),
        ("voting", 2.0, False),
        ("counting", 0.0, False),
    ]
    whole = interruption(found)
    assert (whole.stops, whole.tps_minutes, whole.place_minutes) == (4, 20.0, 13.0)
    assert (whole.voters_affected, whole.never_resumed) == (1200, 2)


def test_colours_by_phase_and_endings() -> None:
    log = Log()
    log(1, "incident_opened", "A", "5", sort="crowd", of="c1", colour="yellow")
    log(1, "incident_opened", "B", "5", sort="crowd", of="c2", colour="green")
    for minute, colour, was in ((1, "yellow", "green"), (5, "red", "yellow"), (25, "green", "red")):
        log(minute, "colour_changed", "c1", "5", colour=colour, was=was)
    log(26, "incident_closed", "A", "5", outcome="unaided")
    found = changes(log.records, grid(phases=PHASES))
    assert [(c.phase_kind, c.rises) for c in found] == [
        ("voting", True),
        ("voting", True),
        ("counting", False),
    ]
    whole = escalation(found)
    assert (whole.to_yellow, whole.to_red, whole.eased) == (1, 1, 1)
    assert outcomes(log.records) == {"open": 1, "unaided": 1}


def test_people_present_are_summed_over_crowds_and_end_with_them() -> None:
    log = Log()
    log(0, "crowd_sampled", "c1", "5", present=100, quiet=90, active=10, violent=0)
    log(6, "crowd_sampled", "c2", "6", present=50, quiet=50, active=0, violent=0)
    log(12, "crowd_sampled", "c1", "5", present=80, quiet=40, active=30, violent=10)
    log(18, "crowd_ended", "c1", "5", joined=100, left=100, arrested=0, injured=0, departed=0)
    found = situation(log.records)
    assert found.people[:, 0].tolist() == [100, 150, 130, 50]
    assert found.peak("present") == (150, 360.0)
    assert found.peak("violent") == (10, 720.0)
    assert found.person_hours("present", 1800) == pytest.approx(10 + 15 + 13 + 50 * 12 / 60)
    assert situation_frame(found)["active"].tolist() == [10, 10, 30, 0]
    assert situation([]).peak("active") == (0, None)


def test_every_call_is_in_exactly_one_place() -> None:
    log = Log()
    for name, minute in (("A", 0), ("B", 1), ("C", 2), ("D", 3), ("E", 4)):
        call(log, name, "5", opened=minute, desk=minute, handled=minute + 1)
    serve(log, "U1", "A", "1", "5", ordered=3, arrives=5, clears=9)
    log(6, "incident_closed", "B", "5", outcome="abandoned")
    log(4, "incident_closed", "C", "5", outcome="lost")
    log(20, "unit_ordered", "U2", "9", incident="D", capability="patrol")
    rows = responses(log.in_order(), grid())
    found = stream(rows)
    assert (found.answered, found.abandoned, found.lost, found.on_scene, found.waiting) == (1, 1, 1, 1, 1)
    assert found.calls == 5
    assert found.blocking == 0.2
    assert (found.unit_wait.answered, found.unit_wait.mean_answered) == (2, 60 * (2 + 16) / 2)
    assert found.in_system.mean_answered == 9 * 60
    assert streams(rows) == {"calls": found}


def test_aid_never_asked_for_is_told_too() -> None:
    log = Log()
    log(3, "aid_asked", "brimob", "5", incident="A")
    log(8, "aid_agreed", "brimob", "5", arrives_s=1500)
    log(25, "aid_arrived", "brimob", "1", units=["b-1", "b-2"])
    found = aid(log.records, ["brimob", "tni"])
    assert (found["brimob"].units, found["brimob"].delay_s) == (2, 22 * 60)
    assert (found["tni"].asked, found["tni"].delay_s) == (0, None)
