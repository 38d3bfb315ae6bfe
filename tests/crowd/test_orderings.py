"""What conduct does to a crowd, as orderings over paired runs: the same crowds, met in two ways.

Each test states its mean paired difference in standard errors; four of them are asked for.
"""

from __future__ import annotations

import numpy as np
import pytest

from kontijensi.crowd import Conduct
from tests.crowd.paired import Setting, course, mean_and_error

SEEDS = 16
SURE = 4.0
SETTING = Setting(legitimacy=0.65)
PRESENT = Conduct(officers=40)


@pytest.fixture(scope="module")
def left_alone() -> dict[str, np.ndarray]:
    return course(SETTING, {}, SEEDS)


def water(discrimination: float) -> dict[int, Conduct]:
    on = Conduct(officers=40, line=True, water=True, discrimination=discrimination)
    return {10: on, 20: Conduct(officers=40, line=True)}


def surely_positive(difference: np.ndarray) -> bool:
    mean, error = mean_and_error(difference)
    return mean > SURE * error


def test_the_same_force_landing_on_more_people_who_are_not_violent_leaves_more_acting_later() -> None:
    indiscriminate, careful = course(SETTING, water(0.1), SEEDS), course(SETTING, water(0.9), SEEDS)
    used = slice(10, 20)
    assert indiscriminate["force"][:, used].mean() == pytest.approx(
        careful["force"][:, used].mean(), abs=0.05
    )
    q = indiscriminate["indiscriminate"][:, used] - careful["indiscriminate"][:, used]
    assert surely_positive(q.mean(axis=1))
    assert surely_positive(indiscriminate["acting"][:, -1] - careful["acting"][:, -1])
    assert surely_positive(indiscriminate["violent"][:, 25] - careful["violent"][:, 25])


def test_arresting_only_the_violent_is_not_worse_than_doing_nothing(
    left_alone: dict[str, np.ndarray],
) -> None:
    harsh = Setting(legitimacy=0.5)
    nothing = course(harsh, {10: PRESENT}, SEEDS)
    arrests = course(harsh, {10: Conduct(officers=40, arrest=True, arrest_violent_only=True)}, SEEDS)
    assert surely_positive(nothing["acting"][:, -1] - arrests["acting"][:, -1])
    calm = course(SETTING, {10: Conduct(officers=40, arrest=True)}, SEEDS)
    mean, error = mean_and_error(calm["acting"][:, -1] - left_alone["acting"][:, -1])
    assert mean <= SURE * error


def test_containing_a_crowd_without_a_way_out_is_worse_than_the_same_officers_with_one() -> None:
    contained = course(SETTING, {10: Conduct(officers=40, contain=True)}, SEEDS)
    open_way = course(SETTING, {10: PRESENT}, SEEDS)
    assert surely_positive(contained["acting"][:, -1] - open_way["acting"][:, -1])
    assert surely_positive(contained["violent"][:, -1] - open_way["violent"][:, -1])


def test_early_dialogue_beats_late_dialogue() -> None:
    talks, quiet = Conduct(officers=10, dialogue=0.8), Conduct(officers=10)
    early = course(SETTING, {5: talks, 20: quiet}, SEEDS)
    late = course(SETTING, {25: talks, 40: quiet}, SEEDS)
    assert surely_positive(late["acting"].sum(axis=1) - early["acting"].sum(axis=1))


def test_dispersing_at_once_looks_better_for_some_minutes_and_breeds_violence_later(
    left_alone: dict[str, np.ndarray],
) -> None:
    force = Conduct(officers=40, push=True, water=True, irritant=True)
    dispersed = course(SETTING, {10: force, 15: Conduct(officers=40, line=True)}, SEEDS)
    assert surely_positive(left_alone["acting"][:, 13] - dispersed["acting"][:, 13])
    assert surely_positive(dispersed["violent"][:, 25] - left_alone["violent"][:, 25])


def test_a_legitimate_authority_and_good_conduct_keep_a_peaceful_crowd_peaceful() -> None:
    peaceful = Setting(legitimacy=0.85, grievance=0.6)
    run = course(peaceful, {10: Conduct(officers=20, dialogue=0.5)}, SEEDS)
    assert run["violent"].max() == 0
    assert run["acting"].max() == 0
    assert (run["present"][:, -1] < run["present"][:, 0]).all()
