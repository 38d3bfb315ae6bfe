"""How villages mix: weights by distance, and the exact course of what spreads."""

from __future__ import annotations

from math import e, exp

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import expm

from kontijensi.community.mixing import NEIGHBOURS, Kernel, others, spread

FORMS = ["exponential", "gaussian", "power"]


def spots(n: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.uniform(0, 40, n), rng.uniform(0, 40, n)


def matrix(kernel: Kernel, n: int) -> np.ndarray:
    return np.column_stack([kernel(column) for column in np.eye(n)])


@pytest.mark.parametrize("form", FORMS)
def test_weights_add_to_one_and_a_village_does_not_weigh_itself(form: str) -> None:
    weights = matrix(Kernel(*spots(30), form=form, km=5.0), 30)
    assert np.allclose(weights.sum(axis=1), 1)
    assert np.allclose(np.diag(weights), 0)
    assert (weights >= 0).all()


@pytest.mark.parametrize("form", FORMS)
def test_weight_at_the_length_given_is_37_per_cent_of_that_at_no_distance(form: str) -> None:
    x_km, y_km = np.array([0.0, 0.0, 5.0]), np.zeros(3)
    weights = matrix(Kernel(x_km, y_km, form=form, km=5.0), 3)
    assert weights[0, 2] / weights[0, 1] == pytest.approx(1 / e)


def test_forms_differ_in_how_far_they_reach() -> None:
    x_km, y_km = np.array([0.0, 1.0, 20.0]), np.zeros(3)
    far = [matrix(Kernel(x_km, y_km, form=form, km=5.0), 3)[0, 2] for form in FORMS]
    assert far[1] < far[0] < far[2]


def test_a_village_far_from_all_others_is_drawn_to_the_nearest_of_them() -> None:
    x_km, y_km = np.array([0.0, 9_000.0, 9_900.0]), np.zeros(3)
    assert matrix(Kernel(x_km, y_km, form="exponential", km=1.0), 3)[0] == pytest.approx([0, 1, 0])


def test_villages_at_one_spot_and_of_unknown_position_meet_all_others_alike() -> None:
    same = matrix(Kernel(np.zeros(400), np.zeros(400), form="exponential", km=1.0), 400)
    assert np.allclose(same.sum(axis=1), 1)
    assert np.allclose(np.diag(same), 0)
    unknown = matrix(Kernel(np.array([0.0, 1.0, np.nan]), np.zeros(3), form="exponential", km=1.0), 3)
    assert unknown[2] == pytest.approx([0.5, 0.5, 0])
    assert unknown[0] == pytest.approx([0, 1, 0])


def test_heavier_villages_weigh_more_and_empty_ones_nothing() -> None:
    x_km, y_km = np.array([0.0, 1.0, -1.0, 0.5]), np.zeros(4)
    kernel = Kernel(x_km, y_km, form="exponential", km=5.0, mass=np.array([1.0, 3.0, 1.0, 0.0]))
    assert matrix(kernel, 4)[0] == pytest.approx([0, 0.75, 0.25, 0])


def test_entries_grow_with_the_number_of_villages_and_not_with_its_square() -> None:
    kernel = Kernel(*spots(3000), form="exponential", km=5.0)
    assert kernel._near is not None
    assert kernel._near.nnz == 3000 * NEIGHBOURS


@settings(max_examples=25, deadline=None)
@given(n=st.integers(2, 12), jumps=st.floats(0.001, 70), seed=st.integers(0, 99), form=st.sampled_from(FORMS))
def test_spread_is_the_matrix_exponential(n: int, jumps: float, seed: int, form: str) -> None:
    kernel = Kernel(*spots(n, seed), form=form, km=4.0)
    start = np.random.default_rng(seed).random(n)
    exact = expm(jumps * (matrix(kernel, n) - np.eye(n))) @ start
    found = spread(start, kernel, jumps)
    assert found == pytest.approx(exact, abs=1e-10)
    assert start.min() - 1e-12 <= found.min() <= found.max() <= start.max() + 1e-12


def test_two_spreads_in_a_row_are_one_of_both_lengths() -> None:
    kernel = Kernel(*spots(20), form="exponential", km=5.0)
    start = np.random.default_rng(3).random(20)
    twice = spread(spread(start, kernel, 0.3), kernel, 0.9)
    assert spread(start, kernel, 1.2) == pytest.approx(twice, abs=1e-11)


def test_two_villages_alike_keep_their_sum_and_their_difference_falls_at_twice_the_rate() -> None:
    kernel = Kernel(np.array([0.0, 3.0]), np.zeros(2), form="exponential", km=5.0)
    low, high = spread(np.array([0.0, 0.8]), kernel, 0.7)
    assert low + high == pytest.approx(0.8)
    assert high - low == pytest.approx(0.8 * exp(-1.4))


def test_what_is_the_same_everywhere_stays_and_everything_evens_out_in_the_end() -> None:
    kernel = Kernel(*spots(20), form="power", km=5.0)
    assert spread(np.full(20, 0.3), kernel, 5.0) == pytest.approx(np.full(20, 0.3), abs=1e-12)
    assert np.ptp(spread(np.random.default_rng(1).random(20), kernel, 3000.0)) < 1e-6


def test_the_share_that_ignores_distance_is_the_mean_of_the_others() -> None:
    assert others(np.array([0.0, 0.5, 1.0]), np.ones(3)) == pytest.approx([0.75, 0.5, 0.25])
    assert others(np.array([0.4]), np.ones(1)) == pytest.approx([0.4])
