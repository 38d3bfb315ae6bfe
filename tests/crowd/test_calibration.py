"""Fitting: what was put in is found again, and what cannot be found is said."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from kontijensi.crowd import Ground, Joining
from kontijensi.crowd.calibration import Case, Fit, Timeline, fit, play
from kontijensi.vocabulary.words import use_language

CASE = Case(Ground.rectangle(30.0, 30.0), {0: Joining(0, 120)}, legitimacy=0.7, tick_s=10.0)
MINUTES = (10, 30, 60, 90)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with use_language("en"):
        yield


def test_a_leaving_rate_is_found_again_and_a_number_without_effect_is_named_as_open() -> None:
    truth = play(CASE, Timeline(MINUTES, (0.0,) * 4), {"calm_leave_per_h": 2.0}, seeds=40)[-1]
    seen = Timeline(MINUTES, tuple(float(n) for n in truth), error=3.0)
    grid = {"calm_leave_per_h": (0.5, 1.0, 2.0, 4.0, 8.0), "crush_per_min": (0.0, 0.1, 0.5)}
    found = fit(CASE, seen, grid, seeds=10)
    low, high = found.ranges["calm_leave_per_h"]
    assert low <= 2.0 <= high
    assert high < 8.0
    assert found.misfit.min() < 12.0
    assert any(said.startswith("crush_per_min: every value tried") for said in found.cannot_tell())
    assert np.ptp(found.misfit, axis=1).max() == 0.0


def test_grievance_and_legitimacy_are_found_only_together() -> None:
    truth = play(
        CASE, Timeline(MINUTES, (0.0,) * 4, "acting"), {"legitimacy": 0.6, "grievance": 0.7}, seeds=30
    )
    seen = Timeline(MINUTES, tuple(truth.mean(axis=0)), "acting", error=4.0)
    values = (0.5, 0.6, 0.7, 0.8)
    found = fit(CASE, seen, {"legitimacy": values, "grievance": (0.5, 0.6, 0.7, 0.8, 0.95)}, seeds=8)
    assert found.as_good[values.index(0.6), 2]
    assert any("only together" in said for said in found.cannot_tell())


def test_no_agreement_is_said() -> None:
    flat = Fit(("a", "b"), ((0.0, 1.0), (0.0, 1.0)), np.full((2, 2), 50.0))
    assert any(said.startswith("no pair agrees") for said in flat.cannot_tell())
    with use_language("id"):
        assert any(said.startswith("tidak ada pasangan") for said in flat.cannot_tell())


@pytest.mark.parametrize("grid", [{}, {"kapa": (1.0,), "k": (2.0,)}, {"k": (2.0,)}])
def test_only_two_known_numbers_can_be_fitted(grid: dict[str, tuple[float, ...]]) -> None:
    with pytest.raises(ValueError, match="name two of"):
        fit(CASE, Timeline((1,), (1.0,)), grid)


def test_a_timeline_has_a_count_for_every_minute() -> None:
    with pytest.raises(ValueError, match="2 minutes from 1 on and 1 counts"):
        Timeline((1, 2), (3.0,))
