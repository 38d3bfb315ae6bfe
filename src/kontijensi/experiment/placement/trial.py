"""Today's plan and a proposal over the same replications: speed and cover, harm and legitimacy."""

from __future__ import annotations

from dataclasses import replace

from kontijensi.experiment.placement.proposal import Proposal
from kontijensi.experiment.side_by_side import (
    Line,
    Measure,
    Step,
    answer_measures,
    cost_measures,
    lines_of,
)
from kontijensi.vocabulary.words import N_
from kontijensi.world.world import World


def rehearsed(
    world: World,
    proposal: Proposal,
    replications: int,
    seed: int,
    step: Step = lambda _k, _plan: None,
) -> list[Line]:
    """Rehearse both plans on the same seeds and return every measure that counts, side by side.

    `step` is told the replication and the plan, `today` or `proposed`, before each run.
    """
    plans = {"today": world, "proposed": replace(world, fleet=proposal.fleet)}
    return lines_of(plans, _measures(world, proposal), replications, seed, step=step)


def _measures(world: World, proposal: Proposal) -> list[Measure]:
    cover = []
    for key, standard in world.scenario.standards.items():
        if standard.capability is proposal.question.capability:
            cover.append(Measure(f"coverage.{key}", N_("cover"), "share", key, ("coverage", key, "average")))
            cover.append(
                Measure(f"static.{key}", N_("cover at rest"), "share", key, ("coverage", key, "static"))
            )
    return [*answer_measures(), *cover, *cost_measures(world)]
