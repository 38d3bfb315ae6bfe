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
from scipy.sparse.csgraph import floyd_warshall

from kontijensi.experiment.placement.location import (
    Location,
    PlacementError,
    expected_coverage,
    max_coverage,
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


def or_library(path: Path) -> Location:
    """Solve an uncapacitated p-median file of the OR-Library; of a repeated edge the last cost holds."""
    numbers = list(map(int, path.read_text().split()))
    n, _m, p = numbers[:3]
    cost = np.full((n, n), np.inf)
    np.fill_diagonal(cost, 0)
    for a, b, c in zip(numbers[3::3], numbers[4::3], numbers[5::3], strict=True):
        cost[a - 1, b - 1] = cost[b - 1, a - 1] = c
    return p_median(floyd_warshall(cost), np.ones(n), p)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the OR-Library does not come with the program")
@pytest.mark.parametrize(("name", "best"), [("pmed1.txt", 5819), ("pmed2.txt", 4093)])
def test_or_library(name: str, best: int) -> None:
    found = or_library(SHARED / name)
    assert (found.value, found.gap) == (best, 0.0)


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
    assert "Use the optimiser to place, the rehearsal to predict" in out
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
        (["--capability", "water"], 1, "no unit of the roster has the capability 'water'"),
    ],
)
def test_wrong_orders_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], code: int, complaint: str
) -> None:
    found, out, err = place(tmp_path, capsys, *options, "--lang", "en")
    assert (found, out) == (code, "")
    assert complaint in err
