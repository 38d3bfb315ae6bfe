"""Klaten 2023: the file says what is known, its arithmetic closes, and the rehearsal follows the drill."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from kontijensi.scenario.document import load
from kontijensi.scenario.schema.area import Place, PlaceKind
from kontijensi.scenario.schema.force import Agency
from kontijensi.scenario.schema.phases import PhaseKind
from kontijensi.scenario.schema.scenario import ScenarioFile

SCENARIO = Path("scenarios") / "klaten-pilkades-2023.yaml"
ROLL = {
    Agency.POLICE: 402,
    Agency.TNI: 100,
    Agency.SATPOL_PP: 30,
    Agency.TRANSPORT: 30,
    Agency.LINMAS: 134,
    Agency.ON_LOAN: 100,
}
NAMED = {
    "33.10.24.2003": ("Karanganom", "merah"),
    "33.10.17.2001": ("Glagahwangi", "kuning"),
    "33.10.11.2004": ("Kujon", "kuning"),
    "33.10.01.2014": ("Brajan", "kuning"),
}


@pytest.fixture(scope="module")
def klaten(repo: Path) -> ScenarioFile:
    """The scenario as read, its places file included."""
    return load(repo / SCENARIO).file


@pytest.fixture(scope="module")
def stations(klaten: ScenarioFile) -> dict[str, Place]:
    """Its polling places."""
    return {key: place for key, place in klaten.area.places.items() if place.kind is PlaceKind.TPS}


def posted(klaten: ScenarioFile, stations: dict[str, Place]) -> Counter[Agency]:
    """People at posts, by agency."""
    total: Counter[Agency] = Counter()
    for place in stations.values():
        assert place.zone is not None
        total.update(klaten.posts["penjaga_tps"].by_zone[place.zone])
    return total


def in_units(klaten: ScenarioFile) -> Counter[Agency]:
    """People in units, by agency."""
    total: Counter[Agency] = Counter()
    for group in klaten.units.values():
        kind = klaten.unit_types[group.type]
        total[kind.agency] += kind.personnel * group.count
    return total


def test_sixty_seven_villages_of_twenty_two_districts_elect_a_head(stations: dict[str, Place]) -> None:
    assert len(stations) == 67
    assert len({place.village for place in stations.values()}) == 67
    assert len({place.district for place in stations.values()}) == 22
    assert len({str(place.village)[:8] for place in stations.values()}) == 22


def test_their_voters_add_up_to_the_published_number(stations: dict[str, Place]) -> None:
    assert sum(place.voters for place in stations.values()) == 164_194
    assert min(place.voters for place in stations.values()) > 500


def test_the_named_villages_have_their_zones_and_all_others_are_green(stations: dict[str, Place]) -> None:
    zones = {place.village: place.zone for place in stations.values()}
    for code, (name, zone) in NAMED.items():
        assert zones.pop(code) == zone, name
    assert set(zones.values()) == {"hijau"}
    names = {place.village: place.name for place in stations.values()}
    assert all(name in str(names[code]) for code, (name, _zone) in NAMED.items())


def test_villages_follow_the_stated_rule(stations: dict[str, Place]) -> None:
    per_district = Counter(str(place.village)[:8] for place in stations.values())
    assert max(per_district.values()) - min(per_district.values()) <= 3
    left_out = {f"33.10.{number:02d}" for number in range(1, 27)} - set(per_district)
    assert left_out == {"33.10.07", "33.10.23", "33.10.25", "33.10.26"}


def test_the_roll_is_the_796_of_the_press(klaten: ScenarioFile) -> None:
    assert klaten.roll == ROLL
    assert sum(klaten.roll.values()) == 796


def test_guards_by_zone_take_215_police_68_soldiers_and_all_linmas(
    klaten: ScenarioFile, stations: dict[str, Place]
) -> None:
    assert posted(klaten, stations) == {Agency.POLICE: 215, Agency.TNI: 68, Agency.LINMAS: 134}


def test_posts_and_units_use_the_roll_and_no_more(klaten: ScenarioFile, stations: dict[str, Place]) -> None:
    used = posted(klaten, stations) + in_units(klaten)
    left = {agency: ROLL[agency] - used[agency] for agency in ROLL}
    assert left == {**dict.fromkeys(ROLL, 0), Agency.TNI: 2}
    assert set(used) - set(ROLL) == {Agency.HEALTH}


def test_phases_are_the_published_days_and_hours(klaten: ScenarioFile) -> None:
    spans = {
        phase.kind: (f"{phase.start:%d %H:%M}", f"{phase.end:%d %H:%M}") for phase in klaten.phases.values()
    }
    assert spans[PhaseKind.QUIET] == ("01 00:00", "05 00:00")
    assert spans[PhaseKind.VOTING] == ("05 07:00", "05 13:00")
    assert spans[PhaseKind.COUNTING][0] == "05 13:00"
    assert next(iter(klaten.phases.values())).kind is PhaseKind.REGISTRATION


def test_help_of_brimob_needs_an_authority_and_takes_time(klaten: ScenarioFile) -> None:
    aid = klaten.mutual_aid["brimob"]
    assert aid.authority in klaten.command.authorities
    assert aid.lead_time.expected >= 45 * 60
    assert aid.asked_at == "red"


def test_meetings_are_held_before_and_after_the_vote(klaten: ScenarioFile) -> None:
    vote = klaten.phases["pemungutan"]
    times = [
        moment
        for programme in klaten.community.programmes.values()
        if programme.kind == "community_meeting"
        for moment in programme.times
    ]
    assert any(moment < vote.start for moment in times)
    assert any(moment > vote.end for moment in times)


def test_what_was_chosen_is_labelled(klaten: ScenarioFile) -> None:
    for path in ("area.places_file", "phases.pendaftaran", "units", "triggers", "crowd"):
        assert klaten.evidence[path].grade == "assumed", path
    for path in ("roll", "posts.penjaga_tps.by_zone", "phases.tenang"):
        assert klaten.evidence[path].grade == "measured", path
        assert klaten.evidence[path].source in klaten.sources
    assert all(each.source is None or each.source in klaten.sources for each in klaten.evidence.values())
