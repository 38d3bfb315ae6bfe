"""When triggers fire: moments, chances, conditions, chains, and what limits them."""

# ruff: noqa: E501 - the lines of a scenario are as long as planners write them

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest

from tests.engine.scenes import minutes, of, rehearse, stage

NOTHING = "{do: cut_legitimacy, by: 0.0}"
PHASES = """\
phases:
  vote: {kind: voting, start: 2024-11-27 07:00, end: 2024-11-27 08:00, exposes: [tps]}
  count: {kind: counting, start: 2024-11-27 08:00, end: 2024-11-27 11:00, exposes: [kpu]}
"""


def fired(cause: str, more: str = "", *, seed: int = 1) -> list[float]:
    return minutes(
        rehearse(f"triggers: {{event: {{{cause}, effects: [{NOTHING}]}}}}\n" + more, seed=seed),
        "trigger_fired",
    )


def test_moments_are_kept_in_order_from_the_very_start_and_before_the_horizon() -> None:
    moments = (
        "at: [2024-11-27 08:00, 2024-11-27 07:00, 2024-11-27 11:00, 2024-11-27 06:00, 2024-11-27 10:59:59]"
    )
    assert fired(moments) == [0, 60, pytest.approx(239.983333)]


def test_a_rate_gives_its_number_of_occurrences() -> None:
    n = len(fired("rate: 30/h", "horizon: 10 d\n"))
    assert abs(n - 7200) < 4 * 7200**0.5


def test_a_rate_by_the_hour_follows_the_clock_of_the_area() -> None:
    """By hour 6 to 9: none, 60, 20, none; the start is at 07:00."""
    rate = "rate: {by_hour: [0/h, 0/h, 0/h, 0/h, 0/h, 0/h, 0/h, 60/h, 20/h]}"
    hours = Counter(int(minute // 60) % 24 for minute in fired(rate, "horizon: 100 d\n"))
    assert set(hours) == {0, 1}
    assert abs(hours[0] - 6000) < 4 * 6000**0.5
    assert abs(hours[1] - 2000) < 4 * 2000**0.5


def test_a_rate_holds_in_its_phases_only() -> None:
    times = fired("rate: 60/h, phases: [count]", PHASES + "horizon: 6 h\n")
    assert 60 <= min(times) < 70
    assert 230 < max(times) < 240


def test_occurrences_do_not_depend_on_what_else_the_scenario_holds() -> None:
    more = "calls: {quarrel: {rate: 10/h, on_scene: 5 min}}\n"
    assert fired("rate: 6/h") == fired("rate: 6/h", more)
    assert fired("rate: 6/h") != fired("rate: 6/h", seed=2)


CROWD = """\
crowd: {calm_leave_per_h: 0, fatigue_leave_per_h: 0, controlled_leave_per_h: 240}
triggers:
  gather:
    at: [2024-11-27 07:30, 2024-11-27 09:00]
    places: {ids: [a]}
    effects: [{do: gather_crowd, size: 60, grievance: 0, over: 0 s, stays: 20 min}]
"""


def test_a_condition_fires_once_it_has_held_and_again_only_after_it_ceased() -> None:
    event = f"  event: {{when: crowd_present > 50, held_for: 10 min, effects: [{NOTHING}]}}\n"
    times = [r.time_s / 60 for r in of(rehearse(CROWD + event), "trigger_fired", "event")]
    assert times == [pytest.approx(40 + 1 / 6), pytest.approx(130 + 1 / 6)], (
        "the tick that saw it, and 10 minutes"
    )


def test_a_condition_that_does_not_hold_long_enough_never_fires() -> None:
    event = f"  event: {{when: crowd_present > 50, held_for: 40 min, effects: [{NOTHING}]}}\n"
    assert not of(rehearse(CROWD + event), "trigger_fired", "event")


def test_a_condition_on_a_place_is_asked_of_each_eligible_place() -> None:
    event = f"  event: {{when: crowd_present > 50, places: {{ids: [b, c]}}, effects: [{NOTHING}]}}\n"
    assert not of(rehearse(CROWD + event), "trigger_fired", "event")
    event = event.replace("[b, c]", "[a, b]")
    assert {r.place for r in of(rehearse(CROWD + event), "trigger_fired", "event")} == {"a"}


def test_a_condition_on_the_hour_comes_true_at_a_step_of_the_field() -> None:
    assert fired("when: hour >= 9") == [120]


def test_a_condition_that_holds_at_the_start_fires_at_the_start() -> None:
    assert fired("when: units_free >= 1") == [0]


def test_a_channel_s_name_with_a_dash_can_be_asked_for() -> None:
    more = "community: {channels: {camp-rivalry: {start: 0.5, rest: 0.5}}}\n"
    assert fired("when: tension_camp_rivalry > 0.4, places: {ids: [a]}", more) == [0]


def test_a_chained_trigger_fires_where_the_first_did_after_its_delay() -> None:
    records = rehearse(
        f"""\
triggers:
  first: {{at: [2024-11-27 07:30], places: {{ids: [a, b]}}, pick: null, effects: [{NOTHING}]}}
  second: {{after: first, delay: 10 min, places: {{ids: [b, c]}}, effects: [{NOTHING}]}}
  third: {{after: second, effects: [{NOTHING}]}}
"""
    )
    told = [(r.entity, r.place, r.time_s / 60) for r in of(records, "trigger_fired")]
    assert told == [("first", "a", 30), ("first", "b", 30), ("second", "b", 40), ("third", "b", 40)]
    parents = {r.id: r.parent for r in of(records, "trigger_fired")}
    second, third = of(records, "trigger_fired")[2:]
    assert (third.parent, parents[second.id]) == (second.id, of(records, "trigger_fired")[1].id)


@pytest.mark.parametrize(
    "cause", ["rate: 60/h", "at: [2024-11-27 07:10, 2024-11-27 07:20, 2024-11-27 07:30]"]
)
def test_most_limits_the_number_of_firings(cause: str) -> None:
    assert len(fired(cause + ", most: 2")) == 2
    assert len(fired(cause + ", most: 2, pick: 3")) == 2, "places count one by one"


def test_a_cooldown_keeps_firings_apart_but_not_the_places_of_one_firing() -> None:
    times = fired("rate: 60/h, cooldown: 30 min")
    assert len(times) > 4
    assert min(later - earlier for earlier, later in pairwise(times)) >= 30
    assert fired("at: [2024-11-27 07:10, 2024-11-27 07:20], cooldown: 30 min, pick: 3") == [10, 10, 10]
    assert fired("when: hour >= 7, cooldown: 30 min, pick: 3") == [0, 0, 0]


def test_a_chained_trigger_cools_down_too() -> None:
    records = rehearse(
        f"""\
triggers:
  first: {{at: [2024-11-27 07:10, 2024-11-27 07:20, 2024-11-27 07:50], effects: [{NOTHING}]}}
  second: {{after: first, cooldown: 30 min, effects: [{NOTHING}]}}
"""
    )
    assert minutes(records, "trigger_fired", "second") == [10, 50]


def test_phases_bound_moments_conditions_and_chains() -> None:
    assert fired("at: [2024-11-27 07:59, 2024-11-27 08:00], phases: [count]", PHASES) == [60]
    assert fired("when: units_free >= 1, phases: [count]", PHASES) == [60]


def test_exposed_only_fires_where_work_goes_on_whatever_the_cause() -> None:
    at = f"triggers: {{event: {{at: [2024-11-27 07:10, 2024-11-27 08:10], exposed_only: true, pick: null, effects: [{NOTHING}]}}}}\n"
    assert [r.place for r in of(rehearse(PHASES + at), "trigger_fired")] == ["a", "b", "c"]
    chained = f"""\
triggers:
  first: {{at: [2024-11-27 07:10], pick: null, effects: [{NOTHING}]}}
  second: {{after: first, exposed_only: true, effects: [{NOTHING}]}}
"""
    assert [r.place for r in of(rehearse(PHASES + chained), "trigger_fired", "second")] == ["a", "b"]


def test_probability_is_the_share_of_causes_that_take_effect() -> None:
    n = len(fired("rate: 60/h, probability: 0.25", "horizon: 10 d\n"))
    assert abs(n - 3600) < 4 * 3600**0.5
    assert fired("at: [2024-11-27 07:10], probability: 0.000001") == []


def test_pick_draws_that_many_different_places() -> None:
    records = rehearse(f"triggers: {{event: {{rate: 60/h, pick: 2, effects: [{NOTHING}]}}}}\n")
    by_moment: dict[float, list[str | None]] = {}
    for record in of(records, "trigger_fired"):
        by_moment.setdefault(record.time_s, []).append(record.place)
    assert all(len(places) == len(set(places)) == 2 for places in by_moment.values())
    assert {place for places in by_moment.values() for place in places} == {"pos", "a", "b", "c"}


@pytest.mark.parametrize(
    ("weigh_by", "shares"),
    [
        ("equal", {"a": 1 / 3, "b": 1 / 3, "c": 1 / 3}),
        ("voters", {"a": 0.25, "b": 0.75}),
        ("weight", {"a": 0.2, "b": 0.2, "c": 0.6}),
        ("zone", {"a": 0.5, "b": 0.25, "c": 0.25}),
        ("tension", {"a": 0.5, "b": 0.5}),
    ],
)
def test_likelier_places_are_drawn_in_proportion(weigh_by: str, shares: dict[str, float]) -> None:
    records = rehearse(
        f"""\
horizon: 2 d
area:
  zones: {{high: {{risk: 2}}}}
  places:
    pos: {{kind: polsek}}
    a: {{kind: tps, voters: 100, zone: high, village: v}}
    b: {{kind: tps, voters: 300, village: v}}
    c: {{kind: kpu, voters: 0, weight: 3}}
  roads: {{edges: [{{between: [pos, a], time: 1 min}}, {{between: [a, b], time: 1 min}}, {{between: [b, c], time: 1 min}}]}}
community: {{channels: {{hoax: {{start: 0, rest: 0, decay: 1000 d}}}}}}
triggers:
  rise: {{at: [2024-11-27 07:00], places: {{ids: [a]}}, effects: [{{do: raise_tension, channel: hoax, by: 0.5}}]}}
  event: {{rate: 60/h, places: {{ids: [a, b, c]}}, weigh_by: {weigh_by}, effects: [{NOTHING}]}}
"""
    )
    places = Counter(r.place for r in of(records, "trigger_fired", "event"))
    n = places.total()
    assert set(places) == set(shares)
    for place, share in shares.items():
        assert abs(places[place] - share * n) < 4 * (n * share * (1 - share)) ** 0.5


def test_the_delay_lies_between_cause_and_effect() -> None:
    assert fired("at: [2024-11-27 07:10], delay: 5 min") == [15]


def test_units_taken_up_by_work_are_noticed_when_it_happens() -> None:
    _, records = stage(
        f"""\
calls: {{quarrel: {{known: [{{after: 13 min, place: b}}], on_scene: 30 min}}}}
triggers: {{event: {{when: units_free < 1, effects: [{NOTHING}]}}}}
"""
    )
    assert minutes(records, "trigger_fired") == [13]


def test_two_conditions_that_undo_each_other_take_one_turn_an_instant() -> None:
    records = rehearse(
        """\
horizon: 20 min
community: {channels: {hoax: {start: 0.5}}}
triggers:
  down: {when: tension_hoax > 0.1, places: {ids: [a]}, effects: [{do: raise_tension, channel: hoax, by: -1}]}
  up: {when: tension_hoax < 0.1, places: {ids: [a]}, effects: [{do: raise_tension, channel: hoax, by: 1}]}
"""
    )
    assert minutes(records, "trigger_fired") == [0, 0]
