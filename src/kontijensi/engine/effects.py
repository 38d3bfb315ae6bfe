"""What each effect of a trigger does in the run: one method an effect."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, singledispatchmethod

import numpy as np

from kontijensi.engine.alarms import false_report
from kontijensi.engine.calls import CallDesk
from kontijensi.engine.fires import Fires
from kontijensi.engine.gatherings import Gatherings
from kontijensi.engine.marches import Marching
from kontijensi.engine.scene import Harm, Scene
from kontijensi.responders.states import UnitState
from kontijensi.scenario.schema import storyline as say
from kontijensi.scenario.schema.distributions import Delay
from kontijensi.storyline.storyline import Firing
from kontijensi.vocabulary.records import RecordKind


class Effects:
    """Carries out the effects of triggers that fire."""

    def __init__(
        self,
        scene: Scene,
        gatherings: Gatherings,
        calls: CallDesk,
        fires: Fires,
        finish: Callable[[str | None], None],
    ) -> None:
        self._scene, self._gatherings, self._calls, self._finish = scene, gatherings, calls, finish
        self._fires = fires
        self._around = scene.around

    def act(self, firing: Firing) -> None:
        """Carry out what a trigger does, in order."""
        for effect in firing.effects:
            self.take(effect, firing)

    @singledispatchmethod
    def take(self, effect: object, firing: Firing) -> None:
        """Carry out one effect."""
        raise TypeError(f"{type(effect).__name__}: no such effect")

    @take.register
    def _(self, effect: say.RaiseTension, firing: Firing) -> None:
        people = self._scene.people
        people.bring_up_to(self._around.world, self._scene.now_s)
        people.tension.jump(effect.channel, people.villages.reached(firing.place, effect.reach), effect.by)
        self._write(RecordKind.TENSION_RAISED, effect.channel, firing, by=effect.by, reach=effect.reach)
        self._scene.notice(None)

    @take.register
    def _(self, effect: say.CutLegitimacy, firing: Firing) -> None:
        people = self._scene.people
        people.bring_up_to(self._around.world, self._scene.now_s)
        reached = people.villages.reached(firing.place, effect.reach)
        for camp in effect.camps or people.legitimacy.camps:
            people.legitimacy.jump(camp, reached, -effect.by)
            self._write(RecordKind.LEGITIMACY_CUT, camp, firing, by=effect.by, reach=effect.reach)
        self._scene.notice(None)

    @take.register
    def _(self, effect: say.GatherCrowd, firing: Firing) -> None:
        size = round(effect.size.draw(self._around.streams.of("crowd.size", firing.trigger)))
        if effect.outlet is not None:
            heard = self._scene.intakes.heard_share(effect.outlet.intake, firing.place)
            size = round(size * (1.0 - effect.outlet.takes * heard))
        stays_s = self._draw(effect.stays, "crowd.stays", firing)
        if size > 0:
            name = f"{firing.trigger}-{firing.number}"
            episode = self._gatherings.gather(name, firing.place, effect, size, firing.record)
            self._gatherings.stay(episode, effect.over + stays_s)

    @take.register
    def _(self, effect: say.SecondWave, firing: Firing) -> None:
        size = round(effect.size.draw(self._around.streams.of("crowd.second_size", firing.trigger)))

        def come() -> None:
            if size > 0 and self._gatherings.at(firing.place) is not None:
                name = f"{firing.trigger}-{firing.number}"
                episode = self._gatherings.gather(name, firing.place, effect, size, firing.record)
                self._gatherings.stay(episode, effect.over + stays_s)

        stays_s = self._draw(effect.stays, "crowd.second_stays", firing)
        self._scene.later(self._draw(effect.after, "crowd.second", firing), come)

    @take.register
    def _(self, effect: say.March, firing: Firing) -> None:
        self._scene.later(
            self._draw(effect.after, "crowd.march", firing), lambda: self._set_out(effect, firing)
        )

    @take.register
    def _(self, effect: say.CloseRoad, firing: Firing) -> None:
        network = self._around.world.roads
        if effect.between is None:
            roads = network.roads_at(firing.place)
        else:
            road = network.road_between(*effect.between)
            roads = [] if road is None else [road]
        lasts_s = self._draw(effect.lasts, "roads.closed", firing)
        for road in roads:
            record = self._write(RecordKind.ROAD_CLOSED, road, firing, until_s=self._scene.now_s + lasts_s)
            self._around.roads.close(road)
            self._scene.later(lasts_s, partial(self._open, road, record))

    @take.register
    def _(self, effect: say.FalseReport, firing: Firing) -> None:
        delay_s = self._draw(effect.delay, "storyline.false", firing)
        false_report(self._scene, f"{firing.trigger}-{firing.number}", firing.place, effect.colour, delay_s)

    @take.register
    def _(self, effect: say.LoseUnit, firing: Firing) -> None:
        lasts_s = self._draw(effect.lasts, "units.lost", firing)
        gone = {UnitState.LOST, UnitState.ABSENT}
        fit = [
            unit for unit in self._scene.units if unit.spec.group == effect.unit and unit.state not in gone
        ]
        for unit in fit[: effect.count]:
            unit.lose(lasts_s, firing.record)
        self._scene.notice(None)

    @take.register
    def _(self, effect: say.LoseChannel, firing: Firing) -> None:
        silent = frozenset(self._places_reached(firing.place, effect.reach))
        silenced = [
            each
            for each in self._scene.people.observers
            if effect.observers in (None, each.entry) and each.place in silent
        ]
        lasts_s = self._draw(effect.lasts, "observers.lost", firing)
        name = effect.observers or "all"
        record = self._write(RecordKind.CHANNEL_LOST, name, firing, until_s=self._scene.now_s + lasts_s)
        dark = sorted(silent) if effect.radio else []
        for each in silenced:
            each.cut_off += 1
        for place in dark:
            self._scene.field_reports.lose(place)

        def restore() -> None:
            for each in silenced:
                each.cut_off -= 1
            for place in dark:
                self._scene.field_reports.restore(place)
            self._scene.write(RecordKind.CHANNEL_RESTORED, name, firing.place, record)

        self._scene.later(lasts_s, restore)

    @take.register
    def _(self, effect: say.Routine, firing: Firing) -> None:
        self._calls.call_in(effect.call, firing.place, firing.record)

    @take.register
    def _(self, effect: say.StartRumour, firing: Firing) -> None:
        self._scene.hearsay.start(effect.rumour, firing.place, effect.people, firing.record)

    @take.register
    def _(self, effect: say.Clarify, firing: Firing) -> None:
        lasts_s = self._draw(effect.lasts, "community.clarified", firing)
        reached = self._scene.people.villages.reached(firing.place, effect.reach)
        self._scene.hearsay.clarify(effect.rumour, reached, effect.faster, lasts_s)
        self._write(
            RecordKind.RUMOUR_CLARIFIED,
            effect.rumour,
            firing,
            faster=effect.faster,
            reach=effect.reach,
            until_s=self._scene.now_s + lasts_s,
        )

    @take.register
    def _(self, effect: say.Complain, firing: Firing) -> None:
        rng = self._around.streams.of("community.complaints", firing.trigger)
        for _complaint in range(round(effect.count.draw(rng))):
            self._scene.intakes.file(effect.intake, firing.place, firing.record)

    @take.register
    def _(self, effect: say.Injure, firing: Firing) -> None:
        people = round(effect.people.draw(self._around.streams.of("harm.people", firing.trigger)))
        shares = list(effect.severity.values())
        rng = self._around.streams.of("harm.severity", firing.trigger)
        counts = rng.multinomial(people, shares) if len(shares) > 1 else [people]
        name = f"{firing.trigger}-{firing.number}"
        for severity, hurt in zip(effect.severity, counts, strict=True):
            if hurt > 0:
                harm = Harm(name, firing.place, effect.cause, effect.who, severity, int(hurt))
                self._scene.harm(harm, firing.record)

    @take.register
    def _(self, effect: say.SetFire, firing: Firing) -> None:
        name = f"{firing.trigger}-{firing.number}"
        self._fires.ignite(name, firing.place, effect.burns, firing.record, effect.most_stage)

    @take.register
    def _(self, effect: say.EndRun, firing: Firing) -> None:
        self._finish(effect.outcome)

    def _places_reached(self, place: int, reach: say.Reach) -> list[int]:
        """Return the rows of the places that an effect reaches."""
        if reach == "place":
            return [place]
        villages = self._scene.people.villages
        return [int(row) for row in np.flatnonzero(villages.reached(place, reach)[villages.of_place])]

    def _set_out(self, effect: say.March, firing: Firing) -> None:
        """Let part of a crowd leave for another place, and arrive there in its time."""
        episode, goal = self._gatherings.at(firing.place), self._goal(effect, firing.place)
        if episode is None or goal is None or goal == firing.place:
            return
        march = Marching(self._scene, effect, firing.place, goal)
        way = march.way()
        if not way:
            return
        party = self._scene.masses.depart(episode.crowd.slot, effect.share)
        if party.count == 0:
            return
        to = self._around.place_id(goal)
        record = self._scene.write(
            RecordKind.CROWD_MARCHED,
            episode.id,
            firing.place,
            firing.record,
            to=to,
            people=party.count,
            arrives_s=self._scene.now_s + way[-1][1],
        )

        def arrive() -> None:
            there = self._gatherings.marchers_arrive(f"{episode.id}-{to}", goal, party, record)
            stays_s = self._draw(effect.stays, "crowd.march_stays", firing)
            self._gatherings.stay(there, stays_s)

        march.set_out(episode.id, party.count, record, arrive)

    def _goal(self, effect: say.March, place: int) -> int | None:
        """Row of the place a march goes to: the one named, or the nearest of its kind by road."""
        places = self._around.world.places
        if effect.to is not None:
            return places.index[effect.to]
        rows = [row for row, kind in enumerate(places.kind) if kind == effect.to_kind and row != place]
        if not rows:
            return None
        times = self._around.roads.times_from(place, self._scene.now_s, mode=effect.mode)[rows]
        return rows[int(np.argmin(times))]

    def _open(self, road: str, record: int) -> None:
        self._scene.write(RecordKind.ROAD_OPENED, road, parent=record)
        self._around.roads.open(road)

    def _draw(self, delay: Delay, decision: str, firing: Firing) -> float:
        return delay.draw(self._around.streams.of(decision, firing.trigger))

    def _write(self, kind: RecordKind, entity: str, firing: Firing, **values: object) -> int:
        return self._scene.write(kind, entity, firing.place, firing.record, **values)
