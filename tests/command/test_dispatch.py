"""Who is sent, in which order, and after whose word."""

# ruff: noqa: E501 - the lines of a scenario are as long as planners write them

from __future__ import annotations

import pytest

from kontijensi.command.dispatching import dispatch_policy
from kontijensi.command.policies import UnknownPolicyError
from tests.engine.scenes import minutes, of, one, rehearse

STAR = """\
area:
  places:
    pos: {kind: polsek, district: Barat}
    near: {kind: tps, voters: 10, district: Barat}
    far: {kind: tps, voters: 1000, district: Timur}
    post: {kind: polsek, district: Timur}
  roads:
    edges:
      - {between: [pos, near], time: 3 min}
      - {between: [near, far], time: 3 min}
      - {between: [far, post], time: 10 min}
"""
TWO = """\
unit_types: {patrol: {agency: police, capabilities: [patrol], personnel: 2, turn_out: 0 s, after: stay}}
units:
  one: {type: patrol, base: pos, sector: [Barat]}
  two: {type: patrol, base: post, sector: [Timur]}
"""
RED = """\
triggers:
  riot:
    at: [2024-11-27 07:30]
    places: {ids: [far]}
    effects: [{do: gather_crowd, size: 60, grievance: 0, over: 0 s, stays: 1 h}]
crowd: {calm_leave_per_h: 0, fatigue_leave_per_h: 0}
community: {observers: {kst: {kind: kst, detection_per_h: 3600, report_delay: 0 s}}}
"""


def calls(*known: str, also: str = "") -> str:
    return f"calls: {{quarrel: {{known: [{', '.join(known)}], on_scene: 30 min{also}}}}}\n"


def served_by(text: str) -> dict[str, str]:
    return {r.values["incident"]: r.entity for r in of(rehearse(text), "unit_ordered")}


def test_the_nearest_free_unit_is_sent_and_ties_go_to_the_one_listed_first() -> None:
    assert served_by(STAR + TWO + calls("{after: 0 s, place: far}")) == {"quarrel-1": "one"}
    twins = TWO.replace("base: post", "base: pos")
    assert served_by(STAR + twins + calls("{after: 0 s, place: far}")) == {"quarrel-1": "one"}


def test_sector_sends_the_place_s_own_unit_though_another_is_nearer() -> None:
    sector = "command: {handling: 0 s, dispatch: sector}\n"
    known = calls("{after: 0 s, place: far}", "{after: 1 min, place: far}")
    assert served_by(STAR + TWO + sector + known) == {"quarrel-1": "two", "quarrel-2": "one"}


def test_keep_reserve_holds_units_back_from_what_is_not_urgent() -> None:
    reserve = "command: {handling: 0 s, dispatch: keep_reserve, reserve_share: 0.5}\n"
    known = ("{after: 0 s, place: near}", "{after: 1 min, place: near}")
    records = rehearse(STAR + TWO + reserve + calls(*known))
    assert minutes(records, "unit_ordered") == [0, 33], "one of two is kept until the first is free again"
    urgent = rehearse(STAR + TWO + reserve + calls(*known, also=", priority: 2"))
    assert minutes(urgent, "unit_ordered") == [0, 1]


def test_expected_coverage_spares_the_unit_whose_leaving_uncovers_most_voters() -> None:
    text = STAR + TWO.replace("base: pos,", "base: near,").replace("base: post", "base: far")
    text = text.replace("[far, post], time: 10", "[far, post], time: 20").replace(
        "[near, far], time: 3", "[near, far], time: 16"
    )
    text += "units:\n  here: {type: patrol, base: pos}\n  there: {type: patrol, base: far}\n"
    text = text.replace("{between: [pos, near], time: 3 min}", "{between: [pos, near], time: 13 min}")
    known = calls("{after: 0 s, place: near}")
    assert served_by(text + "command: {handling: 0 s}\n" + known) == {"quarrel-1": "here"}
    cover = "command: {handling: 0 s, dispatch: expected_coverage}\n"
    assert served_by(text + cover + known) == {"quarrel-1": "here"}, "it uncovers 10 voters, the other 1,000"
    more = text.replace("near: {kind: tps, voters: 10,", "near: {kind: tps, voters: 5000,")
    assert served_by(more + cover + known) == {"quarrel-1": "there"}


def test_an_unknown_policy_names_the_choices() -> None:
    with pytest.raises(UnknownPolicyError, match="closest: no such policy; the choices are nearest, sector"):
        dispatch_policy("closest")


def test_a_preference_list_goes_before_the_policy_and_then_the_nearest() -> None:
    also = ", preference: {near: [two, one]}"
    known = ("{after: 0 s, place: near}", "{after: 1 min, place: near}", "{after: 2 min, place: far}")
    records = rehearse(STAR + TWO + calls(*known, also=also))
    assert [(r.values["incident"], r.entity) for r in of(records, "unit_ordered")][:2] == [
        ("quarrel-1", "two"),
        ("quarrel-2", "one"),
    ]


def test_the_graver_call_goes_first_and_equals_in_order_of_arrival() -> None:
    records = rehearse(
        STAR
        + """\
units: {car: {type: patrol, base: near}}
calls:
  long: {known: [{after: 0 s, place: near}], on_scene: 20 min}
  light: {known: [{after: 1 min, place: near}, {after: 2 min, place: near}], on_scene: 1 min, priority: 7}
  grave: {known: [{after: 3 min, place: near}, {after: 4 min, place: near}], on_scene: 1 min, priority: 2}
"""
    )
    order = [r.values["incident"] for r in of(records, "unit_ordered")]
    assert order == ["long-1", "grave-1", "grave-2", "light-1", "light-2"]


def test_one_operator_takes_reports_one_after_another_and_two_side_by_side() -> None:
    known = calls("{after: 0 s, place: near}", "{after: 1 min, place: near}", "{after: 1 min, place: far}")
    for operators, expected in ((1, [5, 10, 15]), (2, [5, 6, 10])):
        records = rehearse(STAR + TWO + f"command: {{operators: {operators}, handling: 5 min}}\n" + known)
        assert minutes(records, "incident_handled") == expected
    past_it = rehearse(STAR + TWO + "command: {handling: 5 min}\n" + known[:-3] + ", through_desk: false}}\n")
    assert minutes(past_it, "incident_handled") == [0, 1, 1]
    assert not of(past_it, "desk_began")


def test_a_caller_gives_up_only_while_nobody_is_on_the_way() -> None:
    records = rehearse(
        STAR
        + "units: {car: {type: patrol, base: pos}}\n"
        + calls("{after: 0 s, place: near}", "{after: 1 min, place: near}", also=", patience: 3 min")
    )
    assert [(r.entity, r.time_s / 60, r.values["outcome"]) for r in of(records, "incident_closed")] == [
        ("quarrel-2", 4, "abandoned"),
        ("quarrel-1", 34, "served"),
    ]
    assert len(of(records, "unit_ordered")) == 1


def test_a_call_that_finds_nobody_free_is_lost_at_once_when_its_stream_says_so() -> None:
    records = rehearse(
        STAR
        + "units: {car: {type: patrol, base: pos}}\n"
        + calls("{after: 0 s, place: near}", "{after: 1 min, place: near}", also=", lost_when_busy: true")
    )
    lost = one(records, "incident_closed", outcome="lost")
    assert (lost.entity, lost.time_s) == ("quarrel-2", 60)


def test_without_joint_command_other_agencies_are_asked_by_liaison() -> None:
    text = (
        STAR
        + """\
unit_types:
  patrol: {agency: police, capabilities: [patrol], personnel: 2, turn_out: 1 min}
  army: {agency: tni, capabilities: [patrol], personnel: 2, turn_out: 1 min}
units: {army: {type: army, base: pos}}
"""
        + calls("{after: 0 s, place: near}")
    )
    apart = rehearse(text + "command: {handling: 0 s, joint: false, liaison: 20 min}\n")
    assert minutes(apart, "unit_ordered") == [0]
    assert minutes(apart, "unit_departed", incident="quarrel-1") == [21]
    joint = rehearse(text + "command: {handling: 0 s, joint: true, liaison: 20 min}\n")
    assert minutes(joint, "unit_departed", incident="quarrel-1") == [1]
    led = rehearse(text + "command: {handling: 0 s, joint: false, lead: [tni], liaison: 20 min}\n")
    assert minutes(led, "unit_departed", incident="quarrel-1") == [1]


def test_liaison_holds_up_a_unit_on_its_way_home_as_well() -> None:
    records = rehearse(
        STAR
        + """\
unit_types:
  army: {agency: tni, capabilities: [patrol], personnel: 2, turn_out: 0 s}
units: {army: {type: army, base: pos}}
command: {handling: 0 s, joint: false, liaison: 20 min}
"""
        + calls("{after: 0 s, place: far}", "{after: 57 min, place: far}")
    )
    assert minutes(records, "unit_arrived", incident="quarrel-1") == [26]
    assert one(records, "unit_ordered", incident="quarrel-2").values["from"] == "near"
    assert minutes(records, "unit_arrived", incident="quarrel-2") == [80], (
        "20 min at the junction, 3 min back"
    )


def test_units_are_sent_only_after_the_authority_has_agreed() -> None:
    needs = "{needs: {presence: 1}, priority: 4, authority: kapolres}"
    records = rehearse(
        STAR
        + RED
        + f"command: {{handling: 2 min, authorities: {{kapolres: {{delay: 15 min}}}}, stages: {{green: {needs}}}}}\n"
    )
    reported = one(records, "incident_reported").time_s
    assert one(records, "approval_asked", authority="kapolres").time_s == reported + 120
    approved = one(records, "incident_approved", authority="kapolres")
    assert approved.time_s == reported + 120 + 900
    assert one(records, "unit_ordered").time_s == approved.time_s


def test_what_there_is_is_sent_at_once_though_something_else_is_short() -> None:
    records = rehearse(
        STAR
        + RED
        + """\
unit_types: {talks: {agency: police, capabilities: [presence, dialogue], personnel: 4, turn_out: 0 s}, lines: {agency: police, capabilities: [line], personnel: 30, turn_out: 0 s}}
units: {lines: {type: lines, base: pos, shifts: [{start: '09:00', end: '10:00'}]}, talks: {type: talks, base: pos}}
command: {handling: 0 s, stages: {green: {needs: {line: 1, dialogue: 1}, priority: 4}}}
"""
    )
    arrived = one(records, "unit_arrived", "talks", incident="riot-1:green")
    assert arrived.time_s < 40 * 60, "talks do not wait for a line that nobody can form yet"
    assert one(records, "incident_formed").time_s > 120 * 60


AID = """\
unit_types:
  patrol: {agency: police, capabilities: [presence], personnel: 2, turn_out: 0 s}
  brimob: {agency: brimob, capabilities: [line], personnel: 100, turn_out: 0 s}
command:
  handling: 0 s
  situation: {yellow: {enter_active: 0}, red: {enter_active: 0}}
  stages: {red: {needs: {line: 1}, priority: 1}}
  authorities: {polda: {delay: 10 min}}
"""


def test_help_is_asked_for_once_when_the_roster_is_short_and_comes_after_word_and_way() -> None:
    records = rehearse(
        STAR
        + RED
        + AID
        + """\
units: {car: {type: patrol, base: pos}}
mutual_aid: {polda: {type: brimob, count: 2, arrives_at: post, authority: polda, lead_time: 20 min}}
"""
    )
    asked = one(records, "aid_asked", "polda")
    assert asked.values["incident"] == "riot-1:red"
    agreed, came = one(records, "aid_agreed"), one(records, "aid_arrived")
    assert (agreed.time_s - asked.time_s, came.time_s - agreed.time_s) == (600, 1200)
    assert agreed.values["arrives_s"] == came.time_s
    assert came.values["units"] == ["polda", "polda-2"]
    assert [r.entity for r in of(records, "unit_ordered", incident="riot-1:red")] == ["polda"]
    assert one(records, "incident_formed", "riot-1:red").time_s == came.time_s + 600


def test_help_is_not_asked_for_while_the_roster_suffices() -> None:
    records = rehearse(
        STAR
        + RED
        + AID
        + """\
units: {own: {type: brimob, base: pos}}
mutual_aid: {polda: {type: brimob, count: 2, arrives_at: post, authority: polda, lead_time: 20 min}}
"""
    )
    assert one(records, "incident_formed", "riot-1:red")
    assert not of(records, "aid_asked")
    assert not of(records, "unit_ready", "polda")
