"""Where the time went: the response chain of every incident, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum
from typing import TYPE_CHECKING

from kontijensi.analysis.responses import Response
from kontijensi.report.dossier import Dossier
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
    YELLOW,
    drawn,
    legend_above,
    new_figure,
    number_axis,
)
from kontijensi.report.moments import lasting, moment
from kontijensi.report.naming import inert, named, place_name, word
from kontijensi.vocabulary.words import _

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

STEPS = ("detection", "relay", "desk", "approval", "waiting", "turnout", "travel", "assembly")
"""The steps up to a formation that can act; control comes after it."""
_FILL = {
    "detection": (SKY, ""),
    "relay": (BLUE, ""),
    "desk": (YELLOW, ""),
    "approval": (PURPLE, "////"),
    "waiting": (VERMILION, "xxxx"),
    "turnout": (ORANGE, ""),
    "travel": (GREEN, "\\\\\\\\"),
    "assembly": (BLACK, ""),
}
MOST_ROWS = 36


def chosen_rows(dossier: Dossier, most: int = MOST_ROWS) -> list[Response]:
    """Return the incidents drawn one by one, in order of time: those that turned worst, then the longest."""
    rows = [row for row in dossier.incidents if row.marks.onset < dossier.end_s]
    ranked = sorted(rows, key=lambda row: (_rank(row), -_shown_s(row, dossier.end_s)))
    return sorted(ranked[:most], key=lambda row: row.marks.onset)


def _rank(row: Response) -> int:
    return {"red": 0, "yellow": 1}.get(row.colour or "", 2)


def step_lengths(row: Response) -> list[tuple[str, float]]:
    """Return the steps an incident went through up to its formation, and their lengths [s]."""
    lengths = [(step, getattr(row.parts, step)) for step in STEPS]
    return [(step, length) for step, length in lengths if length is not None]


def _shown_s(row: Response, end_s: float) -> float:
    done_s = fsum(length for _step, length in step_lengths(row))
    return done_s if row.marks.formed is not None else max(done_s, _open_until(row, end_s) - row.marks.onset)


def _open_until(row: Response, end_s: float) -> float:
    return end_s if row.marks.closed is None else row.marks.closed


@drawn
def figure_chain(dossier: Dossier) -> Figure | None:
    """Draw the steps of each incident as a bar up to a complete formation; None without incidents."""
    rows = chosen_rows(dossier)
    if not rows:
        return None
    figure = new_figure(1000, 96 + 21 * len(rows))
    axes = figure.subplots()
    ends_min = sorted(_shown_s(row, dossier.end_s) / 60 for row in rows)
    # One bar that never ends must not press all others together.
    limit_min = max(15.0, 1.3 * ends_min[int(0.85 * (len(ends_min) - 1))])
    limit_min = min(limit_min, ends_min[-1] * 1.05) if ends_min[-1] > 0 else limit_min
    for i, row in enumerate(rows):
        _bar(axes, i, step_lengths(row), limit_min)
        _tail(axes, i, row, dossier.end_s, limit_min)
    labels = [
        f"{place_name(dossier.world, row.place)} · {moment(dossier.world.calendar, row.marks.onset)}"
        for row in rows
    ]
    axes.set_yticks(range(len(rows)), labels)
    for i, row in enumerate(rows):
        colour = row.colour or "green"
        axes.plot(
            [-0.012],
            [i],
            MARK_OF[colour],
            color=COLOUR_OF[colour],
            markersize=6,
            clip_on=False,
            transform=axes.get_yaxis_transform(),
            markeredgecolor="white",
            markeredgewidth=0.5,
        )
    axes.tick_params(axis="y", pad=12)
    _finish(axes, limit_min, len(rows))
    return figure


@drawn
def figure_calls(dossier: Dossier) -> Figure | None:
    """Draw the mean steps of each stream of ordinary calls; None without calls that were answered."""
    streams: dict[str, list[Response]] = {}
    for row in dossier.calls:
        if row.marks.formed is not None:
            streams.setdefault(str(row.of), []).append(row)
    if not streams:
        return None
    names = sorted(streams)
    figure = new_figure(1000, 92 + 28 * len(names))
    axes = figure.subplots()
    longest_min = 0.0
    for i, name in enumerate(names):
        steps = _mean_steps(streams[name])
        longest_min = max(longest_min, fsum(length for _step, length in steps) / 60)
        _bar(axes, i, steps, float("inf"))
    calls = dossier.world.scenario.calls
    labels = [f"{named(calls.get(name), name)} (n = {len(streams[name])})" for name in names]
    axes.set_yticks(range(len(names)), labels)
    _finish(axes, longest_min * 1.05 or 1.0, len(names))
    return figure


def _mean_steps(rows: Sequence[Response]) -> list[tuple[str, float]]:
    return [(step, fsum(getattr(row.parts, step) or 0.0 for row in rows) / len(rows)) for step in STEPS]


def _bar(axes: Axes, y: int, steps: Sequence[tuple[str, float]], limit_min: float) -> None:
    at_min = 0.0
    for step, length_s in steps:
        fill, hatch = _FILL[step]
        width = min(length_s / 60, max(0.0, limit_min - at_min))
        if width > 0:
            axes.barh(
                y,
                width,
                0.72,
                left=at_min,
                color=fill,
                hatch=hatch,
                edgecolor="white",
                linewidth=0.5,
                zorder=3,
            )
        at_min += length_s / 60


def _tail(axes: Axes, y: int, row: Response, end_s: float, limit_min: float) -> None:
    """Say at the end of a bar how long it took, or that it was never answered and for how long it lasted."""
    done_min = fsum(length for _step, length in step_lengths(row)) / 60
    if row.marks.formed is not None:
        text, at_min, strong = lasting(done_min * 60), done_min, False
    else:
        at_min = max(done_min, (_open_until(row, end_s) - row.marks.onset) / 60)
        shown_min = min(at_min, limit_min)
        if shown_min > done_min:
            axes.barh(
                y,
                shown_min - done_min,
                0.72,
                left=done_min,
                color="white",
                hatch="////",
                edgecolor="#B9C1CB",
                linewidth=0.5,
                zorder=2,
            )
        text, strong = "✕ " + _ending(row), True
    inside = at_min > 0.8 * limit_min
    axes.annotate(
        text,
        (min(at_min, limit_min), y),
        xytext=(-4 if inside else 4, 0),
        textcoords="offset points",
        ha="right" if inside else "left",
        va="center",
        fontsize=7.8,
        color=INK if strong else SOFT,
        zorder=5,
        bbox={"boxstyle": "round,pad=0.15", "fc": "white", "ec": "none", "alpha": 0.88} if inside else None,
    )


def _ending(row: Response) -> str:
    if row.outcome is None:
        return _("not answered, still open")
    return _("no full formation: {outcome}").format(outcome=word(row.outcome))


def _finish(axes: Axes, limit_min: float, n: int) -> None:
    from matplotlib.patches import Patch

    axes.set_xlim(0, limit_min)
    axes.set_ylim(n - 0.4, -0.6)
    axes.set_xlabel(_("minutes from the onset"))
    number_axis(axes.xaxis)
    axes.grid(axis="x", color=FAINT, linewidth=0.6, zorder=0)
    axes.spines["left"].set_visible(False)
    handles = [
        Patch(facecolor=fill, hatch=hatch, edgecolor="white", label=inert(word(step)))
        for step, (fill, hatch) in _FILL.items()
    ]
    legend_above(axes, handles, 8)
