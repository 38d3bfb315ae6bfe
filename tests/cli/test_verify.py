"""`kontijensi verify`: agreement is shown, and a miss is not hidden."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from kontijensi.experiment.verification import registry
from kontijensi.experiment.verification.reading import exact
from tests.cli.conftest import Program

QUICKEST = ("hand-trace", "grid-roads", "half-width")


def test_cases_by_name(program: Program) -> None:
    said = program("verify", *QUICKEST, "--lang", "en", "--quiet")
    assert (said.code, said.err) == (0, "")
    heads = [line for line in said.out.splitlines() if line.startswith("✓")]
    assert [head.split(":")[0] for head in heads] == [f"✓ {name}" for name in QUICKEST]
    assert "  ✓ mean response [min]: expected 9.5, observed 9.5" in said.out
    assert "\n3 of 3 cases agree with what was expected.\n" in said.out
    assert said.out.endswith("Manhattan was left out of grid-roads; --manhattan says where its files are.\n")


def test_the_cases_are_listed_and_none_is_run(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = [replace(case, read=lambda _trials: 1 / 0) for case in registry.CASES]
    monkeypatch.setattr(registry, "CASES", tuple(broken))
    said = program("verify", "--list", "--lang", "en")
    assert (said.code, said.err) == (0, "")
    assert [line.split()[0] for line in said.out.splitlines()] == registry.names()
    listed = json.loads(program("verify", "mm4", "--list", "--json").out)["cases"]
    assert [case["case"] for case in listed] == ["mm4"]


@pytest.mark.parametrize("as_json", [False, True])
def test_what_could_not_be_observed_is_a_miss(
    program: Program, monkeypatch: pytest.MonkeyPatch, as_json: bool
) -> None:
    unknown = replace(registry.CASES[0], read=lambda _trials: [exact("mean wait", 4.0, float("nan"), 0.1)])
    monkeypatch.setattr(registry, "CASES", (unknown,))
    said = program("verify", "--lang", "en", "--quiet", *(["--json"] if as_json else []))
    assert said.code == 1
    if as_json:
        assert json.loads(said.out)["cases"][0]["readings"][0]["observed"] is None
    else:
        assert "  ✗ mean wait: expected 4, observed -, ± 0.1" in said.out


def test_cases_as_json(program: Program) -> None:
    said = program("verify", "grid-roads", "--json", "--quiet")
    answer = json.loads(said.out)
    assert (said.code, answer["ok"], answer["quick"]) == (0, True, False)
    (case,) = answer["cases"]
    assert (case["case"], case["met"], case["readings"][0]["expected"]) == ("grid-roads", True, 144)


@pytest.mark.parametrize("as_json", [False, True])
def test_a_miss_exits_with_1(program: Program, monkeypatch: pytest.MonkeyPatch, as_json: bool) -> None:
    off = replace(registry.CASES[1], read=lambda _trials: [exact("all pairs", 144.0, 143.0, 0.5)])
    monkeypatch.setattr(registry, "CASES", (registry.CASES[0], off))
    said = program("verify", "--lang", "en", "--quiet", *(["--json"] if as_json else []))
    assert said.code == 1
    if as_json:
        answer = json.loads(said.out)
        assert (answer["ok"], [case["met"] for case in answer["cases"]]) == (False, [True, False])
    else:
        assert "  ✗ all pairs: expected 144, observed 143, ± 0.5" in said.out
        assert "1 of 2 cases agree with what was expected." in said.out


def test_a_case_that_breaks_is_a_miss(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = replace(registry.CASES[0], read=lambda _trials: 1 / 0)
    monkeypatch.setattr(registry, "CASES", (broken,))
    said = program("verify", "--lang", "en", "--quiet")
    assert said.code == 1
    assert "  stopped: ZeroDivisionError: division by zero" in said.out


def test_a_case_that_is_none(program: Program) -> None:
    said = program("verify", "hand-trase", "--lang", "en")
    assert (said.code, said.out) == (2, "")
    assert said.err == "Error: 'hand-trase': no such case; did you mean 'hand-trace'?\n"
