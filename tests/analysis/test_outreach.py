"""Measures of rumours, complaints and programmes, from a log written by hand."""

from __future__ import annotations

from typing import Any

from kontijensi.analysis.outreach import complaints, programmes, rumours
from kontijensi.vocabulary.records import Record, RecordKind

K = RecordKind


def log(*lines: tuple[float, RecordKind, str, dict[str, Any]]) -> list[Record]:
    return [
        Record(i, None, t_s, kind, entity, "a", values) for i, (t_s, kind, entity, values) in enumerate(lines)
    ]


def test_a_rumour_s_course_is_its_last_sample_its_peak_and_its_end() -> None:
    def sample(
        t_s: float, heard: float, telling: int, villages: int
    ) -> tuple[float, RecordKind, str, dict[str, Any]]:
        return t_s, K.RUMOUR_SAMPLED, "tale", {"heard": heard, "telling": telling, "villages": villages}

    records = log(
        (10.0, K.RUMOUR_STARTED, "tale", {"people": 10}),
        sample(10.0, 0.01, 10, 1),
        sample(3610.0, 0.2, 90, 2),
        (4000.0, K.RUMOUR_CLARIFIED, "tale", {"faster": 3.0, "reach": "area", "until_s": 9000.0}),
        sample(7210.0, 0.4, 40, 3),
        sample(9000.0, 0.5, 0, 3),
        (9000.0, K.RUMOUR_ENDED, "tale", {"heard": 0.5}),
    )
    found = rumours(records, ["tale", "other"])
    tale = found["tale"]
    assert (tale.started, tale.heard, tale.villages, tale.clarified) == (10, 0.5, 3, 1)
    assert (tale.peak_telling, tale.peak_at_s, tale.over_at_s) == (90, 3610.0, 9000.0)
    other = found["other"]
    assert (other.heard, other.peak_at_s, other.over_at_s) == (0.0, None, None)
    assert rumours(records[:-1], ["tale"])["tale"].over_at_s is None


def test_complaints_stand_under_one_outcome_or_wait_or_are_in_hand() -> None:
    of = {"intake": "x"}
    records = log(
        *((0.0, K.COMPLAINT_FILED, f"x-{i}", of) for i in range(1, 6)),
        (0.0, K.COMPLAINT_SETTLED, "x-5", {**of, "outcome": "turned_away"}),
        (0.0, K.COMPLAINT_TAKEN_UP, "x-1", of),
        (60.0, K.COMPLAINT_SETTLED, "x-1", {**of, "outcome": "in_time"}),
        (60.0, K.COMPLAINT_TAKEN_UP, "x-2", of),
        (100.0, K.COMPLAINT_LATE, "x-2", of),
        (100.0, K.COMPLAINT_LATE, "x-4", of),
        (120.0, K.COMPLAINT_SETTLED, "x-2", {**of, "outcome": "late"}),
        (120.0, K.COMPLAINT_TAKEN_UP, "x-3", of),
    )
    found = complaints(records, ["x", "y"])
    x = found["x"]
    assert x.outcomes == {"in_time": 1, "late": 1, "refused": 0, "turned_away": 1}
    assert (x.filed, x.waiting, x.in_hand, x.overdue, x.in_time_share) == (5, 1, 1, 2, 0.2)
    assert (x.wait.n, x.wait.answered, x.wait.mean_answered, x.wait.median) == (4, 3, 60.0, 90.0)
    assert x.settling.longest is None, "whoever still waits is later than any time"
    assert (found["y"].filed, found["y"].in_time_share) == (0, None)


def test_programmes_cost_what_each_occasion_cost() -> None:
    records = log(*((float(i), K.PROGRAMME_HELD, "watch", {"person_hours": 4.5}) for i in range(3)))
    found = programmes(records, ["watch", "never"])
    assert (found["watch"].held, found["watch"].person_hours) == (3, 13.5)
    assert (found["never"].held, found["never"].person_hours) == (0, 0.0)
