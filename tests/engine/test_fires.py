"""Fires grow until water is on them, wait for what they need, and stop the vote where they burn."""

# ruff: noqa: E501 - the lines of a scenario are as long as planners write them

from __future__ import annotations

import pytest

from kontijensi.analysis.fires import Fire, fires
from kontijensi.analysis.responses import check_parts, responses
from kontijensi.vocabulary.records import Record
from tests.engine.care_scene import CARE, care_run, with_sections
from tests.engine.scenes import minutes, of, one, run_world, scene, story

STAGES = "[{lasts: 5 min, water: 500}, {lasts: 20 min, water: 3000}, {lasts: 1 h, water: 12000, units: 2}]"


def blaze(place: str = "a", at: str = "07:10", **more: str) -> str:
    extra = "".join(f", {name}: {value}" for name, value in more.items())
    return f"triggers: {{f: {{at: ['2024-11-27 {at}'], places: {{ids: [{place}]}}, effects: [{{do: set_fire{extra}}}]}}}}\n"


def burn(changes: str = "", **more: str) -> list[Record]:
    return care_run(
        f"fires: {{stages: {STAGES}, flow_lpm: 500, reported: 1 min}}\n" + blaze(**more) + changes
    )


def the_fire(records: list[Record]) -> Fire:
    world = scene(with_sections(CARE, "")).world
    rows = responses(records, world)
    check_parts(rows)
    return fires(records, rows, 4 * 3600.0)[0]


def test_a_fire_fought_in_time_is_put_out_by_hand() -> None:
    records = burn("units: {eng: {type: engine, base: pos}}")
    assert story(records, "f-1:fire") == [
        (10, "fire_started"),
        (14, "fire_fought"),  # reported at 11, 1 min turn-out, 2 min drive: a minute before it grows
        (15, "fire_fought"),  # 500 litres at 500 a minute
        (15, "fire_ended"),
    ]
    fire = the_fire(records)
    assert fire.how == "put_out"
    assert fire.first_water_s == 4 * 60


def test_it_does_not_grow_while_water_is_on_it_and_grows_on_when_all_have_run_dry() -> None:
    records = burn("units: {eng: {type: engine, base: pos}}", place="b")
    assert minutes(records, "fire_grew") == [15]  # it needs 3000 litres now, and would grow at 35
    fought = [
        (record.time_s / 60, record.values["units"], record.values["water"])
        for record in of(records, "fire_fought")
    ]
    # Four minutes' drive: there at 16 with 2000 litres; home at 24, refilled at 29, back at 34, while it grows on
    # from 20 on and would be greater at 39.
    assert fought == [(16, 1, 0), (20, 0, 2000), (34, 1, 2000), (36, 0, 3000)]
    assert (the_fire(records).how, the_fire(records).stage) == ("put_out", 2)


def test_the_parts_of_a_fire_add_up_to_the_time_it_burned() -> None:
    fire = the_fire(burn("units: {eng: {type: engine, base: pos, count: 2}}"))
    parts = [
        fire.parts.reporting,
        fire.parts.dispatching,
        fire.parts.approach,
        fire.parts.safety,
        fire.parts.fighting,
    ]
    assert sum(part for part in parts if part is not None) == pytest.approx(fire.burnt_s, abs=1e-6)


def test_nobody_fights_it_and_it_burns_out_at_the_end_of_its_last_stage() -> None:
    records = burn()
    assert minutes(records, "fire_grew") == [15, 35]
    ended = one(records, "fire_ended")
    assert (ended.time_s / 60, ended.values["how"], ended.values["stage"]) == (95, "burnt_out", 3)
    fire = the_fire(records)
    assert (fire.first_water_s, fire.put_out_s) == (None, None)
    assert one(records, "incident_closed").values["outcome"] == "unaided"


def test_it_grows_no_further_than_it_can() -> None:
    records = burn(most_stage="1")
    assert not of(records, "fire_grew")
    assert minutes(records, "fire_ended") == [15]


def test_a_greater_stage_calls_for_more_units() -> None:
    records = burn("units: {eng: {type: engine, base: far, count: 3}}")  # twelve minutes away
    assert one(records, "needs_changed").values["needs"] == {"fire": 2}
    assert len(of(records, "unit_ordered")) >= 2


def test_the_vote_stops_where_it_burns_and_goes_on_when_it_is_out() -> None:
    records = burn(most_stage="1")
    assert minutes(records, "voting_stopped") == [10]
    assert one(records, "voting_resumed").values["stopped_s"] == 5 * 60


def test_ballots_are_lost_when_their_fire_reaches_the_stage_and_their_voters_are_counted() -> None:
    records = burn(place="b")
    lost = one(records, "materials_lost")
    assert (lost.time_s / 60, lost.values["voters"]) == (
        15,
        300,
    )  # the store has no district: the whole area's
    assert not of(burn(place="b", most_stage="1"), "materials_lost")
    assert not of(burn(place="a"), "materials_lost")
    assert of(burn(place="a", burns="ballots"), "materials_lost")


def test_nobody_is_burnt_unless_a_rate_says_so() -> None:
    assert not of(burn(), "harm")
    fires_section = f"fires: {{stages: {STAGES}, burns: 6, burn_severity: severe}}\n"
    records = care_run(fires_section + blaze())
    burnt = of(records, "harm", "f-1:fire", cause="burn")
    assert burnt
    assert len(of(records, "casualty_hurt")) == len(burnt)
    assert all(10 * 60 < record.time_s < 95 * 60 for record in burnt)


RIOT = """
        crowd: {{violence_threshold: 0.05, calm_leave_per_h: 0}}
        community: {{camps: {{x: {{share: 1, legitimacy: 0.1}}}}}}
        command: {{picture: perfect, handling: 0 s, stages: {{red: {{needs: {{line: 2}}}}, yellow: {{needs: {{line: 1}}}}, green: {{}}}}}}
        units: {{eng: {{type: engine, base: pos}}, squad: {{type: dalmas, base: {base}, count: 2}}}}
        triggers:
          riot: {{at: ['2024-11-27 07:00'], places: {{ids: [a]}}, effects: [{{do: gather_crowd, size: 120, grievance: 1, over: 0 s, stays: 2 h}}]}}
          f: {{at: ['2024-11-27 07:05'], places: {{ids: [a]}}, effects: [{{do: set_fire}}]}}
        fires: {fires}
"""


def test_the_engine_waits_for_the_line_before_it_goes_in() -> None:
    records = care_run(RIOT.format(base="far", fires="{}"))
    cleared = of(records, "approach_cleared", "eng")[0]
    assert cleared.values["held_s"] > 0
    assert of(records, "fire_fought")[0].time_s == cleared.time_s
    assert the_fire(records).parts.safety == cleared.values["held_s"]


def test_a_red_situation_sets_fires_only_where_a_rate_says_so() -> None:
    calm = RIOT.replace(
        "          f: {{at: ['2024-11-27 07:05'], places: {{ids: [a]}}, effects: [{{do: set_fire}}]}}\n", ""
    )
    assert not of(care_run(calm.format(base="far", fires="{}")), "fire_started")
    records = care_run(calm.format(base="far", fires="{from_red: 20}"))
    started = of(records, "fire_started")
    assert started
    red = [(r.time_s, r.values["colour"]) for r in of(records, "colour_changed")]
    for record in started:
        assert [colour for t_s, colour in red if t_s <= record.time_s][-1] == "red"


def test_an_engine_that_is_lost_stops_its_water_and_another_is_asked_for() -> None:
    world = scene(
        with_sections(
            CARE,
            f"fires: {{stages: {STAGES}, flow_lpm: 100}}\n"
            "units: {eng: {type: engine, base: pos, count: 2}}\n"
            "triggers:\n"
            "  f: {at: ['2024-11-27 07:10'], places: {ids: [a]}, effects: [{do: set_fire}]}\n"
            "  crash: {at: ['2024-11-27 07:18'], places: {ids: [a]}, effects: [{do: lose_unit, unit: eng, lasts: 2 h}]}\n",
        )
    ).world
    _operation, records = run_world(world)
    fought = [(record.time_s / 60, record.values["units"]) for record in of(records, "fire_fought")]
    assert fought[:2] == [(16, 1), (18, 0)]
    assert [record.entity for record in of(records, "unit_ordered")][:2] == ["eng", "eng-2"]
    used = sum(record.values["amount"] for record in of(records, "stock_used"))
    assert used == pytest.approx(one(records, "fire_ended").values["water"])
