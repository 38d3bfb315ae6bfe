"""Ambulances and beds, rehearsed from YAML: a queue that hands its casualties to a loss system."""

from __future__ import annotations

from heapq import heappop, heappush
from math import inf, isnan

import numpy as np

from kontijensi.experiment.verification.call_table import BEDS, CallTable, Column
from kontijensi.experiment.verification.controls import Batches, Matrix, controlled_mean, mean_of_calls
from kontijensi.experiment.verification.queues import ROUNDING_MIN, SHORT_MIN, calls_out_of_turn
from kontijensi.experiment.verification.reading import Reading, estimated, exact
from kontijensi.experiment.verification.trials import Trials
from kontijensi.vocabulary.words import N_

RATE_PER_MIN = 0.25
STAY_MIN = 20.0
N_BEDS = 5
AMBULANCES = 4


def erlang_b(servers: int, load: float) -> float:
    """Return the share of arrivals that find every server busy (Erlang 1917), by its recursion."""
    blocked = 1.0
    for n in range(1, servers + 1):
        blocked = load * blocked / (n + load * blocked)
    return blocked


def beds(trials: Trials) -> list[Reading]:
    """Share of casualties turned away, behind ambulances that serve first come, first served."""
    tables = trials.calls("beds", 5, "30 d")
    found, known = [], []
    for table in tables:
        asked, batches = table.only(BEDS), Batches.of(table, SHORT_MIN)
        lost = batches.rate(asked.onset_min[asked.lost]) / RATE_PER_MIN
        found.append(lost)
        known.append(np.column_stack([_what_came(asked, batches), lost - _full(asked, batches)]))
    blocking = controlled_mean(np.concatenate(found), np.concatenate(known))
    asked_for = [table.only(BEDS) for table in tables]
    stays = mean_of_calls(np.concatenate([asked.on_scene_min[~asked.lost] for asked in asked_for]))
    came = controlled_mean(
        np.concatenate([Batches.of(asked, SHORT_MIN).rate(asked.onset_min) for asked in asked_for])
    )
    out_of_turn = sum(calls_out_of_turn(table.only("sick"), AMBULANCES) for table in tables)
    expected = erlang_b(N_BEDS, RATE_PER_MIN * STAY_MIN)
    return [
        estimated(N_("share of casualties turned away"), expected, blocking, trials.error_share),
        estimated(N_("stay in a bed [min]"), STAY_MIN, stays, trials.error_share),
        estimated(N_("beds asked for a minute"), RATE_PER_MIN, came, trials.error_share),
        exact(N_("calls out of turn"), 0, out_of_turn),
        exact(N_("casualties judged by other than free beds"), 0, sum(map(_misjudged, tables))),
    ]


def _misjudged(table: CallTable) -> int:
    """Count casualties turned away from a free bed, or admitted where none was free."""
    asked, leaving, wrong = table.only(BEDS), list[float](), 0
    for at_min, lost, stay_min in zip(asked.onset_min, asked.lost, asked.on_scene_min, strict=True):
        while leaving and leaving[0] <= at_min + ROUNDING_MIN:
            heappop(leaving)
        wrong += bool(lost) != (len(leaving) >= N_BEDS)
        if not lost:
            heappush(leaving, inf if isnan(stay_min) else at_min + stay_min)
    return wrong


def _what_came(asked: CallTable, batches: Batches) -> Matrix:
    """How many asked for a bed, and how long those admitted stayed, less their means."""
    admitted = asked.onset_min[~asked.lost]
    stay_min = asked.on_scene_min[~asked.lost]
    staying = np.where(np.isnan(stay_min), STAY_MIN, stay_min) - STAY_MIN
    return np.column_stack([batches.rate(asked.onset_min) - RATE_PER_MIN, batches.rate(admitted, staying)])


def _full(asked: CallTable, batches: Batches) -> Column:
    """Share of the time in which every bed was taken: those who ask see time averages (Wolff 1982)."""
    start_min = asked.onset_min[~asked.lost]
    stay_min = asked.on_scene_min[~asked.lost]
    end_min = np.where(np.isnan(stay_min), asked.horizon_min, start_min + stay_min)
    (full,) = batches.averages(start_min, end_min, [lambda n: (n >= N_BEDS).astype(np.float64)]).T
    return np.asarray(full, dtype=np.float64)
