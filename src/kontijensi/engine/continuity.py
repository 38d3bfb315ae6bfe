"""Voting and counting that had to stop: a polling station stops while the situation at it is not orderly."""

from __future__ import annotations

from kontijensi.command.situation import LEVEL
from kontijensi.scenario.schema.area import PlaceKind
from kontijensi.scenario.schema.force import Colour
from kontijensi.scenario.schema.phases import PhaseKind
from kontijensi.vocabulary.log import Log
from kontijensi.vocabulary.records import RecordKind
from kontijensi.world.phases import PhaseSpan
from kontijensi.world.world import World

AT_WORK = frozenset({PhaseKind.VOTING, PhaseKind.COUNTING, PhaseKind.TABULATION})


class Continuity:
    """Which stations have stopped, and since when."""

    def __init__(self, world: World, log: Log) -> None:
        self._world, self._log = world, log
        self._disturbed: dict[int, set[str]] = {}
        """What keeps a place from being orderly: its situation, a fire."""
        self._stopped: dict[int, tuple[float, int]] = {}
        self._phase: PhaseSpan | None = None

    def enter_phase(self, phase: PhaseSpan | None, now_s: float) -> None:
        """Another phase has begun, or none: what had stopped in the last one is over with it."""
        if phase is self._phase:
            return
        for place in list(self._stopped):
            self._resume(place, now_s)
        self._phase = phase
        for place in sorted(self._disturbed):
            self._weigh(place, now_s)

    def colour_changed(self, place: int, colour: Colour, now_s: float) -> None:
        """The worst situation at a place has taken another colour."""
        self._disturb(place, "situation", now_s, holds=LEVEL[colour] > 0)

    def burns(self, place: int, now_s: float, *, on_fire: bool) -> None:
        """A fire has begun at a place, or the last one there is out."""
        self._disturb(place, "fire", now_s, holds=on_fire)

    def _disturb(self, place: int, cause: str, now_s: float, *, holds: bool) -> None:
        self.enter_phase(self._world.phase_at(now_s), now_s)  # it may begin at this very instant
        causes = self._disturbed.setdefault(place, set())
        if holds:
            causes.add(cause)
        else:
            causes.discard(cause)
        if not causes:
            del self._disturbed[place]
        self._weigh(place, now_s)

    def _weigh(self, place: int, now_s: float) -> None:
        phase, kind = self._phase, self._world.places.kind[place]
        disturbed = place in self._disturbed
        if (
            phase is None
            or phase.kind not in AT_WORK
            or kind is not PlaceKind.TPS
            or kind not in phase.exposes
        ):
            return
        if disturbed and place not in self._stopped:
            voters = int(self._world.places.voters[place])
            place_id = self._world.places.ids[place]
            record = self._log.write(RecordKind.VOTING_STOPPED, phase.id, place_id, voters=voters)
            self._stopped[place] = (now_s, record)
        elif not disturbed and place in self._stopped:
            self._resume(place, now_s)

    def _resume(self, place: int, now_s: float) -> None:
        since_s, record = self._stopped.pop(place)
        assert self._phase is not None
        place_id = self._world.places.ids[place]
        self._log.write(
            RecordKind.VOTING_RESUMED, self._phase.id, place_id, record, stopped_s=now_s - since_s
        )
