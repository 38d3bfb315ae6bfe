"""What every unit did and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kontijensi.analysis.timeline import Stretch
from kontijensi.analysis.utilisation import UnitTime
from kontijensi.report.dossier import Dossier
from kontijensi.report.figures.canvas import (
    BLUE,
    GREEN,
    ORANGE,
    PURPLE,
    SKY,
    SOFT,
    VERMILION,
    Bar,
    bars,
    clock_axis,
    drawn,
    legend_above,
    new_figure,
    shade_phases,
)
from kontijensi.report.moments import lasting
from kontijensi.report.naming import unit_name, word
from kontijensi.trace.duty import Activity

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_UNITS = 36
_FILL = {
    "turnout": (ORANGE, ""),
    "travelling": (GREEN, "\\\\\\\\"),
    "on_scene": (BLUE, ""),
    "returning": (SKY, ""),
    "resting": (PURPLE, "////"),
    "resupplying": ("#F0E442", "////"),
    "lost": (VERMILION, "xxxx"),
    "absent": ("#D9DEE4", "----"),
    "off_shift": ("#D9DEE4", ""),
}


def busiest(dossier: Dossier, most: int = MOST_UNITS) -> list[UnitTime]:
    """Return the units ordered out, those with most time on a task in the decisive hours first."""
    start_s, end_s = dossier.focus
    busy = {row.unit: _busy_s(dossier, row.unit, start_s, end_s) for row in dossier.units}
    rows = [row for row in dossier.units if busy[row.unit] > 0]
    return sorted(rows, key=lambda row: (-busy[row.unit], row.unit))[:most]


def _busy_s(dossier: Dossier, unit: str, start_s: float, end_s: float) -> float:
    working = (Activity.TURNOUT, Activity.TRAVELLING, Activity.ON_SCENE, Activity.RETURNING)
    return sum(
        max(0.0, min(s.end_s, end_s) - max(s.start_s, start_s))
        for s in dossier.timelines[unit]
        if s.activity in working
    )


@drawn
def figure_duty(dossier: Dossier) -> Figure | None:
    """Draw what the busiest units did in the hours that matter; None when no unit was ordered out in them."""
    from matplotlib.patches import Patch

    rows = busiest(dossier)
    if not rows:
        return None
    start_s, end_s = dossier.focus
    figure = new_figure(1000, 104 + 18 * len(rows))
    axes = figure.subplots()
    shade_phases(axes, dossier.world, start_s, end_s)
    lying: dict[str, list[Bar]] = {}
    for y, row in enumerate(rows):
        for stretch in dossier.timelines[row.unit]:
            low, high = max(stretch.start_s, start_s), min(stretch.end_s, end_s)
            state = _state(stretch)
            if low < high and state in _FILL:
                lying.setdefault(state, []).append((low, high, y))
        axes.annotate(
            lasting(_busy_s(dossier, row.unit, start_s, end_s)),
            (1.0, y),
            xycoords=("axes fraction", "data"),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            fontsize=7.6,
            color=SOFT,
        )
    bars(axes, [(start_s, end_s, y) for y in range(len(rows))], 0.06, "#C5CCD5", zorder=1)
    for state, stretches in lying.items():
        fill, hatch = _FILL[state]
        bars(axes, stretches, 0.7, fill, hatch=hatch)
    axes.set_yticks(range(len(rows)), [unit_name(dossier.world, row.unit) for row in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.spines["left"].set_visible(False)
    handles = [
        Patch(facecolor=fill, hatch=hatch, edgecolor="white", label=word(state))
        for state, (fill, hatch) in _FILL.items()
        if state in lying
    ]
    legend_above(axes, handles, 8)
    clock_axis(axes, dossier.world.calendar, start_s, end_s)
    return figure


def _state(stretch: Stretch) -> str:
    idle = (Activity.READY, Activity.RESTING, Activity.RESUPPLYING)
    return "off_shift" if not stretch.on_shift and stretch.activity in idle else stretch.activity.value
