"""Marches: part of a crowd on its way over the roads to another place."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import simpy

from kontijensi.engine.scene import Scene
from kontijensi.scenario.schema.area import RoadClass
from kontijensi.scenario.schema.storyline import March
from kontijensi.vocabulary.records import RecordKind

Steps = list[tuple[int, float]]


class Marching:
    """One march. Where the roads change it takes another way at the next junction, or waits there for one."""

    def __init__(self, scene: Scene, plan: March, start: int, goal: int) -> None:
        self._scene, self._mode, self._node, self._goal = scene, plan.mode, start, goal
        self._roads = scene.around.roads
        local_kmh = scene.around.world.scenario.area.travel.speed_kmh(plan.mode, RoadClass.LOCAL)
        self._pace = plan.speed_kmh / local_kmh if local_kmh > 0 else 1.0

    def way(self) -> Steps:
        """Return the way ahead and the time to each node of it [s]; empty where there is none."""
        return self._roads.path(self._node, self._goal, self._scene.now_s, self._pace, self._mode)

    def set_out(self, crowd: str, people: int, parent: int, arrive: Callable[[], None]) -> None:
        """Let it go, and call `arrive` when it is there."""
        self._crowd, self._people, self._parent, self._arrive = crowd, people, parent, arrive
        self._scene.around.env.process(self._go())

    def _go(self) -> Generator[simpy.Event, Any, None]:
        way = self.way()
        while self._node != self._goal:
            ahead = [node for node, _time_s in way]
            if way:
                yield from self._until_changed(way)
            else:
                yield self._next_change()
            if self._node != self._goal:
                way = self.way()
                following = [node for node, _time_s in way]
                if not following or following != ahead[-len(following) :]:
                    self._write_rerouted(way)
        self._arrive()

    def _until_changed(self, way: Steps) -> Generator[simpy.Event, Any, None]:
        """Walk from junction to junction until it is there or the roads are no longer what they were."""
        env, state, began_s = self._scene.around.env, self._roads.state, self._scene.now_s
        for node, passed_s in way[1:]:
            yield env.timeout(max(began_s + passed_s - env.now, 0.0))
            self._node = node
            if self._roads.state != state:
                return

    def _next_change(self) -> simpy.Event:
        """Return an event that happens at the next change of the roads."""
        changed = self._scene.around.env.event()

        def tell() -> None:
            self._roads.on_change.remove(tell)
            changed.succeed()

        self._roads.on_change.append(tell)
        return changed

    def _write_rerouted(self, way: Steps) -> None:
        now_s = self._scene.now_s
        self._scene.around.log.write(
            RecordKind.MARCH_REROUTED,
            self._crowd,
            self._scene.around.world.roads.nodes[self._node],
            self._parent,
            to=self._scene.around.place_id(self._goal),
            people=self._people,
            arrives_s=now_s + way[-1][1] if way else None,
        )
