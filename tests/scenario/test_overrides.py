"""Values set from outside: `--set path=value`."""

from __future__ import annotations

import pytest

from kontijensi.scenario.document import Document, load_text
from kontijensi.scenario.problems import ScenarioError
from tests.scenario.base_scenario import BASE, errors_of, one, problems_of, said


def loaded(*settings: str, text: str = BASE) -> Document:
    return load_text(text, "kota.yaml", overrides=settings, language="en")


def test_a_value_is_set() -> None:
    document = loaded("units.regu.count=3")
    assert document.file.units["regu"].count == 3
    assert dict(document.overrides) == {"units.regu.count": 3}


def test_the_text_and_its_hash_stay_those_of_the_file() -> None:
    assert loaded("units.regu.count=3").sha256 == loaded().sha256


def test_a_value_the_scenario_leaves_out_is_set() -> None:
    document = loaded("command.operators=3", "crowd.k=2.5", "roll.tni=100")
    assert (document.file.command.operators, document.file.crowd.k) == (3, 2.5)
    assert sorted(document.file.roll.items()) == [("police", 100), ("tni", 100)]


def test_setting_one_part_of_a_default_keeps_its_other_parts() -> None:
    needs = loaded("command.stages.red.needs.line=3").file.command.stages.red.needs
    assert {capability.value: number for capability, number in needs.items()} == {"line": 3, "arrest": 1}


def test_a_part_of_a_list_and_a_whole_list_are_set() -> None:
    document = loaded("triggers.protes.effects[0].size=50", "phases.pungut.exposes=[tps, kpu]")
    assert document.file.triggers["protes"].effects[0].size.value == 50  # type: ignore[union-attr]
    assert document.file.phases["pungut"].exposes == ["tps", "kpu"]


def test_ids_with_points_are_found() -> None:
    text = BASE.replace("tps-1:", "'33.10.24':").replace("tps-1", "'33.10.24'")
    document = loaded("area.places.33.10.24.voters=7", text=text)
    assert document.file.area.places["33.10.24"].voters == 7


def test_values_may_come_as_they_are() -> None:
    document = load_text(BASE, overrides={"units.regu.count": 0, "horizon": "2 d"})
    assert (document.file.units["regu"].count, document.file.horizon) == (0, 2 * 86400)


def test_the_seed_is_set_apart() -> None:
    assert load_text(BASE, seed=77).file.seed == 77


def test_a_place_of_a_table_is_set() -> None:
    text = BASE.replace("  zones:", "  places_file: tps.csv\n  zones:").replace(
        "edges:", "synthetic: {}\n    edges:"
    )
    table = {"tps.csv": "id,lat,lon,voters\n007,-7.7,110.6,5\n"}
    document = load_text(text, files=table, overrides=["area.places.007.voters=9"])
    assert document.file.area.places["007"].voters == 9


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("units.rege.count=2", "units: 'rege': no such key; did you mean 'regu'?"),
        ("units.regu.cuont=2", "units.regu: 'cuont': no such key; did you mean 'count'?"),
        ("unit.regu.count=2", "'unit': no such key; did you mean 'units'?"),
        ("units.regu.count.x=2", "units.regu.count: 2 has no parts; set it as a whole"),
        ("triggers.protes.effects[3].size=2", "effects: '3': no such position; the list has 1"),
        ("crowd.zzz=2", "crowd: 'zzz': no such key; choose from"),
        ("units.regu.count=", "no value after '='; write for example units.brimob.count=2"),
        ("units.regu.count", "write path=value, for example units.brimob.count=2"),
        ("units.regu.count=1.5", "units.regu.count: 1.5: a whole number is needed"),
        ("units.regu.count=010", "'010' begins with a zero"),
        ("units.regu.base=polrez", "units.regu.base: 'polrez': no such place; did you mean 'polres'?"),
        ("units.regu.count=!!python/name:os.system 1", "tags ('!...') are not part of the scenario language"),
    ],
)
def test_a_setting_that_cannot_be_is_told_by_its_own_words(setting: str, expected: str) -> None:
    problem = one(errors_of(BASE, overrides=[setting]))
    assert problem.file == f"--set {setting}"
    assert expected in said(problem)


def test_faults_of_the_file_and_of_settings_are_told_together() -> None:
    problems = errors_of(BASE.replace("horizon: 1 d", "horizon: 1"), overrides=["units.regu.count=-1", "x=1"])
    assert {problem.file for problem in problems} == {"kota.yaml", "--set units.regu.count=-1", "--set x=1"}


def test_a_setting_that_cannot_be_repeats_no_advice_about_the_file() -> None:
    warned = BASE.replace("size: 100", "size: 20000")
    setting = "units.regu.base=polrez"
    assert "kota.yaml" in {problem.file for problem in problems_of(warned)}
    assert {problem.file for problem in problems_of(warned, overrides=[setting])} == {f"--set {setting}"}
    both = problems_of(warned.replace("base: polres", "base: x"), overrides=["roll.police=1"])
    assert {problem.file for problem in both} == {"--set roll.police=1", "kota.yaml"}


def test_the_scenario_itself_is_not_changed_by_a_setting_that_fails() -> None:
    with pytest.raises(ScenarioError):
        loaded("units.regu.count=-1")
    assert loaded().file.units["regu"].count == 2
