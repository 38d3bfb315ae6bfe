"""The board at a moment, and what one unit is doing, told from the log alone."""

from __future__ import annotations

from typing import Any

import pytest

from kontijensi.trace import board_at
from kontijensi.trace.duty import Activity
from kontijensi.vocabulary.records import Record, RecordKind

STORY: list[tuple[float, str, str, str | None, dict[str, Any]]] = [
    (0, "phase_began", "vote", None, {}),
    (0, "unit_ready", "U1", "polres", {}),
    (10, "crowd_gathered", "c1", "tps", {"expected": 50, "camps": {"a": 1.0}}),
    (10, "incident_opened", "i1", "tps", {"sort": "crowd", "of": "c1", "colour": "green", "priority": 4}),
    (20, "crowd_sampled", "c1", "tps", {"present": 40, "quiet": 30, "active": 10, "violent": 0}),
    (25, "colour_changed", "c1", "tps", {"colour": "yellow", "was": "green"}),
    (30, "incident_detected", "i1", "tps", {"by": "kst"}),
    (40, "incident_reported", "i1", "tps", {"by": "kst"}),
    (45, "incident_reported", "i1", "tps", {"by": "linmas"}),
    (50, "unit_ordered", "U1", "polres", {"incident": "i1", "capability": "dialogue", "from": "polres"}),
    (60, "unit_departed", "U1", "polres", {"incident": "i1", "to": "tps", "travel_s": 100.0, "path": []}),
    (70, "road_closed", "a|b", "a", {"until_s": 200}),
    (80, "unit_rerouted", "U1", "junction", {"to": "tps", "travel_s": 120.0, "path": []}),
    (90, "voting_stopped", "vote", "tps", {"voters": 300}),
    (200, "unit_arrived", "U1", "tps", {"incident": "i1"}),
    (200, "incident_formed", "i1", "tps", {"units": ["U1"]}),
    (210, "posture_set", "i1", "tps", {"posture": "dialogue"}),
    (215, "incident_reported", "i1", "tps", {"by": "citizen"}),
    (220, "road_opened", "a|b", None, {}),
    (230, "voting_resumed", "vote", "tps", {"stopped_s": 140}),
    (300, "incident_closed", "i1", "tps", {"outcome": "controlled"}),
    (300, "crowd_ended", "c1", "tps", {"joined": 40, "left": 40, "arrested": 0, "injured": 0, "departed": 0}),
    (310, "unit_released", "U1", "tps", {"incident": "i1"}),
    (310, "unit_departed", "U1", "tps", {"incident": None, "to": "polres", "travel_s": 90.0, "path": []}),
    (400, "unit_arrived", "U1", "polres", {"incident": None}),
    (400, "unit_ready", "U1", "polres", {}),
    (500, "phase_ended", "vote", None, {}),
]
RECORDS = [
    Record(i, None, float(t), RecordKind(kind), entity, place, values)
    for i, (t, kind, entity, place, values) in enumerate(STORY)
]


def test_before_anything() -> None:
    board = board_at(RECORDS, -1.0)
    assert (board.phase, dict(board.units), dict(board.incidents)) == (None, {}, {})


def test_a_unit_on_the_road_shows_where_it_goes_and_when_it_is_there() -> None:
    unit = board_at(RECORDS, 65.0).units["U1"]
    assert (unit.activity, unit.place, unit.to, unit.incident) == (Activity.TRAVELLING, "polres", "tps", "i1")
    assert (unit.since_s, unit.arrives_s) == (60.0, 160.0)
    turned = board_at(RECORDS, 80.0).units["U1"]
    assert (turned.place, turned.to, turned.arrives_s, turned.incident) == ("junction", "tps", 200.0, "i1")


@pytest.mark.parametrize(
    ("t_s", "activity"),
    [
        (0, "ready"),
        (50, "turnout"),
        (60, "travelling"),
        (199, "travelling"),
        (200, "on_scene"),
        (310, "returning"),
        (399, "returning"),
        (400, "ready"),
    ],
)
def test_what_the_unit_does(t_s: float, activity: str) -> None:
    assert board_at(RECORDS, t_s).units["U1"].activity == activity


@pytest.mark.parametrize(
    ("t_s", "step", "since_s"),
    [
        (10, "opened", 10),
        (30, "detected", 30),
        (49, "reported", 40),
        (55, "dispatched", 50),
        (250, "formed", 200),
    ],
)
def test_how_far_the_incident_is(t_s: float, step: str, since_s: float) -> None:
    incident = board_at(RECORDS, t_s).incidents["i1"]
    assert (incident.step, incident.since_s) == (step, since_s)


def test_crowd_colour_crew_and_posture() -> None:
    board = board_at(RECORDS, 210.0)
    crowd = board.crowds["c1"]
    assert (crowd.colour, crowd.present, crowd.active, crowd.counted_s) == ("yellow", 40, 10, 20.0)
    assert (board.incidents["i1"].units, board.incidents["i1"].posture) == (("U1",), "dialogue")


def test_roads_phase_and_voting() -> None:
    board = board_at(RECORDS, 100.0)
    assert (board.phase, board.roads_closed, board.voting_stopped) == ("vote", ("a|b",), ("tps",))
    later = board_at(RECORDS, 600.0)
    assert (later.phase, later.roads_closed, later.voting_stopped) == (None, (), ())
    assert (dict(later.incidents), dict(later.crowds)) == ({}, {})


def test_help_that_arrives_is_on_the_board() -> None:
    came = Record(0, None, 5.0, RecordKind.AID_ARRIVED, "brimob", "polres", {"units": ["b-1", "b-2"]})
    units = board_at([came], 5.0).units
    assert {name: (u.activity, u.place) for name, u in units.items()} == {
        "b-1": (Activity.READY, "polres"),
        "b-2": (Activity.READY, "polres"),
    }


def test_stock_that_ran_out_is_back_after_the_resupply() -> None:
    story = [
        Record(0, None, 0.0, RecordKind.STOCK_EMPTY, "U1", "tps", {"stock": "water"}),
        Record(1, None, 5.0, RecordKind.UNIT_RESUPPLYING, "U1", "polres", {"until_s": 9.0}),
        Record(2, None, 9.0, RecordKind.UNIT_READY, "U1", "polres", {}),
    ]
    assert board_at(story, 5.0).units["U1"].empty == ("water",)
    assert board_at(story, 9.0).units["U1"].empty == ()
