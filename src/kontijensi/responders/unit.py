"""A responding unit: turn-out, travel, the task, the way home, rest and refill.

Each task is one SimPy process, `serve`. Whoever ends it calls `release`; nothing else holds the
unit, so an interruption at any moment leaves it either free or on its way to being free.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from enum import Enum
from typing import Any, Protocol

import mesa
import simpy

from kontijensi.responders.states import AVAILABLE, ON_THE_SPOT, UnitState
from kontijensi.responders.surroundings import Surroundings
from kontijensi.scenario.schema.force import Stock
from kontijensi.vocabulary.records import RecordKind
from kontijensi.world.fleet import UnitSpec

SCRAP = 1e-6
"""Stock below this is what rounding leaves of an empty one."""
Duty = Generator[simpy.Event, Any, None]
Reaching = Generator[simpy.Event, Any, simpy.Event]


class Cause(Enum):
    """Why a unit under way or on the spot is interrupted."""

    RECALL = "recall"
    LOST = "lost"


class Task(Protocol):
    """What a unit is ordered to."""

    id: str
    place: int

    def unit_arrived(self, unit: Unit) -> None:
        """Note that a unit is on the spot."""

    def unit_withdrawn(self, unit: Unit) -> None:
        """Note that a unit will not come, or has gone."""

    def unit_lost(self, unit: Unit) -> None:
        """Note that a unit is out of action."""


class Unit(mesa.Agent):
    """One responding unit."""

    def __init__(self, model: mesa.Model, spec: UnitSpec, around: Surroundings) -> None:
        super().__init__(model)
        self.spec = spec
        self.around = around
        self.node = spec.base
        """Node of the road network where it is, or last was."""
        self.state = UnitState.ABSENT
        self.can = frozenset(spec.type.capabilities)
        self.task: Task | None = None
        self.stock: dict[Stock, float] = {name: float(amount) for name, amount in spec.type.stock.items()}
        self.on_free: list[Callable[[Unit], None]] = []
        self._journey: list[tuple[int, float]] = []
        self._departed_s = 0.0
        self._worked_s = 0.0
        self._process: simpy.Process | None = None
        self._released: simpy.Event | None = None
        self._moving = False
        self._way_changed: simpy.Event | None = None
        """While it drives: happens when it is there, or when there is another way to look for."""
        self._begun = False
        self._recalled = False
        self._cause_id: int | None = None
        self._turn_out = around.streams.of("responders.turn_out", spec.id)

    # -- what others may ask ---------------------------------------------------------------------------------

    @property
    def on_the_spot(self) -> bool:
        """Whether it is at its task's place and has not been let go."""
        return self.state in ON_THE_SPOT and self._released is not None and not self._released.triggered

    @property
    def available(self) -> bool:
        """Whether it would take an order now."""
        return self.state in AVAILABLE and self.spec.on_duty(self.around.env.now)

    def position(self) -> tuple[int, float]:
        """Return the node from which it could turn to a new task, and the time until it is there [s]."""
        if not self._moving:
            return self.node, 0.0
        elapsed = self.around.env.now - self._departed_s
        for node, passed_s in self._journey:
            if passed_s >= elapsed - 1e-9:
                return node, max(passed_s - elapsed, 0.0)
        return self._journey[-1][0], 0.0

    # -- orders ----------------------------------------------------------------------------------------------

    def report_for_duty(self, parent: int | None = None) -> None:
        """Come into being as a ready unit at its base."""
        self.node = self.spec.base
        self._become(UnitState.READY, RecordKind.UNIT_READY, parent)

    def go_off_shift(self) -> None:
        """End the shift when free; a unit with a task finishes it first."""
        if self.state in {UnitState.READY, UnitState.RESTING, UnitState.RESUPPLYING}:
            process, self._process = self._process, None
            if process is not None and process.is_alive:
                process.interrupt(Cause.RECALL)
            self._become(UnitState.OFF_SHIFT, RecordKind.UNIT_OFF_SHIFT)

    def go_on_shift(self) -> None:
        """Begin the shift, rested and refilled."""
        if self.state is UnitState.OFF_SHIFT:
            self._worked_s = 0.0
            self.stock.update(self.spec.type.stock)
            self._log(RecordKind.UNIT_ON_SHIFT)
            self._settle()

    def order(self, task: Task, capability: str, parent: int, hold_s: float = 0.0) -> None:
        """Send it to a task, from its base or from the road home; liaison may hold it up first."""
        start, wait_s = self.position()
        self._cause_id = self._log(
            RecordKind.UNIT_ORDERED,
            place=task.place,
            parent=parent,
            incident=task.id,
            capability=capability,
            **{"from": self._name(start)},
        )
        from_base = self.state is UnitState.READY
        previous, self._process = self._process, None
        if previous is not None and previous.is_alive:
            previous.interrupt(Cause.RECALL)
        self.task = task
        self._begun = self._recalled = False
        self.state = UnitState.TURNOUT if from_base else UnitState.TRAVELLING
        self._process = self.around.env.process(
            self.serve(task, start, (wait_s, hold_s), from_base=from_base)
        )

    def release(self) -> None:
        """Let it go from its task: on the spot it sets off home, under way it turns back."""
        if self.task is None or self._process is None:
            return
        if not self._begun:
            self._recalled = True
        elif self._released is None:
            self._process.interrupt(Cause.RECALL)
        elif not self._released.triggered:
            self._released.succeed()

    def transfer(self, task: Task, capability: str, parent: int) -> None:
        """Hand it over on the spot to a task at the same place (*lapis ganti*), without leaving."""
        assert self.on_the_spot, self.state
        assert self.task is not None
        self.task.unit_withdrawn(self)
        place = self._name(task.place)
        self.task = task
        self.state = UnitState.STAGED
        self._log(
            RecordKind.UNIT_ORDERED, place=task.place, parent=parent, incident=task.id, capability=capability,
            **{"from": place},
        )  # fmt: skip
        self._log(
            RecordKind.UNIT_DEPARTED, place=task.place, incident=task.id, to=place, travel_s=0.0, path=[]
        )
        self._cause_id = self._log(RecordKind.UNIT_ARRIVED, place=task.place, incident=task.id)
        task.unit_arrived(self)

    def begin_acting(self) -> None:
        """Go from staged to acting: the formation is complete."""
        if self.state is UnitState.STAGED:
            self.state = UnitState.ACTING

    def use_stock(self, name: Stock, amount: float) -> float:
        """Use up to an amount of stock and return what was there to use."""
        used = min(amount, self.stock.get(name, 0.0))
        if used > 0:
            left = self.stock[name] - used
            self.stock[name] = left if left > SCRAP else 0.0
            self._log(RecordKind.STOCK_USED, stock=name, amount=used, left=self.stock[name])
            if self.stock[name] == 0.0:
                self._log(RecordKind.STOCK_EMPTY, stock=name)
        return used

    def lose(self, lasts_s: float, parent: int) -> None:
        """Be out of action for a while; a task that it had is short of it."""
        if self.state in {UnitState.LOST, UnitState.ABSENT}:
            return
        previous, self._process = self._process, None
        if previous is not None and previous.is_alive:
            previous.interrupt(Cause.LOST)
        self.node, self._moving = self.position()[0], False
        task, self.task = self.task, None
        until_s = self.around.env.now + lasts_s
        self._become(UnitState.LOST, RecordKind.UNIT_LOST, parent, until_s=until_s)
        if task is not None:
            task.unit_lost(self)
        self._process = self.around.env.process(self._recover(lasts_s))

    def roads_changed(self) -> None:
        """Look for another way when the one ahead has changed."""
        turn = self._way_changed
        if not self._moving or turn is None:
            return
        elapsed_s = self.around.env.now - self._departed_s
        node, _wait_s = self.position()
        ahead = [step for step in self._journey if step[1] >= elapsed_s - 1e-9]
        way = self.around.roads.path(
            node, ahead[-1][0], self._departed_s, self.spec.type.pace, self.spec.type.mode
        )
        if [at for at, _time_s in way] != [at for at, _time_s in ahead]:
            _happen(turn)

    # -- the processes ---------------------------------------------------------------------------------------

    def serve(self, task: Task, start: int, holds: tuple[float, float], *, from_base: bool) -> Duty:
        """Carry out one task from the order to the release, then go home."""
        env = self.around.env
        self._begun = True
        try:
            if self._recalled:
                self._released = None
            else:
                let_go = yield from self._reach(task, start, holds, from_base=from_base)
                since_s = env.now
                yield let_go
                self._worked_s += env.now - since_s
        except simpy.Interrupt as interrupt:
            if interrupt.cause is Cause.LOST or self._process is not env.active_process:
                return
        finally:
            self._released = None
        on_the_spot = self.state in ON_THE_SPOT
        self._log(RecordKind.UNIT_RELEASED, incident=task.id if self.task is None else self.task.id)
        self._drop_task()
        if on_the_spot and self.spec.type.after == "stay":
            self._settle()
        else:
            yield from self._go_home()

    def _reach(self, task: Task, start: int, holds: tuple[float, float], *, from_base: bool) -> Reaching:
        """Turn out and drive to the task's place; return the event that will let it go."""
        env, (wait_s, hold_s), kind = self.around.env, holds, RecordKind.UNIT_DEPARTED
        if from_base:
            turn_out_s = hold_s + self.spec.type.turn_out.draw(self._turn_out)
            if turn_out_s > 0:
                yield env.timeout(turn_out_s)
            self.state = UnitState.TRAVELLING
        else:
            if wait_s > 0:
                if hold_s <= wait_s:
                    self._depart_under_way(task, start, wait_s)
                    kind = RecordKind.UNIT_REROUTED
                self._depart_hold(start, wait_s)
                yield env.timeout(wait_s)
            self.node, self._moving = start, False
            if hold_s > wait_s:
                yield env.timeout(hold_s - wait_s)
        self.node = start
        yield from self._drive(task.place, task.id, kind)
        self._released = let_go = env.event()
        self._arrive(task)
        return let_go

    def _go_home(self) -> Duty:
        node, wait_s = self.position()
        self.state = UnitState.RETURNING
        if wait_s > 0:
            self._depart_hold(node, wait_s)
        else:
            self.node, self._moving = node, False
        self._free()
        try:
            if wait_s > 0:
                yield self.around.env.timeout(wait_s)
                self.node = node
            if self.node != self.spec.base:
                yield from self._drive(self.spec.base, None)
                self._log(RecordKind.UNIT_ARRIVED, incident=None)
            self._moving = False
        except simpy.Interrupt:
            return
        yield from self._recuperate()

    def _recuperate(self) -> Duty:
        """Rest and refill as needed, then be ready."""
        env, plan = self.around.env, self.spec.type
        try:
            if plan.stamina is not None and self._worked_s >= plan.stamina:
                rest_s = plan.rest.draw(self.around.streams.of("responders.rest", self.spec.id))
                self._become(UnitState.RESTING, RecordKind.UNIT_RESTING, until_s=env.now + rest_s)
                yield env.timeout(rest_s)
                self._worked_s = 0.0
            if any(self.stock[name] < full for name, full in plan.stock.items()):
                refill_s = plan.resupply.draw(self.around.streams.of("responders.resupply", self.spec.id))
                until_s = env.now + refill_s
                self._become(UnitState.RESUPPLYING, RecordKind.UNIT_RESUPPLYING, until_s=until_s)
                yield env.timeout(refill_s)
                self.stock.update(plan.stock)
        except simpy.Interrupt:
            return
        if self.state is not UnitState.OFF_SHIFT:
            self._settle()

    def _recover(self, lasts_s: float) -> Duty:
        yield self.around.env.timeout(lasts_s)
        self._log(RecordKind.UNIT_RESTORED)
        yield from self._go_home()

    def _drive(self, goal: int, incident: str | None, kind: RecordKind = RecordKind.UNIT_DEPARTED) -> Duty:
        """Drive to a place; a closed road sends it another way, and where there is none it waits for one."""
        env, roads = self.around.env, self.around.roads
        while True:
            way = roads.path(self.node, goal, env.now, self.spec.type.pace, self.spec.type.mode)
            if not way:
                yield self._until_roads_change()
                continue
            travel_s = way[-1][1]
            self._depart(kind, way, incident)
            if travel_s <= 0 or (yield from self._drive_on(travel_s)):
                break
            node, wait_s = self.position()
            if wait_s > 0:
                self._depart_hold(node, wait_s)
                yield env.timeout(wait_s)
            self.node, kind = node, RecordKind.UNIT_REROUTED
        self._moving = False
        self.node = goal

    def _drive_on(self, travel_s: float) -> Generator[simpy.Event, Any, bool]:
        """Drive until it is there; return False when the roads have changed before that."""
        env = self.around.env
        there_s = env.now + travel_s
        self._way_changed = turn = env.event()
        arrival = env.timeout(travel_s)
        assert arrival.callbacks is not None
        arrival.callbacks.append(lambda _event: _happen(turn))
        try:
            yield turn
        finally:
            self._way_changed = None
        return env.now >= there_s

    def _until_roads_change(self) -> simpy.Event:
        """Return an event that happens at the next change of the roads."""
        changed = self.around.env.event()

        def tell() -> None:
            self.around.roads.on_change.remove(tell)
            _happen(changed)

        self.around.roads.on_change.append(tell)
        self._moving = False
        return changed

    # -- small steps -----------------------------------------------------------------------------------------

    def _depart(self, kind: RecordKind, way: list[tuple[int, float]], incident: str | None) -> None:
        self._journey, self._departed_s, self._moving = way, self.around.env.now, True
        names = self.around.world.roads.nodes
        values: dict[str, Any] = {
            "to": names[way[-1][0]],
            "travel_s": way[-1][1],
            "path": [[names[node], round(at, 3)] for node, at in way],
        }
        if kind is RecordKind.UNIT_DEPARTED:
            values["incident"] = incident
        self._log(kind, **values)

    def _depart_under_way(self, task: Task, start: int, wait_s: float) -> None:
        """Write that it turns to a task on the road: it departs at once, to the end of its stretch first."""
        way = self.around.roads.path(
            start, task.place, self.around.env.now, self.spec.type.pace, self.spec.type.mode
        )
        path = [[self._name(node), round(wait_s + at, 3)] for node, at in way]
        self._log(
            RecordKind.UNIT_DEPARTED,
            to=self._name(task.place),
            travel_s=wait_s + way[-1][1] if way else None,
            path=path,
            incident=task.id,
        )

    def _depart_hold(self, node: int, wait_s: float) -> None:
        """Finish the stretch of road it is on: one cannot turn between two junctions."""
        self._journey, self._departed_s, self._moving = [(node, wait_s)], self.around.env.now, True

    def _arrive(self, task: Task) -> None:
        self.state = UnitState.STAGED
        self._cause_id = self._log(RecordKind.UNIT_ARRIVED, incident=task.id)
        task.unit_arrived(self)

    def _drop_task(self) -> None:
        task, self.task = self.task, None
        if task is not None:
            task.unit_withdrawn(self)

    def _settle(self) -> None:
        """Be ready where it is, or go off shift when its hours are over."""
        if self.spec.on_duty(self.around.env.now):
            self._become(UnitState.READY, RecordKind.UNIT_READY)
        else:
            self._become(UnitState.OFF_SHIFT, RecordKind.UNIT_OFF_SHIFT)

    def _become(self, state: UnitState, kind: RecordKind, parent: int | None = None, **values: Any) -> None:
        self.state = state
        self._log(kind, parent=parent, **values)
        if state is UnitState.READY:
            self._free()

    def _free(self) -> None:
        for tell in self.on_free:
            tell(self)

    def _log(
        self, kind: RecordKind, *, place: int | None = None, parent: int | None = None, **values: Any
    ) -> int:
        where = self._name(self.node if place is None else place)
        cause = self._cause_id if parent is None else parent
        return self.around.log.write(kind, self.spec.id, where, cause, **values)

    def _name(self, node: int) -> str:
        return self.around.world.roads.nodes[node]


def _happen(event: simpy.Event) -> None:
    if not event.triggered:
        event.succeed()
