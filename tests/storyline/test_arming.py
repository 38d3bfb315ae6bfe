"""Triggers that feed on themselves, that must be armed, and that fire again only when calm has returned."""

# ruff: noqa: E501 - the lines of a scenario are as long as planners write them

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from tests.engine.scenes import minutes, of, rehearse

NOTHING = "{do: cut_legitimacy, by: 0.0}"
HOAX = "community: {step: 10 min, channels: {hoax: {start: 0, rest: 0, decay: 3000 d}}}\n"


def shift(at: str, by: float, name: str, place: str = "a") -> str:
    return f"  {name}: {{at: [{at}], places: {{ids: [{place}]}}, effects: [{{do: raise_tension, channel: hoax, by: {by}}}]}}\n"


# -- self-exciting -------------------------------------------------------------------------------------------


def fired(
    exciting: str, more: str = "", *, rate: str = "3/h", horizon: str = "30 d", seed: int = 1
) -> list[float]:
    text = f"horizon: {horizon}\ntriggers: {{event: {{rate: {rate}, self_exciting: {{{exciting}}}, {more}effects: [{NOTHING}]}}}}\n"
    return minutes(rehearse(text, seed=seed), "trigger_fired")


@pytest.mark.parametrize("branching", [0.2, 0.5, 0.7])
def test_the_long_run_rate_is_the_base_rate_over_one_less_branching(branching: float) -> None:
    n, mean = len(fired(f"branching: {branching}, decay: 30 min")), 2160 / (1 - branching)
    assert abs(n - mean) < 4 * (mean / (1 - branching) ** 2) ** 0.5, "the variance of a Hawkes count"


def test_firings_cluster_within_the_time_of_decay() -> None:
    """In windows far longer than the decay, variance over mean is 1 / (1 - branching)^2 (Hawkes 1971); 1 for Poisson."""
    counts = np.histogram(fired("branching: 0.5, decay: 10 min", rate="2/h", horizon="60 d"), bins=480)[0]
    assert 2.8 < counts.var() / counts.mean() < 5.2


def test_those_that_follow_come_after_an_exponential_time() -> None:
    """One firing at the start and hardly any by chance: the gaps to its own offspring have the mean of the decay."""
    gaps = []
    for seed in range(60):
        times = fired("branching: 0.9, decay: 20 min", rate="1 per 20 d", horizon="40 d", seed=seed)
        gaps += [later - first for first, later in pairwise(times) if later - first < 1000]
    assert 8 < np.mean(gaps) < 24, "the next in a family comes a little sooner than a single one would"


def test_followers_may_stay_at_the_place_of_the_first() -> None:
    def kept(share: float) -> float:
        records = rehearse(
            f"horizon: 60 d\ntriggers: {{event: {{rate: 1/d, self_exciting: {{branching: 0.8, decay: 1 min, same_place: {share}}}, effects: [{NOTHING}]}}}}\n"
        )
        places = [(r.time_s, r.place) for r in of(records, "trigger_fired")]
        close = [a[1] == b[1] for a, b in pairwise(places) if b[0] - a[0] < 600]
        return float(np.mean(close))

    assert kept(1.0) == 1.0
    assert kept(0.0) < 0.5


def test_limits_bind_followers_too() -> None:
    assert len(fired("branching: 0.9, decay: 30 min", "most: 7, ")) == 7
    times = fired("branching: 0.9, decay: 30 min", "cooldown: 2 h, ")
    assert min(np.diff(times)) >= 120


def test_followers_outside_the_phases_are_lost() -> None:
    text = f"""\
horizon: 4 d
phases: {{vote: {{kind: voting, start: 2024-11-27 08:00, end: 2024-11-27 12:00}}}}
triggers: {{event: {{rate: 10/h, phases: [vote], self_exciting: {{branching: 0.9, decay: 3 h}}, effects: [{NOTHING}]}}}}
"""
    times = minutes(rehearse(text), "trigger_fired")
    assert 60 <= min(times) <= max(times) < 300


# -- arming --------------------------------------------------------------------------------------------------


def test_a_trigger_sleeps_until_it_is_armed_and_again_when_disarmed() -> None:
    """Hysteresis: armed at 0.6, disarmed below 0.3; between the two it stays as it was."""
    text = (
        HOAX
        + "horizon: 10 h\ntriggers:\n"
        + shift("2024-11-27 09:00", 0.5, "some")
        + shift("2024-11-27 10:00", 0.2, "more")
        + shift("2024-11-27 12:00", -0.3, "less")
        + shift("2024-11-27 14:00", -0.3, "calm")
        + f"  event: {{rate: 60/h, places: {{ids: [a]}}, arms: tension_hoax >= 0.6, disarms: tension_hoax < 0.3, effects: [{NOTHING}]}}\n"
    )
    times = minutes(rehearse(text), "trigger_fired", "event")
    assert 180 <= min(times) < 190
    assert 410 < max(times) < 420
    assert len([t for t in times if 300 < t < 420]) > 80, "at 0.4 it stays awake"


def test_it_sleeps_place_by_place() -> None:
    text = (
        HOAX
        + "triggers:\n"
        + shift("2024-11-27 08:00", 0.9, "rise", "b")
        + f"  event: {{rate: 60/h, places: {{ids: [a, b]}}, arms: tension_hoax >= 0.6, effects: [{NOTHING}]}}\n"
    )
    places = Counter(r.place for r in of(rehearse(text), "trigger_fired", "event"))
    assert set(places) == {"b"}
    assert places["b"] > 130


def test_disarmed_moments_and_chains_pass_without_effect() -> None:
    text = (
        HOAX
        + "triggers:\n"
        + shift("2024-11-27 08:00", 0.9, "rise")
        + f"  at: {{at: [2024-11-27 07:30, 2024-11-27 08:30], places: {{ids: [a]}}, arms: tension_hoax > 0.5, effects: [{NOTHING}]}}\n"
        + f"  first: {{at: [2024-11-27 07:40, 2024-11-27 08:40], places: {{ids: [a]}}, effects: [{NOTHING}]}}\n"
        + f"  second: {{after: first, places: {{ids: [a]}}, arms: tension_hoax > 0.5, effects: [{NOTHING}]}}\n"
    )
    records = rehearse(text)
    assert minutes(records, "trigger_fired", "at") == [90]
    assert minutes(records, "trigger_fired", "second") == [100]


def test_a_condition_fires_again_only_after_its_rearming_has_held() -> None:
    def times(rearm: str) -> list[float]:
        text = (
            HOAX
            + "horizon: 10 h\ntriggers:\n"
            + shift("2024-11-27 08:00", 0.7, "up")
            + shift("2024-11-27 09:00", -0.2, "dip")
            + shift("2024-11-27 10:00", 0.2, "back")
            + shift("2024-11-27 11:00", -0.6, "calm")
            + shift("2024-11-27 12:00", 0.6, "again")
            + f"  event: {{when: tension_hoax > 0.6, {rearm}places: {{ids: [a]}}, effects: [{NOTHING}]}}\n"
        )
        return minutes(rehearse(text), "trigger_fired", "event")

    assert times("") == [60, 180, 300]
    assert times("rearm: tension_hoax < 0.2, ") == [60, 300]
    assert times("rearm: hour >= 16.5, ") == [60], "still high by then: it has not ceased to hold"


# -- chains --------------------------------------------------------------------------------------------------


def test_a_chain_with_delays_limits_and_chances_holds_step_by_step() -> None:
    text = f"""\
horizon: 20 h
triggers:
  spark: {{at: [2024-11-27 08:00, 2024-11-27 10:00, 2024-11-27 12:00], places: {{ids: [a]}}, effects: [{NOTHING}]}}
  anger: {{after: spark, delay: 20 min, most: 2, effects: [{NOTHING}]}}
  clash: {{after: anger, delay: 30 min, cooldown: 1 d, effects: [{NOTHING}]}}
"""
    records = rehearse(text)
    assert minutes(records, "trigger_fired", "anger") == [80, 200]
    assert minutes(records, "trigger_fired", "clash") == [110]


# -- one look for all places ---------------------------------------------------------------------------------


def test_looking_at_bounds_first_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Places are passed over where the condition can hold nowhere: every record stays as it is."""
    text = f"""\
horizon: 26 h
community:
  channels: {{hoax: {{start: 0.1, rest: 0.1, decay: 6 h, spread_per_day: 2}}}}
  rumours: {{tale: {{r0: 3, tells_for: 2 h, people: 500, raises: {{hoax: 0.4}}}}}}
  intakes: {{desk: {{handlers: 1, handling: 2 h, deadline: 3 h}}}}
triggers:
  begin: {{at: [2024-11-27 08:00], places: {{ids: [a]}}, effects: [{{do: start_rumour, rumour: tale}}, {{do: complain, intake: desk, count: 4}}]}}
  gather: {{rate: 1 per 6 h, pick: 1, effects: [{{do: gather_crowd, size: 60, stays: 30 min}}]}}
  heard: {{when: rumour_tale > 0.3 and tension_hoax > 0.2, effects: [{NOTHING}]}}
  held: {{when: tension_max > 0.12, held_for: 1 h, rearm: tension_max < 0.11, effects: [{NOTHING}]}}
  crowd: {{when: crowd_present > 40 or complaints_failed >= 2, effects: [{NOTHING}]}}
  trust: {{when: legitimacy < 0.6 and hour > 9 and complaints_waiting < 3, effects: [{NOTHING}]}}
  cut: {{at: [2024-11-27 10:00], places: {{ids: [b]}}, effects: [{{do: cut_legitimacy, by: 0.4}}]}}
"""
    with_bounds = rehearse(text)
    monkeypatch.setattr("kontijensi.scenario.conditions.Condition.possible", lambda _self, _ranges: True)
    assert rehearse(text) == with_bounds
    fired = Counter(r.entity for r in of(with_bounds, "trigger_fired"))
    assert {"heard", "held", "crowd", "trust"} <= set(fired)
