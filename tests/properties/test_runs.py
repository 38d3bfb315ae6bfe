"""What must hold between two runs that differ in something that does not matter, or matters in one way only."""

# ruff: noqa: E501 - the lines of a scenario are as long as planners write them

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kontijensi.analysis.coverage import coverage, static_coverage
from kontijensi.analysis.responses import check_parts, responses
from kontijensi.analysis.utilisation import unit_times
from kontijensi.vocabulary.records import Record
from kontijensi.vocabulary.streams import stream
from tests.engine.scenes import of, rehearse, scene, sections, stage

TOWN = """\
start: 2024-11-27 07:00
horizon: 6 h
area:
  places:
    pos: {kind: polsek, lat: -7.70, lon: 110.60}
    a: {kind: tps, lat: -7.70, lon: 110.62, voters: 300}
    b: {kind: tps, lat: -7.71, lon: 110.64, voters: 500}
    c: {kind: kpu, lat: -7.72, lon: 110.66}
  roads:
    edges:
      - {between: [pos, a], time: 2 min}
      - {between: [a, b], time: 3 min}
      - {between: [b, c], time: 4 min}
      - {between: [pos, c], time: 10 min}
phases:
  vote: {kind: voting, start: 2024-11-27 07:00, end: 2024-11-27 10:00, exposes: [tps]}
  count: {kind: counting, start: 2024-11-27 10:00, end: 2024-11-27 13:00, exposes: [tps]}
community:
  camps: {a: {share: 0.5, legitimacy: 0.5}, b: {share: 0.5, legitimacy: 0.6}}
  channels: {hoax: {start: 0.3, spread_per_day: 1}}
  observers: {kst: {kind: kst, places: {ids: [a, b, c]}, detection_per_h: 60, report_delay: 2 min, lost_share: 0.2, false_alarms_per_day: 20}}
triggers:
  protest:
    rate: 2/h
    places: {ids: [a, b]}
    weigh_by: voters
    most: 2
    effects:
      - {do: gather_crowd, size: {dist: uniform, low: 40, high: 90}, grievance: 0.8, stays: 30 min}
      - {do: march, to: c, share: 0.3, after: 20 min, speed_kmh: 20}
  flood: {at: [2024-11-27 08:30], places: {ids: [b]}, effects: [{do: close_road, between: [a, b], lasts: 1 h}]}
  crash: {at: [2024-11-27 09:00], places: {ids: [pos]}, effects: [{do: lose_unit, unit: car, lasts: 40 min}]}
  worry: {when: tension_hoax > 0.2 and crowd_present > 30, held_for: 5 min, most: 2, places: {ids: [a, b]}, effects: [{do: raise_tension, channel: hoax, by: 0.1}]}
unit_types:
  patrol: {agency: police, capabilities: [patrol, presence], personnel: 2, turn_out: {dist: exponential, mean: 90 s}, stamina: 1 h, rest: 20 min}
  dalmas: {agency: police, capabilities: [presence, dialogue, line, push, arrest], personnel: 30, turn_out: 4 min}
units:
  car: {type: patrol, base: pos, count: 2, shifts: [{start: '06:00', end: '11:30'}]}
  dalmas: {type: dalmas, base: pos, count: 2}
command: {handling: {dist: exponential, mean: 2 min}, stages: {green: {needs: {presence: 1}, priority: 4}}}
calls:
  quarrel: {rate: 6/h, places: {ids: [a, b]}, on_scene: {dist: lognormal, mean: 12 min, cv: 0.6}, patience: 20 min}
standards: {soon: {capability: patrol, within: 6 min, places: {kinds: [tps]}}}
"""


def town(changes: str = "") -> str:
    """Return the town with sections replaced."""
    return "".join({**sections(TOWN), **sections(changes)}.values())


def shown(records: list[Record], without: str | None = None) -> list[tuple[Any, ...]]:
    """Return what was written, without record ids and what a unit or place itself wrote."""
    return [
        (r.time_s, r.kind, r.entity, r.place, r.values)
        for r in records
        if without is None or not (r.entity == without or r.values.get("at") == without)
    ]


def test_the_same_seed_gives_the_same_records_and_another_does_not() -> None:
    assert rehearse(TOWN) == rehearse(TOWN)
    assert rehearse(TOWN, seed=2) != rehearse(TOWN)


def test_a_replication_is_the_same_whatever_ran_before_it() -> None:
    scenario = scene(TOWN)
    alone = stage(scene(TOWN), replication=3)[1]
    for replication in (0, 1, 7):
        stage(scenario, replication=replication)
    assert stage(scenario, replication=3)[1] == alone
    assert stage(scenario, replication=2)[1] != alone


def test_a_place_nobody_can_reach_changes_nothing_else() -> None:
    island = TOWN.replace(
        "  roads:\n",
        "    isle: {kind: other, no_road: true, lat: -7.70, lon: 110.62, village: a}\n  roads:\n",
    )
    assert shown(rehearse(island, seed=3)) == shown(rehearse(TOWN, seed=3))


@pytest.mark.parametrize("idle", [3, 30])
def test_idle_places_cost_no_event(idle: int) -> None:
    """Places at which nothing happens add nothing to the log, and not one event to the clock."""
    more = TOWN.replace(
        "  roads:\n",
        "".join(f"    idle{i}: {{kind: other, lat: -7.70, lon: 110.62, village: a}}\n" for i in range(idle))
        + "  roads:\n",
    ).replace(
        "phases:\n",
        "".join(f"      - {{between: [pos, idle{i}], time: {i + 5} min}}\n" for i in range(idle))
        + "phases:\n",
    )
    plain, with_idle = stage(TOWN), stage(more)
    told = [[(r.time_s, r.kind, r.entity, r.place) for r in records] for _run, records in (plain, with_idle)]
    assert told[0] == told[1]
    # SimPy numbers its events, so the next number tells how many there were.
    assert next(with_idle[0].env._eid) == next(plain[0].env._eid)


def test_a_unit_nobody_asks_for_changes_nothing_else() -> None:
    more = TOWN.replace(
        "units:\n",
        "  fire: {agency: fire, capabilities: [fire], personnel: 6, turn_out: {dist: exponential, mean: 1 min}}\nunits:\n",
    )
    more = more.replace("command:", "  pump: {type: fire, base: pos}\ncommand:")
    assert shown(rehearse(more), "pump") == shown(rehearse(TOWN))


def test_a_unit_never_on_shift_changes_nothing_else() -> None:
    more = TOWN.replace(
        "command:", "  spare: {type: patrol, base: a, shifts: [{start: '18:00', end: '20:00'}]}\ncommand:"
    )
    assert shown(rehearse(more), "spare") == shown(rehearse(TOWN))
    assert {r.kind.value for r in rehearse(more) if r.entity == "spare"} == {"unit_off_shift"}


def test_minutes_and_seconds_say_the_same() -> None:
    in_seconds = re.sub(r"\b(\d+) min\b", lambda m: f"{int(m[1]) * 60} s", TOWN)
    assert in_seconds != TOWN
    assert rehearse(in_seconds) == rehearse(TOWN)


@pytest.mark.parametrize("days", [1, 30, 366])
def test_shifting_every_date_by_whole_days_changes_nothing(days: int) -> None:
    def later(match: re.Match[str]) -> str:
        return f"{datetime.fromisoformat(match[0]) + timedelta(days=days):%Y-%m-%d %H:%M}"

    shifted = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", later, TOWN)
    assert rehearse(shifted) == rehearse(TOWN)


def test_renaming_places_changes_nothing_but_their_names() -> None:
    """Villages, channels and places draw from no stream of their own name; units, crowds and triggers do."""
    renamed = re.sub(r"\bpos\b", "home", TOWN.replace("kind: kpu", "kind: kpu, village: c"))
    names = {"home": "pos", "home|a": "pos|a", "home|c": "pos|c"}

    def back(value: Any) -> Any:
        if isinstance(value, list):
            return [back(each) for each in value]
        if isinstance(value, dict):
            return {key: back(each) for key, each in value.items()}
        return names.get(value, value) if isinstance(value, str) else value

    told = [(t, k, back(e), back(p), back(v)) for t, k, e, p, v in shown(rehearse(renamed))]
    assert told == shown(rehearse(TOWN))


def test_splitting_a_road_at_a_junction_changes_no_time() -> None:
    split = TOWN.replace(
        "- {between: [b, c], time: 4 min}",
        "- {between: [b, half], time: 1 min}\n      - {between: [half, c], time: 3 min}",
    )

    def times(text: str) -> list[tuple[float, str, str]]:
        unrouted = text.replace("lasts: 1 h", "lasts: 0 s").replace(
            "at: [2024-11-27 08:30]", "at: [2024-11-27 12:59]"
        )
        return [(r.time_s, r.kind.value, r.entity) for r in rehearse(unrouted) if r.kind != "unit_ordered"]

    assert times(split) == times(TOWN)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.integers(0, 3), st.integers(0, 30))
def test_a_longer_road_shortens_no_way(which: int, more_min: int) -> None:
    edges = ["[pos, a], time: 2", "[a, b], time: 3", "[b, c], time: 4", "[pos, c], time: 10"]
    minutes = int(edges[which].rsplit(" ", 1)[1])
    longer = TOWN.replace(edges[which], f"{edges[which].rsplit(' ', 1)[0]} {minutes + more_min}")
    before, after = scene(TOWN).world.roads, scene(longer).world.roads
    for node in range(4):
        assert (after.times_from(node) >= before.times_from(node)).all()


def test_twice_the_speed_halves_every_journey() -> None:
    text = "calls: {quarrel: {known: [{after: 1 min, place: b}, {after: 2 h, place: c}], on_scene: 5 min}}\n"
    slow = of(rehearse(text), "unit_departed")
    fast = of(
        rehearse(
            text
            + "unit_types: {patrol: {agency: police, capabilities: [patrol], personnel: 2, turn_out: 1 min, pace: 2}}\n"
        ),
        "unit_departed",
    )
    assert [r.values["travel_s"] for r in fast] == [r.values["travel_s"] / 2 for r in slow]


@settings(max_examples=10, deadline=None, derandomize=True)
@given(st.integers(1, 4), st.integers(0, 1000))
def test_one_more_unit_like_the_others_makes_nobody_wait_longer(units: int, seed: int) -> None:
    def waits(count: int) -> list[float | None]:
        records = rehearse(
            f"""\
horizon: 3 h
unit_types: {{patrol: {{agency: police, capabilities: [patrol], personnel: 2, turn_out: 0 s, after: stay}}}}
area:
  places: {{pos: {{kind: polsek}}, a: {{kind: tps, voters: 1}}}}
  roads: {{edges: [{{between: [pos, a], time: 0 s}}]}}
units: {{car: {{type: patrol, base: pos, count: {count}}}}}
calls: {{quarrel: {{rate: 20/h, on_scene: {{dist: exponential, mean: 10 min}}}}}}
""",
            seed=seed,
        )
        formed = {r.entity: r.time_s for r in of(records, "incident_formed")}
        return [formed.get(r.entity, float("inf")) - r.time_s for r in of(records, "incident_opened")]

    assert all(more <= fewer for more, fewer in zip(waits(units + 1), waits(units), strict=True))


@settings(max_examples=6, deadline=None, derandomize=True)
@given(st.integers(0, 10_000))
def test_the_books_balance(seed: int) -> None:
    operation, records = stage(scene(TOWN), seed=seed)
    world = operation.world
    for row in unit_times(records, world):
        assert sum(row.state_s.values()) == pytest.approx(world.horizon_s)
    check_parts(responses(records, world))
    opened = {r.entity for r in of(records, "incident_opened", sort="call")}
    fates = {r.entity: r.values["outcome"] for r in of(records, "incident_closed") if r.entity in opened}
    still = {name for name, each in operation.scene.posko.incidents.items() if each.sort == "call"}
    assert opened == fates.keys() | still
    assert not fates.keys() & still
    assert set(fates.values()) <= {"served", "lost", "abandoned"}


def test_without_demand_cover_is_static_cover() -> None:
    quiet = town("triggers: {}\ncalls: {}\ncommunity: {}\n")
    operation, records = stage(scene(quiet))
    (found,), (static,) = (
        coverage(records, operation.world).values(),
        static_coverage(operation.world).values(),
    )
    assert found.share.tolist() == static.share.tolist()
    assert found.time_s.tolist() == static.time_s.tolist()


def test_without_grievance_nobody_acts() -> None:
    calm = (
        TOWN.replace("grievance: 0.8", "grievance: 0")
        .replace("hoax: {start: 0.3,", "hoax: {start: 0, rest: 0,")
        .replace("by: 0.1", "by: 0.0")
    )
    samples = of(rehearse(calm), "crowd_sampled")
    assert samples
    assert all(r.values["active"] == r.values["violent"] == 0 for r in samples)
    assert any(r.values["active"] > 0 for r in of(rehearse(TOWN), "crowd_sampled"))


@given(st.integers(0, 2**63), st.integers(0, 10_000), st.lists(st.text(max_size=8), min_size=1, max_size=4))
def test_a_stream_depends_on_its_names_only_and_names_do_not_run_together(
    seed: int, replication: int, names: list[str]
) -> None:
    def draws(*path: str) -> list[float]:
        return [float(x) for x in stream(seed, replication, *path).random(3)]

    assert draws(*names) == draws(*names)
    assert draws(*names) != draws(*names, "")
    assert draws(*names) != draws(*names[:-1], names[-1] + "x")
    assert draws(*names) != [float(x) for x in stream(seed, replication + 1, *names).random(3)]
