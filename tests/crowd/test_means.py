"""What each means of responders reaches: who is affected, and who is not."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pytest

from kontijensi.crowd import CampTraits, Cause, Conduct, Ground, Joining, Masses
from kontijensi.crowd.layout import ACTIVE, VIOLENT
from kontijensi.scenario.schema.crowd import CrowdParameters

SIDE_M = 80.0
STILL = {"calm_leave_per_h": 0.0, "fatigue_leave_per_h": 0.0, "flight_per_min": 0.0, "arrest_harm_share": 0.0}
RULE = CrowdParameters(**STILL)


class Reached(NamedTuple):
    """Everybody before and after one tick of a conduct, in the order of their serial numbers."""

    x_m: np.ndarray
    y_m: np.ndarray
    before: np.ndarray
    after: np.ndarray
    site: Any
    masses: Masses
    slot: int


def everybody(masses: Masses, slot: int) -> np.ndarray:
    return np.sort(masses._people(slot), order="serial")


def meet(
    conduct: Conduct, legitimacy: float = 0.5, at: str = "spread", warm_min: int = 0, people: int = 900
) -> Reached:
    """Let a crowd come, meet it for one tick, and look at who was reached where he stood."""
    masses = Masses(RULE, 1)
    ground = Ground.rectangle(SIDE_M, SIDE_M)
    slot = masses.open(ground, [CampTraits(legitimacy)], 5)
    masses.join(slot, Joining(0, people), at=at)  # type: ignore[arg-type]
    for _ in range(12 * warm_min):
        masses.tick(5.0)
    masses.conduct(slot, conduct)
    before = everybody(masses, slot).copy()
    masses.tick(5.0)
    row, col = np.divmod(before["cell"].astype(np.int64), ground.width)
    return Reached(
        (col + 0.5) * 2.0, (row + 0.5) * 2.0, before, everybody(masses, slot).copy(), masses._sites[slot],
        masses, slot,
    )  # fmt: skip


def angered(met: Reached) -> np.ndarray:
    """Who bore force without having been violent: his fear has begun to turn to anger."""
    assert met.before.size == met.after.size
    return met.after["anger"] > met.before["anger"]


def test_presence_and_talks_touch_nobody() -> None:
    for conduct in (
        Conduct(officers=60),
        Conduct(officers=60, dialogue=1.0),
        Conduct(officers=60, line=True),
    ):
        met = meet(conduct, warm_min=2)
        tally = met.masses.tally(met.slot)
        assert not angered(met).any()
        assert tally.force == tally.indiscriminate == 0.0
        assert not tally.harm


def test_a_push_reaches_those_in_contact_with_the_line_and_nobody_else() -> None:
    met = meet(Conduct(officers=20, push=True, discrimination=0.0))
    ahead = met.y_m - met.site["front_m"]
    inside = (met.x_m >= met.site["west_m"]) & (met.x_m <= met.site["east_m"])
    touched = inside & (ahead >= 0.0) & (ahead <= RULE.contact_m)
    assert 0 < touched.sum() < met.before.size / 4
    assert (angered(met) == touched).all()


def test_water_reaches_as_far_as_the_jet_and_no_wider_than_the_line() -> None:
    met = meet(Conduct(officers=20, line=True, water=True, discrimination=0.0))
    ahead = met.y_m - met.site["front_m"]
    inside = (met.x_m >= met.site["west_m"]) & (met.x_m <= met.site["east_m"])
    wet = inside & (ahead >= 0.0) & (ahead <= RULE.water_reach_m)
    assert 0 < wet.sum() < met.before.size / 2
    assert (angered(met) == wet).all()
    assert met.masses.tally(met.slot).water_used == pytest.approx(RULE.water_lps * 5.0)


def test_irritant_reaches_whoever_stands_in_the_plume() -> None:
    met = meet(Conduct(officers=20, irritant=True))
    away = np.hypot(met.x_m - met.site["plume_x_m"], met.y_m - met.site["plume_y_m"])
    gassed = away <= RULE.irritant_radius_m
    assert 0 < gassed.sum() < met.before.size / 2
    assert (angered(met) == gassed).all()


def test_irritant_lands_among_the_violent() -> None:
    met = meet(Conduct(officers=20, irritant=True), legitimacy=0.2, warm_min=6)
    violent = met.before["state"] == VIOLENT
    assert violent.sum() > 5
    assert met.site["plume_x_m"] == pytest.approx(met.x_m[violent].mean())
    assert met.site["plume_y_m"] == pytest.approx(met.y_m[violent].mean())


def test_careful_water_spares_the_peaceful_and_never_the_violent() -> None:
    careful = Conduct(officers=20, line=True, water=True, discrimination=1.0)
    met = meet(careful, legitimacy=0.2, warm_min=6)
    tally = met.masses.tally(met.slot)
    assert not angered(met).any()
    assert tally.force > 0.0
    assert tally.indiscriminate == 0.0


@pytest.mark.parametrize("violent_only", [True, False])
def test_arrests_take_those_who_act_and_never_the_quiet(violent_only: bool) -> None:
    masses = Masses(RULE, 1)
    slot = masses.open(Ground.rectangle(40, 40), [CampTraits(0.2)], 5)
    masses.join(slot, Joining(0, 300), at="spread")
    for _ in range(60):
        masses.tick(5.0)
    masses.conduct(slot, Conduct(officers=250, arrest=True, arrest_violent_only=violent_only))
    taken = {"violent": 0, "active": 0, "quiet": 0}
    for _ in range(60):
        before = {int(p["serial"]): p for p in masses._people(slot).copy()}
        masses.tick(5.0)
        after = {int(serial) for serial in masses._people(slot)["serial"]}
        gone = masses.tally(slot)
        for serial in before.keys() - after:
            state = before[serial]["state"]
            taken["violent" if state == VIOLENT else "active" if state == ACTIVE else "quiet"] += 1
    assert gone.arrested > 10
    if violent_only:
        assert taken["violent"] > 3 * (taken["active"] + taken["quiet"])
    else:
        assert taken["active"] > taken["violent"]
    # Between two looks a quiet person may have turned active before he was taken; not many do.
    assert taken["quiet"] < 0.1 * (taken["violent"] + taken["active"])


def test_a_line_lets_nobody_through_and_those_beyond_its_ends_around_it() -> None:
    # Yards whose only way in is opposite the gate, so that nobody comes in behind the line.
    narrow, wide = ["." * 19 + "GG" + "." * 19], ["G" * 40]

    def nearest(officers: int, gate: list[str]) -> float:
        masses = Masses(RULE, 1)
        slot = masses.open(Ground.drawn([*gate, *["." * 40] * 28, "E" * 40]), [CampTraits(0.2)], 5)
        masses.conduct(slot, Conduct(officers=officers, line=True) if officers else Conduct())
        masses.join(slot, Joining(0, 300))
        for _ in range(240):
            masses.tick(5.0)
        return float(masses.sample(slot).y_m.min())

    assert nearest(0, narrow) < 2.0
    assert nearest(80, narrow) >= RULE.line_standoff_m - 1e-6
    assert nearest(20, wide) < RULE.line_standoff_m


def test_officers_are_seen_from_where_the_line_is_and_not_from_afar() -> None:
    masses = Masses(CrowdParameters(**STILL, ratio="raw"), 1)
    slot = masses.open(Ground.rectangle(SIDE_M, SIDE_M), [CampTraits(0.3)], 5)
    masses.join(slot, Joining(0, 900), at="spread")
    masses.conduct(slot, Conduct(officers=80, line=True))
    masses.tick(1.0)
    seen, held = masses._scratch.around["officers"], masses._scratch.held[: masses._sites[slot]["held"]]
    row, cell = held["row"], held["cell"]
    front = masses._sites[slot]["front_m"]
    far = (row + 0.5) * 2.0 > front + CrowdParameters().vision_m + 2.0
    assert (seen[cell[far]] == 0.0).all()
    assert (seen[cell[row == 0]] > 0.0).all()


def test_more_are_afraid_where_officers_are_present() -> None:
    def acting(officers: int) -> float:
        masses = Masses(RULE, 1)
        slots = [masses.open(Ground.rectangle(40, 40), [CampTraits(0.6)], key) for key in range(8)]
        for slot in slots:
            masses.join(slot, Joining(0, 200), at="spread")
            masses.conduct(slot, Conduct(officers=officers))
        for _ in range(24):
            masses.tick(5.0)
        return float(np.mean([masses.tally(slot).active + masses.tally(slot).violent for slot in slots]))

    assert acting(300) < 0.5 * acting(0)


@pytest.mark.slow
def test_injuries_split_by_severity_as_recorded_ones_did() -> None:
    # Irritant: about 74, 17 and 9 %; the split never makes an injury.
    rule = CrowdParameters(**STILL, irritant_harm_per_min=1.0)
    masses = Masses(rule, 1)
    irritant = list(Cause).index(Cause.FORCE_IRRITANT)
    counts = np.zeros(3)
    for key in range(16):
        slot = masses.open(Ground.rectangle(40, 40), [CampTraits(0.8)], key)
        masses.join(slot, Joining(0, 800), at="spread")
        masses.conduct(slot, Conduct(officers=10, irritant=True))
    for _ in range(6):
        masses.tick(5.0)
        for slot in range(16):
            counts += masses.tally(slot).harm_by_group[0, irritant]
    shares = counts / counts.sum()
    error = np.sqrt(shares * (1 - shares) / counts.sum())
    assert counts.sum() > 300
    assert (np.abs(shares - [0.74, 0.17, 0.09]) <= 4 * error).all()
