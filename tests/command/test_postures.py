"""What the posture policies do at each step, and what they never do."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kontijensi.command.policies import UnknownPolicyError
from kontijensi.command.postures import BUILT_IN, FieldView, Posture, posture_policy
from kontijensi.scenario.schema.force import FORCEFUL, Capability
from tests.engine.scenes import of, rehearse

ALL = FieldView(
    colour="red",
    present=200,
    active=100,
    violent=10,
    capabilities=frozenset(Capability),
    formed=True,
    in_colour_s=0.0,
    enclosed=False,
    irritant_left=10.0,
    water_left=1000.0,
)
STEPS = ("push", "water", "irritant")
views = st.builds(
    FieldView,
    colour=st.sampled_from(["green", "yellow", "red"]),
    present=st.just(200),
    active=st.integers(0, 100),
    violent=st.integers(0, 50),
    capabilities=st.frozensets(st.sampled_from(list(Capability))),
    formed=st.booleans(),
    in_colour_s=st.floats(0, 7200),
    enclosed=st.booleans(),
    irritant_left=st.sampled_from([0.0, 10.0]),
    water_left=st.sampled_from([0.0, 1000.0]),
    inflames=st.booleans(),
)


def force(posture: Posture) -> int:
    return sum(getattr(posture, step) for step in STEPS)


@given(views)
def test_no_policy_does_what_nobody_there_can_or_may_do(view: FieldView) -> None:
    for policy in BUILT_IN.values():
        posture = policy(view, 600.0)
        talking = {Capability.DIALOGUE} if Capability.MEDIATION in view.capabilities else set()
        done = {Capability(step) for step in (*STEPS, "line", "arrest", "dialogue") if getattr(posture, step)}
        assert done <= view.capabilities | talking, "community leaders talk too"
        if posture.withdraw:
            assert done <= {Capability.DIALOGUE}, "who steps back uses no force and holds no line"
        if not view.formed:
            assert done <= {Capability.DIALOGUE}
        if view.enclosed or view.irritant_left == 0:
            assert not posture.irritant
        if view.water_left == 0:
            assert not posture.water
        if view.colour == "green":
            assert not done & FORCEFUL, "no force against an orderly assembly"


@given(views)
def test_dialogue_first_never_uses_more_force_than_staged_nor_staged_than_force_first(
    view: FieldView,
) -> None:
    used = [BUILT_IN[name](view, 600.0) for name in ("dialogue_first", "staged", "force_first")]
    for milder, harsher in pairwise(used):
        assert all(getattr(milder, step) <= getattr(harsher, step) for step in STEPS)
        assert milder.arrest <= harsher.arrest


@given(views, st.floats(0, 7200))
def test_time_in_a_colour_never_takes_a_step_back(view: FieldView, later_s: float) -> None:
    for policy in BUILT_IN.values():
        before, after = (
            policy(view, 600.0),
            policy(replace(view, in_colour_s=view.in_colour_s + later_s), 600.0),
        )
        assert force(before) <= force(after)


@pytest.mark.parametrize(
    ("policy", "starts_min"),
    [
        ("dialogue_first", {"line": 0, "arrest": 0, "push": 20, "water": 30, "irritant": 40}),
        ("staged", {"line": 0, "arrest": 0, "push": 0, "water": 10, "irritant": 20}),
        ("force_first", {"line": 0, "arrest": 0, "push": 0, "water": 0, "irritant": 0}),
    ],
)
def test_each_step_at_red_begins_when_the_one_before_was_tried_long_enough(
    policy: str, starts_min: dict[str, int]
) -> None:
    for minute, (step, start) in product(range(0, 60, 5), starts_min.items()):
        posture = BUILT_IN[policy](replace(ALL, in_colour_s=minute * 60.0), 600.0)
        assert getattr(posture, step) == (minute >= start), (minute, step)


def test_at_once_is_when_no_time_is_given_to_a_step() -> None:
    for name in BUILT_IN:
        for colour, in_colour_s in product(("green", "yellow", "red"), (0.0, 60.0)):
            view = replace(ALL, colour=colour, in_colour_s=in_colour_s)  # type: ignore[arg-type]
            assert isinstance(BUILT_IN[name](view, 0.0), Posture)


def test_dialogue_first_steps_back_where_presence_inflames_and_few_are_violent() -> None:
    assert not any(policy(ALL, 600.0).withdraw for policy in BUILT_IN.values())
    tense = replace(ALL, inflames=True)
    assert {name: policy(tense, 600.0).name for name, policy in BUILT_IN.items()} == {
        "dialogue_first": "withdraw",
        "staged": "push",
        "force_first": "irritant",
    }
    assert BUILT_IN["dialogue_first"](tense, 600.0).dialogue, "talking goes on"
    assert not BUILT_IN["dialogue_first"](replace(tense, violent=11), 600.0).withdraw, (
        "people need protection"
    )
    assert not BUILT_IN["dialogue_first"](replace(tense, colour="green"), 600.0).withdraw


def test_force_first_alone_arrests_others_than_the_violent() -> None:
    assert [BUILT_IN[name](ALL, 600.0).arrest_violent_only for name in BUILT_IN] == [True, True, False]


def test_an_unknown_posture_names_the_choices() -> None:
    with pytest.raises(
        UnknownPolicyError, match="kind: no such policy; the choices are dialogue_first, staged"
    ):
        posture_policy("kind")


RIOT = """\
crowd: {violence_threshold: 0, violence_spread: 0, calm_leave_per_h: 0}
community:
  camps: {a: {legitimacy: 0.1}}
  observers: {kst: {kind: kst, detection_per_h: 3600, report_delay: 0 s}}
unit_types:
  dalmas:
    agency: police
    capabilities: [dialogue, line, push, irritant, arrest]
    personnel: 30
    turn_out: 0 s
    stock: {irritant: 500}
units: {dalmas: {type: dalmas, base: pos, count: 3}}
triggers:
  riot:
    at: [2024-11-27 07:30]
    places: {ids: [a]}
    effects: [{do: gather_crowd, size: 150, grievance: 1, over: 0 s, stays: 90 min}]
"""


def force_used_s(posture: str, changes: str = "") -> dict[str, float]:
    records = rehearse(
        RIOT + f"command: {{handling: 0 s, posture: {posture}, escalate_after: 10 min}}\n" + changes
    )
    used: dict[str, float] = {}
    for record in of(records, "force_used"):
        used[record.values["means"]] = used.get(record.values["means"], 0.0) + record.values["seconds"]
    return used


def test_in_the_first_half_hour_of_a_riot_the_policies_stand_in_order_of_the_force_they_use() -> None:
    totals = [
        sum(force_used_s(posture, "horizon: 1 h\n").get(means, 0.0) for means in STEPS)
        for posture in ("dialogue_first", "staged", "force_first")
    ]
    assert totals[0] < totals[1] < totals[2]


def test_irritant_is_never_used_where_walls_keep_people_in() -> None:
    area = """\
area:
  places: {pos: {kind: polsek}, a: {kind: tps, voters: 300, exits: 2, enclosed: ENCLOSED}}
  roads: {edges: [{between: [pos, a], time: 2 min}]}
"""
    assert force_used_s("force_first", area.replace("ENCLOSED", "false"))["irritant"] > 0
    assert "irritant" not in force_used_s("force_first", area.replace("ENCLOSED", "true"))
