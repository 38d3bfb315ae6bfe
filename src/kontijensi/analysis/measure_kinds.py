"""What each measure of a summary is measured in, by its path: a limit on it must be written alike."""

from __future__ import annotations

import re
from enum import StrEnum


class MeasureKind(StrEnum):
    """What a measure is."""

    TIME = "time"
    """A length or moment of time, in seconds."""
    SHARE = "share"
    """A part of a whole, 0 to 1."""
    COUNT = "count"
    """People, units, cases: whole numbers."""
    LEVEL = "level"
    """Legitimacy or tension, 0 to 1, and their changes."""
    AMOUNT = "amount"
    """A number in the unit that its name tells, such as `tps_minutes`."""
    TRUTH = "truth"
    """True or false."""


_SHARES = frozenset(
    {"share", "low", "high", "promised", "average", "static", "lowest", "utilisation", "blocking"}
) | {"indiscriminate", "heard", "in_time_share"}
_AMOUNTS = frozenset({"water", "tps_minutes", "place_minutes", "person_hours", "highest_pm2"}) | {
    "static_place_minutes",
    "voter_minutes",
}
_TIMES = frozenset({"mean", "mean_answered", "median", "p80", "p90", "p95", "max", "seconds"})
_TIMES |= {f"{name}_{end}" for name in ("median", "p80", "p90", "p95") for end in ("low", "high")}
_COUNTS = frozenset(
    {"n", "arrived", "answered", "unanswered", "within", "uses", "arrested", "enclosed", "peak"}
) | {
    "turned_away",
    "seed",
    "replication",
    "orders",
    *("calls", "waiting", "abandoned", "lost", "on_scene", "reports"),
    *("stops", "voters_affected", "never_resumed"),
    *("asked", "agreed", "refused", "units"),
    *("started", "peak_telling", "villages", "clarified"),
    *("filed", "in_time", "late", "in_hand", "overdue", "held"),
    *("people", "treated", "admitted", "on_the_way", "found_full", "beds", "most_taken"),
    *("put_out", "burnt_out", "burning", "materials_lost"),
    *("rounds", "accepted", "broken_off", "with_answer"),
    *("incidents", "unknown", "too_grave", "too_calm", "corrected"),
}
# Groups whose keys are ids or words of the scenario: their last part says nothing by itself.
_ALL_COUNTS = frozenset({"harm", "escalations"})
_BY_ID = (
    (re.compile(r"^coverage\..+\.by_phase\.[^.]"), MeasureKind.SHARE),
    (re.compile(r"^units\..+\.states_s\.[a-z_]+$"), MeasureKind.TIME),
    (re.compile(r"^units\..+\.used\.[^.]"), MeasureKind.AMOUNT),
    (re.compile(r"^responses\..+\.unanswered\.[^.]"), MeasureKind.COUNT),
    (re.compile(r"^units\..+\.emptied\.[^.]"), MeasureKind.COUNT),
)


def kind_of(path: str) -> MeasureKind | None:
    """Return what the measure at a path is, or None where no measure has such a path."""
    group, _point, rest = path.partition(".")
    last = rest.rpartition(".")[2]
    if group in _ALL_COUNTS:
        return MeasureKind.COUNT
    if group in {"legitimacy", "tension"}:
        return MeasureKind.LEVEL
    for pattern, kind in _BY_ID:
        if pattern.match(path):
            return kind
    return _by_name(last)


def _by_name(last: str) -> MeasureKind | None:
    if last == "met":
        return MeasureKind.TRUTH
    if last.endswith("_s") or last in _TIMES:
        return MeasureKind.TIME
    if last in _SHARES:
        return MeasureKind.SHARE
    if last in _AMOUNTS:
        return MeasureKind.AMOUNT
    return MeasureKind.COUNT if last in _COUNTS or last.startswith("n_") else None
