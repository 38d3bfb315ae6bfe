"""A unit ordered, let go, lost, sent off shift or cut off at any moment is never lost for good."""

from __future__ import annotations

from functools import cache

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from kontijensi.engine import Operation
from kontijensi.responders.states import BUSY, ON_THE_SPOT, UnitState
from kontijensi.responders.unit import Unit
from kontijensi.vocabulary.records import Record
from kontijensi.world import World
from tests.engine.scenes import scene

WORLD = """\
horizon: 40 d
unit_types:
  patrol:
    agency: police
    capabilities: [patrol]
    personnel: 2
    turn_out: {dist: empirical, values: [0 s, 90 s]}
    stamina: 4 min
    rest: {dist: empirical, values: [0 s, 5 min]}
    stock: {water: 10}
    resupply: {dist: empirical, values: [0 s, 2 min]}
    supply: on_the_spot
    breakdown: {mean_between: 1 h, lasts: 3 min}
  stayer: {agency: police, capabilities: [patrol], personnel: 2, turn_out: 1 min, after: stay}
command: {relief: [tired, shift]}
units:
  car: {type: patrol, base: pos, shifts: [{start: '06:00', end: '18:00'}]}
  spare: {type: stayer, base: c}
"""
A_DAY_S = 86400.0
CUT_OFF = (("pos|a", "pos|c"), ("pos|a", "a|b"), ("a|b", "b|c"), ("b|c", "pos|c"), ("a|b",))
"""Roads that close together: all those of one place, or one of them."""
UNITS = st.integers(0, 1)
MOMENTS_S = st.sampled_from([0.0, 30.0, 60.0, 90.0, 120.0, 240.0, 61.7, 900.0])


@cache
def the_world() -> World:
    return scene(WORLD).world


class Errand:
    """A task that notes who comes and goes, and sometimes lets a unit go in the moment it comes."""

    def __init__(self, name: str, place: int, *, curt: bool) -> None:
        self.id, self.place, self.curt = name, place, curt
        self.ordered: list[Unit] = []
        self.there: list[Unit] = []
        self.lost: list[Unit] = []

    def unit_arrived(self, unit: Unit) -> None:
        assert unit in self.ordered
        assert unit not in self.there
        self.there.append(unit)
        if self.curt:
            unit.release()

    def unit_withdrawn(self, unit: Unit, to: str | None = None) -> None:
        self.ordered.remove(unit)
        if unit in self.there:
            self.there.remove(unit)

    def unit_handed_over(self, unit: Unit) -> None:
        self.unit_withdrawn(unit)

    def unit_tired(self, unit: Unit) -> None:
        assert unit in self.there

    def unit_lost(self, unit: Unit) -> None:
        self.lost.append(unit)
        self.unit_withdrawn(unit)


class Interruptions(RuleBasedStateMachine):
    """Everything that may be done to two units, at moments that like to coincide."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[Record] = []
        self.operation = Operation(the_world(), seed=1, emit=self.records.append)
        self.units = self.operation.scene.units
        self.roads = self.operation.scene.around.roads
        self.errands: list[Errand] = []
        self.closed: list[str] = []
        self.env = self.operation.env

    def pass_time(self, seconds: float) -> None:
        until_s = self.env.now + seconds
        while self.env.peek() <= until_s:
            self.env.step()
        if until_s > self.env.now:
            self.env.run(until=until_s)

    def errand(self, unit: Unit, place: int, *, curt: bool) -> Errand:
        errand = Errand(f"errand-{len(self.errands)}", place, curt=curt)
        errand.ordered.append(unit)
        self.errands.append(errand)
        return errand

    @precondition(lambda self: any(unit.available for unit in self.units))
    @rule(
        which=UNITS,
        place=st.integers(0, 3),
        curt=st.booleans(),
        hold_s=st.sampled_from([0.0, 45.0, 300.0]),
        then_s=MOMENTS_S,
    )
    def order(self, which: int, place: int, curt: bool, hold_s: float, then_s: float) -> None:
        unit = self.units[which]
        unit = unit if unit.available else next(unit for unit in self.units if unit.available)
        unit.order(self.errand(unit, place, curt=curt), "patrol", 1, hold_s)
        unit.set_out()
        self.pass_time(then_s)

    @rule(which=UNITS, then_s=MOMENTS_S)
    def release(self, which: int, then_s: float) -> None:
        self.units[which].release()
        self.pass_time(then_s)

    @rule(which=UNITS, lasts_s=MOMENTS_S, then_s=MOMENTS_S)
    def lose(self, which: int, lasts_s: float, then_s: float) -> None:
        self.units[which].lose(lasts_s, 1)
        self.pass_time(then_s)

    @rule(which=UNITS)
    def end_the_shift(self, which: int) -> None:
        self.units[which].go_off_shift()

    @rule(which=UNITS)
    def begin_the_shift(self, which: int) -> None:
        self.units[which].go_on_shift()

    @rule(roads=st.sampled_from(CUT_OFF), then_s=MOMENTS_S)
    def close_roads(self, roads: tuple[str, ...], then_s: float) -> None:
        self.closed.extend(roads)
        for road in roads:
            self.roads.close(road)
        self.pass_time(then_s)

    @precondition(lambda self: self.closed)
    @rule(data=st.data())
    def open_a_road(self, data: st.DataObject) -> None:
        self.roads.open(self.closed.pop(data.draw(st.integers(0, len(self.closed) - 1))))

    @precondition(lambda self: any(unit.task is not None and not unit.leaving for unit in self.units))
    @rule(place=st.integers(0, 3), hold_s=st.sampled_from([0.0, 45.0]), then_s=MOMENTS_S)
    def turn_to(self, place: int, hold_s: float, then_s: float) -> None:
        unit = next(unit for unit in self.units if unit.task is not None and not unit.leaving)
        unit.turn_to(self.errand(unit, place, curt=False), "patrol", 1, hold_s)
        unit.set_out()
        self.pass_time(then_s)

    @precondition(lambda self: any(unit.on_the_spot for unit in self.units))
    @rule()
    def hand_over(self) -> None:
        unit = next(unit for unit in self.units if unit.on_the_spot)
        assert unit.task is not None
        unit.use_stock("water", 6.0)
        unit.transfer(self.errand(unit, unit.task.place, curt=False), "patrol", 1)

    @rule(seconds=MOMENTS_S)
    def let_time_pass(self, seconds: float) -> None:
        self.pass_time(seconds)

    @invariant()
    def a_task_and_its_units_agree(self) -> None:
        for unit in self.units:
            assert (unit.task is not None) == (unit.state in BUSY), unit.state
            holding = [errand for errand in self.errands if unit in errand.ordered]
            assert holding == ([] if unit.task is None else [unit.task])
            there = [errand for errand in self.errands if unit in errand.there]
            assert there == ([unit.task] if unit.state in ON_THE_SPOT else [])
            if unit.state in {UnitState.RETURNING, UnitState.RESTING, UnitState.RESUPPLYING, UnitState.LOST}:
                assert unit.on_its_way_to_being_free, unit.state

    def teardown(self) -> None:
        """Open every road and let everybody go: within days every unit is free again, or off shift."""
        while self.closed:
            self.roads.open(self.closed.pop())
        for unit in self.units:
            unit.release()
        self.pass_time(2 * A_DAY_S)
        self.a_task_and_its_units_agree()
        for unit in self.units:
            unit.go_on_shift()
            assert unit.state is UnitState.READY or not unit.spec.on_duty(self.env.now), unit.state
        assert not any(errand.ordered or errand.there for errand in self.errands)
        times = [record.time_s for record in self.records]
        assert times == sorted(times)


TestInterruptions = Interruptions.TestCase
TestInterruptions.settings = settings(
    max_examples=100,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],  # making a failure smaller takes minutes; the steps are printed as they are
    suppress_health_check=list(HealthCheck),
)
