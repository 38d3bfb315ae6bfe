"""How far command's picture was from the truth: what was reported, and when it was put right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import fsum

from kontijensi.vocabulary.records import Record, RecordKind

_RANK = {"green": 0, "yellow": 1, "red": 2}


@dataclass(frozen=True, slots=True)
class Misjudgement:
    """One incident whose first report had another colour than the true one."""

    incident: str
    place: str | None
    colour: str
    """What was true."""
    reported: str
    """What was reported first."""
    since_s: float
    until_s: float | None
    """When the belief was put right, or the incident was over [s]; None when it was wrong to the end."""
    corrected: bool

    @property
    def too_grave(self) -> bool:
        """Whether it was taken for worse than it was."""
        return _RANK[self.reported] > _RANK[self.colour]


@dataclass(frozen=True, slots=True)
class Beliefs:
    """What command believed over a run, against what was true. Crowds only."""

    incidents: int
    """Incidents of crowds."""
    unknown: int
    """Of these, never reported: command knew nothing of them."""
    too_grave: int
    too_calm: int
    corrected: int
    wrong_s: float
    """Time that misjudged incidents were believed to be what they were not, together [s]."""


def misjudgements(records: Iterable[Record]) -> list[Misjudgement]:
    """Return every incident of a crowd that was first reported in another colour than it had, in order."""
    true: dict[str, str] = {}
    wrong: dict[str, Misjudgement] = {}
    for record in records:
        values, held = record.values, wrong.get(record.entity)
        if record.kind is RecordKind.INCIDENT_OPENED and values["sort"] == "crowd":
            true[record.entity] = str(values["colour"])
        elif record.kind is RecordKind.INCIDENT_REPORTED and record.entity in true:
            said, colour = values.get("colour"), true[record.entity]
            if said not in (None, colour) and held is None:
                wrong[record.entity] = Misjudgement(
                    record.entity, record.place, colour, str(said), record.time_s, None, corrected=False
                )
        elif held is not None and held.until_s is None:
            right = record.kind is RecordKind.BELIEF_CHANGED and values["colour"] == held.colour
            if right or record.kind is RecordKind.INCIDENT_CLOSED:
                wrong[record.entity] = replace(held, until_s=record.time_s, corrected=right)
    return list(wrong.values())


def beliefs(records: Iterable[Record], end_s: float) -> Beliefs:
    """Return what beliefs and truth add up to."""
    log = list(records)
    opened = {r.entity for r in log if r.kind is RecordKind.INCIDENT_OPENED and r.values["sort"] == "crowd"}
    reported = {r.entity for r in log if r.kind is RecordKind.INCIDENT_REPORTED}
    wrong = misjudgements(log)
    return Beliefs(
        incidents=len(opened),
        unknown=len(opened - reported),
        too_grave=sum(each.too_grave for each in wrong),
        too_calm=sum(not each.too_grave for each in wrong),
        corrected=sum(each.corrected for each in wrong),
        wrong_s=fsum((end_s if each.until_s is None else each.until_s) - each.since_s for each in wrong),
    )
