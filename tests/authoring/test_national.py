"""The generated country: all of its regencies, the same for the same seed, and one that can be rehearsed."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import cache
from itertools import pairwise

import pytest

from kontijensi.authoring.national import (
    LEAST_SHARE,
    PROVINCES,
    STATIONS,
    national,
    regencies,
    shared_out,
    stations_table,
)
from kontijensi.scenario.document import Document, load_text
from kontijensi.scenario.problems import Severity
from kontijensi.scenario.wording import INDONESIA_LAT, INDONESIA_LON
from kontijensi.vocabulary.words import use_language
from kontijensi.world import compile_world

DAY = date(2029, 2, 14)


@cache
def a_hundredth(language: str = "en") -> Document:
    with use_language(language):
        every = regencies(0.01)
        text = national(every, places_file="tps.csv", day=DAY)
        return load_text(text, files={"tps.csv": "".join(stations_table(every))})


def test_at_full_size_it_has_every_station_and_regency_of_the_country() -> None:
    every = regencies()
    assert (len(every), sum(regency.stations for regency in every)) == (514, 823_236)
    assert [regency.stations for regency in every] == [regency.full for regency in every]
    assert sum(province.regencies for province in PROVINCES) == 514
    assert min(regency.stations for regency in every) > 50


@pytest.mark.parametrize("share", [LEAST_SHARE, 0.01, 0.1, 0.37])
def test_a_share_has_that_part_of_the_stations_and_every_regency(share: float) -> None:
    every = regencies(share)
    assert len(every) == 514
    assert sum(regency.stations for regency in every) == round(STATIONS * share)
    assert min(regency.stations for regency in every) >= 1


@pytest.mark.parametrize("share", [0.0, -0.5, LEAST_SHARE / 2, 1.01, float("nan")])
def test_a_share_that_leaves_regencies_empty_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match=str(share)):
        regencies(share)


def test_the_same_seed_gives_the_same_country_and_another_seed_another() -> None:
    first, again, other = (list(stations_table(regencies(0.001, seed), seed)) for seed in (1, 1, 2))
    assert first == again != other


def test_a_share_is_a_part_of_the_whole_station_by_station() -> None:
    tenth, hundredth = (dict(_by_id(regencies(share))) for share in (0.02, 0.01))
    assert hundredth.items() <= tenth.items()


def _by_id(every: object) -> list[tuple[str, str]]:
    lines = [line.split(",", 1) for line in stations_table(every)]  # type: ignore[arg-type]
    return [(line[0], line[1]) for line in lines[1:]]


def test_every_place_lies_within_the_country_and_stations_near_their_police() -> None:
    places = a_hundredth().file.area.places
    for place in places.values():
        assert place.lat is not None
        assert place.lon is not None
        assert INDONESIA_LAT[0] <= place.lat <= INDONESIA_LAT[1]
        assert INDONESIA_LON[0] <= place.lon <= INDONESIA_LON[1]
    for place in places.values():
        if place.kind == "tps":
            police = places[f"polres-{place.district}"]
            assert abs((place.lat or 0) - (police.lat or 0)) < 0.4
            assert abs((place.lon or 0) - (police.lon or 0)) < 0.4


def test_people_are_shared_out_to_the_last_one() -> None:
    assert shared_out(10, [1.0, 1.0, 2.0]) == [3, 3, 4]
    parts = shared_out(1000, [0.001, 5.0, 1.0, 7.0])
    assert (sum(parts), parts[0]) == (1000, 1)
    assert all(a <= b for a, b in pairwise(sorted(parts)))


@pytest.mark.parametrize("language", ["id", "en"])
def test_it_passes_check_without_errors_or_warnings_but_for_stations_far_from_the_police(
    language: str,
) -> None:
    notes = [note for note in a_hundredth(language).notes if note.severity is not Severity.NOTE]
    assert [note.path for note in notes] == [("standards", "patroli_60")]
    assert a_hundredth(language).file.language == language


def test_it_says_that_it_is_generated_where_every_reader_sees_it() -> None:
    assert "generated" in a_hundredth().file.name.lower()
    kinds = Counter(place.kind for place in a_hundredth().file.area.places.values())
    assert kinds == {"tps": 8232, "polres": 514, "posko": 1}
    names = [place.name or "" for place in a_hundredth().file.area.places.values() if place.kind == "polres"]
    assert all("generated" in name for name in names)


def test_all_of_it_hangs_together_by_road() -> None:
    world = compile_world(a_hundredth().file)
    assert bool((world.roads.times_from(0) < float("inf")).all())
