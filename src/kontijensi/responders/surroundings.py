"""What an acting agent needs around it: the clock, the log, the dice and the roads."""

from __future__ import annotations

from dataclasses import dataclass

from kontijensi.responders.agenda import Clock
from kontijensi.vocabulary.log import Log
from kontijensi.vocabulary.streams import Streams
from kontijensi.world.closures import LiveRoads
from kontijensi.world.world import World


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Handed to everyone who acts in a run."""

    env: Clock
    world: World
    log: Log
    streams: Streams
    roads: LiveRoads

    def place_id(self, row: int) -> str:
        """Name of a place."""
        return self.world.places.ids[row]
