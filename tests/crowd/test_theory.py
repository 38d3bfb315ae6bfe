"""Numbers the crowd must meet: thresholds, walking speeds, a corridor."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kontijensi.crowd.corridor import flow_pmps, walking_time_s
from kontijensi.crowd.thresholds import actors, rounds
from kontijensi.crowd.walking import walking_speed
from kontijensi.scenario.schema.crowd import CrowdParameters


def test_a_hundred_thresholds_in_a_row_all_act_and_one_gap_leaves_one() -> None:
    ladder = list(range(100))
    assert actors(ladder) == 100
    ladder[1] = 2
    assert actors(ladder) == 1


@given(st.lists(st.integers(0, 40), min_size=1, max_size=40))
def test_actors_are_the_least_fixed_point(thresholds: list[int]) -> None:
    count = actors(thresholds)
    assert sum(t <= count - 1 for t in thresholds) >= count if count else all(t > 0 for t in thresholds)
    assert count == rounds(thresholds)[-1]
    assert actors(thresholds[::-1]) == count


def test_thresholds_must_be_numbers() -> None:
    with pytest.raises(ValueError, match="finite"):
        actors([1.0, np.nan])


@pytest.mark.parametrize(
    ("density", "speed"), [(1.0, 1.058), (2.0, 0.606), (3.0, 0.331), (5.4, 0.0), (7.0, 0.0)]
)
def test_speed_falls_with_density_as_weidmann_measured(density: float, speed: float) -> None:
    assert walking_speed(density, 1.34, 1.913, 5.4) == pytest.approx(speed, abs=5e-4)


def test_flow_peaks_where_weidmann_has_it() -> None:
    density = np.linspace(0.01, 5.4, 2000)
    flow = flow_pmps(density, CrowdParameters())
    assert flow.max() == pytest.approx(1.225, abs=2e-3)
    assert density[flow.argmax()] == pytest.approx(1.75, abs=0.02)


@pytest.mark.parametrize("dt_s", [0.5, 1.0, 2.0])
def test_forty_metres_at_1_33_take_26_to_34_seconds(dt_s: float) -> None:
    assert 26.0 <= walking_time_s(40.0, 1.33, dt_s) <= 34.0


def test_twice_the_speed_takes_half_the_time() -> None:
    assert walking_time_s(80.0, 0.6, 0.5) == pytest.approx(2 * walking_time_s(80.0, 1.2, 0.5), rel=0.05)
