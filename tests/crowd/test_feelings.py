"""Legitimacy, shared identity and self-policing against their equations, integrated by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kontijensi.crowd import CampTraits, Conduct, Ground, Joining, Masses
from kontijensi.scenario.schema.crowd import CrowdParameters

STILL = {"calm_leave_per_h": 0.0, "fatigue_leave_per_h": 0.0, "flight_per_min": 0.0}
"""Nobody goes home, so that a camp's sums are over the same people all the time."""


def by_hand(
    rule: CrowdParameters, start: tuple[float, float], drives: list[tuple[float, float, float]], dt_min: float
) -> tuple[float, float]:
    """Integrate dL/dt and ds/dt by small steps, with (F, q, dialogue) as they were in each tick."""
    base, s = start
    legitimacy, steps = base, 20
    for force, q, dialogue in drives:
        for _ in range(steps):
            h = dt_min / steps
            gain = rule.eta_n_per_min * dialogue * (1 - q) - rule.eta_f_per_min * force * q
            slope = (base - legitimacy) / rule.tau_l_min + gain
            middle = (base - legitimacy - h / 2 * slope) / rule.tau_l_min + gain
            growth = rule.kappa_per_min * force * q

            def ds(value: float, growth: float = growth) -> float:
                return growth * (1 - value) - value / rule.tau_s_min

            s += h * ds(s + h / 2 * ds(s))
            legitimacy = min(1.0, max(0.0, legitimacy + h * middle))
    return legitimacy, s


def crowd(
    rule: CrowdParameters, legitimacy: float, identity: float, grievance: float, people: int = 200
) -> tuple[Masses, int]:
    masses = Masses(rule, 1)
    slot = masses.open(Ground.rectangle(40, 40), [CampTraits(legitimacy, identity)], 11)
    masses.join(slot, Joining(0, people, grievance=grievance), at="spread")
    return masses, slot


@settings(max_examples=12)
@given(
    legitimacy=st.floats(0.4, 0.9),
    identity=st.floats(0.0, 0.9),
    dialogue=st.floats(0.0, 1.0),
    force=st.floats(0.0, 0.5),
)
def test_under_constant_force_on_peaceful_people_both_follow_their_equations(
    legitimacy: float, identity: float, dialogue: float, force: float
) -> None:
    # Holding in a crowd in which nobody acts is force of one strength, and all of it is misdirected: q = 1.
    rule = CrowdParameters(**STILL, force_contain=force)
    masses, slot = crowd(rule, legitimacy, identity, grievance=0.0)
    masses.conduct(slot, Conduct(officers=20, contain=True, dialogue=dialogue))
    for _ in range(180):
        masses.tick(10.0)
    tally = masses.tally(slot)
    assert tally.force == pytest.approx(force)
    assert tally.indiscriminate == (1.0 if force > 0.0 else 0.0)
    q = 1.0 if force > 0.0 else 0.0
    expected = by_hand(rule, (legitimacy, identity), [(force, q, dialogue)] * 180, 1 / 6)
    assert tally.traits[0] == pytest.approx(expected, abs=1e-6)


def test_under_force_that_changes_they_follow_their_equations_tick_by_tick() -> None:
    rule = CrowdParameters(**STILL)
    masses, slot = crowd(rule, 0.5, 0.2, grievance=1.0)
    drives = []
    for tick in range(240):
        if tick == 24:
            masses.conduct(
                slot, Conduct(officers=30, push=True, water=True, dialogue=0.4, discrimination=0.3)
            )
        if tick == 120:
            masses.conduct(slot, Conduct(officers=30, arrest=True, dialogue=0.9))
        masses.tick(5.0)
        tally = masses.tally(slot)
        talks = 0.0 if tick < 24 else 0.4 if tick < 120 else 0.9
        drives.append((tally.force, tally.indiscriminate, talks))
    assert len({force for force, _, _ in drives}) > 20
    assert tally.traits[0] == pytest.approx(by_hand(rule, (0.5, 0.2), drives, 1 / 12), abs=1e-6)


def test_without_force_and_talks_identity_fades_and_legitimacy_stays() -> None:
    rule = CrowdParameters(**STILL)
    masses, slot = crowd(rule, 0.7, 0.8, grievance=0.0)
    for _ in range(360):
        masses.tick(10.0)
    assert masses.traits(slot)[0] == pytest.approx((0.7, 0.8 * np.exp(-60.0 / rule.tau_s_min)), abs=1e-9)


@pytest.mark.parametrize("legitimacy", [0.2, 0.4, 0.6])
@pytest.mark.parametrize("identity", [0.0, 0.5, 1.0])
def test_marshals_hold_the_crowd_in_proportion_to_legitimacy_and_to_what_identity_leaves(
    legitimacy: float, identity: float
) -> None:
    # Everybody sees everybody, marshals suffice for all, nothing else moves the threshold: a follower acts
    # when his grievance H (1 - L) exceeds T + c (1 - s) L, with H uniform.
    rule = CrowdParameters(
        **STILL, identity_pull=0.0, tau_s_min=10000.0, vision_m=60.0, marshal_span=200.0, marshal_calm=0.3,
        violence_threshold=2.0, violence_spread=0.0,
    )  # fmt: skip
    masses = Masses(rule, 1)
    ground = Ground.rectangle(40, 40)
    slots = [masses.open(ground, [CampTraits(legitimacy, identity)], key) for key in range(12)]
    for slot in slots:
        masses.join(slot, Joining(0, 400, 0.0, 0.2, 0.0), at="spread")
    for _ in range(24):
        masses.tick(10.0)
    acting = [masses.tally(slot).active for slot in slots]
    bar = rule.threshold + 0.3 * (1.0 - identity) * legitimacy
    share = max(0.0, 1.0 - bar / (1.0 - legitimacy))
    error = np.sqrt(share * (1.0 - share) / (400 * len(slots)))
    # A marshal who acts no longer holds others; with 80 of them and a span of 200 enough are left.
    assert np.mean(acting) / 400 == pytest.approx(share, abs=4 * error + 0.004)
