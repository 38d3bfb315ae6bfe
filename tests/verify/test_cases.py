"""Every case of `kontijensi verify`, and that each of them can fail."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import kontijensi
from kontijensi.experiment.verification import registry
from kontijensi.experiment.verification.call_table import CallTable
from kontijensi.experiment.verification.reading import Case, Estimate, Reading, Result, estimated, exact
from kontijensi.experiment.verification.registry import CASES
from kontijensi.experiment.verification.trials import SCENARIOS, Trials, workers
from kontijensi.vocabulary.records import Record
from kontijensi.world import World

AT_ONCE = [
    "hand-trace",
    "grid-roads",
    "half-width",
    "same-scenario",
    "weidmann",
    "corridor",
    "granovetter",
    "least-fixed-point",
    "classic-no-cops-082",
    "classic-no-cops-080",
]
IN_FULL = ["mm4", "rumour-2", "rumour-1.5"]
"""The cases over many runs that every test session holds to full precision."""
SLOW = [
    "mm5-paired",
    "priority",
    "interruption",
    "hypercube",
    "loss-exponential",
    "loss-fixed",
    "patience",
    "teams",
    "three-classes",
    "beds",
    "hourly-arrivals",
    "complaints",
    "self-exciting",
]
BY_NAME = {case.name: case for case in CASES}


class DistortedTrials(Trials):
    """Runs the cases' scenarios with something changed: a program that is wrong in one place."""

    def __init__(self, distortion: Mapping[str, Any]) -> None:
        super().__init__(quick=True)
        self.distortion = distortion

    def calls(
        self, scenario: str, replications: int, quick_horizon: str, overrides: Mapping[str, Any] | None = None
    ) -> list[CallTable]:
        changed = {**(overrides or {}), **self.distortion}
        return super().calls(scenario, replications, quick_horizon, changed)

    def records(
        self, scenario: str, replication: int = 0, overrides: Mapping[str, Any] | None = None
    ) -> tuple[World, list[Record]]:
        return super().records(scenario, replication, {**(overrides or {}), **self.distortion})


def missed(case: str, trials: Trials) -> list[str]:
    return [reading.quantity for reading in BY_NAME[case].read(trials) if not reading.met]


# -- the cases -----------------------------------------------------------------------------------------------


def test_what_is_tested_here_is_what_the_program_verifies() -> None:
    assert [*AT_ONCE, *IN_FULL, *SLOW] == registry.names()


@pytest.fixture(scope="module")
def full() -> Trials:
    return Trials()


@pytest.mark.parametrize(
    "name", [*AT_ONCE, *IN_FULL, *(pytest.param(name, marks=pytest.mark.slow) for name in SLOW)]
)
def test_a_case_agrees_with_what_was_expected(name: str, full: Trials) -> None:
    readings = BY_NAME[name].read(full)
    assert readings
    assert [reading for reading in readings if not reading.met] == []


@pytest.mark.slow
def test_the_quick_check_agrees_too() -> None:
    results = list(registry.verify(CASES, Trials(quick=True)))
    assert [result for result in results if not result.met] == []


def test_every_scenario_of_the_cases_is_an_ordinary_scenario_without_a_warning() -> None:
    files = sorted(file.name for file in SCENARIOS.iterdir() if file.name.endswith(".yaml"))
    assert files == [
        "beds.yaml",
        "complaints.yaml",
        "hand-trace.yaml",
        "hourly-arrivals.yaml",
        "hypercube.yaml",
        "interruption.yaml",
        "loss-exponential.yaml",
        "loss-fixed.yaml",
        "mm4.yaml",
        "patience.yaml",
        "priority.yaml",
        "rumour.yaml",
        "self-exciting.yaml",
        "teams.yaml",
        "three-classes.yaml",
    ]
    texts = [(SCENARIOS / file).read_text(encoding="utf-8") for file in files]
    assert [kontijensi.load_text(text).notes for text in texts] == [()] * len(files)


# -- each can fail -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", AT_ONCE)
def test_another_expectation_makes_a_reading_miss(name: str) -> None:
    for reading in BY_NAME[name].read(Trials()):
        if isinstance(reading.expected, str):
            other: float | str = reading.expected + "?"
        else:
            other = reading.expected + 2.0 * (reading.tolerance or 0.0) + 1.0
        assert not replace(reading, expected=other).met


@pytest.mark.parametrize(
    ("distortion", "quantity"),
    [
        ({"calls.call.rate": "0.26/min"}, "calls a minute"),
        ({"calls.call.on_scene.mean": "10.5 min"}, "time on the spot [min]"),
        ({"calls.call.on_scene": "10 min"}, "mean wait for a unit [min]"),
        ({"units.patrol.count": 5}, "calls out of turn"),
    ],
    ids=["four per cent more calls", "five per cent longer", "fixed service", "a unit too many"],
)
def test_a_wrong_stream_of_calls_or_roster_is_not_adjusted_away(
    distortion: dict[str, Any], quantity: str
) -> None:
    assert quantity in missed("mm4", DistortedTrials(distortion))


def test_priorities_that_count_for_nothing_are_noticed() -> None:
    wrong = missed("priority", DistortedTrials({"calls.urgent.priority": 2}))
    assert "mean time in system, urgent [min]" in wrong


def test_another_order_of_preference_is_noticed() -> None:
    wrong = missed("hypercube", DistortedTrials({"calls.north.preference.north": ["U3", "U2", "U1"]}))
    assert {"workload of U1", "workload of U3"} <= set(wrong)


def test_an_hour_with_another_rate_is_noticed() -> None:
    gaps = [15, 12, 8, 5, 8, 10, 15, 20]
    rates = [f"1 per {gap} min" for gap in gaps]
    wrong = missed("hourly-arrivals", DistortedTrials({"calls.call.rate.by_hour": rates}))
    assert "calls from 2 to 3 h" in wrong


def test_a_rumour_that_more_or_fewer_believe_is_noticed() -> None:
    assert missed("rumour-2", DistortedTrials({"community.rumours.rumour.r0": 1.98}))
    assert missed("rumour-1.5", DistortedTrials({"triggers.begin.effects.0.people": 20_000}))


def test_a_trigger_that_feeds_on_itself_a_little_more_is_noticed() -> None:
    more = {"triggers.event.self_exciting.branching": 0.55}
    assert missed("self-exciting", DistortedTrials(more)) == ["firings a minute"]


@pytest.mark.slow
def test_an_intake_that_loses_its_order_or_a_handler_is_noticed() -> None:
    wrong = missed("complaints", DistortedTrials({"community.intakes.intake.handlers": 5}))
    assert "complaints out of turn" in wrong


@pytest.mark.slow
def test_a_bed_more_or_an_ambulance_less_is_noticed() -> None:
    wrong = missed("beds", DistortedTrials({"area.places.hospital.beds": 6}))
    assert "casualties judged by other than free beds" in wrong
    wrong = missed("beds", DistortedTrials({"medical.stay.mean": "22 min"}))
    assert "stay in a bed [min]" in wrong
    assert "calls out of turn" in missed("beds", DistortedTrials({"units.ambulance.count": 3}))


# -- verdicts ------------------------------------------------------------------------------------------------


def test_a_mean_is_met_within_four_standard_errors() -> None:
    assert estimated("wait", 2.0, Estimate(2.04, 0.0101, 50), 0.01).met
    assert not estimated("wait", 2.0, Estimate(2.05, 0.0101, 50), 0.01).met


def test_a_mean_that_is_known_too_badly_is_missed() -> None:
    assert not estimated("wait", 2.0, Estimate(2.0, 0.021, 50), 0.01).met
    assert estimated("wait", 2.0, Estimate(2.0, 0.021, 50), 0.03).met
    assert not estimated("wait", 2.0, Estimate(2.0, float("nan"), 50), 0.01).met


def test_a_narrower_band_counts_when_there_is_one() -> None:
    assert not estimated("workload", 0.5, Estimate(0.504, 0.002, 50), 0.01, within=0.003).met


def test_an_unknown_value_is_missed() -> None:
    assert not exact("wait", 2.0, float("nan"), 1.0).met
    assert not exact("wait", "U1", "U2").met
    assert not exact("count", 0, 1).met


def test_a_case_without_a_reading_or_with_a_fault_is_missed() -> None:
    case = Case("x", "x", "x", lambda _trials: [])
    assert not Result(case, (), 0.0).met

    def stumble(_trials: Trials) -> list[Reading]:
        raise ZeroDivisionError("a stumble")

    after = Case("y", "y", "y", lambda _trials: [exact("one", 1, 1)])
    results = list(registry.verify([replace(case, read=stumble), after], Trials()))
    assert [(result.met, result.fault) for result in results] == [
        (False, "ZeroDivisionError: a stumble"),
        (True, None),
    ]


def test_an_unknown_name_is_refused_with_the_choices() -> None:
    assert [case.name for case in registry.chosen(["mm4", "hand-trace"])] == ["hand-trace", "mm4"]
    with pytest.raises(registry.UnknownCaseError, match="mm44: no such case; the choices are hand-trace"):
        registry.chosen(["mm4", "mm44"])


# -- processes -----------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_two_processes_make_the_same_calls_as_one() -> None:
    alone = Trials(quick=True).calls("priority", 2, "1 d")
    with workers(2) as spread:
        shared = Trials(quick=True, spread=spread).calls("priority", 2, "1 d")
    for one, other in zip(alone, shared, strict=True):
        assert len(one) > 1000
        np.testing.assert_array_equal(one.in_system_min, other.in_system_min)  # nan, not over yet, equals nan


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is sent to a process group")
@pytest.mark.parametrize("after_s", [4.0, 15.0], ids=["while processes start", "while they run"])
def test_ctrl_c_ends_every_process_in_one_line(after_s: float) -> None:
    command = [sys.executable, "-m", "kontijensi", "verify", "mm5-paired", "--workers", "2", "--lang", "en"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as program:
        time.sleep(after_s)
        os.killpg(program.pid, signal.SIGINT)
        out, err = program.communicate(timeout=60)
    assert (program.returncode, out) == (130, "")
    assert err.splitlines()[-1] == "interrupted"
    assert "Traceback" not in err
    assert "leaked" not in err
