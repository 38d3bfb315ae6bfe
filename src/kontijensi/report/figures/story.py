"""How the rehearsal went: phases, what set things off, tension, and the crowds hour by hour."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from kontijensi.analysis.situation import Situation, situation
from kontijensi.report.dossier import RANK, Dossier, Gathering
from kontijensi.report.figures.canvas import (
    BLACK,
    BLUE,
    COLOUR_OF,
    FAINT,
    GREEN,
    INK,
    MARK_OF,
    ORANGE,
    PURPLE,
    SKY,
    SOFT,
    VERMILION,
    clock_axis,
    drawn,
    legend_above,
    new_figure,
    number_axis,
    shade_phases,
)
from kontijensi.report.moments import moment
from kontijensi.report.naming import named, place_name, word
from kontijensi.vocabulary.records import Record, RecordKind
from kontijensi.vocabulary.words import _

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_CROWDS = 6
MOST_TRIGGERS = 16
_LINES = (
    (BLUE, "-"),
    (VERMILION, "--"),
    (GREEN, "-."),
    (PURPLE, ":"),
    (ORANGE, (0, (5, 1, 1, 1, 1, 1))),
    (BLACK, (0, (1, 1))),
    (SKY, "-"),
)
"""Lines are told apart by their pattern as well as by their colour."""
PEOPLE = (("quiet", "#CBD9E4", ""), ("active", ORANGE, ""), ("violent", VERMILION, "////"))


@drawn
def figure_story(dossier: Dossier) -> Figure | None:
    """Draw each trigger as it fired and each gathering as it began, over the whole run and up close."""
    fired: dict[str, list[float]] = defaultdict(list)
    for record in dossier.records(RecordKind.TRIGGER_FIRED):
        fired[record.entity].append(record.time_s)
    if not fired and not dossier.gatherings:
        return None
    triggers = dossier.world.scenario.triggers
    names = sorted(fired, key=lambda key: fired[key][0])[:MOST_TRIGGERS]
    figure = new_figure(1000, 116 + 19 * (len(names) + 3))
    whole, decisive = figure.subplots(1, 2, sharey=True, width_ratios=[1, 1.15])
    for axes, (start_s, end_s) in ((whole, (0.0, dossier.end_s)), (decisive, dossier.focus)):
        shade_phases(axes, dossier.world, start_s, end_s, letters=56)
        for y, name in enumerate(names):
            times = [t for t in fired[name] if start_s <= t <= end_s]
            axes.plot(times, [y] * len(times), "|", color=INK, markersize=9, markeredgewidth=1.3, zorder=4)
        _mark_gatherings(axes, dossier, len(names), start_s, end_s)
        axes.grid(axis="y", color=FAINT, linewidth=0.5)
        axes.spines["left"].set_visible(False)
        clock_axis(axes, dossier.world.calendar, start_s, end_s, most=6)
    labels = [named(triggers.get(name), name) for name in names]
    labels += [_("gathering, peaceful"), _("gathering, yellow"), _("gathering, red")]
    whole.set_yticks(range(len(labels)), labels)
    whole.set_ylim(len(labels) - 0.4, -0.7)
    whole.set_title(_("the whole run"), pad=16)
    decisive.set_title(_("the decisive hours"), pad=16)
    return figure


def _mark_gatherings(axes: Axes, dossier: Dossier, above: int, start_s: float, end_s: float) -> None:
    for colour, rank in RANK.items():
        times = [g.start_s for g in dossier.gatherings if g.worst == colour and start_s <= g.start_s <= end_s]
        axes.plot(
            times,
            [above + rank] * len(times),
            MARK_OF[colour],
            color=COLOUR_OF[colour],
            markersize=7,
            linestyle="none",
            markeredgecolor="white",
            markeredgewidth=0.6,
            zorder=5,
        )
    axes.axhline(above - 0.5, color="#C5CCD5", linewidth=0.7)


@drawn
def figure_tension(dossier: Dossier) -> Figure | None:
    """Draw the tension of each channel over the run, mean of the villages; None when none was sampled."""
    channels = dossier.world.scenario.community.channels
    lines = _levels(dossier.records(RecordKind.TENSION_SAMPLED))
    return _figure_levels(dossier, lines, {key: named(channels.get(key), key) for key in lines}, _("tension"))


@drawn
def figure_rumours(dossier: Dossier) -> Figure | None:
    """Draw the share of all people who have heard each rumour over the run; None when none was told."""
    plans = dossier.world.scenario.community.rumours
    lines = _levels(dossier.records(RecordKind.RUMOUR_SAMPLED), "heard")
    return _figure_levels(
        dossier, lines, {key: named(plans.get(key), key) for key in lines}, _("have heard it")
    )


@drawn
def figure_legitimacy(dossier: Dossier) -> Figure | None:
    """Draw the legitimacy each camp grants, mean and lowest of the villages; None when none was sampled."""
    camps = dossier.world.scenario.community.camps
    lines = _levels(dossier.records(RecordKind.LEGITIMACY_SAMPLED))
    lowest = _levels(dossier.records(RecordKind.LEGITIMACY_SAMPLED), "lowest")
    names = {key: named(camps.get(key), key) for key in lines}
    return _figure_levels(dossier, lines, names, _("legitimacy"), lowest)


Level = tuple[list[float], list[float]]


def _levels(records: Iterable[Record], which: str = "mean") -> dict[str, Level]:
    lines: dict[str, Level] = {}
    for record in records:
        if record.values.get(which) is not None:
            times, values = lines.setdefault(record.entity, ([], []))
            times.append(record.time_s)
            values.append(float(record.values[which]))
    return lines


def _figure_levels(
    dossier: Dossier,
    lines: dict[str, Level],
    names: dict[str, str],
    label: str,
    lowest: dict[str, Level] | None = None,
) -> Figure | None:
    if not lines:
        return None
    figure = new_figure(1000, 270)
    axes = figure.subplots()
    shade_phases(axes, dossier.world, 0.0, dossier.end_s)
    handles = []
    for (key, (times, values)), (colour, dash) in zip(
        lines.items(), _LINES * (1 + len(lines) // len(_LINES)), strict=False
    ):
        handles += axes.plot(
            times, values, color=colour, linestyle=dash, linewidth=1.7, label=names[key], zorder=4
        )
        if lowest is not None and key in lowest:
            axes.plot(*lowest[key], color=colour, linestyle=dash, linewidth=0.7, alpha=0.7, zorder=3)
    if lowest is None:
        top = max(max(values) for _times, values in lines.values())
        axes.set_ylim(0, min(1.0, max(0.2, top * 1.25)))
    else:
        axes.set_ylim(0, 1)
    axes.set_ylabel(label)
    number_axis(axes.yaxis)
    axes.grid(axis="y", color=FAINT, linewidth=0.6)
    legend_above(axes, handles, 6)
    clock_axis(axes, dossier.world.calendar, 0.0, dossier.end_s)
    return figure


def shown_gatherings(dossier: Dossier) -> list[Gathering]:
    """Return the gatherings drawn one by one: those that turned worst, then the largest, in order of time."""
    ranked = sorted(
        (g for g in dossier.gatherings if g.samples),
        key=lambda g: (-RANK[g.worst], -g.peak("violent"), -g.peak("active"), -g.peak("present"), g.start_s),
    )
    return sorted(ranked[:MOST_CROWDS], key=lambda g: g.start_s)


@drawn
def figure_crowds(dossier: Dossier) -> Figure | None:
    """Draw how many in the most serious crowds were quiet, active and violent; None without a crowd."""
    from matplotlib.patches import Patch

    chosen = shown_gatherings(dossier)
    if not chosen:
        return None
    columns = min(2, len(chosen))
    rows = -(-len(chosen) // columns)
    figure = new_figure(1000, 60 + 168 * rows)
    panels = figure.subplots(rows, columns, squeeze=False)
    for axes in panels.ravel()[len(chosen) :]:
        axes.set_visible(False)
    for axes, gathering in zip(panels.ravel(), chosen, strict=False):
        _crowd(axes, dossier, gathering)
    handles = [
        Patch(facecolor=fill, hatch=hatch, edgecolor="white", label=word_of(name))
        for name, fill, hatch in PEOPLE
    ]
    figure.legend(handles=handles, loc="outside upper left", ncols=3, frameon=False, handlelength=1.3)
    return figure


def _crowd(axes: Axes, dossier: Dossier, gathering: Gathering) -> None:
    samples = gathering.samples[:: max(1, len(gathering.samples) // 240)]
    times = [sample.time_s for sample in samples]
    end_s = gathering.end_s if gathering.end_s is not None else dossier.end_s
    times.append(max(end_s, times[-1]))
    floor = np.zeros(len(times))
    for name, fill, hatch in PEOPLE:
        people = [float(sample.values.get(name) or 0) for sample in samples]
        values = np.array([*people, people[-1]])
        axes.fill_between(
            times, floor, floor + values, color=fill, hatch=hatch, edgecolor="white", linewidth=0.0
        )
        floor = floor + values
    high = max(float(floor.max()), 1.0)
    start_s = gathering.start_s
    steps = [(start_s, "green"), *gathering.colours]
    bounds = [*(t for t, _c in steps[1:]), times[-1]]
    for (low_s, colour), high_s in zip(steps, bounds, strict=True):
        axes.barh(
            -0.055 * high, high_s - low_s, 0.06 * high, left=low_s, color=COLOUR_OF[colour], linewidth=0
        )
    axes.set_ylim(-0.1 * high, 1.12 * high)
    title = f"{place_name(dossier.world, gathering.place)} · {moment(dossier.world.calendar, start_s)}"
    axes.set_title(title, pad=4)
    axes.text(
        1.0,
        1.03,
        word(gathering.worst),
        transform=axes.transAxes,
        ha="right",
        va="bottom",
        fontsize=8.5,
        color=COLOUR_OF[gathering.worst],
        fontweight="bold",
    )
    axes.set_ylabel(_("people"))
    number_axis(axes.yaxis, 0)
    axes.grid(axis="y", color=FAINT, linewidth=0.6)
    clock_axis(axes, dossier.world.calendar, start_s, times[-1], most=6)


@drawn
def figure_people(dossier: Dossier) -> Figure | None:
    """Draw how many people were gathered in the whole area in the hours that matter; None without a crowd."""
    from matplotlib.patches import Patch

    found = situation(dossier.run.records)
    if not len(found.time_s):
        return None
    start_s, end_s = dossier.focus
    kept = _thinned(found, start_s, end_s)
    times, people = found.time_s[kept], found.people[kept]
    figure = new_figure(1000, 230)
    axes = figure.subplots()
    shade_phases(axes, dossier.world, start_s, end_s, letters=150)
    floor = np.zeros(len(times))
    for i, (_name, fill, hatch) in enumerate(PEOPLE, start=1):
        top = floor + people[:, i]
        axes.fill_between(
            times, floor, top, step="post", color=fill, hatch=hatch, edgecolor="white", linewidth=0, zorder=2
        )
        floor = top
    axes.set_ylim(0, max(10.0, 1.1 * float(floor.max(initial=0.0))))
    axes.set_ylabel(_("people"))
    number_axis(axes.yaxis, 0)
    axes.grid(axis="y", color=FAINT, linewidth=0.6)
    handles = [
        Patch(facecolor=fill, hatch=hatch, edgecolor="white", label=word_of(name))
        for name, fill, hatch in PEOPLE
    ]
    axes.legend(handles=handles, loc="upper left", ncols=3, handlelength=1.3, labelcolor=SOFT)
    clock_axis(axes, dossier.world.calendar, start_s, end_s)
    return figure


def word_of(name: str) -> str:
    """Return what a count of people is called."""
    return {"quiet": _("quiet"), "active": _("active"), "violent": _("violent"), "present": _("present")}[
        name
    ]


def _thinned(found: Situation, start_s: float, end_s: float, most: int = 420) -> npt.NDArray[np.int64]:
    """Return the rows worth drawing: in each sliver of time the one with most people in it."""
    inside = np.flatnonzero((found.time_s >= start_s) & (found.time_s <= end_s))
    if len(inside) <= most:
        return inside
    sliver = ((found.time_s[inside] - start_s) / (end_s - start_s) * most).astype(int)
    order = np.lexsort((-found.people[inside, 0], sliver))
    first = np.ones(len(order), dtype=bool)
    first[1:] = np.diff(sliver[order]) != 0
    return np.sort(inside[order[first]])
