"""The chain of response: one row an incident, from onset to close, and where the time went.

Marks and parts are those of the model's section on measures. The marks dispatched, departed and first arrival
belong to one unit, the one that arrived first, so that the chain adds up; when nobody has arrived they belong
to the unit ordered first of those still meant to come. Of several orders to that unit the last before it
arrived counts: an order taken back helped nobody, and neither did a unit turned to a graver incident or lost
on its way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

from kontijensi.vocabulary.records import Record, RecordKind
from kontijensi.vocabulary.words import _
from kontijensi.world.world import World

if TYPE_CHECKING:
    import pandas as pd

TOLERANCE_S = 1e-6
"""Parts and whole may differ by this much, for rounding."""


@dataclass(frozen=True, slots=True)
class Marks:
    """When each step of the chain was reached [s]; None when it never was."""

    onset: float
    detected: float | None = None
    reported: float | None = None
    desk_began: float | None = None
    handled: float | None = None
    approved: float | None = None
    dispatched: float | None = None
    departed: float | None = None
    first_arrival: float | None = None
    formed: float | None = None
    controlled: float | None = None
    closed: float | None = None


@dataclass(frozen=True, slots=True)
class Parts:
    """How long each step took [s].

    A step that was passed over on the way to a later one took no time; a step after the last one reached is
    None.
    """

    detection: float | None = None
    relay: float | None = None
    queueing: float | None = None
    handling: float | None = None
    approval: float | None = None
    waiting: float | None = None
    turnout: float | None = None
    travel: float | None = None
    assembly: float | None = None
    control: float | None = None

    @property
    def desk(self) -> float | None:
        """Queueing for an operator and handling together [s]."""
        if self.queueing is None or self.handling is None:
            return None
        return self.queueing + self.handling


PARTS = tuple(field.name for field in fields(Parts))
_REACHED = (
    "detected",
    "reported",
    "desk_began",
    "handled",
    "approved",
    "dispatched",
    "departed",
    "first_arrival",
    "formed",
    "controlled",
)
"""The mark that ends each part, in the order of `PARTS`."""


@dataclass(frozen=True, slots=True)
class Response:
    """One incident and how it was answered."""

    incident: str
    sort: str
    of: str | None
    """The crowd, or the stream of calls."""
    place: str | None
    colour: str | None
    priority: int | None
    follows: str | None
    phase: str | None
    """Phase at the onset."""
    phase_kind: str | None
    zone: str | None
    district: str | None
    unit: str | None
    """The unit that arrived first."""
    unit_type: str | None
    outcome: str | None
    why: str | None
    """Why its formation never stood (`command.unanswered.Hindrance`); None when it did."""
    missing: str | None
    """The capability that was missing then."""
    assigned: bool
    """Whether a unit was ordered to it or there at the end."""
    interruptions: int
    """How often it lost a unit on the spot to a graver incident or otherwise, and stood still."""
    interrupted_s: float
    """How long it stood still [s]; part of its control."""
    marks: Marks
    parts: Parts

    @property
    def response_s(self) -> float | None:
        """First arrival after the report [s]."""
        return _between(self.marks.reported, self.marks.first_arrival)

    @property
    def effective_response_s(self) -> float | None:
        """Formation complete after the onset [s]."""
        return _between(self.marks.onset, self.marks.formed)


def responses(records: Iterable[Record], world: World) -> list[Response]:
    """Return one row an incident, in the order of their onset.

    Raises PartsError when the log speaks of an incident that was never opened.
    """
    reader = _Reader()
    for record in records:
        reader.take(record)
    types = {unit.id: unit.type_id for unit in world.fleet}
    return [chain.response(world, types, reader.end_s) for chain in reader.chains.values()]


class PartsError(ValueError):
    """The parts of a response do not add up, or its marks are out of order: the log is wrong."""


def check_parts(rows: Iterable[Response]) -> None:
    """Raise PartsError naming the first incident whose parts do not add up to the whole, or run backwards."""
    for row in rows:
        parts = asdict(row.parts)
        for name, length_s in parts.items():
            if length_s is not None and length_s < -TOLERANCE_S:
                raise PartsError(
                    _("{incident}: {part} takes {seconds} s; a step cannot end before it begins").format(
                        incident=row.incident, part=name, seconds=length_s
                    )
                )
        _demand_whole(row, "detection", "assembly", row.effective_response_s)
        _demand_whole(row, "queueing", "travel", row.response_s)
        _demand_whole(row, "detection", "control", _between(row.marks.onset, row.marks.controlled))


def response_frame(rows: Sequence[Response]) -> pd.DataFrame:
    """Return the rows as a table: marks as `onset_s`, parts as `detection_s`, NaN for what never happened."""
    import pandas as pd

    lines = [_line(row) for row in rows]
    return pd.DataFrame(lines, columns=list(_COLUMNS))


def _line(row: Response) -> dict[str, Any]:
    words = {name: getattr(row, name) for name in _WORDS}
    marks = {f"{name}_s": value for name, value in asdict(row.marks).items()}
    parts = {f"{name}_s": value for name, value in asdict(row.parts).items()}
    return {
        **words,
        **marks,
        **parts,
        "desk_s": row.parts.desk,
        "response_s": row.response_s,
        "effective_response_s": row.effective_response_s,
    }


_WORDS = tuple(field.name for field in fields(Response) if field.name not in {"marks", "parts"})
_COLUMNS = (
    *_WORDS,
    *(f"{field.name}_s" for field in fields(Marks)),
    *(f"{name}_s" for name in PARTS),
    "desk_s",
    "response_s",
    "effective_response_s",
)

_INCIDENT_MARKS = {
    RecordKind.INCIDENT_DETECTED: "detected",
    RecordKind.INCIDENT_REPORTED: "reported",
    RecordKind.DESK_BEGAN: "desk_began",
    RecordKind.INCIDENT_HANDLED: "handled",
    RecordKind.INCIDENT_APPROVED: "approved",
    RecordKind.INCIDENT_FORMED: "formed",
    RecordKind.INCIDENT_CONTROLLED: "controlled",
    RecordKind.INCIDENT_CLOSED: "closed",
}
_INCIDENT_TURNS = frozenset(
    {RecordKind.INCIDENT_INTERRUPTED, RecordKind.INCIDENT_RESUMED, RecordKind.INCIDENT_UNANSWERED}
)
_UNIT_GONE = frozenset({RecordKind.UNIT_RELEASED, RecordKind.UNIT_LOST})
_UNIT_STEPS = frozenset(
    {
        RecordKind.UNIT_ORDERED,
        RecordKind.UNIT_DEPARTED,
        RecordKind.UNIT_REROUTED,
        RecordKind.UNIT_ARRIVED,
    }
)


class _Reader:
    """Sorts what the log says by incident."""

    def __init__(self) -> None:
        self.chains: dict[str, _Chain] = {}
        self.end_s = 0.0
        self._orders: dict[str, str] = {}
        """Incident that each unit was last ordered to, while it is meant to be there."""

    def take(self, record: Record) -> None:
        """Take in one record."""
        self.end_s = record.time_s
        if record.kind is RecordKind.INCIDENT_OPENED:
            self.chains[record.entity] = _Chain(record)
        elif record.kind in _INCIDENT_MARKS:
            self._mark(record)
        elif record.kind in _UNIT_STEPS:
            self._step(record)
        elif record.kind in _UNIT_GONE:
            self._gone(record)
        elif record.kind in _INCIDENT_TURNS and record.entity in self.chains:
            self.chains[record.entity].turn(record)

    def _mark(self, record: Record) -> None:
        chain = self.chains.get(record.entity)
        if chain is None:
            raise PartsError(
                _("{incident}: {step} at {time} s, but it was never opened").format(
                    incident=record.entity, step=record.kind, time=record.time_s
                )
            )
        chain.mark(_INCIDENT_MARKS[record.kind], record.time_s)
        if record.kind is RecordKind.INCIDENT_CLOSED:
            chain.close(record)

    def _step(self, record: Record) -> None:
        # A change of way names no incident: it belongs to the unit's last order.
        rerouted = record.kind is RecordKind.UNIT_REROUTED
        before = self._orders.get(record.entity)
        incident = before if rerouted else record.values.get("incident")
        if record.kind is RecordKind.UNIT_ORDERED and incident is not None:
            if before is not None and before != incident and before in self.chains:
                self.chains[before].leave(record.entity)
            self._orders[record.entity] = incident
        if incident is not None and incident in self.chains:
            self.chains[incident].step(record)

    def _gone(self, record: Record) -> None:
        last = self._orders.get(record.entity)
        incident = record.values.get("incident", last)
        if incident == last:
            self._orders.pop(record.entity, None)
        if incident in self.chains:
            self.chains[incident].leave(record.entity)


class _Chain:
    """The marks of one incident while the log is read."""

    def __init__(self, opened: Record) -> None:
        self.opened = opened
        self.marks: dict[str, float] = {}
        self.outcome: str | None = None
        self.unit: str | None = None
        self.why: str | None = None
        self.missing: str | None = None
        self.interruptions = 0
        self._interrupted_s = 0.0
        self._still_since_s: float | None = None
        self._orders: dict[str, tuple[float, float | None]] = {}
        self._units: set[str] = set()

    def mark(self, name: str, t_s: float) -> None:
        """Note when a step was reached; of several the first counts, such as the first of two reports."""
        self.marks.setdefault(name, t_s)

    def close(self, record: Record) -> None:
        """Note how it ended."""
        self.outcome = record.values.get("outcome")
        self._go_on(record.time_s)

    def turn(self, record: Record) -> None:
        """Take in that it stood still, went on, or was never answered."""
        if record.kind is RecordKind.INCIDENT_UNANSWERED:
            self.why, self.missing = record.values["why"], record.values["missing"]
        elif record.kind is RecordKind.INCIDENT_INTERRUPTED:
            self.interruptions += 1
            if self._still_since_s is None:
                self._still_since_s = record.time_s
        else:
            self._go_on(record.time_s)

    def _go_on(self, t_s: float) -> None:
        if self._still_since_s is not None:
            self._interrupted_s += t_s - self._still_since_s
            self._still_since_s = None

    def leave(self, unit: str) -> None:
        """Take in that a unit will not come, or has gone; at the close the chain stays as it was."""
        self._units.discard(unit)
        if self.unit is None and self.outcome is None:
            self._orders.pop(unit, None)

    def step(self, record: Record) -> None:
        """Take in what a unit did for this incident, until the first arrives or the formation is complete."""
        unit, t_s = record.entity, record.time_s
        if record.kind is RecordKind.UNIT_ORDERED:
            self._units.add(unit)
        if self.unit is not None or t_s > self.marks.get("formed", t_s):
            return
        if record.kind is RecordKind.UNIT_ORDERED:
            # Ordered anew it begins anew; the place in the order of first orders stays.
            self._orders[unit] = (t_s, None)
            return
        ordered_s, departed_s = self._orders.get(unit, (t_s, None))
        if record.kind is RecordKind.UNIT_ARRIVED:
            self.unit = unit
            self._orders = {unit: (ordered_s, ordered_s if departed_s is None else departed_s)}
            self.marks["first_arrival"] = t_s
        elif departed_s is None:
            self._orders[unit] = (ordered_s, t_s)

    def response(self, world: World, types: dict[str, str], end_s: float) -> Response:
        """Return the finished row."""
        opened, values = self.opened, self.opened.values
        if self._orders:
            dispatched_s, departed_s = next(iter(self._orders.values()))
            self.marks["dispatched"] = dispatched_s
            if departed_s is not None:
                self.marks["departed"] = departed_s
        self._go_on(end_s)
        marks = Marks(onset=opened.time_s, **self.marks)
        phase = world.phase_at(opened.time_s)
        row = None if opened.place is None else world.places.index[opened.place]
        return Response(
            incident=opened.entity,
            sort=str(values["sort"]),
            of=values.get("of"),
            place=opened.place,
            colour=values.get("colour"),
            priority=values.get("priority"),
            follows=values.get("follows"),
            phase=None if phase is None else phase.id,
            phase_kind=None if phase is None else str(phase.kind),
            zone=None if row is None else world.places.zone[row],
            district=None if row is None else world.places.district[row],
            unit=self.unit,
            unit_type=None if self.unit is None else types.get(self.unit),
            outcome=self.outcome,
            why=self.why,
            missing=self.missing,
            assigned=bool(self._units) and self.outcome is None,
            interruptions=self.interruptions,
            interrupted_s=self._interrupted_s,
            marks=marks,
            parts=_parts_of(marks),
        )


def _parts_of(marks: Marks) -> Parts:
    reached = [getattr(marks, name) for name in _REACHED]
    last = max((i for i, t_s in enumerate(reached) if t_s is not None), default=-1)
    lengths: dict[str, float] = {}
    before_s = marks.onset
    for name, t_s in zip(PARTS[: last + 1], reached, strict=False):
        at_s = before_s if t_s is None else t_s
        lengths[name] = at_s - before_s
        before_s = at_s
    return Parts(**lengths)


def _between(start_s: float | None, end_s: float | None) -> float | None:
    return None if start_s is None or end_s is None else end_s - start_s


def _demand_whole(row: Response, first: str, last: str, whole_s: float | None) -> None:
    if whole_s is None:
        return
    names = PARTS[PARTS.index(first) : PARTS.index(last) + 1]
    total_s = sum(getattr(row.parts, name) or 0.0 for name in names)
    if abs(total_s - whole_s) > TOLERANCE_S:
        raise PartsError(
            _(
                "{incident}: the parts from {first} to {last} add up to {total} s, the whole is {whole} s"
            ).format(incident=row.incident, first=first, last=last, total=total_s, whole=whole_s)
        )
