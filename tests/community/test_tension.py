"""Tension and legitimacy over time, held against their closed forms."""

# ruff: noqa: E501 - the lines of a scenario are as long as planners write them

from __future__ import annotations

from math import exp

import pytest

from tests.engine.scenes import of, one, rehearse, stage

HOUR_S = 3600.0
VILLAGES = """\
area:
  places:
    pos: {kind: polsek, lat: -7.70, lon: 110.60, village: v1}
    a: {kind: tps, lat: -7.70, lon: 110.65, village: v2, voters: 100}
    b: {kind: tps, lat: -7.70, lon: 110.80, village: v3, voters: 100}
  roads: {edges: [{between: [pos, a], time: 1 min}, {between: [a, b], time: 1 min}]}
"""


def levels(changes: str, channel: str = "hoax") -> list[float]:
    operation, _ = stage(VILLAGES + changes)
    operation.scene.people.bring_up_to(operation.world, operation.world.horizon_s)
    tension = operation.scene.people.tension
    return [float(level) for level in tension.levels[tension.rows[channel]]]


@pytest.mark.parametrize("step", ["10 min", "1 h", "7 h"])
def test_a_level_decays_to_its_rest_exactly_whatever_the_step(step: str) -> None:
    found = levels(
        f"horizon: 30 h\ncommunity: {{step: {step}, channels: {{hoax: {{start: 0.9, rest: 0.1, decay: 12 h}}}}}}\n"
    )
    assert found == pytest.approx([0.1 + 0.8 * exp(-30 / 12)] * 3, rel=1e-9)


def test_a_phase_draws_a_level_towards_its_own_for_exactly_as_long_as_it_lasts() -> None:
    found = levels(
        """\
horizon: 20 h
phases:
  quiet: {kind: quiet, start: 2024-11-27 10:30, end: 2024-11-27 20:00, drift: {hoax: {toward: 0.8, over: 5 h}}}
community: {step: 4 h, channels: {hoax: {start: 0.5, rest: 0.1, decay: 10 h}}}
"""
    )
    at_start = 0.1 + 0.4 * exp(-3.5 / 10)
    at_end = 0.8 + (at_start - 0.8) * exp(-9.5 / 5)
    assert found == pytest.approx([0.1 + (at_end - 0.1) * exp(-7 / 10)] * 3, rel=1e-9)


def test_a_jump_decays_from_the_moment_it_happens() -> None:
    found = levels(
        """\
horizon: 9 h 30 min
community: {step: 4 h, channels: {hoax: {start: 0.2, rest: 0.2, decay: 10 h}}}
triggers: {rumour: {at: [2024-11-27 08:45], places: {ids: [a]}, effects: [{do: raise_tension, channel: hoax, by: 0.4}]}}
"""
    )
    assert found == pytest.approx([0.2, 0.2 + 0.4 * exp(-7.75 / 10), 0.2], rel=1e-9)


def test_spread_that_ignores_distance_evens_levels_out_and_keeps_their_sum() -> None:
    """With everybody pulled to the mean of the others, a difference falls as exp(-rate (1 + 1/(n-1)) t)."""
    channel = "hoax: {start: 0, rest: 0, decay: 30000 d, spread_per_day: 2, everywhere_share: 1}"
    found = levels(
        f"""\
horizon: 12 h
community: {{step: 5 h, channels: {{{channel}}}}}
triggers: {{rumour: {{at: [2024-11-27 07:00], places: {{ids: [a]}}, effects: [{{do: raise_tension, channel: hoax, by: 0.6}}]}}}}
"""
    )
    left = exp(-2 * 0.5 * 1.5)
    assert sum(found) == pytest.approx(0.6, abs=1e-5)
    assert found == pytest.approx([0.2 - 0.2 * left, 0.2 + 0.4 * left, 0.2 - 0.2 * left], abs=1e-5)


def test_spread_by_distance_reaches_the_nearer_village_first() -> None:
    found = levels(
        """\
horizon: 6 h
community: {channels: {hoax: {start: 0, rest: 0, decay: 30000 d, spread_per_day: 2, spread_km: 3}}}
triggers: {rumour: {at: [2024-11-27 07:00], places: {ids: [pos]}, effects: [{do: raise_tension, channel: hoax, by: 0.6}]}}
"""
    )
    assert found[0] > found[1] > found[2] > 0


def test_villages_without_positions_spread_alike_and_one_village_alone_keeps_its_level() -> None:
    flat = "area:\n  places: {pos: {kind: polsek}, a: {kind: tps, voters: 1}}\n  roads: {edges: [{between: [pos, a], time: 1 min}]}\n"
    community = "community: {channels: {hoax: {start: 0.3, rest: 0.3, spread_per_day: 2}}}\n"
    assert levels(flat + community) == pytest.approx([0.3, 0.3])
    alone = flat.replace("{kind: polsek}", "{kind: polsek, village: v}").replace(
        "voters: 1", "voters: 1, village: v"
    )
    assert levels(alone + community) == pytest.approx([0.3])


def test_a_programme_takes_its_share_off_over_its_ramp_and_is_written_with_its_hours() -> None:
    community = """\
community:
  channels: {hoax: {start: 0.8, rest: 0.8, decay: 30000 d}}
  programmes:
    talk: {kind: community_meeting, places: {ids: [a]}, times: [2024-11-27 09:00], lowers: {hoax: 0.5}, ramp: 10 h, lasts: 2 h, people: 3}
"""
    assert levels("horizon: 2 h\n" + community)[1] == pytest.approx(0.8)
    assert levels("horizon: 7 h\n" + community) == pytest.approx([0.8, 0.8 * 0.5**0.5, 0.8], rel=1e-3)
    assert levels("horizon: 30 h\n" + community) == pytest.approx([0.8, 0.4, 0.8], rel=1e-3)
    held = one(rehearse(VILLAGES + "horizon: 7 h\n" + community), "programme_held")
    assert (held.place, held.time_s, held.values["person_hours"]) == ("a", 2 * HOUR_S, 6)


def test_a_daily_programme_is_held_each_day_from_its_first_to_its_last() -> None:
    records = rehearse(
        VILLAGES
        + """\
horizon: 5 d
community:
  programmes: {watch: {kind: night_watch, places: {ids: [a]}, daily_at: '22:00', start: 2024-11-28 00:00, end: 2024-11-30 23:00}}
"""
    )
    assert [r.time_s / HOUR_S for r in of(records, "programme_held")] == [15 + 24, 15 + 48, 15 + 72]


def test_legitimacy_returns_to_its_start_and_a_programme_closes_part_of_the_gap() -> None:
    def legitimacy(changes: str) -> list[float]:
        operation, _ = stage(VILLAGES + changes)
        operation.scene.people.bring_up_to(operation.world, operation.world.horizon_s)
        return [float(level) for level in operation.scene.people.legitimacy.levels[0]]

    cut = "triggers: {scandal: {at: [2024-11-27 09:00], places: {ids: [a]}, effects: [{do: cut_legitimacy, by: 0.5}]}}\n"
    found = legitimacy(
        "horizon: 12 h\ncommunity: {camps: {a: {legitimacy: 0.7}}, legitimacy_recovery: 20 h}\n" + cut
    )
    assert found == pytest.approx([0.7, 0.7 - 0.5 * exp(-10 / 20), 0.7], rel=1e-9)
    held = "programmes: {open: {kind: open_hour, places: {ids: [a]}, times: [2024-11-27 07:00], raises_legitimacy: 0.2}}"
    found = legitimacy(f"horizon: 1 s\ncommunity: {{camps: {{a: {{legitimacy: 0.7}}}}, {held}}}\n")
    assert found == pytest.approx([0.7, 0.76, 0.7], abs=1e-5)


def test_tension_adds_to_the_grievance_that_people_bring() -> None:
    def active(start: float) -> int:
        records = rehearse(
            f"""\
horizon: 50 min
crowd: {{calm_leave_per_h: 0, fatigue_leave_per_h: 0}}
community: {{camps: {{a: {{legitimacy: 0.3}}}}, channels: {{hoax: {{start: {start}, rest: {start}}}}}}}
triggers: {{event: {{at: [2024-11-27 07:30], places: {{ids: [a]}}, effects: [{{do: gather_crowd, size: 200, grievance: 0.1, over: 0 s, stays: 1 h}}]}}}}
"""
        )
        return int(of(records, "crowd_sampled")[-1].values["active"])

    assert active(0.0) < active(0.9)


def test_levels_are_sampled_at_start_and_end_each_day_and_at_the_bounds_of_phases() -> None:
    records = rehearse(
        VILLAGES
        + """\
horizon: 3 d
phases: {vote: {kind: voting, start: 2024-11-28 07:30, end: 2024-11-28 13:00}}
community: {channels: {hoax: {}}}
"""
    )
    assert [r.time_s / HOUR_S for r in of(records, "tension_sampled")] == [0, 24, 24.5, 30, 48, 72]
    assert [r.time_s for r in of(records, "legitimacy_sampled")] == [
        r.time_s for r in of(records, "tension_sampled")
    ]
