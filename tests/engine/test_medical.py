"""From the harm to the hospital: who is told, who goes, whom he takes first, and where he brings him."""

# ruff: noqa: E501 - the lines of a scenario are as long as planners write them

from __future__ import annotations

import pytest

from kontijensi.analysis.casualties import Fate, casualties
from tests.engine.care_scene import care_run, course, hurt, row, sent_to
from tests.engine.scenes import BASE, minutes, of, one, rehearse, story


def test_the_whole_course_of_one_casualty_by_hand() -> None:
    records = care_run(f"triggers: {{x: {hurt(1, 'severe')}}}")
    assert course(records, "x-1:c1") == [
        (10, "hurt"),
        (13, "reported"),  # 3 min; the desk takes none
        (16, "reached"),  # 1 min turn-out, 2 min drive
        (26, "loaded"),
        (30, "brought"),  # a - b - near
        (40, "admitted"),
    ]
    mine = row(records, "x-1:c1")
    assert (mine.fate, mine.hospital, mine.unit) == (Fate.ADMITTED, "near", "amb")
    parts = [
        getattr(mine.parts, name) / 60
        for name in ("reporting", "dispatching", "approach", "safety", "turn", "care", "carrying", "handover")
    ]
    assert parts == [3, 0, 3, 0, 0, 10, 4, 10]
    assert mine.until_care_s == 30 * 60
    assert one(records, "harm").values == {
        "cause": "accident",
        "group": "public",
        "severity": "severe",
        "people": 1,
    }


def test_the_ambulance_is_free_only_when_it_has_handed_over() -> None:
    records = care_run(f"triggers: {{x: {hurt(1, 'severe')}}}")
    assert [step for step in story(records, "amb") if step[0] > 13] == [
        (14, "unit_departed"),
        (16, "unit_arrived"),
        (26, "unit_departed"),
        (30, "unit_arrived"),
        (40, "unit_released"),
        (40, "unit_departed"),
        (46, "unit_arrived"),
        (46, "unit_ready"),
    ]
    assert {r.values["incident"] for r in of(records, "unit_departed", "amb")} == {"a:casualties", None}


def test_the_minor_are_treated_on_the_spot_and_the_gravest_come_first() -> None:
    records = care_run(
        f"""
        triggers:
          m: {hurt(1, "minor")}
          s: {hurt(1, "severe", at="07:11")}
        """
    )
    assert [step for _t, step in course(records, "s-1:c1")][-1] == "admitted"
    assert row(records, "s-1:c1").reached_s == 16 * 60
    # At 40 the ambulance is free again; four minutes from near to a, and a quarter of an hour for the minor one.
    assert course(records, "m-1:c1")[-2:] == [(44, "reached"), (59, "treated")]


def test_one_ambulance_goes_for_each_who_must_be_carried_up_to_the_most_asked_for() -> None:
    changes = """
        medical: {{most_units: {most}}}
        units: {{amb: {{type: ambulance, base: pos, count: 6}}}}
        triggers: {{x: {hurt}}}
    """
    four = care_run(changes.format(most=10, hurt=hurt(4, "severe")))
    assert len(sent_to(four, "a")) == 4
    assert {each.reached_s for each in casualties(four)} == {16 * 60}
    two = care_run(changes.format(most=2, hurt=hurt(4, "severe")))
    assert minutes(two, "unit_ordered") == [13, 13, 26, 26]  # each time one has left, another is asked for


def test_many_minor_casualties_call_for_few_units() -> None:
    records = care_run(
        f"""
        units: {{aid: {{type: first_aid, base: pos, count: 4}}}}
        triggers: {{x: {hurt(12, "minor")}}}
        """
    )
    assert len(sent_to(records, "a")) == 2  # one by ten
    assert {each.fate for each in casualties(records)} == {Fate.TREATED}


def test_those_who_must_be_carried_wait_for_a_unit_that_carries() -> None:
    records = care_run(
        f"""
        units: {{aid: {{type: first_aid, base: a}}, amb: {{type: ambulance, base: far}}}}
        triggers: {{x: {hurt(1, "severe")}}}
        """
    )
    assert sent_to(records, "a") == ["amb"]
    assert row(records, "x-1:c1").fate is Fate.ADMITTED


def test_a_full_hospital_sends_the_ambulance_to_the_next() -> None:
    records = care_run(
        f"""
        units: {{amb: {{type: ambulance, base: pos, count: 2}}}}
        triggers: {{x: {hurt(2, "severe")}}}
        """
    )
    assert sorted(each.hospital for each in casualties(records)) == ["far", "near"]


def test_a_hospital_that_does_not_treat_the_severe_is_passed() -> None:
    for severity, hospital in (("moderate", "near"), ("severe", "far")):
        records = care_run(
            f"""
            area:
              places:
                pos: {{kind: polsek}}
                a: {{kind: tps}}
                near: {{kind: hospital, beds: 9, treats_up_to: moderate}}
                far: {{kind: hospital, beds: 9}}
              roads: {{edges: [{{between: [pos, a], time: 2 min}}, {{between: [a, near], time: 1 min}}, {{between: [a, far], time: 9 min}}]}}
            triggers: {{x: {hurt(1, severity)}}}
            """
        )
        assert row(records, "x-1:c1").hospital == hospital


FULL = """
        medical: {{stay: 1 h, when_full: {rule}, elsewhere: 30 min}}
        area:
          places: {{pos: {{kind: polsek}}, a: {{kind: tps}}, near: {{kind: hospital, beds: 1}}}}
          roads: {{edges: [{{between: [pos, a], time: 2 min}}, {{between: [a, near], time: 4 min}}]}}
        units: {{amb: {{type: ambulance, base: pos, count: 2}}}}
        triggers: {{x: {hurt}}}
"""


def test_when_all_are_full_he_is_held_at_the_door_until_a_bed_is_free() -> None:
    records = care_run(FULL.format(rule="hold", hurt=hurt(2, "severe")))
    turned = one(records, "casualty_turned_away")
    assert (turned.values["why"], turned.values["to"]) == ("full", "near")
    assert course(records, turned.entity) == [
        (10, "hurt"), (13, "reported"), (16, "reached"), (26, "loaded"), (26, "turned_away"), (30, "brought"),
        (110, "admitted"),  # the first came at 30, had his bed at 40 and left it at 100
        (170, "discharged"),
    ]  # fmt: skip
    held = row(records, turned.entity)
    assert (held.fate, held.turned_away) == (Fate.ADMITTED, True)
    assert minutes(records, "unit_released", "amb-2") == [110]


def test_or_he_is_taken_out_of_the_area_and_counts_as_turned_away() -> None:
    records = care_run(FULL.format(rule="elsewhere", hurt=hurt(2, "severe")))
    turned = one(records, "casualty_turned_away")
    assert (turned.values["why"], turned.values["to"]) == ("full", None)
    away = row(records, turned.entity)
    assert (away.fate, away.until_care_s) == (Fate.TURNED_AWAY, None)
    assert minutes(records, "unit_released", turned.values["unit"]) == [56]  # loaded at 26, away for 30 min


def test_without_any_hospital_he_is_turned_away_for_want_of_one() -> None:
    area = "area: {places: {pos: {kind: polsek}, a: {kind: tps}}, roads: {edges: [{between: [pos, a], time: 2 min}]}}\n"
    records = care_run(area + f"triggers: {{x: {hurt(1, 'severe')}}}\n")
    assert one(records, "casualty_turned_away").values["why"] == "none"


def test_a_bus_takes_as_many_as_it_carries_and_brings_each_where_there_is_a_bed() -> None:
    records = care_run(
        f"""
        unit_types:
          ambulance: {{agency: health, capabilities: [medical], personnel: 2, turn_out: 1 min, carries: 3}}
        triggers: {{x: {hurt(3, "severe")}}}
        """
    )
    rows = casualties(records)
    assert [each.hospital for each in rows] == ["near", "far", "far"]
    assert {each.unit for each in rows} == {"amb"}
    assert len(minutes(records, "unit_released", "amb")) == 1  # one run


def test_an_ambulance_that_breaks_down_leaves_its_casualty_for_the_next() -> None:
    records = care_run(
        f"""
        units: {{amb: {{type: ambulance, base: pos}}, other: {{type: ambulance, base: far}}}}
        triggers:
          x: {hurt(1, "severe")}
          crash: {{at: ['2024-11-27 07:27'], places: {{ids: [a]}}, effects: [{{do: lose_unit, unit: amb, lasts: 3 h}}]}}
        """
    )
    left = one(records, "casualty_left", "x-1:c1")
    assert left.place == "b"  # it was on the stretch from a to b
    mine = row(records, "x-1:c1")
    assert (mine.fate, mine.unit, mine.hospital) == (Fate.ADMITTED, "other", "near")
    assert sum(x for x in vars_of(mine) if x is not None) == mine.until_care_s


def test_a_shift_that_ends_on_the_way_ends_after_the_hospital() -> None:
    records = care_run(
        f"""
        units: {{amb: {{type: ambulance, base: pos, shifts: [{{start: '06:00', end: '07:28'}}]}}}}
        triggers: {{x: {hurt(1, "severe")}}}
        """
    )
    assert course(records, "x-1:c1")[-1] == (40, "admitted")
    assert minutes(records, "unit_off_shift", "amb") == [46]


def test_an_ambulance_waits_for_a_road_when_none_leads_to_a_hospital() -> None:
    records = care_run(
        f"""
        area:
          places: {{pos: {{kind: polsek}}, a: {{kind: tps}}, near: {{kind: hospital, beds: 1}}}}
          roads: {{edges: [{{between: [pos, a], time: 2 min}}, {{between: [a, near], time: 4 min}}]}}
        triggers:
          x: {hurt(1, "severe")}
          flood: {{at: ['2024-11-27 07:20'], places: {{ids: [near]}}, effects: [{{do: close_road, lasts: 1 h}}]}}
        """
    )
    assert course(records, "x-1:c1")[-2:] == [(84, "brought"), (94, "admitted")]


def test_nobody_is_carried_without_the_section_and_the_harm_is_the_same() -> None:
    trigger = f"triggers: {{x: {hurt(3, 'severe')}}}"
    with_care = care_run(trigger)
    without = rehearse(BASE + trigger + "\n")
    assert not [r for r in without if r.kind.value.startswith("casualty_")]
    assert one(with_care, "harm").values == one(without, "harm").values


CALLS = """
        calls:
          sick: {{known: [{{after: 10 min, place: a}}], needs: {{medical: 1}}, on_scene: 5 min, transport: hospital, severity: severe, through_desk: false}}
        units: {units}
"""


def test_an_ordinary_call_about_a_casualty_ends_at_the_hospital() -> None:
    records = care_run(CALLS.format(units="{amb: {type: ambulance, base: pos}}"))
    assert course(records, "sick-1:c1") == [
        (10, "hurt"), (10, "reported"), (13, "reached"), (18, "loaded"), (22, "brought"), (32, "admitted"),
    ]  # fmt: skip
    assert one(records, "incident_closed").values["outcome"] == "served"
    assert minutes(records, "incident_closed") == [18]
    assert not of(records, "harm")  # an ordinary call is no harm of the election


def test_a_call_whose_ambulance_is_lost_on_the_spot_hands_its_casualty_on() -> None:
    records = care_run(
        CALLS.format(units="{amb: {type: ambulance, base: pos}, other: {type: ambulance, base: far}}")
        + """
        triggers:
          crash: {at: ['2024-11-27 07:15'], places: {ids: [a]}, effects: [{do: lose_unit, unit: amb, lasts: 3 h}]}
        """
    )
    assert [step for _t, step in course(records, "sick-1:c1")] == [
        "hurt", "reported", "reached", "left", "reached", "loaded", "brought", "admitted",
    ]  # fmt: skip
    assert row(records, "sick-1:c1").unit == "other"


VIOLENT = """
        crowd: {{violence_threshold: 0.05, calm_leave_per_h: 0}}
        community: {{camps: {{x: {{share: 1, legitimacy: 0.1}}}}}}
        command: {{handling: 0 s, stages: {stages}}}
        units: {{amb: {{type: ambulance, base: pos, count: 2}}, squad: {{type: dalmas, base: pos, count: {squads}}}}}
        triggers:
          riot: {{at: ['2024-11-27 07:00'], places: {{ids: [a]}}, effects: [{{do: gather_crowd, size: 150, grievance: 1, over: 0 s, stays: 2 h}}]}}
          x: {hurt}
"""


@pytest.fixture(scope="module")
def riot() -> list[object]:
    stages = "{red: {needs: {line: 2}}, yellow: {needs: {line: 1}}, green: {}}"
    return care_run(VIOLENT.format(stages=stages, squads=2, hurt=hurt(1, "severe", at="07:05")))  # type: ignore[return-value]


def test_crews_wait_at_the_edge_of_a_riot_until_a_line_stands(riot: list) -> None:
    held, cleared = of(riot, "approach_held"), of(riot, "approach_cleared")
    assert held
    assert cleared
    lines = [r.time_s for r in of(riot, "posture_set") if r.values["line"]]
    calm = [r.time_s for r in of(riot, "colour_changed") if r.values["colour"] != "red"]
    for record in cleared:
        start = next(r for r in held if r.id == record.parent)
        assert record.values["held_s"] == record.time_s - start.time_s
        assert any(start.time_s < t_s <= record.time_s for t_s in (*lines, *calm))


def test_harm_from_the_crowd_becomes_casualties_one_by_one(riot: list) -> None:
    by_harm = sum(r.values["people"] for r in of(riot, "harm"))
    assert by_harm == len(of(riot, "casualty_hurt")) > 1
    assert {r.values["group"] for r in of(riot, "casualty_hurt")} >= {"public"}


def test_without_a_line_they_wait_as_long_as_it_is_red() -> None:
    stages = "{red: {}, yellow: {}, green: {}}"
    records = care_run(VIOLENT.format(stages=stages, squads=0, hurt=hurt(1, "severe", at="07:05")))
    assert of(records, "approach_held")
    for record in of(records, "approach_cleared"):
        colours = [r.values["colour"] for r in of(records, "colour_changed") if r.time_s <= record.time_s]
        assert colours[-1] != "red" or of(records, "crowd_ended")


def vars_of(casualty: object) -> list[float | None]:
    from dataclasses import astuple

    return list(astuple(casualty.parts))  # type: ignore[attr-defined]
