"""Nobody is lost: whatever breaks down, fills up or is closed, each casualty is in exactly one state at the end."""

# ruff: noqa: E501 - the lines of a scenario are as long as planners write them

from __future__ import annotations

from collections import Counter
from dataclasses import astuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kontijensi.analysis.casualties import Casualty, Fate, casualties, casualty_measures, hospital_use
from kontijensi.analysis.fires import fires
from kontijensi.analysis.responses import check_parts, responses
from kontijensi.analysis.utilisation import unit_times
from kontijensi.engine import Operation
from kontijensi.vocabulary.records import Record, RecordKind
from kontijensi.world import World
from tests.engine.care_scene import CARE, with_sections
from tests.engine.scenes import of, run_world, scene
from tests.properties.random_scenes import random_world_with_care
from tests.properties.test_random_scenes import the_log_is_in_order

PLACES = ("pos", "a", "b", "near", "far")
MOMENT = st.integers(0, 200)


@st.composite
def troubles(draw: st.DrawFn) -> str:
    """Draw sections of a scenario: injuries, fires, breakdowns, floods and riots at any minute."""
    triggers = []
    for i in range(draw(st.integers(1, 8))):
        effect = draw(
            st.sampled_from(
                [
                    "{{do: injure, people: {n}, severity: {{minor: 0.4, moderate: 0.3, severe: 0.3}}}}",
                    "{{do: injure, people: {n}, severity: severe, who: officer, cause: collapse}}",
                    "{{do: call, call: sick}}",
                    "{{do: set_fire, burns: ballots}}",
                    "{{do: lose_unit, unit: amb, count: {n}, lasts: {lasts} min}}",
                    "{{do: lose_unit, unit: eng, lasts: {lasts} min}}",
                    "{{do: close_road, lasts: {lasts} min}}",
                    "{{do: gather_crowd, size: 60, grievance: 1, over: 0 s, stays: {lasts} min}}",
                ]
            )
        ).format(n=draw(st.integers(1, 4)), lasts=draw(st.integers(0, 60)))
        minute, place = draw(MOMENT), draw(st.sampled_from(PLACES))
        at = f"2024-11-27 {7 + minute // 60:02}:{minute % 60:02}"
        triggers.append(f"  t{i}: {{at: ['{at}'], places: {{ids: [{place}]}}, effects: [{effect}]}}")
    delay = st.sampled_from(["0 s", "1 min", "12 min"])
    shift = draw(st.sampled_from(["", ", shifts: [{start: '07:00', end: '08:30'}]"]))
    ambulance = f"{{agency: health, capabilities: [medical], personnel: 2, turn_out: {draw(delay)}, carries: {draw(st.integers(0, 3))}}}"
    medical = {
        "reported": draw(delay),
        "loading": draw(delay),
        "handover": draw(delay),
        "treatment": draw(delay),
        "stay": draw(st.sampled_from(["0 s", "20 min", "9 h"])),
        "when_full": draw(st.sampled_from(["hold", "elsewhere"])),
        "elsewhere": draw(delay),
        "most_units": str(draw(st.integers(1, 4))),
        "patients_per_unit": str(draw(st.sampled_from([0.5, 1, 3]))),
    }
    beds = draw(st.sampled_from(["", ", beds: 0", ", beds: 1", ", beds: 3"]))
    treats = draw(st.sampled_from(["moderate", "severe"]))
    return f"""
area:
  places:
    pos: {{kind: polsek}}
    a: {{kind: tps, voters: 300}}
    b: {{kind: ballot_store}}
    near: {{kind: hospital{beds}, treats_up_to: {treats}}}
    far: {{kind: hospital, beds: {draw(st.integers(0, 3))}}}
  roads: {{edges: [{{between: [pos, a], time: 2 min}}, {{between: [a, b], time: 2 min}}, {{between: [b, near], time: 2 min}}, {{between: [pos, far], time: 10 min}}]}}
medical: {{{", ".join(f"{key}: {value}" for key, value in medical.items())}}}
fires: {{burns: {draw(st.sampled_from([0, 20]))}, from_red: {draw(st.sampled_from([0, 5]))}, stages: [{{lasts: 5 min, water: 500}}, {{lasts: 30 min, water: 3000, units: 2}}]}}
crowd: {{violence_threshold: 0.05}}
community: {{camps: {{x: {{share: 1, legitimacy: 0.1}}}}}}
command: {{picture: perfect, handling: 0 s}}
unit_types:
  ambulance: {ambulance}
  first_aid: {{agency: health, capabilities: [medical], personnel: 4, turn_out: 1 min}}
  engine: {{agency: fire, capabilities: [fire], personnel: 5, turn_out: 1 min, stock: {{water: 2000}}, resupply: 5 min}}
  dalmas: {{agency: police, capabilities: [presence, dialogue, line, push, arrest, medical], personnel: 30, turn_out: 1 min}}
units:
  amb: {{type: ambulance, base: pos, count: {draw(st.integers(0, 3))}{shift}}}
  aid: {{type: first_aid, base: far}}
  eng: {{type: engine, base: pos}}
  squad: {{type: dalmas, base: pos, count: 2}}
calls:
  sick: {{known: [{{after: 30 min, place: a}}], needs: {{medical: 1}}, on_scene: {draw(delay)}, transport: hospital, severity: severe}}
triggers:
""" + "\n".join(triggers)


@given(troubles(), st.integers(0, 5))
@settings(max_examples=40, deadline=None)
def test_every_casualty_has_exactly_one_fate_and_nobody_is_lost(changes: str, seed: int) -> None:
    world = scene(with_sections(CARE, changes)).world
    operation, records = run_world(world, seed=seed)
    everybody_is_accounted_for(operation, records)


QUICK, LONG = 20, 300
NUMBERS = [pytest.param(n, marks=[pytest.mark.slow] if n >= QUICK else []) for n in range(LONG)]


@pytest.mark.parametrize("number", NUMBERS)
def test_nor_when_units_tire_break_down_or_are_called_to_something_graver(number: int) -> None:
    world = random_world_with_care(number)
    operation, records = run_world(world, seed=number)
    the_log_is_in_order(operation, records)
    everybody_is_accounted_for(operation, records)


def everybody_is_accounted_for(operation: Operation, records: list[Record]) -> None:
    world, rows = operation.world, casualties(records)
    assert len(rows) == len(of(records, "casualty_hurt"))
    hurt = sum(record.values["people"] for record in of(records, "harm"))
    sick = len(of(records, "incident_opened", of="sick"))
    assert len(rows) == hurt + sick
    counts = casualty_measures(rows)
    assert sum(counts[str(fate)] for fate in Fate) == counts["people"] == len(rows)
    for casualty in rows:
        parts = [length for length in astuple(casualty.parts) if length is not None]
        assert all(length >= 0 for length in parts)
        if casualty.until_care_s is not None:
            assert sum(parts) == pytest.approx(casualty.until_care_s, abs=1e-6)
    courses_are_lawful(records)
    nobody_is_carried_twice_or_left_in_a_free_unit(records)
    beds_are_never_overfull(world_beds(world), records)
    those_not_cared_for_are_somewhere(operation, rows)
    incident_rows = responses(records, world)
    check_parts(incident_rows)
    hospital_use(records, world, world.horizon_s)
    for fire in fires(records, incident_rows, world.horizon_s):
        assert fire.burnt_s >= 0
        if fire.how == "put_out":
            assert sum(part for part in astuple(fire.parts) if part is not None) == pytest.approx(
                fire.burnt_s, abs=1e-6
            )
    for row in unit_times(records, world):
        if not of(records, "run_ended")[0].values["outcome"]:
            assert sum(row.state_s.values()) == pytest.approx(world.horizon_s)


AFTER = {
    None: {"hurt"},
    "hurt": {"reported", "reached"},
    "reported": {"reached", "left"},
    "reached": {"treated", "loaded", "left"},
    "left": {"reached"},
    "loaded": {"turned_away", "brought", "left"},
    "turned_away": {"brought", "left"},
    "brought": {"admitted", "left", "turned_away"},
    "admitted": {"discharged"},
    "treated": set(),
    "discharged": set(),
}  # fmt: skip


def courses_are_lawful(records: list[Record]) -> None:
    """Each step of a course follows one that it may follow."""
    last: dict[str, str] = {}
    for record in records:
        kind = record.kind.value
        if kind.startswith("casualty_"):
            step = kind.removeprefix("casualty_")
            assert step in AFTER[last.get(record.entity)], (record.entity, last.get(record.entity), step)
            last[record.entity] = step


def nobody_is_carried_twice_or_left_in_a_free_unit(records: list[Record]) -> None:
    """A unit carries no more than it can, and is never ready with somebody in it."""
    load: Counter[str] = Counter()
    carried: dict[str, str] = {}
    for record in records:
        if record.kind is RecordKind.CASUALTY_LOADED:
            assert record.entity not in carried
            carried[record.entity] = record.values["unit"]
            load[record.values["unit"]] += 1
            assert load[record.values["unit"]] <= 3
        elif record.entity in carried and (
            record.kind in {RecordKind.CASUALTY_ADMITTED, RecordKind.CASUALTY_LEFT}
            or (record.kind is RecordKind.CASUALTY_TURNED_AWAY and record.values["to"] is None)
        ):
            load[carried.pop(record.entity)] -= 1
        elif record.kind is RecordKind.UNIT_READY:
            assert load[record.entity] == 0


def world_beds(world: World) -> dict[str, int | None]:
    places = world.places
    return {name: places.entries[row].beds for row, name in enumerate(places.ids)}


def beds_are_never_overfull(beds: dict[str, int | None], records: list[Record]) -> None:
    taken: Counter[str] = Counter()
    for record in records:
        if record.kind is RecordKind.CASUALTY_ADMITTED:
            taken[str(record.place)] += 1
            limit = beds[str(record.place)]
            assert limit is None or taken[str(record.place)] <= limit
        elif record.kind is RecordKind.CASUALTY_DISCHARGED:
            taken[str(record.place)] -= 1


def those_not_cared_for_are_somewhere(operation: Operation, rows: list[Casualty]) -> None:
    """Whoever waits, other than with a call of his own, is at a post where crews find him."""
    assert operation.care is not None
    waiting = {row.casualty for row in rows if row.fate is Fate.WAITING}
    at_posts = {patient.id for patient in operation.care.waiting()}
    assert {name for name in waiting if not name.startswith("sick-")} <= at_posts <= waiting
