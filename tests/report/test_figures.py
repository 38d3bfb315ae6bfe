"""The figures: each a matplotlib figure made from a dossier, or nothing where there is nothing to draw."""

from __future__ import annotations

import re

import numpy as np
import pytest
from matplotlib.figure import Figure

from kontijensi.report.dossier import Dossier, dossier
from kontijensi.report.figures.area import figure_map
from kontijensi.report.figures.canvas import clock_axis, new_figure, svg_of
from kontijensi.report.figures.chain import figure_calls, figure_chain
from kontijensi.report.figures.cover import figure_coverage, figure_heat, figure_reasons, missed, worst_hour
from kontijensi.report.figures.duty import figure_duty
from kontijensi.report.figures.ledger import figure_harm
from kontijensi.report.figures.story import (
    figure_crowds,
    figure_legitimacy,
    figure_people,
    figure_story,
    figure_tension,
)
from kontijensi.scenario.outlines import Outline
from tests.report.sample import at, eventful, run_of, uneventful, world_of

FIGURES = (
    figure_chain,
    figure_coverage,
    figure_heat,
    figure_reasons,
    figure_map,
    figure_story,
    figure_people,
    figure_crowds,
    figure_tension,
    figure_harm,
    figure_legitimacy,
    figure_duty,
)
ONLY_WITH_EVENTS = {figure_chain, figure_story, figure_people, figure_crowds, figure_harm, figure_duty}


@pytest.fixture(scope="module")
def told() -> Dossier:
    return dossier(run_of(eventful()), world_of())


@pytest.fixture(scope="module")
def calm() -> Dossier:
    return dossier(run_of(uneventful()), world_of())


@pytest.mark.parametrize("draw", FIGURES, ids=lambda draw: draw.__name__)
def test_a_figure_is_drawn_where_there_is_something_to_draw(draw, told: Dossier, calm: Dossier) -> None:
    assert isinstance(draw(told), Figure)
    assert (draw(calm) is None) == (draw in ONLY_WITH_EVENTS)


def test_without_ordinary_calls_none_are_drawn(told: Dossier) -> None:
    assert figure_calls(told) is None


def test_the_steps_of_the_chain_are_as_long_as_they_took(told: Dossier) -> None:
    figure = figure_chain(told)
    assert figure is not None
    bars = [bar for bar in figure.axes[0].patches if round(bar.get_y() + bar.get_height() / 2) == 0]
    assert [round(bar.get_width(), 6) for bar in bars] == [1, 2, 1, 3, 5, 10, 4]


def test_cover_is_drawn_down_to_its_lowest_value(told: Dossier) -> None:
    figure = figure_coverage(told)
    assert figure is not None
    heights = np.concatenate([np.asarray(line.get_ydata(), dtype=float) for line in figure.axes[0].lines])
    assert {0.0, 0.625} <= set(heights.round(4))


def test_the_worst_hour_is_the_one_in_which_the_platoon_was_out(told: Dossier) -> None:
    found = worst_hour(told.coverage["peleton_20"], told)
    assert found is not None
    assert found[:2] == (at(9), at(10))
    assert found[2] == pytest.approx(0.625 * 7 / 60)


def test_missed_standards_are_counted_over_time(told: Dossier) -> None:
    assert missed(told, "lor") == [(at(9, 7), at(10), 1)]
    assert missed(told, "kidul") == [(at(7), at(13), 1)]


def test_an_outline_is_drawn_on_the_map(told: Dossier) -> None:
    square = ((110.5, -7.8), (110.7, -7.8), (110.7, -7.6), (110.5, -7.6))
    with_outline = dossier(told.run, told.world, [Outline("Batas", closed=True, lines=(square,))])
    before, after = figure_map(told), figure_map(with_outline)
    assert before is not None
    assert after is not None
    assert len(after.axes[0].patches) == len(before.axes[0].patches) + 1


def test_svg_holds_no_address_and_its_ids_bear_its_name(told: Dossier) -> None:
    figure = figure_harm(told)
    assert figure is not None
    svg = svg_of(figure, "korban", "Judul <b>", "Uraian & lagi")
    assert "http" not in svg
    assert "Judul &lt;b&gt;</title>" in svg
    assert "Uraian &amp; lagi</desc>" in svg
    assert all(name.startswith("korban-") for name in re.findall(r' id="([^"]*)"', svg))


def test_two_figures_of_one_name_are_the_same_bytes(told: Dossier) -> None:
    first, second = figure_map(told), figure_map(told)
    assert first is not None
    assert second is not None
    assert svg_of(first, "peta", "Peta", "Wilayah") == svg_of(second, "peta", "Peta", "Wilayah")


@pytest.mark.parametrize("hours", [0.2, 3.0, 15.0, 48.0, 24 * 11, 24 * 200])
def test_a_clock_axis_has_few_marks_on_round_times(hours: float, told: Dossier) -> None:
    axes = new_figure(600, 200).subplots()
    clock_axis(axes, told.world.calendar, 0.0, hours * 3600.0)
    ticks = axes.get_xticks()
    assert 1 <= len(ticks) <= 13
    assert all((t + 6 * 3600) % 300 == 0 for t in ticks)
