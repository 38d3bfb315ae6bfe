"""What a late, partial and sometimes wrong picture costs: the same rehearsals with a perfect one.

Regret is the difference between what happened under the picture that command had and what would have happened
had it known everything at once, over the same seeds (common random numbers). Time without a formation counts
from the onset of an incident until its formation is complete, or until it is over without one: so incidents
that nobody ever answered are in it, and it is known in every run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from math import fsum
from typing import Any

from kontijensi.analysis.responses import Response, responses
from kontijensi.analysis.timeline import end_of_run
from kontijensi.experiment.confidence import Paired
from kontijensi.experiment.side_by_side import (
    Line,
    Measure,
    Step,
    answer_measures,
    cost_measures,
    lines_of,
)
from kontijensi.storyline.injects import Inject
from kontijensi.vocabulary.records import Record
from kontijensi.vocabulary.words import N_
from kontijensi.world.world import World

UNFORMED = "unformed"
"""Key of the measures that regret adds to those of a summary."""


def regret(
    world: World,
    replications: int,
    seed: int,
    step: Step = lambda _k, _picture: None,
    injects: Sequence[Inject] = (),
) -> list[Line]:
    """Return every measure with the picture command has, with a perfect one, and their paired difference.

    `step` is told the replication and the picture, `reported` or `perfect`, before each run.
    """
    pictures = {"reported": world, "perfect": with_perfect_picture(world)}
    measures = _measures(world)
    return lines_of(pictures, measures, replications, seed, step=step, extra=unformed, injects=injects)


def as_plain(lines: Sequence[Line], replications: int, seed: int) -> dict[str, Any]:
    """Return regret as plain values, for JSON; `from_plain` reads it back."""
    return {
        "replications": replications,
        "seed": seed,
        "measures": [
            {
                **line.measure._asdict(),
                "path": list(line.measure.path),
                "reported": line.first,
                "perfect": line.second,
                "difference": None if line.difference is None else asdict(line.difference),
            }
            for line in lines
        ],
    }


def from_plain(values: Mapping[str, Any]) -> list[Line]:
    """Read back what `as_plain` wrote. Raises KeyError or TypeError for anything else."""
    return [
        Line(
            Measure(each["key"], each["label"], each["unit"], each["of"], tuple(each["path"])),
            each["reported"],
            each["perfect"],
            None if each["difference"] is None else Paired(**each["difference"]),
        )
        for each in values["measures"]
    ]


def with_perfect_picture(world: World) -> World:
    """Return the same world in which command knows everything at once."""
    command = world.scenario.command.model_copy(update={"picture": "perfect"})
    return replace(world, scenario=world.scenario.model_copy(update={"command": command}))


def unformed(records: Sequence[Record], world: World) -> Mapping[str, Any]:
    """Return how long the incidents of crowds stood without their formation [s], together and on average."""
    end_s = end_of_run(records, world)
    waits = [_without_formation_s(row, end_s) for row in responses(records, world) if row.sort == "crowd"]
    total_s = fsum(waits)
    return {UNFORMED: {"mean_s": total_s / len(waits) if waits else 0.0, "total_s": total_s}}


def _without_formation_s(row: Response, end_s: float) -> float:
    marks = row.marks
    until_s = next((mark for mark in (marks.formed, marks.closed) if mark is not None), end_s)
    return until_s - marks.onset


def _measures(world: World) -> list[Measure]:
    return [
        Measure("unformed", N_("time without a formation, mean"), "s", None, (UNFORMED, "mean_s")),
        Measure("unformed_total", N_("time without a formation, in all"), "s", None, (UNFORMED, "total_s")),
        *answer_measures(),
        *(
            Measure(f"coverage.{key}", N_("cover"), "share", key, ("coverage", key, "average"))
            for key in world.scenario.standards
        ),
        *cost_measures(world),
    ]
