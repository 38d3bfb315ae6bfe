"""Queues whose answer theory knows, rehearsed from plain YAML: the mean wait for a unit to the third decimal.

Each estimate is adjusted by control variates whose means are known exactly (how many calls, how much work),
by linear regression over batches (Lavenberg and Welch 1981): the same precision from half the calls.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import kontijensi
from kontijensi.engine import Operation
from kontijensi.scenario.document import load
from kontijensi.vocabulary.records import Record, RecordKind
from kontijensi.world import World, compile_world

HERE = Path(__file__).parent
MINUTE_S = 60.0
STANDARD_ERROR_SHARE = 0.01
"""Largest standard error allowed, as a share of the expected value."""


class Waits:
    """A sink that keeps, for each call, only its onset, its wait for a unit and its time on the spot."""

    def __init__(self) -> None:
        self._approved: dict[str, float] = {}
        self._formed: dict[str, float] = {}
        self.onset_s: list[float] = []
        self.wait_s: list[float] = []
        self.served_s: list[float] = []

    def __call__(self, record: Record) -> None:
        match record.kind:
            case RecordKind.INCIDENT_APPROVED:
                self._approved[record.entity] = record.time_s
            case RecordKind.UNIT_ORDERED:
                approved_s = self._approved.pop(record.values["incident"])
                self.onset_s.append(approved_s)
                self.wait_s.append(record.time_s - approved_s)
            case RecordKind.INCIDENT_FORMED:
                self._formed[record.entity] = record.time_s
            case RecordKind.INCIDENT_CONTROLLED:
                self.served_s.append(record.time_s - self._formed.pop(record.entity))


def batches(
    world: World, replications: int, batch_s: float, *, rate: float, service_s: float
) -> Iterator[np.ndarray]:
    """Yield for each stretch of time: calls, summed wait, and what the controls are off by."""
    for replication in range(replications):
        waits = Waits()
        Operation(world, seed=2023, replication=replication, emit=waits).run()
        onset, wait = np.array(waits.onset_s), np.array(waits.wait_s)
        served = np.array(waits.served_s)
        edges = np.arange(0.0, world.horizon_s + 1, batch_s)
        which = np.digitize(onset, edges) - 1
        for i in range(len(edges) - 1):
            mine = which == i
            n = int(mine.sum())
            work = float(served[: len(mine)][mine[: len(served)]].sum())
            yield np.array([n, wait[mine].sum(), n - rate * batch_s, work - rate * batch_s * service_s])


def controlled_mean(rows: np.ndarray, rate: float, batch_s: float) -> tuple[float, float]:
    """Return the mean wait and its standard error, both with the help of the controls."""
    y = rows[:, 1] / (rate * batch_s)
    x = np.column_stack([np.ones(len(rows)), rows[:, 2:]])
    slopes, *_ = np.linalg.lstsq(x, y, rcond=None)
    left = y - x @ slopes
    variance = left @ left / (len(y) - x.shape[1])
    return float(slopes[0]), float(np.sqrt(variance * np.linalg.inv(x.T @ x)[0, 0]))


@pytest.fixture(scope="module")
def mm4() -> World:
    return compile_world(load(HERE / "mm4.yaml").file)


def test_four_units_at_five_eighths_load_make_a_call_wait_2_132378_minutes(mm4: World) -> None:
    rate, service_s, batch_s = 0.25 / MINUTE_S, 10 * MINUTE_S, 2 * 86400.0
    rows = np.array(list(batches(mm4, 20, batch_s, rate=rate, service_s=service_s)))
    mean_s, error_s = controlled_mean(rows, rate, batch_s)
    expected_s = 2.132378 * MINUTE_S
    assert error_s <= STANDARD_ERROR_SHARE * expected_s
    assert abs(mean_s - expected_s) <= 4 * error_s


def test_four_units_are_at_work_five_eighths_of_the_time() -> None:
    run = kontijensi.load(HERE / "mm4.yaml", overrides={"horizon": "60 d"}).run(seed=7, crowds=False)
    units = run.summary()["units"]
    assert units["all"]["utilisation"] == pytest.approx(0.625, abs=0.012)
