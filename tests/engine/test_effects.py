"""What each effect of a trigger does."""

# ruff: noqa: E501 - the lines of a scenario are as long as planners write them

from __future__ import annotations

import pytest

from tests.engine.scenes import CALM, minutes, of, one, rehearse, stage

DISTRICTS = """\
area:
  places:
    pos: {kind: polsek, village: v1, district: Barat}
    a: {kind: tps, voters: 300, village: v2, district: Barat}
    b: {kind: tps, voters: 300, village: v3, district: Timur}
  roads: {edges: [{between: [pos, a], time: 2 min}, {between: [a, b], time: 2 min}]}
"""


def at_half_past(*effects: str, place: str = "a", also: str = "") -> str:
    return (
        f"triggers:\n  event: {{at: [2024-11-27 07:30], places: {{ids: [{place}]}}, effects: [{', '.join(effects)}]}}\n"
        + also
    )


@pytest.mark.parametrize(
    ("reach", "raised"), [("place", {"v2"}), ("district", {"v1", "v2"}), ("area", {"v1", "v2", "v3"})]
)
def test_tension_rises_in_the_village_the_district_or_everywhere(reach: str, raised: set[str]) -> None:
    operation, records = stage(
        DISTRICTS
        + "community: {channels: {hoax: {start: 0.2, rest: 0.2}}}\n"
        + at_half_past(f"{{do: raise_tension, channel: hoax, by: 0.3, reach: {reach}}}")
        + "horizon: 31 min\n"
    )
    tension = operation.scene.people.tension
    found = {
        village for village, level in zip(tension.villages.ids, tension.levels[0], strict=True) if level > 0.4
    }
    assert found == raised
    assert one(records, "tension_raised", "hoax").values == {"by": 0.3, "reach": reach}


def test_tension_and_legitimacy_stay_within_bounds() -> None:
    operation, _ = stage(
        DISTRICTS
        + "community: {channels: {hoax: {start: 0.9, rest: 0.9}}, camps: {a: {share: 0.5}, b: {share: 0.5}}}\n"
        + at_half_past(
            "{do: raise_tension, channel: hoax, by: 0.5}", "{do: cut_legitimacy, by: 0.9, camps: [b]}"
        )
        + "horizon: 30 min 1 s\n"
    )
    people = operation.scene.people
    assert people.tension.levels[0].tolist() == pytest.approx([0.9, 1.0, 0.9], abs=1e-6)
    assert people.legitimacy.levels[:, 1].tolist() == pytest.approx([0.75, 0.0], abs=1e-3)


def test_a_crowd_comes_in_parties_that_add_up_and_goes_home_when_its_time_is_over() -> None:
    records = rehearse(
        CALM + at_half_past("{do: gather_crowd, size: 100, grievance: 0, over: 12 min, stays: 20 min}")
    )
    parties = of(records, "crowd_joined", "event-1")
    assert sum(r.values["people"] for r in parties) == 100
    assert [r.time_s / 60 for r in parties] == [30 + i for i in range(12)]
    ended = one(records, "crowd_ended", "event-1")
    assert (ended.values["joined"], ended.values["left"]) == (100, 100)
    leaving = [r for r in of(records, "crowd_sampled") if r.values["left"] > 0]
    assert min(r.time_s for r in leaving) >= (30 + 12 + 20) * 60


def test_one_person_is_a_crowd_and_nobody_is_none() -> None:
    records = rehearse(CALM + at_half_past("{do: gather_crowd, size: 1, over: 0 s, stays: 0 s}"))
    assert one(records, "crowd_ended").values["joined"] == 1
    assert not of(rehearse(at_half_past("{do: gather_crowd, size: 0, stays: 1 h}")), "crowd_gathered")


def test_a_second_wave_joins_who_is_there_and_stays_away_when_nobody_is() -> None:
    first = "{do: gather_crowd, size: 40, grievance: 0, over: 0 s, stays: 5 min}"
    for after, joined in (("2 min", [40, 25]), ("3 h", [40])):
        records = rehearse(
            CALM.replace("fatigue_leave_per_h: 0", "fatigue_leave_per_h: 0, controlled_leave_per_h: 240")
            + at_half_past(first, f"{{do: second_wave, size: 25, grievance: 0, over: 0 s, after: {after}}}")
        )
        by_wave: dict[str, int] = {}
        for record in of(records, "crowd_joined"):
            by_wave[record.values["wave"]] = by_wave.get(record.values["wave"], 0) + record.values["people"]
        assert list(by_wave.values()) == joined
        assert len(of(records, "crowd_gathered")) == 1


def test_a_false_report_sends_units_that_find_nothing_and_are_free_again() -> None:
    records = rehearse(
        at_half_past("{do: false_report, colour: green, delay: 3 min}")
        + "units: {talks: {type: talks, base: pos}}\n"
    )
    name = "event-1:false"
    assert one(records, "incident_opened", name).values["sort"] == "false"
    assert one(records, "incident_reported", name).time_s == 33 * 60
    arrived = one(records, "unit_arrived", incident=name)
    closed = one(records, "incident_closed", name)
    assert (closed.time_s, closed.values["outcome"]) == (arrived.time_s, "false")
    assert one(records, "unit_released").time_s == closed.time_s


def test_two_false_reports_at_one_instant_are_two() -> None:
    records = rehearse(
        at_half_past(*["{do: false_report, colour: green, delay: 0 s}"] * 2)
        + "units: {talks: {type: talks, base: pos, count: 2}}\n"
    )
    opened = [r.entity for r in of(records, "incident_opened")]
    assert len(set(opened)) == 2
    assert sorted(r.entity for r in of(records, "incident_closed")) == sorted(opened)


def test_a_lost_channel_keeps_reports_from_getting_through_until_it_is_restored() -> None:
    records = rehearse(
        CALM
        + "community: {observers: {kst: {kind: kst, per_place: 50, detection_per_h: 3600, report_delay: 0 s}}}\n"
        + at_half_past(
            "{do: lose_channel, lasts: 20 min}",
            "{do: gather_crowd, size: 40, grievance: 0, over: 0 s, stays: 1 h}",
        )
    )
    assert minutes(records, "channel_restored", "all") == [50]
    lost = of(records, "report_lost")
    assert lost
    assert all(30 * 60 < r.time_s <= 50 * 60 for r in lost)
    assert one(records, "incident_reported").time_s >= 50 * 60, "and then it is reported after all"


def test_a_channel_lost_twice_is_restored_with_the_second() -> None:
    operation, records = stage(
        "community: {observers: {kst: {kind: kst, report_delay: 0 s}}}\n"
        + at_half_past("{do: lose_channel, lasts: 20 min, reach: area}", "{do: lose_channel, lasts: 40 min}")
        + "horizon: 1 h\n"
    )
    cut = {observer.place: observer.cut_off for observer in operation.scene.people.observers}
    assert cut == {0: 0, 1: 1, 2: 0, 3: 0}
    assert minutes(records, "channel_restored") == [50]


def test_a_call_is_made_where_the_trigger_fires() -> None:
    records = rehearse(
        at_half_past("{do: call, call: fire}", place="b")
        + "calls: {fire: {known: [{after: 3 h, place: a}], on_scene: 1 min}}\n"
    )
    call = of(records, "incident_opened")[0]
    assert (call.entity, call.place, call.time_s, call.values["of"]) == ("fire-1", "b", 1800, "fire")
    assert call.parent == one(records, "trigger_fired").id


def test_the_end_ends_the_run_at_that_instant() -> None:
    records = rehearse(
        at_half_past("{do: end, outcome: Enough}")
        + "calls: {fire: {known: [{after: 1 h, place: a}], on_scene: 1 min}}\n"
    )
    ended = one(records, "run_ended")
    assert (ended.time_s, ended.values["outcome"], records[-1]) == (1800, "Enough", ended)
    assert max(r.time_s for r in records) == 1800
    assert not of(records, "incident_opened")


def test_losing_more_units_than_there_are_loses_those_there_are() -> None:
    records = rehearse(
        "units: {car: {type: patrol, base: pos, count: 2}}\n"
        + at_half_past(*["{do: lose_unit, unit: car, count: 5, lasts: 10 min}"] * 2)
    )
    assert sorted(r.entity for r in of(records, "unit_lost")) == ["car", "car-2"]
    assert minutes(records, "unit_restored") == [40, 40]
