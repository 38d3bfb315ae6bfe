"""Limits on measures: read, found in the summary, and crossed."""

from __future__ import annotations

import pytest

from kontijensi.analysis.limits import LimitError, judge, measure, measures, parse_limit

SUMMARY = {
    "coverage": {"patrol": {"average": 0.75, "static": None}},
    "responses": {"by_district": {"33.10": {"p90": 960.0}, "33": {"11": {"p90": 1.0}}}},
    "targets": {"calls": {"met": False}},
    "notice": "a rehearsal",
    "list": [1, 2],
}


@pytest.mark.parametrize(
    ("text", "crossed"),
    [
        ("coverage.patrol.average < 0.8", True),
        ("coverage.patrol.average<75%", False),
        ("coverage.patrol.average <= 75 %", True),
        ("coverage.patrol.average >= 1", False),
        ("coverage.patrol.static < 0.1", True),  # unknown: it cannot be shown to keep the limit
        ("responses.by_district.33.10.p90 > 15 min", True),
        ("responses.by_district.33.10.p90 > 16 min", False),
        ("responses.by_district.33.11.p90 == 1", True),
        ("targets.calls.met == false", True),
        ("targets.calls.met != false", False),
    ],
)
def test_crossed(text: str, crossed: bool) -> None:
    assert judge(parse_limit(text), SUMMARY).crossed is crossed


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("coverage.patrol.avarage", "no 'avarage' in coverage.patrol; did you mean 'average'?"),
        ("coverage.dalmas.average", "no 'dalmas' in coverage; choose one of patrol"),
        ("cover", "no 'cover' in the summary; did you mean 'coverage'?"),
        ("coverage.patrol", "a group of measures; choose one of average, static"),
        ("coverage.patrol.average.p90", "coverage.patrol.average is a measure and has no 'p90'"),
    ],
)
def test_a_measure_that_is_not_there(path: str, message: str) -> None:
    with pytest.raises(LimitError) as caught:
        measure(SUMMARY, path)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "coverage",
        "a < ",
        "< 3",
        "a = 3",
        "a < b < 3",
        "a < soon",
        "a < 10:30",
        "a < nan",
        "a < 1e",
        "a <> 2",
    ],
)
def test_what_is_no_limit(text: str) -> None:
    with pytest.raises(LimitError):
        parse_limit(text)


@pytest.mark.parametrize("path", ["notice", "list"])
def test_words_and_lists_cannot_be_compared(path: str) -> None:
    with pytest.raises(LimitError, match="not a number"):
        judge(parse_limit(f"{path} > 1"), SUMMARY)


def test_every_number_has_a_path() -> None:
    assert dict(measures(SUMMARY)) == {
        "coverage.patrol.average": 0.75,
        "coverage.patrol.static": None,
        "responses.by_district.33.10.p90": 960.0,
        "responses.by_district.33.11.p90": 1.0,
        "targets.calls.met": 0.0,
    }
