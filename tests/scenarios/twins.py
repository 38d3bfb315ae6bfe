"""The same incidents in two rehearsals of the same seed: what one change of the plan did to each of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kontijensi.api import Run
from kontijensi.vocabulary.records import RecordKind

DETECTED, REPORTED = RecordKind.INCIDENT_DETECTED, RecordKind.INCIDENT_REPORTED


class Course(NamedTuple):
    """One situation of a crowd: when it began by the run's clock, and how long each mark took [s]."""

    onset_s: float
    place: str
    marks: dict[RecordKind, float]


def courses(run: Run) -> dict[str, Course]:
    """Return every situation of a crowd in a run, by incident."""
    found: dict[str, Course] = {}
    for record in run.log:
        if record.kind is RecordKind.INCIDENT_OPENED and record.values["sort"] == "crowd":
            found[record.entity] = Course(record.time_s, str(record.place), {})
        elif record.entity in found:
            course = found[record.entity]
            course.marks.setdefault(record.kind, record.time_s - course.onset_s)
    return found


def pairs(one: Run, other: Run) -> Iterator[tuple[Course, Course]]:
    """Yield what began at the same moment in both runs; what comes later may go its own way."""
    ours, theirs = courses(one), courses(other)
    for incident in ours.keys() & theirs.keys():
        if ours[incident].onset_s == theirs[incident].onset_s:
            yield ours[incident], theirs[incident]
