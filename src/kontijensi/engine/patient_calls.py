"""An ordinary call about one casualty: he is cared for on the spot, and carried to hospital from there."""

from __future__ import annotations

from dataclasses import dataclass, field

from kontijensi.command.incident import Incident, Outcome
from kontijensi.engine.approach import Approaches
from kontijensi.engine.medical import MedicalCare
from kontijensi.engine.patient import Patient
from kontijensi.engine.scene import Scene
from kontijensi.responders.unit import Unit
from kontijensi.vocabulary.records import RecordKind


@dataclass(eq=False, slots=True)
class PatientCall:
    """One such call."""

    scene: Scene
    approaches: Approaches
    care: MedicalCare
    incident: Incident
    patient: Patient
    on_scene_s: float
    crew: Unit | None = None
    """The unit that will carry him, once all that the call needs is there."""
    edge_s: dict[Unit, float] = field(default_factory=dict)
    """When each unit came to the place."""

    def formed(self, incident: Incident) -> None:
        """All that the call needs has come: go in as soon as it is safe."""
        self._note_arrivals()
        crew = next(unit for unit in incident.arrived if unit.spec.type.carries)
        self.crew = crew
        self.approaches.enter(crew, incident.place, incident.id, self._go_in)

    def changed(self, incident: Incident) -> None:
        """Units have come or gone; without the one to carry him he is a casualty like any other."""
        self._note_arrivals()
        if self.crew is None or self.crew in incident.arrived or not incident.open:
            return
        self.approaches.leave(self.crew)
        self.patient.write(self.scene, RecordKind.CASUALTY_LEFT, incident.place, unit=self.crew.spec.id)
        self.crew = None
        self.care.take_over(self.patient)
        self.scene.posko.close(incident, Outcome.ESCALATED)

    def _note_arrivals(self) -> None:
        for unit in self.incident.arrived:
            self.edge_s.setdefault(unit, self.scene.now_s)

    def _go_in(self) -> None:
        assert self.crew is not None
        self.scene.form(self.incident)
        self.patient.write(
            self.scene,
            RecordKind.CASUALTY_REACHED,
            self.incident.place,
            unit=self.crew.spec.id,
            incident=self.incident.id,
            ordered_s=self.crew.ordered_s,
            edge_s=self.edge_s[self.crew],
            in_s=self.scene.now_s,
        )
        self.scene.later(self.on_scene_s, self._done)

    def _done(self) -> None:
        crew, self.crew = self.crew, None
        if crew is not None:
            self.scene.control(self.incident)
            self.care.carry(crew, self.patient, self.incident.id)
            self.scene.posko.close(self.incident, Outcome.SERVED)
