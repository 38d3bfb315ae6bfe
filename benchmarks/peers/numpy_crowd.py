"""The contingency crowd's rule as a NumPy user would write it, as a peer of the compiled crowd."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kontijensi.crowd import Ground
from kontijensi.scenario.schema.crowd import CrowdParameters


class NumpyCrowd:
    """One crowd of the same rule in NumPy: counts, sight, moods and steps, all at once and without harm.

    It does less than the compiled crowd (everybody decides on the same picture, cells may overfill), so
    the ratio against it is a lower bound.
    """

    def __init__(
        self, rule: CrowdParameters, ground: Ground, people: int, legitimacy: float, seed: int
    ) -> None:
        self.rule, self.ground, self.legitimacy = rule, ground, legitimacy
        self.draws = np.random.default_rng(seed)
        self.cell = self.draws.integers(0, ground.cells, people)
        self.hardship, self.risk, self.reluctance = self.draws.random((3, people))
        self.role = self.draws.choice(4, people, p=[0.74, 0.02, 0.2, 0.04])
        self.state = np.zeros(people, np.int64)
        self.anger = np.zeros(people)
        self.reach = max(1, round(rule.vision_m / ground.cell_m))
        self.to_gate = ground.to_gate_m.ravel()

    def in_sight(self, chosen: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Count the chosen in sight of everybody by a summed-area table."""
        depth, width, r = self.ground.depth, self.ground.width, self.reach
        counts = np.bincount(self.cell[chosen], minlength=self.ground.cells).reshape(depth, width)
        table = np.zeros((depth + 1, width + 1))
        table[1:, 1:] = counts.cumsum(0).cumsum(1)
        row, col = np.divmod(self.cell, width)
        north, south = np.maximum(row - r, 0), np.minimum(row + r + 1, depth)
        west, east = np.maximum(col - r, 0), np.minimum(col + r + 1, width)
        return table[south, east] - table[north, east] - table[south, west] + table[north, west]

    def tick(self, dt_s: float) -> None:
        """Let everybody decide and walk."""
        rule = self.rule
        people = self.in_sight(np.full(self.cell.size, True))
        actives = self.in_sight(self.state >= 1) + (self.state == 0)
        violent = self.in_sight(self.state == 2)
        pull = np.minimum(
            1.0, self.in_sight((self.state >= 1) & (self.role == 1)) * rule.instigator_span / people
        )
        held = np.minimum(
            1.0, self.in_sight((self.state == 0) & (self.role == 3)) * rule.marshal_span / people
        )
        bar = rule.threshold + rule.marshal_calm * held * self.legitimacy - rule.instigator_pull * pull
        bar += np.where(self.role == 2, rule.bystander_reserve, 0.0)
        bar -= np.where(self.role == 1, rule.instigator_push, 0.0)
        chance = 1 - np.exp(-rule.k * np.round(10.0 / np.maximum(actives, 1)))
        wish = self.hardship * (1 - self.legitimacy) - self.risk * (1 - self.anger) * chance
        ready = wish - bar + rule.social_proof * np.minimum(1.0, violent / np.maximum(actives, 1))
        second = rule.violence_threshold + rule.violence_spread * (2 * self.reluctance - 1)
        mood = np.where(wish <= bar, 0, np.where((ready > second) & (self.role != 3), 2, 1))
        decide = self.draws.random(self.cell.size) < 1 - np.exp(-dt_s / rule.reconsider_s)
        self.state = np.where(decide, mood, self.state)
        self.anger *= np.exp(-dt_s / 60 / rule.anger_decay_min)
        for _ in range(max(1, round(rule.free_speed_mps * dt_s / self.ground.cell_m))):
            self.walk()

    def walk(self) -> None:
        """Let everybody take one step towards the gate."""
        depth, width = self.ground.depth, self.ground.width
        counts = np.bincount(self.cell, minlength=self.ground.cells)
        row, col = np.divmod(self.cell, width)
        room = np.where(self.state == 0, 8, 14)
        best, best_worth = self.cell.copy(), self.to_gate[self.cell]
        for down in (-1, 0, 1):
            for across in (-1, 0, 1):
                r, c = np.clip(row + down, 0, depth - 1), np.clip(col + across, 0, width - 1)
                there = r * width + c
                value = self.to_gate[there] + self.draws.random(self.cell.size) * 0.4
                better = (value < best_worth) & (counts[there] < room)
                best, best_worth = np.where(better, there, best), np.where(better, value, best_worth)
        self.cell = best
