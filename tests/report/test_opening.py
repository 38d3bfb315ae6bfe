"""The headline: nothing green where something went unanswered, cost people, or was never put to the test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from kontijensi.report.dossier import Dossier, dossier
from kontijensi.report.findings import Tone
from kontijensi.report.headlines import cards
from kontijensi.report.moments import apart
from kontijensi.report.people_tables import gathering_table, peaceful_table
from kontijensi.report.verdict import verdict
from kontijensi.vocabulary.records import RecordKind as K
from kontijensi.vocabulary.words import use_language
from tests.report.sample import (
    SCENARIO,
    Line,
    at,
    crowd_lines,
    eventful,
    frame_lines,
    level_lines,
    recorded,
    run_of,
    uneventful,
    world_of,
)

BARE = SCENARIO[: SCENARIO.index("standards:")] + SCENARIO[SCENARIO.index("evidence:") :]
"""The sample without a standard or a target."""
STANDARD = '{name: "Peleton dalam 20 menit", capability: line, within: 20 min,'
EASY = SCENARIO.replace(STANDARD, STANDARD.replace("20 min,", "2 h,"))
"""The sample with a standard that is always met while nobody is sent out."""


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with use_language("en"):
        yield


def told(records: Any, text: str = SCENARIO) -> Dossier:
    return dossier(run_of(records, text), world_of(text))


def peaceful(*more: Line) -> Any:
    return recorded(*frame_lines(), *crowd_lines()[-3:], *more)


def test_an_unanswered_disturbance_comes_first_also_without_standard_and_target() -> None:
    headline = verdict(told(eventful(), BARE)).headline
    assert headline.tone is Tone.SHORT
    assert headline.text == (
        "1 of 2 disturbances were never answered by a full formation. "
        "6 people were hurt, 1 of them severely. Voting or counting stood still for 30 TPS-minutes."
    )


def test_what_promised_nothing_has_not_held() -> None:
    headline = verdict(told(peaceful(), BARE)).headline
    assert (headline.tone, headline.text) == (
        Tone.CARE,
        "No standard and no target was set, so nothing could be held.",
    )


def test_where_nothing_happened_nothing_was_put_to_the_test() -> None:
    headline = verdict(told(uneventful(), EASY)).headline
    assert headline.tone is Tone.PLAIN
    assert headline.text == (
        "Nothing happened in this rehearsal, no gathering and no call: the plan was not put to the test. "
        "Every standard of cover was met; no target of response was set, or none had a case."
    )


@pytest.mark.parametrize(
    ("severity", "tone"),
    [("minor", Tone.CARE), ("severe", Tone.SHORT)],
)
def test_people_hurt_come_before_what_was_kept(severity: str, tone: Tone) -> None:
    values = {"cause": "crush", "group": "public", "severity": severity, "people": 2}
    headline = verdict(told(peaceful((at(11, 30), K.HARM, "massa-3", "balai", values)), EASY)).headline
    assert headline.tone is tone
    how = "2 of them" if severity == "severe" else "none"
    assert headline.text.startswith(f"2 people were hurt, {how} severely. Every standard of cover")


def test_voting_that_stood_still_comes_before_what_was_kept() -> None:
    stop = (at(9), K.VOTING_STOPPED, "pemungutan", "lor", {"voters": 500})
    headline = verdict(told(peaceful(stop), EASY)).headline
    assert headline.tone is Tone.SHORT
    assert headline.text.startswith("Voting or counting stood still for 240 TPS-minutes. Every standard")


def test_only_what_was_tested_and_met_is_green() -> None:
    headline = verdict(told(peaceful(), EASY)).headline
    assert headline.tone is Tone.GOOD
    assert headline.text.startswith("Every standard of cover was met; no target")


def test_the_lowest_legitimacy_is_the_lowest_of_all_camps() -> None:
    def sampled(t_s: float, camp: str, lowest: float, village: str) -> Line:
        return t_s, K.LEGITIMACY_SAMPLED, camp, None, {"mean": lowest, "lowest": lowest, "at": village}

    levels = [
        sampled(0.0, "a", 0.80, "lor"),
        sampled(0.0, "b", 0.61, "kidul"),
        sampled(at(13), "a", 0.70, "lor"),
        sampled(at(13), "b", 0.60, "kidul"),
    ]
    found = told(recorded(*frame_lines(), *levels))
    card = next(card for card in cards(found) if card.term == "legitimacy")
    assert (card.value, card.beside) == ("0.60", "Kubu Dua, TPS Kidul · mean of the villages 0.61 to 0.60")
    line = next(finding.text for finding in verdict(found).cost if "Legitimacy" in finding.text)
    assert line == (
        "Legitimacy was lowest with Kubu Dua in TPS Kidul: 0.60; mean of the villages 0.61 to 0.60. "
        "It fell furthest with Kubu Satu in TPS Lor: from 0.80 to 0.70."
    )


def test_legitimacy_sampled_once_is_not_said_to_have_held() -> None:
    found = told(recorded(*frame_lines(), level_lines()[0]))
    card = next(card for card in cards(found) if card.term == "legitimacy")
    assert (card.value, card.beside, card.tone) == ("0.75", "sampled only once", Tone.PLAIN)
    lines = [(finding.tone, finding.text) for finding in verdict(found).cost]
    assert (Tone.CARE, "Legitimacy was sampled only once: what the run did to it is not known.") in lines


def test_people_who_found_no_room_are_told() -> None:
    def joined(crowd: str, place: str, away: int) -> Line:
        return at(11, 5), K.CROWD_JOINED, crowd, place, {"people": 80, "wave": "first", "turned_away": away}

    lines = [joined("massa-3", "balai", 1234), joined("massa-1", "lor", 0)]
    found = told(recorded(*frame_lines(), *crowd_lines(), *level_lines(), *lines))
    first = verdict(found).care[0]
    assert first.tone is Tone.CARE
    assert first.text.startswith("1,234 people found no room and went home: the ground at Balai Desa holds")
    assert found.run.summary["crowds"]["turned_away"] == 1234
    cells = dict(
        zip([c.heading for c in peaceful_table(found).columns], peaceful_table(found).rows[0], strict=True)
    )
    assert cells["found no room"] == "1,234"
    assert "found no room" in [column.heading for column in gathering_table(found).columns]


def test_no_word_of_room_where_all_found_some() -> None:
    assert not any("no room" in finding.text for finding in verdict(told(eventful())).care)


@pytest.mark.parametrize(
    ("found", "promised", "shown"),
    [
        (287 / 359, 0.8, ("79.9%", "80.0%")),
        (0.5, 0.8, ("50%", "80%")),
        (0.8, 0.8, ("80%", "80%")),
        (0.803, 0.801, ("80%", "80%")),
        (0.8046, 0.8051, ("80%", "81%")),
        (0.799999, 0.8, ("< 80.00%", "80.00%")),
    ],
)
def test_rounding_hides_no_missed_target(found: float, promised: float, shown: tuple[str, str]) -> None:
    assert apart(found, promised, met=found >= promised) == shown
