"""The chain of response when it does not run smoothly: units redirected, reports lost, what never came."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kontijensi.analysis.responses import PARTS, PartsError, Response, check_parts, response_frame, responses
from tests.analysis.logbook import Log, grid

PHASES = {"vote": {"kind": "voting", "start": "2024-11-27 07:00", "end": "2024-11-27 07:10"}}


def opened(log: Log, minute: float, incident: str, place: str = "5", **values: Any) -> None:
    what = {"sort": "crowd", "of": "c1", "colour": "yellow", "priority": 2, "needs": {}, "follows": None}
    log(minute, "incident_opened", incident, place, **{**what, **values})


def only(log: Log, **sections: Any) -> Response:
    (row,) = responses(log.in_order(), grid(**sections))
    check_parts([row])
    return row


def approved(log: Log, incident: str = "A") -> None:
    """Onset 0, detected 1, reported 2, at the desk 4, handled 5, approved 9."""
    opened(log, 0, incident)
    log(1, "incident_detected", incident, "5", by="observers")
    log(2, "incident_reported", incident, "5", by="observers")
    log(4, "desk_began", incident, "5")
    log(5, "incident_handled", incident, "5")
    log(5, "approval_asked", incident, "5", authority="kapolres")
    log(9, "incident_approved", incident, "5", authority="kapolres")


def test_every_part_of_a_whole_chain() -> None:
    log = Log()
    approved(log)
    log(10, "unit_ordered", "U1", "1", incident="A", capability="line")
    log(12, "unit_departed", "U1", "1", incident="A", to="5", travel_s=120, path=[])
    log(14, "unit_arrived", "U1", "5", incident="A")
    log(17, "incident_formed", "A", "5", units=["U1", "U2"])
    log(22, "incident_controlled", "A", "5")
    log(25, "incident_closed", "A", "5", outcome="controlled")
    row = only(log, phases=PHASES)
    minutes = [getattr(row.parts, name) / 60 for name in PARTS]
    assert minutes == [1, 1, 2, 1, 4, 1, 2, 2, 3, 5]
    assert row.parts.desk == 180
    assert (row.response_s, row.effective_response_s) == (12 * 60, 17 * 60)
    assert (row.phase, row.phase_kind, row.outcome, row.unit_type) == (
        "vote",
        "voting",
        "controlled",
        "patrol",
    )


def test_the_chain_follows_the_unit_that_arrived_first_not_the_one_ordered_first() -> None:
    log = Log()
    approved(log)
    log(10, "unit_ordered", "U1", "1", incident="A", capability="line")
    log(11, "unit_ordered", "U2", "9", incident="A", capability="line")
    log(12, "unit_departed", "U1", "1", incident="A", to="5", travel_s=600, path=[])
    log(13, "unit_departed", "U2", "9", incident="A", to="5", travel_s=60, path=[])
    log(14, "unit_arrived", "U2", "5", incident="A")
    log(22, "unit_arrived", "U1", "5", incident="A")
    row = only(log)
    assert (row.unit, row.marks.dispatched, row.marks.departed) == ("U2", 660, 780)
    assert (row.parts.waiting, row.parts.turnout, row.parts.travel) == (120, 120, 60)


def test_an_order_taken_back_and_given_again_counts_from_the_second() -> None:
    log = Log()
    approved(log)
    log(10, "unit_ordered", "U1", "1", incident="A", capability="line")
    log(10, "unit_departed", "U1", "1", incident="A", to="5", travel_s=600, path=[])
    log(11, "unit_released", "U1", None, incident="A")
    log(15, "unit_ordered", "U1", "2", incident="A", capability="line")
    log(15, "unit_departed", "U1", "2", incident="A", to="5", travel_s=60, path=[])
    log(16, "unit_arrived", "U1", "5", incident="A")
    row = only(log)
    assert (row.parts.waiting, row.parts.turnout, row.parts.travel) == (360, 0, 60)


def test_a_unit_turned_round_on_the_road_has_no_second_turn_out() -> None:
    log = Log()
    approved(log)
    opened(log, 0, "B", "9")
    log(8, "unit_ordered", "U1", "1", incident="B", capability="line")
    log(9, "unit_departed", "U1", "1", incident="B", to="9", travel_s=600, path=[])
    log(10, "unit_ordered", "U1", "2", incident="A", capability="line")
    log(11, "unit_rerouted", "U1", "2", to="5", travel_s=60, path=[])
    log(13, "unit_rerouted", "U1", "4", to="5", travel_s=60, path=[])
    log(14, "unit_arrived", "U1", "5", incident="A")
    rows = responses(log.in_order(), grid())
    check_parts(rows)
    first, other = rows
    assert (first.marks.dispatched, first.marks.departed, first.marks.first_arrival) == (600, 660, 840)
    assert (other.marks.dispatched, other.marks.first_arrival, other.response_s) == (None, None, None)
    assert not other.assigned, "an order taken back helps nobody"


def test_what_never_happened_is_none_and_what_was_passed_over_took_no_time() -> None:
    log = Log()
    opened(log, 3, "A", sort="call", of="calls", colour=None)
    log(3, "incident_reported", "A", "5", by="caller")
    row = only(log)
    assert (row.parts.detection, row.parts.relay) == (0, 0)
    assert row.parts.queueing is None
    assert row.parts.desk is None
    assert row.effective_response_s is None
    log(5, "unit_ordered", "U1", "1", incident="A", capability="patrol")
    row = only(log)
    assert (row.parts.desk, row.parts.approval, row.parts.waiting, row.parts.turnout) == (0, 0, 120, None)
    assert row.marks.handled is None


def test_of_two_reports_the_first_counts() -> None:
    log = Log()
    opened(log, 0, "A")
    for minute, kind in ((1, "incident_detected"), (2, "report_lost"), (3, "incident_detected")):
        log(minute, kind, "A", "5", by="observers")
    for minute in (6, 8):
        log(minute, "incident_reported", "A", "5", by="observers")
    row = only(log)
    assert (row.parts.detection, row.parts.relay) == (60, 300)


def test_units_that_come_after_the_formation_change_nothing() -> None:
    log = Log()
    opened(log, 0, "A")
    log(1, "incident_reported", "A", "5", by="field")
    log(2, "incident_formed", "A", "5", units=[])
    log(4, "unit_ordered", "U1", "1", incident="A", capability="line")
    log(6, "unit_arrived", "U1", "5", incident="A")
    row = only(log)
    assert (row.effective_response_s, row.unit) == (120, None)


def test_no_incident_no_rows() -> None:
    assert responses([], grid()) == []
    assert response_frame([]).columns[0] == "incident"


def test_a_step_of_an_incident_that_was_never_opened_is_refused() -> None:
    log = Log()
    log(1, "incident_detected", "A", "5", by="observers")
    with pytest.raises(PartsError, match=r"A: incident_detected .* 60\.0"):
        responses(log.records, grid())


def test_parts_that_do_not_add_up_are_found() -> None:
    log = Log()
    approved(log)
    log(12, "incident_formed", "A", "5", units=[])
    row = only(log)
    with pytest.raises(PartsError, match=r"A: the parts from detection to assembly add up to 721\.0 s"):
        check_parts([replace(row, parts=replace(row.parts, relay=61.0))])
    check_parts([replace(row, parts=replace(row.parts, relay=60.0 + 5e-7))])


def test_marks_that_run_backwards_are_found() -> None:
    log = Log()
    opened(log, 5, "A")
    log(6, "incident_detected", "A", "5", by="observers")
    log(4, "incident_reported", "A", "5", by="observers")
    with pytest.raises(PartsError, match=r"A: relay takes -120\.0 s"):
        check_parts(responses(log.records, grid()))
