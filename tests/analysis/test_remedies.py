"""Remedies: each is applied, cover is worked out anew, and what was promised of it must be so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import kontijensi
from kontijensi.analysis.coverage import Coverage, coverage
from kontijensi.analysis.fewest import fewest
from kontijensi.analysis.remedies import Remedies
from kontijensi.analysis.remedy import Hole, Remedy, RemedyKind
from kontijensi.vocabulary.records import Record, RecordKind
from kontijensi.world import World
from kontijensi.world.fleet import UnitSpec
from tests.analysis.held_scenes import held_scene
from tests.analysis.logbook import PATROL, Log, grid, hand_trace

Case = tuple[World, list[Record]]


def applied(remedy: Remedy, world: World, records: list[Record]) -> Case:
    """Return the world and the log as they would be with a remedy and the same demand."""
    match remedy.kind:
        case RemedyKind.ADD:
            return replace(world, fleet=(*world.fleet, *_added(remedy, world))), records
        case RemedyKind.MOVE:
            post = world.places.index[remedy.placed[0].post]
            fleet = tuple(replace(u, base=post) if u.id == remedy.of else u for u in world.fleet)
            return replace(world, fleet=fleet), [_from(r, remedy) for r in records]
        case RemedyKind.OPEN_ROAD:
            roads = {RecordKind.ROAD_CLOSED, RecordKind.ROAD_OPENED}
            return world, [r for r in records if not (r.kind in roads and r.entity == remedy.of)]
        case RemedyKind.STAY_ON_DUTY:
            always = ((0.0, world.horizon_s),)
            fleet = tuple(replace(u, duty=always) if u.group == remedy.of else u for u in world.fleet)
            return replace(world, fleet=fleet), records
        case RemedyKind.HELP_AT_ONCE:
            fleet = tuple(replace(u, aid=None) if u.group == remedy.of else u for u in world.fleet)
            return replace(world, fleet=fleet), records
        case RemedyKind.RESUPPLY:
            own = {unit.id for unit in world.fleet if unit.group == remedy.of}
            refilled = [_at_once(r) if r.entity in own else r for r in records]
            return world, [r for r in refilled if not (r.kind is RecordKind.STOCK_EMPTY and r.entity in own)]


def _added(remedy: Remedy, world: World) -> list[UnitSpec]:
    units = []
    for each in remedy.placed:
        alike = [unit for unit in world.fleet if unit.group == each.group and unit.type_id == each.type_id]
        duty = alike[0].duty if alike else ((0.0, world.horizon_s),)
        kind, base = world.scenario.unit_types[each.type_id], world.places.index[each.post]
        units += [
            UnitSpec(f"more-{each.post}-{i}", "more", each.type_id, kind, base, (), duty)
            for i in range(each.count)
        ]
    return units


def _from(record: Record, remedy: Remedy) -> Record:
    """Let a moved unit come home to its new base."""
    home = record.entity == remedy.of and record.place == remedy.start
    return record._replace(place=remedy.placed[0].post) if home else record


def _at_once(record: Record) -> Record:
    resupplying = record.kind is RecordKind.UNIT_RESUPPLYING
    return record._replace(kind=RecordKind.UNIT_READY) if resupplying else record


def shortage(world: World, found: dict[str, Coverage]) -> np.ndarray:
    """Return the whole shortage over all standards: time over places, and over voters."""
    total = np.zeros(2)
    for cover in found.values():
        voters = world.places.voters[[world.places.index[place] for place in cover.places]]
        short_s = cover.short_s.sum(axis=1)
        total += [short_s.sum(), (short_s * voters).sum()]
    return total


def still_open(hole: Hole, found: dict[str, Coverage], left: tuple[str, ...]) -> bool:
    return any(
        (set(late.places) & set(short.places)) - set(left)
        and late.start_s < short.end_s
        and late.end_s > short.start_s
        for late in found[hole.standard].shortfalls
        for short in hole.shortfalls
    )


def hold(world: World, records: list[Record]) -> Sequence[Remedy]:
    """Hold every remedy of a run to what it promises, and return them."""
    found = coverage(records, world)
    before, remedies = shortage(world, found), Remedies(records, world, found)
    kept = []
    for effect in remedies.best(30, most_alike=6):
        after = shortage(world, coverage(*reversed(applied(effect.remedy, world, records))))
        assert before - after == pytest.approx([effect.net.place_s, effect.net.voter_s], abs=1e-3), effect
        kept.append(effect.remedy)
    holes = [Hole(key, (s,)) for key, c in found.items() for s in c.shortfalls][:12]
    for hole, remedy in zip(holes, remedies.smallest(holes), strict=True):
        if remedy is not None:
            assert not still_open(hole, coverage(*reversed(applied(remedy, world, records))), remedy.left), (
                remedy
            )
            kept.append(remedy)
    return kept


QUICK, LONG = 10, 60
AWAY = 23
"""A scene in which a unit refills where it stays after a task, away from its base."""


@pytest.mark.parametrize(
    "number",
    [pytest.param(n, marks=[pytest.mark.slow] if n >= QUICK and n != AWAY else []) for n in range(LONG)],
)
def test_every_remedy_closes_exactly_what_it_promises(number: int) -> None:
    hold(*held_scene(number))


# -- worked out by hand --------------------------------------------------------------------------------------


def row(standard: dict[str, Any], *minutes: float, **sections: Any) -> World:
    """Places a, b, c ... in a row, so many minutes apart, with unit U1 at a."""
    names = "abcdefgh"[: len(minutes) + 1]
    ways = [{"between": list(names[i : i + 2]), "time": f"{m} min"} for i, m in enumerate(minutes)]
    places = {name: {"kind": "tps", "voters": 100} for name in names}
    sections = {"units": {"U1": {"type": "patrol", "base": "a"}}, **sections}
    return grid(
        area={"places": places, "roads": {"edges": ways}},
        standards={"s": {"capability": "patrol", "within": "5 min", **standard}},
        **sections,
    )


def smallest(world: World, records: list[Record] | None = None) -> list[tuple[str, str | None, Any]]:
    """Return the smallest remedy of each shortfall, in the order of time: kind, of, places with counts."""
    records = records or []
    found = coverage(records, world)
    holes = [
        Hole(key, (short,))
        for key, cover in found.items()
        for short in sorted(cover.shortfalls, key=lambda s: (s.start_s, s.places))
    ]
    hold(world, records)
    return [
        (str(r.kind), r.of, [(each.post, each.count) for each in r.placed])
        for r in Remedies(records, world, found).smallest(holes)
        if r is not None
    ]


def busy(log: Log, unit: str, start: float, end: float) -> Log:
    log(start, "unit_ordered", unit, incident="A", capability="patrol")
    log(end, "unit_ready", unit, "a")
    return log


def test_one_more_at_the_base_of_a_unit_that_is_busy() -> None:
    assert smallest(row({}, 1), busy(Log(), "U1", 10, 20).records) == [("add", None, [("a", 1)])]


def test_as_many_more_as_the_formation_lacks_at_the_worst_moment() -> None:
    two = {"U": {"type": "patrol", "base": "a", "count": 2}}
    assert smallest(row({"units": 4}, 1, units=two)) == [("add", None, [("a", 2)])]
    # From 10 to 20 one of the two is away: the spans before and after lack one, that between two.
    log = busy(Log(), "U-2", 10, 20)
    assert smallest(row({"units": 3}, 1, units=two), log.records) == [("add", None, [("a", 2)])]


def test_where_no_base_reaches_all_places_the_fewest_stand_at_several() -> None:
    units = {"U1": {"type": "patrol", "base": "a"}, "U2": {"type": "patrol", "base": "d"}}
    log = busy(busy(Log(), "U1", 10, 20), "U2", 10, 20)
    found = smallest(row({}, 2, 9, 2, units=units), log.in_order())
    assert ("add", None, [("a", 1), ("d", 1)]) in found


def test_a_unit_that_stands_idle_moves_before_one_is_added() -> None:
    units = {
        "U": {"type": "patrol", "base": "a", "count": 2},
        "far": {"type": "dog", "base": "c"},
    }
    types = {"patrol": PATROL, "dog": {**PATROL, "capabilities": ["water"]}}
    world = row({}, 1, 9, units=units, unit_types=types)
    (move,) = smallest(world)
    assert move == ("move", "U", [("c", 1)])
    (best, *_others) = Remedies([], world).best()
    assert best.net.place_s == 1800
    # With one unit only the move would open two places to close one.
    alone = row({}, 1, 9, units=units | {"U": {"type": "patrol", "base": "a"}}, unit_types=types)
    assert smallest(alone) == [("add", None, [("c", 1)])]


def test_a_road_kept_open() -> None:
    log = Log()
    log(5, "road_closed", "a|b")
    log(15, "road_opened", "a|b")
    assert smallest(row({}, 1), log.records) == [("open_road", "a|b", [])]


def test_a_road_kept_open_is_not_enough_where_another_cuts_the_place_off_too() -> None:
    log = Log()
    log(5, "road_closed", "a|b")
    log(5, "road_closed", "b|c")
    log(15, "road_opened", "a|b")
    log(15, "road_opened", "b|c")
    # Opening a|b would close it at b only; c is cut off twice.
    assert smallest(row({}, 1, 1), log.records) == [("add", None, [("b", 1), ("c", 1)])]
    assert [(e.remedy.of, e.net.place_s) for e in Remedies(log.records, row({}, 1, 1)).best()] == [
        ("a|b", 600)
    ]


def test_a_group_that_stays_on_duty() -> None:
    units = {"U1": {"type": "patrol", "base": "a", "shifts": [{"start": "07:00", "end": "07:20"}]}}
    assert smallest(row({}, 1, units=units)) == [("stay_on_duty", "U1", [])]


def test_a_stock_that_does_not_run_out() -> None:
    water = {**PATROL, "capabilities": ["water"], "stock": {"water": 100}}
    log = Log()
    log(5, "stock_empty", "U1", "a", stock="water")
    log(10, "unit_resupplying", "U1", "a", until_s=900)
    log(15, "unit_ready", "U1", "a")
    world = row({"capability": "water"}, 1, unit_types={"patrol": water})
    assert smallest(world, log.records) == [("resupply", "U1", [])]


def test_help_that_is_there_at_once() -> None:
    aid = {"type": "patrol", "count": 1, "arrives_at": "a", "lead_time": "5 min", "authority": "chief"}
    world = row(
        {}, 1, units={}, mutual_aid={"brimob": aid}, command={"authorities": {"chief": {"delay": "1 min"}}}
    )
    log = Log()
    log(12, "aid_arrived", "brimob", "a", units=["brimob"])
    assert smallest(world, log.records) == [("help_at_once", "brimob", [])]


def test_nobody_has_the_capability_at_all() -> None:
    fire = {**PATROL, "capabilities": ["fire"]}
    world = row({"capability": "fire"}, 1, unit_types={"patrol": PATROL, "fire": fire})
    assert smallest(world) == [("add", None, [("a", 1)])]


def test_where_no_kind_of_base_reaches_a_place_there_is_no_remedy() -> None:
    area = {
        "places": {"a": {"kind": "polsek"}, "b": {"kind": "tps", "voters": 9}},
        "roads": {"edges": [{"between": ["a", "b"], "time": "9 min"}]},
    }
    standards = {"s": {"capability": "patrol", "within": "5 min", "places": {"kinds": ["tps"]}}}
    world = grid(area=area, units={"U1": {"type": "patrol", "base": "a"}}, standards=standards)
    assert len(coverage([], world)["s"].shortfalls) == 1
    assert smallest(world) == []
    assert Remedies([], world).best() == []


def test_the_hand_trace_is_helped_most_by_a_third_unit_at_place_1() -> None:
    world, records = grid(), hand_trace()
    first, second, *_rest = Remedies(records, world).best(9, most_alike=2)
    # From 2 on place 1, 2, 4; from 4 on six places for 22 minutes; from 26 on 2 and 3, two minutes each.
    assert [(e.remedy.placed[0].post, e.closed.place_s / 60) for e in (first, second)] == [
        ("1", 6 + 6 * 22 + 4),
        ("9", 6 * 22 + 4),
    ]
    assert first.closed.voter_s == first.closed.place_s * 100
    hold(world, records)


def test_cover_without_a_shortfall_needs_no_remedy() -> None:
    assert Remedies([], grid()).best() == []


# -- through the scenario a planner writes -------------------------------------------------------------------

YAML = """\
kontijensi: 1
name: One car, one call
language: en
start: 2029-02-14 07:00
horizon: 2 h
area:
  places: {post: {kind: polsek}, near: {kind: tps, voters: 300}}
  roads: {edges: [{between: [post, near], time: 2 min}]}
unit_types: {car: {agency: police, capabilities: [patrol], personnel: 2, turn_out: 1 min}}
units: {car: {type: car, base: post}}
calls: {call: {known: [{after: 10 min, place: near}], on_scene: 30 min}}
standards: {soon: {capability: patrol, within: 5 min, places: {kinds: [tps]}}}
"""


def test_a_remedy_set_by_path_closes_the_shortfall_in_a_rehearsal_of_its_own() -> None:
    scenario = kontijensi.load_text(YAML)
    run = scenario.run()
    (effect,) = (e for e in Remedies(run.log, scenario.world).best() if e.remedy.kind is RemedyKind.ADD)
    (placed,) = effect.remedy.placed
    assert (placed.group, placed.post, placed.count) == ("car", "post", 1)
    missed = run.summary()["coverage"]["soon"]
    assert missed["average"] == pytest.approx(1 - effect.closed.place_s / 7200)
    with_it = kontijensi.load_text(YAML, overrides={"units.car.count": 2}).run().summary()["coverage"]["soon"]
    assert (with_it["average"], with_it["n_shortfalls"]) == (1.0, 0)


# -- the fewest ----------------------------------------------------------------------------------------------


@given(st.integers(0, 100_000), st.integers(1, 4), st.integers(1, 6))
def test_the_fewest_are_those_of_a_search_through_all_choices(seed: int, posts: int, places: int) -> None:
    draw = np.random.default_rng(seed)
    reached, need = draw.random((posts, places)) < 0.5, draw.integers(0, 3, places)
    size = draw.integers(1, 5, posts).astype(float)
    found = fewest(reached, need, size)
    choices = [np.array(c) for c in product(range(4), repeat=posts)]
    enough = [c for c in choices if (c @ reached >= need).all()]
    if found is None:
        assert not enough
        return
    units = np.array([found.get(i, 0) for i in range(posts)])
    assert (units @ reached >= need).all()
    if reached[:, need > 0].all(axis=1).any() and len(found) == 1:
        enough = [c for c in enough if np.count_nonzero(c) <= 1]  # one post for all is taken alone
    assert (units.sum(), units @ size) == min((c.sum(), c @ size) for c in enough)
