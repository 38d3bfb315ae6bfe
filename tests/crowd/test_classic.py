"""The classic rule against theory, the paper's published behaviour, and a plain Mesa model."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from kontijensi.crowd.classic import MESA, NETLOGO, CivilViolence
from tests.crowd.oracle import Town

EVERYONE = {"citizens": 0.7, "cops": 0, "arrests": False, "width": 200, "height": 200}


@pytest.mark.parametrize(
    ("legitimacy", "share"), [(0.82, 4 / 9), (0.8, 0.5), (0.6, 0.75), (0.9, 0.0), (0.95, 0.0)]
)
def test_without_cops_the_active_share_is_one_less_threshold_over_grievance(
    legitimacy: float, share: float
) -> None:
    model = CivilViolence(legitimacy=legitimacy, seed=4, **EVERYONE)
    model.step(2)
    error = np.sqrt(share * (1 - share) / model.citizens)
    assert abs(model.active / model.citizens - share) <= 4 * error


def test_bursts_come_with_floored_or_rounded_odds_and_not_with_raw_ones() -> None:
    def most(ratio: str) -> int:
        return max(
            int(CivilViolence(**{**NETLOGO, "ratio": ratio}, seed=s).step(600).max()) for s in range(3)
        )

    assert most("raw") < 30
    assert min(most("floor"), most("round")) > 150
    calm = CivilViolence(**NETLOGO, seed=1).step(600)
    assert (calm < 10).mean() > 0.3


def test_simultaneous_decisions_multiply_unrest() -> None:
    def mean_active(activation: Any) -> float:
        how = {**MESA, "cops": 0.06, "jail_max": 30, "activation": activation}
        return float(np.mean([CivilViolence(**how, seed=s).step(400).mean() for s in range(6)]))

    assert mean_active("simultaneous") > 1.5 * mean_active("random")


def test_without_cops_nobody_is_jailed() -> None:
    model = CivilViolence(**{**NETLOGO, "cops": 0}, seed=2)
    model.step(50)
    assert model.jailed == 0
    assert model.active + model.quiet == model.citizens


@pytest.mark.parametrize("preset", [NETLOGO, MESA])
def test_people_are_conserved_one_to_a_cell(preset: dict[str, Any]) -> None:
    model = CivilViolence(**{**preset, "width": 33, "height": 21}, seed=5)
    for _ in range(40):
        model.step(5)
        where = model.state()
        on_board = where.row >= 0
        cells = where.row[on_board] * 33 + where.col[on_board]
        assert np.unique(cells).size == cells.size
        assert (where.jailed[~on_board]).all()
        assert model.active + model.quiet + model.jailed == model.citizens
        assert not (where.active & where.jailed).any()


@pytest.mark.parametrize("shape", ["disc", "diamond", "square"])
@pytest.mark.parametrize("ratio", ["floor", "round", "raw"])
@pytest.mark.parametrize("torus", [True, False])
def test_person_by_person_it_agrees_with_a_plain_mesa_model(shape: Any, ratio: Any, torus: bool) -> None:
    how: dict[str, Any] = {
        "vision": 3, "vision_shape": shape, "torus": torus, "movement": False, "jail_max": 5,
        "jail_keeps_cell": True, "cop_follows": False,
    }  # fmt: skip
    fast = CivilViolence(17, 13, 0.7, 0.08, 0.6, ratio=ratio, seed=11, **how)
    slow = Town(fast, **how)
    for _ in range(12):
        fast.step()
        slow.step()
        assert fast.active_mask.tolist() == slow.active_mask
        assert fast._town.jail[: fast.citizens].tolist() == slow.jail_terms
    assert fast.active > 0


def test_with_movement_it_agrees_with_a_plain_mesa_model_in_distribution() -> None:
    how: dict[str, Any] = {
        "vision": 3, "vision_shape": "disc", "torus": True, "movement": True, "jail_max": 6,
        "jail_keeps_cell": True, "cop_follows": False,
    }  # fmt: skip
    fast_ends, slow_ends = [], []
    for seed in range(60):
        fast = CivilViolence(12, 12, 0.7, 0.06, 0.7, seed=seed, **how)
        fast_ends.append(fast.step(15)[5:].mean())
    for seed in range(60, 90):
        slow = Town(CivilViolence(12, 12, 0.7, 0.06, 0.7, seed=seed, **how), **how)
        counts = []
        for _ in range(15):
            slow.step()
            counts.append(sum(slow.active_mask))
        slow_ends.append(np.mean(counts[5:]))
    assert stats.ks_2samp(fast_ends, slow_ends).pvalue > 0.01


def least_fixed_point(
    hardship: np.ndarray, risk: np.ndarray, legitimacy: float, cops: int, k: float, threshold: float
) -> np.ndarray:
    """Start from nobody and add whoever would act, until nobody is added (global vision, floored odds)."""
    active = np.zeros(hardship.size, bool)
    while True:
        seen = active.sum() - active + 1
        chance = 1 - np.exp(-k * np.floor(cops / seen))
        acts = hardship * (1 - legitimacy) - risk * chance > threshold
        if (acts | active == active).all():
            return active
        active |= acts


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32), legitimacy=st.floats(0.0, 0.95), cops=st.integers(0, 12))
def test_with_global_vision_the_active_set_is_the_least_fixed_point(
    seed: int, legitimacy: float, cops: int
) -> None:
    draws = np.random.default_rng(seed)
    hardship, risk = draws.random(60), draws.random(60)
    sets = []
    for order in range(3):
        model = CivilViolence(
            10, 9, 60, cops, legitimacy, vision=9, vision_shape="square", torus=False, arrests=False,
            movement=False, seed=order, hardship=hardship, risk_aversion=risk,
        )  # fmt: skip
        model.step(60)
        sets.append(model.active_mask)
    expected = least_fixed_point(hardship, risk, legitimacy, cops, 2.3, 0.1)
    for found in sets:
        assert (found == expected).all()


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32), low=st.floats(0.0, 0.9), more=st.floats(0.0, 0.3), cops=st.integers(0, 12))
def test_higher_legitimacy_never_raises_the_least_fixed_point(
    seed: int, low: float, more: float, cops: int
) -> None:
    draws = np.random.default_rng(seed)
    hardship, risk = draws.random(60), draws.random(60)

    def active(legitimacy: float) -> np.ndarray:
        model = CivilViolence(
            10, 9, 60, cops, legitimacy, vision=9, vision_shape="square", torus=False, arrests=False,
            movement=False, seed=1, hardship=hardship, risk_aversion=risk,
        )  # fmt: skip
        model.step(60)
        return model.active_mask

    assert not (active(min(1.0, low + more)) & ~active(low)).any()


def test_starting_active_may_rest_in_a_higher_fixed_point() -> None:
    common: dict[str, Any] = {
        "citizens": 60, "cops": 12, "legitimacy": 0.3, "vision": 9, "vision_shape": "square", "torus": False,
        "arrests": False, "movement": False, "width": 10, "height": 9, "seed": 3,
    }  # fmt: skip
    below, above = CivilViolence(**common), CivilViolence(**common, initially_active=True)
    below.step(60)
    above.step(60)
    assert not (below.active_mask & ~above.active_mask).any()


def test_the_same_seed_gives_the_same_history_in_any_portions() -> None:
    whole = CivilViolence(**NETLOGO, seed=9).step(60)
    model = CivilViolence(**NETLOGO, seed=9)
    portions = np.concatenate([model.step(n) for n in (1, 9, 20, 30)])
    assert (whole == portions).all()
    assert not (whole == CivilViolence(**NETLOGO, seed=10).step(60)).all()


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"citizens": 0.9, "cops": 0.2}, "one person a cell"),
        ({"citizens": 1.5}, "density from 0 to 1"),
        ({"citizens": -3}, "citizens -3"),
        ({"vision": 30}, "reaches round a torus 40 cells wide"),
        ({"vision_shape": "star"}, "use 'disc', 'diamond' or 'square'"),
        ({"ratio": "ceil"}, "use one of floor, round, raw"),
        ({"legitimacy": 1.2}, "legitimacy 1.2"),
        ({"activation": "both"}, "'random' or 'simultaneous'"),
        ({"hardship": np.ones(3)}, "hardship must be 1120 numbers"),
    ],
)
def test_impossible_settings_are_refused(how: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        CivilViolence(**how)
