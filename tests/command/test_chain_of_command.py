"""Who must agree: paths of authority, a chief who is new in the post, help from outside, and who goes besides."""

# ruff: noqa: E501 - the lines of a scenario are as long as planners write them

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kontijensi.scenario.schema.command import Learning
from tests.engine.scenes import CALM, minutes, of, one, rehearse
from tests.scenario.base_scenario import BASE, errors_of, problems_of, said, with_fault
from tests.scenario.base_scenario import one as only

CROWD = """\
community: {observers: {kst: {kind: kst, detection_per_h: 3600, report_delay: 0 s}}}
triggers:
  event: {at: [2024-11-27 07:30], places: {ids: [a]}, effects: [{do: gather_crowd, size: 60, grievance: 0, over: 0 s, stays: 3 h}]}
"""
CHAIN = """\
command:
  handling: 0 s
  authorities:
    kapolsek: {delay: 2 min}
    kapolres: {delay: 5 min}
    kapolda: {delay: 9 min, grants: [brimob]}
  stages: {green: {needs: {presence: 1}, priority: 3, authority: PATH}}
"""
AID = """\
unit_types:
  patrol: {agency: police, capabilities: [patrol], personnel: 2, turn_out: 1 min}
  phh: {agency: brimob, capabilities: [presence, line], personnel: 100, turn_out: 10 min}
mutual_aid: {phh: {type: phh, count: 1, arrives_at: pos, authority: PATH, lead_time: 45 min, asked_at: yellow}}
command:
  handling: 0 s
  situation: {yellow: {enter_active: 0}}
  authorities:
    kapolsek: {delay: 2 min}
    kapolres: {delay: 5 min}
    kapolda: {delay: 9 min, grants: [brimob]}
  stages: {green: {needs: {}}, yellow: {needs: {presence: 1}, priority: 3}}
"""


@pytest.mark.parametrize(
    ("path", "asked", "approved"),
    [
        ("kapolres", ["kapolres"], 5),
        ("[kapolsek, kapolres, kapolda]", ["kapolsek", "kapolres", "kapolda"], 16),
        ("[]", [], 0),
    ],
)
def test_each_of_the_chain_is_asked_after_the_one_before_and_takes_a_time_of_its_own(
    path: str, asked: list[str], approved: float
) -> None:
    records = rehearse(CALM + CROWD + CHAIN.replace("PATH", path))
    assert [record.values["authority"] for record in of(records, "approval_asked")] == asked
    handled = one(records, "incident_handled").time_s / 60
    answer = one(records, "incident_approved")
    assert answer.time_s / 60 == pytest.approx(handled + approved)
    assert answer.values["authority"] == (asked[-1] if asked else None)


def test_a_chief_new_in_the_post_takes_longer_at_first_and_learns() -> None:
    new = CHAIN.replace("PATH", "kapolres").replace(
        "{delay: 5 min}", "{delay: 5 min, learns: {at_first: 3, half_life: 30 min}}"
    )
    records = rehearse(CALM + CROWD + new)
    asked = one(records, "approval_asked").time_s
    expected_min = 5 * (1 + 2 * 0.5 ** (asked / 1800))
    assert one(records, "incident_approved").time_s == pytest.approx(asked + 60 * expected_min)
    assert 9.5 < expected_min < 10.1, "half an hour after the start half of the excess is gone"


@given(st.floats(1, 20), st.floats(60, 1e6), st.floats(0, 1e6), st.floats(0, 1e6))
def test_learning_never_makes_an_answer_slower_nor_quicker_than_usual(
    at_first: float, half_life: float, t_s: float, later_s: float
) -> None:
    learning = Learning.model_validate({"at_first": at_first, "half_life": f"{half_life} s"})
    assert 1.0 <= learning.factor(t_s + later_s) <= learning.factor(t_s) <= at_first
    assert learning.factor(0) == at_first
    assert learning.factor(half_life) == pytest.approx((1 + at_first) / 2)


def test_help_waits_for_the_whole_path_and_then_for_its_lead_time() -> None:
    records = rehearse(CALM + CROWD + AID.replace("PATH", "[kapolres, kapolda]"))
    asked, agreed = one(records, "aid_asked"), one(records, "aid_agreed")
    assert agreed.time_s - asked.time_s == 14 * 60
    assert agreed.values["authority"] == "kapolda"
    assert one(records, "aid_arrived").time_s - agreed.time_s == 45 * 60
    assert of(records, "unit_ordered", "phh")


def test_help_without_a_complete_path_is_refused_and_the_refusal_is_recorded() -> None:
    records = rehearse(CALM + CROWD + AID.replace("PATH", "[kapolsek, kapolres]"))
    assert one(records, "aid_refused").values["why"] == "path"
    assert one(records, "aid_refused").parent == one(records, "aid_asked").id
    assert not of(records, "aid_agreed")
    assert not of(records, "unit_ordered", "phh")


def test_an_incomplete_path_is_warned_of_in_both_languages() -> None:
    text = BASE.replace("dalmas: {agency: police", "dalmas: {agency: brimob").replace(
        "authorities: {kapolres: {delay: 10 min}}",
        "authorities: {kapolres: {delay: 10 min}, kapolda: {delay: 9 min, grants: [brimob]}}",
    )
    found = [p for p in problems_of(text) if p.path == ("mutual_aid", "bantuan", "authority")]
    assert [p.message for p in found] == [
        "'kapolres' cannot send help of brimob; the path of authority must end with kapolda"
    ]
    whole = text.replace("authority: kapolres", "authority: [kapolres, kapolda]")
    assert not [p for p in problems_of(whole) if p.path[:1] == ("mutual_aid",)]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "authority: kapolres",
            "authority: §kapolri",
            "mutual_aid.bantuan.authority: 'kapolri': no such authority; did you mean 'kapolres'?",
        ),
        (
            "authority: kapolres",
            "authority: [kapolres, §kapolri]",
            "mutual_aid.bantuan.authority[1]: 'kapolri': no such authority; did you mean 'kapolres'?",
        ),
        (
            "{delay: 10 min}",
            "{delay: 10 min, learns: {half_life: §0 s}}",
            "command.authorities.kapolres.learns.half_life: '0 s': a half-life must be above 0",
        ),
        (
            "{delay: 10 min}",
            "{delay: 10 min, learns: {at_first: §0.5}}",
            "command.authorities.kapolres.learns.at_first: 0.5: must be at least 1",
        ),
        (
            "authorities:",
            "stages: {green: §{needs: {}, also: {line: 1}}}\n  authorities:",
            "command.stages.green: `also` goes with a formation: ask for something in `needs` too",
        ),
    ],
)
def test_slips_are_told_where_they_stand(old: str, new: str, told: str) -> None:
    text, line, column = with_fault(old, new)
    problem = only(errors_of(text))
    assert said(problem) == told
    assert (problem.line, problem.column) == (line, column)


@pytest.mark.parametrize("agency", ["linmas", "community"])
def test_linmas_and_village_cadres_cannot_be_given_means_of_force(agency: str) -> None:
    text = BASE.replace(
        "unit_types:\n",
        f"unit_types:\n  kst: {{agency: {agency}, capabilities: [presence, push], personnel: 9, turn_out: 5 min}}\n",
    )
    assert only(errors_of(text)).message == f"{agency} never uses force; remove push"


def test_who_goes_besides_is_sent_but_the_formation_does_not_wait() -> None:
    command = """\
command:
  handling: 0 s
  stages: {green: {needs: {presence: 1}, also: {dialogue: 1, line: 1}, priority: 3}}
units:
  car: {type: patrol, base: pos}
  far: {type: talks, base: c}
"""
    records = rehearse(CALM + CROWD + command)
    assert minutes(records, "unit_ordered", "far") == minutes(records, "unit_ordered", "car")
    formed, arrived = (
        one(records, "incident_formed"),
        one(records, "unit_arrived", "far", incident="event-1:green"),
    )
    assert formed.values["units"] == ["car"]
    assert formed.time_s < arrived.time_s


def test_nobody_goes_besides_while_a_formation_is_short_of_them() -> None:
    """A graver crowd would like to have the negotiators who come on shift; a caller cannot do without them."""
    command = """\
units:
  car: {type: patrol, base: pos}
  talks: {type: talks, base: pos, shifts: [{start: '08:00', end: '12:00'}]}
command:
  handling: 0 s
  stages: {green: {needs: {patrol: 1}, also: {dialogue: 1}, priority: 2}}
"""
    caller = """\
calls: {help: {known: [{at: 2024-11-27 07:40, place: b}], needs: {dialogue: 1}, on_scene: 10 min, priority: 5}}
"""
    alone = rehearse(CALM + CROWD + command)
    assert [r.values["incident"] for r in of(alone, "unit_ordered", "talks")] == ["event-1:green"]
    assert minutes(alone, "unit_ordered", "talks") == [60]
    both = rehearse(CALM + CROWD + command + caller)
    assert [r.values["incident"] for r in of(both, "unit_ordered", "talks")] == ["help-1", "event-1:green"]
