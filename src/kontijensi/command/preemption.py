"""Who may be taken from a less grave incident for a graver one (pre-emption), by the scenario's rules.

A unit is taken from people only when no free one would do. The least grave incident loses first; among equals
the one that came last, whose unit has done least there.
"""

from __future__ import annotations

from collections.abc import Mapping

from kontijensi.command.incident import Incident, Sort
from kontijensi.responders.states import UnitState
from kontijensi.responders.unit import Unit
from kontijensi.scenario.schema.command import Command
from kontijensi.scenario.schema.force import Capability

UNDER_WAY = frozenset({UnitState.TURNOUT, UnitState.TRAVELLING})


class Preemption:
    """The rules at work on the incidents that are open."""

    def __init__(self, plan: Command, incidents: Mapping[str, Incident]) -> None:
        self._from_the_spot = plan.preempt == "on_the_spot"
        self._graver_by = plan.preempt_graver_by
        self._from = frozenset(plan.preempt_from)
        self._incidents = incidents
        self._least = 0

    def begin_round(self) -> None:
        """Note, before a dispatch round, how grave the least grave incident is that has units at all."""
        self._least = max((each.priority for each in self._incidents.values() if each.units), default=0)

    def may_take(self, incident: Incident) -> bool:
        """Tell whether there is any point in looking, which spares a long queue the search."""
        return incident.priority + self._graver_by <= self._least

    def units(self, graver: Incident, capability: Capability, rank: Mapping[Unit, int]) -> list[Unit]:
        """Return the units that may be taken, all from incidents of one priority, the best first."""
        losers = sorted(
            (each for each in self._incidents.values() if self._may_lose(each, graver)),
            key=lambda each: (-each.priority, -(each.turn or 0)),
        )
        found: list[Unit] = []
        priority = None
        for loser in losers:
            if found and loser.priority != priority:
                break
            priority = loser.priority
            found += sorted(
                (unit for unit in loser.units if self._may_go(unit, loser, graver, capability)),
                key=rank.__getitem__,
            )
        return found

    def _may_lose(self, incident: Incident, graver: Incident) -> bool:
        if incident.sort is Sort.CROWD and incident.of == graver.of:
            return False  # two colours of one crowd hand over to each other on the spot
        sort = Sort.CALL if incident.sort is Sort.CALL else Sort.CROWD  # a false report is not known as one
        return incident.priority >= graver.priority + self._graver_by and sort.value in self._from

    def _may_go(self, unit: Unit, loser: Incident, graver: Incident, capability: Capability) -> bool:
        if capability not in unit.can or not graver.suits(unit):
            return False
        if not unit.spec.on_duty(unit.around.env.now):
            return False
        if unit.state in UNDER_WAY:
            return not unit.leaving
        waits = unit.state is UnitState.STAGED and not loser.standing
        return unit.on_the_spot and (waits or (self._from_the_spot and loser.on_broken is not None))
