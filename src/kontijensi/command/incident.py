"""An incident: something at a place that calls for a formation, from its onset to its close."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from kontijensi.responders.unit import Unit
from kontijensi.scenario.schema.force import Capability, Colour


class Sort(StrEnum):
    """What an incident is about."""

    CROWD = "crowd"
    CALL = "call"
    FALSE = "false"


class Outcome(StrEnum):
    """How an incident ended."""

    CONTROLLED = "controlled"  # calm again after the formation was complete
    UNAIDED = "unaided"  # over before the formation was complete
    ESCALATED = "escalated"  # taken over by the incident of the next colour
    SERVED = "served"  # an ordinary call, done
    LOST = "lost"  # an ordinary call that found nobody free
    ABANDONED = "abandoned"  # an ordinary call given up by the caller
    FALSE = "false"  # nothing was there


@dataclass(eq=False, slots=True)
class Incident:
    """The state of one incident; it is also the task that its units are ordered to."""

    id: str
    sort: Sort
    of: str
    """Crowd, or stream of calls."""
    place: int
    priority: int
    needs: dict[Capability, int]
    """Minimum formation: units by capability."""
    record: int
    """Record of its onset; later records of the chain name the one before."""
    colour: Colour | None = None
    also: dict[Capability, int] = field(default_factory=dict)
    """Units sent besides, by capability; the formation is complete without them."""
    follows: Incident | None = None
    on_formed: Callable[[Incident], None] | None = None
    on_change: Callable[[Incident], None] | None = None
    on_short: Callable[[Incident], None] | None = None
    """Called when a unit was lost to it."""
    units: dict[Unit, str] = field(default_factory=dict)
    """Units ordered to it, and the capability each was chosen for."""
    arrived: list[Unit] = field(default_factory=list)
    detected: bool = False
    reported_s: float | None = None
    approved: bool = False
    formed: bool = False
    controlled: bool = False
    outcome: Outcome | None = None

    @property
    def open(self) -> bool:
        """Whether it has not been closed."""
        return self.outcome is None

    def shortage(self) -> Capability | None:
        """Return the first capability for which more units must be ordered, None when enough are."""
        return next(self.shortages(), None)

    def shortages(self) -> Iterator[Capability]:
        """Return the capabilities for which more units must be ordered, those of the formation first."""
        if not self.also:
            return _missing(self.needs, self.units)
        wanted = self.needs | {
            capability: self.needs.get(capability, 0) + more for capability, more in self.also.items()
        }
        return _missing(wanted, self.units)

    def short_of_formation(self) -> set[Capability]:
        """Return what the minimum formation lacks among the units ordered."""
        return set(_missing(self.needs, self.units))

    def unit_arrived(self, unit: Unit) -> None:
        """Note that a unit is on the spot; the formation may be complete now."""
        self.arrived.append(unit)
        complete = not self.formed and next(_missing(self.needs, self.arrived), None) is None
        if complete:
            self.formed = True
        if self.formed:
            for each in self.arrived:
                each.begin_acting()
        if complete and self.on_formed is not None:
            self.on_formed(self)
        elif self.on_change is not None:
            self.on_change(self)

    def unit_lost(self, unit: Unit) -> None:
        """Note that a unit is out of action; another may have to come in its place."""
        self.unit_withdrawn(unit)
        if self.on_short is not None:
            self.on_short(self)

    def unit_withdrawn(self, unit: Unit) -> None:
        """Note that a unit will not come, or has gone."""
        self.units.pop(unit, None)
        if unit in self.arrived:
            self.arrived.remove(unit)
        if self.on_change is not None:
            self.on_change(self)


def _missing(needs: dict[Capability, int], units: list[Unit] | dict[Unit, str]) -> Iterator[Capability]:
    if len(needs) == 1:  # the usual case of an ordinary call, worth its own line
        ((capability, wanted),) = needs.items()
        return iter(() if sum(capability in unit.can for unit in units) >= wanted else (capability,))
    there = Counter(capability for unit in units for capability in unit.can)
    return (capability for capability, wanted in needs.items() if there[capability] < wanted)
