"""What happens to a unit by itself: it breaks down, rests where it stays, and has its stock brought."""

# ruff: noqa: E501 - the lines of a scenario are as long as planners write them

from __future__ import annotations

from itertools import pairwise
from statistics import fmean

import pytest

from kontijensi.vocabulary.records import Record
from tests.engine.scenes import minutes, of, rehearse, stage

WORN = """\
horizon: 10 d
unit_types:
  patrol: {{agency: police, capabilities: [patrol], personnel: 2, turn_out: 0 s, breakdown: {{mean_between: 2 h, of: {of}, lasts: 10 min}}}}
units: {{car: {{type: patrol, base: pos}}}}
calls: {{quarrel: {{rate: 4/h, places: {{ids: [b]}}, on_scene: 1 min}}}}
"""


def driven_s(records: list[Record]) -> float:
    """Return the time on the road: from each departure to the arrival, or to the breakdown."""
    total_s, since_s = 0.0, None
    for record in records:
        if record.entity != "car":
            continue
        if record.kind == "unit_departed" and since_s is None:
            since_s = record.time_s
        elif record.kind in {"unit_arrived", "unit_lost"} and since_s is not None:
            total_s, since_s = total_s + record.time_s - since_s, None
    return total_s


def test_breakdowns_come_with_the_time_on_the_road() -> None:
    records = rehearse(WORN.format(of="driving"))
    lost = of(records, "unit_lost", "car", why="breakdown")
    assert len(lost) > 20
    between_s = driven_s(records) / len(lost)
    assert between_s == pytest.approx(2 * 3600, rel=4 / len(lost) ** 0.5)
    on_the_road = [
        r for r in of(records, "unit_ready", "car") if any(r.time_s == each.time_s for each in lost)
    ]
    assert not on_the_road, "it breaks down under way and not at its base"


def test_breakdowns_come_with_the_time_on_duty() -> None:
    records = rehearse(WORN.format(of="duty").replace("calls:", "x-calls:").split("x-calls")[0])
    moments = [r.time_s for r in of(records, "unit_lost", "car")]
    gaps = [b - a - 600 for a, b in pairwise(moments)]
    assert fmean(gaps) == pytest.approx(2 * 3600, rel=4 / len(gaps) ** 0.5)


def test_a_unit_that_breaks_down_on_its_way_is_replaced() -> None:
    records = rehearse(
        WORN.format(of="driving").replace("2 h", "30 s").replace("horizon: 10 d", "horizon: 4 h")
        + "units: {car: {type: patrol, base: pos}, spare: {type: patrol, base: c}}\n"
    )
    lost = next(r for r in of(records, "unit_lost", "car") if r.time_s > 0)
    ordered = [r for r in of(records, "unit_ordered") if r.time_s == lost.time_s]
    assert [r.entity for r in ordered] in (["spare"], [])
    assert of(records, "unit_restored", "car")[0].time_s == lost.time_s + 600


def test_a_unit_without_wear_draws_nothing_and_nothing_changes() -> None:
    never = WORN.format(of="driving").replace("mean_between: 2 h", "mean_between: 10000 d")
    without = never.replace(", breakdown: {mean_between: 10000 d, of: driving, lasts: 10 min}", "")
    assert rehearse(never) == rehearse(without)


def test_a_unit_that_stays_rests_where_it_is() -> None:
    records = rehearse(
        """\
unit_types: {patrol: {agency: police, capabilities: [patrol], personnel: 2, turn_out: 0 s, after: stay, stamina: 5 min, rest: 30 min}}
calls: {quarrel: {known: [{after: 0 s, place: b}, {after: 20 min, place: b}], on_scene: 6 min}}
"""
    )
    assert next((r.time_s / 60, r.place) for r in of(records, "unit_resting")) == (10, "b")
    assert minutes(records, "unit_ordered") == [0, 40]


CANNON = """\
crowd: {{violence_threshold: 0, violence_spread: 0, calm_leave_per_h: 0, water_lps: 20}}
community:
  camps: {{a: {{legitimacy: 0}}}}
  observers: {{kst: {{kind: kst, detection_per_h: 3600, report_delay: 0 s}}}}
unit_types:
  cannon: {{agency: police, capabilities: [line, water, arrest], personnel: 30, turn_out: 0 s, stock: {{water: 500}}, resupply: 5 min, supply: {supply}}}
units: {{cannon: {{type: cannon, base: pos, count: 2}}}}
command: {{handling: 0 s, posture: force_first, stages: {{red: {{needs: {{line: 2}}, priority: 1}}}}}}
triggers:
  riot:
    at: [2024-11-27 07:30]
    places: {{ids: [a]}}
    effects: [{{do: gather_crowd, size: 80, grievance: 1, over: 0 s, stays: 1 h}}]
"""


def test_stock_that_has_run_out_on_the_spot_is_brought_by_a_supply_run() -> None:
    operation, records = stage(CANNON.format(supply="on_the_spot"))
    empty, sent, filled = (
        of(records, kind, "cannon")[0] for kind in ("stock_empty", "supply_sent", "stock_filled")
    )
    assert sent.time_s == empty.time_s
    assert filled.time_s == sent.values["arrives_s"] == sent.time_s + (5 + 2) * 60, (
        "to load, and the drive to a"
    )
    used = [r for r in of(records, "stock_used", "cannon") if r.time_s > filled.time_s]
    assert used, "the water that was brought is used"
    assert all(r.values["left"] <= 500 for r in used)
    assert all(unit.stock == {"water": 500} for unit in operation.scene.units)


def test_without_a_supply_run_it_does_without() -> None:
    records = stage(CANNON.format(supply="at_base"))[1]
    assert not of(records, "supply_sent")
    dry_s = of(records, "stock_empty", "cannon")[0].time_s
    home_s = of(records, "unit_resupplying", "cannon")[0].time_s
    assert not [r for r in of(records, "stock_used", "cannon") if dry_s < r.time_s < home_s]
