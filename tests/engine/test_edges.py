"""The edges: the first instant, the last, no length, no room, and nobody."""

# ruff: noqa: E501 - the lines of a scenario are as long as planners write them

from __future__ import annotations

import pytest

from tests.engine.scenes import BASE, CALM, minutes, of, one, rehearse, scene, stage

GATHER_AT = "triggers: {{event: {{at: [2024-11-27 {at}], places: {{ids: [a]}}, effects: [{{do: gather_crowd, size: {size}, over: {over}, stays: {stays}}}]}}}}\n"


def test_a_run_of_one_second_begins_and_ends() -> None:
    records = rehearse("horizon: 1 s\ncalls: {quarrel: {known: [{after: 0 s, place: a}], on_scene: 0 s}}\n")
    assert records[0].kind == "run_began"
    assert one(records, "unit_ordered").time_s == 0
    assert (records[-1].kind, records[-1].time_s) == ("run_ended", 1)


def test_what_is_due_at_the_horizon_does_not_happen() -> None:
    records = rehearse(
        "horizon: 30 min\ncalls: {quarrel: {known: [{after: 29 min 59 s, place: a}, {after: 30 min, place: a}], on_scene: 0 s}}\n"
    )
    assert [r.entity for r in of(records, "incident_opened")] == ["quarrel-1"]
    assert one(records, "run_ended").values["outcome"] is None


def test_without_lengths_and_times_everything_happens_at_one_instant_in_order() -> None:
    records = rehearse(
        """\
area:
  places: {pos: {kind: polsek}, a: {kind: tps, voters: 1}}
  roads: {edges: [{between: [pos, a], time: 0 s}]}
unit_types: {patrol: {agency: police, capabilities: [patrol], personnel: 2, turn_out: 0 s, stamina: 0 s, rest: 0 s}}
calls: {quarrel: {known: [{after: 5 min, place: a}, {after: 5 min, place: a}], on_scene: 0 s}}
"""
    )
    busy = [r for r in records if 0 < r.time_s < 4 * 3600]
    assert {r.time_s for r in busy} == {300}
    assert [r.values["outcome"] for r in of(records, "incident_closed")] == ["served", "served"]
    assert [r.kind.value for r in busy if r.entity == "quarrel-1"] == [
        "incident_opened", "incident_detected", "incident_reported", "desk_began", "incident_handled",
        "incident_approved", "incident_formed", "incident_controlled", "incident_closed",
    ]  # fmt: skip


def test_a_group_of_no_units_and_a_unit_never_on_shift_harm_nobody() -> None:
    operation, records = stage(
        """\
units:
  none: {type: patrol, base: pos, count: 0}
  never: {type: patrol, base: pos, shifts: [{start: '12:00', end: '13:00'}]}
  car: {type: patrol, base: pos}
calls: {quarrel: {known: [{after: 0 s, place: a}], on_scene: 1 min}}
"""
    )
    assert [unit.spec.id for unit in operation.scene.units] == ["never", "car"]
    assert {r.entity for r in of(records, "unit_ordered")} == {"car"}


def test_five_thousand_people_on_a_tiny_ground_find_no_room_and_none_is_lost() -> None:
    area = BASE[BASE.index("area:") : BASE.index("unit_types:")].replace(
        "a: {kind: tps,", "a: {kind: tps, width_m: 10, depth_m: 10,"
    )
    operation, records = stage(
        area + GATHER_AT.format(at="07:30", size=5000, over="0 s", stays="10 min") + "horizon: 50 min\n"
    )
    joined = sum(r.values["people"] for r in of(records, "crowd_joined"))
    assert 0 < joined < 700, "seven people a square metre is the most"
    assert sum(r.values["turned_away"] for r in of(records, "crowd_joined")) == 5000 - joined
    (episode,) = operation.gatherings.episodes.values()
    tally = operation.scene.masses.tally(episode.crowd.slot)
    assert joined == tally.present + tally.left + tally.injured + tally.arrested
    assert one(records, "crush_warning").values["density_pm2"] >= 5


def test_walls_without_an_exit_still_let_people_out_by_one() -> None:
    area = BASE[BASE.index("area:") : BASE.index("unit_types:")].replace(
        "a: {kind: tps,", "a: {kind: tps, enclosed: true, exits: 0,"
    )
    records = rehearse(
        CALM.replace("0}", "0, controlled_leave_per_h: 240}")
        + area
        + GATHER_AT.format(at="07:30", size=100, over="0 s", stays="5 min")
    )
    assert one(records, "crowd_ended").values["joined"] == 100


def test_crowds_at_one_place_are_one_crowd() -> None:
    records = rehearse(
        CALM
        + """\
triggers:
  one: {at: [2024-11-27 07:30], places: {ids: [a]}, effects: [{do: gather_crowd, size: 30, over: 5 min, stays: 1 h}]}
  two: {at: [2024-11-27 07:30, 2024-11-27 07:32], places: {ids: [a]}, effects: [{do: gather_crowd, size: 30, over: 0 s, stays: 1 h}]}
"""
    )
    gathered = one(records, "crowd_gathered")
    assert sum(r.values["people"] for r in of(records, "crowd_joined", gathered.entity)) == 90


def test_marchers_who_arrive_as_others_gather_join_them() -> None:
    records = rehearse(
        CALM
        + """\
area:
  places: {pos: {kind: polsek}, a: {kind: tps, voters: 1}, b: {kind: tps, voters: 1}}
  roads: {edges: [{between: [pos, a], time: 1 min}, {between: [a, b], time: 0 s}]}
triggers:
  here: {at: [2024-11-27 07:30], places: {ids: [a]}, effects: [{do: gather_crowd, size: 30, grievance: 0, over: 0 s, stays: 2 h}, {do: march, to: b, after: 10 min}]}
  there: {at: [2024-11-27 07:40], places: {ids: [b]}, effects: [{do: gather_crowd, size: 20, grievance: 0, over: 0 s, stays: 2 h}]}
"""
    )
    at_b = {r.entity for r in of(records, "crowd_joined") if r.place == "b"}
    assert len(at_b) == 1
    assert sum(r.values["people"] for r in of(records, "crowd_joined") if r.place == "b") == 50


@pytest.mark.parametrize("at", ["07:00", "10:59:59"])
def test_a_trigger_may_fire_at_the_first_instant_and_the_last(at: str) -> None:
    records = rehearse(GATHER_AT.format(at=at, size=50, over="0 s", stays="0 s"))
    assert one(records, "trigger_fired")
    assert sum(r.values["people"] for r in of(records, "crowd_joined")) == 50


def test_the_end_may_come_while_a_crowd_and_a_unit_are_on_their_way() -> None:
    records = rehearse(
        """\
calls: {quarrel: {known: [{after: 59 min, place: b}], on_scene: 5 min}}
triggers:
  gather: {at: [2024-11-27 07:50], places: {ids: [a]}, effects: [{do: gather_crowd, size: 30, grievance: 0, over: 20 min, stays: 2 h}]}
  end: {when: crowd_present >= 10, held_for: 1 min, effects: [{do: end}]}
"""
    )
    assert one(records, "run_ended").values["outcome"] == ""
    assert records[-1].kind == "run_ended"
    assert records[-1].time_s < 70 * 60


def test_progress_is_told_and_changes_nothing() -> None:
    told: list[float] = []
    scenario = scene("calls: {quarrel: {rate: 60/h, on_scene: 5 min}}\n")
    quiet, watched = scenario.run(), scenario.run(progress=told.append)
    assert list(quiet.log) == list(watched.log)
    assert told == sorted(told)
    assert (len(told) > 1, told[-1]) == (True, 4 * 3600)


def test_keeping_positions_of_people_changes_nothing() -> None:
    scenario = scene(GATHER_AT.format(at="07:30", size=60, over="5 min", stays="30 min"))
    with_them, without = scenario.run(), scenario.run(crowds=False)
    assert list(with_them.log) == list(without.log)
    assert minutes(with_them.log, "crowd_gathered") == [30]
