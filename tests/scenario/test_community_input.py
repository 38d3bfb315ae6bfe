"""What may be wrong with rumours, complaints, programmes and triggers: one message each, in both languages."""

# ruff: noqa: E501 - a scenario's line and its message are read best in one piece

from __future__ import annotations

import re

import pytest

from kontijensi.scenario.document import load_text
from kontijensi.scenario.problems import ScenarioError, path_text
from tests.scenario.base_scenario import BASE, MARK, errors_of, one, problems_of, said, with_fault

FULL = BASE.replace(
    "triggers:\n",
    """\
  rumours:
    kabar: {r0: 2, tells_for: 6 h, raises: {hoax: 0.3}}
  intakes:
    bawaslu: {handlers: 2, handling: 2 h, relieves: {hoax: 0.1}}
  programmes:
    humas: {kind: clarification, times: [2023-07-05 08:00], clarifies: {kabar: 2}}
triggers:
  mulai: {rate: 1/h, self_exciting: {branching: 0.5, decay: 2 h}, effects: [{do: start_rumour, rumour: kabar}]}
  jawab: {inject: true, effects: [{do: clarify, rumour: kabar, faster: 3, lasts: 2 h}]}
  adu: {when: tension_hoax > 0.5, rearm: tension_hoax < 0.3, arms: rumour_kabar > 0.1, disarms: rumour_kabar > 0.9, effects: [{do: complain, intake: bawaslu}]}
  massa: {after: adu, effects: [{do: gather_crowd, size: 50, stays: 1 h, outlet: {intake: bawaslu}}]}
""",
)

ERRORS = {
    "a rumour that nobody passes on": ("r0: 2", f"r0: {MARK}0", "community.rumours.kabar.r0", "must be above 0", "harus lebih dari 0"),
    "a negative r0": ("r0: 2", f"r0: {MARK}-1", "community.rumours.kabar.r0", "must be above 0", "harus lebih dari 0"),
    "told for no time": ("{r0: 2, tells_for: 6 h,", f"{MARK}{{r0: 2, tells_for: 0 h,", "community.rumours.kabar", "`tells_for` and `step` must be above 0", "harus di atas 0"),
    "contacts above the whole": ("r0: 2, tells_for: 6 h,", "r0: 2, neighbours_share: 0.7, everywhere_share: 0.6,", "community.rumours.kabar", "`neighbours_share` and `everywhere_share` add up to 1.3, above 1", "adalah 1.3, lebih dari 1"),
    "an unknown form": ("r0: 2,", f"r0: 2, spread_form: {MARK}exponentail,", "community.rumours.kabar.spread_form", "did you mean", "maksudnya"),
    "a channel that a rumour cannot raise": ("raises: {hoax: ", f"raises: {{hoaks: {MARK}", "community.rumours.kabar.raises.hoaks", "'hoaks': no such tension channel; did you mean 'hoax'?", "maksudnya 'hoax'?"),
    "a rumour that there is not": ("{do: start_rumour, rumour: kabar}", f"{{do: start_rumour, rumour: {MARK}kabr}}", "triggers.mulai.effects[0].rumour", "'kabr': no such rumour; did you mean 'kabar'?", "maksudnya 'kabar'?"),
    "a clarification of another": ("{do: clarify, rumour: kabar,", f"{{do: clarify, rumour: {MARK}lain,", "triggers.jawab.effects[0].rumour", "no such rumour", "tidak ada kabar ini"),
    "a programme that clarifies another": ("clarifies: {kabar: ", f"clarifies: {{kabur: {MARK}", "community.programmes.humas.clarifies.kabur", "did you mean 'kabar'?", "maksudnya 'kabar'?"),
    "a clarification that slows nothing": ("faster: 3", f"faster: {MARK}1", "triggers.jawab.effects[0].faster", "must be above 1", "harus lebih dari 1"),
    "branching of 1": ("branching: 0.5", f"branching: {MARK}1", "triggers.mulai.self_exciting.branching", "must be below 1", "harus kurang dari 1"),
    "branching of 0": ("branching: 0.5", f"branching: {MARK}0", "triggers.mulai.self_exciting.branching", "must be above 0", "harus lebih dari 0"),
    "no decay": ("self_exciting: {branching: 0.5, decay: 2 h}", f"self_exciting: {MARK}{{branching: 0.5, decay: 0 h}}", "triggers.mulai.self_exciting", "`decay` must be above 0", "`decay` harus di atas 0"),
    "a base rate of zero": ("rate: 1/h,", f"rate: {MARK}0/h,", "triggers.mulai.rate", "a rate must be above zero", "laju"),
    "feeding on itself without a rate": ("jawab: {inject: true,", f"jawab: {MARK}{{inject: true, self_exciting: {{branching: 0.5, decay: 1 h}},", "triggers.jawab", "`self_exciting` belongs to a `rate`", "`self_exciting` hanya berlaku bersama `rate`"),
    "rearming without a condition": ("jawab: {inject: true,", f"jawab: {MARK}{{inject: true, rearm: hour > 9,", "triggers.jawab", "`rearm` belongs to a `when` condition", "`rearm` hanya berlaku bersama syarat `when`"),
    "an inject with a cause": ("jawab: {inject: true,", f"jawab: {MARK}{{inject: true, rate: 1/h,", "triggers.jawab", "a trigger has one cause: `at`, `rate`, `when`, `after` or `inject`; found rate, inject", "yang ditemukan: rate, inject"),
    "an arming that names nothing": ("arms: rumour_kabar > 0.1", f"arms: {MARK}rumour_kabr > 0.1", "triggers.adu.arms", "'rumour_kabr': no such value; did you mean 'rumour_kabar'?", "maksudnya 'rumour_kabar'?"),
    "an arming that can never hold": ("arms: rumour_kabar > 0.1", f"arms: {MARK}rumour_kabar > 1", "triggers.adu.arms", "the condition can never hold", "tidak pernah"),
    "an intake without handlers": ("handlers: 2", f"handlers: {MARK}0", "community.intakes.bawaslu.handlers", "must be at least 1", "paling sedikit 1"),
    "half of the hours": ("bawaslu: {handlers: 2,", f"bawaslu: {MARK}{{handlers: 2, opens: '08:00',", "community.intakes.bawaslu", "give both `opens` and `closes`, or neither", "isi `opens` dan `closes` keduanya"),
    "hours that end before they begin": ("bawaslu: {handlers: 2,", f"bawaslu: {MARK}{{handlers: 2, opens: '16:00', closes: '08:00',", "community.intakes.bawaslu", "`closes` must be after `opens`", "`closes` harus sesudah `opens`"),
    "no deadline at all": ("bawaslu: {handlers: 2,", f"bawaslu: {MARK}{{handlers: 2, deadline: 0 s,", "community.intakes.bawaslu", "`deadline` must be above 0", "`deadline` harus di atas 0"),
    "an intake that there is not": ("{do: complain, intake: bawaslu}", f"{{do: complain, intake: {MARK}bawaslo}}", "triggers.adu.effects[0].intake", "'bawaslo': no such intake of complaints; did you mean 'bawaslu'?", "maksudnya 'bawaslu'?"),
    "an outlet that there is not": ("outlet: {intake: bawaslu}", f"outlet: {{intake: {MARK}bawas}}", "triggers.massa.effects[0].outlet.intake", "no such intake of complaints", "maksudnya 'bawaslu'?"),
    "a day that there is not": ("times: [2023-07-05 08:00],", f"daily_at: '08:00', weekdays: [{MARK}jumat], start: 2023-07-05 06:00, end: 2023-07-06 06:00,", "community.programmes.humas.weekdays[0]", "friday", "friday"),
    "weekdays of a single occasion": ("humas: {kind: clarification,", f"humas: {MARK}{{kind: clarification, weekdays: [friday],", "community.programmes.humas", "`weekdays` belongs to a programme with `daily_at`", "`weekdays` hanya berlaku"),
    "a daily programme without days": ("times: [2023-07-05 08:00],", "daily_at: '08:00',", "community.programmes.humas", "a daily programme needs `start` and `end`, or `phases`", "program harian memerlukan"),
    "a camp that a programme cannot reach": ("clarifies: {kabar: 2}", f"raises_willingness: {{d: {MARK}0.2}}", "community.programmes.humas.raises_willingness.d", "no such camp", "kubu"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "path", "english", "indonesian"), ERRORS.values(), ids=ERRORS)
def test_each_fault_has_one_message_at_its_place_in_both_languages(
    old: str, new: str, path: str, english: str, indonesian: str
) -> None:
    if MARK in new:
        text, line, column = with_fault(old, new, FULL)
    else:
        text, line, column = FULL.replace(old, new), None, None
    problem = one(errors_of(text))
    assert said(problem).startswith(f"{path}: ")
    assert english in problem.message
    if line is not None:
        assert (problem.line, problem.column) == (line, column)
    with pytest.raises(ScenarioError) as raised:
        load_text(text, language="id")
    messages = [each.message for each in raised.value.problems if path_text(each.path) == path]
    assert any(indonesian in message for message in messages), messages


def test_the_scenario_without_fault_has_nothing_to_be_said_about_it_here() -> None:
    assert not errors_of(FULL)
    assert [
        p for p in problems_of(FULL) if re.match(r"community\.(rumours|intakes)|triggers", path_text(p.path))
    ] == []


ADVICE = {
    "a rumour that nobody starts": ("{do: start_rumour, rumour: kabar}", "{do: cut_legitimacy, by: 0}", "community.rumours.kabar", "nobody starts this rumour"),
    "an intake that nobody turns to": ("{do: complain, intake: bawaslu}", "{do: cut_legitimacy, by: 0}", "community.intakes.bawaslu", "nobody complains here"),
    "more complaints than can be settled": ("adu: {when: tension_hoax > 0.5, rearm: tension_hoax < 0.3,", "adu: {rate: 2/h,", "triggers.adu.effects[0]", "more complaints come to 'bawaslu' than its handlers can settle"),
    "a rearming that can never hold": ("rearm: tension_hoax < 0.3", "rearm: tension_hoax < 0", "triggers.adu.rearm", "the condition can never hold"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "path", "message"), ADVICE.values(), ids=ADVICE)
def test_what_comes_to_nothing_is_warned_of(old: str, new: str, path: str, message: str) -> None:
    assert FULL.count(old) == 1
    assert not errors_of(FULL.replace(old, new))
    found = [p for p in problems_of(FULL.replace(old, new)) if path_text(p.path) == path]
    assert message in one(found).message


def test_a_rumour_in_an_area_without_voters_needs_people() -> None:
    empty = FULL.replace("voters: 300, ", "")
    assert "nobody can hear this rumour" in one(errors_of(empty)).message
    assert not errors_of(empty.replace("r0: 2", "r0: 2, people: 500"))


def test_triggers_that_wait_for_each_other_in_a_circle_can_never_fire() -> None:
    circle = FULL.replace(
        "adu: {when: tension_hoax > 0.5, rearm: tension_hoax < 0.3, ", "adu: {after: massa, "
    )
    assert {said(p).split(":")[0] for p in errors_of(circle)} == {
        "triggers.adu.after",
        "triggers.massa.after",
    }
