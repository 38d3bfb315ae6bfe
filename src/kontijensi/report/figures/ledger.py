"""The ledger with two sides: who was hurt and by what; nothing is netted against anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kontijensi.report.dossier import Dossier
from kontijensi.report.figures.canvas import FAINT, INK, ORANGE, SKY, VERMILION, drawn, new_figure
from kontijensi.report.moments import count
from kontijensi.report.naming import word
from kontijensi.vocabulary.words import _

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SEVERITIES = (("minor", SKY, ""), ("moderate", ORANGE, "////"), ("severe", VERMILION, "xxxx"))


def people_hurt(dossier: Dossier, cause: str, group: str, severity: str) -> int:
    """Return how many were hurt."""
    return sum(
        line.people
        for line in dossier.harm
        if (line.cause, line.group, line.severity) == (cause, group, severity)
    )


def causes(dossier: Dossier) -> list[str]:
    """Return the causes that hurt anybody, the gravest first."""
    total: dict[str, int] = {}
    for line in dossier.harm:
        total[line.cause] = total.get(line.cause, 0) + line.people
    return sorted(total, key=lambda cause: (-total[cause], cause))


@drawn
def figure_harm(dossier: Dossier) -> Figure | None:
    """Draw people hurt by cause: the public to the left, officers to the right; None when nobody was hurt."""
    from matplotlib.patches import Patch
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    rows = causes(dossier)
    if not rows:
        return None
    figure = new_figure(1000, 110 + 34 * len(rows))
    axes = figure.subplots()
    widest = 1
    for y, cause in enumerate(rows):
        for group, sign in (("public", -1), ("officer", 1)):
            at = 0
            for severity, fill, hatch in SEVERITIES:
                n = people_hurt(dossier, cause, group, severity)
                if n:
                    axes.barh(
                        y,
                        sign * n,
                        0.64,
                        left=sign * at,
                        color=fill,
                        hatch=hatch,
                        edgecolor="white",
                        linewidth=0.6,
                    )
                at += n
            widest = max(widest, at)
            if at:
                axes.annotate(
                    count(at),
                    (sign * at, y),
                    xytext=(4 * sign, 0),
                    textcoords="offset points",
                    va="center",
                    ha="left" if sign > 0 else "right",
                    fontsize=8.5,
                    color=INK,
                )
    axes.axvline(0, color=INK, linewidth=0.9)
    axes.set_yticks(range(len(rows)), [word(cause) for cause in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlim(-1.18 * widest, 1.18 * widest)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=8))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _position: count(abs(value))))
    axes.set_xlabel(_("people hurt: public on the left, officers on the right"))
    axes.grid(axis="x", color=FAINT, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines["left"].set_visible(False)
    handles = [
        Patch(facecolor=fill, hatch=hatch, edgecolor="white", label=word(severity))
        for severity, fill, hatch in SEVERITIES
    ]
    axes.legend(handles=handles, loc="lower left", bbox_to_anchor=(0, 1.01), ncols=3, handlelength=1.3)
    return figure
