"""How fast the crowd is, as ratios against a peer or a limit in the same run: `python benchmarks/crowd.py`.

Each row is the median of at least five timings, with the least and the most behind it; times in seconds are
shown only to make sense of the ratios. Peer and program take turns; each timing begins with a fresh crowd,
and both sides take the same steps.
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


def once_s(work: Callable[[], Any]) -> float:
    """Processor time of a piece of work: every side has one thread, and waiting is nobody's fault."""
    start = time.process_time()
    work()
    return time.process_time() - start


def spread(values: list[float], form: str = ".2f") -> str:
    """Median, least and most."""
    return f"{statistics.median(values):{form}} ({min(values):{form}} to {max(values):{form}})"


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

    return once_s(run) / ticks


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
    models = classic_models(side, shape, 640_000 // (side**2 * steps) + 1)

    def run() -> None:
        for model in models:
            model.step(steps)

    seconds = once_s(run) / (len(models) * steps)
    return seconds, models[0].citizens + models[0].cops


def peer_step_s(step: Callable[[], None], steps: int) -> float:
    def run() -> None:
        for _ in range(steps):
            step()

    return once_s(run) / steps


def classic_against_peers(quick: bool) -> None:
    """Print the classic rule against each peer, in turns, so that a busy machine slows both alike."""
    for side, steps in ((40, 5), (120, 1)):
        for name, peer in PEERS.items():
            if quick and side == 120:
                continue
            if peer.missing:
                print(f"classic rule against {name}: not measured, {', '.join(peer.missing)} not installed")
                continue
            classic_step_s(side, peer.shape)
            ratios, ours, theirs, people = [], [], [], 0
            for _ in range(REPEATS):
                step = peer.make(side)
                step()
                theirs.append(peer_step_s(step, steps))
                fast, people = classic_step_s(side, peer.shape, steps)
                ours.append(fast)
                ratios.append(theirs[-1] / fast)
            rate, peer_rate = people / statistics.median(ours), people / statistics.median(theirs)
            print(
                f"classic rule, {people:>6} people, {peer.shape:7s}: {spread(ratios, '.0f')} x {name:7s} "
                f"({rate / 1e6:.1f} M turns/s, {name} {peer_rate / 1e3:.1f} k)",
                flush=True,
            )


def contingency_against_classic() -> None:
    """Print member-steps a second against the classic kernel's, over ticks 13 to 52 of a fresh crowd."""
    for name, conduct in (
        ("line, dialogue", Conduct(officers=40, line=True, dialogue=0.3)),
        ("all means", EVERYTHING),
    ):
        ratios, rates = [], []
        for _ in range(REPEATS + 4):
            step_s, people = classic_step_s(40)
            masses = crowds(1, 1000, conduct)
            before = present(masses)
            seconds = tick_s(masses, 40)
            rates.append((before + present(masses)) / 2 / seconds)
            ratios.append(rates[-1] * step_s / people)
        print(
            f"contingency crowd of 1,000, fresh, {name:14s}: {spread(ratios)} x classic "
            f"({statistics.median(rates) / 1e6:.1f} M/s)",
            flush=True,
        )


def tally_against_tick() -> None:
    """Print what counting every crowd of 200 after each tick costs, as a share of the ticks."""
    for sites in (1, 20):
        shares = []
        for _ in range(REPEATS + 4):
            alone, counted = (
                crowds(sites, 200, Conduct(officers=40, line=True), side_m=40.0) for _ in range(2)
            )

            def run(masses: Masses = counted) -> None:
                for _ in range(200):
                    masses.tick(TICK_S)
                    for slot in masses.open_slots:
                        _ = masses.tally(slot).harm

            shares.append(once_s(run) / (tick_s(alone, 200) * 200) - 1.0)
        print(f"counting {sites:>2} crowds of 200 after each tick: {spread(shares)} of a tick", flush=True)


def batch_against_numpy() -> None:
    rule, ground = CrowdParameters(), Ground.rectangle(40.0, 40.0)
    ratios, ours, theirs = [], [], []
    for _ in range(REPEATS):
        masses = crowds(
            20, 200, Conduct(officers=40, line=True), camps=1, side_m=40.0
        )  # the peer knows no force
        peers = [NumpyCrowd(rule, ground, 200, 0.6, seed) for seed in range(20)]
        ours.append(tick_s(masses, 40))

        def run(crowds: list[NumpyCrowd] = peers) -> None:
            for peer in crowds:
                peer.tick(TICK_S)

        run()
        theirs.append(once_s(run))
        ratios.append(theirs[-1] / ours[-1])
    print(
        f"20 crowds of 200, a tick: {spread(ratios, '.0f')} x NumPy "
        f"({statistics.median(ours) * 1e3:.2f} ms, {statistics.median(theirs) * 1e3:.0f} ms)",
        flush=True,
    )


def growth_and_memory(most: int) -> None:
    medians = []
    for people in (1_000, 10_000, 100_000, 1_000_000):
        if people > most:
            break
        sites, ticks = max(1, people // 5000), max(1, 200_000 // people)
        masses = crowds(sites, min(people, 5000), Conduct(officers=40, line=True), side_m=80.0)
        count = present(masses)
        each = [tick_s(masses, ticks) / count * 1e9 for _ in range(REPEATS)]
        medians.append(statistics.median(each))
        print(
            f"{count:>9} members at {sites:>3} sites: {spread(each, '.0f')} ns each, "
            f"{masses.total_bytes / count:5.1f} B in all, {masses.member_bytes} B in its record",
            flush=True,
        )
    print(f"growth from smallest to largest: {medians[-1] / medians[0]:.2f} x linear")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="leave out what takes long")
    quick = parser.parse_args().quick
    classic_against_peers(quick)
    contingency_against_classic()
    tally_against_tick()
    batch_against_numpy()
    growth_and_memory(100_000 if quick else 1_000_000)


if __name__ == "__main__":
    main()
