"""The summary: plain values, nothing left out, and limits find every number in it."""

from __future__ import annotations

import json

import pytest

from kontijensi.analysis.limits import measure, measures
from kontijensi.analysis.responses import PartsError
from kontijensi.analysis.summary import NONE, summarise
from kontijensi.vocabulary.words import use_language
from tests.analysis.logbook import Log, call, grid, hand_trace, serve

TARGETS = {
    "calls": {"within": "5 min", "share": 0.5, "calls": ["calls"]},
    "red": {"within": "30 min", "colours": ["red"], "measure": "effective_response"},
    "all": {"within": "14 min"},
}


def test_a_run_without_any_incident_is_a_whole_summary() -> None:
    summary = summarise(grid(), [])
    json.dumps(summary, allow_nan=False)
    assert summary["responses"]["all"]["n"] == 0
    assert summary["responses"]["all"]["response"]["median"] is None
    assert summary["harm"]["people"] == 0
    assert summary["coverage"]["two_minutes"]["average"] == 1.0
    assert summary["run"] == {
        "seed": None,
        "replication": None,
        "n_records": 0,
        "outcome": None,
        "end_s": 1800.0,
    }


def test_a_scenario_without_standards_units_or_phases_is_summarised() -> None:
    summary = summarise(grid(standards={}, units={}), [])
    assert summary["coverage"] == {}
    assert summary["units"]["all"]["utilisation"] is None


def test_targets() -> None:
    targets = summarise(grid(response_targets=TARGETS), hand_trace())["targets"]
    assert (targets["calls"]["n"], targets["calls"]["share"], targets["calls"]["met"]) == (4, 0.5, True)
    assert (targets["red"]["n"], targets["red"]["share"], targets["red"]["met"]) == (0, None, None)
    assert (targets["all"]["within"], targets["all"]["met"]) == (3, False)


def test_an_incident_never_answered_is_in_every_group() -> None:
    log = Log()
    call(log, "A", "5", opened=0, desk=0, handled=1)
    call(log, "B", "5", opened=0, desk=1, handled=2)
    serve(log, "U1", "A", "1", "5", ordered=2, arrives=4, clears=14)
    found = summarise(grid(), log.in_order())["responses"]
    assert (found["all"]["response"]["n"], found["all"]["response"]["answered"]) == (2, 1)
    assert found["all"]["response"]["median"] is None
    assert found["by_unit_type"][NONE]["n"] == 1
    assert found["by_unit_type"]["patrol"]["response"]["median"] == 240.0
    assert found["by_phase"] == {NONE: found["all"]}


def test_shares_lost_and_kept_add_up() -> None:
    found = summarise(grid(), hand_trace())["coverage"]["two_minutes"]
    lost = sum(reason["share"] for reason in found["reasons"].values())
    assert found["average"] + lost == pytest.approx(1)
    assert (found["lowest"], found["lowest_at_s"]) == (0.0, 240.0)
    assert found["worst_places"][0]["place"] == "2"
    assert (
        found["worst_places"][0]["short_s"] == (28 - 2 - 0) * 60 - 0
        or found["worst_places"][0]["short_s"] > 0
    )


def test_every_number_is_found_by_its_path() -> None:
    summary = summarise(grid(), hand_trace())
    paths = dict(measures(summary))
    assert len(paths) > 300
    for path, value in paths.items():
        assert measure(summary, path) == value


def test_a_log_whose_marks_run_backwards_is_not_reported_on() -> None:
    log = Log()
    call(log, "A", "5", opened=3, desk=2, handled=4)
    with pytest.raises(PartsError, match="A: queueing takes"):
        summarise(grid(), log.records)


def test_harm_is_told_by_group_severity_cause_and_place() -> None:
    log = Log()
    log(1, "harm", "c1", "5", cause="crush", group="public", severity="severe", people=2)
    log(1, "harm", "c1", "6", cause="crowd_violence", group="officer", severity="minor", people=1)
    harm = summarise(grid(), log.records)["harm"]
    assert harm["people"] == 3
    assert harm["public"] == {"people": 2, "minor": 0, "moderate": 0, "severe": 2}
    assert harm["by_cause"]["crush"] == {"people": 2, "public": 2, "officer": 0, "severe": 2}
    assert harm["by_place"] == {"5": 2, "6": 1}


def test_the_notice_speaks_english_when_asked() -> None:
    with use_language("en"):
        assert "rehearsal, not a forecast" in summarise(grid(), [])["notice"]
