"""The units that are free now, by what they can do: those that are ready by where they stand.

Units of one roster entry that are ready at one place make a stand. They are alike: no policy has a reason to
tell them apart, and ties go to the unit listed first. Where thousands are ready, few stands are looked at.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Collection, Sequence

from kontijensi.responders.states import UnitState
from kontijensi.responders.unit import Unit
from kontijensi.scenario.schema.force import Capability, UnitType

Suits = Callable[[Unit], bool]


class Stand:
    """Free units of one roster entry at one place, or one unit on its way home."""

    __slots__ = ("first", "hold_s", "mode", "node", "pace", "rank", "ranks", "ready", "start_s", "type")

    def __init__(self, unit: Unit, hold_s: float, *, ready: bool) -> None:
        self.type: UnitType = unit.spec.type
        self.mode, self.pace = self.type.mode, self.type.pace
        self.node = unit.node
        """Where its units are ready; of a unit on the road ask the unit."""
        self.ready = ready
        self.hold_s = hold_s
        """Mean time for which liaison holds its units up [s]."""
        self.start_s = hold_s + self.type.turn_out.expected
        """Mean time until a unit that is ready would be on the road [s]."""
        self.ranks: list[int] = []
        """Its units by their place in the roster, in order."""
        self.first, self.rank = unit, 0
        """The unit listed first, and its place in the roster."""


class FreeUnits:
    """Who would take an order. Whoever is found not to, when asked, is free no longer."""

    def __init__(self, units: Sequence[Unit], hold_s: Callable[[Unit], float]) -> None:
        """Begin with nobody; `hold_s` is the mean time for which liaison holds a unit up [s]."""
        self._hold_s = hold_s
        self._units = tuple(units)
        self._rank = {unit: rank for rank, unit in enumerate(units)}
        self._stand_of: dict[Unit, Stand] = {}
        """The stand of everybody who is free."""
        self._stands: dict[tuple[int, str], Stand] = {}
        """Every place at which units of a roster entry were ever ready; most come back there."""
        self._able: dict[Capability, dict[Stand, None]] = {
            capability: {} for unit in units for capability in unit.spec.type.capabilities
        }
        """The stands with somebody at them."""

    def __bool__(self) -> bool:
        """Tell whether anybody is free."""
        return bool(self._stand_of)

    def able(self, capability: Capability) -> list[Unit]:
        """Return the free units with a capability."""
        ranks = sorted(rank for stand in self._able.get(capability, ()) for rank in stand.ranks)
        return [self._units[rank] for rank in ranks]

    def stands(self, capability: Capability) -> Collection[Stand]:
        """Return where units with a capability are free, in no order; good until one comes or goes."""
        return self._able.get(capability, ())

    def unlike(self, capability: Capability, suits: Suits) -> list[Unit]:
        """Return the free units with a capability that suit, of each stand only the first."""
        ranks = []
        for stand in list(self.stands(capability)):
            unit = self.first(stand, suits)
            if unit is not None:
                ranks.append(self._rank[unit])
        return [self._units[rank] for rank in sorted(ranks)]

    def first(self, stand: Stand, suits: Suits) -> Unit | None:
        """Return the first unit of a stand that suits, None when there is none."""
        for rank in list(stand.ranks):
            unit = self._units[rank]
            if not unit.available:
                self.remove(unit)
            elif suits(unit):
                return unit
        return None

    def add(self, unit: Unit) -> None:
        """Let a unit be free, or have come home while it was."""
        stand = self._stand_of.get(unit)
        ready = unit.state is UnitState.READY
        if stand is not None:
            if stand.ready is ready and (not ready or stand.node == unit.node):
                return
            self.remove(unit)
        stand = self._own(unit) if ready else Stand(unit, self._hold_s(unit), ready=False)
        self._stand_of[unit] = stand
        if not stand.ranks:
            for capability in stand.type.capabilities:
                self._able[capability][stand] = None
        insort(stand.ranks, self._rank[unit])
        stand.rank = stand.ranks[0]
        stand.first = self._units[stand.rank]

    def remove(self, unit: Unit) -> None:
        """Let a unit be free no longer."""
        stand = self._stand_of.pop(unit)
        stand.ranks.remove(self._rank[unit])
        if stand.ranks:
            stand.rank = stand.ranks[0]
            stand.first = self._units[stand.rank]
        else:
            for capability in stand.type.capabilities:
                del self._able[capability][stand]

    def _own(self, unit: Unit) -> Stand:
        key = (unit.node, unit.spec.group)
        stand = self._stands.get(key)
        if stand is None:
            stand = self._stands[key] = Stand(unit, self._hold_s(unit), ready=True)
        return stand
