"""Cover and its shortfalls: each reason on a world of its own, and the sweep against counting by hand."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kontijensi.analysis.cover_parts import shortfall_frame
from kontijensi.analysis.coverage import (
    Coverage,
    Reason,
    coverage,
    share_frame,
    static_coverage,
)
from kontijensi.vocabulary.records import Record
from kontijensi.world import World
from tests.analysis.logbook import PATROL, Log, grid

ONE_UNIT = {"U1": {"type": "patrol", "base": "1"}}


def cover(world: World, records: list[Record] | None = None) -> Coverage:
    (found,) = coverage(records or [], world).values()
    return found


def reasons(found: Coverage, place: str) -> list[tuple[float, float, str]]:
    return [
        (s.start_s / 60, s.end_s / 60, str(s.reason))
        for s in sorted(found.shortfalls, key=lambda s: s.start_s)
        if place in s.places
    ]


def road(*minutes: float) -> list[dict[str, Any]]:
    """Places a, b, c ... in a row, so many minutes apart."""
    names = "abcdefgh"
    return [{"between": [names[i], names[i + 1]], "time": f"{m} min"} for i, m in enumerate(minutes)]


def row(standard: dict[str, Any], *minutes: float, **sections: Any) -> World:
    places = {name: {"kind": "tps", "voters": 100} for name in "abcdefgh"[: len(minutes) + 1]}
    sections = {"units": {"U1": {"type": "patrol", "base": "a"}}, **sections}
    return grid(
        area={"places": places, "roads": {"edges": road(*minutes)}, **sections.pop("area", {})},
        standards={"s": {"capability": "patrol", **standard}},
        **sections,
    )


def test_without_demand_cover_is_static_cover() -> None:
    world = grid(
        units={"U1": {"type": "patrol", "base": "1", "shifts": [{"start": "07:10", "end": "07:20"}]}}
    )
    (static,) = static_coverage(world).values()
    found = cover(world)
    assert found.average() == static.average() == pytest.approx(6 / 9 / 3)
    assert found.share.tolist() == static.share.tolist()


def test_a_place_beyond_the_time_is_too_far() -> None:
    found = cover(row({"within": "5 min"}, 5, 1))
    assert found.average() == pytest.approx(2 / 3)
    assert reasons(found, "c") == [(0, 30, "too_far")]


def test_turn_out_and_pace_count() -> None:
    slow = {**PATROL, "turn_out": "3 min", "pace": 0.5}
    found = cover(row({"within": "5 min"}, 1, 1, unit_types={"patrol": slow}))
    assert [short.places for short in found.shortfalls] == [("c",)]  # b: 3 + 1 / 0.5 = 5; c: 3 + 2 / 0.5 = 7


def test_the_hour_slows_travel_exactly_when_it_begins() -> None:
    rush = {"travel": {"periods": {"rush": {"start": "07:10", "end": "07:20", "factor": 2}}}}
    found = cover(row({"within": "5 min"}, 3, area=rush))
    assert reasons(found, "b") == [(10, 20, "too_far")]


def test_too_few_in_the_roster_is_a_formation_short() -> None:
    found = cover(row({"within": "5 min", "units": 2}, 1))
    assert reasons(found, "b") == [(0, 30, "formation_short")]


def test_enough_in_the_roster_but_too_few_near_is_a_formation_short() -> None:
    units = {"U1": {"type": "patrol", "base": "a"}, "U2": {"type": "patrol", "base": "c"}}
    found = cover(row({"within": "5 min", "units": 2}, 1, 9, units=units))
    assert reasons(found, "b") == [(0, 30, "formation_short")]


def test_a_second_unit_away_leaves_a_formation_of_two_short_for_none_free() -> None:
    log = Log()
    log(10, "unit_ordered", "U2", "a", incident="A", capability="patrol")
    log(20, "unit_ready", "U2", "a")
    units = {"U1": {"type": "patrol", "base": "a"}, "U2": {"type": "patrol", "base": "a"}}
    found = cover(row({"within": "5 min", "units": 2}, 1, units=units), log.records)
    assert reasons(found, "b") == [(10, 20, "none_free")]
    assert found.average() == pytest.approx(2 / 3)


def test_a_closed_road_is_told_from_a_busy_unit() -> None:
    log = Log()
    log(5, "road_closed", "a|b", "a", until_s=1200)
    log(10, "unit_ordered", "U1", "a", incident="A", capability="patrol")
    log(15, "road_opened", "a|b")
    log(20, "unit_ready", "U1", "a")
    found = cover(row({"within": "5 min"}, 1), log.records)
    assert reasons(found, "b") == [(5, 10, "road_closed"), (10, 20, "none_free")]
    assert reasons(found, "a") == [(10, 20, "none_free")]


def test_a_road_closed_twice_opens_when_both_have_ended() -> None:
    log = Log()
    log(5, "road_closed", "a|b")
    log(6, "road_closed", "a|b")
    log(10, "road_opened", "a|b")
    log(20, "road_opened", "a|b")
    assert reasons(cover(row({"within": "5 min"}, 1), log.records), "b") == [(5, 20, "road_closed")]


def test_hours_off_shift_and_rest_are_one_reason() -> None:
    units = {"U1": {"type": "patrol", "base": "a", "shifts": [{"start": "07:00", "end": "07:20"}]}}
    log = Log()
    log(5, "unit_resting", "U1", "a", until_s=600)
    log(10, "unit_ready", "U1", "a")
    found = cover(row({"within": "5 min"}, 1, units=units), log.records)
    assert reasons(found, "b") == [(5, 10, "off_shift_or_resting"), (20, 30, "off_shift_or_resting")]


def test_an_empty_stock_ends_the_capability_and_no_other() -> None:
    water = {
        "agency": "police",
        "capabilities": ["water", "presence"],
        "personnel": 4,
        "turn_out": "0",
        "stock": {"water": 100},
    }
    log = Log()
    log(5, "stock_empty", "U1", "a", stock="water")
    log(10, "unit_resupplying", "U1", "a", until_s=900)
    log(15, "unit_ready", "U1", "a")
    for capability, expected in (
        ("water", [(5, 15, "stock_empty")]),
        ("presence", [(10, 15, "stock_empty")]),
    ):
        world = row({"within": "5 min", "capability": capability}, 1, unit_types={"patrol": water})
        assert reasons(cover(world, log.records), "b") == expected


def test_help_that_has_not_come_is_an_approval_missing() -> None:
    sections = {
        "mutual_aid": {
            "brimob": {
                "type": "patrol",
                "count": 1,
                "arrives_at": "a",
                "lead_time": "5 min",
                "authority": "chief",
            }
        },
        "command": {"authorities": {"chief": {"delay": "1 min"}}},
        "units": {},
    }
    log = Log()
    log(12, "aid_arrived", "brimob", "a", units=["brimob"])
    found = cover(row({"within": "5 min"}, 1, **sections), log.records)
    assert reasons(found, "b") == [(0, 12, "approval_missing")]


def test_a_unit_on_its_way_home_is_not_counted_on() -> None:
    log = Log()
    log(1, "unit_ordered", "U1", "a", incident="A", capability="patrol")
    log(2, "unit_departed", "U1", "a", incident="A", to="b", travel_s=60, path=[])
    log(3, "unit_arrived", "U1", "b", incident="A")
    log(5, "unit_released", "U1", "b", incident="A")
    log(5, "unit_departed", "U1", "b", incident=None, to="a", travel_s=60, path=[])
    log(6, "unit_arrived", "U1", "a", incident=None)
    log(7, "unit_ready", "U1", "a")
    assert reasons(cover(row({"within": "5 min"}, 1), log.records), "b") == [(1, 7, "none_free")]


def test_what_happens_and_is_undone_at_one_moment_leaves_no_trace() -> None:
    log = Log()
    log(4, "unit_ordered", "U1", "a", incident="A", capability="patrol")
    log(4, "unit_released", "U1", "a", incident="A")
    log(4, "unit_ready", "U1", "a")
    found = cover(row({"within": "5 min"}, 1), log.records)
    assert found.shortfalls == ()
    assert found.time_s.tolist() == [0]


def test_a_standard_holds_in_its_phases_only() -> None:
    phases = {"vote": {"kind": "voting", "start": "2024-11-27 07:10", "end": "2024-11-27 07:20"}}
    log = Log()
    log(15, "unit_ordered", "U1", "a", incident="A", capability="patrol")
    found = cover(row({"within": "5 min", "phases": ["vote"]}, 1, phases=phases), log.records)
    assert reasons(found, "a") == [(15, 20, "none_free")]
    assert found.average() == pytest.approx(0.5)
    assert found.held_s == 600
    assert found.average(0, 60) is None


@pytest.mark.parametrize(
    ("weigh_by", "expected"), [("equal", 2 / 3), ("voters", 0.1), ("weight", 5 / 6), ("zone", 2 / 12)]
)
def test_places_weigh_by_what_the_standard_says(weigh_by: str, expected: float) -> None:
    places = {
        "a": {"voters": 10, "weight": 2.0},
        "b": {"voters": 10, "weight": 3.0},
        "c": {"voters": 180, "weight": 1.0, "zone": "red"},
    }
    area = {"places": places, "roads": {"edges": road(1, 9)}, "zones": {"red": {"risk": 10}}}
    standards = {"s": {"capability": "patrol", "within": "5 min", "weigh_by": weigh_by}}
    world = grid(area=area, units={"U1": {"type": "patrol", "base": "a"}}, standards=standards)
    assert cover(world).average() == pytest.approx(expected)


def test_places_without_weight_have_no_share() -> None:
    area = {"places": {"a": {}, "b": {}}, "roads": {"edges": road(1)}}
    standards = {"s": {"capability": "patrol", "within": "5 min", "weigh_by": "voters"}}
    world = grid(area=area, units={"U1": {"type": "patrol", "base": "a"}}, standards=standards)
    assert cover(world).average() is None


def test_tables_hold_one_row_a_place_and_interval() -> None:
    log = Log()
    log(10, "unit_ordered", "U1", "a", incident="A", capability="patrol")
    found = cover(row({"within": "5 min"}, 1), log.records)
    frame = shortfall_frame([found], row({"within": "5 min"}, 1))
    assert frame.iloc[:, :5].values.tolist() == [
        ["s", "a", 600.0, 1800.0, "none_free"],
        ["s", "b", 600.0, 1800.0, "none_free"],
    ]
    assert share_frame([found])["share"].tolist() == [1.0, 0.0]


# -- against counting by hand --------------------------------------------------------------------------------

UNITS = {f"U{i}": {"type": "patrol", "base": str(base)} for i, base in enumerate((1, 5, 9), start=1)}
BASES = {"U1": 1, "U2": 5, "U3": 9}
MISSION = st.tuples(st.sampled_from(sorted(BASES)), st.integers(0, 28), st.integers(1, 8), st.integers(1, 9))


def apart(a: int, b: int) -> int:
    return abs((a - 1) % 3 - (b - 1) % 3) + abs((a - 1) // 3 - (b - 1) // 3)


@given(st.lists(MISSION, max_size=12), st.integers(1, 2))
def test_the_sweep_counts_as_one_would_minute_by_minute(
    missions: list[tuple[str, int, int, int]], needed: int
) -> None:
    log, state, until = Log(), {}, dict.fromkeys(BASES, 0)
    for unit, start, length, place in sorted(missions, key=lambda m: m[1]):
        if start < until[unit]:
            continue
        until[unit] = start + length
        log(start, "unit_ordered", unit, incident="A", capability="patrol")
        log(start + length, "unit_ready", unit, str(place))
        for minute in range(start, 30):
            state[unit, minute] = None if minute < start + length else place
    standards = {"s": {"capability": "patrol", "within": "2 min", "units": needed}}
    found = cover(grid(units=UNITS, standards=standards), log.in_order())
    shares = []
    for minute in range(30):
        at = [place for unit in BASES if (place := state.get((unit, minute), BASES[unit])) is not None]
        covered = sum(sum(apart(place, here) <= 2 for place in at) >= needed for here in range(1, 10))
        shares.append(covered / 9)
    assert found.average() == pytest.approx(sum(shares) / 30)
    for minute, share in enumerate(shares):
        assert found.average(minute * 60, minute * 60 + 60) == pytest.approx(share)
    lost = found.lost()
    assert found.average() + sum(lost.values()) == pytest.approx(1)
    assert lost[Reason.ROAD_CLOSED] == 0
    total_s = sum((s.end_s - s.start_s) * len(s.places) for s in found.shortfalls)
    assert total_s == pytest.approx(found.short_s.sum())
