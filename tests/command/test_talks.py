"""Talks that may fail: who is reached, what the odds depend on, when they are tried again, what they end."""

# ruff: noqa: E501 - the lines of a scenario are as long as planners write them

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from kontijensi.command.talks import Standing, Talks
from kontijensi.vocabulary.records import Record
from tests.engine.scenes import CALM, minutes, of, one, rehearse, scene, stage
from tests.scenario.base_scenario import errors_of, said, with_fault
from tests.scenario.base_scenario import one as only

SCENE = (
    CALM
    + """\
crowd_tick: 60 s
horizon: 6 h
community:
  camps: {a: {legitimacy: 0.9, identity: 0, leader_willingness: WILLING}}
  observers: {kst: {kind: kst, detection_per_h: 3600, report_delay: 0 s}}
unit_types:
  talks: {agency: police, capabilities: [dialogue], personnel: 4, turn_out: 1 min, reaches: 60}
  elders: {agency: community, capabilities: [mediation], personnel: 3, turn_out: 1 min, reaches: 60}
  answer: {agency: committee, capabilities: [audience], personnel: 2, turn_out: 1 min}
units: {UNITS}
triggers:
  event: {at: [2024-11-27 07:30], places: {ids: [a]}, effects: [{do: gather_crowd, size: SIZE, grievance: 0, over: 0 s, stays: 6 h}]}
  # more
command:
  handling: 0 s
  posture: dialogue_first
  stages: {green: {needs: {NEEDS: 1}, also: {audience: 1}, priority: 4}}
  talks: {round: 10 min, again_after: 25 min, odds: ODDS, without_answer: 0.5, listening: 0.3}
"""
)
TEAM, ELDERS, ANSWER = (
    "talks: {type: talks, base: pos}",
    "elders: {type: elders, base: pos}",
    "answer: {type: answer, base: pos}",
)


def talked(
    units: str, *, odds: float = 1.0, needs: str = "dialogue", willing: float = 1.0, size: int = 60,
    replication: int = 0, **changes: str,
) -> list[Record]:  # fmt: skip
    text = SCENE.replace("UNITS", units).replace("NEEDS", needs).replace("WILLING", str(willing))
    text = text.replace("ODDS", str(odds)).replace("SIZE", str(size))
    for old, new in changes.items():
        text = text.replace(old.replace("__", ": "), new)
    return stage(scene(text), replication=replication)[1]


def answers(records: list[Record]) -> list[tuple[str, float]]:
    return [(r.values["outcome"], r.values["odds"]) for r in of(records, "talks_held")]


def test_a_round_takes_its_time_and_the_agreement_gives_talks_their_whole_strength() -> None:
    records = talked(f"{TEAM}, {ANSWER}")
    held = one(records, "talks_held")
    assert held.values == {
        "camp": "a", "outcome": "accepted", "odds": 1.0, "audience": True, "units": ["talks", "answer"],
    }  # fmt: skip
    first = next(r for r in of(records, "posture_set") if r.values["dialogue"] > 0)
    assert first.values["dialogue"] == pytest.approx(0.3)
    assert held.time_s == first.time_s + 600
    assert next(r for r in of(records, "posture_set") if r.time_s >= held.time_s).values["dialogue"] == 1.0


def test_without_anybody_who_can_answer_the_odds_are_lower() -> None:
    (_outcome, odds), *_more = answers(talked(TEAM, odds=0.8))
    assert odds == pytest.approx(0.4)
    assert answers(talked(f"{TEAM}, {ANSWER}", odds=0.8))[0][1] == pytest.approx(0.8)


def test_the_odds_fall_with_unwilling_leaders_and_with_people_nobody_reaches() -> None:
    units = f"{TEAM}, {ANSWER}"
    assert answers(talked(units, willing=0.4, odds=0.5))[0][1] == pytest.approx(0.2)
    assert answers(talked(units, size=240, odds=0.8))[0][1] == pytest.approx(0.2, abs=0.01)
    second = units.replace("base: pos", "base: pos, count: 2", 1)
    both = talked(second, size=240, odds=0.8).copy()
    assert answers(both)[0][1] == pytest.approx(0.2, abs=0.01), "one team is all that was sent"


def test_refused_they_try_again_after_a_while_and_nobody_listens_meanwhile() -> None:
    records = talked(f"{TEAM}, {ANSWER}", odds=0.0)
    held = of(records, "talks_held")
    assert {r.values["outcome"] for r in held} == {"refused"}
    assert len(held) > 3
    gaps = {round((b.time_s - a.time_s) / 60, 6) for a, b in pairwise(held)}
    assert gaps == {35.0}, "25 minutes of silence and another round"
    during = [
        r.values["dialogue"]
        for r in of(records, "posture_set")
        if held[0].time_s <= r.time_s < held[0].time_s + 1500
    ]
    assert during == [0.0]


def test_over_many_runs_camps_accept_as_often_as_the_odds_say() -> None:
    n = 120
    accepted = sum(
        answers(talked(f"{TEAM}, {ANSWER}", odds=0.35, replication=k, horizon__6="horizon: 1"))[0][0]
        == "accepted"
        for k in range(n)
    )
    assert abs(accepted - 0.35 * n) < 4 * (0.35 * 0.65 * n) ** 0.5


def test_whom_people_distrust_they_do_not_hear_but_they_hear_their_elders() -> None:
    """Legitimacy below the floor of trust: police talks reach nobody, community leaders do."""
    angry = {"legitimacy__0.9": "legitimacy: 0.15"}
    assert answers(talked(f"{TEAM}, {ANSWER}", **angry)) == []
    (_outcome, odds), *_more = answers(talked(f"{ELDERS}, {ANSWER}", needs="mediation", **angry))
    assert odds == pytest.approx(0.7), "mediator_trust"


def test_a_mediator_must_travel_and_reaches_only_so_many() -> None:
    records = talked(f"{ELDERS}, {ANSWER}", needs="mediation", size=240)
    arrived = one(records, "unit_arrived", "elders", incident="event-1:green")
    ordered = one(records, "unit_ordered", "elders")
    assert arrived.time_s - ordered.time_s == pytest.approx(3 * 60)
    first = next(r for r in of(records, "posture_set") if r.values["dialogue"] > 0)
    assert first.time_s >= arrived.time_s
    assert answers(records)[0][1] == pytest.approx(0.7 * 60 / 240, abs=0.01)


def test_a_disorderly_crowd_whose_delegates_were_heard_goes_home_and_an_orderly_one_stays() -> None:
    leave = {
        "calm_leave_per_h__0": "calm_leave_per_h: 0",
        "green__{needs": "green: {needs: {}}, yellow: {needs",
    }
    yellow = {
        **leave,
        "posture__dialogue_first": "posture: dialogue_first\n  situation: {yellow: {enter_active: 0, exit_active_share: 0, exit_violent: 0, exit_after: 5 h}}",
    }
    units = f"{TEAM}, {ANSWER}"

    def present_at_end(records: list[Record]) -> int:
        return int(of(records, "crowd_sampled")[-1].values["present"])

    heard = talked(units, **yellow)
    assert answers(heard)[0] == ("accepted", 1.0)
    assert of(heard, "crowd_ended"), "they agreed, and went"
    unheard = talked(TEAM, **yellow)
    assert "accepted" in dict(answers(unheard))
    assert present_at_end(unheard) == 60, "nobody could answer: they agree to keep the peace, and stay"
    orderly = talked(units)
    assert answers(orderly) == [("accepted", 1.0)]
    assert present_at_end(orderly) == 60, "a lawful assembly is nobody's to end"


def test_who_leaves_in_the_middle_of_a_round_breaks_it_off() -> None:
    gone = "gone: {at: [2024-11-27 07:40], places: {ids: [a]}, effects: [{do: lose_unit, unit: talks, lasts: 5 h}]}"
    records = talked(f"{TEAM}, {ANSWER}", **{"# more": gone})
    assert answers(records)[0] == ("broken_off", 0.0)
    assert len(answers(records)) == 2, "fit again, they come back and begin anew"


def test_without_the_section_talks_go_on_all_the_time_as_before() -> None:
    text = SCENE[: SCENE.index("  talks: {round")]
    text = (
        text.replace("UNITS", TEAM)
        .replace("NEEDS", "dialogue")
        .replace("WILLING", "0.5")
        .replace("SIZE", "60")
    )
    records = rehearse(text.replace("also: {audience: 1}, ", ""))
    assert not of(records, "talks_held")
    assert max(r.values["dialogue"] for r in of(records, "posture_set")) == pytest.approx(0.5)


def test_a_graver_situation_voids_an_agreement() -> None:
    operation, _ = stage(scene("horizon: 1 s\n"))
    talks = Talks(operation.scene.around, "crowd", (), lambda **_values: None, lambda: None)
    talks.standing = {0: Standing.AGREED, 1: Standing.TURNED_AWAY}
    talks.grow_worse()
    assert talks.standing == {0: Standing.SILENT, 1: Standing.TURNED_AWAY}


@pytest.mark.parametrize(
    ("new", "told"),
    [
        ("talks: {round: §0 s}", "command.talks.round: '0 s': a round of talks must take some time"),
        ("talks: {odds: §1.5}", "command.talks.odds: 1.5: must be at most 1"),
        ("mediator_trust: §-1", "command.mediator_trust: -1: must be at least 0"),
        ("lower_profile: {presence: §2}", "command.lower_profile.presence: 2: must be at most 1"),
    ],
)
def test_slips_are_told_where_they_stand(new: str, told: str) -> None:
    text, line, column = with_fault("  authorities: {kapolres", f"  {new}\n  authorities: {{kapolres")
    problem = only(errors_of(text))
    assert said(problem) == told
    assert (problem.line, problem.column) == (line, column)


RIOT = """\
crowd: {violence_threshold: 2, calm_leave_per_h: 0, fatigue_leave_per_h: 0}
horizon: 2 h
community:
  camps: {a: {legitimacy: 0.3, identity: IDENTITY}}
  observers: {kst: {kind: kst, detection_per_h: 3600, report_delay: 0 s}}
units: {dalmas: {type: dalmas, base: pos, count: 2}}
triggers:
  riot: {at: [2024-11-27 07:30], places: {ids: [a]}, effects: [{do: gather_crowd, size: 150, grievance: 1, over: 0 s, stays: 3 h}]}
command:
  handling: 0 s
  posture: POSTURE
  situation: {yellow: {enter_active: 0}, red: {enter_active: 1, enter_violent: 100000}}
  stages: {red: {needs: {line: 1}, priority: 1}}
  lower_profile: {identity: 0.5, legitimacy: LEGITIMACY, presence: 0.2}
"""


def riot(posture: str, **values: Any) -> list[Record]:
    text = RIOT.replace("POSTURE", posture)
    for name, value in {"IDENTITY": 0.7, "LEGITIMACY": 0.0, **values}.items():
        text = text.replace(name, str(value))
    return rehearse(text)


def test_stepping_back_is_written_and_leaves_few_officers_and_no_line_in_sight() -> None:
    records = riot("dialogue_first")
    back = next(r for r in of(records, "posture_set") if r.values["posture"] == "withdraw")
    assert (back.values["officers"], back.values["line"], back.values["push"]) == (6, False, False)
    assert not of(records, "force_used")
    assert back.values["units"] == ["dalmas"], "they are at hand"


def test_a_crowd_that_is_left_in_peace_lets_go_of_its_identity_and_one_that_is_pushed_does_not() -> None:
    def felt(records: list[Record], name: str) -> float:
        return float(of(records, "crowd_sampled")[-1].values[name][0])

    back, pushed = riot("dialogue_first"), riot("staged")
    assert of(pushed, "force_used")
    assert felt(back, "identity") < felt(pushed, "identity")
    assert felt(back, "legitimacy") > felt(pushed, "legitimacy")


def test_low_legitimacy_alone_is_reason_enough_and_neither_is_none() -> None:
    assert minutes(riot("dialogue_first", IDENTITY=0.0, LEGITIMACY=0.35), "posture_set", posture="withdraw")
    assert not minutes(riot("dialogue_first", IDENTITY=0.0), "posture_set", posture="withdraw")


def test_what_nobody_uses_changes_nothing() -> None:
    """A mediator's type that no unit has, an authority nobody asks, rules of stepping back that never hold."""
    plain = riot("staged")
    more = RIOT.replace("POSTURE", "staged").replace("IDENTITY", "0.7").replace("LEGITIMACY", "0.9")
    more = more.replace(
        "  handling: 0 s\n",
        "  handling: 0 s\n  mediator_trust: 0.1\n  no_signal_report: 9 min\n  authorities: {chief: {delay: 1 h, learns: {}, grants: [tni]}}\n",
    )
    more += """\
unit_types:
  elders: {agency: community, capabilities: [mediation], personnel: 3, turn_out: 1 min, reaches: 60}
  dalmas: {agency: police, capabilities: [presence, dialogue, line, push, arrest], personnel: 30, turn_out: 1 min}
"""
    assert rehearse(more) == plain
