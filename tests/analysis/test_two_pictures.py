"""What was believed against what was true, and how talks ended, told from the log alone."""

from __future__ import annotations

from kontijensi.analysis.beliefs import Beliefs, beliefs, misjudgements
from kontijensi.analysis.talks import Rounds, rounds, together
from tests.analysis.logbook import Log


def crowd(log: Log, minute: float, name: str, colour: str) -> None:
    log(minute, "incident_opened", name, "tps", sort="crowd", of=name, colour=colour, priority=1, needs={})


def pictures() -> Log:
    """Four crowds: one taken for worse and put right, one for calmer and never, one right, one unknown."""
    log = Log()
    for name, colour in (("worse", "green"), ("calmer", "red"), ("right", "yellow"), ("unknown", "green")):
        crowd(log, 0, name, colour)
    log(5, "incident_reported", "worse", "tps", by="citizen", colour="yellow", people=60)
    log(5, "incident_reported", "right", "tps", by="kst", colour="yellow", people=60)
    log(10, "incident_reported", "calmer", "tps", by="citizen", colour="yellow", people=90)
    log(12, "belief_changed", "worse", "tps", colour="red", was="yellow", people=50, by="citizen")
    log(20, "belief_changed", "worse", "tps", colour="green", was="red", people=50, by="field")
    log(21, "belief_changed", "right", "tps", colour="green", was="yellow", people=None, by="field")
    log(25, "belief_changed", "worse", "tps", colour="yellow", was="green", people=None, by="field")
    return log


def test_what_was_taken_for_something_else_counts_until_it_is_put_right() -> None:
    assert beliefs(pictures().records, 30 * 60) == Beliefs(
        incidents=4, unknown=1, too_grave=1, too_calm=1, corrected=1, wrong_s=(15 + 20) * 60.0
    )
    worse, calmer = misjudgements(pictures().records)
    assert (worse.colour, worse.reported, worse.since_s, worse.until_s) == ("green", "yellow", 300.0, 1200.0)
    assert (calmer.too_grave, calmer.corrected, calmer.until_s) == (False, False, None)


def test_what_ends_while_it_is_misjudged_was_never_put_right() -> None:
    log = pictures()
    log(28, "incident_closed", "calmer", "tps", outcome="unaided")
    assert beliefs(log.records, 30 * 60).wrong_s == (15 + 18) * 60.0
    assert not misjudgements(log.records)[1].corrected


def test_calls_and_false_reports_are_not_misjudged() -> None:
    log = Log()
    log(0, "incident_opened", "lie", "tps", sort="false", of="lie", colour="red", priority=1, needs={})
    log(1, "incident_reported", "lie", "tps", by="caller", colour="red", people=None)
    assert beliefs(log.records, 60.0) == Beliefs(0, 0, 0, 0, 0, 0.0)


def test_rounds_of_talks_are_counted_by_camp_and_outcome() -> None:
    log = Log()
    for minute, camp, outcome, audience in (
        (10, "b", "refused", False),
        (20, "a", "accepted", True),
        (45, "b", "accepted", True),
        (50, "b", "broken_off", False),
    ):
        log(
            minute,
            "talks_held",
            "crowd",
            "tps",
            camp=camp,
            outcome=outcome,
            odds=0.3,
            audience=audience,
            units=[],
        )
    found = rounds(log.records)
    assert list(found) == ["b", "a"]
    assert found["b"] == Rounds(rounds=3, accepted=1, refused=1, broken_off=1, with_answer=1)
    assert together(found.values()) == Rounds(rounds=4, accepted=2, refused=1, broken_off=1, with_answer=2)
    assert together([]) == Rounds(0, 0, 0, 0, 0)
