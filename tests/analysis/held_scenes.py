"""Random scenes held to standards that they cannot keep."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

from kontijensi.scenario.schema.service import Standard
from kontijensi.vocabulary.records import Record
from kontijensi.world import World
from tests.engine.scenes import run_world
from tests.properties.random_scenes import random_world

STANDARDS: dict[str, dict[str, Any]] = {
    "patrol": {"capability": "patrol", "within": "6 min"},
    "two": {"capability": "presence", "units": 2, "within": "15 min", "weigh_by": "voters"},
    "water": {"capability": "water", "within": "12 min"},
    "irritant": {"capability": "irritant", "within": "20 min", "phases": ["vote"]},
}


@lru_cache(maxsize=32)
def held_scene(number: int) -> tuple[World, list[Record]]:
    """Rehearse a random scene and return its world, with standards, and its log."""
    world = with_standards(random_world(number), STANDARDS)
    return world, run_world(world, seed=number)[1]


def with_standards(world: World, standards: dict[str, dict[str, Any]]) -> World:
    """Return the world held to other standards."""
    read = {key: Standard.model_validate(value) for key, value in standards.items()}
    return replace(world, scenario=world.scenario.model_copy(update={"standards": read}))
