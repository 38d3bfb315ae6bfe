"""Where the time went until the hurt were cared for, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kontijensi.analysis.casualties import CARE_PARTS, SEVERITIES
from kontijensi.report.care_tables import care_steps, cared_for
from kontijensi.report.dossier import Dossier
from kontijensi.report.figures.canvas import (
    BLACK,
    BLUE,
    FAINT,
    GREEN,
    ORANGE,
    PURPLE,
    SKY,
    VERMILION,
    YELLOW,
    drawn,
    legend_above,
    new_figure,
    number_axis,
)
from kontijensi.report.naming import word
from kontijensi.vocabulary.words import _

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_FILL = dict(
    zip(
        CARE_PARTS,
        (
            (BLUE, ""),
            (YELLOW, ""),
            (GREEN, "\\\\\\\\"),
            (VERMILION, "xxxx"),
            (PURPLE, "////"),
            (SKY, ""),
            (ORANGE, ""),
            (BLACK, ""),
        ),
        strict=True,
    )
)


@drawn
def figure_care(dossier: Dossier) -> Figure | None:
    """Draw the mean steps of care by severity; None when nobody was cared for."""
    from matplotlib.patches import Patch

    found = [(severity, rows) for severity in SEVERITIES if (rows := cared_for(dossier, severity))]
    if not found:
        return None
    figure = new_figure(1000, 96 + 34 * len(found))
    axes = figure.subplots()
    longest_min = 0.0
    for y, (_severity, rows) in enumerate(found):
        at_min = 0.0
        for step, length_s in care_steps(rows):
            fill, hatch = _FILL[step]
            axes.barh(
                y,
                length_s / 60,
                0.72,
                left=at_min,
                color=fill,
                hatch=hatch,
                edgecolor="white",
                linewidth=0.5,
                zorder=3,
            )
            at_min += length_s / 60
        longest_min = max(longest_min, at_min)
    axes.set_yticks(range(len(found)), [f"{word(severity)} (n = {len(rows)})" for severity, rows in found])
    axes.set_xlim(0, longest_min * 1.05 or 1.0)
    axes.set_ylim(len(found) - 0.4, -0.6)
    axes.set_xlabel(_("minutes from the harm"))
    number_axis(axes.xaxis)
    axes.grid(axis="x", color=FAINT, linewidth=0.6, zorder=0)
    axes.spines["left"].set_visible(False)
    handles = [
        Patch(facecolor=fill, hatch=hatch, edgecolor="white", label=word(step))
        for step, (fill, hatch) in _FILL.items()
    ]
    legend_above(axes, handles, 8)
    return figure
