"""Klaten 2023: the file says what is known, its arithmetic closes, and the rehearsal follows the drill."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest

from kontijensi.api import Run, Scenario
from kontijensi.api import load as load_to_run
from kontijensi.scenario.document import load
from kontijensi.scenario.schema.area import Place
from kontijensi.scenario.schema.force import Agency
from kontijensi.scenario.schema.phases import PhaseKind
from kontijensi.scenario.schema.scenario import ScenarioFile
from kontijensi.vocabulary.records import RecordKind
from tests.scenarios.claims import Saw
from tests.scenarios.headcount import at_posts, in_units, polling_places

SCENARIO = Path("scenarios") / "klaten-pilkades-2023.yaml"
PRESS = "regional press, June and July 2023"
CLAIMS = [
    (
        "67 villages in 22 of 26 districts elect a head",
        PRESS,
        "test_sixty_seven_villages_of_twenty_two_districts_elect_a_head",
    ),
    ("164,194 voters", PRESS, "test_their_voters_add_up_to_the_published_number"),
    (
        "one red and three named yellow villages",
        PRESS,
        "test_the_named_villages_have_their_zones_and_all_others_are_green",
    ),
    ("796 people of six agencies", PRESS, "test_the_roll_is_the_796_of_the_press"),
    (
        "guards by zone take 215 police, 68 soldiers, all 134 Linmas",
        "the pattern of the press times the zones",
        "test_guards_by_zone_take_215_police_68_soldiers_and_all_linmas",
    ),
    (
        "posts and units use no more than the roll",
        "arithmetic on the published roll",
        "test_posts_and_units_use_the_roll_and_no_more",
    ),
    (
        "quiet 1 to 4 July, vote on 5 July from 07:00 to 13:00, count after it",
        PRESS,
        "test_phases_are_the_published_days_and_hours",
    ),
    (
        "Brimob helps when asked, by an authority and with a delay",
        PRESS,
        "test_help_of_brimob_needs_an_authority_and_takes_time",
    ),
    (
        "meetings with the community before and after the vote",
        PRESS,
        "test_meetings_are_held_before_and_after_the_vote",
    ),
    (
        "escalation comes out of dissatisfaction with voting and counting",
        "the drill, regional press",
        "test_most_escalations_fall_in_voting_and_counting",
    ),
    (
        "most gatherings stay peaceful, disorder is usual, law-breaking is rare",
        "the drill, regional press",
        "test_twenty_runs_tell_the_story_of_the_drill",
    ),
    ("the red zone is covered", "personnel by zone, regional press", "test_the_red_zone_is_covered"),
    (
        "nothing is used beyond what there is",
        "arithmetic on carried stock",
        "test_no_stock_is_used_beyond_what_there_is",
    ),
    (
        "agencies acting together recover sooner than divided command",
        "the drill, regional press; by ablation",
        "test_recovery_is_slower_without_joint_command",
    ),
]
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
    return polling_places(klaten)


def test_sixty_seven_villages_of_twenty_two_districts_elect_a_head(
    stations: dict[str, Place], observed: Saw
) -> None:
    assert len(stations) == 67
    assert len({place.village for place in stations.values()}) == 67
    assert len({place.district for place in stations.values()}) == 22
    assert len({str(place.village)[:8] for place in stations.values()}) == 22
    districts = {place.district for place in stations.values()}
    observed(f"{len(stations)} villages, {len(districts)} districts")


def test_their_voters_add_up_to_the_published_number(stations: dict[str, Place], observed: Saw) -> None:
    assert sum(place.voters for place in stations.values()) == 164_194
    assert min(place.voters for place in stations.values()) > 500
    observed(f"{sum(place.voters for place in stations.values()):,} voters")


def test_the_named_villages_have_their_zones_and_all_others_are_green(
    stations: dict[str, Place], observed: Saw
) -> None:
    zones = {place.village: place.zone for place in stations.values()}
    for code, (name, zone) in NAMED.items():
        assert zones.pop(code) == zone, name
    assert set(zones.values()) == {"hijau"}
    names = {place.village: place.name for place in stations.values()}
    assert all(name in str(names[code]) for code, (name, _zone) in NAMED.items())
    counts = Counter(str(place.zone) for place in stations.values())
    observed(", ".join(f"{zone} {count}" for zone, count in counts.most_common()))


def test_villages_follow_the_stated_rule(stations: dict[str, Place]) -> None:
    per_district = Counter(str(place.village)[:8] for place in stations.values())
    assert max(per_district.values()) - min(per_district.values()) <= 3
    left_out = {f"33.10.{number:02d}" for number in range(1, 27)} - set(per_district)
    assert left_out == {"33.10.07", "33.10.23", "33.10.25", "33.10.26"}


def test_the_roll_is_the_796_of_the_press(klaten: ScenarioFile, observed: Saw) -> None:
    assert klaten.roll == ROLL
    assert sum(klaten.roll.values()) == 796
    observed(f"{sum(klaten.roll.values())} people of {len(klaten.roll)} agencies")


def test_guards_by_zone_take_215_police_68_soldiers_and_all_linmas(
    klaten: ScenarioFile, stations: dict[str, Place], observed: Saw
) -> None:
    assert at_posts(klaten, "penjaga_tps") == {Agency.POLICE: 215, Agency.TNI: 68, Agency.LINMAS: 134}
    found = at_posts(klaten, "penjaga_tps")
    observed(", ".join(f"{agency.value} {people}" for agency, people in found.items()))


def test_posts_and_units_use_the_roll_and_no_more(
    klaten: ScenarioFile, stations: dict[str, Place], observed: Saw
) -> None:
    used = at_posts(klaten, "penjaga_tps") + in_units(klaten)
    left = {agency: ROLL[agency] - used[agency] for agency in ROLL}
    assert left == {**dict.fromkeys(ROLL, 0), Agency.TNI: 2}
    assert set(used) - set(ROLL) == {Agency.HEALTH}
    observed(f"{sum(left.values())} of {sum(ROLL.values())} left over")


def test_phases_are_the_published_days_and_hours(klaten: ScenarioFile, observed: Saw) -> None:
    spans = {
        phase.kind: (f"{phase.start:%d %H:%M}", f"{phase.end:%d %H:%M}") for phase in klaten.phases.values()
    }
    assert spans[PhaseKind.QUIET] == ("01 00:00", "05 00:00")
    assert spans[PhaseKind.VOTING] == ("05 07:00", "05 13:00")
    assert spans[PhaseKind.COUNTING][0] == "05 13:00"
    assert next(iter(klaten.phases.values())).kind is PhaseKind.REGISTRATION
    observed(f"vote from {spans[PhaseKind.VOTING][0][3:]} to {spans[PhaseKind.VOTING][1][3:]}")


def test_help_of_brimob_needs_an_authority_and_takes_time(klaten: ScenarioFile, observed: Saw) -> None:
    aid = klaten.mutual_aid["brimob"]
    assert aid.authority == ["kapolda"]
    assert "kapolda" in klaten.command.authorities
    assert aid.lead_time.expected >= 45 * 60
    assert aid.asked_at == "red"
    observed(f"asked of {aid.authority[0]}, there after {aid.lead_time.expected / 3600:.1f} h in the mean")


def test_meetings_are_held_before_and_after_the_vote(klaten: ScenarioFile, observed: Saw) -> None:
    vote = klaten.phases["pemungutan"]
    times = [
        moment
        for programme in klaten.community.programmes.values()
        if programme.kind == "community_meeting"
        for moment in programme.times
    ]
    assert any(moment < vote.start for moment in times)
    assert any(moment > vote.end for moment in times)
    before = sum(moment < vote.start for moment in times)
    observed(f"{before} before, {sum(moment > vote.end for moment in times)} after")


def test_what_was_chosen_is_labelled(klaten: ScenarioFile) -> None:
    for path in ("area.places_file", "phases.pendaftaran", "units", "triggers", "crowd"):
        assert klaten.evidence[path].grade == "assumed", path
    for path in ("roll", "posts.penjaga_tps.by_zone", "phases.tenang"):
        assert klaten.evidence[path].grade == "measured", path
        assert klaten.evidence[path].source in klaten.sources
    assert all(each.source is None or each.source in klaten.sources for each in klaten.evidence.values())


# -- a rehearsal of it ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def rehearsal(repo: Path) -> Scenario:
    """The scenario, ready to run."""
    return load_to_run(repo / SCENARIO)


@pytest.fixture(scope="module")
def few(rehearsal: Scenario) -> list[Run]:
    """Three runs."""
    return [rehearsal.run(seed=seed) for seed in (1, 2, 3)]


def escalations(runs: Iterable[Run]) -> Counter[str]:
    """Changes to yellow or red, by kind of phase, over all the runs."""
    total: Counter[str] = Counter()
    for run in runs:
        for kind, found in run.summary()["escalations"]["by_phase_kind"].items():
            total[kind] += found["to_yellow"] + found["to_red"]
    return total


def peaceful(run: Run) -> int:
    """Gatherings that stayed green from the first who came to the last who went."""
    gathered = {record.entity for record in run.log if record.kind is RecordKind.CROWD_GATHERED}
    return len(gathered - {record.entity for record in run.log if record.kind is RecordKind.COLOUR_CHANGED})


def check_escalations(runs: list[Run]) -> None:
    """Most escalations fall in voting and counting."""
    by_kind = escalations(runs)
    assert by_kind["voting"] + by_kind["counting"] > 0.7 * by_kind.total() > 0


def check_stock(run: Run, klaten: ScenarioFile) -> None:
    """No unit uses more than it carries between two visits to its base."""
    carries = {
        f"{group}-{number}" if plan.count > 1 else group: klaten.unit_types[plan.type].stock
        for group, plan in klaten.units.items()
        for number in range(1, plan.count + 1)
    }
    used: Counter[tuple[str, str]] = Counter()
    for record in run.log:
        if record.kind is RecordKind.STOCK_USED:
            name = record.values["stock"]
            used[record.entity, name] += record.values["amount"]
            assert record.values["left"] >= 0
            if record.entity in carries:  # the riot company on its way is not on the roster
                assert used[record.entity, name] <= carries[record.entity][name] + 1e-6
        elif record.kind is RecordKind.UNIT_RESUPPLYING:
            for key in [key for key in used if key[0] == record.entity]:
                del used[key]


def check_coverage(coverage: Mapping[str, Any]) -> None:
    """The red zone and the patrols are covered; platoons are short in the far south-east."""
    assert coverage["peleton_merah"]["static"] == 1
    assert coverage["peleton_merah"]["average"] > 0.8
    assert coverage["patroli_15"]["static"] == 1
    assert 0.8 < coverage["dalmas_45"]["static"] < 1
    assert coverage["dalmas_45"]["average"] <= coverage["dalmas_45"]["static"] + 1e-9


def test_most_escalations_fall_in_voting_and_counting(few: list[Run], observed: Saw) -> None:
    check_escalations(few)
    found = escalations(few)
    observed(f"{found['voting'] + found['counting']} of {found.total()} escalations in {len(few)} runs")


def test_peaceful_gatherings_exist_in_every_run(few: list[Run]) -> None:
    assert all(peaceful(run) >= 2 for run in few)


def test_no_stock_is_used_beyond_what_there_is(few: list[Run], klaten: ScenarioFile, observed: Saw) -> None:
    for run in few:
        check_stock(run, klaten)
    uses = sum(record.kind is RecordKind.STOCK_USED for run in few for record in run.log)
    observed(f"{uses} uses of stock in {len(few)} runs, none beyond what was carried")


def test_the_red_zone_is_covered(few: list[Run], observed: Saw) -> None:
    for run in few:
        check_coverage(run.summary()["coverage"])
    shares = [run.summary()["coverage"]["peleton_merah"]["average"] for run in few]
    observed(f"covered {min(shares):.0%} of the time or more, over {len(few)} runs")


def test_somebody_comes_within_a_plausible_time(few: list[Run]) -> None:
    for run in few:
        crowds = run.summary()["responses"]["by_sort"]["crowd"]["response"]
        assert 3 * 60 < crowds["median"] < 30 * 60
        assert crowds["unanswered"] <= crowds["n"] // 5


@pytest.fixture(scope="module")
def sweep(rehearsal: Scenario) -> list[Run]:
    """Twenty runs."""
    return [rehearsal.run(seed=seed) for seed in range(1, 21)]


@pytest.mark.slow
def test_twenty_runs_tell_the_story_of_the_drill(
    sweep: list[Run], klaten: ScenarioFile, observed: Saw
) -> None:
    check_escalations(sweep)
    summaries = [run.summary() for run in sweep]
    assert all(peaceful(run) >= 2 for run in sweep)
    gatherings = [summary["escalations"]["crowds"] for summary in summaries]
    assert 5 <= fmean(gatherings) <= 15
    # Most gatherings stay peaceful, disorder is usual, law-breaking is rare.
    assert fmean(map(peaceful, sweep)) > 0.5 * fmean(gatherings)
    assert sum(summary["escalations"]["to_yellow"] > 0 for summary in summaries) >= 12
    assert 1 <= sum(summary["escalations"]["to_red"] > 0 for summary in summaries) <= 12
    for run in sweep:
        check_stock(run, klaten)
    stayed = sum(map(peaceful, sweep))
    yellow, red = (
        sum(each["escalations"][f"to_{colour}"] > 0 for each in summaries) for colour in ("yellow", "red")
    )
    observed(
        f"{stayed} of {sum(gatherings)} gatherings stayed peaceful; "
        f"disorder in {yellow} of {len(sweep)} runs, law-breaking in {red}"
    )


@pytest.mark.slow
def test_recovery_is_slower_without_joint_command(repo: Path, sweep: list[Run], observed: Saw) -> None:
    divided = load_to_run(repo / SCENARIO, overrides={"command.joint": False})
    recovery: list[float] = []
    formation: list[float] = []
    for run in sweep:
        together, apart = disorders(run), disorders(divided.run(seed=run.seed))
        # The same disorder in both runs: what comes later may go its own way.
        for incident in together.keys() & apart.keys():
            recovery.append(apart[incident][0] - together[incident][0])
            formation.append(apart[incident][1] - together[incident][1])
    assert len(recovery) >= 40
    assert fmean(formation) > 3 * 60
    assert fmean(recovery) > 0
    assert sum(late > 60 for late in recovery) > 1.3 * sum(late < -60 for late in recovery)
    observed(
        f"under divided command the formation stands {fmean(formation) / 60:.1f} min later and control comes "
        f"{fmean(recovery) / 60:.1f} min later, over {len(recovery)} incidents"
    )


def disorders(run: Run) -> dict[tuple[str, float], tuple[float, float]]:
    """Time until control, and until the formation was complete [s], by yellow or red incident and onset.

    What ended otherwise counts until its end.
    """
    onset_s: dict[str, float] = {}
    control: dict[str, float] = {}
    formed: dict[str, float] = {}
    for record in run.log:
        if record.kind is RecordKind.INCIDENT_OPENED:
            if record.values["sort"] == "crowd" and record.values["colour"] != "green":
                onset_s[record.entity] = record.time_s
        elif record.kind is RecordKind.INCIDENT_FORMED:
            formed.setdefault(record.entity, record.time_s)
        elif record.kind in {RecordKind.INCIDENT_CONTROLLED, RecordKind.INCIDENT_CLOSED}:
            control.setdefault(record.entity, record.time_s)
            formed.setdefault(record.entity, record.time_s)
    return {
        (incident, began): (control[incident] - began, formed[incident] - began)
        for incident, began in onset_s.items()
        if incident in control
    }
