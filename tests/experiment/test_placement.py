"""Placement: optima known from the literature and by hand, and a proposal rehearsed against today's plan."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import combinations_with_replacement
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kontijensi.api import load_text as load_scenario
from kontijensi.api import placement
from kontijensi.experiment.placement.location import (
    PlacementError,
    expected_coverage,
    max_coverage,
    or_library,
    p_median,
)
from kontijensi.experiment.placement.proposal import Method, Question, propose
from kontijensi.experiment.placement.trial import rehearsed
from kontijensi.scenario.document import load_text
from kontijensi.scenario.schema.force import Capability
from kontijensi.vocabulary.words import use_language
from kontijensi.world import World, compile_world


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with use_language("en"):
        yield


COVERS = np.array([[1, 1, 0, 0], [0, 1, 1, 0], [1, 0, 0, 1]], dtype=bool)
DEMANDS = np.array([2.0, 2.0, 1.0, 1.0])


@pytest.mark.parametrize(("n", "best"), [(1, 4.0), (2, 6.0), (3, 6.0)])
def test_maximal_covering_toy(n: int, best: float) -> None:
    assert max_coverage(COVERS, DEMANDS, n).value == best


@pytest.mark.parametrize(("n", "best"), [(1, 2.4), (2, 3.6), (3, 4.56)])
def test_expected_covering_toy(n: int, best: float) -> None:
    assert expected_coverage(COVERS, DEMANDS, n, busy=0.4).value == pytest.approx(best)


def test_p_median_on_a_line() -> None:
    # Demands at 0, 1, 2, 10, 11, 12: two sites stand in the middle of each cluster, one stands at 2 or 10.
    at = np.array([0.0, 1, 2, 10, 11, 12])
    cost = np.abs(at[:, None] - at[None, :])
    two = p_median(cost, np.ones(6), 2)
    assert (two.units, two.value, two.gap) == ((0, 1, 0, 0, 1, 0), 4.0, 0.0)
    assert p_median(cost, np.ones(6), 1).value == 30.0
    assert p_median(cost, np.array([9.0, 1, 1, 1, 1, 1]), 1).units.index(1) == 0


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.integers(1, 3))
def test_optima_equal_a_search_through_all_choices(seed: int, n: int) -> None:
    draw = np.random.default_rng(seed)
    cost = draw.integers(1, 9, (4, 6)).astype(float)
    weight = draw.integers(1, 5, 6).astype(float)
    covers, needed = draw.random((4, 6)) < 0.4, draw.integers(1, 3, 6)
    choices = [np.bincount(c, minlength=4) for c in combinations_with_replacement(range(4), n)]
    least = min(float(weight @ cost[u > 0].min(axis=0)) for u in choices if u.max() == 1)
    assert p_median(cost, weight, n).value == pytest.approx(least)
    most = max(float(weight @ (u @ covers >= needed)) for u in choices if u.max() <= max(needed.max(), 1))
    assert max_coverage(covers, weight, n, needed).value == pytest.approx(most)
    mean = max(float(weight @ (1 - 0.3 ** (u @ covers))) for u in choices)
    assert expected_coverage(covers, weight, n, 0.3).value == pytest.approx(mean)


def test_more_units_than_sites_share_them() -> None:
    assert max_coverage(COVERS, DEMANDS, 7).value == 6.0
    assert sum(max_coverage(COVERS, DEMANDS, 7).units) == 7


def test_questions_without_an_answer() -> None:
    cost = np.ones((2, 2))
    with pytest.raises(PlacementError, match="3 units at 2 sites: the p-median puts one unit at a site"):
        p_median(cost, np.ones(2), 3)
    with pytest.raises(PlacementError, match="out of reach from every site"):
        p_median(np.full((2, 2), np.inf), np.ones(2), 1)
    with pytest.raises(PlacementError, match="0 units: at least one is placed"):
        max_coverage(COVERS, DEMANDS, 0)
    with pytest.raises(PlacementError, match=r"busy share 1\.0"):
        expected_coverage(COVERS, DEMANDS, 1, 1.0)


def test_a_place_that_only_one_site_reaches_holds_it() -> None:
    cost = np.array([[1.0, 9.0, np.inf], [1.0, 1.0, np.inf], [50.0, 50.0, 1.0]])
    assert p_median(cost, np.ones(3), 1).units == (0, 0, 1)


SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "verification"


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.is_dir(), reason="the OR-Library does not come with the program")
@pytest.mark.parametrize(("name", "best"), [("pmed1.txt", 5819), ("pmed2.txt", 4093)])
def test_or_library(name: str, best: int) -> None:
    cost, p = or_library((SHARED / name).read_text())
    found = p_median(cost, np.ones(len(cost)), p)
    assert (found.value, found.gap) == (best, 0.0)


def test_of_a_repeated_edge_the_last_cost_holds() -> None:
    cost, p = or_library("3 4 1\n1 2 1\n2 3 4\n1 2 7\n3 3 9\n")
    assert p == 1
    assert cost.tolist() == [[0, 7, 11], [7, 0, 4], [11, 4, 0]]
    assert p_median(cost, np.ones(3), p).value == 11


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "at least three"),
        ("3 x 1", "whole numbers"),
        ("3 2 1 1 2 5", "2 edges are announced, 3 numbers follow, not 6"),
        ("2 1 1 1 3 5", "an edge 1 3 5 with nodes from 1 to 2"),
        ("2 1 1 1 2 -5", "an edge 1 2 -5"),
    ],
)
def test_what_is_no_p_median_file_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(PlacementError, match=complaint):
        or_library(text)


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.integers(2, 4))
def test_room_is_kept_and_the_best_within_it_is_found(seed: int, n: int) -> None:
    draw = np.random.default_rng(seed)
    least, most = draw.integers(0, 2, 4), draw.integers(1, 4, 4)
    covers, weight = draw.random((4, 6)) < 0.4, draw.integers(1, 5, 6).astype(float)
    choices = [np.bincount(c, minlength=4) for c in combinations_with_replacement(range(4), n)]
    fitting = [u for u in choices if (least <= u).all() and (u <= most).all()]
    room = {"at_least": least.tolist(), "at_most": most.tolist()}
    if not fitting:
        with pytest.raises(PlacementError, match=f"{n} units do not fit"):
            placement.expected_coverage(covers, weight, n, busy=0.3, **room)
        return
    found = placement.expected_coverage(covers, weight, n, busy=0.3, **room)
    assert found.value == pytest.approx(max(float(weight @ (1 - 0.3 ** (u @ covers))) for u in fitting))
    assert any((np.array(found.units) == u).all() for u in fitting)
    full = placement.max_coverage(covers, weight, n, needed=2, **room)
    assert full.value == pytest.approx(max(float(weight @ (u @ covers >= 2)) for u in fitting))


def test_the_p_median_keeps_off_sites_that_take_nobody() -> None:
    at = np.array([0.0, 1, 2, 10, 11, 12])
    cost = np.abs(at[:, None] - at[None, :])
    found = placement.p_median(cost, np.ones(6), 2, at_most=[1, 0, 1, 1, 1, 1], at_least=[0, 0, 0, 0, 0, 1])
    assert found.value == 6.0  # at 0 or 2, 3 away in all; at 12 3 away in all
    assert found.units[1] == 0
    assert found.units[5] == 1


def test_tables_that_do_not_fit_are_refused() -> None:
    with pytest.raises(PlacementError, match="one weight a place"):
        placement.p_median([[1, 2]], [1], 1)
    with pytest.raises(PlacementError, match="numbers from 0 on"):
        placement.p_median([[1, -2]], [1, 1], 1)
    with pytest.raises(PlacementError, match="one number for each of 2 sites"):
        placement.max_coverage([[1], [0]], [1], 1, at_most=[1])
    with pytest.raises(PlacementError, match="must have more units than it may take"):
        placement.max_coverage([[1], [0]], [1], 2, at_least=[2, 0], at_most=[1, 1])
    with pytest.raises(PlacementError, match="no choice of sites reaches every place"):
        placement.p_median([[0, np.inf], [np.inf, 0]], [1, 1], 1)


# -- from a scenario -----------------------------------------------------------------------------------------

SCENARIO = """\
kontijensi: 1
name: A valley with its only post at one end
language: en
start: 2029-02-14 06:00
horizon: 8 h
area:
  places:
    west: {kind: polsek, district: barat}
    middle: {kind: polsek, district: tengah}
    east: {kind: polsek, district: timur}
    tps-1: {kind: tps, voters: 200}
    tps-2: {kind: tps, voters: 300}
    tps-3: {kind: tps, voters: 300}
  roads:
    edges:
      - {between: [west, tps-1], time: 2 min}
      - {between: [tps-1, middle], time: 8 min}
      - {between: [middle, tps-2], time: 2 min}
      - {between: [middle, tps-3], time: 3 min}
      - {between: [tps-3, east], time: 9 min}
unit_types:
  patrol: {agency: police, capabilities: [patrol], personnel: 2, turn_out: 1 min}
  dialogue: {agency: community, capabilities: [dialogue], personnel: 2, turn_out: 1 min}
units:
  before: {type: dialogue, base: east}
  patrol: {type: patrol, base: west, count: 2, sector: [barat]}
  after: {type: dialogue, base: west}
standards:
  patrol: {capability: patrol, within: 5 min, places: {kinds: [tps]}, weigh_by: voters}
calls:
  call: {rate: 3/h, places: {kinds: [tps]}, on_scene: 10 min}
"""


@pytest.fixture(scope="module")
def valley() -> World:
    return compile_world(load_text(SCENARIO).file)


def test_a_proposal_covers_more_and_moves_only_what_it_must(valley: World) -> None:
    found = propose(valley, Question(Capability.PATROL))
    assert found.sites == ("west", "middle", "east")
    assert (found.today, found.proposed) == ((2, 0, 0), (1, 1, 0))
    assert (found.value_today, found.value_proposed, found.within_s) == (0.25, 1.0, 300.0)
    assert found.moves == (("west", 2, 1), ("middle", 0, 1))
    assert [(u.id, valley.places.ids[u.base], u.sector) for u in found.fleet] == [
        ("before", "east", ()),
        ("patrol", "west", ("barat",)),
        ("patrol-2", "middle", ("tengah",)),
        ("after", "west", ()),
    ]


def test_what_no_road_reaches_is_never_counted_as_covered() -> None:
    island = "    tps-4: {kind: tps, voters: 200, no_road: true}\n  roads:\n"
    world = compile_world(load_text(SCENARIO.replace("  roads:\n", island)).file)
    found = propose(world, Question(Capability.PATROL))
    assert (found.value_today, found.value_proposed) == (0.2, 0.8)
    expected = propose(world, Question(Capability.PATROL, method=Method.EXPECTED_COVERAGE, busy=0.0))
    assert expected.value_proposed == 0.8


def test_more_units_and_fewer(valley: World) -> None:
    more = propose(valley, Question(Capability.PATROL, units=4, method=Method.EXPECTED_COVERAGE, busy=0.5))
    assert sum(more.proposed) == 4
    assert [unit.id for unit in more.fleet if unit.type_id == "patrol"] == [
        "patrol",
        "patrol-2",
        "patrol-3",
        "patrol-4",
    ]
    fewer = propose(valley, Question(Capability.PATROL, units=1, method=Method.P_MEDIAN))
    assert fewer.proposed == (0, 1, 0)
    # 9 min to 200 voters, 3 to 300, 4 to 300, turn-out included.
    assert fewer.value_proposed == pytest.approx((200 * 9 + 300 * 3 + 300 * 4) / 800 * 60)


def test_within_replaces_the_standards_time(valley: World) -> None:
    assert propose(valley, Question(Capability.PATROL, units=1, within_s=540.0)).value_proposed == 1.0


def test_what_cannot_be_placed_is_said(valley: World) -> None:
    with pytest.raises(PlacementError, match="no unit of the roster has the capability 'water'"):
        propose(valley, Question(Capability.WATER))
    with pytest.raises(PlacementError, match=r"'patrl': no such type .* did you mean patrol"):
        propose(valley, Question(Capability.PATROL, type_id="patrl"))
    with pytest.raises(PlacementError, match="say within what time with --within"):
        propose(valley, Question(Capability.DIALOGUE))


def test_the_rehearsal_shows_speed_and_cover_harm_and_legitimacy(valley: World) -> None:
    lines = {
        line.measure.key: line
        for line in rehearsed(valley, propose(valley, Question(Capability.PATROL)), 3, 7)
    }
    response = lines["response_median"].difference
    assert response is not None
    assert response.mean < 0
    assert lines["static.patrol"].first == 0.25
    assert lines["static.patrol"].second == 1.0
    assert {"harm_public", "harm_officer", "force_uses", "stopped", "coverage.patrol"} <= lines.keys()
    assert [key for key in lines if key.startswith("legitimacy.")]


def test_a_plan_against_itself_differs_in_nothing(valley: World) -> None:
    found = propose(valley, Question(Capability.PATROL, within_s=60.0 * 60))
    same = type(found)(
        **{name: getattr(found, name) for name in found.__slots__ if name != "fleet"}, fleet=valley.fleet
    )
    for line in rehearsed(valley, same, 2, 7):
        assert line.difference is not None
        assert (line.difference.mean, line.difference.variance) == (0.0, 0.0), line.measure.key


def test_room_at_a_base_is_kept() -> None:
    scenario = load_scenario(SCENARIO)
    assert scenario.place("patrol", at_most={"middle": 0}).proposed[1] == 0
    assert scenario.place("patrol", at_least={"east": 1}, units=2).proposed[2] == 1
    with pytest.raises(ValueError, match="patrl"):
        scenario.place("patrl")


TOY = """\
kontijensi: 1
name: Three posts and four stations
language: en
start: 2029-02-14 06:00
horizon: 2 h
area:
  places:
    s1: {kind: polsek}
    s2: {kind: polsek}
    s3: {kind: polsek}
    d1: {kind: tps, voters: 2}
    d2: {kind: tps, voters: 2}
    d3: {kind: tps, voters: 1}
    d4: {kind: tps, voters: 1}
  roads:
    edges:
      - {between: [s1, d1], time: 4 min}
      - {between: [s1, d2], time: 4 min}
      - {between: [s2, d2], time: 4 min}
      - {between: [s2, d3], time: 4 min}
      - {between: [s3, d1], time: 4 min}
      - {between: [s3, d4], time: 4 min}
unit_types: {car: {agency: police, capabilities: [patrol], personnel: 2, turn_out: 0 s}}
units: {car: {type: car, base: s1}}
standards: {near: {capability: patrol, within: 5 min, places: {kinds: [tps]}, weigh_by: voters}}
"""


@pytest.mark.parametrize("busy", [0.1, 0.4, 0.7])
@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_the_toy_written_as_a_scenario(n: int, busy: float) -> None:
    scenario = load_scenario(TOY)
    best = {1: 4.0}.get(n, 6.0)
    assert scenario.place("patrol", units=n).value_proposed * 6 == pytest.approx(best)
    choices = [np.bincount(c, minlength=3) for c in combinations_with_replacement(range(3), n)]
    mean = max(float(DEMANDS @ (1 - busy ** (units @ COVERS))) for units in choices)
    found = scenario.place("patrol", units=n, method="expected-coverage", busy=busy)
    assert found.value_proposed * 6 == pytest.approx(mean)
    if busy == 0.4 and n <= 3:
        assert mean == pytest.approx({1: 2.4, 2: 3.6, 3: 4.56}[n])


# -- the command ---------------------------------------------------------------------------------------------


def place(tmp_path: Path, capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, str, str]:
    from kontijensi.cli import main

    (tmp_path / "valley.yaml").write_text(SCENARIO)
    with pytest.raises(SystemExit) as end:
        main(["place", str(tmp_path / "valley.yaml"), "--replications", "1", *options])
    said = capsys.readouterr()
    return int(end.value.code or 0), said.out, said.err


def test_the_command_prints_both_plans(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = place(tmp_path, capsys, "--capability", "patrol", "--lang", "en")
    assert code == 0
    assert "today 25.0%, proposed 100.0%" in out
    for word in ("response, median", "cover (patrol)", "people hurt, public", "change of legitimacy"):
        assert word in out
    assert "Use the optimiser to place, the simulation to predict" in out
    assert "Rehearsing replication 1 of 1: today's plan" in err


def test_the_command_answers_in_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _err = place(tmp_path, capsys, "--capability", "patrol", "--json", "--quiet")
    answer = json.loads(out)
    assert (code, answer["value"]) == (0, {"today": 0.25, "proposed": 1.0, "gap": 0.0})
    assert answer["sites"][1] == {"place": "middle", "today": 0, "proposed": 1}


@pytest.mark.parametrize(
    ("options", "code", "complaint"),
    [
        (["--capability", "patrl"], 2, "--capability 'patrl': did you mean 'patrol'?"),
        (["--capability", "patrol", "--method", "magic"], 2, "choose from p-median, max-coverage"),
        (["--capability", "patrol", "--within", "5"], 2, "--within: "),
        (["--capability", "patrol", "--busy", "1"], 2, "a share from 0 to below 1"),
        (["--capability", "patrol", "--units", "0"], 1, "0 units: at least one is placed"),
        (["--capability", "patrol", "--at-most", "west"], 2, "write PLACE=N once for each place"),
        (
            ["--capability", "patrol", "--at-least", "wst=1"],
            1,
            "'wst': no such site for these units; did you mean west?",
        ),
        (["--capability", "patrol", "--at-least", "west=3"], 1, "2 units do not fit: the sites must have 3"),
        (["--capability", "water"], 1, "no unit of the roster has the capability 'water'"),
    ],
)
def test_wrong_orders_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], code: int, complaint: str
) -> None:
    found, out, err = place(tmp_path, capsys, *options, "--lang", "en")
    assert (found, out) == (code, "")
    assert complaint in err
