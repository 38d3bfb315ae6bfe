"""Voting and counting interrupted: for how long, at how many polling stations, for how many voters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import fsum

from kontijensi.analysis.timeline import end_of_run
from kontijensi.vocabulary.records import Record, RecordKind
from kontijensi.world.world import World


@dataclass(frozen=True, slots=True)
class Stop:
    """One interruption at one place; what never resumed lasts to the end of its phase or of the run."""

    phase: str
    phase_kind: str
    place: str
    start_s: float
    end_s: float
    resumed: bool
    tps: int
    """Polling stations at the place."""
    voters: int

    @property
    def tps_minutes(self) -> float:
        """Polling stations times minutes lost [min]."""
        return self.tps * (self.end_s - self.start_s) / 60.0


def stops(records: Sequence[Record], world: World) -> list[Stop]:
    """Return every interruption, in the order in which they began."""
    phases = {phase.id: phase for phase in world.phases}
    run_end_s = end_of_run(records, world)
    under_way: dict[tuple[str, str], Record] = {}
    found: list[tuple[Record, float, bool]] = []
    for record in records:
        key = (record.entity, str(record.place))
        if record.kind is RecordKind.VOTING_STOPPED:
            under_way.setdefault(key, record)
        elif record.kind is RecordKind.VOTING_RESUMED and key in under_way:
            found.append((under_way.pop(key), record.time_s, True))
    for (phase_id, _place), record in under_way.items():
        phase_end_s = phases[phase_id].end_s if phase_id in phases else run_end_s
        found.append((record, max(record.time_s, min(phase_end_s, run_end_s)), False))
    result = []
    for record, end_s, resumed in sorted(found, key=lambda item: (item[0].time_s, item[0].id)):
        phase = phases.get(record.entity)
        result.append(
            Stop(
                phase=record.entity,
                phase_kind="other" if phase is None else str(phase.kind),
                place=str(record.place),
                start_s=record.time_s,
                end_s=end_s,
                resumed=resumed,
                tps=world.places.entries[world.places.index[str(record.place)]].stations,
                voters=int(record.values.get("voters") or 0),
            )
        )
    return result


@dataclass(frozen=True, slots=True)
class Interruption:
    """What interruptions add up to."""

    stops: int
    tps_minutes: float
    place_minutes: float
    voters_affected: int
    """Voters of the places that stopped; a place that stopped twice counts once."""
    never_resumed: int


def interruption(found: Iterable[Stop]) -> Interruption:
    """Return what interruptions add up to."""
    rows = list(found)
    voters: dict[str, int] = {}
    for row in rows:
        voters[row.place] = max(row.voters, voters.get(row.place, 0))
    return Interruption(
        stops=len(rows),
        tps_minutes=fsum(row.tps_minutes for row in rows),
        place_minutes=fsum((row.end_s - row.start_s) / 60.0 for row in rows),
        voters_affected=sum(voters.values()),
        never_resumed=sum(not row.resumed for row in rows),
    )
