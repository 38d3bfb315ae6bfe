"""Medical care: who is hurt where, who is sent there, and in which turn they are treated or carried.

Each place with casualties is one post, and one incident of the posko. A crew that may go in takes the gravest
of those who wait: it treats the minor on the spot and drives off with the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from math import ceil

from kontijensi.command.incident import Incident, Outcome, Sort
from kontijensi.engine.approach import Approaches
from kontijensi.engine.carrying import Runs
from kontijensi.engine.gatherings import Gatherings
from kontijensi.engine.patient import Patient
from kontijensi.engine.scene import Harm, Scene
from kontijensi.responders.unit import Unit
from kontijensi.scenario.schema.force import Capability
from kontijensi.scenario.schema.medical import Medical
from kontijensi.vocabulary.records import RecordKind

LEAST_PRIORITY = 5
"""Priority of a severity for which the scenario gives none."""


@dataclass(eq=False, slots=True)
class Crew:
    """A medical unit at a post."""

    unit: Unit
    edge_s: float
    in_s: float | None = None
    """When it went in; None while it waits at the edge."""
    patient: Patient | None = None
    """Whom it treats or loads now."""
    load: list[Patient] = field(default_factory=list)

    @property
    def idle(self) -> bool:
        """Whether it can take somebody."""
        return self.in_s is not None and self.patient is None

    def can_help(self, patient: Patient) -> bool:
        """Whether it can do what a casualty needs: one that carries nobody treats the minor only."""
        if not patient.must_be_carried:
            return not self.load
        return len(self.load) < self.unit.spec.type.carries


@dataclass(eq=False, slots=True)
class Post:
    """A place with casualties."""

    incident: Incident
    waiting: list[Patient] = field(default_factory=list)
    crews: dict[Unit, Crew] = field(default_factory=dict)
    formed: bool = False
    """Whether it was written that the crews asked for are with them."""

    @property
    def known(self) -> list[Patient]:
        """Casualties here that the posko knows of, those in care included."""
        in_care = [p for crew in self.crews.values() for p in (crew.patient, *crew.load) if p is not None]
        return [patient for patient in (*self.waiting, *in_care) if patient.reported]

    @property
    def over(self) -> bool:
        """Whether nobody here needs anything."""
        return not self.waiting and not any(crew.patient or crew.load for crew in self.crews.values())


class MedicalCare:
    """What becomes of everybody who is hurt in a run."""

    def __init__(self, scene: Scene, plan: Medical, approaches: Approaches, gatherings: Gatherings) -> None:
        self._scene, self._plan = scene, plan
        self._approaches, self._gatherings = approaches, gatherings
        self._runs = Runs(scene, plan, self._stranded)
        self._posts: dict[int, Post] = {}
        self._count: Counter[str] = Counter()
        self._hurt = 0
        scene.on_harm.append(self.hurt)

    def waiting(self) -> list[Patient]:
        """Return everybody who waits at a post or is in care there, and is in no vehicle."""
        return [
            patient
            for post in self._posts.values()
            for patient in (*post.waiting, *(crew.patient for crew in post.crews.values()))
            if patient is not None
        ]

    # -- who is hurt, and who knows of it --------------------------------------------------------------------

    def hurt(self, harm: Harm, record: int) -> None:
        """People were hurt at a place; `record` is that of the harm."""
        patients = [self.new_patient(harm, record) for _ in range(harm.people)]
        self._add(harm.place, patients, record, told=False)

    def new_patient(self, harm: Harm, record: int) -> Patient:
        """Enter one casualty."""
        self._hurt += 1
        self._count[harm.of] += 1
        name = f"{harm.of}:c{self._count[harm.of]}"
        written = self._scene.write(
            RecordKind.CASUALTY_HURT,
            name,
            harm.place,
            record,
            of=harm.of,
            cause=harm.cause,
            group=harm.group,
            severity=harm.severity,
        )
        return Patient(name, self._hurt, harm.severity, harm.place, written)

    def take_over(self, patient: Patient) -> None:
        """Care for a casualty whom the unit of his own call could not carry."""
        self._add(patient.place, [patient], patient.record, told=True)

    def carry(self, unit: Unit, patient: Patient, incident: str) -> None:
        """Let a unit on the spot drive off with a casualty whom it has loaded."""
        patient.write(self._scene, RecordKind.CASUALTY_LOADED, patient.place, unit=unit.spec.id)
        self._runs.set_out(unit, [patient], incident)

    def _add(self, place: int, patients: Sequence[Patient], record: int, *, told: bool) -> None:
        post = self._posts.get(place)
        if post is None:
            post = self._open(place, patients, record)
        post.waiting += patients
        if (
            told
            or post.incident.follows is not None
            or any(crew.in_s is not None for crew in post.crews.values())
        ):
            self._tell(post, patients)
        else:
            rng = self._scene.around.streams.of("medical.reported", self._scene.around.place_id(place))
            self._scene.later(self._plan.reported.draw(rng), partial(self._tell, post, patients))

    def _open(self, place: int, patients: Sequence[Patient], record: int) -> Post:
        scene = self._scene
        name = scene.name(f"{scene.around.place_id(place)}:casualties")
        standing = self._standing_by(place)
        incident = Incident(
            id=name,
            sort=Sort.CASUALTIES,
            of=name,
            place=place,
            priority=self._priority(patients),
            needs={Capability.MEDICAL: self._wanted(patients)},
            record=record,
            follows=standing,
            carries=any(patient.must_be_carried for patient in patients),
        )
        post = self._posts[place] = Post(incident)
        incident.on_formed = incident.on_change = partial(self._crews_changed, post)
        scene.open_incident(incident, record)
        scene.detect(incident, "caller" if standing is None else "field")
        return post

    def _tell(self, post: Post, patients: Sequence[Patient]) -> None:
        """The posko hears of casualties: it may need more units, and sooner."""
        here = [patient for patient in patients if patient in post.waiting]
        for patient in here:
            patient.report(self._scene)
        if here:
            field = post.incident.follows is not None
            self._scene.posko.receive_report(
                post.incident, "field" if field else "caller", through_desk=not field
            )
            self._ask(post)
            self._assign(post)

    def _standing_by(self, place: int) -> Incident | None:
        """Return the incident of a crowd at a place with which a medical unit stands."""
        episode = self._gatherings.at(place)
        incidents = [] if episode is None else episode.field_command.incidents
        return next(
            (
                incident
                for incident in reversed(incidents)
                if incident.open
                and any(Capability.MEDICAL in unit.can and unit.on_the_spot for unit in incident.arrived)
            ),
            None,
        )

    # -- how many units, and how soon ------------------------------------------------------------------------

    def _priority(self, patients: Sequence[Patient]) -> int:
        gravest = max(patients, key=lambda patient: patient.rank)
        return self._plan.priority.get(gravest.severity, LEAST_PRIORITY)

    def _wanted(self, patients: Sequence[Patient]) -> int:
        to_carry = sum(patient.must_be_carried for patient in patients)
        if to_carry:
            wanted = ceil(to_carry / self._plan.patients_per_unit - 1e-9)
        else:
            wanted = ceil(len(patients) / self._plan.minor_per_unit - 1e-9)
        return min(max(wanted, 1), self._plan.most_units)

    def _ask(self, post: Post) -> None:
        """Ask for as many units as those known of call for."""
        known, incident = post.known, post.incident
        if not known:
            return
        carries = any(patient.must_be_carried for patient in known)
        idle = sum(not unit.spec.type.carries for unit in incident.units) if carries else 0
        needs, priority = {Capability.MEDICAL: self._wanted(known) + idle}, self._priority(known)
        if (needs, priority, carries) != (incident.needs, incident.priority, incident.carries):
            incident.needs, incident.priority, incident.carries = needs, priority, carries
            self._scene.change_needs(incident)
        elif incident.shortage() is not None:
            self._scene.posko.ask_again(incident)  # one of those who were asked for has driven off

    # -- at the post -----------------------------------------------------------------------------------------

    def _crews_changed(self, post: Post, incident: Incident) -> None:
        """Units have come or gone."""
        for unit in [unit for unit in post.crews if unit not in incident.arrived]:
            self._crew_gone(post, post.crews.pop(unit))
        before = incident.follows
        if before is not None and before.open and not before.controlled and before.shortage() is not None:
            self._scene.posko.ask_again(before)  # whoever stood by there has work now
        for unit in list(incident.arrived):
            if unit not in post.crews:
                crew = post.crews[unit] = Crew(unit, self._scene.now_s)
                self._approaches.enter(unit, incident.place, incident.id, partial(self._go_in, post, crew))

    def _crew_gone(self, post: Post, crew: Crew) -> None:
        self._approaches.leave(crew.unit)
        left = [patient for patient in (crew.patient, *crew.load) if patient is not None]
        crew.in_s, crew.patient, crew.load = None, None, []
        for patient in left:
            self._leave(patient, post.incident.place, crew.unit)
        post.waiting += left
        if left and post.incident.open:
            self._ask(post)
            self._assign(post)

    def _go_in(self, post: Post, crew: Crew) -> None:
        crew.in_s = self._scene.now_s
        crew.unit.begin_acting()
        for patient in post.waiting:
            patient.report(self._scene)  # whoever is there is seen
        self._ask(post)
        self._note_formed(post)
        self._assign(post)

    def _note_formed(self, post: Post) -> None:
        if (
            not post.formed
            and post.incident.formed
            and all(crew.in_s is not None for crew in post.crews.values())
        ):
            post.formed = True
            self._scene.form(post.incident)

    def _assign(self, post: Post) -> None:
        """Give each idle crew the gravest whom it can help; one with a full vehicle drives off."""
        for crew in list(post.crews.values()):
            while crew.idle:
                fit = [patient for patient in post.waiting if crew.can_help(patient)]
                if not fit:
                    break
                self._care(post, crew, min(fit, key=lambda patient: patient.turn))
            if crew.idle and crew.load:
                self._drive_off(post, crew)
        if post.over and post.incident.open:
            self._close(post)

    def _care(self, post: Post, crew: Crew, patient: Patient) -> None:
        post.waiting.remove(patient)
        crew.patient = patient
        patient.report(self._scene)
        patient.write(
            self._scene,
            RecordKind.CASUALTY_REACHED,
            post.incident.place,
            unit=crew.unit.spec.id,
            incident=post.incident.id,
            ordered_s=crew.unit.ordered_s,
            edge_s=crew.edge_s,
            in_s=crew.in_s,
        )
        decision = "loading" if patient.must_be_carried else "treatment"
        rng = self._scene.around.streams.of(f"medical.{decision}", crew.unit.spec.id)
        takes_s = (self._plan.loading if patient.must_be_carried else self._plan.treatment).draw(rng)
        self._scene.later(takes_s, partial(self._cared_for, post, crew, patient))

    def _cared_for(self, post: Post, crew: Crew, patient: Patient) -> None:
        if crew.patient is not patient:
            return  # the crew was lost or called away before it was done
        crew.patient = None
        place, unit = post.incident.place, crew.unit.spec.id
        if patient.must_be_carried:
            crew.load.append(patient)
            patient.write(self._scene, RecordKind.CASUALTY_LOADED, place, unit=unit)
        else:
            patient.write(self._scene, RecordKind.CASUALTY_TREATED, place, unit=unit)
        self._assign(post)

    def _drive_off(self, post: Post, crew: Crew) -> None:
        del post.crews[crew.unit]
        load, crew.load, crew.in_s = crew.load, [], None
        self._runs.set_out(crew.unit, load, post.incident.id)
        self._ask(post)

    def _close(self, post: Post) -> None:
        incident = post.incident
        del self._posts[incident.place]
        if not post.formed:  # everybody had what he needed, though fewer came than were asked for
            post.formed = incident.formed = True
            self._scene.form(incident)
        self._scene.control(incident)
        self._scene.posko.close(incident, Outcome.SERVED)

    # -- those left behind -----------------------------------------------------------------------------------

    def _stranded(self, patients: Sequence[Patient], place: int, unit: Unit) -> None:
        """Casualties wait again where their vehicle was lost; its crew tells the posko."""
        for patient in patients:
            patient.place = place
            self._leave(patient, place, unit)
        self._add(place, patients, patients[0].record, told=True)

    def _leave(self, patient: Patient, place: int, unit: Unit) -> None:
        patient.write(self._scene, RecordKind.CASUALTY_LEFT, place, unit=unit.spec.id)
