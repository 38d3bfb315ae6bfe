"""What always holds for the contingency crowd."""

from __future__ import annotations

import numpy as np
import pytest

from kontijensi.crowd import CampTraits, Conduct, Ground, Joining, Masses
from kontijensi.scenario.schema.crowd import CrowdParameters

HARSH = Conduct(officers=40, push=True, water=True, irritant=True, arrest=True, discrimination=0.2)


def opened(camps: int = 2, legitimacy: float = 0.55, key: int = 7, people: int = 300) -> tuple[Masses, int]:
    masses = Masses(CrowdParameters(), camps)
    slot = masses.open(Ground.rectangle(50, 40), [CampTraits(legitimacy)] * camps, key)
    for camp in range(camps):
        masses.join(slot, Joining(camp, people // camps))
    return masses, slot


def test_nobody_appears_or_vanishes() -> None:
    masses, slot = opened()
    refuge = masses.open(Ground.rectangle(50, 40), [CampTraits(0.6)] * 2, 8)
    masses.conduct(slot, HARSH)
    for tick in range(120):
        masses.tick(5.0)
        if tick == 40:
            party = masses.depart(slot, 0.3)
            assert masses.arrive(refuge, party) == party.count > 0
        if tick == 80:
            masses.disperse(slot)
        for place in (slot, refuge):
            t = masses.tally(place)
            assert t.joined == t.present + t.left + t.arrested + t.injured + t.departed
            assert t.present == t.quiet + t.active + t.violent == masses.sample(place).state.size
    assert masses.tally(slot).arrested > 0
    assert masses.tally(slot).left > 0


def test_a_slot_or_company_changes_nothing() -> None:
    def samples(before: int, after: int) -> list[bytes]:
        masses = Masses(CrowdParameters(), 1)
        ground = Ground.rectangle(40, 40)
        for other in range(before):
            masses.join(masses.open(ground, [CampTraits(0.4)], 1000 + other), Joining(0, 50 + other))
        slot = masses.open(ground, [CampTraits(0.5)], 42)
        for other in range(after):
            masses.join(masses.open(ground, [CampTraits(0.4)], 2000 + other), Joining(0, 80))
        masses.join(slot, Joining(0, 200))
        out = []
        for tick in range(60):
            if tick == 20:
                masses.conduct(slot, HARSH)
                if before:
                    masses.close(0)
            if tick == 30:
                masses.join(slot, Joining(0, 100))
            masses.tick(5.0)
            s = masses.sample(slot)
            out.append(b"".join(np.ascontiguousarray(a).tobytes() for a in (s.x_m, s.y_m, s.state, s.role)))
        return out

    alone = samples(0, 0)
    assert alone == samples(3, 16)
    assert alone == samples(0, 1)


def test_without_grievance_nobody_becomes_active() -> None:
    masses = Masses(CrowdParameters(), 1)
    slot = masses.open(Ground.rectangle(40, 40), [CampTraits(0.1, 0.5)], 3)
    masses.join(slot, Joining(0, 300, grievance=0.0, instigator_share=0.2))
    masses.conduct(slot, HARSH)
    for _ in range(60):
        masses.tick(5.0)
        tally = masses.tally(slot)
        assert tally.active == tally.violent == 0


def test_nobody_stands_in_a_wall_and_no_cell_overflows() -> None:
    rows = ["####G####", "#.......#", "#..###..#", "#.......#", "#.#####.#", "#.......#", "####E####"]
    ground = Ground.drawn(rows, cell_m=2.0)
    rule = CrowdParameters()
    masses = Masses(rule, 1)
    slot = masses.open(ground, [CampTraits(0.4)], 5)
    placed = masses.join(slot, Joining(0, 5000), at="spread")
    assert placed < 5000
    masses.conduct(slot, HARSH)
    for _ in range(60):
        masses.tick(3.0)
        s = masses.sample(slot)
        row, col = (s.y_m // 2.0).astype(int), (s.x_m // 2.0).astype(int)
        assert not (ground.kind[row, col] == 1).any()
        fullest = np.bincount(row * ground.width + col).max()
        assert fullest <= int(rule.max_pm2 * 4.0)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Ground.rectangle(40, 40, exits=0, enclosed=True), "enclosed with 0 exits"),
        (lambda: Conduct(line=True), "line with no officers"),
        (lambda: Conduct(dialogue=1.5), "Conduct.dialogue: 1.5 is not a share"),
        (lambda: Joining(0, -1), "count -1"),
        (lambda: Masses(CrowdParameters(), 0), "0 camps"),
        (lambda: opened()[0].tick(-1.0), "dt_s -1.0"),
        (lambda: opened()[0].tally(3), "slot 3 is not open"),
    ],
)
def test_impossible_requests_are_refused(make: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()  # type: ignore[operator]
