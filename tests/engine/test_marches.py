"""People who march from one place to another."""

# ruff: noqa: E501 - the lines of a scenario are as long as planners write them

from __future__ import annotations

import pytest

from tests.engine.scenes import CALM, minutes, of, one, rehearse

GATHER = "{do: gather_crowd, size: 100, grievance: 0, over: 0 s, stays: 2 h}"


def march(effect: str, *more: str) -> str:
    effects = ", ".join((GATHER, effect, *more))
    return (
        CALM + f"triggers:\n  event: {{at: [2024-11-27 07:30], places: {{ids: [a]}}, effects: [{effects}]}}\n"
    )


def test_who_departs_here_joins_there_after_the_time_it_takes_on_foot() -> None:
    records = rehearse(march("{do: march, to: c, share: 0.4, after: 10 min, speed_kmh: 5}"))
    left = one(records, "crowd_marched", "event-1")
    assert (left.time_s / 60, left.values["people"], left.values["to"]) == (40, 40, "c")
    walk_s = 4 * 60 * 35 / 5  # four minutes by car at 35 km/h, walked at 5 km/h
    assert left.values["arrives_s"] == pytest.approx(left.time_s + walk_s)
    there = one(records, "crowd_joined", wave="march")
    assert (there.place, there.values["people"]) == ("c", 40)
    assert there.time_s == pytest.approx(left.values["arrives_s"])
    ended = {r.entity: r.values for r in of(records, "crowd_ended")}
    assert ended["event-1"]["departed"] == 40


def test_everybody_may_march_and_the_place_is_empty() -> None:
    records = rehearse(march("{do: march, to_kind: kpu, after: 10 min}"))
    ended = one(records, "crowd_ended", "event-1")
    assert 40 <= ended.time_s / 60 <= 41
    assert (ended.values["departed"], ended.values["left"]) == (100, 0)
    assert one(records, "crowd_gathered", "event-1-c").values["expected"] == 100


def test_the_nearest_of_a_kind_is_by_road_and_never_the_place_itself() -> None:
    records = rehearse(march("{do: march, to_kind: tps, after: 10 min}"))
    assert one(records, "crowd_marched").values["to"] == "b"


def test_marchers_join_the_crowd_that_is_there() -> None:
    also = "  other: {at: [2024-11-27 07:00], places: {ids: [b]}, effects: [{do: gather_crowd, size: 10, grievance: 0, over: 0 s, stays: 3 h}]}\n"
    records = rehearse(march("{do: march, to: b, after: 10 min}") + also)
    assert one(records, "crowd_joined", wave="march").entity == "other-1"


def test_two_marches_to_one_place_one_after_the_other_are_two_crowds() -> None:
    short = "stays: 0 s, speed_kmh: 80"
    records = rehearse(
        march(
            f"{{do: march, to: b, share: 0.1, after: 5 min, {short}}}",
            f"{{do: march, to: b, share: 0.1, after: 75 min, {short}}}",
        ).replace("fatigue_leave_per_h: 0", "fatigue_leave_per_h: 0, controlled_leave_per_h: 240")
    )
    assert len(of(records, "crowd_marched")) == 2
    names = [r.entity for r in of(records, "crowd_gathered") if r.place == "b"]
    assert names == ["event-1-b", "event-1-b-2"]
    opened = [r.entity for r in of(records, "incident_opened")]
    assert len(opened) == len(set(opened))


def test_nobody_marches_where_no_road_leads_and_all_stay() -> None:
    blocked = "{do: close_road, lasts: 4 h}"
    records = rehearse(march("{do: march, to: c, after: 10 min}", blocked))
    assert not of(records, "crowd_marched")
    assert one(records, "crowd_ended").values["departed"] == 0


def test_a_march_to_where_it_is_or_without_people_is_none() -> None:
    assert not of(rehearse(march("{do: march, to: a, after: 10 min}")), "crowd_marched")
    assert not of(rehearse(march("{do: march, to: b, share: 0.001, after: 10 min}")), "crowd_marched")


def test_marchers_go_home_after_their_stay() -> None:
    records = rehearse(march("{do: march, to: b, after: 0 s, stays: 30 min, speed_kmh: 80}"))
    arrived = one(records, "crowd_joined", wave="march").time_s
    gone = [r.time_s for r in of(records, "crowd_sampled", "event-1-b") if r.values["left"] > 0]
    assert min(gone) > arrived + 30 * 60
    assert minutes(records, "crowd_gathered", "event-1-b") == [round(arrived / 60, 6)]


CLOSING = "  flood: {at: [2024-11-27 07:45], places: {ids: [b]}, effects: [{do: close_road, between: [b, c], lasts: LASTS}]}\n"


def test_a_march_takes_another_way_at_the_next_junction_when_its_road_closes() -> None:
    records = rehearse(
        march("{do: march, to: c, after: 10 min, speed_kmh: 35}")
        + CLOSING.replace("LASTS", "3 h").replace("07:45", "07:41")
    )
    turned = one(records, "march_rerouted")
    assert (turned.place, turned.time_s / 60) == ("b", pytest.approx(42))
    assert turned.values["arrives_s"] / 60 == pytest.approx(42 + 2 + 2 + 10)
    assert one(records, "crowd_joined", wave="march").time_s / 60 == pytest.approx(56)


def test_a_march_without_any_way_waits_at_the_junction_for_one() -> None:
    shut = CLOSING.replace("LASTS", "1 h").replace("07:45", "07:41")
    also = shut.replace("flood", "flood2").replace("[b, c]", "[pos, c]")
    records = rehearse(march("{do: march, to: c, after: 10 min, speed_kmh: 35}") + shut + also)
    assert [r.values["arrives_s"] is None for r in of(records, "march_rerouted")] == [True, False]
    assert one(records, "crowd_joined", wave="march").time_s / 60 == pytest.approx(101 + 2)


def test_a_road_that_closes_behind_or_beside_a_march_changes_nothing() -> None:
    plain = march("{do: march, to: c, after: 10 min, speed_kmh: 35}")
    quiet = one(rehearse(plain), "crowd_joined", wave="march").time_s
    for between, at in (("[a, b]", "07:43"), ("[pos, a]", "07:41")):
        records = rehearse(
            plain + CLOSING.replace("LASTS", "1 h").replace("[b, c]", between).replace("07:45", at)
        )
        assert not of(records, "march_rerouted")
        assert one(records, "crowd_joined", wave="march").time_s == quiet


def test_a_convoy_goes_where_its_mode_may() -> None:
    area = """\
area:
  places: {pos: {kind: polsek}, a: {kind: tps, voters: 300}, b: {kind: tps, voters: 300}, c: {kind: kpu}}
  roads:
    edges:
      - {between: [pos, a], time: 2 min}
      - {between: [a, b], time: 2 min}
      - {between: [b, c], length_km: 1, road_class: path}
      - {between: [a, c], length_km: 50}
"""
    text = "{do: march, to: c, after: 10 min, speed_kmh: 25, mode: MODE}"
    on_foot, by_truck = (
        one(rehearse(area + march(text.replace("MODE", mode))), "crowd_marched").values["arrives_s"] / 60 - 40
        for mode in ("foot", "truck")
    )
    assert by_truck == pytest.approx(50 / 25 * 60)
    assert on_foot < 15
