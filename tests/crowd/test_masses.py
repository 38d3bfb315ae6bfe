"""What always holds for the contingency crowd."""

from __future__ import annotations

import numpy as np
import pytest

from kontijensi.crowd import CampTraits, Cause, Conduct, Ground, Joining, Masses
from kontijensi.scenario.schema.crowd import CrowdParameters

HARSH = Conduct(
    officers=40,
    push=True,
    water=True,
    irritant=True,
    arrest=True,
    arrest_violent_only=False,
    discrimination=0.2,
)


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
            assert t.present == t.quiet + t.active + t.violent
            assert t.present == masses.sample(place).state.size + t.away
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


FORCE = {Cause.FORCE_BATON, Cause.FORCE_WATER, Cause.FORCE_IRRITANT}


def test_without_force_nobody_is_hurt_by_force_and_without_officers_nobody_is_arrested() -> None:
    masses, slot = opened(legitimacy=0.3)
    masses.conduct(slot, Conduct(officers=30, line=True, contain=True))
    for _ in range(120):
        masses.tick(5.0)
        tally = masses.tally(slot)
        assert not {cause for cause, _ in tally.harm} & (FORCE | {Cause.ARREST})
    assert tally.arrested == 0
    assert tally.violent > 0


def test_harm_is_booked_by_group_and_nobody_is_hurt_twice_as_badly() -> None:
    masses, slot = opened(legitimacy=0.3)
    masses.conduct(slot, HARSH)
    total = np.zeros((3, len(Cause), 3), np.int64)
    for _ in range(240):
        masses.tick(5.0)
        tally = masses.tally(slot)
        assert sum(tally.harm.values()) == tally.harm_by_group.sum()
        total += tally.harm_by_group
    officers = total[2]
    assert officers.sum() == officers[list(Cause).index(Cause.CROWD_VIOLENCE_OFFICER)].sum()
    assert total[:2, list(Cause).index(Cause.CROWD_VIOLENCE_OFFICER)].sum() == 0
    assert total[:2, list(Cause).index(Cause.ARREST), 1:].sum() + tally.injured >= total[:2, :, 1:].sum()
    assert total[:2].sum() > 0


def test_camps_that_differ_in_name_only_fare_alike() -> None:
    masses = Masses(CrowdParameters(), 2)
    ground = Ground.rectangle(40, 40)
    slots = [masses.open(ground, [CampTraits(0.6)] * 2, seed) for seed in range(40)]
    for number, slot in enumerate(slots):
        for camp in (0, 1) if number % 2 else (1, 0):
            masses.join(slot, Joining(camp, 100))
    for _ in range(120):
        masses.tick(5.0)
    difference = np.array([np.subtract(*masses.tally(slot).by_camp[:, 1:]) for slot in slots])
    error = difference.std(axis=0, ddof=1) / np.sqrt(len(slots))
    assert (np.abs(difference.mean(axis=0)) <= 4 * error + 1e-9).all()


def test_a_full_site_refuses_the_rest_and_says_how_many() -> None:
    masses = Masses(CrowdParameters(), 1)
    slot = masses.open(Ground.rectangle(10, 10), [CampTraits(0.8)], 1)
    placed = masses.join(slot, Joining(0, 10_000))
    assert 0 < placed < 10_000
    assert masses.tally(slot).present == placed
    assert masses.join(slot, Joining(0, 1)) == 0


def test_a_crowd_that_means_to_stay_after_all_loses_fewer_than_one_that_goes_home() -> None:
    left = []
    for stays in (True, False):
        masses, slot = opened(legitimacy=0.8)
        masses.disperse(slot)
        if stays:
            masses.stay(slot)
        for _ in range(120):
            masses.tick(5.0)
        left.append(masses.tally(slot).left)
    assert left[0] < left[1] / 4


def test_people_on_the_march_bring_what_they_felt() -> None:
    masses = Masses(CrowdParameters(), 1)
    ground = Ground.rectangle(40, 40)
    angry, calm = (masses.open(ground, [CampTraits(legitimacy)], 5) for legitimacy in (0.2, 0.8))
    masses.join(angry, Joining(0, 100))
    masses.join(calm, Joining(0, 100))
    party = masses.depart(angry, 1.0)
    assert party.count == masses.arrive(calm, party) == 100
    assert masses.tally(angry).present == 0
    assert masses.traits(calm)[0].legitimacy == pytest.approx(0.5)


def test_an_enclosed_site_with_irritant_crushes_where_the_open_one_does_not() -> None:
    def crushed(enclosed: bool) -> int:
        masses = Masses(CrowdParameters(), 1)
        slot = masses.open(Ground.rectangle(50, 50, enclosed=enclosed), [CampTraits(0.5)], 3)
        masses.join(slot, Joining(0, 2000), at="spread")
        masses.conduct(slot, Conduct(officers=40, irritant=True))
        count = 0
        for _ in range(240):
            masses.tick(5.0)
            count += sum(n for (cause, _), n in masses.tally(slot).harm.items() if cause is Cause.CRUSH)
        return count

    assert crushed(enclosed=True) > 20 > crushed(enclosed=False)


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


def hurt_by_the_crowd(camps: tuple[int, int], sites: int, seeds: int = 24) -> np.ndarray:
    """Count injuries by violence among two parties of 100, on one site or on two; shape (seeds,)."""
    masses = Masses(CrowdParameters(), 2)
    ground = Ground.rectangle(40, 40)
    traits = [CampTraits(0.35)] * 2
    slots = [[masses.open(ground, traits, 500 + seed) for _ in range(sites)] for seed in range(seeds)]
    for ours in slots:
        for party, camp in enumerate(camps):
            masses.join(ours[party % sites], Joining(camp, 100), at="spread")
    cause = list(Cause).index(Cause.CROWD_VIOLENCE_PUBLIC)
    hurt = np.zeros(seeds)
    for _ in range(240):
        masses.tick(5.0)
        hurt += [sum(masses.tally(slot).harm_by_group[:2, cause].sum() for slot in ours) for ours in slots]
    return hurt


def test_two_camps_in_one_place_clash() -> None:
    clash = hurt_by_the_crowd((0, 1), sites=1)
    for peaceful in (hurt_by_the_crowd((0, 1), sites=2), hurt_by_the_crowd((0, 0), sites=1)):
        difference = clash - peaceful
        assert difference.mean() > 4.0 * difference.std(ddof=1) / np.sqrt(difference.size)
