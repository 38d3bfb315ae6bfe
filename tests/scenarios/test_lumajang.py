"""Lumajang 2018: patrols, night watch and a shared desk, and Linmas whose numbers do not add up."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest

from kontijensi.api import Run, Scenario
from kontijensi.api import load as load_to_run
from kontijensi.scenario.document import Document, load
from kontijensi.scenario.problems import Severity
from kontijensi.scenario.schema.force import Agency
from kontijensi.scenario.schema.phases import PhaseKind
from kontijensi.scenario.schema.scenario import ScenarioFile
from kontijensi.vocabulary.records import RecordKind
from tests.scenarios.assumptions import check_assumptions
from tests.scenarios.claims import Saw
from tests.scenarios.headcount import at_posts, in_units, polling_places
from tests.scenarios.precedents import check_precedents
from tests.scenarios.twins import DETECTED, REPORTED, Course, courses, pairs

SCENARIO = Path("scenarios") / "lumajang-pilkada-2018.yaml"
PRESS = "regional press, 2018"
KPU = "KPU Lumajang, 2018"
CLAIMS = [
    ("79 Satpol PP on patrol over 21 districts", PRESS, "test_79_satpol_pp_patrol_21_districts"),
    (
        "about 5,858 Linmas, 2 a TPS, against 1,872 TPS: 3,744 posted, 2,114 left over, and `check` says so",
        f"{PRESS}; {KPU}",
        "test_the_check_says_that_the_linmas_do_not_add_up",
    ),
    (
        "3,744 Linmas are posted, two at each TPS",
        f"{PRESS}; {KPU}",
        "test_two_linmas_at_each_station_are_posted",
    ),
    ("1,872 TPS in 205 villages", KPU, "test_1872_stations_in_205_villages"),
    ("812,479 voters", KPU, "test_voters_add_up_to_812479"),
    (
        "an election desk shares what agencies hear: each for itself is slower",
        f"{PRESS}; delays are assumed",
        "test_agencies_that_keep_their_reports_are_slower",
    ),
    (
        "joint patrols of the three pillars, night watch and guest registration in every village",
        PRESS,
        "test_patrols_night_watch_and_guest_registration_are_held_in_every_village",
    ),
    (
        "at night trouble is noticed sooner where the village keeps watch",
        "to be shown; rates are assumed",
        "test_at_night_trouble_is_noticed_sooner_with_a_watch",
    ),
    (
        "villages without telephone signal used hand radios",
        "regional press, 2019",
        "test_villages_without_signal_report_by_hand_radio",
    ),
    (
        "the regional election of 27 June, quiet 24 to 26 June",
        "press, 2018; the quiet days from memory of KPU's calendar",
        "test_the_vote_is_on_27_june_after_three_quiet_days",
    ),
    (
        "trouble gathers around the count and the moving of boxes, much of it at night",
        "press on incidents of other elections, 2010 to 2024",
        "test_trouble_comes_with_the_count_and_the_boxes_and_often_at_night",
    ),
]
SEEDS = range(1, 9)
NIGHT_FROM_H, NIGHT_TO_H = 21, 5
FEW_DISTRICTS = {"Gucialit", "Pronojiwo", "Tempursari", "Rowokangkung", "Padang"}


@pytest.fixture(scope="module")
def document(repo: Path) -> Document:
    """The scenario as read, with what the checks say of it."""
    return load(repo / SCENARIO)


@pytest.fixture(scope="module")
def lumajang(document: Document) -> ScenarioFile:
    """The scenario itself."""
    return document.file


@pytest.mark.parametrize(
    ("language", "words"), [("en", ("do not add up", "left over")), ("id", ("tidak klop", "lebih 2114"))]
)
def test_the_check_says_that_the_linmas_do_not_add_up(
    repo: Path, language: str, words: tuple[str, ...]
) -> None:
    """The only thing it warns of: with its place, the three figures, the gap, and what to do."""
    path = repo / SCENARIO
    (problem,) = [p for p in load(path, language=language).notes if p.severity is not Severity.NOTE]
    assert problem.severity is Severity.WARNING
    assert problem.path == ("roll_claims", "linmas_per_tps")
    assert "linmas_per_tps:" in path.read_text(encoding="utf-8").splitlines()[problem.line - 1]
    assert all(word in problem.message for word in words)
    assert all(figure in problem.message for figure in ("1872", "3744", "5858", "2114", "2929"))
    assert problem.why
    assert problem.fix


def test_two_linmas_at_each_station_are_posted(lumajang: ScenarioFile) -> None:
    assert lumajang.roll[Agency.LINMAS] == 5858
    assert at_posts(lumajang, "linmas_tps") == {Agency.LINMAS: 3744}
    assert lumajang.roll[Agency.LINMAS] - 3744 == 2114
    assert lumajang.roll_claims["linmas_per_tps"].comes_to(1872) == 3744


def test_79_satpol_pp_patrol_21_districts(lumajang: ScenarioFile) -> None:
    patrols = {
        str((group.sector or [""])[0]): lumajang.unit_types[group.type]
        for group in lumajang.units.values()
        if lumajang.unit_types[group.type].agency is Agency.SATPOL_PP
    }
    assert set(patrols) == {str(place.district) for place in polling_places(lumajang).values()}
    assert len(patrols) == 21
    assert sum(kind.personnel for kind in patrols.values()) == lumajang.roll[Agency.SATPOL_PP] == 79
    assert all("patrol" in kind.capabilities for kind in patrols.values())
    assert {district for district, kind in patrols.items() if kind.personnel == 3} == FEW_DISTRICTS


def test_1872_stations_in_205_villages(lumajang: ScenarioFile) -> None:
    places = polling_places(lumajang).values()
    assert len(places) == len({place.village for place in places}) == 205
    assert sum(place.stations for place in places) == 1872
    assert min(place.stations for place in places) >= 1


def test_voters_add_up_to_812479(lumajang: ScenarioFile) -> None:
    places = polling_places(lumajang).values()
    assert sum(place.voters for place in places) == 812_479
    assert all(abs(place.voters - place.stations * 812_479 / 1872) < 1 for place in places)


def test_posts_and_units_use_the_police_of_the_stated_rule(lumajang: ScenarioFile) -> None:
    guards = at_posts(lumajang, "polisi_tps")[Agency.POLICE]
    assert guards == 2 * -(-1872 // 20) == 188
    assert lumajang.roll[Agency.POLICE] == guards * 3 // 2 == guards + in_units(lumajang)[Agency.POLICE]
    assert lumajang.evidence["roll.police"].grade == "assumed"


def test_patrols_night_watch_and_guest_registration_are_held_in_every_village(lumajang: ScenarioFile) -> None:
    kinds = {}
    for programme in lumajang.community.programmes.values():
        kinds[programme.kind.value] = programme
        assert programme.places.kinds == ["tps"]
        assert programme.start is not None
        assert programme.end is not None
        assert programme.start <= lumajang.start
        assert programme.end >= lumajang.start + timedelta(seconds=lumajang.horizon - 86400)
    assert set(kinds) == {"joint_patrol", "night_watch", "guest_registration"}
    watch = kinds["night_watch"]
    assert watch.daily_at == NIGHT_FROM_H * 3600
    assert watch.lasts == (24 - NIGHT_FROM_H + NIGHT_TO_H) * 3600
    assert kinds["joint_patrol"].people == 3  # police, army, village


def test_the_vote_is_on_27_june_after_three_quiet_days(lumajang: ScenarioFile) -> None:
    spans = {phase.kind: f"{phase.start:%m-%d %H} {phase.end:%m-%d %H}" for phase in lumajang.phases.values()}
    assert lumajang.start.year == 2018
    assert spans[PhaseKind.QUIET] == "06-24 00 06-27 00"
    assert spans[PhaseKind.VOTING] == "06-27 07 06-27 13"


def test_every_number_says_how_well_it_is_known(repo: Path, lumajang: ScenarioFile) -> None:
    check_assumptions(lumajang, repo / SCENARIO)


def test_what_can_go_wrong_is_of_the_kinds_seen_elsewhere(lumajang: ScenarioFile) -> None:
    check_precedents(lumajang, ruling="hitung_cepat_ditolak")


# -- rehearsals of it ----------------------------------------------------------------------------------


def changed(repo: Path, changes: dict[str, Any] | None = None) -> Scenario:
    """Return the scenario with something changed, ready to run."""
    return load_to_run(repo / SCENARIO, overrides=changes or {})


def test_villages_without_signal_report_by_hand_radio(repo: Path, lumajang: ScenarioFile) -> None:
    silent = {key: place for key, place in polling_places(lumajang).items() if not place.signal}
    watching = [each for each in lumajang.community.observers.values() if "tps" in (each.places.kinds or [])]
    assert len(silent) == 12
    assert all(each.no_signal_delay is not None for each in watching)
    assert "2019" in lumajang.sources[str(lumajang.evidence["command.no_signal_report"].source)]
    gathering = {
        "triggers.istigasah.at": ["2018-06-24 09:00"],
        "triggers.istigasah.places": {"ids": [next(iter(silent))]},
    }
    no_radio = {f"community.observers.{name}.no_signal_delay": None for name in lumajang.community.observers}
    heard = courses(changed(repo, gathering).run(seed=1))["istigasah-1:green"]
    unheard = courses(changed(repo, gathering | no_radio).run(seed=1))["istigasah-1:green"]
    assert REPORTED in heard.marks
    assert REPORTED not in unheard.marks


@pytest.fixture(scope="module")
def runs(repo: Path) -> list[Run]:
    """Several rehearsals."""
    return [changed(repo).run(seed=seed) for seed in SEEDS]


def twins(runs: list[Run], other: Scenario) -> list[tuple[Course, Course]]:
    """Return every situation of a crowd that both plans have, on the same seeds."""
    return [pair for run in runs for pair in pairs(run, other.run(seed=run.seed))]


def later(both: list[tuple[Course, Course]], mark: RecordKind) -> list[float]:
    """How much later a mark was in the second of each pair [s], where both have it."""
    return [b.marks[mark] - a.marks[mark] for a, b in both if mark in a.marks and mark in b.marks]


@pytest.mark.slow
def test_agencies_that_keep_their_reports_are_slower(repo: Path, runs: list[Run], observed: Saw) -> None:
    both = twins(runs, changed(repo, {"command.shared_reports": False}))
    seen, told = later(both, DETECTED), later(both, REPORTED)
    there = later(both, RecordKind.INCIDENT_FORMED)
    assert len(told) >= 40
    assert abs(fmean(seen)) < 30  # what is seen does not depend on who is told
    assert fmean(told) > 3 * 60
    assert sum(late > 60 for late in told) > 3 * sum(late < -60 for late in told)
    assert fmean(there) > 0
    observed(
        f"reported {fmean(told) / 60:.1f} min later, formed {fmean(there) / 60:.1f} min later on average, "
        f"{len(told)} pairs"
    )


def at_night(course: Course) -> bool:
    """Tell whether it began while the village keeps watch."""
    hour = course.onset_s / 3600 % 24
    return hour >= NIGHT_FROM_H or hour < NIGHT_TO_H


@pytest.mark.slow
def test_at_night_trouble_is_noticed_sooner_with_a_watch(repo: Path, runs: list[Run], observed: Saw) -> None:
    both = twins(runs, changed(repo, {"community.programmes.siskamling.raises_detection": 0}))
    in_villages = [pair for pair in both if pair[0].place.startswith("tps-")]
    night = later([pair for pair in in_villages if at_night(pair[0])], DETECTED)
    day = later([pair for pair in in_villages if not at_night(pair[0])], DETECTED)
    alike = sum(late == 0 for late in day)
    assert len(night) >= 20
    assert fmean(night) > 60
    assert sum(late > 0 for late in night) > 2 * sum(late < 0 for late in night)
    assert alike > 0.8 * len(day) > 0  # by day nobody keeps that watch
    observed(
        f"{fmean(night) / 60:.1f} min sooner on average, {len(night)} pairs at night; "
        f"{alike} of {len(day)} alike by day"
    )


@pytest.mark.slow
def test_trouble_comes_with_the_count_and_the_boxes_and_often_at_night(
    runs: list[Run], observed: Saw
) -> None:
    by_phase: Counter[str] = Counter()
    turned: list[bool] = []
    for run in runs:
        for phase, number in run.summary()["escalations"]["by_phase"].items():
            by_phase[phase] += number["to_yellow"] + number["to_red"]
        turned += [
            not 6 <= record.time_s / 3600 % 24 < 18
            for record in run.log
            if record.kind is RecordKind.COLOUR_CHANGED and record.values["was"] == "green"
        ]
    peak = by_phase["penghitungan"] + by_phase["pergeseran"]
    assert peak > by_phase.total() / 2
    assert sum(turned) > len(turned) / 3
    observed(
        f"{peak} of {by_phase.total()} turns in 19 of 144 hours, {sum(turned) / len(turned):.0%} at night"
    )
