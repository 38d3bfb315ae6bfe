"""What everything in a run shares: clock, log, people, units, posko and the members of crowds."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import mesa

from kontijensi.command.incident import Incident
from kontijensi.command.posko import Posko
from kontijensi.community.complaints import Intakes
from kontijensi.community.life import People
from kontijensi.community.rumours import Hearsay
from kontijensi.crowd import Masses
from kontijensi.engine.continuity import Continuity
from kontijensi.engine.field_reports import FieldReports
from kontijensi.responders.agenda import due
from kontijensi.responders.surroundings import Surroundings
from kontijensi.responders.unit import Unit
from kontijensi.scenario.schema.community import Observers
from kontijensi.scenario.schema.force import CAPABILITY_NAME, Capability
from kontijensi.scenario.schema.medical import Severity
from kontijensi.vocabulary.records import RecordKind
from kontijensi.world.fleet import Guard

WatchCrowd = Callable[[float, str, str, Any], None]
"""Takes time [s], crowd, place, and where everybody stands (`kontijensi.crowd.Sample`)."""


class Harm(NamedTuple):
    """People hurt alike at one place."""

    of: str
    """The crowd, trigger or fire behind it."""
    place: int
    cause: str
    group: str
    severity: Severity
    people: int


@dataclass(frozen=True, slots=True)
class Scene:
    """The shared state of a run. It is wired once; what it holds changes as the run goes on."""

    model: mesa.Model
    around: Surroundings
    people: People
    hearsay: Hearsay
    intakes: Intakes
    units: tuple[Unit, ...]
    posko: Posko
    masses: Masses
    continuity: Continuity
    guards: dict[int, list[Guard]]
    field_reports: FieldReports
    watch_crowd: WatchCrowd | None
    notice: Callable[[list[int] | None], None]
    """Tell the storyline that something has changed, at these places or anywhere."""
    on_harm: list[Callable[[Harm, int], None]] = field(default_factory=list)
    """Told of everybody who is hurt, with the record of it."""
    named: Counter[str] = field(default_factory=Counter)
    """How often each name was given."""

    @property
    def now_s(self) -> float:
        """Simulated time [s]."""
        return float(self.around.env.now_s)

    def later(self, delay_s: float, action: Callable[[], object]) -> None:
        """Do something after a delay."""
        due(self.around.env, lambda _event: action(), delay_s)

    def write(
        self,
        kind: RecordKind,
        entity: str,
        place: int | None = None,
        parent: int | None = None,
        **values: Any,
    ) -> int:
        """Write a record."""
        where = None if place is None else self.around.place_id(place)
        return self.around.log.put(kind, entity, where, parent, values)

    def name(self, wish: str) -> str:
        """Return a name that nothing in this run has yet: the wish, with a number from the second time on."""
        self.named[wish] += 1
        return wish if self.named[wish] == 1 else self.name(f"{wish}-{self.named[wish]}")

    def phase_id(self) -> str | None:
        """Return the phase now, None between phases."""
        phase = self.around.world.phase_at(self.now_s)
        return None if phase is None else phase.id

    def guards_at(self, place: int) -> int:
        """People posted at a place now who may use force; Linmas and other helpers watch, but do not."""
        return sum(guard.forceful for guard in self.guards.get(place, ()) if guard.on_duty(self.now_s))

    def rounds_s(self, place: int) -> float | None:
        """How long guards on duty take to look in [s]: 0 where some stand there, None where nobody does."""
        there = [g for g in self.guards.get(place, ()) if g.forceful and g.on_duty(self.now_s)]
        return min((guard.rounds_s or 0.0 for guard in there), default=None)

    def relay_s(self, observers: Observers, *entity: str) -> float:
        """Draw how long a report lies at another agency's desk on its way to the posko [s]."""
        command, agency = self.around.world.scenario.command, observers.kind.agency
        if command.shared_reports or agency is None or agency in command.lead:
            return 0.0
        return command.relay.draw(self.around.streams.of("command.relay", *entity))

    def harm(self, harm: Harm, parent: int | None) -> None:
        """Enter people into the ledger of harm, and tell those who care for them."""
        record = self.write(
            RecordKind.HARM,
            harm.of,
            harm.place,
            parent,
            cause=harm.cause,
            group=harm.group,
            severity=harm.severity,
            people=harm.people,
        )
        for tell in self.on_harm:
            tell(harm, record)

    # -- the chain of an incident ----------------------------------------------------------------------------

    def open_incident(self, incident: Incident, parent: int | None = None) -> None:
        """Enter an incident and write its onset."""
        incident.where = self.around.place_id(incident.place)
        said = {
            "sort": incident.sort.value,
            "of": incident.of,
            "colour": incident.colour,
            "priority": incident.priority,
            "needs": _as_said(incident.needs),
            "follows": None if incident.follows is None else incident.follows.id,
        }
        incident.record = self.around.log.put(
            RecordKind.INCIDENT_OPENED, incident.id, incident.where, parent, said
        )
        self.posko.open_incident(incident)

    def change_needs(self, incident: Incident) -> None:
        """Write that an incident calls for other units or is more or less urgent; let the posko see to it."""
        self._continue(
            RecordKind.NEEDS_CHANGED,
            incident,
            needs=_as_said(incident.needs),
            priority=incident.priority,
        )
        self.posko.ask_again(incident)

    def detect(self, incident: Incident, by: str) -> None:
        """Somebody has noticed an incident."""
        if not incident.detected:
            incident.detected = True
            incident.record = self.around.log.put(
                RecordKind.INCIDENT_DETECTED, incident.id, incident.where, incident.record, {"by": by}
            )

    def form(self, incident: Incident) -> None:
        """Write that the minimum formation of an incident is there."""
        said = {"units": [unit.spec.id for unit in incident.arrived]}
        incident.record = self.around.log.put(
            RecordKind.INCIDENT_FORMED, incident.id, incident.where, incident.record, said
        )

    def interrupt(self, incident: Incident, unit: Unit, to: str | None, left_s: float | None = None) -> None:
        """Write that an incident stands still: its formation has lost a unit, perhaps to another incident."""
        self._continue(RecordKind.INCIDENT_INTERRUPTED, incident, by=to, unit=unit.spec.id, left_s=left_s)

    def resume(self, incident: Incident, left_s: float | None = None) -> None:
        """Write that the formation of an incident stands again."""
        units = [unit.spec.id for unit in incident.arrived]
        self._continue(RecordKind.INCIDENT_RESUMED, incident, left_s=left_s, units=units)

    def control(self, incident: Incident) -> None:
        """Write that an incident is under control."""
        incident.controlled = True
        kind = RecordKind.INCIDENT_CONTROLLED
        self.around.log.put(kind, incident.id, incident.where, incident.record, {})

    def _continue(self, kind: RecordKind, incident: Incident, **values: Any) -> int:
        return self.around.log.put(kind, incident.id, incident.where, incident.record, values)


def _as_said(needs: Mapping[Capability, int]) -> dict[str, int]:
    return {CAPABILITY_NAME[capability]: wanted for capability, wanted in needs.items()}


def guards_by_place(guards: tuple[Guard, ...]) -> dict[int, list[Guard]]:
    """Sort the guards by the place they stand at."""
    by_place: dict[int, list[Guard]] = defaultdict(list)
    for guard in guards:
        by_place[guard.place].append(guard)
    return dict(by_place)
