"""Ordinary calls: they come in by chance or as listed, are served, lost, or given up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator
from functools import partial
from typing import Any

import simpy

from kontijensi.command.incident import Incident, Outcome, Sort
from kontijensi.engine.approach import Approaches
from kontijensi.engine.medical import MedicalCare
from kontijensi.engine.patient_calls import PatientCall
from kontijensi.engine.scene import Harm, Scene
from kontijensi.responders.agenda import Due, due
from kontijensi.responders.unit import Unit
from kontijensi.scenario.schema.service import Calls
from kontijensi.storyline.arrivals import arrivals
from kontijensi.storyline.choosing import chances, draw_place, place_weights


class CallDesk:
    """Every stream of calls of the scenario."""

    def __init__(self, scene: Scene, approaches: Approaches, care: MedicalCare | None) -> None:
        self._scene, self._approaches, self._care = scene, approaches, care
        self._count: Counter[str] = Counter()
        self._plans = scene.around.world.scenario.calls
        self._on_scene = {stream: scene.around.streams.of("calls.on_scene", stream) for stream in self._plans}

    def begin(self) -> None:
        """Let the calls come in."""
        around = self._scene.around
        around.env.process(self._known())
        for stream, plan in around.world.scenario.calls.items():
            if plan.rate is not None:
                rng = around.streams.of("calls.rate", stream)
                happen = self._by_chance(stream, plan)
                around.env.process(arrivals(around.env, around.world, plan.rate, plan.phases, rng, happen))

    def call_in(self, stream: str, place: int, parent: int | None = None) -> None:
        """Take a call: it is detected and reported by the caller at once."""
        scene = self._scene
        plan = self._plans[stream]
        self._count[stream] = number = self._count[stream] + 1
        on_scene_s = plan.on_scene.draw(self._on_scene[stream])
        service = _Service(scene, on_scene_s, begins_anew=plan.interrupted == "restart")
        incident = Incident(
            id=f"{stream}-{number}",
            sort=Sort.CALL,
            of=stream,
            place=place,
            priority=plan.priority,
            needs=plan.needs,
            record=parent or 0,
            on_formed=service.begin,
            on_broken=service.stand_still,
            on_resumed=service.go_on,
            carries=plan.transport is not None,
        )
        scene.open_incident(incident, parent)
        scene.detect(incident, "caller")
        if plan.transport is not None and self._care is not None:
            self._enter_patient(incident, plan, self._care, on_scene_s)
        scene.posko.receive_report(incident, "caller", through_desk=plan.through_desk)
        if plan.patience is not None:
            scene.posko.expect_patience(incident, plan.patience)

    def _enter_patient(self, incident: Incident, plan: Calls, care: MedicalCare, on_scene_s: float) -> None:
        """Let the call be about a casualty, who is carried to hospital from there."""
        harm = Harm(incident.id, incident.place, "call", "public", plan.severity, 1)
        patient = care.new_patient(harm, incident.record)
        patient.report(self._scene)
        call = PatientCall(self._scene, self._approaches, care, incident, patient, on_scene_s)
        incident.on_formed, incident.on_change = call.formed, call.changed
        incident.on_broken = incident.on_resumed = None  # nobody is taken from a casualty

    def _by_chance(self, stream: str, plan: Calls) -> Callable[[], None]:
        scene, around = self._scene, self._scene.around
        rows = around.world.choose(plan.places)
        rng = around.streams.of("calls.place", stream)
        if len(rows) == 1:
            return partial(self.call_in, stream, int(rows[0]))

        if plan.weigh_by == "tension":

            def happen() -> None:
                weights = place_weights(around.world, rows, plan.weigh_by, scene.people.tension.highest_at)
                self.call_in(stream, draw_place(rng, rows, chances(weights)))
        else:
            steady = chances(
                place_weights(around.world, rows, plan.weigh_by, scene.people.tension.highest_at)
            )

            def happen() -> None:
                self.call_in(stream, draw_place(rng, rows, steady))

        return happen

    def _known(self) -> Generator[simpy.Event, Any, None]:
        """Let the calls of all streams come in; those of one moment in the order in which they are listed."""
        scene, around = self._scene, self._scene.around
        calendar, index = around.world.calendar, around.world.places.index
        listed = sorted(
            (
                calendar.seconds(call.at) if call.at is not None else float(call.after or 0.0),
                rank,
                number,
                stream,
                index[call.place],
            )
            for rank, (stream, plan) in enumerate(around.world.scenario.calls.items())
            for number, call in enumerate(plan.known)
        )
        for due_s, _rank, _number, stream, place in listed:
            if due_s >= scene.now_s:
                yield around.env.timeout(due_s - scene.now_s)
                self.call_in(stream, place)


class _Service:
    """The time on the spot of one call: it runs while the formation stands."""

    __slots__ = ("_begins_anew", "_due", "_left_s", "_scene", "_since_s")

    def __init__(self, scene: Scene, on_scene_s: float, *, begins_anew: bool) -> None:
        self._scene, self._left_s, self._begins_anew = scene, on_scene_s, begins_anew
        self._since_s = 0.0
        self._due: Due | None = None

    def begin(self, incident: Incident) -> None:
        """Begin: the formation stands for the first time."""
        self._scene.form(incident)
        self._run(incident)

    def stand_still(self, incident: Incident, unit: Unit, to: str | None) -> None:
        """Keep what is left for later, or forget what was done."""
        assert self._due is not None
        self._due.cancel()
        if not self._begins_anew:
            self._left_s -= self._scene.now_s - self._since_s
        self._scene.interrupt(incident, unit, to, self._left_s)

    def go_on(self, incident: Incident) -> None:
        """Go on with what is left: the formation stands again."""
        self._scene.resume(incident, self._left_s)
        self._run(incident)

    def _run(self, incident: Incident) -> None:
        env = self._scene.around.env
        self._since_s = env.now_s
        self._due = due(env, partial(self._done, incident), self._left_s)

    def _done(self, incident: Incident, _event: simpy.Event) -> None:
        if incident.outcome is None:
            self._scene.control(incident)
            self._scene.posko.close(incident, Outcome.SERVED)
