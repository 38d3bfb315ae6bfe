"""Templates of `kontijensi new`, and drafts from lists: each loads as it is, in both languages."""

from __future__ import annotations

import pytest

from kontijensi.authoring.drafts import SIZES, Lists, drafted, places_table, template
from kontijensi.authoring.filling import USED
from kontijensi.authoring.patterns import PATTERNS
from kontijensi.authoring.roster import draft_roster
from kontijensi.scenario.doctrine.catalogue import catalogue
from kontijensi.scenario.document import Document, load_text
from kontijensi.scenario.problems import Severity
from kontijensi.scenario.schema.area import Place, PlaceKind
from kontijensi.scenario.schema.force import Agency
from kontijensi.scenario.schema.sections import Grade
from kontijensi.vocabulary.words import use_language


def complaints(document: Document) -> list[str]:
    return [str(note) for note in document.notes if note.severity is not Severity.NOTE]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["id", "en"])
def test_every_template_loads_without_errors_or_warnings(size: str, language: str) -> None:
    with use_language(language):
        assert complaints(load_text(template(size))) == []


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_starter_loads_without_errors_or_warnings_and_speaks_the_language_asked(language: str) -> None:
    with use_language(language):
        text = template("regency")
        document = load_text(text)
        assert [note for note in document.notes if note.severity is not Severity.NOTE] == []
        assert document.file.language == language
        assert document.file.unit_types == {
            key: catalogue()
            .unit_types[key]
            .type.model_copy(update={"name": str(catalogue().unit_types[key].name)})
            for key in USED
        }
    assert ("tidak pernah" in text, "Voting" in text) == (False, language == "en")
    assert ("Pemungutan suara" in text) == (language == "id")


def test_both_starters_are_the_same_rehearsal_but_for_the_words() -> None:
    files = []
    for language in ("id", "en"):
        with use_language(language):
            files.append(load_text(template("regency")).file.model_dump())

    def bare(value: object) -> object:
        if isinstance(value, dict):
            words = {"name", "description", "language", "note", "sources"}
            return {key: bare(each) for key, each in value.items() if key not in words}
        return [bare(each) for each in value] if isinstance(value, list) else value

    assert bare(files[0]) == bare(files[1])


def test_every_copied_figure_stands_beside_its_grade() -> None:
    with use_language("en"):
        text = template("regency")
    block = text[text.index("\nunit_types:\n") : text.index("\nunits:\n")]
    for line in block.splitlines():
        key = line.strip().partition(":")[0]
        if line.startswith("    ") and key not in {"name", "agency"}:
            assert any(f"  # {grade.value}" in line for grade in Grade), line


def test_the_day_of_the_vote_is_the_one_asked_for() -> None:
    from datetime import date

    file = load_text(template("village", date(2027, 3, 1))).file
    assert [f"{phase.start:%Y-%m-%d}" for phase in file.phases.values()] == [
        "2027-02-24", "2027-02-25", "2027-03-01", "2027-03-01",
    ]  # fmt: skip


def lists(roll: dict[Agency, int]) -> Lists:
    places = {
        f"tps-{n}": {
            "kind": "tps", "tps": 1, "name": f"TPS {n}", "lat": -7.7 - n / 1000, "lon": 110.6, "voters": 300,
            "zone": ["hijau", "kuning", "merah"][n % 3], "district": ["Wedi", "Kota-Barat"][n % 2],
        }
        for n in range(12)
    }  # fmt: skip
    return Lists(places, roll, "regional-2024", "daftar.xlsx")


def load_draft(given: Lists) -> Document:
    text = drafted(given, title="Contoh", places_file="contoh/tps.csv")
    return load_text(text, files={"contoh/tps.csv": places_table(given.stations)})


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_draft_from_lists_loads_and_its_roll_closes(language: str) -> None:
    with use_language(language):
        document = load_draft(lists({Agency.POLICE: 200, Agency.LINMAS: 60, Agency.SATPOL_PP: 25}))
    file = document.file
    assert complaints(document) == []
    assert sum(place.kind is PlaceKind.TPS for place in file.area.places.values()) == 12
    assert {group.base for group in file.units.values()} >= {"polsek-wedi", "polsek-kota-barat"}
    assert file.roll[Agency.POLICE] == 200


def test_a_draft_without_a_roll_has_units_all_the_same() -> None:
    document = load_draft(lists({}))
    assert complaints(document) == []
    assert len(document.file.units) >= 7


def test_the_roster_never_asks_for_more_than_the_guards_leave() -> None:
    stations = [Place(kind=PlaceKind.TPS, zone="merah")] * 10
    groups = draft_roster(stations, ["a", "b"], PATTERNS["regional-2024"], {Agency.POLICE: 20 + 30})
    people = sum(
        group.count * catalogue().unit_types[group.type].type.personnel
        for group in groups
        if catalogue().unit_types[group.type].type.agency == Agency.POLICE
    )
    assert people <= 30
    none = draft_roster(stations, ["a"], PATTERNS["regional-2024"], {Agency.POLICE: 19})
    assert all(group.type in {"ambulans", "tokoh_masyarakat", "pejabat_audiensi"} for group in none)
    assert {group.sector for group in groups if group.type == "patroli_polsek"} == {"a", "b"}


def test_a_draft_posts_nobody_in_a_zone_without_stations() -> None:
    given = lists({Agency.POLICE: 200, Agency.LINMAS: 60})
    calm = {key: {**place, "zone": "hijau"} for key, place in given.stations.items()}
    document = load_draft(Lists(calm, given.roll, given.pattern, given.source))
    assert complaints(document) == []
    assert list(document.file.posts) == ["penjaga_hijau"]
