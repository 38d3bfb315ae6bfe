"""What was done and said among the people: rumours, complaints, and what programmes cost."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import fsum
from typing import Any

from kontijensi.analysis.percentiles import Spread, spread
from kontijensi.vocabulary.records import Record, RecordKind

OUTCOMES = ("in_time", "late", "refused", "turned_away")
"""How a complaint may be settled."""


@dataclass(frozen=True, slots=True)
class RumourCourse:
    """How far a rumour came; times are None where it was never told."""

    started: int
    """People who began to tell it by themselves."""
    heard: float
    """Share of all people who have heard it by the end."""
    peak_telling: int
    peak_at_s: float | None
    villages: int
    """Villages in which anybody has heard it."""
    clarified: int
    """Times that it was clarified, programmes aside."""
    over_at_s: float | None
    """When the last teller fell silent; None while it is still told."""


@dataclass(slots=True)
class _Samples:
    started: int = 0
    clarified: int = 0
    over_at_s: float | None = None
    rows: list[Record] = field(default_factory=list)


def rumours(records: Iterable[Record], names: Iterable[str]) -> dict[str, RumourCourse]:
    """Return the course of each rumour, also of those never told."""
    found = {name: _Samples() for name in names}
    for record in records:
        match record.kind:
            case RecordKind.RUMOUR_STARTED:
                found[record.entity].started += int(record.values["people"])
                found[record.entity].over_at_s = None
            case RecordKind.RUMOUR_CLARIFIED:
                found[record.entity].clarified += 1
            case RecordKind.RUMOUR_SAMPLED:
                found[record.entity].rows.append(record)
            case RecordKind.RUMOUR_ENDED:
                found[record.entity].over_at_s = record.time_s
    return {name: _course(samples) for name, samples in found.items()}


def _course(samples: _Samples) -> RumourCourse:
    last = samples.rows[-1].values if samples.rows else {"heard": 0.0, "villages": 0}
    peak = max(samples.rows, key=lambda record: int(record.values["telling"]), default=None)
    return RumourCourse(
        started=samples.started,
        heard=float(last["heard"]),
        peak_telling=0 if peak is None else int(peak.values["telling"]),
        peak_at_s=None if peak is None else peak.time_s,
        villages=int(last["villages"]),
        clarified=samples.clarified,
        over_at_s=samples.over_at_s,
    )


@dataclass(frozen=True, slots=True)
class Complaints:
    """What became of the complaints to one intake; each stands under one outcome, or waits, or is in hand."""

    filed: int
    outcomes: dict[str, int]
    waiting: int
    in_hand: int
    overdue: int
    """Past the deadline, settled or not."""
    wait: Spread
    """From filing until taken up [s]; those turned away are left out."""
    settling: Spread
    """From filing until settled [s]; those turned away are left out."""

    @property
    def in_time_share(self) -> float | None:
        """Share of those filed that was handled in time; None without a complaint."""
        return self.outcomes["in_time"] / self.filed if self.filed else None

    def as_dict(self) -> dict[str, Any]:
        """Return the measures by the names under which the summary keeps them."""
        return {
            "filed": self.filed,
            **self.outcomes,
            "waiting": self.waiting,
            "in_hand": self.in_hand,
            "overdue": self.overdue,
            "in_time_share": self.in_time_share,
            "wait": self.wait.as_dict(),
            "settling": self.settling.as_dict(),
        }


def complaints(records: Iterable[Record], intakes: Iterable[str]) -> dict[str, Complaints]:
    """Return what became of the complaints to each intake."""
    marks: dict[str, dict[str, dict[RecordKind, float]]] = {intake: {} for intake in intakes}
    outcomes: dict[str, Counter[str]] = defaultdict(Counter)
    turned_away: set[str] = set()
    for record in records:
        if record.kind is RecordKind.COMPLAINT_FILED:
            marks[record.values["intake"]][record.entity] = {record.kind: record.time_s}
        elif record.kind in (
            RecordKind.COMPLAINT_TAKEN_UP,
            RecordKind.COMPLAINT_LATE,
            RecordKind.COMPLAINT_SETTLED,
        ):
            marks[record.values["intake"]][record.entity][record.kind] = record.time_s
        if record.kind is RecordKind.COMPLAINT_SETTLED:
            outcomes[record.values["intake"]][record.values["outcome"]] += 1
            if record.values["outcome"] == "turned_away":
                turned_away.add(record.entity)
    return {
        intake: _complaints(
            len(each), outcomes[intake], [marked for name, marked in each.items() if name not in turned_away]
        )
        for intake, each in marks.items()
    }


def _complaints(filed: int, outcomes: Counter[str], kept: list[dict[RecordKind, float]]) -> Complaints:
    def lasted(until: RecordKind) -> list[float | None]:
        return [
            marked[until] - marked[RecordKind.COMPLAINT_FILED] if until in marked else None for marked in kept
        ]

    taken = sum(RecordKind.COMPLAINT_TAKEN_UP in marked for marked in kept)
    settled = sum(RecordKind.COMPLAINT_SETTLED in marked for marked in kept)
    return Complaints(
        filed=filed,
        outcomes={outcome: outcomes[outcome] for outcome in OUTCOMES},
        waiting=len(kept) - taken,
        in_hand=taken - settled,
        overdue=sum(RecordKind.COMPLAINT_LATE in marked for marked in kept),
        wait=spread(lasted(RecordKind.COMPLAINT_TAKEN_UP)),
        settling=spread(lasted(RecordKind.COMPLAINT_SETTLED)),
    )


@dataclass(frozen=True, slots=True)
class ProgrammeCost:
    """What a programme cost: occasions times places, and the hours of those who held it."""

    held: int
    person_hours: float


def programmes(records: Iterable[Record], names: Iterable[str]) -> dict[str, ProgrammeCost]:
    """Return what each programme cost, also those never held."""
    hours: dict[str, list[float]] = {name: [] for name in names}
    for record in records:
        if record.kind is RecordKind.PROGRAMME_HELD:
            hours.setdefault(record.entity, []).append(float(record.values["person_hours"]))
    return {name: ProgrammeCost(len(each), fsum(each)) for name, each in hours.items()}
