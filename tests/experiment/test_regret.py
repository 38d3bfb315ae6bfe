"""What a late, partial and wrong picture costs, against a perfect one on the same seeds."""

# ruff: noqa: E501 - the lines of a scenario are as long as planners write them

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kontijensi.api.scenario import Scenario, kept_regret, load_text
from kontijensi.authoring.drafts import template
from kontijensi.experiment.regret import as_plain, from_plain, regret, with_perfect_picture
from tests.engine.scenes import CALM, of, run_world, scene

LATE = (
    CALM
    + """\
crowd_tick: 60 s
horizon: 2 h
community: {observers: {kst: {kind: kst, detection_per_h: 12, report_delay: DELAY, misjudged_share: WRONG}}}
units: {talks: {type: talks, base: pos, count: 2}, car: {type: patrol, base: pos}}
command: {handling: 1 min, field_report: 3 min, stages: {green: {needs: {dialogue: 1}, priority: 4}, yellow: {needs: {patrol: 1}, priority: 2}}}
standards: {talks: {capability: dialogue, within: 10 min, places: {kinds: [tps]}}}
triggers:
  event: {at: [2024-11-27 07:30], places: {ids: [a]}, effects: [{do: gather_crowd, size: 60, grievance: 0, over: 0 s, stays: 2 h}]}
"""
)


def late(delay: str = "{dist: exponential, mean: 10 min}", wrong: float = 0.0) -> Scenario:
    return scene(LATE.replace("DELAY", delay).replace("WRONG", str(wrong)))


def measures(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["key"]: each for each in found["measures"]}


def test_knowing_at_once_saves_just_the_time_it_takes_to_notice_and_report() -> None:
    found = measures(late().regret(seed=3, replications=12))
    saved = found["unformed"]["difference"]
    chains = [late().run(seed=3, replication=k, crowds=False).summary() for k in range(12)]
    parts = [chain["responses"]["all"]["parts"] for chain in chains]
    lateness = [part["detection"]["mean"] + part["relay"]["mean"] for part in parts]
    assert saved["mean"] == pytest.approx(-sum(lateness) / 12)
    assert saved["mean"] + saved["half_width"] < 0


def test_misjudged_reports_cost_more_than_late_ones_alone() -> None:
    right, wrong = (measures(late("2 min", share).regret(seed=3, replications=12)) for share in (0.0, 1.0))
    assert wrong["unformed"]["reported"] > right["unformed"]["reported"]
    assert wrong["unformed"]["perfect"] == right["unformed"]["perfect"], "the truth is the same"


def test_where_command_knows_everything_already_there_is_nothing_to_regret() -> None:
    world = with_perfect_picture(late().world)
    for line in regret(world, 3, 1):
        assert line.first == line.second
        if line.difference is not None:
            assert (line.difference.mean, line.difference.variance) == (0.0, 0.0), line.measure.key


def test_harm_force_and_legitimacy_stand_beside_speed() -> None:
    found = measures(late().regret(replications=2))
    assert {
        "harm_public",
        "harm_officer",
        "force_uses",
        "stopped",
        "legitimacy.a",
        "coverage.talks",
    } <= found.keys()


def test_a_perfect_picture_sees_through_false_reports() -> None:
    text = LATE.replace("DELAY", "1 min").replace("WRONG", "0") + (
        "  lie: {at: [2024-11-27 07:40], places: {ids: [b]}, effects: [{do: false_report, colour: yellow, delay: 0 s}]}\n"
    )
    world = scene(text).world
    assert of(run_world(world)[1], "incident_reported", "lie-1:false")
    assert not of(run_world(with_perfect_picture(world))[1], "incident_opened", "lie-1:false")


def test_it_survives_json_and_the_run_folder(tmp_path: Path) -> None:
    scenario = late()
    found = scenario.regret(replications=2)
    assert as_plain(from_plain(json.loads(json.dumps(found))), 2, found["seed"]) == found
    page = scenario.run().report(tmp_path / "run", language="en", regret=found)
    assert kept_regret(tmp_path / "run") == found
    assert "What the late and partial picture cost" in page.read_text(encoding="utf-8")
    scenario.run().write(tmp_path / "plain")
    assert kept_regret(tmp_path / "plain") is None


def test_replications_are_a_whole_number_of_at_least_one() -> None:
    for wrong in (0, -1, 1.5):
        with pytest.raises(ValueError, match="replications"):
            late().regret(replications=wrong)  # type: ignore[arg-type]


@pytest.mark.slow
def test_in_expectation_a_perfect_picture_is_no_worse_for_response(repo: Path) -> None:
    found = measures(load_text(template("regency")).regret(seed=11, replications=20))
    for key in ("unformed", "unformed_total", "unanswered"):
        difference = found[key]["difference"]
        assert difference["mean"] <= difference["half_width"], key
    assert found["unformed"]["difference"]["mean"] < 0
