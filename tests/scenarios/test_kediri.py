"""Kediri, Pesantren 2024: five mapped risks, guards where it matters, complaints, and calm runs."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest
import yaml
from scipy import stats

from kontijensi.api import Run, Scenario
from kontijensi.api import load as load_to_run
from kontijensi.api import load_text as load_text_to_run
from kontijensi.scenario.document import load
from kontijensi.scenario.problems import Severity
from kontijensi.scenario.schema.area import Place, PlaceKind
from kontijensi.scenario.schema.force import Agency
from kontijensi.scenario.schema.phases import PhaseKind
from kontijensi.scenario.schema.scenario import ScenarioFile
from kontijensi.vocabulary.records import RecordKind
from tests.scenarios.assumptions import check_assumptions
from tests.scenarios.claims import Saw

SCENARIO = Path("scenarios") / "kediri-pesantren-2024.yaml"
PLACES = "kediri-pesantren-2024/places.csv"
PRESS = "regional press and official figures, 2024"
CODES = "national area codes and boundaries as published"
KPU = "KPU: schedule and stations of 2024"
STATIONS = "test_the_citys_stations_add_up_to_401_and_three_or_four_special_ones"
CLAIMS = [
    ("125 polling stations in the district, 154 + 122 + 125 = 401 in the city", PRESS, STATIONS),
    ("3 or 4 special stations besides", PRESS, STATIONS),
    (
        "222,265 voters in the city, of which the district has its share by stations",
        PRESS,
        "test_the_citys_voters_add_up_and_the_district_has_its_share",
    ),
    ("15 wards", CODES, "test_fifteen_wards_share_the_stations_by_the_stated_rule"),
    (
        "village police and a village soldier in each of the 15 wards",
        PRESS,
        "test_each_ward_has_its_village_police_and_its_village_soldier",
    ),
    (
        "five risks are mapped: camp rivalry, SARA, money politics, hoax, neutrality of officials",
        PRESS,
        "test_the_five_risks_are_channels_of_their_own",
    ),
    (
        "each risk alone raises its own channel",
        "five risks of the press; by ablation",
        "test_each_risk_alone_raises_its_own_channel_and_no_other",
    ),
    ("vulnerable spots are mapped", PRESS, "test_trouble_comes_more_often_where_the_map_says_so"),
    (
        "guards by vulnerability: 2 police and 8 Linmas for 4 stations, 2 and 4 for 2, 2 and 2 for 1",
        "guard patterns of 2024 in several regencies, regional press",
        "test_guards_follow_the_patterns_of_2024",
    ),
    (
        "personnel at strategic stations beats an even spread of the same force",
        "regional press, 2024; by ablation",
        "test_strategic_placement_tells_the_posko_sooner_than_an_even_spread",
    ),
    (
        "complaints to Bawaslu and Gakkumdu absorb grievance",
        "regional press, 2024; by ablation",
        "test_complaints_absorb_grievance",
    ),
    (
        "quiet 24 to 26 November, vote on the 27th from 07:00 to 13:00, tabulation until 3 December",
        KPU,
        "test_phases_are_the_published_days_and_hours",
    ),
    (
        "a run with no incident at all is possible",
        "regional press, 2024",
        "test_about_one_run_in_five_has_no_incident_at_all",
    ),
]
FEBRUARY = dict(
    zip(range(1001, 1016), (17, 18, 24, 16, 20, 18, 15, 18, 16, 7, 15, 12, 17, 14, 20), strict=True)
)
"""Stations of the election of February 2024 by ward (KPU), of which the rule takes the shares."""
RISKS = {
    "risiko_persaingan": ("camp_rivalry", "rivalry"),
    "risiko_sara": ("sara", "identity"),
    "risiko_politik_uang": ("money_politics", "money_politics"),
    "risiko_hoaks": ("hoax", "hoax"),
    "risiko_netralitas": ("neutrality", "neutrality"),
}
PLANNED = ("kampanye_akbar", "kirim_doa", "syukuran")
"""Lawful gatherings that are announced or festive."""
CONSEQUENCES = ("adu_mulut", "pemilih_terlambat", "saksi_keberatan", "protes_rekapitulasi", "laporan_palsu")
EVEN = {f"posts.polisi_{zone}.for_stations": 3 for zone in ("hijau", "kuning", "merah")}
"""The same police, a pair for every three stations, whatever their zone."""
CALM_SEED = 5
"""A seed of a run in which nothing happens but ordinary work and lawful gatherings."""


@pytest.fixture(scope="module")
def kediri(repo: Path) -> ScenarioFile:
    """The scenario as read, its places file included."""
    return load(repo / SCENARIO).file


@pytest.fixture(scope="module")
def stations(kediri: ScenarioFile) -> dict[str, Place]:
    """The district's polling stations."""
    return {key: place for key, place in kediri.area.places.items() if place.kind is PlaceKind.TPS}


@pytest.fixture(scope="module")
def rehearsal(repo: Path) -> Scenario:
    """The scenario, ready to run."""
    return load_to_run(repo / SCENARIO)


# -- what the file says ----------------------------------------------------------------------------------


def test_nothing_is_warned_of(rehearsal: Scenario) -> None:
    assert [str(note) for note in rehearsal.notes if note.severity is not Severity.NOTE] == []


def test_the_citys_stations_add_up_to_401_and_three_or_four_special_ones(
    kediri: ScenarioFile, stations: dict[str, Place]
) -> None:
    places = kediri.area.places
    assert len(stations) == 125
    assert {place.district for place in stations.values()} == {"Pesantren"}
    assert (places["ppk-mojoroto"].tps, places["ppk-kota"].tps) == (154, 122)
    special = places["tps-khusus"].stations
    assert sum(place.stations for place in places.values()) - special == 401
    assert special in (3, 4)
    told = kediri.evidence["area.places.tps-khusus.tps"]
    assert (told.low, told.high) == (3, 4)


def test_the_citys_voters_add_up_and_the_district_has_its_share(
    kediri: ScenarioFile, stations: dict[str, Place]
) -> None:
    assert sum(place.voters for place in kediri.area.places.values()) == 222_265
    district = sum(place.voters for place in stations.values())
    assert district == int(222_265 * 125 / 401)  # the largest remainders go to the two others
    assert {place.voters for place in stations.values()} == {554, 555}
    assert max(place.voters for place in stations.values()) <= 600


def test_fifteen_wards_share_the_stations_by_the_stated_rule(
    stations: dict[str, Place],
) -> None:
    wards = Counter(place.village for place in stations.values())
    assert sorted(wards) == [f"35.71.03.{number}" for number in range(1001, 1016)]
    assert (min(wards.values()), max(wards.values())) == (3, 12)
    for ward, number in wards.items():
        share = 125 * FEBRUARY[int(str(ward)[-4:])] / sum(FEBRUARY.values())
        assert abs(number - share) < 1, ward


def test_each_ward_has_its_village_police_and_its_village_soldier(
    kediri: ScenarioFile, stations: dict[str, Place]
) -> None:
    wards = {place.village for place in stations.values()}
    for kind in ("bhabinkamtibmas", "babinsa"):
        groups = [group for group in kediri.units.values() if group.type == kind]
        assert {kediri.area.places[group.base].village for group in groups} == wards
        assert len(groups) == 15
        assert all(group.count * kediri.unit_types[kind].personnel == 1 for group in groups)
        watch = kediri.community.observers[kind]
        assert watch.kind == kind
        assert PlaceKind.TPS in (watch.places.kinds or [])
    assert kediri.unit_types["babinsa"].agency is Agency.TNI


def test_the_five_risks_are_channels_of_their_own(kediri: ScenarioFile) -> None:
    kinds = {key: channel.kind for key, channel in kediri.community.channels.items()}
    assert kinds == dict(RISKS.values())
    assert set(RISKS) <= set(kediri.triggers)


def test_camps_are_synthetic(kediri: ScenarioFile) -> None:
    assert {camp.name for camp in kediri.community.camps.values()} == {"Kubu A", "Kubu B"}
    told = kediri.triggers["risiko_sara"].effects
    assert [effect.do for effect in told] == ["raise_tension"]  # nobody in particular gathers against anybody


def test_guards_follow_the_patterns_of_2024(kediri: ScenarioFile, stations: dict[str, Place]) -> None:
    zones = Counter(place.zone for place in stations.values())
    assert zones == {"hijau": 94, "kuning": 25, "merah": 6}
    shared = {"hijau": 4, "kuning": 2, "merah": 1}
    for zone, number in shared.items():
        posts = kediri.posts[f"polisi_{zone}"]
        assert posts.by_zone == {zone: {Agency.POLICE: 2}}
        assert posts.for_stations == number
        linmas = kediri.posts["linmas"].by_zone[zone][Agency.LINMAS]
        assert linmas * number == {4: 8, 2: 4, 1: 2}[number]


def test_phases_are_the_published_days_and_hours(kediri: ScenarioFile) -> None:
    spans = {
        phase.kind: (f"{phase.start:%d %H:%M}", f"{phase.end:%d %H:%M}") for phase in kediri.phases.values()
    }
    assert spans[PhaseKind.CAMPAIGN][1] == "24 00:00"
    assert spans[PhaseKind.QUIET] == ("24 00:00", "27 00:00")
    assert spans[PhaseKind.VOTING] == ("27 07:00", "27 13:00")
    assert spans[PhaseKind.COUNTING][0] == "27 13:00"
    assert spans[PhaseKind.TABULATION] == ("28 00:00", "04 00:00")


def test_every_assumption_is_labelled_and_has_a_range(kediri: ScenarioFile, repo: Path) -> None:
    check_assumptions(kediri, repo / SCENARIO)


# -- the five risks --------------------------------------------------------------------------------------


def silenced(*triggers: str) -> dict[str, object]:
    """Overrides that keep triggers from ever taking effect."""
    return {f"triggers.{trigger}.probability": 0 for trigger in triggers}


def mean_tension(run: Run) -> dict[str, list[float]]:
    """Mean over the villages of each channel, at each sample."""
    found: defaultdict[str, list[float]] = defaultdict(list)
    for record in run.log:
        if record.kind is RecordKind.TENSION_SAMPLED:
            found[record.entity].append(record.values["mean"])
    return dict(found)


@pytest.fixture(scope="module")
def without_risks(repo: Path) -> dict[str, list[float]]:
    """Tension when none of the five risks strikes and nobody quarrels."""
    quiet = load_to_run(repo / SCENARIO, overrides=silenced(*RISKS, *CONSEQUENCES))
    return mean_tension(quiet.run(seed=1, crowds=False))


@pytest.mark.parametrize("risk", RISKS)
def test_each_risk_alone_raises_its_own_channel_and_no_other(
    risk: str, repo: Path, without_risks: dict[str, list[float]]
) -> None:
    others = [each for each in RISKS if each != risk]
    alone = load_to_run(repo / SCENARIO, overrides=silenced(*others, *CONSEQUENCES))
    found = mean_tension(alone.run(seed=1, crowds=False))
    own, _kind = RISKS[risk]
    assert max(now - calm for now, calm in zip(found[own], without_risks[own], strict=True)) > 0.005
    for channel in found.keys() - {own}:
        # What is left is the error of stepping the field at other moments.
        assert found[channel] == pytest.approx(without_risks[channel], abs=1e-4), channel


def test_trouble_comes_more_often_where_the_map_says_so(repo: Path, stations: dict[str, Place]) -> None:
    busy = load_to_run(
        repo / SCENARIO,
        overrides={"horizon": "10 d", "triggers.saksi_keberatan.rate": "60/h", **OUT_OF_SIGHT},
    )
    zones = Counter(
        stations[str(record.place)].zone
        for record in busy.run(seed=1, crowds=False).log
        if record.kind is RecordKind.TRIGGER_FIRED and record.entity == "saksi_keberatan"
    )
    total = zones.total()
    assert total > 400
    risk = {"hijau": 94 * 1.0, "kuning": 25 * 4.0, "merah": 6 * 10.0}
    for zone, weight in risk.items():
        share = weight / sum(risk.values())
        assert abs(zones[zone] / total - share) < 4 * (share * (1 - share) / total) ** 0.5, zone


OUT_OF_SIGHT = {
    "triggers.saksi_keberatan.effects": [{"do": "raise_tension", "channel": "camp_rivalry", "by": 0}],
    **{f"triggers.{each}.probability": 0 for each in ("gelombang_kedua", "adu_mulut")},
}
"""Objections that nobody gathers for, so that only where they are raised is drawn."""


# -- placement -------------------------------------------------------------------------------------------


def guarded_risk(scenario: Scenario) -> tuple[int, float]:
    """Police at posts, and the share of the mapped risk that lies at stations where they stand."""
    world = scenario.world
    zones = world.scenario.area.zones
    risk = {
        row: zones[place.zone].risk
        for row, place in enumerate(world.places.entries)
        if place.kind is PlaceKind.TPS and place.zone is not None
    }
    police: Counter[int] = Counter()
    for guard in world.guards:
        police[guard.place] += guard.people.get(Agency.POLICE, 0)
    here = sum(weight for row, weight in risk.items() if police[row])
    return police.total(), here / sum(risk.values())


def placements(repo: Path, kuning: float, merah: float) -> list[tuple[int, float]]:
    """What `guarded_risk` says of strategic and of even placement when green stations have a risk of 1."""
    risks: dict[str, object] = {"area.zones.kuning.risk": kuning, "area.zones.merah.risk": merah}
    return [
        guarded_risk(load_to_run(repo / SCENARIO, overrides={**risks, **placement}))
        for placement in ({}, EVEN)
    ]


@pytest.mark.parametrize(("kuning", "merah"), [(2, 4), (4, 10), (6, 20)])
def test_an_even_spread_uses_the_same_police_and_guards_less_of_the_risk(
    repo: Path, kuning: float, merah: float
) -> None:
    # From one end of the assumed range of risks to the other.
    strategic, even = placements(repo, kuning, merah)
    assert strategic[0] == even[0] == 86
    assert strategic[1] > even[1] + 0.05


def test_placement_makes_no_difference_where_the_map_says_nothing(repo: Path) -> None:
    strategic, even = placements(repo, 1, 1)
    assert strategic == even == (86, 43 / 125)


def told_after_s(run: Run) -> dict[str, float]:
    """Seconds from the onset of each gathering over an objection until the posko knows, at most an hour."""
    onset = {
        record.entity: record.time_s
        for record in run.log
        if record.kind is RecordKind.INCIDENT_OPENED
        and str(record.values["of"]).startswith("saksi_keberatan")
        and record.values["colour"] == "green"
    }
    told: dict[str, float] = {}
    for record in run.log:
        if record.kind is RecordKind.INCIDENT_REPORTED and record.entity in onset:
            told.setdefault(record.entity, record.time_s)
    return {
        incident: min(told.get(incident, began + 3600) - began, 3600) for incident, began in onset.items()
    }


@pytest.mark.slow
def test_strategic_placement_tells_the_posko_sooner_than_an_even_spread(repo: Path, observed: Saw) -> None:
    # A bad evening, the same in both: three objections an hour, so that few runs suffice.
    bad = {"triggers.saksi_keberatan.rate": "3/h", "horizon": "10 d", "crowd_tick": "30 s"}
    strategic = load_to_run(repo / SCENARIO, overrides=bad)
    even = load_to_run(repo / SCENARIO, overrides={**bad, **EVEN})
    gains = []
    for seed in range(1, 17):
        one, other = (told_after_s(each.run(seed=seed, crowds=False)) for each in (strategic, even))
        both = one.keys() & other.keys()
        gains.append(fmean(other[incident] - one[incident] for incident in both))
    low = stats.t.interval(0.95, len(gains) - 1, fmean(gains), stats.sem(gains))[0]
    observed(
        f"known {fmean(gains):.0f} s sooner on average over {len(gains)} paired runs, at least {low:.0f} s"
    )
    assert low > 0


# -- complaints ------------------------------------------------------------------------------------------


def without_intakes(repo: Path, **settings: Any) -> Scenario:
    """The scenario as if there were nobody to complain to."""
    data = yaml.safe_load((repo / SCENARIO).read_text(encoding="utf-8"))
    del data["community"]["intakes"]
    data["evidence"] = {
        path: told for path, told in data["evidence"].items() if "intake" not in path and "outlet" not in path
    }
    for trigger in data["triggers"].values():
        trigger["effects"] = [effect for effect in trigger["effects"] if effect["do"] != "complain"]
        for effect in trigger["effects"]:
            effect.pop("outlet", None)
    places = (repo / "scenarios" / PLACES).read_text(encoding="utf-8")
    return load_text_to_run(yaml.safe_dump(data, sort_keys=False), {PLACES: places}, **settings)


ABOUT = ("camp_rivalry", "money_politics", "neutrality")
"""Channels that people may complain about."""
COMPLAINTS = {"triggers.saksi_keberatan.rate": "1/h", "horizon": "10 d", "crowd_tick": "30 s",
              **silenced("gelombang_kedua", "adu_mulut", "pemilih_terlambat")}  # fmt: skip


def grievance(run: Run) -> dict[str, float]:
    """Mean over time and villages of each channel, and the people expected at gatherings over objections."""
    found = {channel: fmean(levels) for channel, levels in mean_tension(run).items()}
    gathered = [
        record.values["expected"]
        for record in run.log
        if record.kind is RecordKind.CROWD_GATHERED and record.entity.startswith("saksi_keberatan")
    ]
    return {**found, "people": float(sum(gathered)), "gatherings": float(len(gathered))}


def test_complaints_absorb_grievance(repo: Path, observed: Saw) -> None:
    open_to_all = load_to_run(repo / SCENARIO, overrides=COMPLAINTS)
    nobody_listens = without_intakes(repo, overrides=COMPLAINTS)
    for seed in (1, 2):
        run = open_to_all.run(seed=seed, crowds=False)
        heard, unheard = grievance(run), grievance(nobody_listens.run(seed=seed, crowds=False))
        for channel in ABOUT:
            assert heard[channel] < unheard[channel], channel
        assert heard["sara"] == pytest.approx(unheard["sara"], abs=1e-4)  # nobody takes complaints about it
        assert heard["gatherings"] == unheard["gatherings"] > 4
        assert heard["people"] < 0.9 * unheard["people"]
        observed(f"{heard['people']:.0f} gathered, not {unheard['people']:.0f} (seed {seed})")
        complaints = run.summary()["complaints"]
        assert sum(each["in_time"] for each in complaints.values()) > 0
        assert set(complaints) == {"panwascam", "bawaslu", "gakkumdu"}


@pytest.mark.slow
def test_an_intake_that_keeps_people_waiting_absorbs_less(repo: Path) -> None:
    prompt = load_to_run(repo / SCENARIO, overrides=COMPLAINTS)
    late = load_to_run(
        repo / SCENARIO,
        overrides={
            **COMPLAINTS,
            "community.intakes.bawaslu.handlers": 1,
            "community.intakes.bawaslu.deadline": "12 h",
        },
    )
    levels = [
        [grievance(scenario.run(seed=seed, crowds=False))["neutrality"] for seed in range(1, 5)]
        for scenario in (prompt, late)
    ]
    assert all(sooner < later for sooner, later in zip(*levels, strict=True))


# -- a rehearsal of it -----------------------------------------------------------------------------------


def uncalled_for(run: Run) -> list[str]:
    """Everything there was to answer but ordinary calls and lawful gatherings that stayed orderly."""
    return [
        record.entity
        for record in run.log
        if record.kind is RecordKind.INCIDENT_OPENED
        and record.values["sort"] != "call"
        and not (record.values["colour"] == "green" and str(record.values["of"]).startswith(PLANNED))
    ]


def test_a_run_with_no_incident_at_all_is_possible(rehearsal: Scenario) -> None:
    run = rehearsal.run(seed=CALM_SEED, crowds=False)
    assert uncalled_for(run) == []
    summary = run.summary()
    assert summary["escalations"]["to_yellow"] == summary["escalations"]["to_red"] == 0
    assert summary["escalations"]["crowds"] >= 2  # people do gather, lawfully and undisturbed
    assert summary["harm"]["people"] == summary["force"]["arrested"] == 0
    assert summary["continuity"]["all"]["stops"] == 0


@pytest.mark.slow
def test_about_one_run_in_five_has_no_incident_at_all(rehearsal: Scenario, observed: Saw) -> None:
    runs = [rehearsal.run(seed=seed, crowds=False) for seed in range(1, 21)]
    calm = [run.seed for run in runs if not uncalled_for(run)]
    observed(f"{len(calm)} of {len(runs)} runs")
    assert 2 <= len(calm) <= 8
    assert CALM_SEED in calm
    for run in runs:
        gathered = {record.entity for record in run.log if record.kind is RecordKind.CROWD_GATHERED}
        assert sum(crowd.startswith(PLANNED) for crowd in gathered) >= 2
