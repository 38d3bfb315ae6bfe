"""Queues that theory knows, rehearsed from YAML: places at zero distance, calls by chance."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from kontijensi.experiment.verification import controls, theory
from kontijensi.experiment.verification.call_table import CallTable, Column
from kontijensi.experiment.verification.controls import Batches, Matrix, controlled_mean, mean_of_calls
from kontijensi.experiment.verification.reading import Estimate, Reading, estimated, exact
from kontijensi.experiment.verification.trials import SEED, Trials
from kontijensi.vocabulary.streams import stream
from kontijensi.vocabulary.words import N_

DAY_MIN = 1440.0
HALF_DAY_MIN = DAY_MIN / 2
SHORT_MIN = DAY_MIN / 8
"""Stretches of queues that soon forget [min]."""
QUICKER = (1.25, 1.5, 2.0)
"""Speeds of the quicker units that serve as controls."""
ROUNDING_MIN = 1e-6
"""Times in the log are differences of moments: they are the same but for this [min]."""
WORKLOAD_WITHIN = 0.003
"""What Larson's workloads must agree to in a full check."""


# -- M/M/4 and M/M/5 -----------------------------------------------------------------------------------------


def four_units(trials: Trials) -> list[Reading]:
    """Wait for a unit and utilisation of M/M/4."""
    tables = trials.calls("mm4", 10, "70 d")
    wait = _adjusted(tables, lambda t, b: b.rate(t.onset_min, _wait_min(t)) / 0.25, _mm_controls(4))
    busy = _adjusted(tables, lambda t, b: b.rate(t.onset_min, _held_min(t)) / 4)
    return [
        estimated(N_("mean wait for a unit [min]"), 2.132378, wait, trials.error_share),
        estimated(N_("utilisation"), 0.625, busy, trials.error_share),
        exact(N_("calls out of turn"), 0, sum(calls_out_of_turn(table, 4) for table in tables)),
        *_what_came(tables, trials, {"call": 0.25}, 10.0),
    ]


def complaints(trials: Trials) -> list[Reading]:
    """Wait of complaints at an intake with four handlers, and how busy they are."""
    tables = trials.calls("complaints", 10, "70 d")
    wait = _adjusted(tables, lambda t, b: b.rate(t.onset_min, _wait_min(t)) / 0.25, _mm_controls(4))
    busy = _adjusted(tables, lambda t, b: b.rate(t.onset_min, _held_min(t)) / 4)
    return [
        estimated(N_("mean wait for a handler [min]"), 2.132378, wait, trials.error_share),
        estimated(N_("utilisation"), 0.625, busy, trials.error_share),
        exact(N_("complaints out of turn"), 0, sum(calls_out_of_turn(table, 4) for table in tables)),
        *_what_came(tables, trials, {"intake": 0.25}, 10.0),
    ]


def fifth_unit(trials: Trials) -> list[Reading]:
    """Wait of M/M/5, and what the fifth unit gains over the very same calls."""
    four = trials.calls("mm4", 10, "70 d")
    five = trials.calls("mm4", 10, "70 d", {"units.patrol.count": 5})
    wait = _adjusted(five, lambda t, b: b.rate(t.onset_min, _wait_min(t)) / 0.25, _mm_controls(5))
    pairs = dict(zip(map(id, four), five, strict=True))

    def saved(table: CallTable, batches: Batches) -> Column:
        with_five = pairs[id(table)]
        before = batches.rate(table.onset_min, _wait_min(table))
        return (before - batches.rate(with_five.onset_min, _wait_min(with_five))) / 0.25

    gain = _adjusted(four, saved, _mm_controls(4))
    others = sum(_calls_that_differ(a, b) for a, b in zip(four, five, strict=True))
    return [
        estimated(N_("mean wait for a unit [min]"), 0.521485, wait, trials.error_share),
        estimated(N_("gain from the fifth unit, paired [min]"), 1.610893, gain, trials.error_share),
        exact(N_("calls out of turn"), 0, sum(calls_out_of_turn(table, 5) for table in five)),
        exact(N_("calls that differ between the two"), 0, others),
    ]


def calls_out_of_turn(table: CallTable, units: int) -> int:
    """Count calls that did not wait as long as first come, first served makes them wait."""
    in_turn = controls.waits_in_turn(table, units)
    known = ~np.isnan(in_turn)
    return int(np.count_nonzero(np.abs(_wait_min(table) - in_turn)[known] > ROUNDING_MIN))


def _calls_that_differ(a: CallTable, b: CallTable) -> int:
    """Count calls that do not come at the same moment, or do not take as long."""
    if len(a) != len(b):
        return abs(len(a) - len(b))
    done = ~np.isnan(a.on_scene_min) & ~np.isnan(b.on_scene_min)
    longer = np.abs(a.on_scene_min - b.on_scene_min)[done] > ROUNDING_MIN
    return int(np.count_nonzero(a.onset_min != b.onset_min) + np.count_nonzero(longer))


def _mm_controls(units: int) -> Callable[[CallTable, Batches], Matrix]:
    levels = range(units - 2, units + 5)

    def both(table: CallTable, batches: Batches) -> Matrix:
        fill_min = np.full(len(table), 10.0)
        everybody = controls.unit_for_everybody(table, batches, 2.5, levels, fill_min)
        return np.column_stack([controls.offered(table, batches, 0.25, 10.0), everybody])

    return both


# -- priorities, preferences, losses -------------------------------------------------------------------------


def two_classes(trials: Trials) -> list[Reading]:
    """Time in the system of two priority classes that share one unit."""
    tables = trials.calls("priority", 8, "30 d")
    rates = {"urgent": 0.2, "ordinary": 0.6}

    urgent, ordinary = (_in_system(tables, of, rates) for of in rates)
    return [
        estimated(N_("mean time in system, urgent [min]"), 2.0, urgent, trials.error_share),
        estimated(N_("mean time in system, ordinary [min]"), 6.0, ordinary, trials.error_share),
        *_what_came(tables, trials, rates, 1.0),
    ]


def _in_system(tables: Sequence[CallTable], of: str, rates: dict[str, float]) -> Estimate:
    def in_system(table: CallTable, batches: Batches) -> Column:
        mine = table.only(of)
        left_min = mine.horizon_min - mine.onset_min
        times_min = np.where(np.isnan(mine.in_system_min), left_min, mine.in_system_min)
        return batches.rate(mine.onset_min, times_min) / rates[of]

    return _adjusted(tables, in_system, _priority_controls(rates))


def _priority_controls(rates: dict[str, float]) -> Callable[[CallTable, Batches], Matrix]:
    def all_three(table: CallTable, batches: Batches) -> Matrix:
        quicker = [controls.quicker_unit(table, batches, 0.8, 1.0, speed) for speed in QUICKER]
        return np.column_stack([*_offered_by_stream(table, batches, rates, 1.0), *quicker])

    return all_three


def interruption(trials: Trials) -> list[Reading]:
    """Time in the system of two classes, one unit, when the urgent interrupt and the rest resume."""
    tables = trials.calls("interruption", 8, "30 d")
    rates = {"urgent": 0.2, "ordinary": 0.6}
    times = theory.times_with_interruption(list(rates.values()), 1.0)
    names = (N_("mean time in system, urgent [min]"), N_("mean time in system, ordinary [min]"))
    return [
        *(
            estimated(name, time, _in_system(tables, of, rates), trials.error_share)
            for name, time, of in zip(names, times, rates, strict=True)
        ),
        *_what_came(tables, trials, rates, 1.0),
    ]


def hypercube(trials: Trials) -> list[Reading]:
    """Workloads of three units that are tried in an order of preference."""
    tables = trials.calls("hypercube", 14, "4 d")
    rates = {"north": 0.50, "centre": 0.25, "south": 0.35, "east": 0.40}
    within = None if trials.quick else WORKLOAD_WITHIN

    def workload(unit: str) -> Estimate:
        def held(table: CallTable, batches: Batches) -> Column:
            return batches.rate(table.onset_min, np.where(table.unit == unit, _held_min(table), 0.0))

        return _adjusted(
            tables,
            held,
            lambda table, batches: np.column_stack(_offered_by_stream(table, batches, rates, 1.0)),
            SHORT_MIN,
        )

    expected = {"U1": 0.557364, "U2": 0.473372, "U3": 0.469264}
    names = {"U1": N_("workload of U1"), "U2": N_("workload of U2"), "U3": N_("workload of U3")}
    return [
        *(
            estimated(names[unit], share, workload(unit), trials.error_share, within)
            for unit, share in expected.items()
        ),
        *_what_came(tables, trials, rates, 1.0),
    ]


def loss_exponential(trials: Trials) -> list[Reading]:
    """Share of calls lost with exponential times on the spot."""
    return _loss(trials, "loss-exponential")


def loss_fixed(trials: Trials) -> list[Reading]:
    """Share of calls lost with fixed times: the same, whatever the distribution (Sevastyanov 1957)."""
    return _loss(trials, "loss-fixed")


def _loss(trials: Trials, scenario: str) -> list[Reading]:
    tables = trials.calls(scenario, 6, "12 d")
    rate, service_min, units = 0.5, 10.0, 10
    # A lost call brings no time on the spot to the log: what it would have taken is any draw of its own.
    draws = stream(trials.seed, 0, "verification.lost", scenario)

    def with_everybody(table: CallTable, batches: Batches) -> Matrix:
        fixed = scenario == "loss-fixed"
        fill_min = np.full(len(table), service_min) if fixed else draws.exponential(service_min, len(table))
        held_min = _held_min(table)
        served = ~table.lost
        (all_busy,) = batches.averages(
            table.onset_min[served],
            (table.onset_min + held_min)[served],
            [lambda n: (n >= units).astype(np.float64)],
        ).T
        # Calls see time averages (Wolff 1982): what is lost less the time when all are busy has mean 0.
        luck = batches.rate(table.onset_min[table.lost]) / rate - all_busy
        return np.column_stack(
            [
                controls.offered(table, batches, rate, service_min),
                controls.unit_for_everybody(table, batches, rate * service_min, range(7, 14), fill_min),
                luck,
            ]
        )

    blocking = _adjusted(tables, lambda t, b: b.rate(t.onset_min[t.lost]) / rate, with_everybody, SHORT_MIN)
    return [
        estimated(N_("share of calls lost"), 0.018385, blocking, trials.error_share),
        *_what_came(tables, trials, {"call": rate}, service_min),
    ]


# -- callers who give up, calls for several units, three classes ---------------------------------------------


def patience(trials: Trials) -> list[Reading]:
    """Share of calls given up, and how many wait, when more come than four units can serve."""
    tables = trials.calls("patience", 8, "10 d")
    rate, service_min, units, patience_min = 0.5, 10.0, 4, 5.0
    given_up, waiting, busy = theory.with_patience(rate, service_min, units, patience_min)
    controls_of = _everybody(rate, service_min, range(2, 9))
    found_given_up = _adjusted(
        tables, lambda t, b: b.rate(t.onset_min[t.given_up]) / rate, controls_of, SHORT_MIN
    )
    in_line = _adjusted(tables, lambda t, b: b.rate(t.onset_min, _line_min(t)), controls_of, SHORT_MIN)
    at_work = _adjusted(
        tables, lambda t, b: b.rate(t.onset_min, _held_min(t)) / units, controls_of, SHORT_MIN
    )
    return [
        estimated(N_("share of calls given up"), given_up, found_given_up, trials.error_share),
        estimated(N_("mean number waiting"), waiting, in_line, trials.error_share),
        estimated(N_("utilisation"), busy, at_work, trials.error_share),
        *_what_came(tables, trials, {"call": rate}, service_min),
    ]


def teams(trials: Trials) -> list[Reading]:
    """Wait for the whole formation when some calls need both units at once."""
    rates = {"single": 0.3, "pair": 0.2}
    tables = trials.calls("teams", 8, "12 d")
    wait = _adjusted(
        tables,
        lambda table, batches: batches.rate(table.onset_min, _wait_min(table)) / 0.5,
        _classes_controls(rates, 1.0, (0.6, 0.7, 0.85, 1.0, 1.5), range(1, 4)),
    )
    return [
        estimated(
            N_("mean wait for the formation [min]"),
            theory.waits_of_teams(rates["single"], rates["pair"], 1.0),
            wait,
            trials.error_share,
        ),
        *_what_came(tables, trials, rates, 1.0),
    ]


def three_classes(trials: Trials) -> list[Reading]:
    """Wait of three priority classes that share two units."""
    rates = {"grave": 0.2, "urgent": 0.4, "ordinary": 0.9}
    tables = trials.calls("three-classes", 8, "15 d")
    names = {
        "grave": N_("mean wait, grave [min]"),
        "urgent": N_("mean wait, urgent [min]"),
        "ordinary": N_("mean wait, ordinary [min]"),
    }
    waits = theory.waits_by_class(list(rates.values()), 1.0, 2)

    def wait_of(name: str) -> Estimate:
        return _adjusted(
            tables,
            lambda t, b: b.rate(t.only(name).onset_min, _wait_min(t.only(name))) / rates[name],
            _classes_controls(rates, 1.0, (1.7, 1.85, 2.0, 2.3, 3.0), range(1, 7)),
        )

    return [
        *(
            estimated(names[name], wait, wait_of(name), trials.error_share)
            for name, wait in zip(rates, waits, strict=True)
        ),
        *_what_came(tables, trials, rates, 1.0),
    ]


def _classes_controls(
    rates: dict[str, float], service_min: float, speeds: Sequence[float], levels: Sequence[int]
) -> Callable[[CallTable, Batches], Matrix]:
    """Controls for streams that share units: what each brought, quicker units, a unit for everybody."""
    total = sum(rates.values())

    def all_of_them(table: CallTable, batches: Batches) -> Matrix:
        fill_min = np.full(len(table), service_min)
        quicker = [controls.quicker_unit(table, batches, total, service_min, speed) for speed in speeds]
        everybody = controls.unit_for_everybody(table, batches, total * service_min, levels, fill_min)
        return np.column_stack([*_offered_by_stream(table, batches, rates, service_min), *quicker, everybody])

    return all_of_them


def _everybody(
    rate: float, service_min: float, levels: Sequence[int]
) -> Callable[[CallTable, Batches], Matrix]:
    """Controls for calls of which some are never served: how many came, and whom a unit each would serve."""

    def both(table: CallTable, batches: Batches) -> Matrix:
        # What an unserved call would have taken is any draw of its own.
        draws = stream(SEED, 0, "verification.unserved")
        fill_min = draws.exponential(service_min, len(table))
        return np.column_stack(
            [
                controls.offered(table, batches, rate, service_min),
                controls.unit_for_everybody(table, batches, rate * service_min, levels, fill_min),
            ]
        )

    return both


def _line_min(table: CallTable) -> Column:
    """Time in line: to the order, to giving up, or to the end of the run."""
    return np.where(table.given_up, table.in_system_min, _wait_min(table))


# -- arrivals ------------------------------------------------------------------------------------------------


def hourly_arrivals(trials: Trials) -> list[Reading]:
    """Count calls in each hour of the day."""
    tables = trials.calls("hourly-arrivals", 36, "300 d")
    days = [_by_hour(table) for table in tables]
    counts = np.concatenate(days)
    expected = (4.0, 5.0, 60 / 7, 12.0, 7.5, 6.0, 4.0, 3.0)
    names = (
        N_("calls from 0 to 1 h"),
        N_("calls from 1 to 2 h"),
        N_("calls from 2 to 3 h"),
        N_("calls from 3 to 4 h"),
        N_("calls from 4 to 5 h"),
        N_("calls from 5 to 6 h"),
        N_("calls from 6 to 7 h"),
        N_("calls from 7 to 8 h"),
    )
    return [
        *(
            estimated(name, mean, mean_of_calls(counts[:, hour]), trials.error_share)
            for hour, (name, mean) in enumerate(zip(names, expected, strict=True))
        ),
        exact(N_("calls from 8 to 24 h"), 0, int(counts[:, len(expected) :].sum())),
    ]


def _by_hour(table: CallTable) -> Matrix:
    """Calls by day and hour, shape (n_days, 24)."""
    days = int(table.horizon_min // DAY_MIN)
    which = (table.onset_min // 60.0).astype(np.int64)
    counts = np.bincount(which, minlength=24 * days).reshape(days, 24)
    return counts.astype(np.float64)


# -- what the cases share ------------------------------------------------------------------------------------


def _adjusted(
    tables: Iterable[CallTable],
    values: Callable[[CallTable, Batches], Column],
    known: Callable[[CallTable, Batches], Matrix] | None = None,
    stretch_min: float = HALF_DAY_MIN,
) -> Estimate:
    """Mean over equal stretches of all replications, with the help of controls."""
    cut = [(table, Batches.of(table, stretch_min)) for table in tables]
    found = np.concatenate([values(table, batches) for table, batches in cut])
    if known is None:
        return controlled_mean(found)
    return controlled_mean(found, np.concatenate([known(table, batches) for table, batches in cut]))


def _what_came(
    tables: Sequence[CallTable], trials: Trials, rates: dict[str, float], service_min: float
) -> list[Reading]:
    """Hold the arrivals and the times on the spot to their own means, since the controls lean on them."""
    total = sum(rates.values())
    came = _adjusted(tables, lambda table, batches: batches.rate(table.onset_min))
    took = mean_of_calls(np.concatenate([table.on_scene_min for table in tables]))
    if took.standard_error < 1e-6 * service_min:  # fixed times differ by rounding only
        time = exact(N_("time on the spot [min]"), service_min, took.mean, 1e-6 * service_min)
    else:
        time = estimated(N_("time on the spot [min]"), service_min, took, trials.error_share)
    return [estimated(N_("calls a minute"), total, came, trials.error_share), time]


def _offered_by_stream(
    table: CallTable, batches: Batches, rates: dict[str, float], service_min: float
) -> list[Matrix]:
    return [controls.offered(table.only(name), batches, rate, service_min) for name, rate in rates.items()]


def _wait_min(table: CallTable) -> Column:
    """Wait for a unit; a call that never got one waits to the end of the run."""
    return np.where(np.isnan(table.wait_min), table.horizon_min - table.onset_min, table.wait_min)


def _held_min(table: CallTable) -> Column:
    """How long each call held its unit, to the end of the run when it was not let go."""
    to_end_min = np.where(table.unit == "", 0.0, table.horizon_min - table.onset_min)
    return np.where(np.isnan(table.held_min), to_end_min, table.held_min)
