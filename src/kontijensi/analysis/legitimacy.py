"""How people's trust in the authorities, and the tension between them, moved over a run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from math import fsum

from kontijensi.vocabulary.records import Record, RecordKind


@dataclass(frozen=True, slots=True)
class Course:
    """One level over a run: legitimacy of a camp or tension of a channel, averaged over the villages."""

    name: str
    start: float
    end: float
    extreme: float
    """The worst level of any village: lowest legitimacy, highest tension."""
    at: str | None
    """Village of the extreme."""
    moved_by_events: float
    """Sum of the single jumps: how much legitimacy was cut, or tension raised."""
    samples: int = 0
    """How often it was sampled; with one sample nothing is known of what the run did to it."""

    @property
    def change(self) -> float:
        """End less start."""
        return self.end - self.start


def legitimacy(records: Iterable[Record]) -> list[Course]:
    """Return the course of legitimacy, one a camp."""
    return _courses(records, RecordKind.LEGITIMACY_SAMPLED, RecordKind.LEGITIMACY_CUT, "lowest")


def tension(records: Iterable[Record]) -> list[Course]:
    """Return the course of tension, one a channel."""
    return _courses(records, RecordKind.TENSION_SAMPLED, RecordKind.TENSION_RAISED, "highest")


def _courses(records: Iterable[Record], sampled: RecordKind, jumped: RecordKind, worst: str) -> list[Course]:
    samples: dict[str, list[Record]] = defaultdict(list)
    jumps: dict[str, list[float]] = defaultdict(list)
    for record in records:
        if record.kind is sampled:
            samples[record.entity].append(record)
        elif record.kind is jumped:
            jumps[record.entity].append(float(record.values["by"]))
    choose = min if worst == "lowest" else max
    courses = []
    for name, found in sorted(samples.items()):
        extreme = choose(found, key=lambda record: float(record.values[worst]))
        courses.append(
            Course(
                name=name,
                start=float(found[0].values["mean"]),
                end=float(found[-1].values["mean"]),
                extreme=float(extreme.values[worst]),
                at=extreme.values.get("at"),
                moved_by_events=fsum(jumps[name]),
                samples=len(found),
            )
        )
    return courses
