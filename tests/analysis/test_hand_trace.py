"""The hand trace on a 3x3 grid: every number worked out on paper, from the log to the summary.

Neighbours are 1 min apart; U1 starts at 1, U2 at 9; one operator takes 2 min a call; 10 min on the spot; the
unit then stays. Calls: A at 0 at place 5, B at 1 at 3, C at 2 at 7, D at 3 at 5.
"""

from __future__ import annotations

import json

import pytest

from kontijensi.analysis.coverage import coverage
from kontijensi.analysis.responses import check_parts, response_frame, responses
from kontijensi.analysis.summary import summarise
from kontijensi.analysis.utilisation import State, unit_times
from tests.analysis.logbook import grid, hand_trace


def test_responses_are_4_5_14_and_15_minutes() -> None:
    rows = responses(hand_trace(), grid())
    check_parts(rows)
    assert [(row.incident, row.unit, row.response_s) for row in rows] == [
        ("A", "U1", 240.0),
        ("B", "U2", 300.0),
        ("C", "U1", 840.0),
        ("D", "U2", 900.0),
    ]
    assert [row.parts.queueing for row in rows] == [0.0, 60.0, 120.0, 180.0]
    assert [row.parts.waiting for row in rows] == [0.0, 0.0, 480.0, 480.0]
    assert [row.unit_type for row in rows] == ["patrol"] * 4


def test_the_summary_has_the_means_of_the_table() -> None:
    summary = summarise(grid(), hand_trace())
    assert summary["responses"]["all"]["response"]["mean"] == pytest.approx(9.5 * 60)
    assert summary["calls"]["all"]["desk_wait"]["mean"] == pytest.approx(1.5 * 60)
    assert summary["calls"]["all"]["unit_wait"]["mean"] == pytest.approx(4 * 60)
    assert summary["calls"]["by_stream"]["calls"]["answered"] == 4
    assert summary["coverage"]["two_minutes"]["average"] == pytest.approx(0.222222, abs=1e-6)
    assert summary["coverage"]["two_minutes"]["static"] == 1.0
    assert summary["desk"]["utilisation"] == pytest.approx(8 / 30)
    json.dumps(summary, allow_nan=False)


def test_cover_is_1_then_two_thirds_then_0_then_two_thirds_then_1() -> None:
    found = coverage(hand_trace(), grid())["two_minutes"]
    assert (found.time_s / 60).tolist() == [0, 2, 4, 26, 28]
    assert found.share.tolist() == pytest.approx([1, 2 / 3, 0, 2 / 3, 1])
    assert found.average() == pytest.approx((2 + 2 * 2 / 3 + 0 + 2 * 2 / 3 + 2) / 30)


def test_places_are_short_for_want_of_a_free_unit_until_one_stands_too_far() -> None:
    found = coverage(hand_trace(), grid())["two_minutes"]
    other = [s for s in found.shortfalls if s.reason != "none_free"]
    # From 26 on U1 is free, but at 7; place 2 is 3 min from there, and from the base of U2.
    assert [(s.start_s / 60, s.end_s / 60, s.reason, s.places) for s in other] == [
        (26, 28, "too_far", ("2",))
    ]
    at_one = [(s.start_s / 60, s.end_s / 60) for s in found.shortfalls if "1" in s.places]
    # U1 left place 1 at 2 and stands free at 7, two minutes away, from 26 on.
    assert at_one == [(2, 26)]
    short_s = dict(zip(found.places, found.short_s.sum(axis=1), strict=True))
    assert short_s["9"] == (26 - 4) * 60
    assert short_s["3"] == (28 - 4) * 60


def test_units_are_assigned_22_of_30_minutes() -> None:
    first, second = unit_times(hand_trace(), grid())
    assert first.assigned_s == pytest.approx((12 + 12) * 60)
    assert second.assigned_s == pytest.approx((12 + 12) * 60)
    assert first.state_s[State.TRAVELLING] == pytest.approx(4 * 60)
    assert first.state_s[State.ON_SCENE] == pytest.approx(20 * 60)
    assert first.state_s[State.READY] == pytest.approx(6 * 60)
    assert first.utilisation == pytest.approx(24 / 30)


def test_the_table_has_one_row_an_incident() -> None:
    frame = response_frame(responses(hand_trace(), grid()))
    assert frame["response_s"].tolist() == [240.0, 300.0, 840.0, 900.0]
    assert frame["controlled_s"].isna().all()
    assert frame["desk_s"].tolist() == [120.0, 180.0, 240.0, 300.0]
