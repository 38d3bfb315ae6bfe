"""Whatever happens at whatever moment, a run ends in order: nobody stuck, nothing lost or below nothing."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest

from kontijensi.analysis.responses import check_parts, responses
from kontijensi.analysis.utilisation import unit_times
from kontijensi.engine import Operation
from kontijensi.responders.states import BUSY
from kontijensi.vocabulary.records import Record, RecordKind
from tests.engine.scenes import of, run_world
from tests.properties.random_scenes import random_world

QUICK, LONG = 30, 400
NUMBERS = [pytest.param(n, marks=[pytest.mark.slow] if n >= QUICK else []) for n in range(LONG)]


@pytest.mark.parametrize("number", NUMBERS)
def test_a_random_scenario_runs_to_its_end_and_leaves_nothing_behind(number: int) -> None:
    world = random_world(number)
    operation, records = run_world(world, seed=number)
    units_have_tasks_exactly_when_busy(operation)
    incidents_and_units_agree(operation, records)
    crowds_are_conserved(operation, records)
    the_log_is_in_order(operation, records)
    for record in of(records, "stock_used"):
        assert record.values["left"] >= 0
    rows = responses(records, world)
    check_parts(rows)
    for row in unit_times(records, world):
        if not of(records, "run_ended")[0].values["outcome"]:
            assert sum(row.state_s.values()) == pytest.approx(world.horizon_s)


def units_have_tasks_exactly_when_busy(operation: Operation) -> None:
    now_s = operation.env.now
    for unit in operation.scene.units:
        assert (unit.task is not None) == (unit.state in BUSY), unit.spec.id
        if unit.task is not None:
            incident = operation.scene.posko.incidents.get(unit.task.id)
            assert incident is unit.task, (unit.spec.id, unit.state, unit.task.id, "is not open")
            assert unit in incident.units
        if unit.state == "ready":
            assert unit.spec.on_duty(now_s) or any(now_s == end for _start, end in unit.spec.duty), (
                unit.spec.id
            )
        if unit.state in {"returning", "resting", "resupplying", "lost"}:
            assert unit.on_its_way_to_being_free, (unit.spec.id, unit.state)


def incidents_and_units_agree(operation: Operation, records: list[Record]) -> None:
    for incident in operation.scene.posko.incidents.values():
        assert incident.open
        for unit in incident.units:
            assert unit.task is incident, (incident.id, unit.spec.id)
        assert set(incident.arrived) <= set(incident.units)
    opened = [record.entity for record in of(records, "incident_opened")]
    closed = [record.entity for record in of(records, "incident_closed")]
    assert len(set(opened)) == len(opened), "no two incidents share a name"
    assert sorted(opened) == sorted([*closed, *operation.scene.posko.incidents])


def crowds_are_conserved(operation: Operation, records: list[Record]) -> None:
    joined: Counter[str] = Counter()
    for record in of(records, "crowd_joined"):
        joined[record.entity] += record.values["people"]
    arrived = sum(
        r.values["people"] + r.values["turned_away"] for r in of(records, "crowd_joined", wave="march")
    )
    on_the_road = sum(
        r.values["people"] for r in of(records, "crowd_marched") if r.values["arrives_s"] >= operation.env.now
    )
    set_out = sum(r.values["people"] for r in of(records, "crowd_marched"))
    assert set_out - on_the_road <= arrived <= set_out, "who departs here joins there, or finds no room"
    gathered = [record.entity for record in of(records, "crowd_gathered")]
    assert len(set(gathered)) == len(gathered), "no two crowds share a name"
    fates = ("left", "arrested", "injured", "departed")
    for record in of(records, "crowd_ended"):
        assert joined[record.entity] == record.values["joined"]
        assert joined[record.entity] == sum(record.values[fate] for fate in fates)
    scene = operation.scene
    episodes = operation.gatherings.episodes
    assert len(episodes) == len({episode.place for episode in episodes.values()}), "one crowd a place"
    assert set(scene.masses.open_slots) == {episode.crowd.slot for episode in episodes.values()}
    for episode in episodes.values():
        tally = scene.masses.tally(episode.crowd.slot)
        assert (
            joined[episode.id] == tally.joined == tally.present + sum(getattr(tally, fate) for fate in fates)
        )


def the_log_is_in_order(operation: Operation, records: list[Record]) -> None:
    assert [record.id for record in records] == list(range(1, len(records) + 1))
    times = [record.time_s for record in records]
    assert times == sorted(times)
    assert records[-1].kind is RecordKind.RUN_ENDED
    assert times[-1] <= operation.world.horizon_s
    assert all(record.parent is None or record.parent < record.id for record in records)
    stopped: defaultdict[str | None, int] = defaultdict(int)
    for record in records:
        if record.kind is RecordKind.VOTING_STOPPED:
            stopped[record.place] += 1
        elif record.kind is RecordKind.VOTING_RESUMED:
            stopped[record.place] -= 1
            assert record.values["stopped_s"] >= 0
        assert stopped[record.place] in {0, 1}
