"""The arithmetic under the cases: columns of calls, batches, controls and half-widths."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

import kontijensi
from kontijensi.experiment.confidence import enough, paired_difference, running_half_width
from kontijensi.experiment.verification import controls
from kontijensi.experiment.verification.call_table import CallTable
from kontijensi.experiment.verification.controls import Batches, controlled_mean
from kontijensi.experiment.verification.manhattan import ARCS, NODES, manhattan_means
from kontijensi.experiment.verification.trials import SCENARIOS, SEED, Trials


@pytest.fixture(scope="module")
def table() -> CallTable:
    (first, _second) = Trials(quick=True).calls("mm4", 2, "3 d")
    return first


def test_the_columns_agree_with_the_summary_of_the_same_run(table: CallTable) -> None:
    text = (SCENARIOS / "mm4.yaml").read_text(encoding="utf-8")
    run = kontijensi.load_text(text, overrides={"horizon": "3 d"}).run(seed=SEED, crowds=False)
    calls = run.summary()["calls"]["all"]
    assert calls["calls"] == len(table)
    assert calls["unit_wait"]["mean_answered"] / 60 == pytest.approx(float(np.nanmean(table.wait_min)))
    held_min = np.where(
        np.isnan(table.held_min) & (table.unit != ""),
        table.horizon_min - table.onset_min - table.wait_min,
        table.held_min,
    )
    share = float(np.nansum(held_min)) / (4 * table.horizon_min)
    assert run.summary()["units"]["all"]["utilisation"] == pytest.approx(share)


def test_batches_leave_out_the_first_and_the_last_stretch() -> None:
    batches = Batches(10.0, 4)
    moments = np.array([1.0, 11.0, 12.0, 25.0, 39.0])
    assert list(batches.rate(moments)) == [0.2, 0.1]
    assert list(batches.rate(moments, np.array([9.0, 1.0, np.nan, 3.0, 9.0]))) == [0.1, 0.3]


def test_time_averages_count_what_is_open_at_once() -> None:
    batches = Batches(10.0, 4)
    starts, ends = np.array([5.0, 12.0, 29.0]), np.array([15.0, 14.0, 31.0])
    open_at_once, beyond_one = batches.averages(
        starts, ends, [lambda n: n, lambda n: np.maximum(n - 1.0, 0.0)]
    ).T
    assert open_at_once == pytest.approx([0.7, 0.1])  # 10-15 and 12-14, then 29-30
    assert beyond_one == pytest.approx([0.2, 0.0])


def test_a_run_too_short_for_batches_is_refused(table: CallTable) -> None:
    with pytest.raises(ValueError, match="hold fewer than three stretches of 2000 min"):
        Batches.of(table, 2000.0)


def test_the_quicker_unit_is_lindleys_recursion(table: CallTable) -> None:
    batches = Batches.of(table, 360.0)
    wait, waits, before, work = 0.0, [], 0.0, 0.0
    for onset, service in zip(table.onset_min, np.nan_to_num(table.on_scene_min, nan=10.0), strict=True):
        wait = max(0.0, wait + work - (onset - before))
        waits.append(wait)
        before, work = onset, service / 4.0
    mean = 0.625 * 2.5 / 0.375
    by_hand = batches.rate(table.onset_min, np.array(waits) - mean) / 0.25
    assert controls.quicker_unit(table, batches, 0.25, 10.0, 4.0) == pytest.approx(by_hand)


def test_a_unit_for_everybody_makes_the_first_level_the_offered_load(table: CallTable) -> None:
    batches = Batches.of(table, 360.0)
    fill = np.full(len(table), 10.0)
    found = controls.unit_for_everybody(table, batches, 2.5, range(2, 7), fill)
    service = np.where(np.isnan(table.on_scene_min), fill, table.on_scene_min)
    (load,) = batches.averages(table.onset_min, table.onset_min + service, [lambda n: n]).T
    assert found[:, 0] == pytest.approx(load - 2.5)


def test_without_controls_the_mean_is_the_mean() -> None:
    values = np.array([1.0, 2.0, 4.0, 7.0])
    found = controlled_mean(values)
    assert found.mean == pytest.approx(3.5)
    assert found.standard_error == pytest.approx(values.std(ddof=1) / 2)


def test_a_control_takes_out_what_it_explains() -> None:
    off = np.array([-1.0, 2.0, 0.5, -0.5, 1.0])
    found = controlled_mean(5.0 + 3.0 * off, off[:, np.newaxis])
    assert found.mean == pytest.approx(5.0)
    assert found.standard_error == pytest.approx(0.0, abs=1e-9)
    with pytest.raises(ValueError, match="2 batches: too few for 1 controls"):
        controlled_mean(np.ones(2), np.ones((2, 1)))


def test_controls_that_say_the_same_count_once() -> None:
    draws = np.random.default_rng(4)
    off = draws.normal(size=(40, 1))
    values = 5.0 + 3.0 * off[:, 0] + draws.normal(size=40)
    once, twice = controlled_mean(values, off), controlled_mean(values, np.hstack([off, 1e-5 * off]))
    assert twice.mean == pytest.approx(once.mean)
    assert twice.standard_error == pytest.approx(once.standard_error, rel=0.02)


def test_calls_in_turn_wait_as_worked_out_by_hand() -> None:
    onset, on_scene = np.array([0.0, 1.0, 2.0, 3.0, 30.0]), np.array([10.0, 4.0, 1.0, np.nan, 1.0])
    nothing = np.full(5, np.nan)
    calls = CallTable(
        60.0,
        np.full(5, "call"),
        np.full(5, "U"),
        np.zeros(5, bool),
        onset,
        nothing,
        on_scene,
        nothing,
        nothing,
        np.zeros(5, bool),
    )
    # Two units: the third waits for the one free at 5, the fourth for it again at 6; it stays to the end.
    assert controls.waits_in_turn(calls, 2)[:4] == pytest.approx([0.0, 0.0, 3.0, 3.0])
    assert np.isnan(controls.waits_in_turn(calls, 2)[4])


def test_the_running_half_width_is_students() -> None:
    values = [10.0, 12.0, 11.0]
    widths = running_half_width(values)
    assert widths[0] is None
    assert widths[1] == pytest.approx(12.7062047361747, abs=1e-9)  # s / sqrt(n) is 1
    assert widths[2] == pytest.approx(4.30265272974946 / 3**0.5, abs=1e-9)
    assert running_half_width([3.0, 3.0, 3.0])[1:] == [0.0, 0.0]
    with pytest.raises(ValueError, match="confidence 95"):
        running_half_width(values, 95)


def test_enough_replications_are_those_that_know_the_mean_to_a_share_of_it() -> None:
    values = [100.0, 101.0, 99.0, 100.0, 100.5]
    widths = running_half_width(values)
    assert widths[2] == pytest.approx(2.4841, abs=1e-3)
    assert enough(values) == 3
    assert enough(values, precision=0.02) == 4
    assert enough(values, precision=0.0001) is None
    assert enough([-value for value in values]) == 3
    assert enough([1.0, -1.0, 1.0, -1.0]) is None


def test_pairing_needs_as_many_of_both() -> None:
    found = paired_difference([1.0, 2.0, 3.0], [2.0, 3.0, 5.0])
    assert (found.n, found.mean) == (3, pytest.approx(4 / 3))
    assert found.variance == pytest.approx(1 / 3)
    assert paired_difference([1.0], [1.5]).half_width is None
    with pytest.raises(ValueError, match="2 and 1 replications"):
        paired_difference([1.0, 2.0], [1.0])


def test_a_road_table_is_read_in_days_and_one_way(tmp_path: Path) -> None:
    minute = 1 / 1440
    nodes = "nodes,3,,\nindex,x,y,off,\n1.0,0,0,1.0\n2.0,0,0,1.0\n3.0,0,0,1.0\n\n"
    arcs = f"""arcs,4,,
index,fromNode,toNode,mode_1,mode_2,
1.0,1.0,2.0,{minute},{2 * minute},
2.0,2.0,3.0,{minute},{2 * minute},
3.0,3.0,1.0,{minute},{2 * minute},
4.0,1.0,3.0,{5 * minute},{3 * minute},

"""
    for name, text in ((NODES, nodes), (ARCS, arcs)):
        with gzip.open(tmp_path / name, "wt", encoding="utf-8") as stream:
            stream.write(text)
    first, second = manhattan_means(tmp_path)
    assert first == pytest.approx((0 + 1 + 2) / 3)
    assert second == pytest.approx((0 + 2 + 3) / 3)
