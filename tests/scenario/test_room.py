"""How many people a ground holds, and how many may come: the check and the crowd itself must agree."""

from __future__ import annotations

import numpy as np
import pytest

from kontijensi.crowd.ground import WALL, Ground
from kontijensi.scenario.checks.room import largest, room
from kontijensi.scenario.schema.area import Place
from kontijensi.scenario.schema.crowd import CrowdParameters
from kontijensi.scenario.schema.distributions import Empirical, Erlang, Exponential, Lognormal, Size


@pytest.mark.parametrize("enclosed", [False, True])
@pytest.mark.parametrize(
    ("width_m", "depth_m", "exits"), [(60, 40, 4), (61, 41, 3), (20, 20, 1), (400, 30, 2)]
)
def test_the_room_is_that_of_the_ground(width_m: float, depth_m: float, exits: int, enclosed: bool) -> None:
    crowd = CrowdParameters()
    place = Place(width_m=width_m, depth_m=depth_m, exits=exits, enclosed=enclosed)
    ground = Ground.rectangle(width_m, depth_m, exits, enclosed)
    cells = int(np.count_nonzero(ground.kind != WALL))
    exact = cells * int(min(crowd.jam_pm2, crowd.max_pm2) * ground.cell_m**2)
    # The gate may be two cells wide.
    assert room(place, crowd) == pytest.approx(exact, abs=21)


@pytest.mark.parametrize(
    "size",
    [
        Lognormal(dist="lognormal", mean=300.0, cv=0.8),
        Exponential(dist="exponential", mean=300.0),
        Erlang(dist="erlang", mean=300.0, stages=3),
    ],
)
def test_one_draw_in_a_hundred_is_larger_than_the_largest(size: Size) -> None:
    rng = np.random.default_rng(1)
    drawn = np.array([size.draw(rng) for _ in range(20_000)])
    assert (drawn > largest(size)).mean() == pytest.approx(0.01, abs=0.003)


def test_the_largest_of_values_seen_is_their_largest() -> None:
    assert largest(Empirical(dist="empirical", values=[10.0, 500.0, 20.0])) == 500
