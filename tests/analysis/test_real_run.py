"""The measures on a run of the engine itself: shifts, rest, a closed road, calls given up and lost."""

from __future__ import annotations

from functools import cache
from math import fsum

import pytest

from kontijensi.analysis.coverage import coverage, static_coverage
from kontijensi.analysis.responses import check_parts, responses
from kontijensi.analysis.summary import summarise
from kontijensi.analysis.timeline import timelines
from kontijensi.analysis.utilisation import State, unit_frame, unit_times
from kontijensi.engine import Operation
from kontijensi.trace import Recorder, board_at
from kontijensi.vocabulary.records import Record, RecordKind
from kontijensi.world import World
from tests.analysis.logbook import PATROL, grid

TIRED = {**PATROL, "turn_out": "1 min", "after": "return", "stamina": "20 min", "rest": "30 min"}
CALLS = {
    "patient": {"rate": "6/h", "on_scene": {"dist": "exponential", "mean": "10 min"}},
    "hasty": {"rate": "6/h", "on_scene": "5 min", "patience": "3 min", "priority": 6},
    "blocked": {"rate": "3/h", "on_scene": "5 min", "lost_when_busy": True, "through_desk": False},
}


@cache
def busy() -> tuple[World, tuple[Record, ...]]:
    world = grid(
        horizon="8 h",
        unit_types={"patrol": TIRED},
        units={
            "U1": {"type": "patrol", "base": "1"},
            "U2": {"type": "patrol", "base": "9", "shifts": [{"start": "08:00", "end": "11:00"}]},
        },
        calls=CALLS,
        triggers={
            "flood": {
                "at": ["2024-11-27 09:00"],
                "places": {"ids": ["5"]},
                "effects": [{"do": "close_road", "lasts": "45 min"}],
            },
            "crash": {
                "at": ["2024-11-27 10:00"],
                "effects": [{"do": "lose_unit", "unit": "U1", "lasts": "30 min"}],
            },
        },
    )
    keep = Recorder()
    Operation(world, seed=4, emit=keep).run()
    return world, tuple(keep.records)


def test_the_run_is_busy_enough_to_mean_something() -> None:
    kinds = {record.kind for record in busy()[1]}
    assert {
        RecordKind.UNIT_RESTING,
        RecordKind.UNIT_OFF_SHIFT,
        RecordKind.UNIT_LOST,
        RecordKind.ROAD_CLOSED,
    } <= kinds
    found = summarise(*busy())["calls"]["by_stream"]
    assert found["hasty"]["abandoned"] > 0
    assert found["blocked"]["lost"] > 0
    assert found["patient"]["answered"] > 0


def test_every_chain_adds_up_and_every_call_is_somewhere() -> None:
    world, records = busy()
    rows = responses(records, world)
    check_parts(rows)
    assert len(rows) == sum(record.kind is RecordKind.INCIDENT_OPENED for record in records)
    for found in summarise(world, records)["calls"]["by_stream"].values():
        fates = [found[fate] for fate in ("answered", "waiting", "abandoned", "lost", "on_scene")]
        assert sum(fates) == found["calls"]


def test_time_is_conserved_and_the_board_agrees() -> None:
    world, records = busy()
    for row in unit_times(records, world):
        assert fsum(row.state_s.values()) == pytest.approx(world.horizon_s, abs=1e-6)
        assert row.assigned_s > 0
    for unit, line in timelines(records, world).items():
        for stretch in line[:: max(1, len(line) // 12)]:
            shown = board_at(records, (stretch.start_s + stretch.end_s) / 2).units[unit]
            assert (shown.activity, shown.incident) == (stretch.activity, stretch.incident)


def test_the_frame_of_units_says_what_the_summary_says() -> None:
    world, records = busy()
    frame = unit_frame(unit_times(records, world)).set_index("unit")
    found = summarise(world, records)["units"]["by_unit"]
    assert list(frame.index) == list(found) == [unit.id for unit in world.fleet]
    for unit, row in frame.iterrows():
        assert row["utilisation"] == found[unit]["utilisation"]
        assert row["orders"] == found[unit]["orders"]
        assert fsum(row[f"{state}_s"] for state in State) == pytest.approx(world.horizon_s)


def test_cover_is_never_above_static_cover_for_units_that_go_home() -> None:
    world, records = busy()
    (found,), (static,) = coverage(records, world).values(), static_coverage(world).values()
    assert 0 < found.average() < static.average() < 1
    assert found.average() + sum(found.lost().values()) == pytest.approx(1)
    reasons = {str(short.reason) for short in found.shortfalls}
    assert {"none_free", "off_shift_or_resting"} <= reasons


def test_without_demand_the_engine_keeps_static_cover() -> None:
    world = grid(
        units={"U1": {"type": "patrol", "base": "1", "shifts": [{"start": "07:10", "end": "07:20"}]}}
    )
    keep = Recorder()
    Operation(world, seed=1, emit=keep).run()
    (found,), (static,) = coverage(keep.records, world).values(), static_coverage(world).values()
    assert found.share.tolist() == static.share.tolist()
    assert found.time_s.tolist() == static.time_s.tolist()
