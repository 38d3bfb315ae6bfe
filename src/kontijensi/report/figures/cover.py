"""Where and when cover ran short: its course over time, the places hit, and the reasons."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from kontijensi.analysis.coverage import Coverage, Reason
from kontijensi.report.dossier import Dossier
from kontijensi.report.figures.canvas import (
    BLACK,
    BLUE,
    FAINT,
    GREEN,
    ORANGE,
    PURPLE,
    SKY,
    SOFT,
    VERMILION,
    YELLOW,
    Bar,
    bars,
    clock_axis,
    drawn,
    legend_above,
    new_figure,
    shade_phases,
)
from kontijensi.report.moments import minutes, share
from kontijensi.report.naming import named, place_name, word
from kontijensi.vocabulary.words import _

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_PLACES = 28
REASON_FILL = {
    Reason.NONE_FREE: (VERMILION, ""),
    Reason.TOO_FAR: (BLUE, "////"),
    Reason.FORMATION_SHORT: (ORANGE, "||||"),
    Reason.ROAD_CLOSED: (BLACK, "xxxx"),
    Reason.OFF_SHIFT_OR_RESTING: (PURPLE, "\\\\\\\\"),
    Reason.STOCK_EMPTY: (YELLOW, "++++"),
    Reason.APPROVAL_MISSING: (SKY, "----"),
}
_HEAT = ("#FFFFFF", "#FBD9B5", "#F1995C", "#C8501E", "#7A2408")
"""From no standard missed to four or more, light to dark so that it also reads in grey."""


def held_span(dossier: Dossier) -> tuple[float, float]:
    """Return from when until when any standard held [s]."""
    starts, ends = [], []
    for cover in dossier.coverage.values():
        held = ~np.isnan(cover.share)
        bounds = np.append(cover.time_s, cover.end_s)
        if held.any():
            starts.append(float(bounds[:-1][held].min()))
            ends.append(float(bounds[1:][held].max()))
    return (min(starts), max(ends)) if starts else (0.0, dossier.end_s)


@drawn
def figure_coverage(dossier: Dossier) -> Figure | None:
    """Draw the covered share under each standard over time, and standing cover; None without standards."""
    if not dossier.coverage:
        return None
    start_s, end_s = held_span(dossier)
    n = len(dossier.coverage)
    figure = new_figure(1000, 70 + 118 * n)
    panels = figure.subplots(n, 1, sharex=True, squeeze=False)[:, 0]
    for axes, (standard_id, cover) in zip(panels, dossier.coverage.items(), strict=True):
        standard = dossier.world.scenario.standards[standard_id]
        shade_phases(axes, dossier.world, start_s, end_s, letters=150 if axes is panels[0] else 0)
        _steps(axes, cover)
        static = dossier.static[standard_id]
        standing = np.repeat(np.append(static.time_s, static.end_s), 2)[1:-1]
        axes.plot(
            standing, np.repeat(static.share, 2), color=SOFT, linewidth=1.1, linestyle=(0, (4, 2)), zorder=3
        )
        axes.set_title(named(standard, standard_id), pad=14 if axes is panels[0] else 4)
        average = cover.average()
        axes.text(
            1.0,
            1.04 if axes is not panels[0] else 1.16,
            _("average {share}").format(share=share(average)),
            transform=axes.transAxes,
            ha="right",
            va="bottom",
            fontsize=8.5,
            color=BLUE,
            fontweight="bold",
        )
        axes.set_ylim(0, 1.04)
        axes.set_yticks([0, 0.5, 1], [share(0.0), share(0.5), share(1.0)])
        axes.grid(axis="y", color=FAINT, linewidth=0.6)
    clock_axis(panels[-1], dossier.world.calendar, start_s, end_s)
    return figure


def _steps(axes: Axes, cover: Coverage) -> None:
    bounds = np.append(cover.time_s, cover.end_s)
    # Both ends of every step, so that the last one before a break is drawn as well.
    times, values = np.repeat(bounds, 2)[1:-1], np.repeat(cover.share, 2)
    axes.fill_between(times, values, 1.0, color=VERMILION, alpha=0.22, linewidth=0, zorder=2)
    axes.plot(times, values, color=BLUE, linewidth=1.5, zorder=4, solid_joinstyle="miter")


def short_places(dossier: Dossier) -> list[tuple[str, float]]:
    """Return the places that any standard missed and the time over all standards [s], worst first."""
    total: dict[str, float] = {}
    for cover in dossier.coverage.values():
        for place, seconds in zip(cover.places, cover.short_s.sum(axis=1), strict=True):
            if seconds > 0:
                total[place] = total.get(place, 0.0) + float(seconds)
    return sorted(total.items(), key=lambda item: (-item[1], item[0]))


@drawn
def figure_heat(dossier: Dossier) -> Figure | None:
    """Draw for each place how many standards were missed at once, over time; None when none ever was."""
    from matplotlib.patches import Patch

    worst = short_places(dossier)[:MOST_PLACES]
    if not worst:
        return None
    start_s, end_s = held_span(dossier)
    figure = new_figure(1000, 96 + 17 * len(worst))
    axes = figure.subplots()
    bars(axes, [(start_s, end_s, y) for y in range(len(worst))], 0.8, "#EEF1F4", zorder=1)
    lying: dict[int, list[Bar]] = {}
    for y, (place, _seconds) in enumerate(worst):
        for low, high, n in missed(dossier, place):
            lying.setdefault(min(n, len(_HEAT) - 1), []).append((low, high, y))
    for n, spans in lying.items():
        bars(axes, spans, 0.8, _HEAT[n], zorder=2)
    axes.set_yticks(range(len(worst)), [place_name(dossier.world, place) for place, _s in worst])
    for y, (_place, seconds) in enumerate(worst):
        axes.annotate(
            _("{n} min").format(n=minutes(seconds, 0)),
            (1.0, y),
            xycoords=("axes fraction", "data"),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            fontsize=7.8,
            color=SOFT,
        )
    axes.set_ylim(len(worst) - 0.4, -0.6)
    axes.spines["left"].set_visible(False)
    clock_axis(axes, dossier.world.calendar, start_s, end_s)
    for phase in dossier.world.phases:
        if start_s < phase.start_s < end_s:
            axes.axvline(phase.start_s, color="white", linewidth=1.6, zorder=3)
            axes.axvline(phase.start_s, color=SOFT, linewidth=0.6, linestyle=(0, (2, 2)), zorder=4)
    labels = {1: _("1 standard missed"), 2: _("2 at once"), 3: _("3 at once"), 4: _("4 or more")}
    handles = [Patch(facecolor="#EEF1F4", label=_("all met"))]
    handles += [Patch(facecolor=_HEAT[n], label=labels[n]) for n in range(1, max(lying) + 1)]
    legend_above(axes, handles, 5)
    return figure


def missed(dossier: Dossier, place: str) -> list[tuple[float, float, int]]:
    """Return the spans in which a place missed standards, and how many at once."""
    changes: dict[float, int] = {}
    for cover in dossier.coverage.values():
        for short in cover.shortfalls:
            if place in short.places:
                changes[short.start_s] = changes.get(short.start_s, 0) + 1
                changes[short.end_s] = changes.get(short.end_s, 0) - 1
    spans, n = [], 0
    for low, high in pairwise(sorted(changes)):
        n += changes[low]
        if n > 0:
            spans.append((low, high, n))
    return spans


@drawn
def figure_reasons(dossier: Dossier) -> Figure | None:
    """Draw how far each standard was met, and what the rest was lost to; None without standards."""
    from matplotlib.patches import Patch

    covers = {key: cover for key, cover in dossier.coverage.items() if cover.average() is not None}
    if not covers:
        return None
    figure = new_figure(1000, 88 + 34 * len(covers))
    axes = figure.subplots()
    seen: set[Reason] = set()
    for y, cover in enumerate(covers.values()):
        at = cover.average() or 0.0
        axes.barh(y, at, 0.66, color="#D5E8E0", edgecolor="white", linewidth=0.6)
        axes.text(
            0.008, y, share(at), va="center", ha="left", fontsize=8.5, color="#0B4F3C", fontweight="bold"
        )
        for reason, lost in sorted(cover.lost().items(), key=lambda item: -item[1]):
            if lost > 1e-6:
                seen.add(reason)
                fill, hatch = REASON_FILL[reason]
                axes.barh(y, lost, 0.66, left=at, color=fill, hatch=hatch, edgecolor="white", linewidth=0.6)
                at += lost
    standards = dossier.world.scenario.standards
    axes.set_yticks(range(len(covers)), [named(standards[key], key) for key in covers])
    axes.set_ylim(len(covers) - 0.4, -0.6)
    axes.set_xlim(0, 1)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], [share(v) for v in (0.0, 0.25, 0.5, 0.75, 1.0)])
    axes.set_xlabel(_("share of place-time, by the weight of the places"))
    axes.spines["left"].set_visible(False)
    handles = [Patch(facecolor="#D5E8E0", edgecolor=GREEN, label=_("covered"))]
    handles += [
        Patch(facecolor=fill, hatch=hatch, edgecolor="white", label=word(reason))
        for reason, (fill, hatch) in REASON_FILL.items()
        if reason in seen
    ]
    legend_above(axes, handles, 8)
    return figure


def worst_hour(cover: Coverage, dossier: Dossier) -> tuple[float, float, float] | None:
    """Return the clock hour of lowest cover: from, until [s], and its share; None if never held."""
    calendar = dossier.world.calendar
    at_s = -calendar.second_of_day(0.0) % 3600.0 - 3600.0
    found: list[tuple[float, float]] = []
    while at_s < cover.end_s:
        average = cover.average(max(at_s, 0.0), at_s + 3600.0) if at_s + 3600.0 > 0 else None
        if average is not None:
            found.append((average, max(at_s, 0.0)))
        at_s += 3600.0
    if not found:
        return None
    average, start_s = min(found)
    return start_s, start_s + 3600.0 - calendar.second_of_day(start_s) % 3600.0, average
