"""Crowds on the road: what those present do to the traffic at their place."""

from __future__ import annotations

from kontijensi.engine.scene import Scene
from kontijensi.scenario.schema.area import CrowdedRoads
from kontijensi.vocabulary.records import RecordKind

EASES = 0.8
"""A road eases when fewer than this share of what hindered it are there, lest it flicker (assumed)."""
FREE, SLOW, BARRED = range(3)


class RoadCrowding:
    """How far the roads at each place are hindered by the crowd there."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._plan = scene.around.world.scenario.area.roads.crowds
        self._level: dict[int, int] = {}

    def look(self, crowd: str, place: int, present: int, parent: int) -> None:
        """Hinder or free the roads at a place by the number of people who are there now."""
        plan = self._plan
        if plan is None:
            return
        before = self._level.get(place, FREE)
        level = level_of(plan, present, before)
        if level == before:
            return
        self._level[place] = level
        roads = self._scene.around.roads
        if level == FREE:
            self._scene.write(RecordKind.ROADS_CLEARED, crowd, place, parent)
            roads.clear(place)
        else:
            blocks = level == BARRED
            self._scene.write(
                RecordKind.ROADS_CROWDED,
                crowd,
                place,
                parent,
                present=present,
                factor=plan.factor,
                blocks=blocks,
            )
            roads.crowd(place, plan.factor, blocks=blocks)


def level_of(plan: CrowdedRoads, present: int, before: int) -> int:
    """Return what so many people do to a road, by what they did to it before."""
    bounds = (plan.slow_from, plan.close_from)
    level = FREE
    for number, bound in enumerate(bounds, start=SLOW):
        if bound is not None and present >= bound * (EASES if before >= number else 1.0):
            level = number
    return level
