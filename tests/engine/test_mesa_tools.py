"""A run is a Mesa model: Mesa's own tools look at it as at any other."""

from __future__ import annotations

from pathlib import Path

import mesa
import pytest

import kontijensi
from kontijensi.community.observers import Observers
from kontijensi.crowd.agents import CampLeader, Crowd
from kontijensi.engine import Operation
from kontijensi.responders.unit import Unit
from kontijensi.vocabulary.records import RecordKind

KLATEN = Path(__file__).parents[2] / "scenarios" / "klaten-pilkades-2023.yaml"


@pytest.fixture
def operation() -> Operation:
    return Operation(kontijensi.load(KLATEN).world, seed=1, emit=lambda record: None)


def test_units_and_observers_are_agents_of_the_model(operation: Operation) -> None:
    assert isinstance(operation, mesa.Model)
    units = operation.agents_by_type[Unit]
    assert len(units) == len(operation.world.fleet)
    assert {unit.spec.id for unit in units} == {spec.id for spec in operation.world.fleet}
    assert len(operation.agents_by_type[Observers]) > 0
    free = operation.agents.select(lambda agent: isinstance(agent, Unit) and agent.available)
    assert 0 < len(free) < len(units)


def test_a_data_collector_follows_a_run_step_by_step(operation: Operation) -> None:
    collector = mesa.DataCollector(
        model_reporters={"time_s": lambda model: model.env.now, "free": _free},
    )
    for _ in range(30):
        collector.collect(operation)
        operation.step()
    frame = collector.get_model_vars_dataframe()
    tick_s = operation.world.scenario.crowd_tick
    assert list(frame["time_s"]) == [tick_s * i for i in range(30)]
    assert frame["free"].between(0, len(operation.world.fleet)).all()


def test_a_crowd_and_its_leaders_are_agents_while_it_is_there() -> None:
    seen: list[tuple[int, int]] = []

    def look(record: object) -> None:
        if getattr(record, "kind", None) is RecordKind.CROWD_SAMPLED:
            seen.append((len(operation.agents_by_type[Crowd]), len(operation.agents_by_type[CampLeader])))

    operation = Operation(kontijensi.load(KLATEN).world, seed=1, emit=look)
    operation.run()
    assert seen
    assert all(crowds > 0 and leaders >= crowds for crowds, leaders in seen)
    still_there = len(operation.gatherings.episodes)
    assert len(operation.agents_by_type.get(Crowd, [])) == still_there


def _free(model: mesa.Model) -> int:
    return sum(agent.available for agent in model.agents_by_type[Unit])
