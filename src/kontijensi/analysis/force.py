"""The ledger of force and harm: what was used, how long, on whom it fell, and who was hurt by what.

Harm is counted by people, never weighed against anything: each cause, group and severity keeps its own line.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from math import fsum

from kontijensi.vocabulary.records import Record, RecordKind


@dataclass(frozen=True, slots=True)
class HarmLine:
    """People hurt alike: one line of the ledger."""

    cause: str
    group: str
    severity: str
    place: str | None
    people: int


@dataclass(frozen=True, slots=True)
class ForceLine:
    """One means of force over a run."""

    means: str
    uses: int
    seconds: float
    """Time in use, summed over places [s]."""
    indiscriminate: float | None
    """Mean share, weighed by time, that fell on people who were not violent; None when it took no time."""


def harm_ledger(records: Iterable[Record]) -> list[HarmLine]:
    """Return the harm done, by cause, group, severity and place, in that order."""
    people: Counter[tuple[str, str, str, str | None]] = Counter()
    for record in records:
        if record.kind is RecordKind.HARM:
            values = record.values
            people[values["cause"], values["group"], values["severity"], record.place] += int(
                values["people"]
            )
    ordered = sorted(people.items(), key=lambda item: tuple(word or "" for word in item[0]))
    return [HarmLine(cause, group, severity, place, n) for (cause, group, severity, place), n in ordered if n]


def force_ledger(records: Iterable[Record]) -> list[ForceLine]:
    """Return the force used, one line for each means, by name."""
    lengths: dict[str, list[float]] = defaultdict(list)
    fell: dict[str, list[float]] = defaultdict(list)
    for record in records:
        if record.kind is RecordKind.FORCE_USED:
            means, seconds = str(record.values["means"]), float(record.values["seconds"])
            lengths[means].append(seconds)
            fell[means].append(seconds * float(record.values.get("indiscriminate") or 0.0))
    return [
        ForceLine(
            means=means,
            uses=len(parts),
            seconds=fsum(parts),
            indiscriminate=fsum(fell[means]) / fsum(parts) if fsum(parts) > 0 else None,
        )
        for means, parts in sorted(lengths.items())
    ]


def arrested(records: Iterable[Record]) -> int:
    """Return how many people were arrested."""
    return sum(int(r.values["people"]) for r in records if r.kind is RecordKind.ARRESTED)


@dataclass(frozen=True, slots=True)
class CrushWarnings:
    """How often people stood too close, and where closest."""

    n: int
    """Crowds that were warned of; a crowd that grows denser is warned of again, but counts once."""
    enclosed: int
    """How many of them stood on enclosed ground."""
    highest_pm2: float | None
    at: str | None


def crush_warnings(records: Iterable[Record]) -> CrushWarnings:
    """Return the warnings of crush; the density is people on a square metre.

    The highest density is taken over samples too, where there was a warning: it may rise after the last one.
    """
    dense = [r for r in records if r.kind in (RecordKind.CRUSH_WARNING, RecordKind.CROWD_SAMPLED)]
    found = [r for r in dense if r.kind is RecordKind.CRUSH_WARNING]
    worst = max(dense, key=lambda r: float(r.values.get("density_pm2") or 0.0)) if found else None
    return CrushWarnings(
        n=len({r.entity for r in found}),
        enclosed=len({r.entity for r in found if r.values.get("enclosed")}),
        highest_pm2=None if worst is None else float(worst.values["density_pm2"]),
        at=None if worst is None else worst.place,
    )
