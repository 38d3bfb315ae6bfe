"""Ambulance runs: from the place where casualties were loaded to the hospitals that admit them.

A run is the second leg of a task: the unit goes straight on from the place, without being free in between.
One that is lost under way leaves its casualties at the nearest place by road, where they wait for another.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from kontijensi.engine.hospitals import Hospital, Hospitals
from kontijensi.engine.patient import Patient
from kontijensi.engine.scene import Scene
from kontijensi.responders.unit import Unit
from kontijensi.scenario.schema.medical import Medical
from kontijensi.vocabulary.records import RecordKind

Stranded = Callable[[Sequence[Patient], int, Unit], None]
"""Takes those left behind, the place where they wait, and the unit that is out of action."""


@dataclass(eq=False, slots=True)
class Leg:
    """One drive of a run, to one hospital; it is the task that the unit has meanwhile."""

    runs: Runs
    id: str
    place: int
    unit: Unit
    hospital: Hospital
    bound: list[Patient]
    """Those who are meant for this hospital."""
    others: list[Patient]
    """Those in the vehicle who will go on to another."""
    kept: set[Patient] = field(default_factory=set)
    """Those of `bound` for whom a bed is kept."""

    def unit_arrived(self, unit: Unit) -> None:
        """The vehicle is at the hospital."""
        self.runs.arrived(self)

    def unit_withdrawn(self, unit: Unit, to: str | None = None) -> None:
        """The unit has been let go: everybody was handed over."""

    def unit_handed_over(self, unit: Unit) -> None:
        """Nobody takes a vehicle over that carries someone."""

    def unit_tired(self, unit: Unit) -> None:
        """Whoever is carried is brought there first."""

    def unit_lost(self, unit: Unit) -> None:
        """The vehicle is out of action."""
        self.runs.lost(self)


@dataclass(eq=False, slots=True)
class Away:
    """A drive out of the area with a casualty whom no hospital here could take."""

    runs: Runs
    id: str
    place: int
    unit: Unit
    others: list[Patient]
    """Those in the vehicle who will go on to a hospital here."""
    lost: bool = False

    def back(self) -> None:
        """The vehicle is back."""
        if not self.lost:
            self.runs.set_out(self.unit, self.others, self.id)

    def unit_arrived(self, unit: Unit) -> None:
        """It is away from here on."""

    def unit_withdrawn(self, unit: Unit, to: str | None = None) -> None:
        """It is back."""

    def unit_handed_over(self, unit: Unit) -> None:
        """Nobody takes a vehicle over that carries someone."""

    def unit_tired(self, unit: Unit) -> None:
        """Whoever is carried is brought there first."""

    def unit_lost(self, unit: Unit) -> None:
        """The vehicle is out of action."""
        self.lost = True
        self.runs.strand(unit, self.others, self.place)


class Runs:
    """Every ambulance run of a rehearsal."""

    def __init__(self, scene: Scene, plan: Medical, stranded: Stranded) -> None:
        self._scene, self._plan, self._stranded = scene, plan, stranded
        self._hospitals = Hospitals(scene.around.world, scene.around.roads)
        self._legs: dict[Patient, Leg] = {}

    def set_out(self, unit: Unit, load: Sequence[Patient], incident: str) -> None:
        """Take those in the vehicle to hospital, the gravest first; let the unit go when it is empty."""
        load = sorted(load, key=lambda patient: patient.turn)
        if not load:
            unit.release()
            return
        now_s, gravest = self._scene.now_s, load[0]
        hospital = self._hospitals.nearest(unit, gravest, now_s, with_bed=True)
        if hospital is not None:
            self._drive(unit, hospital, load, incident)
            return
        door = self._hospitals.nearest(unit, gravest, now_s, with_bed=False)
        if door is not None and self._plan.when_full == "hold":
            self._turn_away(gravest, unit, "full", door)
            self._drive(unit, door, load, incident)
            return
        self._turn_away(gravest, unit, "none" if door is None else "full", None)
        self._drive_away(unit, gravest, load[1:], incident)

    def arrived(self, leg: Leg) -> None:
        """A vehicle is at the hospital: those with a bed are handed over, the others wait at the door."""
        for patient in leg.bound:
            patient.write(self._scene, RecordKind.CASUALTY_BROUGHT, leg.hospital.place, unit=leg.unit.spec.id)
        for patient in list(leg.bound):
            if patient in leg.kept:
                self._hand_over(patient, leg)
            else:
                leg.hospital.at_door.append(patient)
        self._let_in(leg.hospital)

    def lost(self, leg: Leg) -> None:
        """A vehicle is out of action: give back its beds and leave its casualties at the nearest place."""
        freed = bool(leg.kept)
        leg.hospital.taken -= len(leg.kept)
        leg.hospital.at_door = [each for each in leg.hospital.at_door if each not in leg.bound]
        left = [*leg.bound, *leg.others]
        for patient in left:
            self._legs.pop(patient, None)
        leg.bound, leg.others, leg.kept = [], [], set()
        if freed:
            self._let_in(leg.hospital)
        self.strand(leg.unit, left, leg.place)

    def strand(self, unit: Unit, left: Sequence[Patient], otherwise: int) -> None:
        """Leave casualties where their vehicle is out of action: at the place nearest by road."""
        if left:
            times_s = self._scene.around.roads.times_from(
                unit.node, self._scene.now_s, mode=unit.spec.type.mode
            )
            place = int(np.argmin(times_s)) if np.isfinite(times_s).any() else otherwise
            self._stranded(left, place, unit)

    # -- to a hospital, or away ------------------------------------------------------------------------------

    def _drive(self, unit: Unit, hospital: Hospital, load: Sequence[Patient], incident: str) -> None:
        """Set out for a hospital with all whom it can take, and keep their beds."""
        leg = Leg(self, incident, hospital.place, unit, hospital, [], [])
        for patient in load:
            first = patient is load[0]
            if hospital.treats(patient) and (hospital.has_bed or first):
                leg.bound.append(patient)
                self._legs[patient] = leg
                if hospital.has_bed:
                    hospital.taken += 1
                    leg.kept.add(patient)
            else:
                leg.others.append(patient)
        unit.go_on(leg, load[0].record)

    def _drive_away(self, unit: Unit, patient: Patient, rest: Sequence[Patient], incident: str) -> None:
        """Be away for as long as it takes to bring one casualty out of the area, then go on with the rest."""
        rng = self._scene.around.streams.of("medical.elsewhere", unit.spec.id)
        away = Away(self, incident, unit.node, unit, list(rest))
        unit.go_on(away, patient.record)
        self._scene.later(self._plan.elsewhere.draw(rng), away.back)

    def _turn_away(self, patient: Patient, unit: Unit, why: str, door: Hospital | None) -> None:
        place = patient.place if door is None else door.place
        to = None if door is None else self._scene.around.place_id(place)
        patient.write(
            self._scene, RecordKind.CASUALTY_TURNED_AWAY, patient.place, unit=unit.spec.id, why=why, to=to
        )

    # -- at the hospital -------------------------------------------------------------------------------------

    def _hand_over(self, patient: Patient, leg: Leg) -> None:
        rng = self._scene.around.streams.of("medical.handover", self._scene.around.place_id(leg.place))
        self._scene.later(self._plan.handover.draw(rng), partial(self._admit, patient, leg))

    def _admit(self, patient: Patient, leg: Leg) -> None:
        if patient not in leg.kept:
            return  # the vehicle was lost before he was handed over
        leg.kept.remove(patient)
        leg.bound.remove(patient)
        del self._legs[patient]
        patient.write(self._scene, RecordKind.CASUALTY_ADMITTED, leg.place, unit=leg.unit.spec.id)
        rng = self._scene.around.streams.of("medical.stay", self._scene.around.place_id(leg.place))
        self._scene.later(self._plan.stay.draw(rng), partial(self._discharge, patient, leg.hospital))
        if not leg.bound:
            self.set_out(leg.unit, leg.others, leg.id)

    def _discharge(self, patient: Patient, hospital: Hospital) -> None:
        hospital.taken -= 1
        patient.write(self._scene, RecordKind.CASUALTY_DISCHARGED, hospital.place)
        self._let_in(hospital)

    def _let_in(self, hospital: Hospital) -> None:
        """Give free beds to those at the door."""
        while (patient := hospital.next_in()) is not None:
            leg = self._legs[patient]
            leg.kept.add(patient)
            self._hand_over(patient, leg)
