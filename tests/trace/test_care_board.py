"""The board shows who still needs care and what burns, and forgets them when that is over."""

from __future__ import annotations

from kontijensi.trace import board_at
from tests.engine.care_scene import care_run, hurt

RECORDS = care_run(
    "units: {amb: {type: ambulance, base: pos}, eng: {type: engine, base: pos}}\n"
    f"triggers:\n  x: {hurt(1, 'severe')}\n"
    "  f: {at: ['2024-11-27 07:10'], places: {ids: [a]}, effects: [{do: set_fire, most_stage: 1}]}\n"
    "fires: {stages: [{lasts: 30 min, water: 500}], flow_lpm: 100, reported: 1 min}\n"
)


def at(minute: float) -> tuple[list[tuple[str | None, str]], list[tuple[int, int]]]:
    board = board_at(RECORDS, minute * 60)
    return (
        [(casualty.place, casualty.step) for casualty in board.casualties.values()],
        [(fire.stage, fire.units) for fire in board.fires.values()],
    )


def test_a_casualty_goes_from_step_to_step_until_he_has_his_bed() -> None:
    steps = [at(minute)[0] for minute in (9, 11, 13, 20, 27, 31, 40)]
    assert steps == [
        [],
        [("a", "hurt")],
        [("a", "reported")],
        [("a", "reached")],
        [("a", "loaded")],
        [("near", "brought")],
        [],
    ]


def test_a_fire_is_there_while_it_burns_with_those_who_fight_it() -> None:
    assert [at(minute)[1] for minute in (9, 11, 15, 25)] == [[], [(1, 0)], [(1, 1)], []]


def test_the_unit_that_carries_him_is_on_its_way_for_his_incident() -> None:
    unit = board_at(RECORDS, 28 * 60).units["amb"]
    assert (unit.activity.value, unit.to, unit.incident) == ("travelling", "near", "a:casualties")
