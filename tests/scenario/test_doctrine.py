"""The catalogue of doctrine: what it holds, how well each figure is known, and what can be copied from it."""

from __future__ import annotations

import copy

import pytest
from pydantic import ValidationError

from kontijensi.scenario.doctrine.catalogue import Catalogue, catalogue, written
from kontijensi.scenario.schema.command import Stages
from kontijensi.scenario.schema.force import FORCE_FREE, FORCEFUL, Agency, Capability
from kontijensi.scenario.schema.sections import Grade


def test_sizes_and_water_are_those_of_doctrine() -> None:
    people = {key: entry.type.personnel for key, entry in catalogue().unit_types.items()}
    assert (people["dalmas_awal"], people["dalmas_lanjut"], people["kompi_ssk"]) == (39, 39, 100)
    assert (people["peleton_sst"], people["dalmas_kompi"], people["awc"]) == (30, 90, 4)
    water = catalogue().evidence("awc", "stock")
    assert (water.low, water.high, catalogue().unit_types["awc"].type.stock) == (5000, 6500, {"water": 5000})


def test_what_is_read_in_a_source_is_told_from_what_is_remembered_and_what_is_assumed() -> None:
    grades = {
        key: catalogue().evidence(key, "personnel").grade for key in ("dalmas_awal", "peleton_sst", "k9")
    }
    assert list(grades.values()) == [Grade.LITERATURE, Grade.EXPERT, Grade.ASSUMED]
    for key in catalogue().unit_types:
        assert catalogue().evidence(key, "turn_out").grade is Grade.ASSUMED, "no source gives any"
    for entry in (*catalogue().unit_types.values(), *catalogue().stages.values()):
        for evidence in entry.evidence.values():
            assert (evidence.source is None) == (evidence.grade is Grade.ASSUMED)


def test_a_figure_without_a_grade_is_refused_and_so_is_a_grade_without_its_figure() -> None:
    bare = copy.deepcopy(written())
    bare["unit_types"]["damkar"]["type"]["reaches"] = 5
    with pytest.raises(ValidationError, match="damkar: no evidence for reaches"):
        Catalogue.model_validate(bare)
    stray = copy.deepcopy(written())
    stray["unit_types"]["damkar"]["evidence"]["stamina"] = {"grade": "assumed"}
    with pytest.raises(ValidationError, match="damkar: evidence for stamina, which it does not give"):
        Catalogue.model_validate(stray)
    lost = copy.deepcopy(written())
    lost["stages"]["red"]["authority"] = ["kapolri"]
    with pytest.raises(ValidationError, match="authorities that are not there: kapolri"):
        Catalogue.model_validate(lost)


def test_those_who_never_use_force_have_no_means_of_it() -> None:
    for key in ("linmas", "kst", "tokoh_masyarakat", "pejabat_audiensi", "damkar", "ambulans", "dishub"):
        kind = catalogue().unit_types[key].type
        assert kind.agency in FORCE_FREE, key
        assert not FORCEFUL.intersection(kind.capabilities), key
    assert catalogue().unit_types["tni_sst"].type.capabilities == [Capability.LINE], (
        "the army holds a line only"
    )


def test_each_colour_has_its_force_and_the_chain_that_agrees_to_it() -> None:
    stages = {colour: entry.stage for colour, entry in catalogue().stages.items()}
    assert list(stages) == ["green", "yellow", "red"]
    assert stages["green"].formation == {Capability.PRESENCE: 1, Capability.DIALOGUE: 1}
    assert [stage.authority for stage in stages.values()] == [
        ["kapolsek"],
        ["kapolsek", "kapolres"],
        ["kapolres", "kapolda"],
    ]
    assert [stage.priority for stage in stages.values()] == [4, 2, 1]
    held = {
        colour: {
            c for e in catalogue().unit_types.values() if colour in e.type.stages for c in e.type.capabilities
        }
        for colour in stages
    }
    for colour, stage in stages.items():
        assert set(stage.formation) <= held[colour], colour


def test_a_scenario_that_says_nothing_of_stages_has_those_of_doctrine() -> None:
    for colour, entry in catalogue().stages.items():
        default = Stages().at(colour)  # type: ignore[arg-type]
        assert (default.formation, default.priority) == (entry.stage.formation, entry.stage.priority)


def test_help_from_outside_has_a_lead_time_and_a_path() -> None:
    for key, last in (("phh_brimob", "kapolda"), ("phh_brimob_peleton", "kapolda"), ("tni_sst", "dandim")):
        entry = catalogue().unit_types[key]
        assert entry.lead_time is not None
        assert entry.lead_time.expected >= 30 * 60
        assert entry.authority[-1] == last
        assert len(entry.authority) > 1


def test_agencies_of_the_catalogue_are_those_of_the_field() -> None:
    held = {entry.type.agency for entry in catalogue().unit_types.values()}
    assert held == set(Agency) - {Agency.ON_LOAN}, "who is on loan keeps the type they have at home"
