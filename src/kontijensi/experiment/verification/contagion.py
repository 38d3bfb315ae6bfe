"""What spreads, rehearsed from YAML: rumours to their final size, and triggers that feed on themselves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from kontijensi.experiment.verification.reading import Estimate, Reading, estimated
from kontijensi.experiment.verification.trials import Trials
from kontijensi.vocabulary.records import Record, RecordKind
from kontijensi.vocabulary.words import N_
from kontijensi.world import World

REPLICATIONS = 10
QUICK_REPLICATIONS = 4
MINUTE_S = 60.0
WARM_UP = 0.05
"""Share of a run that is left out: at its beginning no firing has yet brought about others."""


def rumour_doubling(trials: Trials) -> list[Reading]:
    """Share that hears a rumour whose tellers convince two each."""
    return [estimated(N_("share who have heard it"), 0.796812, _heard(trials, 2.0), trials.error_share)]


def rumour_slower(trials: Trials) -> list[Reading]:
    """Share that hears a rumour whose tellers convince three in two."""
    return [estimated(N_("share who have heard it"), 0.582812, _heard(trials, 1.5), trials.error_share)]


def self_exciting(trials: Trials) -> list[Reading]:
    """Rate of a trigger in the long run: the base rate over 1 - branching."""
    horizon = {"horizon": "4 d" if trials.quick else "15 d"}
    rates = [_rate(world, log) for world, log in _runs(trials, "self-exciting", horizon)]
    return [estimated(N_("firings a minute"), 1.0, _mean(rates), trials.error_share)]


def _heard(trials: Trials, r0: float) -> Estimate:
    runs = _runs(trials, "rumour", {"community.rumours.rumour.r0": r0})
    return _mean(
        next(record.values["heard"] for record in reversed(log) if record.kind is RecordKind.RUMOUR_ENDED)
        for _world, log in runs
    )


def _rate(world: World, log: list[Record]) -> float:
    from_s = WARM_UP * world.horizon_s
    n = sum(record.kind is RecordKind.TRIGGER_FIRED and record.time_s >= from_s for record in log)
    return n / ((world.horizon_s - from_s) / MINUTE_S)


def _runs(trials: Trials, scenario: str, overrides: dict[str, Any]) -> Iterable[tuple[World, list[Record]]]:
    for replication in range(QUICK_REPLICATIONS if trials.quick else REPLICATIONS):
        yield trials.records(scenario, replication, overrides)


def _mean(values: Iterable[float]) -> Estimate:
    found = np.array(list(values), dtype=np.float64)
    return Estimate(float(found.mean()), float(found.std(ddof=1) / len(found) ** 0.5), len(found))
