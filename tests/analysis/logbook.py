"""Small worlds and logs written by hand, whose measures can be worked out on paper."""

from __future__ import annotations

from typing import Any

from kontijensi.scenario.schema.scenario import ScenarioFile
from kontijensi.vocabulary.records import Record, RecordKind
from kontijensi.world import World, compile_world

PATROL = {
    "agency": "police",
    "capabilities": ["patrol", "presence"],
    "personnel": 2,
    "turn_out": "0",
    "after": "stay",
}


def grid_edges(columns: int = 3, rows: int = 3) -> list[dict[str, Any]]:
    """Join neighbours of a grid of places numbered row by row from 1, one minute apart."""
    edges = []
    for row in range(rows):
        for column in range(columns):
            here = row * columns + column + 1
            if column + 1 < columns:
                edges.append({"between": [str(here), str(here + 1)], "time": "1 min"})
            if row + 1 < rows:
                edges.append({"between": [str(here), str(here + columns)], "time": "1 min"})
    return edges


def grid(**sections: Any) -> World:
    """Compile the 3x3 grid with units U1 at 1 and U2 at 9 and a standard of 2 minutes, with changes."""
    places = {str(i): {"kind": "tps", "voters": 100} for i in range(1, 10)}
    scenario: dict[str, Any] = {
        "kontijensi": 1,
        "name": "Grid",
        "start": "2024-11-27 07:00",
        "horizon": "30 min",
        "area": {"places": places, "roads": {"edges": grid_edges()}},
        "unit_types": {"patrol": PATROL},
        "units": {"U1": {"type": "patrol", "base": "1"}, "U2": {"type": "patrol", "base": "9"}},
        "standards": {"two_minutes": {"capability": "patrol", "within": "2 min"}},
    }
    scenario.update(sections)
    return compile_world(ScenarioFile.model_validate(scenario))


class Log:
    """Records numbered as they are written, with times in minutes."""

    def __init__(self) -> None:
        self.records: list[Record] = []

    def __call__(
        self, minute: float, kind: str, entity: str, place: str | None = None, **values: Any
    ) -> Record:
        record = Record(len(self.records), None, minute * 60.0, RecordKind(kind), entity, place, values)
        self.records.append(record)
        return record

    def in_order(self) -> list[Record]:
        """Return the records by time; those of one moment as written."""
        return sorted(self.records, key=lambda record: record.time_s)


def call(log: Log, name: str, place: str, **minutes: float) -> None:
    """Write the chain of one call up to its approval, from the minutes of its marks."""
    opened = minutes["opened"]
    log(
        opened,
        "incident_opened",
        name,
        place,
        sort="call",
        of="calls",
        colour=None,
        priority=5,
        needs={"patrol": 1},
    )
    log(opened, "incident_detected", name, place, by="caller")
    log(opened, "incident_reported", name, place, by="caller")
    log(minutes["desk"], "desk_began", name, place)
    log(minutes["handled"], "incident_handled", name, place)
    log(minutes["handled"], "incident_approved", name, place, authority=None)


def serve(log: Log, unit: str, incident: str, start: str, place: str, **minutes: float) -> None:
    """Write how one unit served an incident and stayed there."""
    out, there, clear = minutes["ordered"], minutes["arrives"], minutes["clears"]
    log(out, "unit_ordered", unit, start, incident=incident, capability="patrol")
    log(out, "unit_departed", unit, start, incident=incident, to=place, travel_s=(there - out) * 60, path=[])
    log(there, "unit_arrived", unit, place, incident=incident)
    log(there, "incident_formed", incident, place, units=[unit])
    log(clear, "incident_closed", incident, place, outcome="served")
    log(clear, "unit_released", unit, place, incident=incident)
    log(clear, "unit_ready", unit, place)


def hand_trace() -> list[Record]:
    """The hand trace: four calls, two units, one operator; see `test_hand_trace`."""
    log = Log()
    log(0, "run_began", "Grid", seed=1, replication=0)
    call(log, "A", "5", opened=0, desk=0, handled=2)
    call(log, "B", "3", opened=1, desk=2, handled=4)
    call(log, "C", "7", opened=2, desk=4, handled=6)
    call(log, "D", "5", opened=3, desk=6, handled=8)
    serve(log, "U1", "A", "1", "5", ordered=2, arrives=4, clears=14)
    serve(log, "U2", "B", "9", "3", ordered=4, arrives=6, clears=16)
    serve(log, "U1", "C", "5", "7", ordered=14, arrives=16, clears=26)
    serve(log, "U2", "D", "3", "5", ordered=16, arrives=18, clears=28)
    log(30, "run_ended", "Grid", outcome=None)
    return log.in_order()
