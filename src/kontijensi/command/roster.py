"""The units that are free now, by what they can do, in the order in which the scenario lists them."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterator, Sequence

from kontijensi.responders.states import UnitState
from kontijensi.responders.unit import Unit
from kontijensi.scenario.schema.force import Capability


class FreeUnits:
    """Who would take an order, kept in order: dispatches ask far more often than it changes."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self._units = tuple(units)
        self._rank = {unit: rank for rank, unit in enumerate(units)}
        self._free: list[int] = []
        self._able: dict[Capability, list[int]] = {
            capability: [] for unit in units for capability in unit.spec.type.capabilities
        }

    def __bool__(self) -> bool:
        """Tell whether anybody is free."""
        return bool(self._free)

    def able(self, capability: Capability) -> list[Unit]:
        """Return the free units with a capability."""
        return [self._units[rank] for rank in self._able.get(capability, ())]

    def unlike(self, capability: Capability, suits: Callable[[Unit], bool]) -> list[Unit]:
        """Return the free units with a capability that suit, of those that are alike only the first.

        Units of one roster entry that are ready at one place are alike: no policy has a reason to tell them
        apart, and ties go to the unit listed first. Whoever would not take an order is free no longer.
        """
        seen: set[tuple[int, str]] = set()
        units = []
        for unit in self.able(capability):
            stand = (unit.node, unit.spec.group) if unit.state is UnitState.READY else None
            if stand in seen:
                continue
            if not unit.available:
                self.remove(unit)
            elif suits(unit):
                units.append(unit)
                if stand is not None:
                    seen.add(stand)
        return units

    def add(self, unit: Unit) -> None:
        """Let a unit be free; one that is free already stays so."""
        rank = self._rank[unit]
        at = bisect_left(self._free, rank)
        if at < len(self._free) and self._free[at] == rank:
            return
        self._free.insert(at, rank)
        for capability in unit.spec.type.capabilities:
            insort(self._able[capability], rank)

    def remove(self, unit: Unit) -> None:
        """Let a unit be free no longer."""
        rank = self._rank[unit]
        for ranks in self._of(unit):
            at = bisect_left(ranks, rank)
            assert ranks[at] == rank, unit.spec.id
            del ranks[at]

    def _of(self, unit: Unit) -> Iterator[list[int]]:
        yield self._free
        for capability in unit.spec.type.capabilities:
            yield self._able[capability]
