"""What is true and what command believes: reports that misjudge, are corrected, wait, and are dispatched on."""

# ruff: noqa: E501 - the lines of a scenario are as long as planners write them

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kontijensi.command.belief import Belief, Sighting, miscounted, misjudged
from kontijensi.command.situation import COLOURS, LEVEL
from kontijensi.trace import board_at
from tests.engine.scenes import CALM, minutes, of, one, rehearse, scene, stage

CROWD = """\
triggers:
  event: {at: [2024-11-27 07:30], places: {ids: [a]}, effects: [{do: gather_crowd, size: 60, grievance: 0, over: 0 s, stays: 3 h}]}
"""
WATCH = "community: {observers: {kst: {kind: kst, detection_per_h: 3600, report_delay: 0 s, EXTRA}}}\n"
COMMAND = """\
units: {car: {type: patrol, base: pos}, talks: {type: talks, base: pos}, dalmas: {type: dalmas, base: pos}}
command:
  handling: 0 s
  field_report: 3 min
  authorities: {chief: {delay: 10 min}}
  stages:
    green: {needs: {patrol: 1}, priority: 4}
    yellow: {needs: {line: 1, dialogue: 1}, priority: 2, authority: chief}
    red: {needs: {arrest: 1}, priority: 1, authority: chief}
"""
colours = st.sampled_from(COLOURS)


@given(st.lists(colours, min_size=1, max_size=9))
def test_the_posko_believes_the_majority_and_the_graver_where_it_is_split(said: list[str]) -> None:
    belief = Belief()
    for colour in said:
        belief.hear(Sighting(colour))  # type: ignore[arg-type]
    counts = Counter(said)
    most = max(counts.values())
    assert belief.colour == max((c for c in counts if counts[c] == most), key=LEVEL.__getitem__)


@given(st.lists(colours, max_size=5), colours, st.lists(colours, max_size=5))
def test_whoever_is_on_the_spot_settles_it(before: list[str], seen: str, after: list[str]) -> None:
    belief = Belief()
    for colour in before:
        belief.hear(Sighting(colour))  # type: ignore[arg-type]
    belief.hear(Sighting(seen, on_the_spot=True))  # type: ignore[arg-type]
    for colour in after:
        assert not belief.hear(Sighting(colour))  # type: ignore[arg-type]
    assert belief.colour == seen


def test_a_colour_is_misjudged_as_often_as_stated_and_by_one_step_only() -> None:
    rng, n = np.random.default_rng(3), 4000
    for colour in COLOURS:
        judged = Counter(misjudged(colour, 0.3, rng) for _ in range(n))
        assert abs(n - judged[colour] - 0.3 * n) < 4 * (0.21 * n) ** 0.5
        assert all(abs(LEVEL[other] - LEVEL[colour]) <= 1 for other in judged)
    sides = Counter(misjudged("yellow", 1.0, rng) for _ in range(n))
    assert abs(sides["red"] - n / 2) < 4 * n**0.5 / 2


def test_a_count_is_right_on_average_and_errs_by_its_coefficient() -> None:
    rng = np.random.default_rng(4)
    counts = np.array([miscounted(1000, 0.4, rng) for _ in range(4000)])
    assert abs(counts.mean() - 1000) < 4 * 400 / 4000**0.5
    assert abs(counts.std() / counts.mean() - 0.4) < 0.03
    assert (miscounted(0, 0.4, rng), miscounted(7, 0.0, rng)) == (0, 7)


def test_where_nobody_errs_what_is_reported_is_true_and_nothing_is_drawn() -> None:
    records = rehearse(CALM + CROWD + COMMAND + WATCH.replace(", EXTRA", ""))
    said = one(records, "incident_reported").values
    assert said == {"by": "kst", "colour": "green", "people": 60}
    assert not of(records, "belief_changed")
    assert minutes(records, "unit_ordered", "car")


def test_dispatch_follows_what_is_believed_until_those_on_the_spot_correct_it() -> None:
    """Green is taken for yellow: the chief is asked, a line goes; it sees a green crowd, and a patrol is sent."""
    records = rehearse(CALM + CROWD + COMMAND + WATCH.replace("EXTRA", "misjudged_share: 1"))
    opened, reported = one(records, "incident_opened"), one(records, "incident_reported")
    assert (opened.values["colour"], opened.values["needs"]) == ("green", {"patrol": 1})
    assert reported.values["colour"] == "yellow"
    assert one(records, "approval_asked").values["authority"] == "chief"
    sent = {record.entity: record for record in of(records, "unit_ordered")}
    assert sent["dalmas"].time_s == one(records, "incident_approved").time_s
    arrived = min(record.time_s for record in of(records, "unit_arrived", incident="event-1:green"))
    changed = one(records, "belief_changed")
    assert (changed.values["was"], changed.values["colour"], changed.values["by"]) == (
        "yellow",
        "green",
        "field",
    )
    assert changed.time_s == arrived + 180
    assert sent["car"].time_s == changed.time_s, "what is true is dispatched once it is believed"
    assert one(records, "incident_formed").time_s > changed.time_s, "a line does not make up for a patrol"


def test_a_graver_belief_waits_for_whoever_must_agree_and_a_calmer_one_does_not() -> None:
    yellow = COMMAND.replace(
        "field_report: 3 min", "field_report: 3 min\n  situation: {yellow: {enter_active: 0}}"
    )
    yellow = yellow.replace("green: {needs: {patrol: 1}", "green: {needs: {}").replace(
        "red: {needs: {arrest: 1}", "red: {needs: {patrol: 1}"
    )
    yellow = yellow.replace(
        "red: {needs: {patrol: 1}, priority: 1, authority: chief}", "red: {needs: {patrol: 1}, priority: 1}"
    )
    seen = set()
    for replication in range(12):
        _, records = stage(
            scene(CALM + CROWD + yellow + WATCH.replace("EXTRA", "misjudged_share: 1")),
            replication=replication,
        )
        first = of(records, "incident_reported")[0].values["colour"]
        seen.add(first)
        if first == "red":  # a patrol goes at once; it finds yellow, and the line waits for the chief
            changed = next(r for r in of(records, "belief_changed") if r.values["colour"] == "yellow")
            asked = one(records, "approval_asked")
            assert asked.time_s == changed.time_s
            ordered = one(records, "unit_ordered", "dalmas", incident="event-1:yellow")
            assert ordered.time_s == asked.time_s + 600
    assert seen == {"green", "red"}


def test_later_reports_outvote_a_first_one_that_was_wrong() -> None:
    watch = """\
community:
  observers:
    wrong: {kind: citizen, detection_per_h: 3600, report_delay: 0 s, misjudged_share: 1}
    right: {kind: kst, detection_per_h: 3600, report_delay: 5 min}
    too: {kind: linmas, detection_per_h: 3600, report_delay: 6 min}
"""
    records = rehearse(CALM + CROWD + watch + COMMAND.replace("{delay: 10 min}", "{delay: 2 h}"))
    assert one(records, "incident_reported").values["colour"] == "yellow"
    changed = one(records, "belief_changed")
    assert (changed.values["colour"], changed.values["by"]) == ("green", "linmas")
    car = one(records, "unit_ordered", "car")
    assert car.time_s > changed.time_s


def test_training_divides_misjudgement() -> None:
    text = WATCH.replace("EXTRA", "misjudged_share: 1, training: 10")
    wrong = 0
    for replication in range(60):
        _, records = stage(
            scene("crowd_tick: 60 s\nhorizon: 45 min\n" + CALM + CROWD + text), replication=replication
        )
        wrong += one(records, "incident_reported").values["colour"] != "green"
    assert 0 < wrong < 18, "one in ten"


def test_the_board_shows_what_is_believed_beside_what_is_true() -> None:
    records = rehearse(CALM + CROWD + COMMAND + WATCH.replace("EXTRA", "misjudged_share: 1"))
    changed = one(records, "belief_changed").time_s
    before, after = board_at(records, changed - 1), board_at(records, changed)
    crowd = next(iter(before.crowds.values()))
    assert (crowd.colour, dict(before.believed)) == ("green", {"a": "yellow"})
    assert dict(after.believed) == {"a": "green"}
    incident = before.incidents["event-1:green"]
    assert (incident.colour, incident.believed, incident.believed_people) == ("green", "yellow", 60)
    assert dict(board_at(records, 1799).believed) == {}, "nothing is believed before it happens"


def test_units_without_signal_report_by_another_way() -> None:
    dark = "area:\n  places: {pos: {kind: polsek}, a: {kind: tps, voters: 1, signal: false}}\n  roads: {edges: [{between: [pos, a], time: 1 min}]}\n"
    wrong = WATCH.replace("EXTRA", "misjudged_share: 1, no_signal_delay: 0 s")
    command = COMMAND.replace("field_report: 3 min", "field_report: 3 min\n  no_signal_report: 20 min")
    records = rehearse(CALM + CROWD + wrong + dark + command)
    arrived = min(record.time_s for record in of(records, "unit_arrived", incident="event-1:green"))
    assert one(records, "belief_changed").time_s == arrived + 1200


@pytest.mark.parametrize(("radio", "waits"), [("false", False), ("true", True)])
def test_what_units_have_to_say_waits_while_the_radio_is_lost(radio: str, waits: bool) -> None:
    lost = CROWD + (
        "  silence: {at: [2024-11-27 07:35], places: {ids: [a]}, effects: [{do: lose_channel, lasts: 50 min, radio: RADIO}]}\n"
    ).replace("RADIO", radio)
    records = rehearse(CALM + lost + COMMAND + WATCH.replace("EXTRA", "misjudged_share: 1"))
    changed = one(records, "belief_changed")
    restored = one(records, "channel_restored")
    assert (changed.time_s == restored.time_s) is waits
    assert (changed.time_s < restored.time_s) is not waits


def test_with_a_perfect_picture_belief_is_the_truth() -> None:
    command = COMMAND.replace("handling: 0 s", "handling: 0 s\n  picture: perfect")
    records = rehearse(CALM + CROWD + command + WATCH.replace("EXTRA", "misjudged_share: 1"))
    assert {r.values["colour"] for r in of(records, "incident_reported")} == {"green"}
    assert not of(records, "belief_changed")


def test_a_false_report_is_believed_until_units_find_nothing() -> None:
    records = rehearse(
        COMMAND
        + "triggers:\n  lie: {at: [2024-11-27 07:30], places: {ids: [a]}, effects: [{do: false_report, colour: yellow, delay: 0 s}]}\n"
    )
    reported = one(records, "incident_reported")
    assert reported.values["colour"] == "yellow"
    assert dict(board_at(records, reported.time_s).believed) == {"a": "yellow"}
    closed = one(records, "incident_closed")
    assert closed.values["outcome"] == "false"
    assert dict(board_at(records, closed.time_s).believed) == {}


def test_who_waits_for_what_nobody_knows_it_needs_was_misjudged() -> None:
    lost = CROWD + (
        "  silence: {at: [2024-11-27 07:31], places: {ids: [a]}, effects: [{do: lose_channel, lasts: 4 h, radio: true}]}\n"
    )
    records = rehearse(CALM + lost + COMMAND + WATCH.replace("EXTRA", "misjudged_share: 1"))
    assert of(records, "unit_arrived", incident="event-1:green"), "a line came, where a patrol was called for"
    assert not of(records, "incident_formed")
    unanswered = one(records, "incident_unanswered")
    assert (unanswered.values["why"], unanswered.values["missing"]) == ("misjudged", "patrol")
