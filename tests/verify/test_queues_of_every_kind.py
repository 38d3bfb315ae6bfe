"""Other loads, numbers of units, kinds of service, units of time and desks than those of the named cases."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest

from kontijensi.api.scenario import load_text
from kontijensi.engine import Operation
from kontijensi.experiment.verification import controls, theory
from kontijensi.experiment.verification.call_table import CallSink, CallTable
from kontijensi.experiment.verification.controls import Batches, controlled_mean
from kontijensi.vocabulary.records import Record, RecordKind

SERVICES = {
    "fixed": ("6 min", 6.0, 0.0),
    "exponential": ("{dist: exponential, mean: 360 s}", 6.0, 1.0),
    "lognormal": ("{dist: lognormal, mean: 0.1 h, cv: 0.8}", 6.0, 0.8),
    "triangular": ("{dist: triangular, low: 1 min, mode: 5 min, high: 12 min}", 6.0, sqrt(31 / 6) / 6),
    "uniform": ("{dist: uniform, low: 2 min, high: 10 min}", 6.0, 4 / sqrt(3) / 6),
    "erlang": ("{dist: erlang, mean: 6 min, stages: 4}", 6.0, 0.5),
    "empirical": (
        "{dist: empirical, values: [2 min, 4 min, 600 s], weights: [1, 1, 2]}",
        6.5,
        sqrt(12.75) / 6.5,
    ),
}
"""How it is written, its mean [min] and its coefficient of variation."""


def queue(rate: str, service: str, units: int, horizon: str, also: str = "") -> str:
    return f"""\
kontijensi: 1
name: Queue
language: en
start: 2024-11-27 00:00
horizon: {horizon}
area:
  places: {{post: {{}}, junction: {{}}}}
  roads: {{edges: [{{between: [post, junction], time: 0}}]}}
unit_types: {{patrol: {{agency: police, capabilities: [patrol], personnel: 2, turn_out: 0}}}}
units: {{patrol: {{type: patrol, base: post, count: {units}}}}}
command: {{operators: 2, handling: {{dist: exponential, mean: 3 min}}}}
calls:
  call: {{rate: {rate}, places: {{ids: [post]}}, on_scene: {service}{also or ", through_desk: false"}}}
"""


def table_of(text: str, seed: int = 7) -> CallTable:
    world, sink = load_text(text).world, CallSink()
    Operation(world, seed=seed, emit=sink).run()
    return sink.table(world.horizon_s)


@pytest.mark.parametrize("kind", SERVICES)
@pytest.mark.parametrize(("units", "rate"), [(1, "8/h"), (3, "1 per 150 s")])
def test_calls_are_taken_in_turn_whatever_the_service(kind: str, units: int, rate: str) -> None:
    service, mean_min, cv = SERVICES[kind]
    table = table_of(queue(rate, service, units, "6 d"))
    assert len(table) > 1000
    in_turn = controls.waits_in_turn(table, units)
    known = ~np.isnan(in_turn)
    assert np.abs(table.wait_min - in_turn)[known].max() < 1e-6
    took = table.on_scene_min[~np.isnan(table.on_scene_min)]
    assert took.mean() == pytest.approx(mean_min, abs=5 * mean_min * max(cv, 1e-9) / sqrt(len(took)))
    assert took.std() == pytest.approx(cv * mean_min, rel=0.2, abs=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("kind", SERVICES)
@pytest.mark.parametrize("load", [0.4, 0.7])
def test_one_unit_waits_as_pollaczek_and_khinchine_say(kind: str, load: float) -> None:
    service, mean_min, cv = SERVICES[kind]
    rate = load / mean_min
    table = table_of(queue(f"{rate}/min", service, 1, "360 d"))
    batches = Batches.of(table, 1440.0)
    waits = np.where(np.isnan(table.wait_min), 0.0, table.wait_min)
    work = np.where(np.isnan(table.on_scene_min), mean_min, table.on_scene_min)
    offered = np.column_stack(
        [batches.rate(table.onset_min) - rate, batches.rate(table.onset_min, work) - load]
    )
    found = controlled_mean(batches.rate(table.onset_min, waits) / rate, offered)
    expected = theory.mean_wait_one_unit(rate, mean_min, cv)
    assert found.standard_error < 0.03 * expected
    assert abs(found.mean - expected) < 4 * found.standard_error


@pytest.mark.slow
@pytest.mark.parametrize(("units", "load"), [(2, 1.5), (3, 1.2), (6, 4.8), (12, 9.0)])
def test_several_units_wait_as_erlang_says(units: int, load: float) -> None:
    rate = load / 6.0
    table = table_of(queue(f"{rate * 60}/h", SERVICES["exponential"][0], units, "120 d"))
    batches = Batches.of(table, 1440.0)
    waits = np.where(np.isnan(table.wait_min), 0.0, table.wait_min)
    fill = np.full(len(table), 6.0)
    levels = range(max(units - 3, 1), units + 4)
    known = np.column_stack(
        [
            controls.offered(table, batches, rate, 6.0),
            controls.unit_for_everybody(table, batches, load, levels, fill),
        ]
    )
    found = controlled_mean(batches.rate(table.onset_min, waits) / rate, known)
    expected = theory.mean_wait(rate, 6.0, units)
    assert found.standard_error < 0.03 * expected
    assert abs(found.mean - expected) < 4 * found.standard_error


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["lognormal", "triangular", "erlang", "empirical", "fixed"])
def test_losses_do_not_depend_on_the_kind_of_service(kind: str) -> None:
    service, mean_min, _cv = SERVICES[kind]
    rate, units = 4.0 / mean_min, 6
    table = table_of(
        queue(f"{rate}/min", service, units, "120 d", ", through_desk: false, lost_when_busy: true")
    )
    batches = Batches.of(table, 360.0)
    found = controlled_mean(
        batches.rate(table.onset_min[table.lost]) / rate, batches.rate(table.onset_min)[:, np.newaxis] - rate
    )
    expected = theory.share_lost(4.0, units)
    assert found.standard_error < 0.03 * expected
    assert abs(found.mean - expected) < 4 * found.standard_error


@pytest.mark.slow
def test_a_desk_of_two_feeds_the_units_as_burke_says() -> None:
    """What leaves an M/M/2 desk is a Poisson stream again, so both waits are Erlang's (Burke 1956)."""
    began: dict[str, float] = {}
    reported: dict[str, float] = {}
    sink = CallSink()

    def emit(record: Record) -> None:
        sink(record)
        if record.kind is RecordKind.INCIDENT_REPORTED:
            reported[record.entity] = record.time_s / 60
        elif record.kind is RecordKind.DESK_BEGAN:
            began[record.entity] = record.time_s / 60

    rate, handling, service, units = 0.4, 3.0, 6.0, 4
    world = load_text(queue("24/h", SERVICES["exponential"][0], units, "360 d", ", priority: 4")).world
    Operation(world, seed=7, emit=emit).run()
    table = sink.table(world.horizon_s)
    batches = Batches.of(table, 720.0)
    came = batches.rate(table.onset_min)[:, np.newaxis] - rate
    onset = np.array([reported[name] for name in began])
    desk_wait = np.array([began[name] - reported[name] for name in began])
    unit_wait = np.where(np.isnan(table.wait_min), 0.0, table.wait_min)
    for waits, moments, expected in (
        (desk_wait, onset, theory.mean_wait(rate, handling, 2)),
        (unit_wait, table.onset_min, theory.mean_wait(rate, service, units)),
    ):
        found = controlled_mean(batches.rate(moments, waits) / rate, came)
        assert found.standard_error < 0.02 * expected
        assert abs(found.mean - expected) < 4 * found.standard_error


# -- the theory itself ---------------------------------------------------------------------------------------


def test_theory_meets_the_values_it_was_published_with() -> None:
    assert theory.mean_wait(0.25, 10.0, 4) == pytest.approx(2.132378, abs=1e-6)
    assert theory.mean_wait(0.25, 10.0, 5) == pytest.approx(0.521485, abs=1e-6)
    assert theory.share_lost(5.0, 10) == pytest.approx(0.018385, abs=1e-6)
    assert [wait + 1 for wait in theory.waits_by_class([0.2, 0.6], 1.0, 1)] == pytest.approx([2.0, 6.0])


def test_theory_of_special_cases_is_the_theory_of_the_simpler_queue() -> None:
    assert theory.waits_of_teams(1.4, 1e-12, 1.0) == pytest.approx(theory.mean_wait(1.4, 1.0, 2), rel=1e-6)
    assert theory.waits_of_teams(1e-12, 0.7, 1.0) == pytest.approx(theory.mean_wait(0.7, 1.0, 1), rel=1e-6)
    assert theory.mean_wait_one_unit(0.7, 1.0, 1.0) == pytest.approx(theory.mean_wait(0.7, 1.0, 1))
    assert theory.times_with_interruption([0.7], 1.0) == pytest.approx([1 / 0.3])
    # Exponential times forget: whoever goes first, the mean number in the system is that of M/M/1.
    urgent, ordinary = theory.times_with_interruption([0.2, 0.6], 1.0)
    assert 0.2 * urgent + 0.6 * ordinary == pytest.approx(0.8 / 0.2)
    given_up, waiting, _busy = theory.with_patience(0.25, 10.0, 4, 1e7)
    assert given_up == pytest.approx(0.0, abs=1e-6)
    assert waiting / 0.25 == pytest.approx(2.132378, rel=1e-4)
    given_up, _waiting, _busy = theory.with_patience(0.5, 10.0, 10, 1e-9)
    assert given_up == pytest.approx(theory.share_lost(5.0, 10), rel=1e-4)
