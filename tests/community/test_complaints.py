"""Complaints: a queue with hands, hours and a deadline, and what its answers do to those who complained."""

# ruff: noqa: E501 - the lines of a scenario are as long as planners write them

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kontijensi.analysis.outreach import OUTCOMES, Complaints, complaints
from kontijensi.vocabulary.records import Record
from tests.engine.scenes import minutes, of, one, rehearse, stage

CHANNELS = "channels: {money: {start: 0.5, rest: 0.5, decay: 30000 d}}"


def scene_with(intake: str, triggers: str, rest: str = "horizon: 3 d\n") -> str:
    return f"{rest}community:\n  {CHANNELS}\n  intakes: {{bawaslu: {{{intake}}}}}\ntriggers:\n{triggers}"


def complain(at: str, count: int = 1, name: str = "grievance") -> str:
    return f"  {name}: {{at: [{at}], places: {{ids: [a]}}, effects: [{{do: complain, intake: bawaslu, count: {count}}}]}}\n"


def measured(records: list[Record]) -> Complaints:
    return complaints(records, ["bawaslu"])["bawaslu"]


def outcomes(records: list[Record]) -> list[str]:
    return [r.values["outcome"] for r in of(records, "complaint_settled")]


def level(text: str, place: str = "a") -> float:
    operation, _ = stage(text)
    return float(operation.scene.people.tension.at(operation.world.places.index[place], "money"))


def test_complaints_are_taken_up_in_turn_as_handlers_come_free() -> None:
    records = rehearse(scene_with("handlers: 2, handling: 1 h", complain("2024-11-27 08:00", 5)))
    assert minutes(records, "complaint_taken_up") == [60, 60, 120, 120, 180]
    assert minutes(records, "complaint_settled") == [120, 120, 180, 180, 240]
    assert [r.entity for r in of(records, "complaint_settled")] == [f"bawaslu-{i}" for i in range(1, 6)]
    assert measured(records).wait.mean == pytest.approx((0 + 0 + 60 + 60 + 120) * 60 / 5)


def test_the_records_of_a_complaint_hang_together() -> None:
    records = rehearse(scene_with("handlers: 1, handling: 1 h", complain("2024-11-27 08:00")))
    fired = one(records, "trigger_fired")
    filed, taken, settled = (one(records, f"complaint_{step}") for step in ("filed", "taken_up", "settled"))
    assert (filed.parent, taken.parent, settled.parent) == (fired.id, filed.id, taken.id)


def test_work_goes_on_in_its_hours_and_days_only() -> None:
    """From Wednesday 15:00: an hour until 16:00, and two more on Thursday from 08:00; the second on Thursday 10:00."""
    plan = "handlers: 1, handling: 3 h, opens: '08:00', closes: '16:00', weekdays: [wednesday, thursday]"
    records = rehearse(scene_with(plan, complain("2024-11-27 15:00", 2)))
    day = 24 * 60
    assert minutes(records, "complaint_settled") == [day + 3 * 60, day + 6 * 60]
    evening = rehearse(scene_with(plan, complain("2024-11-27 20:00"), "horizon: 9 d\n"))
    assert minutes(evening, "complaint_taken_up") == [day + 60]
    friday = rehearse(scene_with(plan, complain("2024-11-29 09:00"), "horizon: 9 d\n"))
    assert minutes(friday, "complaint_taken_up") == [7 * day + 60], "the next Wednesday"


def test_whoever_waits_past_the_deadline_is_late_from_that_moment() -> None:
    plan = "handlers: 1, handling: 5 h, deadline: 4 h, embitters: {money: 0.2}"
    text = scene_with(plan, complain("2024-11-27 08:00", 2))
    records = rehearse(text)
    assert minutes(records, "complaint_late") == [300, 300]
    assert outcomes(records) == ["late", "late"]
    assert level(text) == pytest.approx(0.9, abs=1e-3), "each adds once, when the deadline passes"
    found = measured(records)
    assert (found.filed, found.overdue, found.in_time_share) == (2, 2, 0.0)


def test_what_is_handled_in_time_takes_its_share_off_and_lifts_legitimacy() -> None:
    plan = "handlers: 5, handling: 1 h, relieves: {money: 0.1}, raises_legitimacy: 0.2"
    text = scene_with(plan, complain("2024-11-27 08:00", 3), "horizon: 2 h 1 s\n")
    assert level(text) == pytest.approx(0.5 * 0.9**3)
    assert level(text, "b") == pytest.approx(0.5), "other villages have not been answered"
    legitimacy = stage(text)[0].scene.people.legitimacy
    assert legitimacy.levels[0, 1] == pytest.approx(1 - 0.25 * 0.8**3, abs=1e-4)


def test_what_is_refused_or_finds_no_room_adds_to_tension_and_costs_legitimacy() -> None:
    refused = scene_with(
        "handlers: 5, handling: 1 h, refused_share: 1, embitters: {money: 0.1}, cuts_legitimacy: 0.1",
        complain("2024-11-27 08:00", 2),
        "horizon: 2 h 1 s\n",
    )
    assert level(refused) == pytest.approx(0.7, abs=1e-3)
    assert stage(refused)[0].scene.people.legitimacy.levels[0, 1] == pytest.approx(0.55, abs=1e-4)
    full = scene_with(
        "handlers: 1, handling: 1 h, room: 1, embitters: {money: 0.1}", complain("2024-11-27 08:00", 4)
    )
    records = rehearse(full)
    assert sorted(outcomes(records)) == ["in_time", "in_time", "turned_away", "turned_away"]
    assert minutes(records, "complaint_settled", outcome="turned_away") == [60, 60]
    assert level(full) == pytest.approx(0.7, abs=1e-3)


def test_a_share_is_refused() -> None:
    text = scene_with(
        "handlers: 100, handling: 1 min, refused_share: 0.3", complain("2024-11-27 08:00", 3000)
    )
    found = measured(rehearse(text))
    assert abs(found.outcomes["refused"] - 900) < 4 * (3000 * 0.3 * 0.7) ** 0.5


@settings(max_examples=12, deadline=None)
@given(
    handlers=st.integers(1, 4),
    hours=st.floats(0.1, 30),
    deadline=st.integers(1, 60),
    room=st.one_of(st.none(), st.integers(0, 5)),
    refused=st.floats(0, 1),
    rate=st.floats(0.05, 3),
    daytime=st.booleans(),
)
def test_every_complaint_is_counted_once(
    handlers: int, hours: float, deadline: int, room: int | None, refused: float, rate: float, daytime: bool
) -> None:
    plan: dict[str, Any] = {
        "handlers": handlers,
        "handling": f"{{dist: exponential, mean: {round(60 * hours)} min}}",
        "deadline": f"{deadline} h",
        "refused_share": refused,
    }
    plan |= {} if room is None else {"room": room}
    plan |= {"opens": "'08:00'", "closes": "'16:00'"} if daytime else {}
    intake = ", ".join(f"{key}: {value}" for key, value in plan.items())
    trigger = f"  grievance: {{rate: {round(1000 * rate)} per 1000 h, effects: [{{do: complain, intake: bawaslu}}]}}\n"
    records = rehearse(scene_with(intake, trigger))
    found = measured(records)
    assert found.filed == len(of(records, "complaint_filed"))
    assert found.filed == sum(found.outcomes[outcome] for outcome in OUTCOMES) + found.waiting + found.in_hand
    assert min(found.waiting, found.in_hand) >= 0
    assert found.in_hand <= handlers
    late = {r.entity for r in of(records, "complaint_late")}
    assert not late & {r.entity for r in of(records, "complaint_settled", outcome="in_time")}


def test_villages_under_tension_complain_by_themselves_in_proportion_to_it() -> None:
    """Four villages at level 0.5, 2 an hour at level 1: 4 an hour together."""
    text = scene_with(
        "handlers: 1000, handling: 1 min, from_tension: {money: 2/h}",
        "  none: {at: [2024-11-27 08:00], effects: [{do: cut_legitimacy, by: 0}]}\n",
        "horizon: 30 d\n",
    )
    records = rehearse(text)
    assert abs(measured(records).filed - 2880) < 4 * 2880**0.5
    assert {r.place for r in of(records, "complaint_filed")} == {"pos", "a", "b", "c"}


CROWD = """\
  gather: {at: [2024-11-27 12:00], places: {ids: [a]}, effects: [{do: gather_crowd, size: 200, grievance: 0, over: 0 s, stays: 1 h, outlet: {intake: bawaslu, takes: 0.6}}]}
"""


@pytest.mark.parametrize(
    ("intake", "people"),
    [
        ("handlers: 4, handling: 1 h", 80),
        ("handlers: 2, handling: 3 h", 140),
        ("handlers: 1, handling: 30 h", 200),
        ("handlers: 4, handling: 1 h, refused_share: 1", 200),
    ],
    ids=["all answered", "half answered", "none answered", "all refused"],
)
def test_fewer_gather_where_complaints_were_answered_in_time(intake: str, people: int) -> None:
    records = rehearse(scene_with(intake, complain("2024-11-27 08:00", 4) + CROWD, "horizon: 6 h\n"))
    assert one(records, "crowd_gathered").values["expected"] == people


def test_all_come_where_nobody_had_complained() -> None:
    records = rehearse(
        scene_with("handlers: 4, handling: 1 h", complain("2024-11-27 12:30") + CROWD, "horizon: 6 h\n")
    )
    assert one(records, "crowd_gathered").values["expected"] == 200


def test_conditions_may_ask_how_complaints_fare() -> None:
    protest = "  protest: {when: complaints_failed >= 2, places: {ids: [a, b]}, effects: [{do: cut_legitimacy, by: 0.0}]}\n"
    late = scene_with("handlers: 1, handling: 30 h, deadline: 2 h", complain("2024-11-27 08:00", 2) + protest)
    assert [(r.place, r.time_s / 3600) for r in of(rehearse(late), "trigger_fired", "protest")] == [("a", 3)]
    busy = protest.replace("complaints_failed >= 2", "complaints_waiting >= 2")
    assert minutes(
        rehearse(scene_with("handlers: 1, handling: 1 h", complain("2024-11-27 08:00", 2) + busy)),
        "trigger_fired",
        "protest",
    ) == [60]
    calm = protest.replace("complaints_failed >= 2", "complaints_in_time >= 2")
    assert minutes(
        rehearse(scene_with("handlers: 1, handling: 1 h", complain("2024-11-27 08:00", 2) + calm)),
        "trigger_fired",
        "protest",
    ) == [180]
