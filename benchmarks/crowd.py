"""How fast the crowd is, as ratios against a peer or a limit in the same run: `python benchmarks/crowd.py`.

Each figure is a median of at least five timings; times in seconds are shown only to make sense of the ratios.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from typing import Any

from peers.classic_rule import PEERS
from peers.numpy_crowd import NumpyCrowd

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


def classic_models(side: int, shape: str, many: int) -> list[CivilViolence]:
    """Make some models a step old, so that they are timed in the same first steps as a peer's."""
    settings = {**MESA, "width": side, "height": side, "vision_shape": shape}
    models = [CivilViolence(**settings, seed=seed) for seed in range(many)]
    for model in models:
        model.step(1)
    return models


def classic_step_s(side: int, shape: str = MESA["vision_shape"], steps: int = 100) -> tuple[float, int]:
    """Time of a step, and how many people take it."""
    models = classic_models(side, shape, 6_400 // side**2 + 1)

    def run() -> None:
        for model in models:
            model.step(steps)

    seconds = median_s(run, 1) / (len(models) * steps)
    return seconds, models[0].citizens + models[0].cops


def peer_step_s(step: Callable[[], None], steps: int) -> float:
    def run() -> None:
        for _ in range(steps):
            step()

    return median_s(run, 1) / steps


def classic_against_peers(quick: bool) -> None:
    """Print the classic rule against each peer, in turns, so that a busy machine slows both alike."""
    for side, steps in ((40, 5), (120, 1)):
        for name, peer in PEERS.items():
            if quick and side == 120:
                continue
            if peer.missing:
                print(f"classic rule against {name}: not measured, {', '.join(peer.missing)} not installed")
                continue
            step = peer.make(side)
            step()
            classic_step_s(side, peer.shape)
            ratios, ours, theirs, people = [], [], [], 0
            for _ in range(REPEATS):
                theirs.append(peer_step_s(step, steps))
                fast, people = classic_step_s(side, peer.shape)
                ours.append(fast)
                ratios.append(theirs[-1] / fast)
            rate, peer_rate = people / statistics.median(ours), people / statistics.median(theirs)
            print(
                f"classic rule, {people:>6} people, {peer.shape:7s}: {statistics.median(ratios):5.0f} x "
                f"{name:7s} ({min(ratios):.0f} to {max(ratios):.0f}; {rate / 1e6:.1f} M turns/s, "
                f"{name} {peer_rate / 1e3:.1f} k)",
                flush=True,
            )


def contingency_against_classic() -> None:
    classic = statistics.median(
        people / seconds for seconds, people in (classic_step_s(40) for _ in range(5))
    )
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
    classic_against_peers(quick)
    contingency_against_classic()
    batch_against_numpy()
    growth_and_memory(100_000 if quick else 1_000_000)


if __name__ == "__main__":
    main()
