"""Today's plan and a proposal over the same replications: speed and cover, harm and legitimacy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import fsum
from typing import Any

from kontijensi.analysis.summary import summarise
from kontijensi.engine import Operation
from kontijensi.experiment.confidence import Paired, paired_difference
from kontijensi.experiment.placement.proposal import Proposal
from kontijensi.trace.sinks import Recorder
from kontijensi.vocabulary.words import N_
from kontijensi.world.world import World

Summary = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One measure under both plans."""

    key: str
    label: str
    """English; translated where it is shown."""
    unit: str
    """What it is counted in: `s`, `min`, `share`, `people`, `n`, or `1` for a number without a unit."""
    of: str | None
    """The standard or camp it is about, None where there is only one such measure."""
    today: float | None
    """Mean over the replications, None when one of them leaves it open (somebody was never answered)."""
    proposed: float | None
    difference: Paired | None
    """Paired by replication, None where one of them leaves it open."""


def rehearsed(
    world: World,
    proposal: Proposal,
    replications: int,
    seed: int,
    step: Callable[[int, str], None] = lambda _k, _plan: None,
) -> list[Line]:
    """Rehearse both plans on the same seeds and return every measure that counts, side by side.

    `step` is told the replication and the plan, `today` or `proposed`, before each run.
    """
    plans = {"today": world, "proposed": replace(world, fleet=proposal.fleet)}
    found: dict[str, list[Summary]] = {plan: [] for plan in plans}
    for replication in range(replications):
        for plan, its_world in plans.items():
            step(replication, plan)
            record = Recorder()
            Operation(its_world, seed=seed, replication=replication, emit=record).run()
            found[plan].append(summarise(its_world, record.records))
    return [_line(found, *measure) for measure in _measures(world, proposal)]


def _measures(world: World, proposal: Proposal) -> list[tuple[str, str, str, str | None, tuple[str, ...]]]:
    """List key, label, unit, subject and path into the summary. Harm and legitimacy are always among them."""
    answers = ("responses", "all", "response")
    rows: list[tuple[str, str, str, str | None, tuple[str, ...]]] = [
        ("response_median", N_("response, median"), "s", None, (*answers, "median")),
        ("response_p90", N_("response, 90th percentile"), "s", None, (*answers, "p90")),
        ("unanswered", N_("incidents never answered"), "n", None, (*answers, "unanswered")),
        (
            "effective_median",
            N_("effective response, median"),
            "s",
            None,
            ("responses", "all", "effective", "median"),
        ),
    ]
    for key, standard in world.scenario.standards.items():
        if standard.capability is proposal.question.capability:
            rows.append((f"coverage.{key}", N_("cover"), "share", key, ("coverage", key, "average")))
            rows.append((f"static.{key}", N_("cover at rest"), "share", key, ("coverage", key, "static")))
    rows += [
        ("harm_public", N_("people hurt, public"), "people", None, ("harm", "public", "people")),
        ("harm_officer", N_("people hurt, officers"), "people", None, ("harm", "officer", "people")),
        ("force_uses", N_("uses of force"), "n", None, ("force", "uses")),
        ("stopped", N_("polling stopped"), "min", None, ("continuity", "all", "tps_minutes")),
    ]
    rows += [
        (f"legitimacy.{camp}", N_("change of legitimacy"), "1", camp, ("legitimacy", camp, "change"))
        for camp in world.scenario.community.camps
    ]
    return rows


def _line(
    found: Mapping[str, list[Summary]], key: str, label: str, unit: str, of: str | None, path: tuple[str, ...]
) -> Line:
    today, proposed = ([_value(summary, path) for summary in found[plan]] for plan in ("today", "proposed"))
    pairs = [(a, b) for a, b in zip(today, proposed, strict=True) if a is not None and b is not None]
    whole = bool(pairs) and len(pairs) == len(today)
    difference = paired_difference([a for a, _b in pairs], [b for _a, b in pairs]) if whole else None
    return Line(key, label, unit, of, _mean(today), _mean(proposed), difference)


def _value(summary: Any, path: tuple[str, ...]) -> float | None:
    for step in path:
        summary = summary.get(step) if isinstance(summary, Mapping) else None
    return None if summary is None else float(summary)


def _mean(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return fsum(known) / len(known) if known and len(known) == len(values) else None
