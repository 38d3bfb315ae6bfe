"""Help from outside: whether it was asked for, agreed, refused, and when it came."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from kontijensi.vocabulary.records import Record, RecordKind

_KINDS = {
    RecordKind.AID_ASKED: "asked",
    RecordKind.AID_AGREED: "agreed",
    RecordKind.AID_REFUSED: "refused",
    RecordKind.AID_ARRIVED: "arrived",
}


@dataclass(frozen=True, slots=True)
class Aid:
    """One entry of mutual aid over a run. Times are of the first occasion [s], None where there was none."""

    asked: int
    agreed: int
    refused: int
    arrived: int
    units: int
    """Units that came."""
    asked_s: float | None
    agreed_s: float | None
    arrived_s: float | None

    @property
    def delay_s(self) -> float | None:
        """From first asking until the first arrival [s]; None when nobody came."""
        return None if self.asked_s is None or self.arrived_s is None else self.arrived_s - self.asked_s


def aid(records: Iterable[Record], entries: Iterable[str]) -> dict[str, Aid]:
    """Return what became of each entry of mutual aid, also of those never asked for."""
    found: dict[str, dict[str, list[Record]]] = {entry: defaultdict(list) for entry in entries}
    for record in records:
        if record.kind in _KINDS:
            found.setdefault(record.entity, defaultdict(list))[_KINDS[record.kind]].append(record)
    return {entry: _aid(by_step) for entry, by_step in found.items()}


def _aid(by_step: dict[str, list[Record]]) -> Aid:
    first = {step: rows[0].time_s for step, rows in by_step.items() if rows}
    return Aid(
        asked=len(by_step["asked"]),
        agreed=len(by_step["agreed"]),
        refused=len(by_step["refused"]),
        arrived=len(by_step["arrived"]),
        units=sum(len(record.values.get("units", ())) for record in by_step["arrived"]),
        asked_s=first.get("asked"),
        agreed_s=first.get("agreed"),
        arrived_s=first.get("arrived"),
    )
