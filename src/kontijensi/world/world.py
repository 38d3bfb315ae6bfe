"""The world: a scenario compiled to arrays and look-ups. This is the only place where names become rows."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from kontijensi.scenario.schema.area import CAR, PlaceChoice, RoadClass
from kontijensi.scenario.schema.scenario import ScenarioFile
from kontijensi.scenario.schema.storyline import March
from kontijensi.vocabulary.clock import Calendar
from kontijensi.world.fleet import DAY_S, Guard, UnitSpec, fleet, guards
from kontijensi.world.laying import road_network
from kontijensi.world.phases import PhaseSpan, phase_spans
from kontijensi.world.places import PlaceTable, place_table
from kontijensi.world.roads import RoadNetwork, Ways


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
    def _period_steps(self) -> tuple[tuple[float, ...], tuple[str | None, ...]]:
        """Times of day at which another period of travel begins, and the period from each on."""
        periods = self.scenario.area.travel.periods
        cuts = sorted({0.0, *(p.start for p in periods.values()), *(p.end % DAY_S for p in periods.values())})
        holding: list[str | None] = []
        for cut in cuts:
            held = (
                name
                for name, p in periods.items()
                if (cut - p.start) % DAY_S < ((p.end - p.start) % DAY_S or DAY_S)
            )
            holding.append(next(held, None))
        return tuple(cuts), tuple(holding)

    def period_at(self, t_s: float) -> str | None:
        """Return the period of travel that holds for a departure at a moment."""
        cuts, periods = self._period_steps
        if len(cuts) == 1:
            return periods[0]
        return periods[bisect_right(cuts, self.calendar.second_of_day(t_s)) - 1]

    def ways(self, mode: str, period: str | None) -> tuple[Ways, float]:
        """Return the ways of a mode in a period of travel, and the factor on all their times."""
        found = self._ways.get((mode, period))
        if found is None:
            found = self._ways[mode, period] = self._ways_in(mode, period)
        return found

    @cached_property
    def _ways(self) -> dict[tuple[str, str | None], tuple[Ways, float]]:
        return {}

    def _ways_in(self, mode: str, period: str | None) -> tuple[Ways, float]:
        travel = self.scenario.area.travel
        in_traffic = travel.mode(mode).in_traffic
        hours = None if period is None else travel.periods[period]
        if hours is None or (mode not in hours.modes if hours.modes is not None else not in_traffic):
            return self.roads.ways(mode, in_traffic=in_traffic), 1.0
        factors = tuple(hours.factor_on(road_class) for road_class in RoadClass)
        if len(set(factors)) == 1:
            # What is the same on every road shortens no way more than another: one table does.
            return self.roads.ways(mode, in_traffic=in_traffic), hours.factor
        return self.roads.ways(mode, factors, in_traffic=in_traffic), 1.0

    def travel_bounds(self) -> tuple[float, ...]:
        """Moments of the run at which another period of travel begins [s]."""
        cuts, _periods = self._period_steps
        if len(cuts) == 1:
            return ()
        midnight_s = -self.calendar.second_of_day(0.0)
        days = np.arange(midnight_s, self.horizon_s, DAY_S)
        moments = sorted(float(day + cut) for day in days for cut in cuts)
        return tuple(t_s for t_s in moments if 0 < t_s < self.horizon_s)


def modes_in_use(file: ScenarioFile) -> tuple[str, ...]:
    """Return the modes that somebody travels in; a car's times are always there."""
    effects = (effect for trigger in file.triggers.values() for effect in trigger.effects)
    marching = (effect.mode for effect in effects if isinstance(effect, March))
    return tuple(dict.fromkeys((CAR, *(kind.mode for kind in file.unit_types.values()), *marching)))


def compile_world(file: ScenarioFile) -> World:
    """Turn a checked scenario into the world of a run."""
    calendar = Calendar(file.start, file.area.zone)
    places = place_table(file.area.places, file.area.zones)
    phases = phase_spans(file.phases, calendar)
    return World(
        scenario=file,
        calendar=calendar,
        places=places,
        roads=road_network(file.area, places, modes_in_use(file)),
        phases=phases,
        fleet=fleet(file, places, phases, calendar),
        guards=guards(file, places, phases),
    )
