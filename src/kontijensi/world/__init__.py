"""The world as frozen arrays: places, roads and travel times, phases, the fleet and the guards."""

from kontijensi.world.world import World, compile_world

__all__ = ["World", "compile_world"]
