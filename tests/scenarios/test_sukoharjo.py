"""Sukoharjo 2019: 1,503 village volunteers outside the rings see first; every report is followed up."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from statistics import fmean, median
from typing import Any

import pytest

from kontijensi.api import Run, Scenario
from kontijensi.api import load as load_to_run
from kontijensi.scenario.document import Document, load
from kontijensi.scenario.problems import Severity
from kontijensi.scenario.schema.community import ObserverKind
from kontijensi.scenario.schema.force import FORCE_FREE, Agency
from kontijensi.scenario.schema.phases import PhaseKind
from kontijensi.scenario.schema.scenario import ScenarioFile
from kontijensi.vocabulary.records import RecordKind
from tests.scenarios.assumptions import check_assumptions
from tests.scenarios.claims import Saw
from tests.scenarios.headcount import at_posts, in_units, polling_places
from tests.scenarios.precedents import check_precedents
from tests.scenarios.twins import DETECTED, REPORTED, pairs

SCENARIO = Path("scenarios") / "sukoharjo-pemilu-2019.yaml"
PRESS = "regional press, 2019"
CLAIMS = [
    ("167 villages x 9 = 1,503 KST volunteers", PRESS, "test_nine_volunteers_in_each_of_167_villages"),
    (
        "KST detect and report, use no force, and stand outside the official rings",
        PRESS,
        "test_volunteers_detect_and_report_and_are_no_part_of_the_force",
    ),
    ("KST are trained by Satpol PP", PRESS, "test_volunteers_are_trained_by_satpol_pp"),
    (
        "KST are residents, trusted at home: people tell them, and fewer gather",
        f"{PRESS}; that it calms is assumed",
        "test_what_people_tell_the_cadre_leaves_fewer_to_gather",
    ),
    (
        "what is reported is followed up by security",
        PRESS,
        "test_every_report_is_followed_up_and_closed",
    ),
    ("2,402 TPS", PRESS, "test_stations_add_up_to_2402"),
    (
        "police 620, TNI 200, Brimob 30, Linmas 4,804",
        PRESS,
        "test_posts_and_units_use_the_published_roll_exactly",
    ),
    ("4,804 Linmas = 2 a TPS", "joglosemarnews, 15 April 2019", "test_linmas_are_two_a_station"),
    ("2 police for 12 TPS", "joglosemarnews, 15 April 2019", "test_a_pair_of_police_looks_after_twelve"),
    (
        "three sectors of four districts, each served by its own force first",
        PRESS,
        "test_three_sectors_of_four_districts_have_a_force_of_their_own",
    ),
    (
        "the posko knows sooner with KST than without",
        "to be shown; rates are assumed",
        "test_the_posko_knows_sooner_with_volunteers",
    ),
    (
        "tension falls over the quiet period",
        "to be shown; levels are assumed",
        "test_tension_falls_over_the_quiet_period",
    ),
    (
        "it falls because of the work with people",
        "to be shown; effects are assumed",
        "test_without_the_work_with_people_tension_stays_higher",
    ),
    (
        "trouble gathers around the count and the moving of boxes, much of it at night",
        "press on incidents of other elections, 2010 to 2024",
        "test_trouble_comes_with_the_count_and_the_boxes_and_often_at_night",
    ),
]
SECTORS = {
    "utara": {"Grogol", "Baki", "Gatak", "Kartasura"},
    "timur": {"Sukoharjo", "Bendosari", "Polokarto", "Mojolaban"},
    "selatan": {"Weru", "Bulu", "Tawangsari", "Nguter"},
}
NO_KST = {"community.observers.kst.detection_per_h": 0, "community.observers.kst.false_alarms_per_day": 0}
SEEDS = range(1, 7)


@pytest.fixture(scope="module")
def document(repo: Path) -> Document:
    """The scenario as read, with what the checks say of it."""
    return load(repo / SCENARIO)


@pytest.fixture(scope="module")
def sukoharjo(document: Document) -> ScenarioFile:
    """The scenario itself."""
    return document.file


def test_the_check_finds_nothing_to_warn_of(document: Document) -> None:
    assert [p.message for p in document.notes if p.severity is not Severity.NOTE] == []


def test_nine_volunteers_in_each_of_167_villages(sukoharjo: ScenarioFile) -> None:
    villages = {place.village for place in polling_places(sukoharjo).values()}
    kst = sukoharjo.community.observers["kst"]
    assert len(villages) == len(polling_places(sukoharjo)) == 167
    assert kst.places.kinds == ["tps"]
    assert kst.per_place * len(villages) == 1503


def test_volunteers_detect_and_report_and_are_no_part_of_the_force(sukoharjo: ScenarioFile) -> None:
    kst = sukoharjo.community.observers["kst"]
    assert kst.kind is ObserverKind.KST
    assert kst.kind.agency is Agency.COMMUNITY
    assert Agency.COMMUNITY in FORCE_FREE
    assert Agency.COMMUNITY not in sukoharjo.roll
    assert all(Agency.COMMUNITY not in at_posts(sukoharjo, entry) for entry in sukoharjo.posts)
    assert kst.detection_per_h > 0
    assert kst.phases is None  # day and night, from the quiet period on


def test_volunteers_are_trained_by_satpol_pp(sukoharjo: ScenarioFile) -> None:
    evidence = sukoharjo.evidence["community.observers.kst.training"]
    assert "Satpol PP" in str(evidence.note)
    assert evidence.source == "pers"
    untrained = sukoharjo.community.observers["warga"].training
    assert sukoharjo.community.observers["kst"].training > untrained == 1


def test_stations_add_up_to_2402(sukoharjo: ScenarioFile) -> None:
    places = polling_places(sukoharjo).values()
    assert sum(place.stations for place in places) == 2402
    assert min(place.stations for place in places) >= 1
    assert sum(place.voters for place in places) == 681_558
    assert max(place.voters / place.stations for place in places) <= 300


def test_posts_and_units_use_the_published_roll_exactly(sukoharjo: ScenarioFile) -> None:
    roll = {Agency.POLICE: 620, Agency.TNI: 200, Agency.BRIMOB: 30, Agency.LINMAS: 4804}
    used = at_posts(sukoharjo, "linmas_tps") + at_posts(sukoharjo, "polisi_tps") + in_units(sukoharjo)
    assert sukoharjo.roll == roll
    assert {agency: used[agency] for agency in roll} == roll


def test_linmas_are_two_a_station(sukoharjo: ScenarioFile) -> None:
    claim = sukoharjo.roll_claims["linmas_per_tps"]
    assert claim.comes_to(2402) == at_posts(sukoharjo, "linmas_tps")[Agency.LINMAS] == 4804
    assert claim.within == 0


def test_a_pair_of_police_looks_after_twelve(sukoharjo: ScenarioFile) -> None:
    pairs_of = sukoharjo.posts["polisi_tps"]
    assert pairs_of.for_stations == 12
    assert all(pattern == {Agency.POLICE: 2} for pattern in pairs_of.by_zone.values())
    stations = Counter(
        str(place.zone) for place in polling_places(sukoharjo).values() for _ in range(place.stations)
    )
    assert stations == {"utara": 938, "timur": 889, "selatan": 575}
    assert at_posts(sukoharjo, "polisi_tps") == {Agency.POLICE: 2 * (79 + 75 + 48)}


def test_three_sectors_of_four_districts_have_a_force_of_their_own(sukoharjo: ScenarioFile) -> None:
    districts: dict[str, set[str]] = {zone: set() for zone in sukoharjo.area.zones}
    for place in polling_places(sukoharjo).values():
        districts[str(place.zone)].add(str(place.district))
    assert districts == SECTORS
    assert sukoharjo.command.dispatch == "sector"
    for name, members in SECTORS.items():
        served = Counter(
            group.type for group in sukoharjo.units.values() if set(group.sector or ()) == members
        )
        assert served == {"dalmas_awal": 1, "negosiator": 1, "tni_sst": 1, "tokoh": 1}, name
        patrols = {str(group.sector) for group in sukoharjo.units.values() if group.type == "patroli_polsek"}
        assert all(str([district]) in patrols for district in members)


def test_the_vote_is_on_17_april_after_three_quiet_days(sukoharjo: ScenarioFile) -> None:
    spans = {phase.kind: f"{phase.start:%d %H} {phase.end:%d %H}" for phase in sukoharjo.phases.values()}
    assert spans[PhaseKind.QUIET] == "14 00 17 00"
    assert spans[PhaseKind.VOTING] == "17 07 17 13"


def test_every_number_says_how_well_it_is_known(repo: Path, sukoharjo: ScenarioFile) -> None:
    check_assumptions(sukoharjo, repo / SCENARIO)


def test_what_can_go_wrong_is_of_the_kinds_seen_elsewhere(sukoharjo: ScenarioFile) -> None:
    check_precedents(sukoharjo, ruling="rekomendasi_psu")


# -- rehearsals of it ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def rehearsal(repo: Path) -> Scenario:
    """The scenario, ready to run."""
    return load_to_run(repo / SCENARIO)


@pytest.fixture(scope="module")
def run(rehearsal: Scenario) -> Run:
    """One rehearsal."""
    return rehearsal.run(seed=1)


@pytest.fixture(scope="module")
def runs(rehearsal: Scenario, run: Run) -> list[Run]:
    """Several rehearsals."""
    return [run, *(rehearsal.run(seed=seed) for seed in SEEDS if seed != 1)]


def without(repo: Path, changes: dict[str, Any], seeds: range = SEEDS) -> list[Run]:
    """Rehearse a plan with something taken away, on the same seeds."""
    changed = load_to_run(repo / SCENARIO, overrides=changes)
    return [changed.run(seed=seed) for seed in seeds]


def test_every_report_is_followed_up_and_closed(run: Run, observed: Saw) -> None:
    """Whoever reports, of whatever, false or true: units are sent unless it is over, and it is closed."""
    begun = {record.entity: record for record in run.log if record.kind is RecordKind.INCIDENT_OPENED}
    marks: dict[RecordKind, set[str]] = {
        kind: {record.entity for record in run.log if record.kind is kind}
        for kind in (RecordKind.INCIDENT_REPORTED, RecordKind.INCIDENT_HANDLED, RecordKind.INCIDENT_CLOSED)
    }
    seen = {name for name, record in begun.items() if record.values["sort"] != "call"}
    reported = seen & marks[RecordKind.INCIDENT_REPORTED]
    assert len(reported) >= 20
    assert reported <= marks[RecordKind.INCIDENT_HANDLED] & marks[RecordKind.INCIDENT_CLOSED]
    observed(f"{len(reported)} of {len(reported)} reports of crowds handled and closed, seed 1")


def tension(run: Run) -> tuple[float, float]:
    """Mean over channels and villages when the quiet period began, and when it ended."""
    samples: dict[float, list[float]] = {}
    for record in run.log:
        if record.kind is RecordKind.TENSION_SAMPLED:
            samples.setdefault(record.time_s / 86400, []).append(record.values["mean"])
    return fmean(samples[0]), fmean(samples[3])


def test_tension_falls_over_the_quiet_period(run: Run, observed: Saw) -> None:
    begin, end = tension(run)
    assert end < 0.9 * begin
    observed(f"mean of all channels {begin:.3f} to {end:.3f}, seed 1")


@pytest.mark.slow
def test_without_the_work_with_people_tension_stays_higher(
    repo: Path, runs: list[Run], observed: Saw
) -> None:
    nothing_done = without(repo, {"community.programmes": {}, "community.intakes.lapor_kst.relieves": {}})
    worse = [tension(bare)[1] - tension(full)[1] for full, bare in zip(runs, nothing_done, strict=True)]
    assert min(worse) > 0
    assert fmean(worse) > 0.02
    observed(f"{fmean(worse):+.3f} at the end of it, {len(worse)} of {len(worse)} seeds higher")


@pytest.mark.slow
def test_the_posko_knows_sooner_with_volunteers(repo: Path, runs: list[Run], observed: Saw) -> None:
    """Paired by seed and incident: the same crowd at the same moment, with and without KST."""
    seen: list[float] = []
    told: list[float] = []
    unseen = 0
    for full, bare in zip(runs, without(repo, NO_KST), strict=True):
        for with_kst, alone in pairs(full, bare):
            if not with_kst.place.startswith("tps-") or DETECTED not in with_kst.marks:
                continue
            if DETECTED not in alone.marks:
                unseen += 1
                continue
            seen.append(alone.marks[DETECTED] - with_kst.marks[DETECTED])
            if REPORTED in with_kst.marks and REPORTED in alone.marks:
                told.append(alone.marks[REPORTED] - with_kst.marks[REPORTED])
    assert len(seen) >= 25
    assert min(seen) >= 0  # whoever else would have noticed still does
    assert sum(lead > 0 for lead in seen) > len(seen) / 3
    assert fmean(seen) > 60
    # A volunteer's slower report may lose to a guard's; on the whole the posko gains.
    assert fmean(told) > 0
    observed(
        f"noticed {fmean(seen) / 60:.1f} min sooner on average, reported {fmean(told) / 60:.1f} min, "
        f"{len(seen)} pairs; never noticed without them: {unseen}"
    )


@pytest.mark.slow
def test_what_people_tell_the_cadre_leaves_fewer_to_gather(
    repo: Path, runs: list[Run], observed: Saw
) -> None:
    unheard = without(repo, {"community.intakes.lapor_kst.from_tension": {}})
    settled = [run.summary()["complaints"]["lapor_kst"]["in_time"] for run in runs]
    smaller: list[float] = []
    for full, bare in zip(runs, unheard, strict=True):
        mine, theirs = expected(full), expected(bare)
        smaller += [mine[crowd] / theirs[crowd] for crowd in mine.keys() & theirs.keys() if theirs[crowd]]
    assert min(settled) > 50
    assert median(smaller) <= 1
    assert fmean(smaller) < 1
    observed(f"{round(fmean(settled))} matters settled a run; gatherings {1 - fmean(smaller):.0%} smaller")


def expected(run: Run) -> dict[tuple[str, float], float]:
    """People who set out for each gathering, by crowd and moment."""
    return {
        (record.entity, record.time_s): float(record.values["expected"])
        for record in run.log
        if record.kind is RecordKind.CROWD_GATHERED
    }


@pytest.mark.slow
def test_trouble_comes_with_the_count_and_the_boxes_and_often_at_night(
    runs: list[Run], observed: Saw
) -> None:
    by_phase: Counter[str] = Counter()
    at_night = total = unaided = 0
    for run in runs:
        found = run.summary()["escalations"]
        unaided += found["unaided"]
        for phase, number in found["by_phase"].items():
            by_phase[phase] += number["to_yellow"] + number["to_red"]
        for record in run.log:
            if record.kind is RecordKind.COLOUR_CHANGED and record.values["was"] == "green":
                total += 1
                at_night += not 6 <= record.time_s / 3600 % 24 < 18
    peak = by_phase["penghitungan"] + by_phase["pergeseran"]
    assert peak > by_phase.total() / 2
    assert at_night > total / 3
    assert unaided >= 1  # some leave without anybody having come
    observed(f"{peak} of {by_phase.total()} turns in 19 of 144 hours, {at_night / total:.0%} at night")
