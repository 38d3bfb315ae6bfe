"""A unit's time is shared out without a gap or an overlap, and its overtime and stock are told."""

from __future__ import annotations

from itertools import pairwise
from math import fsum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kontijensi.analysis.timeline import timelines
from kontijensi.analysis.utilisation import State, together, unit_times
from tests.analysis.logbook import Log, grid

SHIFT = {"U1": {"type": "patrol", "base": "1", "shifts": [{"start": "07:00", "end": "07:10"}]}}


def test_what_lasts_beyond_the_shift_is_overtime() -> None:
    log = Log()
    log(4, "unit_ordered", "U1", "1", incident="A", capability="patrol")
    log(5, "unit_departed", "U1", "1", incident="A", to="5", travel_s=120, path=[])
    log(7, "unit_arrived", "U1", "5", incident="A")
    log(15, "unit_released", "U1", "5", incident="A")
    log(15, "unit_departed", "U1", "5", incident=None, to="1", travel_s=120, path=[])
    log(17, "unit_arrived", "U1", "1", incident=None)
    log(17, "unit_ready", "U1", "1")
    (unit,) = unit_times(log.records, grid(units=SHIFT))
    minutes = {str(state): s / 60 for state, s in unit.state_s.items() if s}
    assert minutes == {
        "ready": 4,
        "turnout": 1,
        "travelling": 2,
        "on_scene": 8,
        "returning": 2,
        "off_shift": 13,
    }
    assert (unit.overtime_s, unit.duty_s, unit.assigned_s) == (7 * 60, 17 * 60, 11 * 60)
    assert unit.utilisation == pytest.approx(11 / 17)
    assert unit.orders == 1


def test_a_unit_never_on_duty_has_no_utilisation() -> None:
    phases = {"vote": {"kind": "voting", "start": "2024-11-27 08:00", "end": "2024-11-27 09:00"}}
    (unit,) = unit_times(
        [], grid(units={"U1": {"type": "patrol", "base": "1", "phases": ["vote"]}}, phases=phases)
    )
    assert unit.state_s[State.OFF_SHIFT] == 1800
    assert unit.utilisation is None
    assert together([unit]) is None


def test_home_after_hours_it_is_off_shift_at_once_and_refilled_for_the_next_shift() -> None:
    log = Log()
    log(8, "unit_ordered", "U1", "1", incident="A", capability="patrol")
    log(9, "stock_empty", "U1", "1", stock="water")
    log(12, "unit_released", "U1", "1", incident="A")
    log(12, "unit_off_shift", "U1", "1")
    (unit,) = unit_times(log.records, grid(units=SHIFT))
    assert (unit.overtime_s, unit.state_s[State.OFF_SHIFT]) == (120, 18 * 60)
    (line,) = timelines(log.records, grid(units=SHIFT)).values()
    assert line[-1].empty == {"water"}
    log(20, "unit_on_shift", "U1", "1")
    (line,) = timelines(log.records, grid(units=SHIFT)).values()
    assert line[-1].empty == frozenset()


def test_time_lost_is_not_on_duty() -> None:
    log = Log()
    log(10, "unit_lost", "U1", "1", until_s=1200)
    log(20, "unit_restored", "U1", "1")
    first, _second = unit_times(log.records, grid())
    assert (first.state_s[State.LOST], first.duty_s) == (600, 1200)


def test_help_is_absent_until_it_comes() -> None:
    aid = {
        "brimob": {
            "type": "patrol",
            "count": 2,
            "arrives_at": "1",
            "lead_time": "5 min",
            "authority": "chief",
        }
    }
    world = grid(mutual_aid=aid, command={"authorities": {"chief": {"delay": "0"}}})
    log = Log()
    log(12, "aid_arrived", "brimob", "1", units=["brimob", "brimob-2"])
    rows = {row.unit: row for row in unit_times(log.records, world)}
    assert rows["brimob-2"].state_s[State.ABSENT] == 720
    assert rows["brimob-2"].duty_s == 1080


def test_a_run_that_ends_early_is_shared_out_to_its_end() -> None:
    log = Log()
    log(11, "run_ended", "Grid", outcome="re-vote")
    assert {fsum(row.state_s.values()) for row in unit_times(log.records, grid())} == {660.0}


def test_released_by_one_incident_after_another_took_over_it_stays_assigned() -> None:
    log = Log()
    log(1, "unit_ordered", "U1", "1", incident="A", capability="patrol")
    log(2, "unit_ordered", "U1", "1", incident="B", capability="patrol")
    log(3, "unit_released", "U1", "1", incident="A")
    log(9, "unit_released", "U1", "1", incident="B")
    log(9, "unit_ready", "U1", "1")
    first, _second = unit_times(log.records, grid())
    assert first.assigned_s == 8 * 60


def test_stock_used_and_emptied() -> None:
    log = Log()
    for amount in (30.0, 70.0):
        log(5, "stock_used", "U1", "1", stock="water", amount=amount, left=0)
    log(5, "stock_empty", "U1", "1", stock="water")
    first, second = unit_times(log.records, grid())
    assert (first.used, first.emptied) == ({"water": 100.0}, {"water": 1})
    assert (second.used, second.emptied) == ({}, {})


KINDS = st.sampled_from(
    [
        "unit_ordered",
        "unit_departed",
        "unit_rerouted",
        "unit_arrived",
        "unit_released",
        "unit_ready",
        "unit_resting",
        "unit_resupplying",
        "unit_lost",
        "unit_restored",
        "stock_empty",
    ]
)


@given(
    st.lists(
        st.tuples(st.floats(0, 30), KINDS, st.sampled_from(["U1", "U2"]), st.sampled_from([None, "A", "B"]))
    )
)
def test_time_is_conserved_whatever_the_log_says(story: list[tuple[float, str, str, str | None]]) -> None:
    log = Log()
    for minute, kind, unit, incident in story:
        log(minute, kind, unit, "5", incident=incident, to="5", travel_s=60, stock="water")
    world = grid(units={**SHIFT, "U2": {"type": "patrol", "base": "9"}})
    records = log.in_order()
    for line in timelines(records, world).values():
        assert (line[0].start_s, line[-1].end_s) == (0, 1800)
        assert all(a.end_s == b.start_s for a, b in pairwise(line))
    for row in unit_times(records, world):
        assert fsum(row.state_s.values()) == pytest.approx(1800, abs=1e-9)
        assert row.assigned_s <= row.duty_s + 1e-9 <= 1800 + 1e-6
