"""Responses broken down: every incident in one group, the unanswered in all of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

import kontijensi
from kontijensi.analysis.cover_parts import NONE
from kontijensi.analysis.response_parts import ResponseBy, in_time, response_groups, response_part_frame
from kontijensi.analysis.responses import responses
from kontijensi.analysis.summary import summarise
from kontijensi.scenario.schema.service import ResponseTarget
from tests.analysis.held_scenes import held_scene
from tests.analysis.logbook import Log, call, grid, hand_trace

TARGETS = {
    "soon": ResponseTarget.model_validate({"within": "5 min"}),
    "formed": ResponseTarget.model_validate({"within": "10 min", "measure": "effective_response"}),
}


def test_the_hand_trace_by_type_of_unit_with_a_call_that_nobody_answered() -> None:
    log = Log()
    log.records = [record for record in hand_trace() if record.kind != "run_ended"]
    call(log, "E", "9", opened=29, desk=29, handled=29.5)
    rows = responses(log.in_order(), grid())
    frame = response_part_frame(rows, TARGETS, ResponseBy.UNIT_TYPE).set_index(["unit_type", "measure"])
    first = frame.loc[("patrol", "response")]
    assert (first["n"], first["answered"], first["median"], first["within_soon"]) == (4, 4, 570.0, 0.5)
    nobody = frame.loc[(NONE, "response")]
    assert (nobody["n"], nobody["answered"], nobody["within_soon"]) == (1, 0, 0.0)
    assert nobody["median"] != nobody["median"]
    assert frame.loc[("patrol", "effective_response"), "within_formed"] == 0.5


@pytest.mark.parametrize("number", range(4))
@pytest.mark.parametrize("by", list(ResponseBy))
def test_groups_share_out_the_incidents_and_those_in_time(number: int, by: ResponseBy) -> None:
    world, records = held_scene(number)
    rows = responses(records, world)
    groups = response_groups(rows, by)
    assert sum(len(group) for group in groups.values()) == len(rows)
    for target in TARGETS.values():
        whole, parts = in_time(rows, target), [in_time(group, target) for group in groups.values()]
        assert (sum(p.n for p in parts), sum(p.within for p in parts)) == (whole.n, whole.within)


def test_the_summary_and_the_frame_say_the_same() -> None:
    run = kontijensi.load("scenarios/klaten-pilkades-2023.yaml").run()
    summary = run.summary()
    for by in ("phase", "zone", "district", "unit_type"):
        frame = run.responses(by)
        for name, found in summary["responses"][f"by_{by}"].items():
            line = frame[(frame[by] == name) & (frame["measure"] == "response")].iloc[0]
            assert line["n"] == found["response"]["n"]
            assert found["response"]["p90"] is None or line["p90"] == found["response"]["p90"]
    with pytest.raises(ValueError, match="colou"):
        run.responses("colou")
    assert set(summary["targets"])
    assert all("by_zone" in found for found in summary["targets"].values())


def test_targets_of_a_summary_are_broken_down() -> None:
    world = grid(response_targets={"soon": {"within": "5 min", "share": 0.5}})
    found = summarise(world, hand_trace())["targets"]["soon"]
    assert (found["n"], found["within"], found["met"]) == (4, 2, True)
    assert found["by_unit_type"] == {
        "patrol": {key: found[key] for key in ("n", "within", "share", "low", "high")}
    }


def test_a_target_may_hold_for_casualties_or_fires_alone() -> None:
    rows = responses(hand_trace(), grid())
    sorts = ("call", "casualties", "fire", "fire")
    rows = [replace(row, sort=sort) for row, sort in zip(rows, sorts, strict=False)]

    def n(**what: object) -> int:
        return in_time(rows, ResponseTarget.model_validate({"within": "5 min", **what})).n

    assert n() == len(rows) == 4
    assert (n(sorts=["fire"]), n(sorts=["casualties"]), n(sorts=["casualties", "fire"])) == (2, 1, 3)
    assert n(colours=["red"]) == 0, "a fire has no colour"
    assert n(calls=[rows[0].of], sorts=["fire"]) == 3
