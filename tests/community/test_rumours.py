"""Rumours: how many hear them in the end, what hinders them, and what they do to tension."""

# ruff: noqa: E501 - the lines of a scenario are as long as planners write them

from __future__ import annotations

from math import exp

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from kontijensi.analysis.outreach import rumours
from kontijensi.vocabulary.records import Record
from tests.engine.scenes import of, one, rehearse, stage

VILLAGES = """\
area:
  places:
    pos: {kind: polsek, lat: -7.70, lon: 110.60, village: v1}
    a: {kind: tps, lat: -7.70, lon: 110.65, village: v1, voters: 40000}
    b: {kind: tps, lat: -7.70, lon: 110.80, village: v2, voters: 160000}
    c: {kind: tps, lat: -7.75, lon: 110.70, village: v3, voters: 300000}
  roads: {edges: [{between: [pos, a], time: 1 min}, {between: [a, b], time: 1 min}, {between: [b, c], time: 1 min}]}
"""


def told(
    plan: str, more: str = "", *, people: int = 100, seed: int = 1, rest: str = "horizon: 20 d\n"
) -> list[Record]:
    return rehearse(
        VILLAGES
        + rest
        + f"""\
community:
  channels: {{hoax: {{start: 0, rest: 0, decay: 30000 d}}}}
  rumours: {{tale: {{{plan}}}}}
triggers:
  begin: {{at: [2024-11-27 07:00], places: {{ids: [a]}}, effects: [{{do: start_rumour, rumour: tale, people: {people}}}]}}
{more}""",
        seed=seed,
    )


def final(r0: float) -> float:
    """Share that hears it in the end, from z = 1 - exp(-r0 z)."""
    return float(brentq(lambda z: 1 - exp(-r0 * z) - z, 1e-3, 1))


@pytest.mark.parametrize(
    "how",
    [
        "r0: 2",
        "r0: 2, step: 6 h",
        "r0: 2, tells_for: 1 h, step: 7 min",
        "r0: 2, neighbours_share: 0, everywhere_share: 1",
        "r0: 2, neighbours_share: 1, everywhere_share: 0, spread_form: power, spread_km: 20",
        "r0: 2, neighbours_share: 0.01, everywhere_share: 0",
    ],
)
def test_as_many_hear_it_in_the_end_however_villages_mix_and_however_long_the_step(how: str) -> None:
    share = one(told(how), "rumour_ended").values["heard"]
    assert share == pytest.approx(final(2), abs=0.006)
    assert final(2) == pytest.approx(0.796812, abs=1e-6)


@pytest.mark.parametrize("r0", [1.2, 1.5, 3, 6])
def test_the_final_size_solves_its_relation_for_other_rumours_too(r0: float) -> None:
    records = told(f"r0: {r0}, people: 400000, tells_for: 2 h", rest="horizon: 60 d\n")
    assert one(records, "rumour_ended").values["heard"] == pytest.approx(final(r0), abs=0.012)


@pytest.mark.parametrize("r0", [0.5, 0.9])
def test_a_rumour_that_one_teller_hands_to_less_than_one_dies_out(r0: float) -> None:
    heard = one(told(f"r0: {r0}", people=200), "rumour_ended").values["heard"] * 500_000
    assert 200 < heard < 200 / (1 - r0) * 1.6, "a family of 200 has 200 / (1 - r0) members on average"


def test_villages_that_mix_with_nobody_keep_a_rumour_to_themselves() -> None:
    records = told("r0: 3, neighbours_share: 0, everywhere_share: 0")
    assert one(records, "rumour_ended").values["heard"] == pytest.approx(
        final(3) * 40_000 / 500_000, rel=0.02
    )
    assert of(records, "rumour_sampled")[-1].values["villages"] == 1


def test_clarifying_makes_tellers_fall_silent_so_much_sooner() -> None:
    """With tellers silent 1.6 times sooner all along, 2.4 becomes 1.5 from the first moment on."""
    clarify = "  answer: {at: [2024-11-27 07:00], places: {ids: [a]}, effects: [{do: clarify, rumour: tale, faster: 1.6, lasts: 40 d}]}\n"
    records = told("r0: 2.4, tells_for: 2 h", clarify)
    assert one(records, "rumour_ended").values["heard"] == pytest.approx(final(1.5), abs=0.01)
    assert one(records, "rumour_clarified").values == {
        "faster": 1.6,
        "reach": "area",
        "until_s": 40 * 86400.0,
    }


def test_a_clarification_that_is_enough_ends_it_and_one_that_comes_late_helps_less() -> None:
    def heard(at: str) -> float:
        clarify = f"  answer: {{at: [{at}], places: {{ids: [a]}}, effects: [{{do: clarify, rumour: tale, faster: 4, lasts: 40 d}}]}}\n"
        return float(one(told("r0: 2", clarify), "rumour_ended").values["heard"])

    early, late = heard("2024-11-27 12:00"), heard("2024-11-29 07:00")
    assert early < 0.02
    assert early < late < final(2) - 0.05


def test_a_programme_clarifies_while_it_runs_and_where_it_is_held() -> None:
    held = "community:\n  programmes: {humas: {kind: clarification, places: {ids: [a, b, c]}, times: [2024-11-27 07:00], lasts: 30 d, clarifies: {tale: 1.5}, people: 1}}\n"
    records = rehearse(
        VILLAGES
        + "horizon: 25 d\n"
        + held
        + """\
  rumours: {tale: {r0: 3, tells_for: 2 h}}
triggers:
  begin: {at: [2024-11-27 07:30], places: {ids: [a]}, effects: [{do: start_rumour, rumour: tale, people: 200}]}
"""
    )
    assert one(records, "rumour_ended").values["heard"] == pytest.approx(final(2), abs=0.01)


def test_a_rumour_raises_its_channel_by_the_share_that_hears_it() -> None:
    operation, records = stage(
        VILLAGES
        + """\
horizon: 20 d
community:
  channels: {hoax: {start: 0.1, rest: 0.1, decay: 30000 d}}
  rumours: {tale: {r0: 2, raises: {hoax: 0.5}, neighbours_share: 0, everywhere_share: 0}}
triggers:
  begin: {at: [2024-11-27 07:00], places: {ids: [b]}, effects: [{do: start_rumour, rumour: tale, people: 1000}]}
"""
    )
    hearsay, tension = operation.scene.hearsay.rumours["tale"], operation.scene.people.tension
    told_later = (hearsay.heard[1] - 1000) / 160_000
    assert tension.levels[0] == pytest.approx([0.1, 0.1 + 0.5 * told_later, 0.1], abs=1e-3)
    assert one(records, "rumour_ended").values["heard"] == pytest.approx(0.8 * 160_000 / 500_000, rel=0.02)


def test_a_condition_may_ask_how_many_of_a_village_have_heard_it() -> None:
    more = "  spreads: {when: rumour_tale > 0.5, most: 1, places: {ids: [a]}, effects: [{do: cut_legitimacy, by: 0.0}]}\n"
    assert len(of(told("r0: 3", more), "trigger_fired", "spreads")) == 1
    assert not of(told("r0: 0.5", more), "trigger_fired", "spreads")


def test_nobody_begins_a_rumour_where_nobody_lives_and_at_most_all_who_live_there() -> None:
    records = told("r0: 2, people: 50", people=80)
    assert one(records, "rumour_started").values["people"] == 50
    empty = rehearse(
        """\
community: {rumours: {tale: {}}}
triggers: {begin: {at: [2024-11-27 07:10], places: {ids: [pos]}, effects: [{do: start_rumour, rumour: tale}]}}
"""
    )
    assert one(empty, "rumour_started").values["people"] == 0
    assert not of(empty, "rumour_sampled")


def test_a_rumour_begun_again_after_it_was_over_is_told_again() -> None:
    more = "  again: {at: [2024-12-07 07:00], places: {ids: [b]}, effects: [{do: start_rumour, rumour: tale, people: 100}]}\n"
    records = told("r0: 0.5, tells_for: 1 h", more)
    assert len(of(records, "rumour_ended")) == 2
    course = rumours(records, ["tale"])["tale"]
    assert course.started == 200
    assert course.over_at_s is not None
    assert course.over_at_s > 10 * 86400


@settings(max_examples=15, deadline=None)
@given(
    r0=st.floats(0.1, 8),
    neighbours=st.floats(0, 0.5),
    everywhere=st.floats(0, 0.5),
    step=st.integers(1, 600),
    seed=st.integers(0, 9),
)
def test_nobody_is_lost_or_invented(
    r0: float, neighbours: float, everywhere: float, step: int, seed: int
) -> None:
    operation, _ = stage(
        VILLAGES
        + f"""\
horizon: 2 d
community: {{rumours: {{tale: {{r0: {r0}, neighbours_share: {neighbours}, everywhere_share: {everywhere}, step: {step} min}}}}}}
triggers: {{begin: {{at: [2024-11-27 07:00], places: {{ids: [a]}}, effects: [{{do: start_rumour, rumour: tale}}]}}}}
""",
        seed=seed,
    )
    tale = operation.scene.hearsay.rumours["tale"]
    assert (tale.fresh >= 0).all()
    assert (tale.telling >= 0).all()
    assert (tale.fresh + tale.telling <= tale.people).all()
    assert (tale.heard >= tale.telling).all()


def test_the_same_seed_tells_the_same_rumour_and_others_do_not_disturb_it() -> None:
    alone = [(r.time_s, r.values) for r in of(told("r0: 2"), "rumour_sampled", "tale")]
    again = [(r.time_s, r.values) for r in of(told("r0: 2}, other: {r0: 3"), "rumour_sampled", "tale")]
    assert alone == again
    assert alone != [(r.time_s, r.values) for r in of(told("r0: 2", seed=2), "rumour_sampled", "tale")]


def test_what_nobody_uses_changes_nothing() -> None:
    plain = "triggers: {event: {rate: 20/h, effects: [{do: gather_crowd, size: 20, stays: 20 min}]}}\n"
    unused = """\
community:
  rumours: {tale: {r0: 3}}
  intakes: {bawaslu: {handlers: 2, handling: 1 h}}
"""
    assert rehearse(plain) == rehearse(unused + plain)


def test_among_a_thousand_villages_a_rumour_reaches_the_near_before_the_far() -> None:
    places = "\n".join(
        f"    p{i}: {{lat: {-7.5 - (i % 33) / 100:.4f}, lon: {110.5 + (i // 33) / 100:.4f}, voters: 2000}}"
        for i in range(1000)
    )
    operation, records = stage(
        f"""\
area:
  places:
{places}
  roads: {{synthetic: {{neighbours: 1}}}}
units: {{}}
horizon: 30 h
community: {{rumours: {{tale: {{r0: 3, neighbours_share: 0.3, everywhere_share: 0, spread_km: 1}}}}}}
triggers: {{begin: {{at: [2024-11-27 07:00], places: {{ids: [p0]}}, effects: [{{do: start_rumour, rumour: tale, people: 50}}]}}}}
"""
    )
    tale = operation.scene.hearsay.rumours["tale"]
    heard = tale.heard / tale.people
    assert heard[:40].mean() > 10 * heard[-40:].mean()
    assert np.count_nonzero(tale.heard) == of(records, "rumour_sampled")[-1].values["villages"]
