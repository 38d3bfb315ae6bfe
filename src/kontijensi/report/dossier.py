"""Everything a report tells, gathered once: the run, its world, and what the measures say of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kontijensi.analysis.aid import Aid, aid
from kontijensi.analysis.casualties import Casualty, casualties
from kontijensi.analysis.continuity import Stop, stops
from kontijensi.analysis.coverage import Coverage, coverage, static_coverage
from kontijensi.analysis.fires import Fire, fires
from kontijensi.analysis.force import (
    CrushWarnings,
    ForceLine,
    HarmLine,
    arrested,
    crush_warnings,
    force_ledger,
    harm_ledger,
)
from kontijensi.analysis.legitimacy import Course, legitimacy, tension
from kontijensi.analysis.remedies import Remedies
from kontijensi.analysis.responses import Response, responses
from kontijensi.analysis.summary import summarise
from kontijensi.analysis.timeline import Stretch, end_of_run, timelines
from kontijensi.analysis.utilisation import UnitTime, unit_times
from kontijensi.scenario.outlines import Outline
from kontijensi.scenario.schema.phases import PhaseKind
from kontijensi.trace.folder import RunData
from kontijensi.vocabulary.records import Record, RecordKind
from kontijensi.world.world import World

RANK = {"green": 0, "yellow": 1, "red": 2}
"""Colours from orderly to law-breaking."""
_BALLOT = frozenset({PhaseKind.VOTING, PhaseKind.COUNTING})


@dataclass(frozen=True, slots=True)
class Gathering:
    """One crowd from the first people until the last have gone."""

    crowd: str
    place: str | None
    start_s: float
    end_s: float | None
    trigger: str | None
    """What brought it about, where the log names it."""
    samples: tuple[Record, ...]
    colours: tuple[tuple[float, str], ...]
    """When it took which colour [s]; green before the first."""
    turned_away: int = 0
    """People who came and found no room, and went home."""

    @property
    def worst(self) -> str:
        """The worst colour it ever had."""
        return max((colour for _t, colour in self.colours), key=RANK.__getitem__, default="green")

    def peak(self, name: str) -> int:
        """Return the most people of a count (`present`, `active`, `violent`) in any sample."""
        return max((int(sample.values.get(name) or 0) for sample in self.samples), default=0)

    def time_in(self, colour: str, end_s: float) -> float:
        """Return how long it had a colour [s]."""
        until_s = end_s if self.end_s is None else self.end_s
        steps = [(self.start_s, "green"), *self.colours]
        bounds = [*(t for t, _c in steps[1:]), until_s]
        return sum(
            max(0.0, min(b, until_s) - t) for (t, c), b in zip(steps, bounds, strict=True) if c == colour
        )


@dataclass(frozen=True, slots=True)
class Dossier:
    """All that the pages and figures of a report draw on."""

    run: RunData
    world: World
    outlines: tuple[Outline, ...]
    end_s: float
    responses: tuple[Response, ...]
    coverage: Mapping[str, Coverage]
    static: Mapping[str, Coverage]
    timelines: Mapping[str, Sequence[Stretch]]
    units: tuple[UnitTime, ...]
    gatherings: tuple[Gathering, ...]
    stops: tuple[Stop, ...]
    harm: tuple[HarmLine, ...]
    force: tuple[ForceLine, ...]
    casualties: tuple[Casualty, ...]
    fires: tuple[Fire, ...]
    arrested: int
    crush: CrushWarnings
    legitimacy: tuple[Course, ...]
    tension: tuple[Course, ...]
    aid: Mapping[str, Aid]
    remedies: Remedies = field(repr=False)
    by_kind: Mapping[RecordKind, Sequence[Record]] = field(repr=False)

    @property
    def incidents(self) -> tuple[Response, ...]:
        """The incidents that are not ordinary calls, in the order of their onset."""
        return tuple(row for row in self.responses if row.sort != "call")

    @property
    def disturbances(self) -> tuple[Response, ...]:
        """Crowd situations that had turned yellow or red: where an effective response is owed."""
        return tuple(
            row for row in self.responses if row.sort == "crowd" and RANK.get(row.colour or "", 0) > 0
        )

    @property
    def calls(self) -> tuple[Response, ...]:
        """The ordinary calls."""
        return tuple(row for row in self.responses if row.sort == "call")

    def records(self, *kinds: RecordKind) -> Iterator[Record]:
        """Yield the records of some kinds, kind by kind."""
        for kind in kinds:
            yield from self.by_kind.get(kind, ())

    @property
    def focus(self) -> tuple[float, float]:
        """The hours a planner looks at first: voting and counting, and what follows from them [s]."""
        spans = [(p.start_s, p.end_s) for p in self.world.phases if p.kind in _BALLOT]
        if not spans:
            return 0.0, self.end_s
        start_s, end_s = min(a for a, _b in spans), max(b for _a, b in spans)
        late = [g.end_s or self.end_s for g in self.gatherings if g.start_s <= end_s and g.worst != "green"]
        end_s = max([end_s, *(min(t, end_s + 6 * 3600.0) for t in late)])
        return max(0.0, start_s - 1800.0), min(self.end_s, end_s + 1800.0)


def dossier(run: RunData, world: World, outlines: Sequence[Outline] = ()) -> Dossier:
    """Gather what a report tells of a run."""
    records = run.records
    if not run.summary:
        run = replace(run, summary=summarise(world, records))
    end_s = end_of_run(records, world)
    answered = tuple(responses(records, world))
    by_kind: dict[RecordKind, list[Record]] = {}
    for record in records:
        by_kind.setdefault(record.kind, []).append(record)
    found, lines = coverage(records, world), timelines(records, world)
    return Dossier(
        run=run,
        world=world,
        outlines=tuple(outlines),
        end_s=end_s,
        responses=answered,
        coverage=found,
        static=static_coverage(world, end_s),
        timelines=lines,
        units=tuple(unit_times(records, world)),
        gatherings=tuple(_gatherings(records)),
        stops=tuple(stops(records, world)),
        harm=tuple(harm_ledger(records)),
        force=tuple(force_ledger(records)),
        casualties=tuple(casualties(records)),
        fires=tuple(fires(records, answered, end_s)),
        arrested=arrested(records),
        crush=crush_warnings(records),
        legitimacy=tuple(legitimacy(records)),
        tension=tuple(tension(records)),
        aid=aid(records, world.scenario.mutual_aid),
        remedies=Remedies(records, world, found, lines),
        by_kind=by_kind,
    )


def _gatherings(records: Sequence[Record]) -> Iterator[Gathering]:
    begun: dict[str, Record] = {}
    ended: dict[str, float] = {}
    away: dict[str, int] = {}
    samples: dict[str, list[Record]] = {}
    colours: dict[str, list[tuple[float, str]]] = {}
    fired = {record.id: record.entity for record in records if record.kind is RecordKind.TRIGGER_FIRED}
    parents = {record.id: record.parent for record in records}
    for record in records:
        if record.kind is RecordKind.CROWD_GATHERED:
            begun.setdefault(record.entity, record)
        elif record.kind is RecordKind.CROWD_JOINED:
            away[record.entity] = away.get(record.entity, 0) + int(record.values.get("turned_away") or 0)
        elif record.kind is RecordKind.CROWD_SAMPLED:
            samples.setdefault(record.entity, []).append(record)
        elif record.kind is RecordKind.COLOUR_CHANGED:
            colours.setdefault(record.entity, []).append((record.time_s, str(record.values["colour"])))
        elif record.kind is RecordKind.CROWD_ENDED:
            ended[record.entity] = record.time_s
    for crowd, record in begun.items():
        yield Gathering(
            crowd=crowd,
            place=record.place,
            start_s=record.time_s,
            end_s=ended.get(crowd),
            trigger=_cause(record.parent, parents, fired),
            samples=tuple(samples.get(crowd, ())),
            colours=tuple(colours.get(crowd, ())),
            turned_away=away.get(crowd, 0),
        )


def _cause(record: int | None, parents: Mapping[int, int | None], fired: Mapping[int, str]) -> str | None:
    """Return the trigger that stands nearest above a record, such as behind the march that became a crowd."""
    while record is not None and record not in fired:
        record = parents.get(record)
    return None if record is None else fired[record]
