"""The run: every agent wired to the one SimPy clock.

`Operation` is a Mesa model, so that Mesa's own tools work on a run; SimPy alone decides what happens when.
Nothing polls: processes wait for events, and only crowds that are present, and the tension field, advance in
steps of time.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from typing import Any

import mesa
import simpy

from kontijensi.command.posko import Posko
from kontijensi.community import life
from kontijensi.community.complaints import Intakes
from kontijensi.community.observers import Observers
from kontijensi.community.programmes import run_programme
from kontijensi.community.rumours import Hearsay
from kontijensi.crowd import Masses
from kontijensi.engine.alarms import false_report
from kontijensi.engine.approach import Approaches
from kontijensi.engine.calls import CallDesk
from kontijensi.engine.continuity import Continuity
from kontijensi.engine.duty import keep_hours
from kontijensi.engine.effects import Effects
from kontijensi.engine.field_reports import FieldReports
from kontijensi.engine.fires import Fires
from kontijensi.engine.gatherings import Gatherings
from kontijensi.engine.medical import MedicalCare
from kontijensi.engine.scene import Scene, WatchCrowd, guards_by_place
from kontijensi.engine.situation import LiveSituation
from kontijensi.responders.agenda import Clock
from kontijensi.responders.surroundings import Surroundings
from kontijensi.responders.unit import Unit
from kontijensi.storyline.injects import Inject
from kontijensi.storyline.storyline import Storyline
from kontijensi.vocabulary.log import Log, Sink
from kontijensi.vocabulary.memory import collector_at_rest
from kontijensi.vocabulary.records import RecordKind
from kontijensi.vocabulary.streams import Streams
from kontijensi.world import World
from kontijensi.world.closures import LiveRoads
from kontijensi.world.phases import PhaseSpan

Process = Generator[simpy.Event, Any, None]
Progress = Callable[[float], None]
"""Takes the simulated time [s]."""


class Operation(mesa.Model):
    """One rehearsal, from the start of the scenario to its horizon."""

    def __init__(
        self,
        world: World,
        *,
        seed: int,
        replication: int = 0,
        emit: Sink,
        watch_crowd: WatchCrowd | None = None,
        injects: Sequence[Inject] = (),
    ) -> None:
        super().__init__(seed=seed % 2**32)
        self.world = world
        self.env = Clock()
        self.outcome: str | None = None
        self._ended_s: float | None = None
        self._log = Log(emit, self.env)
        around = Surroundings(self.env, world, self._log, Streams(seed, replication), LiveRoads(world))
        units = tuple(Unit(self, spec, around) for spec in world.fleet)
        self._life = life.Life(
            self.env, world, self._log, around.streams, life.people(self, world), self._notice_everywhere
        )
        self.scene = Scene(
            model=self,
            around=around,
            people=self._life.people,
            hearsay=Hearsay(self._life),
            intakes=Intakes(self._life),
            units=units,
            posko=Posko(around, units),
            masses=Masses(world.scenario.crowd, len(world.scenario.community.camps)),
            continuity=Continuity(world, self._log),
            guards=guards_by_place(world.guards),
            field_reports=FieldReports(around),
            watch_crowd=watch_crowd,
            notice=self._notice,
        )
        self.gatherings = Gatherings(self.scene)
        approaches = Approaches(self.scene, self.gatherings)
        plan = world.scenario.medical
        self.care = None if plan is None else MedicalCare(self.scene, plan, approaches, self.gatherings)
        self._calls = CallDesk(self.scene, approaches, self.care)
        fires = Fires(self.scene, approaches, self.gatherings)
        effects = Effects(self.scene, self.gatherings, self._calls, fires, self.finish)
        self._storyline = Storyline(around, LiveSituation(self.gatherings), effects.act)
        if self._storyline.watches_command:
            self.scene.posko.on_change.append(self._storyline.notice)
        self._log.write(RecordKind.RUN_BEGAN, world.scenario.name, seed=seed, replication=replication)
        self._begin(injects)

    def run(self, progress: Progress | None = None) -> None:
        """Run to the horizon, or until an effect ends the rehearsal."""
        horizon_s, env = self.world.horizon_s, self.env
        with collector_at_rest():
            env.pass_time(horizon_s, progress)
        self.gatherings.finish()
        if self._ended_s is None:
            env.run(until=horizon_s)  # nothing is due before it any more: this only turns the clock
            self._ended_s = horizon_s
        self.scene.posko.finish()
        self.scene.people.bring_up_to(self.world, self._ended_s)
        life.write_levels(self.scene.people, self._log)
        self.scene.hearsay.finish()
        self._log.write(RecordKind.RUN_ENDED, self.world.scenario.name, outcome=self.outcome)
        if progress is not None:
            progress(horizon_s)

    def step(self) -> None:
        """Advance by one crowd tick, for Mesa's own tools."""
        until_s = min(self.env.now + self.world.scenario.crowd_tick, self.world.horizon_s)
        if until_s > self.env.now and self._ended_s is None:
            self.env.run(until=until_s)

    def finish(self, outcome: str | None) -> None:
        """End the rehearsal at this instant."""
        self.outcome, self._ended_s = outcome or "", float(self.env.now)
        self.env.stop()

    def _notice(self, places: list[int] | None) -> None:
        self._storyline.notice(places)

    def _notice_everywhere(self) -> None:
        self._storyline.notice(None)

    def _begin(self, injects: Sequence[Inject]) -> None:
        env, world, scene = self.env, self.world, self.scene
        for phase in world.phases:
            env.process(self._keep_phase(phase))
        for unit in scene.units:
            keep_hours(env, unit)
            scene.around.roads.on_change.append(unit.roads_changed)
        env.process(life.pass_time(self._life))
        env.process(life.sample_days(self._life))
        for programme in world.scenario.community.programmes.items():
            env.process(run_programme(self._life, scene.hearsay, programme))
        for entry in world.scenario.community.observers:
            env.process(life.false_alarms(self._life, entry, self._false_alarm))
        scene.intakes.begin()
        self._calls.begin()
        self._storyline.begin(injects)

    def _keep_phase(self, phase: PhaseSpan) -> Process:
        if phase.end_s <= 0 or phase.start_s >= self.world.horizon_s:
            return
        if phase.start_s > 0:
            yield self.env.timeout(phase.start_s)
        record = self._log.write(RecordKind.PHASE_BEGAN, phase.id)
        self.scene.continuity.enter_phase(phase, self.env.now)
        self.scene.notice(None)
        yield self.env.timeout(phase.end_s - self.env.now)
        self.scene.continuity.enter_phase(self.world.phase_at(self.env.now), self.env.now)
        self._log.write(RecordKind.PHASE_ENDED, phase.id, parent=record)
        self.scene.notice(None)

    def _false_alarm(self, observer: Observers) -> None:
        rng = self.scene.around.streams.of("community.false_alarm_delay", observer.entry)
        name = f"alarm-{observer.entry}-{round(self.env.now)}"
        assert observer.way is not None
        relay_s = self.scene.relay_s(observer.plan, name, observer.entry)
        false_report(self.scene, name, observer.place, "yellow", observer.way.draw(rng) + relay_s)
