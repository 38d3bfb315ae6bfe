"""The hand trace: a drill worked out on paper, second by second, and rehearsed from plain YAML."""

from __future__ import annotations

import pytest

import kontijensi
from kontijensi.analysis.coverage import coverage
from kontijensi.api import Run
from kontijensi.experiment.verification.trials import SCENARIOS

MINUTE_S = 60.0
HAND_TRACE = SCENARIOS / "hand-trace.yaml"
BY_HAND = {
    "call-1": ("U1", 2, 4, 14, 4),
    "call-2": ("U2", 4, 6, 16, 5),
    "call-3": ("U1", 14, 16, 26, 14),
    "call-4": ("U2", 16, 18, 28, 15),
}
"""Unit, dispatched, arrives, clears and response of each call [min]."""


@pytest.fixture(scope="module")
def run() -> Run:
    return kontijensi.load_text(HAND_TRACE.read_text(encoding="utf-8")).run(seed=1)


def test_each_call_is_served_as_worked_out_by_hand(run: Run) -> None:
    frame = run.responses().set_index("incident")
    for call, (unit, dispatched, arrives, clears, response) in BY_HAND.items():
        row = frame.loc[call]
        assert row["unit"] == unit
        times = row[["dispatched_s", "first_arrival_s", "closed_s", "response_s"]] / MINUTE_S
        assert list(times) == [dispatched, arrives, clears, response]


def test_the_means_are_those_of_the_hand_trace(run: Run) -> None:
    calls = run.summary()["calls"]["all"]
    frame = run.responses()
    assert frame["response_s"].mean() == 9.5 * MINUTE_S
    assert calls["desk_wait"]["mean"] == 1.5 * MINUTE_S
    assert calls["unit_wait"]["mean"] == 4 * MINUTE_S


def test_cover_is_the_step_function_worked_out_by_hand(run: Run) -> None:
    near = coverage(run.log, run.scenario.world)["near"]
    by_hand = [(0, 1.0), (2, 2 / 3), (4, 0.0), (26, 2 / 3), (28, 1.0)]
    assert [(t / MINUTE_S, share) for t, share in zip(near.time_s, near.share, strict=True)] == [
        (minute, pytest.approx(share)) for minute, share in by_hand
    ]
    assert near.average() == pytest.approx(0.222222, abs=1e-6)


def test_the_same_drill_in_seconds_is_the_same_drill() -> None:
    text = HAND_TRACE.read_text(encoding="utf-8")
    in_seconds = text
    for minutes in (30, 10, 3, 2, 1):
        in_seconds = in_seconds.replace(f" {minutes} min", f" {minutes * 60} s")
    assert in_seconds != text
    first, second = (kontijensi.load_text(each).run(seed=1).log for each in (text, in_seconds))
    assert list(first) == list(second)
