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


@pytest.mark.parametrize("legitimacy", [0.0, 0.3, 0.6, 0.8, 0.82, 0.9, 0.95, 1.0])
@pytest.mark.parametrize("threshold", [0.0, 0.05, 0.1, 0.3, 0.8])
def test_without_cops_the_active_share_is_one_less_threshold_over_grievance(
    legitimacy: float, threshold: float
) -> None:
    share = max(0.0, 1.0 - threshold / (1.0 - legitimacy)) if legitimacy < 1.0 else 0.0
    model = CivilViolence(legitimacy=legitimacy, threshold=threshold, seed=4, **EVERYONE)
    model.step(2)
    error = np.sqrt(share * (1 - share) / model.citizens)
    assert abs(model.active / model.citizens - share) <= 4 * error


@pytest.mark.parametrize("ratio", ["floor", "round", "raw"])
@pytest.mark.parametrize("cops", [0.0, 0.04])
def test_from_a_legitimacy_of_0_9_on_nobody_ever_acts(ratio: Any, cops: float) -> None:
    for legitimacy in (0.9, 0.93, 1.0):
        model = CivilViolence(
            cops=cops, legitimacy=legitimacy, ratio=ratio, initially_active=True, arrests=False, seed=3
        )
        assert model.active == model.citizens
        assert model.step(20)[1:].max() == 0


def test_bursts_come_with_floored_or_rounded_odds_and_not_with_raw_ones() -> None:
    def most(ratio: str) -> int:
        return max(
            int(CivilViolence(**{**NETLOGO, "ratio": ratio}, seed=s).step(600).max()) for s in range(3)
        )

    assert most("raw") < 20
    assert min(most("floor"), most("round")) > 200
    calm = CivilViolence(**NETLOGO, seed=1).step(600)
    assert (calm < 10).mean() > 0.3


@pytest.mark.parametrize(("cops", "jail_max"), [(0.06, 30), (0.06, 1000), (0.05, 100)])
def test_simultaneous_decisions_multiply_unrest(cops: float, jail_max: int) -> None:
    def mean_active(activation: Any) -> float:
        how = {**MESA, "cops": cops, "jail_max": jail_max, "activation": activation}
        return float(np.mean([CivilViolence(**how, seed=s).step(400).mean() for s in range(8)]))

    assert 1.5 < mean_active("simultaneous") / mean_active("random") < 9.0


def test_where_bursts_empty_the_town_anyway_simultaneous_decisions_add_nothing() -> None:
    mean = [
        np.mean([CivilViolence(**NETLOGO, activation=how, seed=s).step(600).mean() for s in range(8)])
        for how in ("random", "simultaneous")
    ]
    assert mean[1] == pytest.approx(mean[0], rel=0.15)


def test_a_longer_jail_term_keeps_more_in_jail_and_sets_bursts_further_apart() -> None:
    def bursts(jail_max: int) -> tuple[float, float]:
        jailed, starts = [], 0
        for seed in range(4):
            model = CivilViolence(**{**NETLOGO, "jail_max": jail_max}, seed=seed)
            history = model.step(600)
            starts += int(np.count_nonzero((history[1:] >= 50) & (history[:-1] < 50)))
            jailed.append(model.jailed)
        return starts / 4, float(np.mean(jailed))

    (short, _), (long, _) = bursts(15), bursts(60)
    assert short > 1.5 * long > 0


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


@pytest.mark.slow
@pytest.mark.parametrize(("legitimacy", "cops"), [(0.7, 0.06), (0.8, 0.04)])
@pytest.mark.filterwarnings("ignore")  # of Mesa about its own example
def test_mesas_settings_agree_with_mesas_own_example_in_distribution(legitimacy: float, cops: float) -> None:
    pytest.importorskip("networkx", reason="Mesa's examples need the extra notebooks")
    from mesa.examples.advanced.epstein_civil_violence.agents import Citizen, Cop
    from mesa.examples.advanced.epstein_civil_violence.model import EpsteinCivilViolence

    ours, theirs = [], []
    for seed in range(40):
        model = EpsteinCivilViolence(
            width=20, height=20, cop_density=cops, citizen_vision=3, cop_vision=3, legitimacy=legitimacy,
            max_jail_term=40, seed=seed,
        )  # fmt: skip
        # It draws how many there are; ours get as many.
        size = {
            "width": 20, "height": 20, "vision": 3, "legitimacy": legitimacy, "jail_max": 41,
            "citizens": len(model.agents_by_type[Citizen]), "cops": len(model.agents_by_type[Cop]),
        }  # fmt: skip
        counts = []
        for _ in range(40):
            model.agents.shuffle_do("step")
            model._update_counts()
            counts.append(model.ACTIVE)
        theirs.append(np.mean(counts[5:]))
        ours += [
            CivilViolence(**{**MESA, **size}, seed=1000 * k + seed).step(40)[5:].mean() for k in range(4)
        ]
    assert stats.ks_2samp(ours, theirs).pvalue > 0.01
    assert np.mean(ours) == pytest.approx(np.mean(theirs), rel=0.2)


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


@pytest.mark.parametrize("shape", ["disc", "diamond", "square"])
@pytest.mark.parametrize(("width", "height"), [(9, 31), (31, 9), (8, 8), (1, 9)])
def test_off_a_torus_a_vision_larger_than_the_lattice_sees_all_of_it(
    shape: Any, width: int, height: int
) -> None:
    histories = [
        CivilViolence(
            width, height, 0.7, 2, 0.3, vision=vision, vision_shape=shape, torus=False, jail_max=5, seed=6
        ).step(40)
        for vision in (width + height, 4 * (width + height), 1_000_000)
    ]
    assert (histories[0] == histories[1]).all()
    assert (histories[0] == histories[2]).all()


def test_on_a_torus_a_square_vision_of_everything_sees_everybody_once() -> None:
    how: dict[str, Any] = {"vision_shape": "square", "seed": 2, "movement": False, "legitimacy": 0.3}
    everywhere = CivilViolence(13, 9, 0.7, 3, vision=500, **how)
    flat = CivilViolence(13, 9, 0.7, 3, vision=500, torus=False, **how)
    assert (everywhere.step(30) == flat.step(30)).all()


def test_a_nil_jail_term_sets_everybody_free_at_once() -> None:
    for jail_max in (0, 1):
        model = CivilViolence(**{**NETLOGO, "jail_max": jail_max}, seed=0)
        assert model.step(60).max() > 0
        assert model.jailed == 0


@pytest.mark.parametrize(
    "how",
    [
        {"citizens": 0, "cops": 0.04},
        {"citizens": 0, "cops": 0},
        {"citizens": 1.0, "cops": 0},
        {"citizens": 0.9, "cops": 0.1},
        {"citizens": 0, "cops": 1.0},
        {"width": 1, "height": 1, "citizens": 1, "cops": 0, "vision": 1, "torus": False},
        {"width": 33, "height": 21, "vision": 1},
    ],
)
@pytest.mark.parametrize("activation", ["random", "simultaneous"])
def test_empty_and_full_lattices_of_any_size_keep_everybody(how: dict[str, Any], activation: Any) -> None:
    model = CivilViolence(**how, activation=activation, initially_active=True, seed=1)
    model.step(30)
    where = model.state()
    on_board = where.row >= 0
    assert np.unique(where.row[on_board] * model.width + where.col[on_board]).size == on_board.sum()
    assert model.active + model.quiet + model.jailed == model.citizens
    assert where.cop.sum() == model.cops


def test_a_density_is_any_fraction_and_a_number_any_whole_one() -> None:
    assert CivilViolence(citizens=np.float32(0.5), cops=np.float64(0.05)).citizens == 800
    assert CivilViolence(citizens=np.int64(900), cops=np.uint8(7)).cops == 7


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"citizens": 0.9, "cops": 0.2}, "one person a cell"),
        ({"citizens": 1.5}, "density from 0 to 1"),
        ({"citizens": -3}, "citizens -3"),
        ({"vision": 30}, "reaches round a torus 40 cells wide"),
        ({"vision_shape": "star"}, "use 'disc' or 'diamond' or 'square'"),
        ({"ratio": "ceil"}, "use 'floor' or 'round' or 'raw'"),
        ({"citizens": True}, "citizens True; give a density from 0 to 1"),
        ({"citizens": float("nan")}, "citizens nan; give a density"),
        ({"cops": "few"}, "cops 'few'; give a density"),
        ({"citizens": 1700}, "1700 citizens and 64 cops on 1600 cells"),
        ({"vision": 0}, "vision 0; give a whole number, 1 or more"),
        ({"vision": 2.5}, "vision 2.5; give a whole number"),
        ({"width": 40.0}, "width 40.0; give a whole number"),
        ({"jail_max": -1}, "jail_max -1; give a whole number, 0 or more"),
        ({"jail_max": 2.5}, "jail_max 2.5; give a whole number"),
        ({"k": -1.0}, "k -1.0; give a finite number, 0 or more"),
        ({"k": float("inf")}, "k inf; give a finite number"),
        ({"threshold": float("nan")}, "threshold nan; give a finite number"),
        ({"threshold": -0.1}, "threshold -0.1; give a finite number"),
        ({"legitimacy": "high"}, "legitimacy 'high'; give a number from 0 to 1"),
        ({"legitimacy": 1.2}, "legitimacy 1.2; give a number from 0 to 1"),
        ({"activation": "both"}, "'random' or 'simultaneous'"),
        ({"hardship": np.ones(3)}, "hardship must be 1120 numbers"),
    ],
)
def test_impossible_settings_are_refused(how: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        CivilViolence(**how)
