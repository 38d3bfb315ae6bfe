"""What all figures share: colours safe for every eye, type, a clock axis, and the way to inline SVG.

Colours are those of Okabe and Ito (2008); wherever a colour carries meaning a shape, a pattern or a label
carries it too. Figures are made without pyplot, so nothing global is kept, and the same run gives the same
bytes.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from io import StringIO
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from kontijensi.report.moments import clock, day
from kontijensi.report.naming import inert
from kontijensi.vocabulary.clock import DAY_S, Calendar
from kontijensi.vocabulary.words import number
from kontijensi.world.world import World

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

BLUE, SKY, GREEN, ORANGE, VERMILION, PURPLE, YELLOW, BLACK = (
    "#0072B2",
    "#56B4E9",
    "#009E73",
    "#E69F00",
    "#D55E00",
    "#CC79A7",
    "#F0E442",
    "#1B2430",
)
INK, SOFT, FAINT, PAPER = "#1B2430", "#5A6675", "#DDE2E8", "#F4F6F8"

COLOUR_OF = {"green": GREEN, "yellow": ORANGE, "red": VERMILION}
MARK_OF = {"green": "o", "yellow": "^", "red": "s"}
"""Situation colours each have a shape of their own."""

PHASE_SHADE = {"voting": "#E3EEF6", "counting": "#F6EEDF"}
PX = 100.0
"""Points of the page to an inch of a figure."""

P = ParamSpec("P")
T = TypeVar("T")

_STYLE: Any = {
    "font.family": "sans-serif",
    "font.sans-serif": ["Inter", "Segoe UI", "Helvetica Neue", "Arial", "Liberation Sans", "DejaVu Sans"],
    "font.size": 9.0,
    "text.color": INK,
    "text.parse_math": False,
    "axes.edgecolor": "#AEB7C2",
    "axes.labelcolor": SOFT,
    "axes.labelsize": 8.5,
    "axes.titlesize": 9.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlecolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.7,
    "axes.grid": False,
    "axes.unicode_minus": False,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "xtick.labelsize": 8.0,
    "ytick.labelsize": 8.0,
    "xtick.major.size": 3.0,
    "ytick.major.size": 0.0,
    "hatch.linewidth": 0.6,
    "legend.frameon": False,
    "legend.fontsize": 8.0,
    "svg.fonttype": "none",
    "svg.hashsalt": "kontijensi",
}


def drawn(figure: Callable[P, T]) -> Callable[P, T]:
    """Draw in the house's style, whatever style the caller has set."""

    @wraps(figure)
    def styled(*args: P.args, **kwargs: P.kwargs) -> T:
        from matplotlib import rc_context

        with rc_context(_STYLE), warnings.catch_warnings():
            # The reader's own fonts write the text; those at hand here only measure it.
            warnings.filterwarnings("ignore", message=r"Glyph .* missing from")
            return figure(*args, **kwargs)

    return styled


def new_figure(width_px: float, height_px: float) -> Figure:
    """Return an empty figure of a size in page pixels."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width_px / PX, height_px / PX), dpi=PX, layout="constrained")
    figure.get_layout_engine().set(w_pad=0.04, h_pad=0.04)  # type: ignore[union-attr, call-arg]
    return figure


STEPS_S = (300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 432000, 864000, 2592000)


def clock_axis(axes: Axes, calendar: Calendar, start_s: float, end_s: float, most: int = 12) -> None:
    """Mark the horizontal axis with local clock times, and with the day where it begins."""
    axes.set_xlim(start_s, max(end_s, start_s + 60))
    step_s = next((s for s in STEPS_S if (end_s - start_s) / s <= most), STEPS_S[-1])
    first_s = start_s - calendar.second_of_day(start_s)
    ticks, at_s = [], first_s
    while at_s <= end_s:
        if at_s >= start_s:
            ticks.append(at_s)
        at_s += step_s
    labels, last = [], ""
    for at_s in ticks:
        date = day(calendar, at_s)
        if step_s >= DAY_S:
            labels.append(date)
        else:
            labels.append(clock(calendar, at_s) + (f"\n{date}" if date != last else ""))
        last = date
    axes.set_xticks(ticks, labels)


def number_axis(axis: Axis, digits: int | None = None) -> None:
    """Write the numbers of an axis in the reader's language, few and whole where they can be."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axis.set_major_locator(MaxNLocator(nbins=8, steps=[1, 2, 2.5, 5, 10], min_n_ticks=2, integer=digits == 0))
    axis.set_major_formatter(FuncFormatter(lambda value, _position: number(float(f"{value:.6g}"), digits)))


def shade_phases(axes: Axes, world: World, start_s: float, end_s: float, *, letters: int = 0) -> None:
    """Shade voting and counting behind a chart, and mark where other phases begin.

    The phases are named above where `letters`, those that fit over the whole width, leave room.
    """
    for phase in world.phases:
        low, high = max(phase.start_s, start_s), min(phase.end_s, end_s)
        if low >= high:
            continue
        shade = PHASE_SHADE.get(str(phase.kind))
        if shade is not None:
            axes.axvspan(low, high, color=shade, linewidth=0, zorder=0)
        if low > start_s:
            axes.axvline(low, color="#C5CCD5", linewidth=0.6, linestyle=(0, (2, 2)), zorder=1)
        room = int(letters * (high - low) / (end_s - start_s))
        if room >= 6:
            axes.annotate(
                inert(phase.phase.name or phase.id, room),
                ((low + high) / 2, 1.0),
                xycoords=("data", "axes fraction"),
                xytext=(0, 3),
                textcoords="offset points",
                ha="center",
                va="bottom",
                fontsize=7.5,
                color=SOFT,
            )


Bar = tuple[float, float, float]
"""From, until, and the row it lies in."""


def bars(
    axes: Axes, lying: Sequence[Bar], height: float, fill: str, *, hatch: str = "", zorder: int = 3
) -> None:
    """Draw many bars of one kind as one artist: a chart of a thousand stretches stays quick."""
    from matplotlib.collections import PolyCollection

    half = height / 2
    corners = [[(a, y - half), (b, y - half), (b, y + half), (a, y + half)] for a, b, y in lying]
    kind = PolyCollection(
        corners, facecolors=fill, edgecolors="white", linewidths=0.3, hatch=hatch or None, zorder=zorder
    )
    axes.add_collection(kind, autolim=False)


def legend_above(axes: Axes, handles: Iterable[Any], columns: int) -> None:
    """Put a legend over a chart, outside its frame."""
    axes.legend(
        handles=list(handles),
        loc="lower left",
        bbox_to_anchor=(0.0, 1.01),
        ncols=columns,
        handlelength=1.3,
        columnspacing=1.3,
        borderaxespad=0.0,
        borderpad=0.2,
    )


def svg_of(figure: Figure, name: str, title: str, description: str) -> str:
    """Return a figure as SVG to stand inside a page: titled, described, sized by the page, free of addresses.

    `name` must be unlike that of any other figure of the page: it keeps the ids apart.
    """
    from html import escape

    from matplotlib import rc_context

    stream = StringIO()
    with rc_context(_STYLE), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"Glyph .* missing from")
        figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None}, transparent=True)
    text = stream.getvalue()
    body = text[text.index("<svg") :]
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.S)
    head, body = body[: body.index(">")], body[body.index(">") + 1 :]
    body = _own_ids(_slim(body), name)
    box = re.search(r'viewBox="([^"]+)"', head)
    width = figure.get_figwidth() * PX
    return (
        f'<svg viewBox="{box[1] if box else ""}" role="img" aria-labelledby="{name}-t {name}-d" '
        f'style="--w:{width:.0f}px" preserveAspectRatio="xMidYMid meet">'
        f'<title id="{name}-t">{escape(title)}</title><desc id="{name}-d">{escape(description)}</desc>{body}'
    )


def _slim(body: str) -> str:
    """Round coordinates to a hundredth of a point, and drop what a page does not need."""
    body = re.sub(r"<!--.*?-->", "", body, flags=re.S)
    body = re.sub(
        r'( (?:d|x|y|transform|points)=")([^"]*)',
        lambda m: m[1] + re.sub(r"-?\d+\.\d+", lambda n: f"{float(n[0]):.2f}".rstrip("0").rstrip("."), m[2]),
        body,
    )
    body = re.sub(r'( d=")([^"]*)', lambda m: m[1] + re.sub(r"\s+", " ", m[2]).strip(), body)
    return re.sub(r">\s+<", "><", body)


def _own_ids(body: str, name: str) -> str:
    """Keep the ids that are pointed at, under the figure's own name, and drop the others."""
    wanted = {a or b for a, b in re.findall(r'url\(#([^)]+)\)|href="#([^"]+)"', body)}
    body = re.sub(r' id="([^"]*)"', lambda m: f' id="{name}-{m[1]}"' if m[1] in wanted else "", body)
    body = re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", body)
    return re.sub(r'href="#([^"]+)"', rf'href="#{name}-\1"', body)
