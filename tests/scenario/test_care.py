"""Casualties nobody can carry, hospitals nobody reaches, fires nobody fights: said before the rehearsal."""

# ruff: noqa: E501 - the lines of a scenario are as long as planners write them

from __future__ import annotations

import pytest

from kontijensi.scenario.document import load_text
from kontijensi.scenario.problems import Problem, ScenarioError, Severity
from tests.scenario.base_scenario import MARK, errors_of, one, problems_of, said, with_fault

CARE = """\
kontijensi: 1
name: Kota kecil
start: 2023-07-05 06:00
horizon: 1 d
area:
  places:
    polres: {kind: polres, lat: -7.70, lon: 110.60}
    tps-1: {kind: tps, lat: -7.71, lon: 110.61, voters: 300}
    rsud: {kind: hospital, lat: -7.72, lon: 110.62, beds: 12}
  roads:
    edges:
      - {between: [polres, tps-1], length_km: 2}
      - {between: [tps-1, rsud], length_km: 2}
medical: {stay: 1 d}
fires: {flow_lpm: 400}
unit_types:
  ambulans: {agency: health, capabilities: [medical], personnel: 3, turn_out: 3 min, carries: 1}
  damkar: {agency: fire, capabilities: [fire], personnel: 6, turn_out: 2 min, stock: {water: 4000}}
units:
  ambulans: {type: ambulans, base: rsud}
  damkar: {type: damkar, base: polres, count: 2}
calls:
  sakit: {rate: 2/d, needs: {medical: 1}, on_scene: 10 min, transport: hospital}
triggers:
  laka:
    rate: 1/d
    effects:
      - {do: injure, people: 2, severity: {minor: 0.5, severe: 0.5}}
      - {do: set_fire, burns: tyres}
"""


def warnings_of(text: str) -> list[Problem]:
    return [problem for problem in problems_of(text) if problem.severity is Severity.WARNING]


def test_a_scenario_that_can_care_for_everybody_gets_no_warning() -> None:
    assert warnings_of(CARE) == []


@pytest.mark.parametrize(
    ("old", "new", "path", "words"),
    [
        (", carries: 1", "", "medical", "no medical unit on the roster carries anybody"),
        ("kind: hospital, lat: -7.72, lon: 110.62, beds: 12", "kind: other, lat: -7.72, lon: 110.62", "medical", "there is no place of the kind `hospital`"),
        (", beds: 12", "", "area.places.rsud", "1 hospital without `beds`: rsud"),
        ("beds: 12", "beds: 0", "medical", "no hospital has a bed"),
        ("beds: 12", "beds: 12, treats_up_to: moderate", "medical", "no hospital treats the severely hurt"),
        ("voters: 300", "voters: 300, beds: 3", "area.places.tps-1.beds", "`beds` has no meaning at a place that is no hospital"),
        (", stock: {water: 4000}", "", "triggers.laka.effects[1]", "no fire unit on the roster carries water"),
        ("  damkar: {type: damkar, base: polres, count: 2}\n", "", "triggers.laka.effects[1].do", "fires may begin, but nobody on the roster can do 'fire'"),
    ],
)  # fmt: skip
def test_what_nobody_could_do_is_said_with_the_reason_and_the_remedy(
    old: str, new: str, path: str, words: str
) -> None:
    found = one(warnings_of(CARE.replace(old, new, 1)))
    assert said(found) == f"{path}: {words}"
    assert found.why or "beds` has" in words
    assert found.fix


def test_a_hospital_that_no_road_reaches_is_named() -> None:
    text = CARE.replace("      - {between: [tps-1, rsud], length_km: 2}\n", "").replace(
        "beds: 12", "beds: 12, no_road: true"
    )
    assert "area.places.rsud: no road leads to this hospital" in map(said, warnings_of(text))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("severity: {minor: 0.5, severe: 0.5}", f"severity: {MARK}{{minor: 0.5}}", "the shares add up to 0.5, not 1"),
        ("severity: {minor: 0.5, severe: 0.5}", f"severity: {MARK}{{}}", "name at least one severity"),
        ("burns: tyres", f"burns: {MARK}boats", "'boats': did you mean 'ballots'? (choose from tyres, vehicle, building, ballots)"),
        ("burns: tyres", f"most_stage: {MARK}9", "there is no stage 9: `fires.stages` has 3"),
        ("medical: {stay: 1 d}\n", "", None),
        ("transport: hospital", f"transport: {MARK}clinic", "'clinic': only hospital is possible here"),
        ("beds: 12", f"beds: {MARK}-1", "-1: must be at least 0"),
        ("carries: 1", f"carries: {MARK}1.5", "1.5: a whole number is needed"),
        ("stay: 1 d", f"when_full: {MARK}wait", "'wait': choose from hold, elsewhere"),
        ("flow_lpm: 400", f"flow_lpm: {MARK}0", None),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_at_its_line(old: str, new: str, words: str | None) -> None:
    if MARK not in new:
        text = CARE.replace(old, new)
        assert "calls.sakit.transport: nobody can be carried: the scenario has no section `medical`" in map(
            said, errors_of(text)
        )
        return
    text, line, column = with_fault(old, new, CARE)
    problem = one(errors_of(text))
    assert (problem.line, problem.column) == (line, column)
    if words is not None:
        assert problem.message == words


def test_without_the_section_an_injury_is_warned_of() -> None:
    text = CARE.replace("medical: {stay: 1 d}\n", "").replace(", transport: hospital", "")
    assert (
        "triggers.laka.effects[0].do: people are hurt here, but the scenario has no section `medical`"
        in map(said, warnings_of(text))
    )


def test_stages_of_fire_must_not_shrink() -> None:
    stages = "stages: [{lasts: 5 min, water: 500}, {lasts: 5 min, water: 400}]"
    found = one(errors_of(CARE.replace("flow_lpm: 400", stages)))
    assert found.message == "a later stage cannot need less water than the one before"


def test_both_languages_say_it() -> None:
    text = CARE.replace("  damkar: {type: damkar, base: polres, count: 2}\n", "")
    notes = load_text(text, "kota.yaml", language="id").notes
    assert "kebakaran mungkin terjadi, tetapi tidak ada di daftar satuan yang mampu 'fire'" in [
        note.message for note in notes
    ]
    with pytest.raises(ScenarioError, match="tidak ada tahap 9"):
        load_text(CARE.replace("burns: tyres", "most_stage: 9"), "kota.yaml", language="id")


@pytest.mark.parametrize(
    ("now", "warned"),
    [
        ("base: polres, count: 1", True),
        ("base: polres, count: 2", False),
    ],
)
def test_a_fire_that_outgrows_every_crew_is_told_before_it_burns(now: str, warned: bool) -> None:
    found = warnings_of(CARE.replace("base: polres, count: 2", now))
    assert [said(problem) for problem in found] == (
        [
            "triggers.laka.effects[1]: formation larger than the fleet: stage 3 of a fire calls for 2 units "
            "with 'fire', roster and help have 1"
        ]
        if warned
        else []
    )


def test_a_fire_that_never_grows_so_far_is_not_warned_of() -> None:
    one_crew = CARE.replace("base: polres, count: 2", "base: polres")
    assert not warnings_of(one_crew.replace("burns: tyres", "burns: tyres, most_stage: 2"))
