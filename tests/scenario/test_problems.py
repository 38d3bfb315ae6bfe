"""Problems: how one reads on a terminal and as JSON, and guesses at what was meant."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator

import pytest

from kontijensi.scenario.problems import (
    Problem,
    ScenarioError,
    Severity,
    did_you_mean,
    path_text,
    render,
)
from kontijensi.vocabulary.words import use_language

LATE = Problem("s.yaml", 9, 1, ("a",), "late")
EARLY = Problem(
    "s.yaml",
    2,
    5,
    ("units", "brimob", "base"),
    "'polrez': no such place",
    fix="Did you mean 'polres'?",
    why="A unit starts from its base.",
)
HINT = Problem("s.yaml", 3, 1, (), "nobody is on shift at night", Severity.WARNING)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with use_language("en"):
        yield


def test_an_error_lists_every_problem_in_the_order_of_the_text() -> None:
    error = ScenarioError([LATE, EARLY, HINT, LATE])
    assert str(error) == (
        "s.yaml:2:5: units.brimob.base: 'polrez': no such place\n"
        "s.yaml:3:1: nobody is on shift at night\n"
        "s.yaml:9:1: a: late"
    )


def test_an_error_travels_between_processes() -> None:
    error = pickle.loads(pickle.dumps(ScenarioError([LATE, EARLY])))
    assert error.problems == (EARLY, LATE)


def test_a_terminal_shows_reason_mending_and_counts() -> None:
    assert render([EARLY, HINT]) == (
        "s.yaml:2:5: units.brimob.base: 'polrez': no such place\n"
        "    A unit starts from its base.\n"
        "    Did you mean 'polres'?\n"
        "s.yaml:3:1: nobody is on shift at night [warning]\n"
        "1 error, 1 warning"
    )


def test_json_holds_every_field() -> None:
    (found,) = json.loads(json.dumps(ScenarioError([EARLY]).as_dict()))["problems"]
    assert found == {
        "file": "s.yaml",
        "line": 2,
        "column": 5,
        "path": "units.brimob.base",
        "message": "'polrez': no such place",
        "severity": "error",
        "why": "A unit starts from its base.",
        "fix": "Did you mean 'polres'?",
    }


def test_nothing_in_a_problem_steers_the_terminal() -> None:
    sly = Problem("\x1b[2Js.yaml", 1, 1, ("\x1b]0;x\x07",), "a\nb\x1b[31m", fix="\x9b31m")
    assert all(line.isprintable() for line in sly.as_text().splitlines())
    assert len(sly.as_text().splitlines()) == 2


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ((), ""),
        (("units", 2, "base"), "units[2].base"),
        ((0, 1), "[0][1]"),
        (("places", "33.10", "a b"), "places.'33.10'.'a b'"),
        (("", "x"), "''.x"),
    ],
)
def test_paths_read_as_people_write_them(path: tuple[str | int, ...], text: str) -> None:
    assert path_text(path) == text


def test_long_keys_are_cut() -> None:
    assert len(path_text(("x" * 5000,))) == 60


@pytest.mark.parametrize(
    ("word", "choice"),
    [
        ("polrez", "polres"),
        ("POLRES", "polres"),
        ("ｂｒｉｍｏｂ", "brimob"),
        ("brmob", "brimob"),
        ("cafe\u0301", "café"),
        ("kpu", None),
        ("x" * 5000, None),
        ("", None),
    ],
)
def test_guesses_what_was_meant(word: str, choice: str | None) -> None:
    assert did_you_mean(word, ["polres", "brimob", "café", "dalmas"]) == choice
