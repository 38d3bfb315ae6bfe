"""The classic rule in other tools: a peer is a function that makes a model and returns its step.

None of these tools is needed by the program; see `benchmarks/README.md` for how to install them.
"""

from __future__ import annotations

import importlib.util
import math
import multiprocessing
import random
from collections.abc import Callable
from typing import Any

from kontijensi.crowd.classic import MESA


class Peer:
    """A model of the classic rule in another tool: how to make it, and the window of vision it has."""

    def __init__(self, package: str, make: Callable[[int], Callable[[], None]], shape: str) -> None:
        self.package, self.make, self.shape = package, make, shape

    @property
    def missing(self) -> list[str]:
        """Packages that are not installed."""
        needed = ("networkx", self.package) if self.package == "mesa" else (self.package,)
        return [name for name in needed if importlib.util.find_spec(name) is None]


def mesa_model(side: int) -> Callable[[], None]:
    """Mesa's shipped example, without the data collection and the counts its step adds."""
    from mesa.examples.advanced.epstein_civil_violence.model import EpsteinCivilViolence

    model = EpsteinCivilViolence(width=side, height=side, seed=1)
    return lambda: model.agents.shuffle_do("step")


class Citizen:
    """What a citizen or a cop knows in the peers that ship no such model; the same rule as Mesa's."""

    def draw(self, cop: bool, rng: random.Random) -> None:
        """Draw who he is."""
        self.cop, self.active, self.jail = cop, False, 0
        self.grievance, self.risk_aversion = rng.random() * (1 - MESA["legitimacy"]), rng.random()

    def act(self, neighbours: list[Any], rng: random.Random) -> bool:
        """Decide, or arrest; false when there is no turn to take since he is in jail."""
        if self.jail:
            self.jail -= 1
            return False
        if self.cop:
            actives = [other for other in neighbours if other.active]
            if actives:
                taken = rng.choice(actives)
                taken.jail, taken.active = rng.randint(0, MESA["jail_max"]), False
            return True
        cops, acting = 0, 1
        for other in neighbours:
            if other.cop:
                cops += 1
            elif other.active:
                acting += 1
        risk = 1 - math.exp(-2.3 * round(cops / acting))
        self.active = self.grievance - self.risk_aversion * risk > 0.1
        return True


def cast(side: int, rng: random.Random) -> list[tuple[int, int, bool]]:
    """Draw who stands where: row, column, whether he is a cop."""
    densities = MESA["citizens"], MESA["cops"]
    drawn = ((row, col, rng.random()) for row in range(side) for col in range(side))
    return [(row, col, u >= densities[0]) for row, col, u in drawn if u < sum(densities)]


def agentpy_model(side: int) -> Callable[[], None]:
    """The rule in AgentPy, whose `neighbors` is a square; an empty cell is found by trying."""
    import agentpy

    rng, vision = random.Random(1), MESA["vision"]

    class Person(agentpy.Agent, Citizen):
        pass

    model = agentpy.Model()
    grid = agentpy.Grid(model, (side, side), torus=True)
    where = cast(side, rng)
    people = agentpy.AgentList(model, len(where), Person)
    for person, (_, _, cop) in zip(people, where, strict=True):
        person.draw(cop, rng)
    grid.add_agents(people, positions=[(row, col) for row, col, _ in where])
    everybody, cells = list(people), grid.grid.agents

    def step() -> None:
        rng.shuffle(everybody)
        for person in everybody:
            if not person.act(list(grid.neighbors(person, vision)), rng):
                continue
            row, col = grid.positions[person]
            for _ in range(20):
                to = (row + rng.randint(-vision, vision)) % side, (col + rng.randint(-vision, vision)) % side
                if not cells[to]:
                    grid.move_to(person, to)
                    break

    return step


def melodie_model(side: int) -> Callable[[], None]:
    """The rule in Melodie, whose `get_neighbors` offers a diamond; an empty cell is found by trying."""
    multiprocessing.set_start_method(None, force=True)  # a library of Melodie's insists on setting it first
    import Melodie

    rng, vision = random.Random(1), MESA["vision"]

    class Person(Melodie.GridAgent, Citizen):
        def set_category(self) -> None:
            self.category = 0

    class Spot(Melodie.Spot):
        def setup(self) -> None:
            pass

    grid = Melodie.Grid(Spot)
    grid.setup_params(side, side, wrap=True, multi=False)
    everybody = []
    for number, (row, col, cop) in enumerate(cast(side, rng)):
        person = Person(number, x=col, y=row)
        person.draw(cop, rng)
        grid.add_agent(person)
        everybody.append(person)
    by_number = list(everybody)
    steps = [
        (down, across)
        for down in range(-vision, vision + 1)
        for across in range(abs(down) - vision, vision - abs(down) + 1)
    ]

    def step() -> None:
        rng.shuffle(everybody)
        for person in everybody:
            near = grid.get_neighbors(person, vision, moore=False)
            if not person.act([by_number[number] for _, number in near], rng):
                continue
            for _ in range(20):
                down, across = rng.choice(steps)
                x, y = (person.x + across) % side, (person.y + down) % side
                if not grid.get_agent_ids(0, x, y):
                    grid.move_agent(person, x, y)
                    break

    return step


PEERS = {
    "Mesa": Peer("mesa", mesa_model, "diamond"),
    "Melodie": Peer("Melodie", melodie_model, "diamond"),
    "AgentPy": Peer("agentpy", agentpy_model, "square"),
}
