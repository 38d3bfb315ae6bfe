"""Limits on measures: read, found in the summary, and crossed."""

from __future__ import annotations

import pytest

from kontijensi.analysis.limits import LimitError, judge, measure, measures, parse_limit
from kontijensi.analysis.measure_kinds import MeasureKind, kind_of
from kontijensi.analysis.summary import summarise

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
        ("responses.by_district.33.11.p90 == 1 s", True),
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


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "coverage.patrol.average < 20 min",
            "'20 min': a share is needed, from 0 to 1 or with %, for example",
        ),
        ("coverage.patrol.average < 80", "'80': a share is needed"),
        ("coverage.patrol.by_phase.vote < 1 h", "'1 h': a share is needed"),
        ("harm.people > 5%", "'5%': a number without a unit is needed, for example 5"),
        ("harm.by_place.north_s > 5 min", "'5 min': a number without a unit is needed, for example 5"),
        ("responses.all.response.p90 > 20", "'20': a length of time is needed, for example 20 min"),
        ("responses.all.response.p90 > 20%", "'20%': a length of time is needed, for example 20 min"),
        ("continuity.all.tps_minutes > 2 h", "'2 h': a number without a unit is needed (the measure's name"),
        ("legitimacy.a.lowest < 1 min", "'1 min': a level is needed, for example 0.6"),
        ("targets.calls.met == 1", "'1': true or false is needed"),
    ],
)
def test_a_limit_is_written_as_its_measure_asks(text: str, message: str) -> None:
    with pytest.raises(LimitError) as caught:
        parse_limit(text)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("responses.all.response.p90 > 20 min", 1200.0),
        ("responses.all.response.p90 > 0", 0.0),
        ("aid.brimob.delay_s > 2 h", 7200.0),
        ("coverage.patrol.average < 80 %", 0.8),
        ("crowds.present.person_hours > 2.5", 2.5),
        ("legitimacy.a.change < -0.1", -0.1),
    ],
)
def test_values_are_read_in_the_unit_of_their_measure(text: str, value: float) -> None:
    assert parse_limit(text).value == pytest.approx(value)


def test_every_measure_of_a_summary_has_a_kind() -> None:
    from tests.report.sample import eventful, world_of

    summary = summarise(world_of(), eventful())
    paths = [path for path, _value in measures(summary)]
    assert len(paths) > 300
    texts = {"run.outcome", "force.crush_warnings.at"}  # null here; a text where there is one
    assert {path for path in paths if kind_of(path) is None} <= texts
    for path, value in measures(summary):
        if kind_of(path) is MeasureKind.SHARE and value is not None:
            assert 0 <= value <= 1, path


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
