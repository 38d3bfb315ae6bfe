"""How fast the crowd is, as ratios against a peer or a limit in the same run: `python benchmarks/crowd.py`.

Each figure is a median of at least five timings; times in seconds are shown only to make sense of the ratios.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kontijensi.crowd import CampTraits, Conduct, Ground, Joining, Masses
from kontijensi.crowd.classic import MESA, CivilViolence
from kontijensi.scenario.schema.crowd import CrowdParameters

REPEATS = 5
TICK_S = 5.0


def median_s(work: Callable[[], Any], repeats: int = REPEATS) -> float:
    """Median processor time of a piece of work: every side has one thread, and waiting is nobody's fault."""
    times = []
    for _ in range(repeats):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return statistics.median(times)


def classic_step_s(side: int, steps: int) -> tuple[float, int]:
    model = CivilViolence(**{**MESA, "width": side, "height": side}, seed=1)
    model.step(5)
    return median_s(lambda: model.step(steps)) / steps, model.citizens + model.cops


def mesa_step_s(side: int, steps: int) -> float:
    """Time of Mesa's shipped example, without the data collection and the counts its step adds."""
    from mesa.examples.advanced.epstein_civil_violence.model import EpsteinCivilViolence

    model = EpsteinCivilViolence(width=side, height=side, seed=1)

    def run() -> None:
        for _ in range(steps):
            model.agents.shuffle_do("step")

    run()
    return median_s(run) / steps


def crowds(sites: int, people: int, conduct: Conduct, camps: int = 2, side_m: float = 50.0) -> Masses:
    rule = CrowdParameters(calm_leave_per_h=0.0, fatigue_leave_per_h=0.0, flight_per_min=0.0)
    masses = Masses(rule, camps)
    ground = Ground.rectangle(side_m, side_m)
    for site in range(sites):
        slot = masses.open(ground, [CampTraits(0.6)] * camps, 100 + site)
        for camp in range(camps):
            masses.join(slot, Joining(camp, people // camps), at="spread")
        masses.conduct(slot, conduct)
    for _ in range(12):
        masses.tick(TICK_S)
    return masses


def present(masses: Masses) -> int:
    return sum(masses.tally(slot).present for slot in masses.open_slots)


def tick_s(masses: Masses, ticks: int) -> float:
    def run() -> None:
        for _ in range(ticks):
            masses.tick(TICK_S)

    return median_s(run) / ticks


EVERYTHING = Conduct(
    officers=40,
    dialogue=0.3,
    line=True,
    push=True,
    water=True,
    irritant=True,
    arrest=True,
    discrimination=0.4,
)


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


def classic_against_mesa(quick: bool) -> None:
    for side, ours, theirs in ((40, 500, 5), (120, 60, 2)):
        if quick and side == 120:
            continue
        fast, people = classic_step_s(side, ours)
        slow = mesa_step_s(side, theirs)
        print(
            f"classic rule, {people:>6} people: {slow / fast:7.0f} x Mesa   "
            f"({people / fast / 1e6:.1f} M turns/s, Mesa {people / slow / 1e3:.1f} k)"
        )


def contingency_against_classic() -> None:
    fast, people = classic_step_s(40, 500)
    classic = people / fast
    for name, conduct in (
        ("line, dialogue", Conduct(officers=40, line=True, dialogue=0.3)),
        ("all means", EVERYTHING),
    ):
        masses = crowds(1, 1000, conduct)
        rate = present(masses) / tick_s(masses, 40)
        print(
            f"contingency crowd of 1,000, {name:15s}: {rate / classic:5.2f} x classic ({rate / 1e6:.1f} M/s)"
        )


def batch_against_numpy() -> None:
    masses = crowds(20, 200, Conduct(officers=40, line=True), camps=1, side_m=40.0)  # the peer knows no force
    ours = tick_s(masses, 40)
    rule, ground = CrowdParameters(), Ground.rectangle(40.0, 40.0)
    peers = [NumpyCrowd(rule, ground, 200, 0.6, seed) for seed in range(20)]

    def run() -> None:
        for peer in peers:
            peer.tick(TICK_S)

    run()
    theirs = median_s(run)
    print(
        f"20 crowds of 200, a tick: {theirs / ours:5.0f} x NumPy ({ours * 1e3:.2f} ms, {theirs * 1e3:.0f} ms)"
    )


def growth_and_memory(most: int) -> None:
    per_person = []
    for people in (1_000, 10_000, 100_000, 1_000_000):
        if people > most:
            break
        masses = crowds(
            max(1, people // 5000), min(people, 5000), Conduct(officers=40, line=True), side_m=80.0
        )
        seconds = tick_s(masses, max(1, 200_000 // people))
        count = present(masses)
        per_person.append(seconds / count)
        print(
            f"{count:>9} members at {len(masses.open_slots):>3} sites: {per_person[-1] * 1e9:5.0f} ns each, "
            f"{masses.total_bytes / count:5.1f} B in all, {masses.member_bytes} B in its record"
        )
    print(f"growth from smallest to largest: {per_person[-1] / per_person[0]:.2f} x linear")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="leave out what takes long")
    quick = parser.parse_args().quick
    classic_against_mesa(quick)
    contingency_against_classic()
    batch_against_numpy()
    growth_and_memory(100_000 if quick else 1_000_000)


if __name__ == "__main__":
    main()
