"""The map: places by kind and zone, bases of units, and what happened where."""

from __future__ import annotations

from collections import Counter, defaultdict
from math import cos, radians
from typing import TYPE_CHECKING

import numpy as np

from kontijensi.report.dossier import RANK, Dossier
from kontijensi.report.figures.canvas import (
    BLUE,
    COLOUR_OF,
    INK,
    MARK_OF,
    PAPER,
    PURPLE,
    SOFT,
    drawn,
    new_figure,
)
from kontijensi.report.naming import named, place_name, word
from kontijensi.scenario.schema.area import PlaceKind
from kontijensi.vocabulary.words import _

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

MOST_ROADS = 6000
MOST_LABELS = 14
MOST_MARKED = 3000
_ZONE_SHADES = ("#C9D6CF", "#E8C66A", "#D98A5B", "#A65A4E")
"""Zones from the least to the most vulnerable; their size grows too."""


@drawn
def figure_map(dossier: Dossier) -> Figure | None:
    """Draw places, bases, roads and gatherings on a map; None where no place has a position."""
    places = dossier.world.places
    if not np.isfinite(places.lat).any():
        return None
    lat, lon = places.lat[np.isfinite(places.lat)], places.lon[np.isfinite(places.lon)]
    stretch = 1.0 / cos(radians(float(lat.mean())))
    wide, high = float(np.ptp(lon)) or 0.02, (float(np.ptp(lat)) or 0.02) * stretch
    figure = new_figure(1000, max(420.0, min(900.0, 90 + 950 * high / wide)))
    axes = figure.subplots()
    axes.set_aspect(stretch)
    axes.set_facecolor("#FBFCFD")
    _outlines(axes, dossier)
    _roads(axes, dossier)
    handles = [
        *_places(axes, dossier),
        *_bases(axes, dossier),
        *_short(axes, dossier),
        *_incidents(axes, dossier),
    ]
    pad = 0.04
    axes.set_xlim(lon.min() - pad * wide, lon.max() + pad * wide)
    axes.set_ylim(lat.min() - pad * wide / stretch, lat.max() + pad * wide / stretch)
    _scale_bar(axes, float(lat.mean()))
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)
    axes.set_xticks([])
    axes.set_yticks([])
    figure.legend(handles=handles, loc="outside lower left", ncols=4, labelspacing=0.7, handletextpad=0.5)
    return figure


def _outlines(axes: Axes, dossier: Dossier) -> None:
    for outline in dossier.outlines:
        for line in outline.lines:
            xs, ys = [x for x, _y in line], [y for _x, y in line]
            if outline.closed:
                axes.fill(xs, ys, facecolor=PAPER, edgecolor="#C3CBD5", linewidth=0.8, zorder=0)
            else:
                axes.plot(xs, ys, color="#C3CBD5", linewidth=0.8, zorder=0)


def _roads(axes: Axes, dossier: Dossier) -> None:
    from matplotlib.collections import LineCollection

    roads = dossier.world.roads
    known = np.flatnonzero(np.isfinite(roads.position[roads.tail] + roads.position[roads.head]).all(axis=1))
    pairs = np.sort(np.column_stack((roads.tail[known], roads.head[known])), axis=1)
    _pairs, first = np.unique(pairs, axis=0, return_index=True)
    drawn = known[np.sort(first)]
    if len(drawn) > MOST_ROADS:
        # Of a real network the quickest roads tell the area.
        span = roads.position[roads.head[drawn]] - roads.position[roads.tail[drawn]]
        speed = np.hypot(*span.T) / np.maximum(roads.time_s[drawn], 1e-9)
        drawn = drawn[np.argsort(-speed, kind="stable")]
    segments = np.stack((roads.position[roads.tail[drawn]], roads.position[roads.head[drawn]]), axis=1)
    if len(segments):
        lines = LineCollection(list(segments[:MOST_ROADS]), colors="#D3D9E0", linewidths=0.7, zorder=1)
        axes.add_collection(lines)


def _places(axes: Axes, dossier: Dossier) -> list[Line2D]:
    """Mark what is to be protected, shaded and sized by zone."""
    places, zones = dossier.world.places, dossier.world.scenario.area.zones
    bases = {unit.base for unit in dossier.world.fleet}
    order = sorted(zones, key=lambda key: zones[key].risk)
    groups: dict[tuple[str | None, bool], list[int]] = defaultdict(list)
    for row, place_kind in enumerate(places.kind):
        if row not in bases and np.isfinite(places.lat[row]):
            groups[places.zone[row], place_kind is PlaceKind.TPS].append(row)
    handles: list[Line2D] = []
    for (zone, station), rows in sorted(groups.items(), key=lambda item: (str(item[0][0]), not item[0][1])):
        step = order.index(zone) if zone in zones else 0
        shade = _ZONE_SHADES[min(step, 3)] if zone in zones else "#E3E7EC"
        kind = word("tps") if station else _("other place")
        label = f"{kind}, {named(zones[zone], zone)}" if zone is not None and zone in zones else kind
        handles += axes.plot(
            places.lon[rows[:MOST_MARKED]],
            places.lat[rows[:MOST_MARKED]],
            "o" if station else "p",
            color=shade,
            markeredgecolor=SOFT,
            markeredgewidth=0.5,
            markersize=5 + 1.4 * step,
            linestyle="none",
            label=f"{label} ({len(rows)})",
            zorder=3,
        )
    return handles


def _bases(axes: Axes, dossier: Dossier) -> list[Line2D]:
    places = dossier.world.places
    units = Counter(unit.base for unit in dossier.world.fleet if unit.aid is None)
    rows = [row for row in units if np.isfinite(places.lat[row])]
    if not rows:
        return []
    for row in rows:
        axes.plot(
            places.lon[row],
            places.lat[row],
            "D",
            color="white",
            markeredgecolor=BLUE,
            markeredgewidth=1.2,
            markersize=4.5 + 1.6 * min(units[row], 12) ** 0.5,
            zorder=4,
        )
    for row in sorted(rows, key=lambda r: -units[r])[:4]:
        if units[row] > 2:
            axes.annotate(
                place_name(dossier.world, places.ids[row]),
                (places.lon[row], places.lat[row]),
                xytext=(0, -11),
                textcoords="offset points",
                ha="center",
                va="top",
                fontsize=7.6,
                color=BLUE,
                zorder=8,
                bbox=_HALO,
            )
    label = _("base of units (larger: more units)")
    return list(
        axes.plot(
            [],
            [],
            "D",
            color="white",
            markeredgecolor=BLUE,
            markeredgewidth=1.2,
            markersize=7,
            linestyle="none",
            label=label,
        )
    )


_HALO = {"boxstyle": "round,pad=0.12", "fc": "white", "ec": "none", "alpha": 0.8}


def _incidents(axes: Axes, dossier: Dossier) -> list[Line2D]:
    """Mark each place by the worst colour a gathering there had; the worst are named."""
    places = dossier.world.places
    worst: dict[str, str] = {}
    times: Counter[tuple[str, str]] = Counter()
    for gathering in dossier.gatherings:
        if gathering.place in places.index:
            place, colour = str(gathering.place), gathering.worst
            times[place, colour] += 1
            if RANK[colour] >= RANK[worst.get(place, "green")]:
                worst[place] = colour
    handles: list[Line2D] = []
    labels = {
        "green": _("gathering, peaceful throughout"),
        "yellow": _("gathering that turned yellow"),
        "red": _("gathering that turned red"),
    }
    for colour in RANK:
        rows = [places.index[place] for place, found in worst.items() if found == colour]
        rows = [row for row in rows if np.isfinite(places.lat[row])]
        if not rows:
            continue
        handles += axes.plot(
            places.lon[rows],
            places.lat[rows],
            MARK_OF[colour],
            color=COLOUR_OF[colour],
            markersize=10,
            markeredgecolor="white",
            markeredgewidth=1.0,
            linestyle="none",
            zorder=6 + RANK[colour],
            label=f"{labels[colour]} ({len(rows)})",
        )
    named_rows = sorted((p for p in worst if worst[p] != "green"), key=lambda p: (-RANK[worst[p]], p))
    for place in named_rows[:MOST_LABELS]:
        row = places.index[place]
        if np.isfinite(places.lat[row]):
            axes.annotate(
                place_name(dossier.world, place),
                (places.lon[row], places.lat[row]),
                xytext=(8, 5),
                textcoords="offset points",
                fontsize=8,
                color=INK,
                zorder=12,
                bbox=_HALO,
            )
    return handles


def _scale_bar(axes: Axes, lat: float) -> None:
    low, high = axes.get_xlim()
    km_per_degree = 111.32 * cos(radians(lat))
    length_km = next(
        (km for km in (50, 20, 10, 5, 2, 1, 0.5, 0.2, 0.1) if km <= (high - low) * km_per_degree / 4), 0.1
    )
    share = length_km / km_per_degree / (high - low)
    axes.plot(
        [0.02, 0.02 + share], [0.02, 0.02], color=SOFT, linewidth=2.2, transform=axes.transAxes, zorder=9
    )
    axes.text(
        0.02,
        0.032,
        f"{length_km:g} km",
        transform=axes.transAxes,
        fontsize=8,
        color=SOFT,
        va="bottom",
        zorder=9,
    )


def _short(axes: Axes, dossier: Dossier) -> list[Line2D]:
    """Ring the places that missed some standard for most of the time it held."""
    places = dossier.world.places
    short = {
        place
        for cover in dossier.coverage.values()
        for place, seconds in zip(cover.places, cover.short_s.sum(axis=1), strict=True)
        if cover.held_s > 0 and seconds > 0.5 * cover.held_s
    }
    rows = [row for row in sorted(places.index[place] for place in short) if np.isfinite(places.lat[row])]
    if not rows:
        return []
    label = _("short of cover most of the time ({n})").format(n=len(rows))
    return list(
        axes.plot(
            places.lon[rows],
            places.lat[rows],
            "o",
            color="none",
            markeredgecolor=PURPLE,
            markeredgewidth=2.0,
            markersize=15,
            linestyle="none",
            label=label,
            zorder=5,
        )
    )
