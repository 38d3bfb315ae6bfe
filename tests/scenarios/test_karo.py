"""Karo 2024: ten sector chiefs, a chief new in post, mediators, people boxed into camps, and calm runs."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from statistics import fmean

import pytest
from scipy import stats

from kontijensi.api import Run, Scenario
from kontijensi.api import load as load_to_run
from kontijensi.scenario.document import load
from kontijensi.scenario.problems import Severity
from kontijensi.scenario.schema.area import Place, PlaceKind
from kontijensi.scenario.schema.force import Agency, Capability
from kontijensi.scenario.schema.phases import PhaseKind
from kontijensi.scenario.schema.scenario import ScenarioFile
from kontijensi.vocabulary.records import RecordKind
from tests.scenarios.assumptions import check_assumptions
from tests.scenarios.claims import Saw

SCENARIO = Path("scenarios") / "karo-pilkada-2024.yaml"
PRESS = "regional press and official figures, 2024"
KPU = "KPU: schedule and stations of 2024"
CLAIMS = [
    ("673 polling stations", PRESS, "test_673_stations_stand_in_269_villages_of_17_districts"),
    ("299,456 voters", PRESS, "test_voters_add_up_and_no_station_has_more_than_600"),
    (
        "ten sector chiefs look after 17 districts",
        PRESS,
        "test_ten_sector_chiefs_share_17_districts_each_in_one_piece",
    ),
    (
        "who has which district can be changed",
        "the list is not public",
        "test_a_sector_can_be_given_to_another_chief",
    ),
    (
        "whoever is chief of the sector goes to its incidents",
        PRESS,
        "test_the_chief_of_the_sector_goes_to_its_incidents",
    ),
    (
        "the chief of the regency, a week in post, decides faster as he learns",
        "regional press, 2024; by ablation",
        "test_the_new_chief_answers_faster_as_he_learns",
    ),
    (
        "humanist approach: presence and listening in every colour, talk before anything else",
        PRESS,
        "test_presence_and_listening_come_first",
    ),
    (
        "leaders of the community and of the youth mediate",
        PRESS,
        "test_leaders_of_community_and_youth_mediate",
    ),
    (
        "mediation settles more and calms sooner",
        "regional press, 2024; by ablation",
        "test_mediators_settle_more_and_calm_sooner",
    ),
    (
        "people boxed into camps are the threat",
        "regional press, 2024; by ablation",
        "test_camps_face_each_other_only_where_people_were_boxed_in",
    ),
    (
        "incidents are rare: most runs are uneventful",
        "regional press, 2024",
        "test_most_of_forty_runs_are_uneventful",
    ),
    (
        "guards by vulnerability: 2 police and 8 Linmas for 4 stations, 2 and 4 for 2",
        "guard patterns of 2024 in several regencies, regional press",
        "test_guards_follow_the_patterns_of_2024",
    ),
    (
        "quiet 24 to 26 November, vote on the 27th from 07:00 to 13:00",
        KPU,
        "test_phases_are_the_published_days_and_hours",
    ),
]
DISTRICTS = (
    "Kabanjahe",
    "Berastagi",
    "Barusjahe",
    "Tigapanah",
    "Merek",
    "Munte",
    "Juhar",
    "Tigabinanga",
    "Laubaleng",
    "Mardingding",
    "Payung",
    "Simpang-Empat",
    "Kutabuluh",
    "Dolat-Rayat",
    "Merdeka",
    "Naman-Teran",
    "Tiganderket",
)
"""In the order of the national codes, from 12.06.01 on."""
TOUCHING = {
    1: (2, 4, 6, 11, 12),
    2: (4, 12, 14, 15),
    3: (4, 5, 14),
    4: (5, 6, 11, 12, 14, 16, 17),
    5: (6, 7),
    6: (7, 8, 11, 13, 17),
    7: (8,),
    8: (9, 13),
    9: (10, 13),
    10: (13,),
    11: (12, 17),
    12: (15, 16),
    13: (16, 17),
    15: (16,),
    16: (17,),
}
"""Districts whose areas touch, by number (national boundaries as published)."""
PLANNED = ("kampanye_penutup", "makan_bersama")
"""Lawful gatherings that are announced."""
MEDIATORS = (
    "tokoh_kabanjahe",
    "tokoh_berastagi",
    "tokoh_barat",
    "tokoh_tengah",
    "pemuda_kabanjahe",
    "pemuda_berastagi",
    "pemuda_barat",
)
WITHOUT_MEDIATORS: dict[str, object] = {
    **{f"units.{unit}.count": 0 for unit in MEDIATORS},
    "community.programmes.temu_tokoh.lowers": {},
    "community.programmes.temu_tokoh.raises_willingness": {},
}


@pytest.fixture(scope="module")
def karo(repo: Path) -> ScenarioFile:
    """The scenario as read, its places file included."""
    return load(repo / SCENARIO).file


@pytest.fixture(scope="module")
def stations(karo: ScenarioFile) -> dict[str, Place]:
    """Places with polling stations: one a village."""
    return {key: place for key, place in karo.area.places.items() if place.kind is PlaceKind.TPS}


@pytest.fixture(scope="module")
def rehearsal(repo: Path) -> Scenario:
    """The scenario, ready to run."""
    return load_to_run(repo / SCENARIO)


# -- what the file says ----------------------------------------------------------------------------------


def test_nothing_is_warned_of(rehearsal: Scenario) -> None:
    assert [str(note) for note in rehearsal.notes if note.severity is not Severity.NOTE] == []


def test_every_assumption_is_labelled_and_has_a_range(karo: ScenarioFile, repo: Path) -> None:
    check_assumptions(karo, repo / SCENARIO)


def test_673_stations_stand_in_269_villages_of_17_districts(stations: dict[str, Place]) -> None:
    assert sum(place.stations for place in stations.values()) == 673
    assert len({place.village for place in stations.values()}) == len(stations) == 269
    districts = {place.district for place in stations.values()}
    assert districts == set(DISTRICTS)
    assert all(place.district == DISTRICTS[int(str(place.village)[6:8]) - 1] for place in stations.values())


def test_voters_add_up_and_no_station_has_more_than_600(stations: dict[str, Place]) -> None:
    assert sum(place.voters for place in stations.values()) == 299_456
    a_station = [place.voters / place.stations for place in stations.values()]
    assert max(a_station) <= 600
    # The rule: as many stations as 600 voters each need, and no village had a better claim to one more.
    need = sum(-(-place.voters // 600) for place in stations.values())
    assert need == 673 - 36
    given_more = [place for place in stations.values() if place.stations > -(-place.voters // 600)]
    assert min(place.voters / (place.stations - 1) for place in given_more) >= max(a_station)


def test_the_largest_village_of_each_district_is_mapped_as_vulnerable(stations: dict[str, Place]) -> None:
    for district in DISTRICTS:
        inside = [place for place in stations.values() if place.district == district]
        mapped = [place for place in inside if place.zone == "kuning"]
        assert len(mapped) == 1
        assert mapped[0].voters == max(place.voters for place in inside)


def test_guards_follow_the_patterns_of_2024(rehearsal: Scenario, karo: ScenarioFile) -> None:
    for zone, shared in {"hijau": 4, "kuning": 2}.items():
        posts = karo.posts[f"polisi_{zone}"]
        assert posts.by_zone == {zone: {Agency.POLICE: 2}}
        assert posts.for_stations == shared
        assert karo.posts["linmas"].by_zone[zone] == {Agency.LINMAS: 2}
    people: Counter[Agency] = Counter()
    for guard in rehearsal.world.guards:
        people.update(guard.people)
    assert people[Agency.LINMAS] == 2 * 673


def sectors(karo: ScenarioFile) -> dict[str, list[str]]:
    """Districts of each sector chief."""
    return {
        key: group.sector or []
        for key, group in karo.units.items()
        if group.type == "perwira_sektor" and group.count == 1
    }


def test_ten_sector_chiefs_share_17_districts_each_in_one_piece(karo: ScenarioFile) -> None:
    found = sectors(karo)
    assert len(found) == 10
    assert Counter(district for each in found.values() for district in each) == Counter(DISTRICTS)
    assert Counter(map(len, found.values())) == {1: 3, 2: 7}
    for districts in found.values():
        numbers = sorted(DISTRICTS.index(district) + 1 for district in districts)
        assert len(numbers) == 1 or numbers[1] in TOUCHING[numbers[0]], districts
    for chief, districts in found.items():
        assert karo.area.places[karo.units[chief].base].district in districts
    assert karo.evidence["units"].grade == "assumed"


def test_a_sector_can_be_given_to_another_chief(repo: Path) -> None:
    changed = load_to_run(
        repo / SCENARIO,
        overrides={
            "units.sektor_1.sector": ["Kabanjahe", "Simpang-Empat"],
            "units.sektor_9.sector": ["Payung"],
        },
    )
    assert sectors(changed.document.file)["sektor_1"] == ["Kabanjahe", "Simpang-Empat"]
    assert [str(note) for note in changed.notes if note.severity is not Severity.NOTE] == []


def test_phases_are_the_published_days_and_hours(karo: ScenarioFile) -> None:
    spans = {
        phase.kind: (f"{phase.start:%d %H:%M}", f"{phase.end:%d %H:%M}") for phase in karo.phases.values()
    }
    assert spans[PhaseKind.CAMPAIGN][1] == "24 00:00"
    assert spans[PhaseKind.QUIET] == ("24 00:00", "27 00:00")
    assert spans[PhaseKind.VOTING] == ("27 07:00", "27 13:00")
    assert spans[PhaseKind.COUNTING][0] == "27 13:00"
    vote = karo.phases["pemungutan"].start
    assert (vote - karo.start).days == 7  # a week in post on the day of the vote (chosen)


def test_presence_and_listening_come_first(karo: ScenarioFile) -> None:
    assert karo.command.posture == "dialogue_first"
    assert karo.command.talks is not None
    assert karo.command.talks.listening > 0
    for colour in ("green", "yellow", "red"):
        assert karo.command.stages.at(colour).needs[Capability.DIALOGUE] >= 1
    assert {each.kind for each in karo.community.programmes.values()} >= {"community_meeting", "open_hour"}
    can = [capability for kind in karo.unit_types.values() for capability in kind.capabilities]
    assert not {Capability.WATER, Capability.IRRITANT} & set(can)


def test_leaders_of_community_and_youth_mediate(karo: ScenarioFile) -> None:
    kinds = {karo.units[unit].type for unit in MEDIATORS}
    assert kinds == {"tokoh_masyarakat", "tokoh_pemuda"}
    for kind in kinds:
        assert karo.unit_types[kind].capabilities == [Capability.MEDIATION]
        assert karo.unit_types[kind].agency is Agency.COMMUNITY
    assert all(
        karo.command.stages.at(colour).also[Capability.MEDIATION] >= 1 for colour in ("green", "yellow")
    )
    assert "mediation" in {each.kind for each in karo.community.programmes.values()}


# -- command ---------------------------------------------------------------------------------------------


def chief_ordered(run: Run, crowd: str) -> str | None:
    """The sector chief first ordered to a crowd."""
    ordered = (
        record.entity
        for record in run.log
        if record.kind is RecordKind.UNIT_ORDERED and str(record.values["incident"]).startswith(f"{crowd}:")
    )
    return next((unit for unit in ordered if unit.startswith("sektor_")), None)


def test_the_chief_of_the_sector_goes_to_its_incidents(
    rehearsal: Scenario, karo: ScenarioFile, stations: dict[str, Place]
) -> None:
    places = {
        district: next(key for key, place in stations.items() if place.district == district)
        for district in ("Merek", "Juhar", "Dolat-Rayat", "Kutabuluh")
    }
    # Hours apart, so that every chief is back at his post.
    called = [
        f"latihan_berhadapan@2024-11-24 {7 + 4 * turn:02d}:00@{place}"
        for turn, place in enumerate(places.values())
    ]
    run = rehearsal.run(seed=2, crowds=False, injects=called)
    gathered = {
        str(record.place): record.entity
        for record in run.log
        if record.kind is RecordKind.CROWD_GATHERED and record.entity.startswith("latihan")
    }
    for district, place in places.items():
        chief = chief_ordered(run, gathered[place])
        assert chief is not None
        assert district in sectors(karo)[chief], (district, chief)


def answered_after_s(run: Run) -> float:
    """Seconds that the regency chief took to answer for the first time."""
    asked = next(
        record
        for record in run.log
        if record.kind is RecordKind.APPROVAL_ASKED and record.values["authority"] == "kapolres"
    )
    approved = next(
        record
        for record in run.log
        if record.kind is RecordKind.INCIDENT_APPROVED and record.entity == asked.entity
    )
    return approved.time_s - asked.time_s


def test_the_new_chief_answers_faster_as_he_learns(repo: Path, observed: Saw) -> None:
    # Angry people, so that each of the three incidents needs his agreement soon.
    angry: dict[str, object] = {"triggers.latihan_berhadapan.effects.0.grievance": 0.8}
    learning = load_to_run(repo / SCENARIO, overrides=angry)
    practised = load_to_run(repo / SCENARIO, overrides={**angry, "command.authorities.kapolres.learns": None})
    ratios = []
    for when, days in (("20 12:00", 0.25), ("23 12:00", 3.25), ("26 12:00", 6.25)):
        called = [f"latihan_berhadapan@2024-11-{when}@tps-lau-cimba"]
        new, old = (each.run(seed=3, crowds=False, injects=called) for each in (learning, practised))
        ratios.append(answered_after_s(new) / answered_after_s(old))
        # An excess of once the usual delay, half of it gone after five days; asked within the hour.
        assert ratios[-1] == pytest.approx(1 + 0.5 ** (days / 5), abs=0.02)
    observed(" then ".join(f"{ratio:.2f}" for ratio in ratios) + " times the usual delay")
    assert ratios == sorted(ratios, reverse=True)


# -- mediators -------------------------------------------------------------------------------------------

TESTED = [
    "latihan_berhadapan@2024-11-24 15:00@tps-lau-cimba",
    "latihan_berhadapan@2024-11-25 15:00@tps-gundaling-i",
    "latihan_berhadapan@2024-11-26 15:00@tps-ketaren",
]


def restless(run: Run) -> int:
    """People active or violent, summed over the samples of crowds that the trainer called."""
    return sum(
        int(record.values["active"] + record.values["violent"])
        for record in run.log
        if record.kind is RecordKind.CROWD_SAMPLED and record.entity.startswith("latihan")
    )


def answers(run: Run) -> tuple[int, int]:
    """Rounds of talks accepted, and rounds held to their end."""
    held = [record.values["outcome"] for record in run.log if record.kind is RecordKind.TALKS_HELD]
    return held.count("accepted"), held.count("accepted") + held.count("refused")


def check_mediation(repo: Path, rehearsal: Scenario, seeds: range, observed: Saw) -> None:
    """With mediators more rounds are accepted and fewer people are restless, on the same seeds."""
    nobody = load_to_run(repo / SCENARIO, overrides=WITHOUT_MEDIATORS)
    calmer = []
    settled, alone = Counter[str](), Counter[str]()
    for seed in seeds:
        one, other = (each.run(seed=seed, crowds=False, injects=TESTED) for each in (rehearsal, nobody))
        calmer.append(restless(other) / restless(one) - 1)
        for count, run in ((settled, one), (alone, other)):
            accepted, held = answers(run)
            count.update(accepted=accepted, held=held)
    shares = [count["accepted"] / count["held"] for count in (settled, alone)]
    low = stats.t.interval(0.95, len(calmer) - 1, fmean(calmer), stats.sem(calmer))[0]
    observed(
        f"{shares[0]:.0%} of rounds accepted, not {shares[1]:.0%}; without them {fmean(calmer):.0%} more "
        f"people restless (at least {low:.0%}, {len(calmer)} paired runs)"
    )
    assert shares[0] > shares[1]
    assert low > 0


@pytest.mark.slow
def test_mediators_settle_more_and_calm_sooner(repo: Path, rehearsal: Scenario, observed: Saw) -> None:
    check_mediation(repo, rehearsal, range(1, 13), observed)


# -- the threat, and calm runs ---------------------------------------------------------------------------


def faced(run: Run) -> int:
    """How often two camps faced each other unbidden."""
    return sum(
        record.kind is RecordKind.TRIGGER_FIRED and record.entity == "kubu_berhadapan" for record in run.log
    )


def test_camps_face_each_other_only_where_people_were_boxed_in(repo: Path, observed: Saw) -> None:
    certain: dict[str, object] = {"triggers.kubu_berhadapan.probability": 1}
    boxed = load_to_run(repo / SCENARIO, overrides=certain).run(seed=1, crowds=False)
    open_minded = load_to_run(
        repo / SCENARIO, overrides={**certain, "triggers.pengotakan.probability": 0}
    ).run(seed=1, crowds=False)
    assert faced(boxed) > 0
    assert faced(open_minded) == 0
    levels = [run.summary()["tension"]["camp_rivalry"]["highest"] for run in (boxed, open_minded)]
    observed(f"{faced(boxed)} and 0 times; rivalry at most {levels[0]:.2f} and {levels[1]:.2f}")
    assert levels[0] > levels[1]
    rows = [r for r in boxed.log if r.kind is RecordKind.TRIGGER_FIRED]
    for row in rows:
        if row.entity == "kubu_berhadapan":
            before = [r.place for r in rows if r.entity == "pengotakan" and r.time_s <= row.time_s]
            assert row.place in before


def uneventful(run: Run) -> bool:
    """Whether nothing but ordinary calls and orderly announced gatherings was to be answered."""
    return all(
        record.values["sort"] == "call"
        or (record.values["colour"] == "green" and str(record.values["of"]).startswith(PLANNED))
        for record in run.log
        if record.kind is RecordKind.INCIDENT_OPENED
    )


def test_gatherings_that_were_announced_stay_peaceful(rehearsal: Scenario) -> None:
    calm = 0
    for seed in (4, 5, 6):
        run = rehearsal.run(seed=seed, crowds=False)
        gathered = {r.entity for r in run.log if r.kind is RecordKind.CROWD_GATHERED}
        assert sum(crowd.startswith(PLANNED) for crowd in gathered) == 3
        turned = {r.entity for r in run.log if r.kind is RecordKind.COLOUR_CHANGED}
        assert not any(crowd.startswith(PLANNED) for crowd in turned)
        calm += uneventful(run)
    assert calm >= 2


@pytest.mark.slow
def test_most_of_forty_runs_are_uneventful(rehearsal: Scenario, observed: Saw) -> None:
    runs = [rehearsal.run(seed=seed, crowds=False) for seed in range(1, 41)]
    calm = sum(map(uneventful, runs))
    observed(f"{calm} of {len(runs)} runs")
    low = stats.binomtest(calm, len(runs)).proportion_ci(0.95, method="wilson").low
    assert low > 0.5
    assert calm < len(runs)  # and yet something may happen
