"""The world: a scenario compiled to arrays and look-ups. This is the only place where names become rows."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from kontijensi.scenario.schema.area import PlaceChoice
from kontijensi.scenario.schema.scenario import ScenarioFile
from kontijensi.vocabulary.clock import Calendar
from kontijensi.world.fleet import DAY_S, Guard, UnitSpec, fleet, guards
from kontijensi.world.phases import PhaseSpan, phase_spans
from kontijensi.world.places import PlaceTable, place_table
from kontijensi.world.roads import RoadNetwork, road_network


@dataclass(frozen=True)
class World:
    """Everything that does not change while a run goes on."""

    scenario: ScenarioFile
    calendar: Calendar
    places: PlaceTable
    roads: RoadNetwork
    phases: tuple[PhaseSpan, ...]
    fleet: tuple[UnitSpec, ...]
    guards: tuple[Guard, ...]

    @property
    def horizon_s(self) -> float:
        """Length of the run [s]."""
        return self.scenario.horizon

    def choose(self, choice: PlaceChoice) -> npt.NDArray[np.int64]:
        """Return the rows of the places that a choice means."""
        return self.places.choose(choice)

    def phase_at(self, t_s: float) -> PhaseSpan | None:
        """Return the phase at a moment, None between phases."""
        return next((phase for phase in self.phases if phase.start_s <= t_s < phase.end_s), None)

    def exposed(self, row: int, t_s: float) -> bool:
        """Tell whether a place is at work in the phase of a moment."""
        phase = self.phase_at(t_s)
        return phase is not None and self.places.kind[row] in phase.exposes

    @cached_property
    def _factor_steps(self) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """Times of day at which the travel factor changes, and the factor from each on."""
        periods = self.scenario.area.travel.periods.values()
        cuts = sorted({0.0, *(p.start for p in periods), *(p.end % DAY_S for p in periods)})
        factors = []
        for cut in cuts:
            holding = [
                p.factor for p in periods if (cut - p.start) % DAY_S < ((p.end - p.start) % DAY_S or DAY_S)
            ]
            factors.append(holding[0] if holding else 1.0)
        return tuple(cuts), tuple(factors)

    def travel_factor(self, t_s: float) -> float:
        """Travel times are multiplied by this for a departure at a moment."""
        cuts, factors = self._factor_steps
        if len(cuts) == 1:
            return factors[0]
        return factors[bisect_right(cuts, self.calendar.second_of_day(t_s)) - 1]

    def travel_bounds(self) -> tuple[float, ...]:
        """Moments of the run at which the travel factor changes [s]."""
        cuts, _factors = self._factor_steps
        if len(cuts) == 1:
            return ()
        midnight_s = -self.calendar.second_of_day(0.0)
        days = np.arange(midnight_s, self.horizon_s, DAY_S)
        moments = sorted(float(day + cut) for day in days for cut in cuts)
        return tuple(t_s for t_s in moments if 0 < t_s < self.horizon_s)


def compile_world(file: ScenarioFile) -> World:
    """Turn a checked scenario into the world of a run."""
    calendar = Calendar(file.start, file.area.zone)
    places = place_table(file.area.places, file.area.zones)
    phases = phase_spans(file.phases, calendar)
    return World(
        scenario=file,
        calendar=calendar,
        places=places,
        roads=road_network(file.area, places),
        phases=phases,
        fleet=fleet(file, places, phases, calendar),
        guards=guards(file, places, phases),
    )
