"""Casualties and fires from a log written by hand: steps that add up, and nobody left out."""

from __future__ import annotations

from dataclasses import astuple

import pytest

from kontijensi.analysis.casualties import CareParts, Fate, casualties, casualty_measures, hospital_use
from kontijensi.analysis.limits import parse_limit
from kontijensi.analysis.measure_kinds import MeasureKind, kind_of
from kontijensi.analysis.summary import summarise
from kontijensi.vocabulary.records import Record, RecordKind
from tests.engine.care_scene import CARE, care_run, hurt, with_sections
from tests.engine.scenes import run_world, scene


def log(*lines: tuple[float, str, str, str, dict[str, object]]) -> list[Record]:
    return [
        Record(number, None, time_s, RecordKind(kind), entity, place, values)
        for number, (time_s, kind, entity, place, values) in enumerate(lines, start=1)
    ]


HURT = {"of": "x", "cause": "accident", "group": "public", "severity": "severe"}
REACHED = {"unit": "amb", "incident": "i", "ordered_s": 100.0, "edge_s": 300.0, "in_s": 400.0}


def test_the_steps_of_care_end_at_their_marks() -> None:
    (row,) = casualties(
        log(
            (60.0, "casualty_hurt", "c", "a", HURT),
            (90.0, "casualty_reported", "c", "a", {}),
            (450.0, "casualty_reached", "c", "a", REACHED),
            (500.0, "casualty_loaded", "c", "a", {"unit": "amb"}),
            (700.0, "casualty_brought", "c", "h", {"unit": "amb"}),
            (760.0, "casualty_admitted", "c", "h", {"unit": "amb"}),
            (999.0, "casualty_discharged", "c", "h", {}),
        )
    )
    assert row.parts == CareParts(30.0, 10.0, 200.0, 100.0, 50.0, 50.0, 200.0, 60.0)
    assert (row.fate, row.hospital, row.until_care_s) == (Fate.ADMITTED, "h", 700.0)


def test_a_crew_that_stood_by_took_no_time_and_the_parts_still_add_up() -> None:
    (row,) = casualties(
        log(
            (1000.0, "casualty_hurt", "c", "a", HURT),
            (1000.0, "casualty_reported", "c", "a", {}),
            (1010.0, "casualty_reached", "c", "a", REACHED),
            (1100.0, "casualty_treated", "c", "a", {"unit": "amb"}),
        )
    )
    assert row.parts == CareParts(0.0, 0.0, 0.0, 0.0, 10.0, 90.0)
    assert sum(part for part in astuple(row.parts) if part is not None) == row.until_care_s


def test_only_the_last_unit_counts_for_one_who_was_left_behind() -> None:
    (row,) = casualties(
        log(
            (0.0, "casualty_hurt", "c", "a", HURT),
            (10.0, "casualty_reported", "c", "a", {}),
            (450.0, "casualty_reached", "c", "a", REACHED),
            (500.0, "casualty_left", "c", "a", {"unit": "amb"}),
        )
    )
    assert (row.fate, row.unit, row.until_reached_s) == (Fate.WAITING, None, None)
    assert row.parts == CareParts(reporting=10.0)


def test_one_never_cared_for_is_later_than_any_time() -> None:
    rows = casualties(
        log(
            (0.0, "casualty_hurt", "c", "a", HURT),
            (0.0, "casualty_hurt", "d", "a", HURT),
            (0.0, "casualty_reached", "c", "a", {**REACHED, "ordered_s": 0.0, "edge_s": 0.0, "in_s": 0.0}),
            (60.0, "casualty_treated", "c", "a", {"unit": "amb"}),
        )
    )
    measures = casualty_measures(rows)
    assert (measures["cared_for"]["mean"], measures["cared_for"]["p90"]) == (None, None)
    assert measures["cared_for"]["mean_answered"] == 60.0


def test_a_hospital_is_full_exactly_while_every_bed_is_taken() -> None:
    world = scene(CARE).world  # near has one bed
    found = hospital_use(
        log(
            (100.0, "casualty_admitted", "c", "near", {"unit": "amb"}),
            (400.0, "casualty_discharged", "c", "near", {}),
            (900.0, "casualty_admitted", "d", "near", {"unit": "amb"}),
        ),
        world,
        1000.0,
    )
    assert (found["near"].full_s, found["near"].admitted, found["near"].most_taken) == (400.0, 2, 1)
    assert (found["far"].full_s, found["far"].admitted) == (0.0, 0)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("casualties.turned_away", MeasureKind.COUNT),
        ("casualties.by_severity.severe.cared_for.p90", MeasureKind.TIME),
        ("casualties.parts.safety.mean", MeasureKind.TIME),
        ("casualties.hospitals.rsud.full_s", MeasureKind.TIME),
        ("casualties.hospitals.rsud.most_taken", MeasureKind.COUNT),
        ("fires.burning", MeasureKind.COUNT),
        ("fires.burnt_s", MeasureKind.TIME),
        ("fires.first_water.max", MeasureKind.TIME),
        ("fires.water", MeasureKind.AMOUNT),
        ("fires.voters_affected", MeasureKind.COUNT),
    ],
)
def test_limits_may_be_set_on_casualties_and_fires(path: str, kind: MeasureKind) -> None:
    assert kind_of(path) is kind


def test_every_measure_of_a_run_with_casualties_and_fires_has_a_kind() -> None:
    changes = (
        "units: {amb: {type: ambulance, base: pos}, eng: {type: engine, base: pos}}\n"
        f"triggers:\n  x: {hurt(3, 'severe')}\n"
        "  f: {at: ['2024-11-27 07:20'], places: {ids: [b]}, effects: [{do: set_fire}]}\n"
    )
    world = scene(with_sections(CARE, changes)).world
    summary = summarise(world, run_world(world)[1])
    for group in ("casualties", "fires"):
        for path, value in leaves(group, summary[group]):
            if value is not None and not isinstance(value, str):
                assert kind_of(path) is not None, path
    assert parse_limit("casualties.waiting > 0") is not None


def leaves(path: str, value: object) -> list[tuple[str, object]]:
    if isinstance(value, dict):
        return [leaf for key, inner in value.items() for leaf in leaves(f"{path}.{key}", inner)]
    return [(path, value)]


def test_a_run_without_either_measures_zero_under_the_same_names() -> None:
    world = scene(with_sections(CARE, "")).world
    summary = summarise(world, care_run())
    assert summary["casualties"]["people"] == 0
    assert summary["casualties"]["by_severity"]["severe"]["cared_for"]["n"] == 0
    assert (summary["fires"]["n"], summary["fires"]["burnt_s"]) == (0, 0.0)
