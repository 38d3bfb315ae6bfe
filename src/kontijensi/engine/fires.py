"""Fires: they grow stage by stage until water is on them, and end when they are put out or have burnt out.

While any unit puts water on a fire it does not grow; when the last one has run dry, it grows on. What the
units use is taken from their own stock, and a dry unit goes home to refill. Between two changes everything is
linear, so the moment of the next one is known and nothing has to be looked at meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from math import inf

import numpy as np

from kontijensi.command.incident import Incident, Outcome, Sort
from kontijensi.engine.approach import Approaches
from kontijensi.engine.gatherings import Gatherings
from kontijensi.engine.scene import Harm, Scene
from kontijensi.responders.unit import Unit
from kontijensi.scenario.schema.area import PlaceKind
from kontijensi.scenario.schema.fires import FireStage, Fuel
from kontijensi.scenario.schema.force import Capability
from kontijensi.vocabulary.records import RecordKind

DROP_L = 1e-6
"""Water below this is what rounding leaves of none [L]."""


@dataclass(eq=False, slots=True)
class Fire:
    """One fire."""

    id: str
    place: int
    burns: Fuel
    started_s: float
    last_stage: int
    record: int
    incident: Incident
    needs_l: float
    """Water that will put it out [L]."""
    grows_s: float
    """Time until it grows, or burns out, when nobody fights it [s]."""
    stage: int = 0
    crews: dict[Unit, bool] = field(default_factory=dict)
    """Units at it, and whether they put water on it."""
    water_l: float = 0.0
    """Water put on it so far [L]."""
    since_s: float = 0.0
    """Until when water and growth are reckoned up [s]."""
    formed: bool = False
    """Whether it was written that the formation fights it."""
    written: int = 0
    """Number of units fighting it that was written last."""
    plan: int = 0
    """Number of the last plan for its next change; older ones are void."""
    ended: bool = False

    @property
    def fighting(self) -> list[Unit]:
        """Units that put water on it now."""
        return [unit for unit, on_it in self.crews.items() if on_it]


class Fires:
    """Every fire of a run."""

    def __init__(self, scene: Scene, approaches: Approaches, gatherings: Gatherings) -> None:
        self._scene, self._approaches, self._gatherings = scene, approaches, gatherings
        self._plan = scene.around.world.scenario.fires
        self._flow_lps = self._plan.flow_lpm / 60.0
        self._burning: dict[int, list[Fire]] = {}
        self._red: dict[int, float] = {}
        self._lost: set[int] = set()
        if self._plan.from_red > 0:
            gatherings.on_look.append(self._situation)

    def ignite(self, name: str, place: int, burns: Fuel, parent: int, most_stage: int | None = None) -> None:
        """Let a fire begin at a place."""
        scene, plan = self._scene, self._plan
        fire_id = scene.name(f"{name}:fire")
        record = scene.write(RecordKind.FIRE_STARTED, fire_id, place, parent, of=name, burns=burns)
        incident = Incident(
            id=f"{fire_id}:alarm",
            sort=Sort.FIRE,
            of=fire_id,
            place=place,
            priority=plan.priority,
            needs={Capability.FIRE: plan.stages[0].units},
            record=record,
        )
        fire = Fire(
            id=fire_id,
            place=place,
            burns=burns,
            started_s=scene.now_s,
            last_stage=min(most_stage or len(plan.stages), len(plan.stages)) - 1,
            record=record,
            incident=incident,
            needs_l=plan.stages[0].water,
            grows_s=self._lasts(fire_id, plan.stages[0]),
            since_s=scene.now_s,
        )
        incident.on_formed = incident.on_change = partial(self._crews_changed, fire)
        self._burning.setdefault(place, []).append(fire)
        scene.continuity.burns(place, scene.now_s, on_fire=True)
        scene.open_incident(incident, record)
        scene.detect(incident, "caller")
        delay_s = plan.reported.draw(scene.around.streams.of("fires.reported", scene.around.place_id(place)))
        scene.later(delay_s, lambda: scene.posko.receive_report(incident, "caller"))
        self._enter_stage(fire)
        if plan.burns > 0:
            self._expect_burns(fire)

    # -- how it burns ----------------------------------------------------------------------------------------

    def _reckon(self, fire: Fire) -> None:
        """Take the water used and the time passed since the last change into account."""
        passed_s, fire.since_s = self._scene.now_s - fire.since_s, self._scene.now_s
        fighting = fire.fighting
        if not fighting:
            fire.grows_s -= passed_s
        for unit in fighting:
            used_l = unit.use_stock("water", self._flow_lps * passed_s)
            fire.water_l += used_l
            fire.needs_l -= used_l

    def _expect_change(self, fire: Fire) -> None:
        """Work out when the next thing happens to it by itself: out, a unit dry, grown or burnt out."""
        fire.plan += 1
        fighting = fire.fighting
        if fighting:
            out_s = fire.needs_l / (self._flow_lps * len(fighting))
            dry_s = min(unit.stock.get("water", 0.0) for unit in fighting) / self._flow_lps
            due_s = min(out_s, dry_s)
        else:
            due_s = fire.grows_s
        if due_s < inf:
            self._scene.later(max(due_s, 0.0), partial(self._changes, fire, fire.plan))

    def _changes(self, fire: Fire, plan: int) -> None:
        if fire.ended or plan != fire.plan:
            return
        self._reckon(fire)
        if fire.fighting:
            if fire.needs_l <= DROP_L:
                self._end(fire, "put_out", Outcome.CONTROLLED)
                return
            self._send_dry_home(fire)
        elif fire.stage < fire.last_stage:
            fire.stage += 1
            stage = self._plan.stages[fire.stage]
            fire.needs_l, fire.grows_s = stage.water, self._lasts(fire.id, stage)
            self._write(RecordKind.FIRE_GREW, fire, stage=fire.stage + 1)
            self._enter_stage(fire)
            return
        else:
            self._end(fire, "burnt_out", Outcome.UNAIDED)
            return
        self._expect_change(fire)

    def _enter_stage(self, fire: Fire) -> None:
        """Take what belongs to its stage, and ask for the units that it calls for."""
        stage = self._plan.stages[fire.stage]
        kind = self._scene.around.world.places.kind[fire.place]
        ballots = fire.burns == "ballots" or kind is PlaceKind.BALLOT_STORE
        if ballots and fire.stage + 1 >= self._plan.materials_lost_at and fire.place not in self._lost:
            self._lost.add(fire.place)
            self._write(RecordKind.MATERIALS_LOST, fire, voters=self._voters_of(fire.place))
        incident = fire.incident
        if incident.needs != {Capability.FIRE: stage.units}:
            incident.needs = {Capability.FIRE: stage.units}
            self._scene.change_needs(incident)
        self._expect_change(fire)

    def _voters_of(self, place: int) -> int:
        """Voters whose ballots are at a place: its own, else those of its district, else of the area."""
        places = self._scene.around.world.places
        if places.voters[place] > 0:
            return int(places.voters[place])
        district = places.district[place]
        mine = [district is None or other == district for other in places.district]
        stations = [kind is PlaceKind.TPS for kind in places.kind]
        return int(places.voters[np.array(mine) & np.array(stations)].sum())

    def _end(self, fire: Fire, how: str, outcome: Outcome) -> None:
        fire.ended = True
        scene, here = self._scene, self._burning[fire.place]
        for unit in fire.fighting:
            fire.crews[unit] = False
        self._write_fight(fire)
        burnt_s = scene.now_s - fire.started_s
        self._write(
            RecordKind.FIRE_ENDED, fire, how=how, stage=fire.stage + 1, burnt_s=burnt_s, water=fire.water_l
        )
        here.remove(fire)
        if not here:
            del self._burning[fire.place]
            scene.continuity.burns(fire.place, scene.now_s, on_fire=False)
        if outcome is Outcome.CONTROLLED:
            self._note_formed(fire)
            scene.control(fire.incident)
        scene.posko.close(fire.incident, outcome)

    # -- those who fight it ----------------------------------------------------------------------------------

    def _crews_changed(self, fire: Fire, incident: Incident) -> None:
        """Units have come or gone."""
        if fire.ended:
            return
        for unit in [unit for unit in fire.crews if unit not in incident.arrived]:
            self._reckon(fire)
            self._approaches.leave(unit)
            del fire.crews[unit]
            self._write_fight(fire)
            self._expect_change(fire)
            self._scene.posko.ask_again(incident)
        for unit in list(incident.arrived):
            if unit not in fire.crews:
                fire.crews[unit] = False
                self._approaches.enter(unit, fire.place, incident.id, partial(self._go_in, fire, unit))

    def _go_in(self, fire: Fire, unit: Unit) -> None:
        if fire.ended:
            return
        self._reckon(fire)
        unit.begin_acting()
        fire.crews[unit] = True
        if fire.incident.formed and all(fire.crews.values()):
            self._note_formed(fire)
        self._write_fight(fire)
        self._send_dry_home(fire)
        self._expect_change(fire)

    def _send_dry_home(self, fire: Fire) -> None:
        """Let units go that have no water left; they come back when they are refilled and still needed."""
        for unit in fire.fighting:
            if unit.stock.get("water", 0.0) <= DROP_L:
                fire.crews[unit] = False
                unit.release()
        self._write_fight(fire)

    def _note_formed(self, fire: Fire) -> None:
        if not fire.formed:
            fire.formed = fire.incident.formed = True
            self._scene.form(fire.incident)

    def _write_fight(self, fire: Fire) -> None:
        n = len(fire.fighting)
        if n != fire.written:
            fire.written = n
            self._write(RecordKind.FIRE_FOUGHT, fire, units=n, water=fire.water_l)

    # -- what comes of it, and what it comes of --------------------------------------------------------------

    def _expect_burns(self, fire: Fire) -> None:
        rng = self._scene.around.streams.of("fires.burns", fire.id)

        def burn() -> None:
            if fire.ended:
                return
            shares = self._plan.burn_severity
            severity = list(shares)[int(rng.choice(len(shares), p=list(shares.values())))]
            self._scene.harm(Harm(fire.id, fire.place, "burn", "public", severity, 1), fire.record)
            self._expect_burns(fire)

        self._scene.later(float(rng.exponential(3600.0 / self._plan.burns)), burn)

    def _situation(self, place: int) -> None:
        """A red situation may set fires for as long as it is red."""
        red = self._gatherings.worst_colour_at(place) == "red"
        if not red:
            self._red.pop(place, None)
        elif place not in self._red:
            self._red[place] = self._scene.now_s
            self._expect_fire(place, self._scene.now_s)

    def _expect_fire(self, place: int, since_s: float) -> None:
        rng = self._scene.around.streams.of("fires.from_red", self._scene.around.place_id(place))

        def begin() -> None:
            episode = self._gatherings.at(place)
            if episode is not None and self._red.get(place) == since_s:
                self.ignite(episode.id, place, "tyres", episode.parent, 1)
                self._expect_fire(place, since_s)

        self._scene.later(float(rng.exponential(3600.0 / self._plan.from_red)), begin)

    def _lasts(self, fire: str, stage: FireStage) -> float:
        return stage.lasts.draw(self._scene.around.streams.of("fires.growth", fire))

    def _write(self, kind: RecordKind, fire: Fire, **values: object) -> None:
        fire.record = self._scene.write(kind, fire.id, fire.place, fire.record, **values)
