"""A responding unit: turn-out, travel, the task, the way home, rest and refill.

A unit is a small machine. At most one thing is due for it, `_next`; when that comes, one function makes one
transition, writes its record, and says what is due then:

    order -> set_out -> (turn-out) -> _depart -> (travel) -> _arrive -> on the spot, until `release`
    release -> _let_go -> _go_home -> (travel) -> _come_home -> (rest) -> (refill) -> _settle
    lose -> (out of action) -> _restored -> _go_home

Whoever turns it round (an order, a release, a loss, the end of the shift) puts another thing in the place of
what was due, so that an interruption at any moment leaves a unit either free or on its way to being free.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import isinf
from typing import Any, Protocol

import mesa
import simpy

from kontijensi.responders.agenda import AT_ONCE, ORDINARY, Due, due
from kontijensi.responders.states import AVAILABLE, ON_THE_SPOT, UnitState
from kontijensi.responders.surroundings import Surroundings
from kontijensi.responders.wear import Wear
from kontijensi.scenario.schema.force import Stock
from kontijensi.vocabulary.records import RecordKind
from kontijensi.world.fleet import UnitSpec

SCRAP = 1e-6
"""Stock below this is what rounding leaves of an empty one."""
SAME_TIME_S = 1e-6
"""Ways that differ by less differ by rounding."""


class Task(Protocol):
    """What a unit is ordered to."""

    id: str
    place: int

    def unit_arrived(self, unit: Unit) -> None:
        """Note that a unit is on the spot."""

    def unit_withdrawn(self, unit: Unit, to: str | None = None) -> None:
        """Note that a unit will not come, or has gone, perhaps to another task."""

    def unit_handed_over(self, unit: Unit) -> None:
        """Note that a unit on the spot now works for what this task has grown into."""

    def unit_tired(self, unit: Unit) -> None:
        """Note that a unit on the spot asks for relief."""

    def unit_lost(self, unit: Unit) -> None:
        """Note that a unit is out of action."""


class Unit(mesa.Agent):
    """One responding unit."""

    def __init__(self, model: mesa.Model, spec: UnitSpec, around: Surroundings) -> None:
        super().__init__(model)
        self.spec = spec
        self.around = around
        self._id, self._env, self._put = spec.id, around.env, around.log.put
        self._roads, self._names = around.roads, around.world.roads.nodes
        self.node = spec.base
        """Node of the road network where it is, or last was."""
        self.state = UnitState.ABSENT
        self.can = frozenset(spec.type.capabilities)
        self.task: Task | None = None
        self.stock: dict[Stock, float] = {name: float(amount) for name, amount in spec.type.stock.items()}
        self.on_free: list[Callable[[Unit], None]] = []
        self._next: Due | None = None
        """What is due for it; None while it waits for others: an order, a release, a road."""
        self.ordered_s = 0.0
        """When it was given its present task, or the last one [s]."""
        self._journey: list[tuple[int, float]] = []
        self._departed_s = 0.0
        self._moving = False
        """On the road: where it is follows from its journey and the time since it departed."""
        self._driving = False
        """On the road to its goal, so that a change of the roads concerns it."""
        self._no_way: RecordKind | None = None
        """While no way leads to its goal: how its departure will be written once there is one."""
        self._hold_s = 0.0
        """For how long liaison holds it up before it sets out on its present task [s]."""
        self._about_to_go = False
        """Ordered, and not yet told to set out."""
        self._leaving = False
        """Let go, and about to leave its task at this instant."""
        self._arrived_s = 0.0
        self._worked_s = 0.0
        self._turned_out_s = 0.0
        """When its turn-out ends."""
        self._asks_relief = frozenset(around.world.scenario.command.relief)
        self._tired = False
        """Whether it has asked for relief."""
        self._spent = False
        """Whether it must rest before it takes another order: the tired do not relieve the tired."""
        self._supply: Due | None = None
        self._wear = self._own_wear()
        self._cause_id: int | None = None
        self._turn_out = around.streams.of("responders.turn_out", spec.id)

    # -- what others may ask ---------------------------------------------------------------------------------

    @property
    def on_the_spot(self) -> bool:
        """Whether it is at its task's place and has not been let go."""
        return self.state in ON_THE_SPOT and not self._leaving

    @property
    def leaving(self) -> bool:
        """Whether it has been let go and leaves its task at this instant."""
        return self._leaving

    @property
    def available(self) -> bool:
        """Whether it would take an order now."""
        return self.fit and self.spec.on_duty(self._env.now_s)

    @property
    def fit(self) -> bool:
        """Whether it would take an order in its hours on duty."""
        return self.state in AVAILABLE and not self._spent

    @property
    def on_its_way_to_being_free(self) -> bool:
        """Whether something is due for it, or will be as soon as a road opens."""
        return self._no_way is not None or bool(self._next is not None and self._next.callbacks)

    @property
    def stuck(self) -> bool:
        """Whether no open road leads to where it has to go."""
        return self._no_way is not None

    @property
    def turn_out_left_s(self) -> float:
        """Time until it leaves its base for the task that it has [s]."""
        return max(self._turned_out_s - self._env.now_s, 0.0) if self.state is UnitState.TURNOUT else 0.0

    def position(self) -> tuple[int, float]:
        """Return the node from which it could turn to a new task, and the time until it is there [s]."""
        if not self._moving:
            return self.node, 0.0
        elapsed = self._env.now_s - self._departed_s
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
            self._drop_what_is_due()
            self._become(UnitState.OFF_SHIFT, RecordKind.UNIT_OFF_SHIFT)

    def go_on_shift(self) -> None:
        """Begin the shift, rested and refilled."""
        if self.state is UnitState.OFF_SHIFT:
            self._worked_s, self._spent = 0.0, False
            self.stock.update(self.spec.type.stock)
            self._log(RecordKind.UNIT_ON_SHIFT)
            self._settle()

    def order(self, task: Task, capability: str, parent: int, hold_s: float = 0.0) -> None:
        """Give it a task, at its base or on the road home; it goes once it is told to `set_out`.

        Liaison may hold it up first.
        """
        start = self.position()[0] if self._moving else self.node
        self.ordered_s = self._env.now_s
        said = {"incident": task.id, "capability": capability, "from": self._names[start]}
        where = self._names[task.place]
        self._cause_id = self._put(RecordKind.UNIT_ORDERED, self._id, where, parent, said)
        self._drop_what_is_due()
        self.task, self._hold_s = task, hold_s
        self.state = UnitState.TURNOUT if self.state is UnitState.READY else UnitState.TRAVELLING
        self._about_to_go = True

    def turn_to(self, task: Task, capability: str, parent: int, hold_s: float = 0.0) -> None:
        """Take it from the task that it has, on its way or on the spot, and order it to a graver one."""
        before = self.task
        assert before is not None
        assert not self._leaving
        hold_s = max(hold_s, self.turn_out_left_s)
        self._leave(before, task.id)
        self.order(task, capability, parent, hold_s)

    def release(self) -> None:
        """Let it go from its task: on the spot it sets off home, under way it turns back."""
        if self.task is None or self._leaving:
            return
        self._drop_what_is_due()
        self._leaving = True
        order = ORDINARY if self.state in ON_THE_SPOT else AT_ONCE
        self._next = due(self._env, self._let_go, 0.0, order)

    def transfer(self, task: Task, capability: str, parent: int) -> None:
        """Hand it over on the spot to a task at the same place (*lapis ganti*), without leaving."""
        assert self.on_the_spot, self.state
        assert self.task is not None
        self.task.unit_handed_over(self)
        place = self._name(task.place)
        self.task = task
        self.ordered_s = self._env.now_s
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
        if self._tired and self.on_the_spot:
            task.unit_tired(self)

    def go_on(self, task: Task, parent: int) -> None:
        """Go straight on from the spot to a task elsewhere, such as a hospital: the second leg of a run."""
        assert self.on_the_spot, self.state
        assert self.task is not None
        self._drop_what_is_due()
        self._worked_s += self._env.now_s - self._arrived_s
        before, self.task, self._cause_id = self.task, task, parent
        self.state = UnitState.TRAVELLING
        before.unit_withdrawn(self)
        self._depart(RecordKind.UNIT_DEPARTED)

    def begin_acting(self) -> None:
        """Go from staged to acting: the formation is complete."""
        if self.state is UnitState.STAGED:
            self.state = UnitState.ACTING

    def stand_by(self) -> None:
        """Go from acting back to staged: the formation is no longer complete."""
        if self.state is UnitState.ACTING:
            self.state = UnitState.STAGED

    def use_stock(self, name: Stock, amount: float) -> float:
        """Use up to an amount of stock and return what was there to use."""
        used = min(amount, self.stock.get(name, 0.0))
        if used > 0:
            left = self.stock[name] - used
            self.stock[name] = left if left > SCRAP else 0.0
            self._log(RecordKind.STOCK_USED, stock=name, amount=used, left=self.stock[name])
            if self.stock[name] == 0.0:
                self._log(RecordKind.STOCK_EMPTY, stock=name)
                if self.spec.type.supply == "on_the_spot":
                    self._send_for_supply()
        return used

    def lose(self, lasts_s: float, parent: int | None, **why: str) -> None:
        """Be out of action for a while; a task that it had is short of it."""
        if self.state in {UnitState.LOST, UnitState.ABSENT}:
            return
        self._drop_what_is_due()
        self._halt()
        self._stop_supply()
        task, self.task = self.task, None
        until_s = self._env.now_s + lasts_s
        self._become(UnitState.LOST, RecordKind.UNIT_LOST, parent, until_s=until_s, **why)
        if task is not None:
            task.unit_lost(self)
        self._after(lasts_s, self._restored)

    def roads_changed(self) -> None:
        """Look for another way when the one ahead is not what it was, or for any where there was none."""
        if self._no_way is not None:
            self._next = due(self._env, partial(self._depart, self._no_way))
            self._no_way = None
        elif self._driving:
            elapsed_s = self._env.now_s - self._departed_s
            node, _wait_s = self.position()
            ahead = [step for step in self._journey if step[1] >= elapsed_s - 1e-9]
            way = self._way(node, ahead[-1][0], self._departed_s)
            same = [at for at, _time_s in way] == [at for at, _time_s in ahead]
            if not same or abs(way[-1][1] - (ahead[-1][1] - ahead[0][1])) > SAME_TIME_S:
                self._drop_what_is_due()
                self._next = due(self._env, self._turn_round)

    # -- to a task -------------------------------------------------------------------------------------------

    def set_out(self) -> None:
        """Turn out at the base, or finish the stretch of road it is on: one cannot turn between junctions.

        Whoever has been turned round since the order stays.
        """
        if not self._about_to_go:
            return
        self._about_to_go = False
        hold_s = self._hold_s
        if self.state is UnitState.TURNOUT:
            turn_out_s = hold_s + self.spec.type.turn_out.draw(self._turn_out)
            self._turned_out_s = self._env.now_s + turn_out_s
            self._after(turn_out_s, self._turned_out)
            return
        node, wait_s = self.position()
        kind = RecordKind.UNIT_DEPARTED
        if wait_s > 0 and hold_s <= wait_s:
            self._depart_under_way(node, wait_s)
            kind = RecordKind.UNIT_REROUTED
        self._go_on_to(node, wait_s)
        self._after(max(wait_s, hold_s), partial(self._depart, kind))

    def _turned_out(self, _event: simpy.Event | None = None) -> None:
        self.state = UnitState.TRAVELLING
        self._depart(RecordKind.UNIT_DEPARTED)

    def _arrive(self, task: Task) -> None:
        self.state = UnitState.STAGED
        self._arrived_s = self._env.now_s
        where, said = self._names[self.node], {"incident": task.id}
        self._cause_id = self._put(RecordKind.UNIT_ARRIVED, self._id, where, self._cause_id, said)
        task.unit_arrived(self)
        if self._asks_relief and self.on_the_spot:
            self._watch_the_hours()

    def _let_go(self, _event: simpy.Event) -> None:
        """Leave the task: stay ready on the spot where the plan says so, else go home."""
        task, on_the_spot = self.task, self.state in ON_THE_SPOT
        assert task is not None
        self._leave(task)
        if on_the_spot and self.spec.type.after == "stay":
            self._rest()
        else:
            self._go_home()

    def _leave(self, task: Task, to: str | None = None) -> None:
        """Be without a task, perhaps on the way to another."""
        if self.state in ON_THE_SPOT:
            self._worked_s += self._env.now_s - self._arrived_s
        if self._supply is not None:
            self._stop_supply()
        where, said = self._names[self.node], {"incident": task.id}
        self._put(RecordKind.UNIT_RELEASED, self._id, where, self._cause_id, said)
        self.task, self._leaving, self._tired = None, False, False
        task.unit_withdrawn(self, to)

    # -- relief and supply on the spot -----------------------------------------------------------------------

    def _watch_the_hours(self) -> None:
        """Ask for relief when its stamina is spent or its shift ends, whichever comes first."""
        now_s, stamina_s = self._env.now_s, self.spec.type.stamina
        left = []
        if "tired" in self._asks_relief and stamina_s is not None:
            left.append((max(stamina_s - self._worked_s, 0.0), "tired"))
        if "shift" in self._asks_relief:
            end_s = next((end for start, end in self.spec.duty if start <= now_s < end), now_s)
            if end_s < self.around.world.horizon_s:
                left.append((end_s - now_s, "shift"))
        if left:
            wait_s, why = min(left)
            self._next = due(self.around.env, partial(self._ask_relief, why), wait_s)

    def _ask_relief(self, why: str, _event: simpy.Event) -> None:
        assert self.task is not None
        self._tired = True
        self._spent = why == "tired"
        self._log(RecordKind.RELIEF_ASKED, incident=self.task.id, why=why)
        self.task.unit_tired(self)

    def _send_for_supply(self) -> None:
        """Have its stock brought to where it stands, by the time to load it and the drive from its base."""
        if self._supply is not None or not self.on_the_spot:
            return
        supply_s = self._supply_s()
        if not isinf(supply_s):
            self._log(RecordKind.SUPPLY_SENT, arrives_s=self._env.now_s + supply_s)
            self._supply = due(self.around.env, self._supplied, supply_s)

    def _supply_s(self) -> float:
        """Draw the time until its stock is filled where it stands: to load, and to drive from its base."""
        refill_s = self.spec.type.resupply.draw(self.around.streams.of("responders.resupply", self.spec.id))
        if self.node == self.spec.base:
            return refill_s
        to_here = self.around.roads.times_to(self.node, self._env.now_s)  # whoever brings it comes by car
        return refill_s + float(to_here[self.spec.base])

    def _supplied(self, _event: simpy.Event) -> None:
        self._supply = None
        self.stock.update(self.spec.type.stock)
        self._log(RecordKind.STOCK_FILLED)

    def _stop_supply(self) -> None:
        if self._supply is not None:
            self._supply.cancel()
            self._supply = None

    # -- home, rest and refill -------------------------------------------------------------------------------

    def _go_home(self) -> None:
        self.state = UnitState.RETURNING
        if not self._moving and self.node == self.spec.base:
            self._rest()
            return
        node, wait_s = self.position()
        self._go_on_to(node, wait_s)
        self._free()
        self._after(wait_s, self._head_home)

    def _head_home(self, _event: simpy.Event | None = None) -> None:
        self._halt()
        if self.node == self.spec.base:
            self._rest()
        else:
            self._depart(RecordKind.UNIT_DEPARTED)

    def _come_home(self) -> None:
        self._log(RecordKind.UNIT_ARRIVED, incident=None)
        self._rest()

    def _rest(self) -> None:
        plan = self.spec.type
        if plan.stamina is None or (self._worked_s < plan.stamina and not self._spent):
            self._refill()
            return
        rest_s = plan.rest.draw(self.around.streams.of("responders.rest", self.spec.id))
        self._become(UnitState.RESTING, RecordKind.UNIT_RESTING, until_s=self._env.now_s + rest_s)
        self._after(rest_s, self._rested)

    def _rested(self, _event: simpy.Event | None = None) -> None:
        self._worked_s, self._spent = 0.0, False
        self._refill()

    def _refill(self) -> None:
        plan = self.spec.type
        if not plan.stock or all(self.stock[name] >= full for name, full in plan.stock.items()):
            self._settle()
            return
        refill_s = self._supply_s()
        if isinf(refill_s):  # it stays where no road leads, and makes do with what is left
            self._settle()
            return
        until_s = self._env.now_s + refill_s
        self._become(UnitState.RESUPPLYING, RecordKind.UNIT_RESUPPLYING, until_s=until_s)
        self._after(refill_s, self._refilled)

    def _refilled(self, _event: simpy.Event | None = None) -> None:
        self.stock.update(self.spec.type.stock)
        self._settle()

    def _own_wear(self) -> Wear | None:
        plan = self.spec.type.breakdown
        if plan is None:
            return None
        rng = self.around.streams.of("responders.breakdown", self.spec.id)
        return Wear(self.around.env, plan, rng, self._break_down)

    def _break_down(self, lasts_s: float) -> None:
        self.lose(lasts_s, None, why="breakdown")

    def _restored(self, _event: simpy.Event | None = None) -> None:
        self._log(RecordKind.UNIT_RESTORED)
        self._go_home()

    def _settle(self) -> None:
        """Be ready where it is, or go off shift when its hours are over."""
        if self.spec.on_duty(self._env.now_s):
            self._become(UnitState.READY, RecordKind.UNIT_READY)
        else:
            self._become(UnitState.OFF_SHIFT, RecordKind.UNIT_OFF_SHIFT)

    # -- on the road -----------------------------------------------------------------------------------------

    def _depart(self, kind: RecordKind, _event: simpy.Event | None = None) -> None:
        """Drive to the task's place, or home; where no way leads there it waits for one."""
        if self._moving:
            self._halt()
        goal = self.spec.base if self.task is None else self.task.place
        plan = self.spec.type
        way = self._roads.path(self.node, goal, self._env.now_s, plan.pace, plan.mode)
        if not way:
            self._no_way = kind
            return
        self._set_off(way)
        names, travel_s = self._names, way[-1][1]
        values: dict[str, Any] = {
            "to": names[goal],
            "travel_s": travel_s,
            "path": [[names[node], round(at, 3)] for node, at in way],
        }
        if kind is RecordKind.UNIT_DEPARTED:
            values["incident"] = None if self.task is None else self.task.id
        self._put(kind, self._id, names[self.node], self._cause_id, values)
        self._driving = True
        self._after(travel_s, self._reach)

    def _depart_under_way(self, start: int, wait_s: float) -> None:
        """Write that it turns to a task on the road: it departs at once, to the end of its stretch first."""
        task = self.task
        assert task is not None
        way = self._way(start, task.place, self._env.now_s)
        path = [[self._name(node), round(wait_s + at, 3)] for node, at in way]
        self._log(
            RecordKind.UNIT_DEPARTED,
            to=self._name(task.place),
            travel_s=wait_s + way[-1][1] if way else None,
            path=path,
            incident=task.id,
        )

    def _turn_round(self, _event: simpy.Event) -> None:
        """Take another way from the next junction on."""
        node, wait_s = self.position()
        self._go_on_to(node, wait_s)
        self._after(wait_s, partial(self._depart, RecordKind.UNIT_REROUTED))

    def _reach(self, _event: simpy.Event | None = None) -> None:
        """Be at the end of the road."""
        self._driving = False
        self._stand(self._journey[-1][0])
        if self.task is None:
            self._come_home()
        else:
            self._arrive(self.task)

    def _way(self, start: int, goal: int, depart_s: float) -> list[tuple[int, float]]:
        """Return the nodes of its quickest way and the time to each [s]; empty where none leads there."""
        return self.around.roads.path(start, goal, depart_s, self.spec.type.pace, self.spec.type.mode)

    def _go_on_to(self, node: int, wait_s: float) -> None:
        """Finish the stretch of road to a junction."""
        if wait_s > 0:
            self._set_off([(node, wait_s)])
        else:
            self._stand(node)

    def _set_off(self, way: list[tuple[int, float]]) -> None:
        self._journey, self._departed_s, self._moving = way, self._env.now_s, True
        if self._wear is not None and self._wear.of == "driving":
            self._wear.run()

    def _halt(self) -> None:
        """Be at the junction it was on its way to."""
        self._stand(self.position()[0])

    def _stand(self, node: int) -> None:
        self.node, self._moving = node, False
        if self._wear is not None and self._wear.of == "driving":
            self._wear.rest()

    # -- small steps -----------------------------------------------------------------------------------------

    def _after(self, delay_s: float, action: Callable[..., None]) -> None:
        """Let one thing be due after a while; without a wait it is done here and now."""
        if delay_s > 0:
            self._next = due(self._env, action, delay_s)
        else:
            action()

    def _drop_what_is_due(self) -> None:
        if self._next is not None:
            self._next.cancel()
        self._driving = self._leaving = self._about_to_go = False
        self._no_way = None

    def _become(self, state: UnitState, kind: RecordKind, parent: int | None = None, **values: Any) -> None:
        self.state = state
        if self._wear is not None and self._wear.of == "duty":
            if state in (UnitState.LOST, UnitState.OFF_SHIFT):
                self._wear.rest()
            else:
                self._wear.run()
        cause = self._cause_id if parent is None else parent
        self._put(kind, self._id, self._names[self.node], cause, values)
        if state is UnitState.READY:
            self._free()

    def _free(self) -> None:
        for tell in self.on_free:
            tell(self)

    def _log(
        self, kind: RecordKind, *, place: int | None = None, parent: int | None = None, **values: Any
    ) -> int:
        where = self._names[self.node if place is None else place]
        cause = self._cause_id if parent is None else parent
        return self._put(kind, self._id, where, cause, values)

    def _name(self, node: int) -> str:
        return self._names[node]
