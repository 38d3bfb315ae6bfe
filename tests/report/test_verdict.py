"""The verdict and the times it is told in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from kontijensi.analysis.remedy import Remedy, RemedyKind
from kontijensi.report.cover_tables import gaps
from kontijensi.report.dossier import Dossier, dossier
from kontijensi.report.findings import Tone
from kontijensi.report.headlines import cards, floor_game
from kontijensi.report.moments import lasting, minutes, share, span
from kontijensi.report.naming import inert, named, place_name, unit_name, word
from kontijensi.report.remedy_tables import remedy_text
from kontijensi.report.table import Column, table
from kontijensi.report.unit_tables import aid_table
from kontijensi.report.verdict import verdict
from kontijensi.vocabulary.clock import Calendar, Zone
from kontijensi.vocabulary.records import RecordKind
from kontijensi.vocabulary.words import use_language
from tests.report.sample import (
    HOUR,
    MIN,
    SCENARIO,
    Line,
    at,
    eventful,
    frame_lines,
    recorded,
    run_of,
    uneventful,
    world_of,
)

CALENDAR = Calendar(datetime(2023, 7, 5, 6), Zone.WIB)  # noqa: DTZ001 - local wall clock


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with use_language("en"):
        yield


@pytest.fixture(scope="module")
def told() -> Dossier:
    return dossier(run_of(eventful()), world_of())


def test_the_headline_says_the_unanswered_first_then_cover_targets_and_cost(told: Dossier) -> None:
    headline = verdict(told).headline
    assert headline.tone is Tone.SHORT
    # 09:07 to 10:00 the platoon is out: in that hour TPS Lor is covered for 7 of 60 minutes, 500/800 of them.
    assert headline.text == (
        "1 of 2 disturbances were never answered by a full formation. "
        "The plan runs short on “Peleton dalam 20 menit”: met for 53% of place-time, "
        "lowest 5 Jul 09:00–10:00, above all around TPS Lor and TPS Kidul; "
        "no suitable unit is based near enough. "
        "1 target of response was missed. 6 people were hurt, 1 of them severely. "
        "Voting or counting stood still for 30 TPS-minutes."
    )


def test_where_all_hours_are_alike_none_is_singled_out() -> None:
    calm = dossier(run_of(uneventful()), world_of())
    assert (
        "met for 62% of place-time, at all hours alike, above all around TPS Kidul"
        in verdict(calm).headline.text
    )


def test_nothing_that_went_well_speaks_of_fewer_people(told: Dossier) -> None:
    texts = [finding.text for finding in verdict(told).well]
    assert texts == [
        "1 of 3 gatherings went peacefully from beginning to end.",
        "1 of 2 disturbances were brought under control.",
        "1 place with a disturbance saw no force at all.",
    ]


def test_the_cards_carry_the_same_numbers(told: Dossier) -> None:
    found = {card.term: (card.value, card.beside) for card in cards(told)}
    assert found["effective_response"] == ("not reached", "P90 – · 1 of 2 never answered")
    assert found["cover"] == ("53%", "Peleton dalam 20 menit · standing 62%")
    assert found["disturbance"] == ("2", "yellow: 1 · red: 1 · stayed peaceful: 1")
    assert found["harm"] == ("6", "3 public · 3 officers · 1 severe")
    assert found["tps_minutes"] == ("30", "interruptions: 1 · voters affected: 500")
    assert found["legitimacy"] == ("0.52", "Kubu Satu, TPS Lor · mean of the villages 0.75 to 0.70")


def test_the_five_headings_answer_in_a_line(told: Dossier) -> None:
    found = {heading.name: heading.answer for heading in floor_game(told)}
    assert found["Movement"] == "Orders to move: 1. Travel: 10 minutes in the median, P90 10 minutes."
    assert found["Placement"] == "Units: 2, at bases: 1. Guards: 15, at places: 2."
    assert found["Courses of action"] == "Postures taken: dialogue 1×."
    assert found["Control"] == (
        "Reports at the desk: 1, nine in ten taken up at once. "
        "Approvals that took time: 1, 3 minutes in the median."
    )
    assert found["Reporting"] == "Crowd situations reported: 1 of 2; reports lost: 0."


def test_gaps_with_small_breaks_are_told_as_one(told: Dossier) -> None:
    found = {(gap.places, str(gap.reason)): gap for gap in gaps(told)}
    kidul = found[("kidul",), "too_far"]
    assert (kidul.start_s, kidul.end_s, kidul.short_s) == (at(7), at(13), 6 * HOUR)
    lor = found[("lor",), "none_free"]
    assert (lor.start_s, lor.end_s, lor.short_s) == (at(9, 7), at(10), 53 * MIN)


def test_a_gathering_knows_how_long_it_had_each_colour(told: Dossier) -> None:
    first = told.gatherings[0]
    assert (first.place, first.trigger, first.worst) == ("lor", "saksi", "yellow")
    assert first.time_in("yellow", told.end_s) == 50 * MIN
    assert first.time_in("green", told.end_s) == 5 * MIN + 40 * MIN
    assert first.peak("active") == 40
    assert told.gatherings[1].trigger is None or told.gatherings[1].crowd == "massa-2"


def test_the_decisive_hours_run_from_voting_to_counting(told: Dossier) -> None:
    assert told.focus == (at(6, 30), at(14))


def test_a_share_that_is_not_quite_all_does_not_read_as_all() -> None:
    assert share(1.0) == "100%"
    assert share(0.999) == "99.9%"
    assert share(0.99999) == "> 99.99%"
    assert share(0.0001) == "0.01%"
    assert share(0.0) == "0%"
    assert share(None) == share(float("nan")) == "–"


def test_durations_are_as_coarse_as_a_planner_needs() -> None:
    assert lasting(None) == "–"
    assert lasting(93.4) == "1 minute 33 seconds"
    assert lasting(26 * MIN + 22) == "26 minutes"
    assert lasting(3 * 86400.0 + 100) == "3 days"
    assert minutes(90.0) == "1.5"


def test_a_span_names_its_day_once() -> None:
    assert span(CALENDAR, HOUR, 2 * HOUR) == "5 Jul 07:00–08:00"
    assert span(CALENDAR, HOUR, 18 * HOUR) == "5 Jul 07:00–24:00"
    assert span(CALENDAR, HOUR, 19 * HOUR) == "5 Jul 07:00 – 6 Jul 01:00"
    with use_language("id"):
        assert span(CALENDAR, HOUR, 2 * HOUR) == "5 Jul 07.00–08.00"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("TPS 1", "TPS 1"),
        ("\x1b[31mmerah\x1b[0m", "merah"),
        ("\x1b]8;;x\x07tautan", "tautan"),
        ("a\u202eb\u2066c\u200fd", "abcd"),
        ("dua\nbaris\tlagi", "dua baris lagi"),
        ("x" * 200, "x" * 79 + "…"),
        ("\ud800", ""),
    ],
)
def test_names_are_made_inert(text: str, shown: str) -> None:
    assert inert(text) == shown


def test_a_long_text_is_cut_at_a_word() -> None:
    text = "Drury and Reicher 2000, elaborated social identity model (direction only)"
    assert inert(text, 64) == "Drury and Reicher 2000, elaborated social identity model…"
    assert inert(text, 57) == "Drury and Reicher 2000, elaborated social identity model…"
    assert inert(text, 80) == text


def test_what_has_no_name_keeps_its_id(told: Dossier) -> None:
    assert place_name(told.world, "lor") == "TPS Lor"
    assert place_name(told.world, "nowhere") == "nowhere"
    assert unit_name(told.world, "dalmas") == "Dalmas Contoh"
    assert word("too_far") == "too far"
    assert word("a_new_kind") == "a new kind"


def test_a_row_that_does_not_fit_its_columns_is_refused() -> None:
    with pytest.raises(ValueError, match="2 cells under 1 columns"):
        table("Short", [Column("a")], [("1", "2")])


def test_a_long_table_says_what_it_leaves_off() -> None:
    cut = table("Long", [Column("a")], [(str(n),) for n in range(70)])
    assert (len(cut.rows), cut.left_off) == (60, 10)


def test_the_gap_that_weighs_most_names_its_standard(told: Dossier) -> None:
    gap = gaps(told)[0]
    name = named(told.world.scenario.standards[gap.standard], gap.standard)
    assert f"The gap that weighs most: {name} at " in verdict(told).cover[-1].text


def test_a_remedy_for_a_whole_group_does_not_name_its_first_unit_alone() -> None:
    world = world_of(SCENARIO.replace('name: "Dalmas Contoh", type: peleton', "count: 3, type: peleton"))
    told = dossier(run_of(eventful()), world)
    text = remedy_text(told, Remedy(RemedyKind.STAY_ON_DUTY, "dalmas"))
    assert text == "keep all 3 of Peleton Dalmas · Polsek Contoh on duty beyond its hours"
    text = remedy_text(told, Remedy(RemedyKind.STAY_ON_DUTY, "ambulans"))
    assert text == "keep Ambulans Contoh on duty beyond its hours"


@pytest.mark.parametrize(
    ("why", "words"),
    [("path", "whoever agrees last cannot send it"), ("authority", "nobody may agree to it")],
)
def test_help_that_was_refused_says_why_in_words(why: str, words: str) -> None:
    asked: Line = (at(11), RecordKind.AID_ASKED, "brimob", "kidul", {})
    refused: Line = (at(11), RecordKind.AID_REFUSED, "brimob", "kidul", {"why": why})
    told = dossier(run_of(recorded(*frame_lines(), asked, refused)), world_of())
    (row,) = aid_table(told).rows
    assert row[-1] == f"1 ({words})"


def test_calls_that_nobody_answered_are_told_with_what_stood_in_the_way() -> None:
    def call(name: str, why: str) -> list[Line]:
        opened = {
            "sort": "call",
            "priority": 5,
            "needs": {"line": 1},
            "of": "harian",
            "colour": None,
            "follows": None,
        }
        return [
            (at(8), RecordKind.INCIDENT_OPENED, name, "kidul", opened),
            (at(8), RecordKind.INCIDENT_DETECTED, name, "kidul", {"by": "caller"}),
            (at(8), RecordKind.INCIDENT_REPORTED, name, "kidul", {"by": "caller"}),
            (
                at(9),
                RecordKind.INCIDENT_UNANSWERED,
                name,
                "kidul",
                {"why": why, "missing": "line", "reached": False},
            ),
            (at(9), RecordKind.INCIDENT_CLOSED, name, "kidul", {"outcome": "abandoned"}),
        ]

    lines = [*call("h-1", "none_free"), *call("h-2", "no_road"), *call("h-3", "none_free")]
    told = dossier(run_of(recorded(*frame_lines(), *lines)), world_of())
    assert (
        "Calls, casualties and fires that never got all they needed: 3 of 3; mostly: none free (2) and no "
        "open road (1)."
    ) in [finding.text for finding in verdict(told).speed]
