"""A safe approach: medical and fire crews wait at the edge of a place until it is safe to go in.

A place is unsafe while a crowd there is red, or so many of it are violent, and no line stands before it.
Nobody looks at a clock: each crowd tells when its colour, its counts or the conduct of the units there has
changed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kontijensi.engine.gatherings import Gatherings
from kontijensi.engine.scene import Scene
from kontijensi.responders.unit import Unit
from kontijensi.vocabulary.records import RecordKind


@dataclass(slots=True)
class _Held:
    incident: str
    since_s: float
    record: int
    go_in: Callable[[], None]


class Approaches:
    """The crews that wait at the edge of a place."""

    def __init__(self, scene: Scene, gatherings: Gatherings) -> None:
        self._scene, self._gatherings = scene, gatherings
        self._violent = scene.around.world.scenario.command.unsafe_violent
        self._held: dict[int, dict[Unit, _Held]] = {}
        gatherings.on_look.append(self.look)

    def safe(self, place: int) -> bool:
        """Tell whether crews may go in at a place."""
        return not any(
            self._dangerous(episode.colour, 0 if episode.crowd.last is None else episode.crowd.last.violent)
            for episode in self._gatherings.episodes.values()
            if episode.place == place and not episode.field_command.conduct.line
        )

    def enter(self, unit: Unit, place: int, incident: str, go_in: Callable[[], None]) -> None:
        """Let a crew that is at the edge go in: at once where it is safe, else as soon as it is."""
        if self.safe(place):
            go_in()
            return
        episode = self._gatherings.at(place)
        if episode is not None:
            episode.be_seen_by_crew()
        record = self._scene.write(RecordKind.APPROACH_HELD, unit.spec.id, place, incident=incident)
        self._held.setdefault(place, {})[unit] = _Held(incident, self._scene.now_s, record, go_in)

    def leave(self, unit: Unit) -> None:
        """A crew waits no longer: it was called away, or is out of action."""
        for place, held in list(self._held.items()):
            held.pop(unit, None)
            if not held:
                del self._held[place]

    def look(self, place: int) -> None:
        """Something has changed at a place: those who wait there go in if it is safe now."""
        if place not in self._held or not self.safe(place):
            return
        for unit, held in self._held.pop(place).items():
            held_s = self._scene.now_s - held.since_s
            self._scene.write(
                RecordKind.APPROACH_CLEARED,
                unit.spec.id,
                place,
                held.record,
                incident=held.incident,
                held_s=held_s,
            )
            held.go_in()

    def _dangerous(self, colour: str, violent: int) -> bool:
        return colour == "red" or (self._violent is not None and violent >= self._violent)
