"""What changes cover, and when: units that become free or not, roads that close, hours that slow travel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from kontijensi.analysis.timeline import Stretch
from kontijensi.scenario.schema.force import Capability
from kontijensi.scenario.schema.service import Standard
from kontijensi.trace.duty import BUSY, Activity
from kontijensi.vocabulary.records import Record, RecordKind
from kontijensi.world.closures import RoadLedger
from kontijensi.world.fleet import UnitSpec
from kontijensi.world.roads import RoadState
from kontijensi.world.world import World


class Level(IntEnum):
    """The count from which on a unit takes part: 0 is what is true, 1 the same with all roads open."""

    FREE = 0
    BUSY = 2
    OUT_OF_STOCK = 3
    OFF = 4
    AID = 5


LEVELS = 6
"""How many counts are kept: what is true, the same with all roads open, and one for each level after."""

_ROAD_KINDS = frozenset(
    {
        RecordKind.ROAD_CLOSED,
        RecordKind.ROAD_OPENED,
        RecordKind.ROADS_CROWDED,
        RecordKind.ROADS_CLEARED,
    }
)


@dataclass(frozen=True, slots=True)
class Move:
    """From a time on a unit counts from this level on, from this place."""

    time_s: float
    unit: UnitSpec
    level: Level
    place: int


def capable(world: World, standard: Standard) -> list[UnitSpec]:
    """Return the units of the fleet that have what a standard asks for."""
    return [unit for unit in world.fleet if standard.capability in unit.type.capabilities]


def moves_of(world: World, standard: Standard, lines: Mapping[str, Sequence[Stretch]]) -> list[Move]:
    """Return what the units that count for a standard did, unit by unit, each in the order of time."""
    moves: list[Move] = []
    for unit in capable(world, standard):
        before: tuple[Level, int] | None = None
        for stretch in lines[unit.id]:
            level = level_of(stretch, standard.capability)
            # Only a free unit counts where it stands; any other is asked about as if at its base.
            at_base = level != Level.FREE or stretch.place is None
            place = unit.base if at_base else world.places.index.get(str(stretch.place), unit.base)
            if (level, place) != before:
                moves.append(Move(stretch.start_s, unit, level, place))
                before = (level, place)
    return moves


def resting_moves(world: World, standard: Standard, until_s: float) -> list[Move]:
    """Return what units do without demand: each is free at its base in its hours, and help has not come."""
    return [
        Move(t_s, unit, Level.FREE if unit.on_duty(t_s) else Level.OFF, unit.base)
        if unit.aid is None
        else Move(t_s, unit, Level.AID, unit.base)
        for unit in capable(world, standard)
        for t_s in (0.0, *(t for span in unit.duty for t in span if 0 < t < until_s))
    ]


def level_of(stretch: Stretch, capability: Capability) -> Level:
    """Return from which count on a unit takes part while it does this."""
    if stretch.activity is Activity.ABSENT:
        return Level.AID
    if not stretch.on_shift or stretch.activity in (Activity.LOST, Activity.RESTING):
        return Level.OFF
    if stretch.activity is Activity.RESUPPLYING or (stretch.empty and str(capability) in stretch.empty):
        return Level.OUT_OF_STOCK
    return Level.BUSY if stretch.activity in BUSY else Level.FREE


def road_states_of(records: Iterable[Record], world: World) -> list[tuple[float, RoadState]]:
    """Return the state of the roads from each change on."""
    ledger, changes = RoadLedger(), []
    for record in records:
        if record.kind not in _ROAD_KINDS:
            continue
        match record.kind:
            case RecordKind.ROAD_CLOSED:
                ledger.close(record.entity)
            case RecordKind.ROAD_OPENED:
                ledger.open(record.entity)
            case RecordKind.ROADS_CROWDED:
                ledger.crowd(_row(world, record), record.values["factor"], blocks=record.values["blocks"])
            case RecordKind.ROADS_CLEARED:
                ledger.clear(_row(world, record))
        changes.append((record.time_s, ledger.state()))
    return changes


def _row(world: World, record: Record) -> int:
    return world.places.index[str(record.place)]


def windows_of(world: World, standard: Standard, end_s: float) -> list[tuple[float, float]]:
    """Return the spans in which the standard holds."""
    if standard.phases is None:
        return [(0.0, end_s)]
    spans = [(max(p.start_s, 0.0), min(p.end_s, end_s)) for p in world.phases if p.id in standard.phases]
    return [(start, end) for start, end in spans if start < end]


class Turn:
    """Everything that changes at one moment."""

    __slots__ = ("moves", "period", "roads")

    def __init__(self) -> None:
        self.moves: list[Move] = []
        self.roads: RoadState | None = None
        self.period = False


def agenda_of(
    world: World,
    moves: Sequence[Move],
    roads: Sequence[tuple[float, RoadState]],
    windows: Sequence[tuple[float, float]],
    end_s: float,
) -> dict[float, Turn]:
    """Gather by moment what changes; what happens at or after the end changes nothing that lasts."""
    agenda: dict[float, Turn] = {0.0: Turn()}
    for move in moves:
        agenda.setdefault(move.time_s, Turn()).moves.append(move)
    for t_s, state in roads:
        agenda.setdefault(t_s, Turn()).roads = state
    for t_s in world.travel_bounds():
        agenda.setdefault(t_s, Turn()).period = True
    for window in windows:
        for t_s in window:
            agenda.setdefault(t_s, Turn())
    return {t_s: turn for t_s, turn in agenda.items() if t_s < end_s}
