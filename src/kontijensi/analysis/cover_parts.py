"""Cover by phase, district and zone: share and shortfall of each, with standing cover beside it, and tables.

The parts of one kind share out what a standard is about: their place-minutes short add up to the standard's
own. What belongs to none, such as time between phases, stands under `(none)`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, pairwise
from math import fsum
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from kontijensi.analysis.cover_changes import windows_of
from kontijensi.analysis.coverage import Coverage
from kontijensi.world.world import World

if TYPE_CHECKING:
    import pandas as pd

NONE = "(none)"
"""Key of what belongs to no group, such as an incident outside every phase; no id can look like it."""
Floats = npt.NDArray[np.float64]


class CoverBy(StrEnum):
    """By what cover is broken down."""

    STANDARD = "standard"
    PHASE = "phase"
    DISTRICT = "district"
    ZONE = "zone"


@dataclass(frozen=True, slots=True)
class CoverPart:
    """Cover of some places over some time, with what stands without demand beside it."""

    n_places: int
    held_s: float
    """Time for which the standard held [s]."""
    share: float | None
    """Weighted share of place-time covered; None where nothing was held, or the places weigh nothing."""
    static: float | None
    short_s: float
    """Time short, summed over the places [s]."""
    static_short_s: float
    voter_s: float
    """Time short, summed over the voters of the places [s]."""


def cover_parts(found: Coverage, still: Coverage, world: World, by: CoverBy) -> dict[str, CoverPart]:
    """Break cover down; a phase in which the standard never held has a share of None."""
    everywhere = np.ones(len(found.places), dtype=bool)
    if by is CoverBy.STANDARD:
        return {found.standard: _part(found, still, world, everywhere)}
    if by is CoverBy.PHASE:
        return _by_phase(found, still, world)
    column = world.places.district if by is CoverBy.DISTRICT else world.places.zone
    names = [column[world.places.index[place]] or NONE for place in found.places]
    return {
        name: _part(found, still, world, np.array([own == name for own in names]))
        for name in sorted(set(names))
    }


def _by_phase(found: Coverage, still: Coverage, world: World) -> dict[str, CoverPart]:
    everywhere = np.ones(len(found.places), dtype=bool)
    parts, rest = {}, [found.held_s, found.short_s.sum(axis=1), still.short_s.sum(axis=1)]
    for phase in world.phases:
        span = (max(phase.start_s, 0.0), min(phase.end_s, found.end_s))
        held_s = _held_s(found, world, *span)
        short_s, still_s = (_short_within(each, *span) for each in (found, still))
        parts[phase.id] = _part_of(found, world, everywhere, held_s, (short_s, still_s))
        rest = [rest[0] - held_s, rest[1] - short_s, rest[2] - still_s]
    if rest[0] > 1e-6:
        short_s, still_s = (np.maximum(each, 0.0) for each in rest[1:])
        parts[NONE] = _part_of(found, world, everywhere, rest[0], (short_s, still_s))
    return parts


def _part(found: Coverage, still: Coverage, world: World, chosen: npt.NDArray[np.bool_]) -> CoverPart:
    times = (found.short_s.sum(axis=1), still.short_s.sum(axis=1))
    return _part_of(found, world, chosen, found.held_s, times)


def _part_of(
    found: Coverage, world: World, chosen: npt.NDArray[np.bool_], held_s: float, times: tuple[Floats, Floats]
) -> CoverPart:
    whole = float(found.weight[chosen].sum()) * held_s

    def share(short_s: Floats) -> float | None:
        return 1.0 - float(found.weight[chosen] @ short_s[chosen]) / whole if whole > 0 else None

    voters = world.places.voters[[world.places.index[place] for place in found.places]]
    short_s, still_s = times
    return CoverPart(
        n_places=int(chosen.sum()),
        held_s=held_s,
        share=share(short_s),
        static=share(still_s),
        short_s=float(short_s[chosen].sum()),
        static_short_s=float(still_s[chosen].sum()),
        voter_s=float(voters[chosen] @ short_s[chosen]),
    )


def _held_s(found: Coverage, world: World, start_s: float, end_s: float) -> float:
    windows = windows_of(world, world.scenario.standards[found.standard], found.end_s)
    return fsum(max(0.0, min(end_s, until) - max(start_s, since)) for since, until in windows)


def _short_within(found: Coverage, start_s: float, end_s: float) -> Floats:
    """Return the time that each place was short between two moments, shape (n_places,) [s]."""
    rows, starts, ends = _spans(found)
    length_s = np.clip(np.minimum(ends, end_s) - np.maximum(starts, start_s), 0.0, None)
    return np.bincount(rows, weights=length_s, minlength=len(found.places)).astype(np.float64)


def _spans(found: Coverage) -> tuple[npt.NDArray[np.int64], Floats, Floats]:
    """Return row, start and end of the shortfalls, one entry a place and interval."""
    row_of = {place: row for row, place in enumerate(found.places)}
    sizes = [len(short.places) for short in found.shortfalls]
    places = chain.from_iterable(short.places for short in found.shortfalls)
    rows = np.fromiter((row_of[place] for place in places), dtype=np.int64, count=sum(sizes))
    starts = np.repeat([short.start_s for short in found.shortfalls], sizes).astype(np.float64)
    ends = np.repeat([short.end_s for short in found.shortfalls], sizes).astype(np.float64)
    return rows, starts, ends


# -- tables --------------------------------------------------------------------------------------------------


def part_frame(
    found: Mapping[str, Coverage], still: Mapping[str, Coverage], world: World, by: CoverBy
) -> pd.DataFrame:
    """Return cover broken down as a table: one row a standard and group; times in minutes."""
    import pandas as pd

    lines = [
        {
            "standard": key,
            **({} if by is CoverBy.STANDARD else {str(by): group}),
            "n_places": part.n_places,
            "held_min": part.held_s / 60,
            "share": part.share,
            "static": part.static,
            "short_place_min": part.short_s / 60,
            "static_short_place_min": part.static_short_s / 60,
            "short_voter_min": part.voter_s / 60,
        }
        for key, cover in found.items()
        for group, part in cover_parts(cover, still[key], world, by).items()
    ]
    names = ["standard", *([] if by is CoverBy.STANDARD else [str(by)]), "n_places", "held_min"]
    names += ["share", "static", "short_place_min", "static_short_place_min", "short_voter_min"]
    frame = pd.DataFrame(lines, columns=names)
    return frame.astype({"share": "float64", "static": "float64"})


def shortfall_frame(found: Iterable[Coverage], world: World) -> pd.DataFrame:
    """Return the shortfalls as a table: one row a place and interval, cut where the phase changes."""
    import pandas as pd

    columns: dict[str, Callable[[int], object]] = {
        "district": lambda row: world.places.district[row],
        "zone": lambda row: world.places.zone[row],
        "voters": lambda row: int(world.places.voters[row]),
    }
    cuts = sorted({t_s for phase in world.phases for t_s in (phase.start_s, phase.end_s)})
    lines = []
    for cover in found:
        rows = {place: world.places.index[place] for place in cover.places}
        about = {place: [value(row) for value in columns.values()] for place, row in rows.items()}
        for short in cover.shortfalls:
            bounds = [short.start_s, *(t for t in cuts if short.start_s < t < short.end_s), short.end_s]
            for start_s, end_s in pairwise(bounds):
                phase = world.phase_at(start_s)
                name = None if phase is None else phase.id
                lines += [
                    (cover.standard, place, start_s, end_s, str(short.reason), name, *about[place])
                    for place in short.places
                ]
    names = ["standard", "place", "start_s", "end_s", "reason", "phase", *columns]
    return pd.DataFrame(lines, columns=names)
