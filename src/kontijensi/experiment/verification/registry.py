"""Every case, in the order in which they are run: the quick ones first."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence

from kontijensi.experiment.verification import contagion, crowds, drills, hospitals, queues
from kontijensi.experiment.verification.reading import Case, Result
from kontijensi.experiment.verification.trials import Trials
from kontijensi.vocabulary.words import N_

AT_ONCE: tuple[Case, ...] = (
    Case("hand-trace", N_("A drill worked out on paper"), "by hand", drills.hand_trace),
    Case("grid-roads", N_("Shortest ways"), "by hand; JEMSS.jl", drills.grid_roads),
    Case("half-width", N_("Running half-width of ten numbers"), "Student 1908", drills.half_width),
    Case("same-scenario", N_("A scenario against itself"), "by definition", drills.same_scenario),
    Case("weidmann", N_("Walking speed and density"), "Weidmann 1993", crowds.weidmann),
    Case("corridor", N_("One person along a corridor"), "RiMEA, test 1", crowds.corridor),
    Case("granovetter", N_("Thresholds 0 to 99"), "Granovetter 1978", crowds.granovetter),
    Case("least-fixed-point", N_("Who is active in the end"), "Tarski 1955", crowds.least_fixed_point),
    Case("classic-no-cops-082", N_("Classic rule, no cops, L = 0.82"), "Epstein 2002", crowds.no_cops_082),
    Case("classic-no-cops-080", N_("Classic rule, no cops, L = 0.80"), "Epstein 2002", crowds.no_cops_080),
)
"""Cases of seconds."""
OVER_RUNS: tuple[Case, ...] = (
    Case("mm4", N_("Four units, M/M/4"), "Erlang 1917", queues.four_units),
    Case("rumour-2", N_("A rumour, two convinced by each"), "Kermack 1927", contagion.rumour_doubling),
    Case("rumour-1.5", N_("A rumour, 1.5 convinced by each"), "Kermack 1927", contagion.rumour_slower),
    Case("mm5-paired", N_("A fifth unit on the same calls"), "Erlang 1917", queues.fifth_unit),
    Case("priority", N_("Two priority classes"), "Cobham 1954", queues.two_classes),
    Case("interruption", N_("The urgent interrupt"), "Kleinrock 1976", queues.interruption),
    Case("hypercube", N_("Three units by preference"), "Larson 1974", queues.hypercube),
    Case("loss-exponential", N_("Calls lost, exponential service"), "Erlang 1917", queues.loss_exponential),
    Case("loss-fixed", N_("Calls lost, fixed service"), "Sevastyanov 1957", queues.loss_fixed),
    Case("patience", N_("Callers who give up, M/M/4+M"), "Palm 1957", queues.patience),
    Case("teams", N_("Calls that need both units at once"), "Brill and Green 1984", queues.teams),
    Case("three-classes", N_("Three priority classes, two units"), "Cobham 1954", queues.three_classes),
    Case("beds", N_("Ambulances and hospital beds"), "Erlang 1917; Burke 1956", hospitals.beds),
    Case("hourly-arrivals", N_("Arrivals by the hour"), "Lewis and Shedler 1979", queues.hourly_arrivals),
    Case("complaints", N_("Complaints at an intake, M/M/4"), "Erlang 1917", queues.complaints),
    Case("self-exciting", N_("A trigger that feeds on itself"), "Hawkes 1971", contagion.self_exciting),
)
"""Cases that take many runs."""
CASES = (*AT_ONCE, *OVER_RUNS)


class UnknownCaseError(Exception):
    """A name that no case has."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"{name}: no such case; the choices are {', '.join(names())}")


def names() -> list[str]:
    """Return the names of all cases."""
    return [case.name for case in CASES]


def chosen(wanted: Sequence[str]) -> list[Case]:
    """Return the cases of these names in the order of the register, all of them when none is named.

    Raises UnknownCaseError for the first name that no case has.
    """
    for name in wanted:
        if name not in names():
            raise UnknownCaseError(name)
    return [case for case in CASES if not wanted or case.name in wanted]


def verify(cases: Iterable[Case], trials: Trials) -> Iterator[Result]:
    """Run cases one after another; one that stops with a fault is not met, and the others still run."""
    for case in cases:
        began_s = time.perf_counter()
        try:
            readings, fault = tuple(case.read(trials)), None
        except Exception as error:
            readings, fault = (), f"{type(error).__name__}: {error}"
        yield Result(case, readings, time.perf_counter() - began_s, fault)
