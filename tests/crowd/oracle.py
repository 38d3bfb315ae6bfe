"""Epstein's model I as a plain Mesa model, one agent object a person: what the compiled one must agree with.

Everything is written out person by person, from the paper and from what `classic` says of its departures.
The draws are the compiled model's own (who, which tick, which draw), so that with movement off the two must
agree on every person at every tick; with movement on the choice among empty cells is free, and they agree in
distribution.
"""

from __future__ import annotations

import math
from typing import Any

import mesa
import numpy as np

from kontijensi.crowd.classic import CivilViolence
from kontijensi.crowd.classic_kernel import draw_start, draws_of
from kontijensi.crowd.hashing import GOLDEN, mix, order_start, shuffle

WORD = 2**64


def share_of(half: int, count: int) -> int:
    """Turn 32 random bits into one of `count` choices."""
    return (half % 2**32) * count >> 32


class Person(mesa.Agent):
    def __init__(self, model: Town, number: int, row: int, col: int) -> None:
        super().__init__(model)
        self.number, self.row, self.col = number, row, col
        self.active, self.jail = False, 0

    @property
    def is_cop(self) -> bool:
        return self.number >= self.model.citizens

    def in_sight(self) -> list[Person]:
        return [other for other in self.model.people if other is not self and self.model.sees(self, other)]

    def take_turn(self, word: int) -> None:
        if self.jail:
            return
        if self.model.movement and self.model.moves_first:
            self.move(word >> 32)
        if self.is_cop:
            self.arrest_someone(word)
        else:
            self.decide()
        if self.model.movement and not self.model.moves_first:
            self.move(word >> 32)

    def decide(self) -> None:
        m = self.model
        around = self.in_sight()
        cops = sum(other.is_cop for other in around)
        actives = 1 + sum(other.active for other in around)
        ratio = {"floor": math.floor, "round": round, "raw": float}[m.ratio](cops / actives)
        risk = 1 - math.exp(-m.k * ratio)
        grievance = m.hardship[self.number] * (1 - m.legitimacy)
        self.active = bool(grievance - m.risk_aversion[self.number] * risk > m.threshold)

    def arrest_someone(self, word: int) -> None:
        suspects = sorted(
            (other for other in self.in_sight() if other.active), key=self.model.reading_order(self)
        )
        if suspects:
            suspect = suspects[share_of(word, len(suspects))]
            suspect.active = False
            after = int(mix(np.uint64((word + int(GOLDEN)) % WORD)))
            suspect.jail = share_of(after, self.model.jail_max)

    def move(self, half: int) -> None:
        free = self.model.empty_cells_in_sight(self)
        if free:
            self.row, self.col = free[share_of(half, len(free))]


class Town(mesa.Model):
    """The oracle of a `CivilViolence` made with `jail_keeps_cell=True, cop_follows=False`."""

    def __init__(self, fast: CivilViolence, **settings: Any) -> None:
        super().__init__(seed=0)
        self.width, self.height, self.citizens = fast.width, fast.height, fast.citizens
        self.legitimacy, self.k, self.threshold, self.ratio = (
            fast.legitimacy,
            fast.k,
            fast.threshold,
            fast.ratio,
        )
        self.hardship, self.risk_aversion = fast.hardship, fast.risk_aversion
        self.vision, self.shape = settings["vision"], settings["vision_shape"]
        self.movement, self.moves_first = settings["movement"], settings.get("moves_first", True)
        self.torus, self.jail_max, self.key = settings["torus"], settings["jail_max"], fast._key
        where = fast.state()
        self.people = [
            Person(self, i, int(r), int(c)) for i, (r, c) in enumerate(zip(where.row, where.col, strict=True))
        ]
        self.now = 0

    def steps_between(self, a: Person, row: int, col: int) -> tuple[int, int]:
        down, across = row - a.row, col - a.col
        if self.torus:
            down = (down + self.height // 2) % self.height - self.height // 2
            across = (across + self.width // 2) % self.width - self.width // 2
        return down, across

    def in_window(self, down: int, across: int) -> bool:
        if self.shape == "disc":
            return down**2 + across**2 <= self.vision**2
        if self.shape == "diamond":
            return abs(down) + abs(across) <= self.vision
        return max(abs(down), abs(across)) <= self.vision

    def sees(self, a: Person, b: Person) -> bool:
        return self.in_window(*self.steps_between(a, b.row, b.col))

    def reading_order(self, a: Person) -> Any:
        pad = -(-self.vision // 8) * 8

        def key(b: Person) -> tuple[int, ...]:
            down, across = self.steps_between(a, b.row, b.col)
            y, x = a.row + pad + down, a.col + pad + across
            return y // 8, x // 8, y % 8, x % 8

        return key

    def empty_cells_in_sight(self, a: Person) -> list[tuple[int, int]]:
        taken = {(b.row, b.col) for b in self.people}
        return [
            (row, col)
            for row in range(self.height)
            for col in range(self.width)
            if (row, col) not in taken and self.in_window(*self.steps_between(a, row, col))
        ]

    def step(self) -> None:
        order = np.zeros(len(self.people), np.int64)
        shuffle(order, order.size, np.uint64(order_start(self.key, self.now)))
        start = np.uint64(draw_start(self.key, self.now))
        for number in order:
            self.people[number].take_turn(int(draws_of(start, np.uint64(number))))
        for person in self.people:
            person.jail = max(0, person.jail - 1)
        self.now += 1

    @property
    def active_mask(self) -> list[bool]:
        return [person.active for person in self.people[: self.citizens]]

    @property
    def jail_terms(self) -> list[int]:
        return [person.jail for person in self.people[: self.citizens]]
