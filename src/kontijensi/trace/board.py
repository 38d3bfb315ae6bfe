"""The board at a moment: what is true, and beside it what the posko believes. A fold over the log."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from types import MappingProxyType

from kontijensi.trace.care_board import CareFold, CasualtyOnBoard, FireOnBoard
from kontijensi.trace.duty import Activity, Duty, units_of
from kontijensi.vocabulary.records import Record, RecordKind


@dataclass(frozen=True, slots=True)
class UnitOnBoard:
    """One unit: where it is, or between which places and when it set out and arrives [s]."""

    activity: Activity
    on_shift: bool
    place: str | None
    to: str | None
    incident: str | None
    since_s: float
    arrives_s: float | None
    empty: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IncidentOnBoard:
    """One open incident; `step` is the last mark it has passed, such as `reported`, reached at `since_s`."""

    place: str | None
    sort: str
    of: str | None
    colour: str | None
    priority: int | None
    opened_s: float
    step: str
    since_s: float
    believed: str | None = None
    """Colour that command believes it has; `colour` is the true one. None before anything was reported."""
    believed_people: int | None = None
    units: tuple[str, ...] = ()
    posture: str | None = None


@dataclass(frozen=True, slots=True)
class CrowdOnBoard:
    """One crowd that is present, as last counted."""

    place: str | None
    colour: str
    present: int
    quiet: int
    active: int
    violent: int
    counted_s: float


@dataclass(frozen=True, slots=True)
class Board:
    """Everything that is going on at one moment; ids are in the order in which they first appeared."""

    time_s: float
    phase: str | None
    units: MappingProxyType[str, UnitOnBoard]
    incidents: MappingProxyType[str, IncidentOnBoard]
    crowds: MappingProxyType[str, CrowdOnBoard]
    believed: MappingProxyType[str, str]
    """Colour that command believes each place has, where anything was reported: hold it beside `crowds`."""
    roads_closed: tuple[str, ...]
    voting_stopped: tuple[str, ...]
    casualties: MappingProxyType[str, CasualtyOnBoard]
    """Those who still need care."""
    fires: MappingProxyType[str, FireOnBoard]
    held: tuple[str, ...]
    """Units that wait at the edge of a place until it is safe."""


def board_at(records: Iterable[Record], t_s: float) -> Board:
    """Return the board at a time [s], after everything that happened at that very time."""
    fold = BoardFold()
    for record in records:
        if record.time_s > t_s:
            break
        fold.apply(record)
    return fold.board(t_s)


_STEPS = {
    RecordKind.INCIDENT_DETECTED: "detected",
    RecordKind.INCIDENT_REPORTED: "reported",
    RecordKind.DESK_BEGAN: "at_desk",
    RecordKind.INCIDENT_HANDLED: "handled",
    RecordKind.APPROVAL_ASKED: "approval_asked",
    RecordKind.INCIDENT_APPROVED: "approved",
    RecordKind.INCIDENT_FORMED: "formed",
    RecordKind.INCIDENT_CONTROLLED: "controlled",
}
_ORDER = (
    "opened",
    "detected",
    "reported",
    "at_desk",
    "handled",
    "approval_asked",
    "approved",
    "dispatched",
    "arrived",
    "formed",
    "controlled",
)


_GRAVITY = ("green", "yellow", "red")


class BoardFold:
    """The board in the making, for a player that moves forward record by record."""

    def __init__(self) -> None:
        self._phases: dict[str, None] = {}
        self._units: dict[str, Duty] = {}
        self._incidents: dict[str, IncidentOnBoard] = {}
        self._crowds: dict[str, CrowdOnBoard] = {}
        self._roads: dict[str, int] = {}
        self._stopped: dict[str, None] = {}
        self._care = CareFold()

    def apply(self, record: Record) -> None:
        """Take in the next record."""
        for unit in units_of(record):
            duty = self._units.get(unit)
            if duty is None:
                duty = self._units[unit] = Duty(record.place)
            duty.apply(record)
        self._care.apply(record)
        handler = _HANDLERS.get(record.kind)
        if handler is not None:
            handler(self, record)
        if record.kind in _STEPS:
            self._step(record.entity, _STEPS[record.kind], record.time_s)

    def board(self, t_s: float) -> Board:
        """Return the board as it stands."""
        units = {
            unit: UnitOnBoard(
                activity=duty.activity,
                on_shift=duty.on_shift,
                place=duty.place,
                to=duty.to,
                incident=duty.incident,
                since_s=duty.since_s,
                arrives_s=duty.arrives_s,
                empty=tuple(sorted(duty.empty)),
            )
            for unit, duty in self._units.items()
        }
        return Board(
            time_s=t_s,
            phase=next(reversed(self._phases), None),
            units=MappingProxyType(units),
            incidents=MappingProxyType(dict(self._incidents)),
            crowds=MappingProxyType(dict(self._crowds)),
            believed=MappingProxyType(self._believed_by_place()),
            roads_closed=tuple(self._roads),
            voting_stopped=tuple(self._stopped),
            casualties=self._care.casualties,
            fires=self._care.fires,
            held=self._care.held,
        )

    def _believed_by_place(self) -> dict[str, str]:
        """Return the gravest colour believed at each place."""
        worst: dict[str, str] = {}
        for incident in self._incidents.values():
            place, colour = incident.place, incident.believed
            if place is not None and colour is not None:
                worst[place] = max(worst.get(place, colour), colour, key=_GRAVITY.index)
        return worst

    def _told(self, record: Record) -> None:
        """Take in what a report says of an incident: the first one, or one that changed the belief."""
        known = self._incidents.get(record.entity)
        colour, people = record.values.get("colour"), record.values.get("people")
        if known is not None and colour is not None:
            people = known.believed_people if people is None else people
            self._incidents[record.entity] = replace(known, believed=colour, believed_people=people)

    def _step(self, incident: str, step: str, t_s: float) -> None:
        known = self._incidents.get(incident)
        # A second report or a further unit does not take an incident back, nor does one that comes while it
        # stands still set it going.
        if (
            known is not None
            and known.step != "interrupted"
            and _ORDER.index(step) > _ORDER.index(known.step)
        ):
            self._incidents[incident] = replace(known, step=step, since_s=t_s)

    def _crew(self, record: Record, *, joins: bool) -> None:
        incident = record.values.get("incident")
        known = self._incidents.get(incident) if incident is not None else None
        if known is None:
            return
        units = tuple(unit for unit in known.units if unit != record.entity)
        self._incidents[incident] = replace(known, units=(*units, record.entity) if joins else units)  # type: ignore[index]

    def _phase_began(self, record: Record) -> None:
        self._phases[record.entity] = None

    def _phase_ended(self, record: Record) -> None:
        self._phases.pop(record.entity, None)

    def _opened(self, record: Record) -> None:
        values = record.values
        self._incidents[record.entity] = IncidentOnBoard(
            place=record.place,
            sort=values["sort"],
            of=values.get("of"),
            colour=values.get("colour"),
            priority=values.get("priority"),
            opened_s=record.time_s,
            step="opened",
            since_s=record.time_s,
        )

    def _closed(self, record: Record) -> None:
        self._incidents.pop(record.entity, None)

    def _interrupted(self, record: Record) -> None:
        known = self._incidents.get(record.entity)
        if known is not None:
            self._incidents[record.entity] = replace(known, step="interrupted", since_s=record.time_s)

    def _resumed(self, record: Record) -> None:
        known = self._incidents.get(record.entity)
        if known is not None:
            self._incidents[record.entity] = replace(known, step="formed", since_s=record.time_s)

    def _ordered(self, record: Record) -> None:
        self._crew(record, joins=True)
        self._step(str(record.values.get("incident")), "dispatched", record.time_s)

    def _arrived(self, record: Record) -> None:
        self._step(str(record.values.get("incident")), "arrived", record.time_s)

    def _released(self, record: Record) -> None:
        self._crew(record, joins=False)

    def _postured(self, record: Record) -> None:
        known = self._incidents.get(record.entity)
        if known is not None:
            self._incidents[record.entity] = replace(known, posture=record.values.get("posture"))

    def _gathered(self, record: Record) -> None:
        self._crowds[record.entity] = CrowdOnBoard(record.place, "green", 0, 0, 0, 0, record.time_s)

    def _sampled(self, record: Record) -> None:
        known = self._crowds.get(record.entity)
        counts = {
            name: int(record.values.get(name) or 0) for name in ("present", "quiet", "active", "violent")
        }
        colour = "green" if known is None else known.colour
        self._crowds[record.entity] = CrowdOnBoard(
            place=record.place, colour=colour, counted_s=record.time_s, **counts
        )

    def _coloured(self, record: Record) -> None:
        known = self._crowds.get(record.entity)
        if known is None:
            known = CrowdOnBoard(record.place, "green", 0, 0, 0, 0, record.time_s)
        self._crowds[record.entity] = replace(known, colour=record.values["colour"])

    def _dispersed(self, record: Record) -> None:
        self._crowds.pop(record.entity, None)

    def _road_closed(self, record: Record) -> None:
        self._roads[record.entity] = self._roads.get(record.entity, 0) + 1

    def _road_opened(self, record: Record) -> None:
        left = self._roads.pop(record.entity, 0) - 1
        if left > 0:
            self._roads[record.entity] = left

    def _voting_stopped(self, record: Record) -> None:
        self._stopped[str(record.place)] = None

    def _voting_resumed(self, record: Record) -> None:
        self._stopped.pop(str(record.place), None)


_HANDLERS: dict[RecordKind, Callable[[BoardFold, Record], None]] = {
    RecordKind.PHASE_BEGAN: BoardFold._phase_began,
    RecordKind.PHASE_ENDED: BoardFold._phase_ended,
    RecordKind.INCIDENT_OPENED: BoardFold._opened,
    RecordKind.INCIDENT_CLOSED: BoardFold._closed,
    RecordKind.INCIDENT_INTERRUPTED: BoardFold._interrupted,
    RecordKind.INCIDENT_RESUMED: BoardFold._resumed,
    RecordKind.INCIDENT_REPORTED: BoardFold._told,
    RecordKind.BELIEF_CHANGED: BoardFold._told,
    RecordKind.UNIT_ORDERED: BoardFold._ordered,
    RecordKind.UNIT_ARRIVED: BoardFold._arrived,
    RecordKind.UNIT_RELEASED: BoardFold._released,
    RecordKind.POSTURE_SET: BoardFold._postured,
    RecordKind.CROWD_GATHERED: BoardFold._gathered,
    RecordKind.CROWD_SAMPLED: BoardFold._sampled,
    RecordKind.COLOUR_CHANGED: BoardFold._coloured,
    RecordKind.CROWD_ENDED: BoardFold._dispersed,
    RecordKind.ROAD_CLOSED: BoardFold._road_closed,
    RecordKind.ROAD_OPENED: BoardFold._road_opened,
    RecordKind.VOTING_STOPPED: BoardFold._voting_stopped,
    RecordKind.VOTING_RESUMED: BoardFold._voting_resumed,
}
