"""Two ways of doing the same rehearsal, over the same replications: every measure that counts, side by side.

Comparisons are paired by replication (common random numbers); harm and legitimacy are always among them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Any, NamedTuple

from kontijensi.analysis.summary import summarise
from kontijensi.engine import Operation
from kontijensi.experiment.confidence import Paired, paired_difference
from kontijensi.storyline.injects import Inject
from kontijensi.trace.sinks import Recorder
from kontijensi.vocabulary.records import Record
from kontijensi.vocabulary.words import N_
from kontijensi.world.world import World

Summary = Mapping[str, Any]
Step = Callable[[int, str], None]
"""Told the replication and the name of the way, before each run."""
Extra = Callable[[Sequence[Record], World], Mapping[str, Any]]
"""Further measures of one run, beside its summary."""


class Measure(NamedTuple):
    """A measure of a run, and where it stands in the summary."""

    key: str
    label: str
    """English; translated where it is shown."""
    unit: str
    """What it is counted in: `s`, `min`, `share`, `people`, `n`, or `1` for a number without a unit."""
    of: str | None
    """The standard or camp it is about, None where there is only one such measure."""
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One measure under both ways."""

    measure: Measure
    first: float | None
    """Mean over the replications, None when one of them leaves it open (somebody was never answered)."""
    second: float | None
    difference: Paired | None
    """Second less first, paired by replication; None where one of them leaves it open."""


def lines_of(
    ways: Mapping[str, World],
    measures: Sequence[Measure],
    replications: int,
    seed: int,
    *,
    step: Step = lambda _k, _way: None,
    extra: Extra = lambda _records, _world: {},
    injects: Sequence[Inject] = (),
) -> list[Line]:
    """Rehearse both ways on the same seeds, with the same injects; return every measure, side by side."""
    found: dict[str, list[Summary]] = {way: [] for way in ways}
    for replication in range(replications):
        for way, world in ways.items():
            step(replication, way)
            record = Recorder()
            Operation(world, seed=seed, replication=replication, emit=record, injects=injects).run()
            found[way].append(
                {**summarise(world, record.records, remedies=False), **extra(record.records, world)}
            )
    first, second = found.values()
    return [_line(first, second, measure) for measure in measures]


def answer_measures() -> list[Measure]:
    """Return how soon incidents were answered."""
    answers = ("responses", "all")
    return [
        Measure("response_median", N_("response, median"), "s", None, (*answers, "response", "median")),
        Measure("response_p90", N_("response, 90th percentile"), "s", None, (*answers, "response", "p90")),
        Measure(
            "unanswered", N_("incidents never answered"), "n", None, (*answers, "response", "unanswered")
        ),
        Measure(
            "effective_median", N_("effective response, median"), "s", None, (*answers, "effective", "median")
        ),
    ]


def cost_measures(world: World) -> list[Measure]:
    """Return what it cost: harm, force, interrupted voting, legitimacy. No comparison goes without them."""
    return [
        Measure("harm_public", N_("people hurt, public"), "people", None, ("harm", "public", "people")),
        Measure("harm_officer", N_("people hurt, officers"), "people", None, ("harm", "officer", "people")),
        Measure("force_uses", N_("uses of force"), "n", None, ("force", "uses")),
        Measure("stopped", N_("polling stopped"), "min", None, ("continuity", "all", "tps_minutes")),
        *(
            Measure(
                f"legitimacy.{camp}", N_("change of legitimacy"), "1", camp, ("legitimacy", camp, "change")
            )
            for camp in world.scenario.community.camps
        ),
    ]


def _line(first: Sequence[Summary], second: Sequence[Summary], measure: Measure) -> Line:
    here, there = ([_value(summary, measure.path) for summary in way] for way in (first, second))
    pairs = [(a, b) for a, b in zip(here, there, strict=True) if a is not None and b is not None]
    whole = bool(pairs) and len(pairs) == len(here)
    difference = paired_difference([a for a, _b in pairs], [b for _a, b in pairs]) if whole else None
    return Line(measure, _mean(here), _mean(there), difference)


def _value(summary: Any, path: tuple[str, ...]) -> float | None:
    for step in path:
        summary = summary.get(step) if isinstance(summary, Mapping) else None
    return None if summary is None else float(summary)


def _mean(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return fsum(known) / len(known) if known and len(known) == len(values) else None
