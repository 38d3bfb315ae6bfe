"""Percentiles and shares that count the unanswered."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kontijensi.analysis.percentiles import percentile, percentile_interval, share_within, spread, wilson

TIMES = st.lists(st.floats(0, 1e6), min_size=1, max_size=30)
SHARE = st.floats(0, 1)


def test_by_hand() -> None:
    assert percentile([10.0, 20.0, 30.0, 40.0], 0.5) == 25.0
    assert percentile([10.0, 20.0, 30.0, None], 0.5) == 25.0
    assert percentile([10.0, 20.0, None, None], 0.5) is None
    assert percentile([10.0, 20.0, None], 0.5) == 20.0
    assert percentile([None], 0.0) is None
    assert percentile([], 0.5) is None


def test_a_rank_on_a_case_leans_on_no_other() -> None:
    # 0.9 of 10 steps is the tenth case of eleven; 0.9 * 10 must not fall between it and the unanswered one.
    assert percentile([float(i) for i in range(10)] + [None], 0.9) == 9.0


def test_a_share_outside_0_to_1_is_refused() -> None:
    with pytest.raises(ValueError, match=r"1\.5"):
        percentile([1.0], 1.5)


@given(TIMES, SHARE)
def test_all_answered_it_is_numpys(times: list[float], share: float) -> None:
    assert percentile(times, share) == pytest.approx(float(np.quantile(times, share)), rel=1e-6, abs=1e-3)


@given(TIMES, st.integers(0, 10), SHARE)
def test_the_unanswered_only_ever_raise_it(times: list[float], missing: int, share: float) -> None:
    known = percentile(times, share)
    honest = percentile([*times, *[None] * missing], share)
    assert honest is None or honest >= known - 1e-6


@given(TIMES, st.integers(0, 5))
def test_it_rises_with_the_share(times: list[float], missing: int) -> None:
    found = [percentile([*times, *[None] * missing], q) for q in (0, 0.25, 0.5, 0.9, 1)]
    known = [t for t in found if t is not None]
    assert known == sorted(known)
    assert found[len(known) :] == [None] * (len(found) - len(known))


def test_spread_keeps_the_unanswered_in_sight() -> None:
    found = spread([60.0, 120.0, None])
    assert (found.n, found.answered, found.mean, found.mean_answered) == (3, 2, None, 90.0)
    assert (found.median, found.p90, found.longest) == (120.0, None, None)
    assert found.as_dict()["unanswered"] == 1


def test_share_within_counts_exactly_the_limit_and_not_the_unanswered() -> None:
    found = share_within([0.1 + 0.2, 0.3, 0.4, None], 0.3)
    assert (found.within, found.n, found.share) == (2, 4, 0.5)
    assert share_within([], 1).share is None


def test_wilson_as_published() -> None:
    # Newcombe (1998), Statistics in Medicine 17, table I, method 3: 81/263, 15/148, 0/20 and 1/29.
    for successes, n, low, high in (
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ):
        assert wilson(successes, n) == pytest.approx((low, high), abs=5e-5)


def test_wilson_refuses_what_is_no_share() -> None:
    assert wilson(0, 0) == (None, None)
    with pytest.raises(ValueError, match="3 of 2"):
        wilson(3, 2)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_holds_the_share_and_stays_in_bounds(case: tuple[int, int]) -> None:
    low, high = wilson(*case)
    assert 0 <= low <= case[0] / case[1] <= high <= 1


def test_intervals_of_percentiles_by_hand() -> None:
    # Of ten cases the median lies between the 2nd and the 9th: P(2 <= B <= 8) = 0.979 for B of ten halves.
    ten = [float(i) for i in range(1, 11)]
    assert percentile_interval(ten, 0.5) == (2.0, 9.0)
    assert percentile_interval(ten, 0.9) == (7.0, None)
    assert percentile_interval([*ten[:8], None, None], 0.5) == (2.0, None)
    assert percentile_interval([1.0], 0.5) == (None, None)
    assert percentile_interval([], 0.5) == (None, None)


@pytest.mark.parametrize("share", [0.5, 0.8, 0.95])
@pytest.mark.parametrize("n", [8, 30, 200])
def test_intervals_hold_as_often_as_they_promise(share: float, n: int) -> None:
    # Uniform times: the true percentile is the share itself. None bounds nothing, and so holds.
    draw = np.random.default_rng(n)
    held = 0
    for _round in range(400):
        low, high = percentile_interval(draw.random(n).tolist(), share)
        held += (low is None or low <= share) and (high is None or share <= high)
    assert held / 400 >= 0.95 - 3 * (0.95 * 0.05 / 400) ** 0.5


def test_an_interval_is_asked_for_between_0_and_1_only() -> None:
    with pytest.raises(ValueError, match=r"1\.0: a percentile"):
        percentile_interval([1.0], 1.0)
    with pytest.raises(ValueError, match=r"0: a confidence"):
        percentile_interval([1.0], 0.5, 0)


@given(TIMES, st.integers(0, 5), st.sampled_from([0.5, 0.8, 0.9, 0.95]))
def test_a_percentile_lies_in_its_interval(times: list[float], missing: int, share: float) -> None:
    cases = [*times, *[None] * missing]
    middle, (low, high) = percentile(cases, share), percentile_interval(cases, share)
    if middle is not None:
        assert low is None or low <= middle + 1e-6
        assert high is None or middle <= high + 1e-6
