"""Promises that cannot be kept: standards of cover out of reach even when everyone is free."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from math import cos, floor, inf, radians

from kontijensi.scenario.checks.geography import KM_PER_DEGREE, distance_km
from kontijensi.scenario.checks.survey import Survey
from kontijensi.scenario.problems import Path, Problem, some
from kontijensi.scenario.schema.area import Place, RoadClass
from kontijensi.scenario.schema.service import Standard
from kontijensi.vocabulary.words import _, duration, ngettext


@dataclass(frozen=True, slots=True)
class _Source:
    """Units that could come, from where, and how far they get in time at the very best [km]."""

    base: Place | None
    base_id: str
    count: int
    reach_km: float


def check(survey: Survey) -> Iterator[Problem]:
    """Find standards for no place at all, and standards that no unit is near enough to meet."""
    for key, standard in survey.file.standards.items():
        places = survey.chosen(standard.places)
        if survey.empty(standard.places):
            message = _("no place is meant by this choice, so the standard promises nothing")
            yield survey.error(("standards", key, "places"), message)
        yield from _out_of_reach(survey, key, standard, places)


def _out_of_reach(
    survey: Survey, key: str, standard: Standard, places: dict[str, Place]
) -> Iterator[Problem]:
    sources = _sources(survey, standard)
    if not sources:
        return  # said already: nobody on the roster has the capability
    near = _Near(sources)
    short = [name for name, place in places.items() if not near.enough(name, place, standard.units)]
    if not short:
        return
    path: Path = ("standards", key)
    n = len(short)
    yield survey.warning(
        path,
        ngettext(
            "{n} place of {all} is out of reach within {time} even if every unit is free: {places}",
            "{n} places of {all} are out of reach within {time} even if every unit is free: {places}",
            n,
        ).format(n=n, all=len(places), time=duration(standard.within), places=some(short)),
        why=_("Their coverage is short at all times, whatever happens in the rehearsal."),
        fix=_("Base units nearer, allow more time, or promise it for fewer places."),
        key=True,
    )


def _sources(survey: Survey, standard: Standard) -> list[_Source]:
    file = survey.file
    travel = file.area.travel
    fastest = {mode: max(travel.speed_kmh(mode, c) for c in RoadClass) for mode in travel.mode_names}
    least = min(
        (factor for p in travel.periods.values() for factor in (p.factor, *p.classes.values())), default=1.0
    )
    # A road given by its time may be quicker than any distance tells.
    timed = any(edge.time is not None for edge in file.area.roads.given())
    detour = _least_detour(survey)
    found: list[_Source] = []
    for group in file.units.values():
        kind = file.unit_types.get(group.type)
        if kind is None or not group.count or standard.capability not in kind.capabilities:
            continue
        left_s = standard.within - kind.turn_out.expected
        if left_s < 0:
            found.append(_Source(None, "", 0, 0.0))
            continue
        speed_kmh = fastest.get(kind.mode, 200.0) * kind.pace / min(least, 1.0)
        # One part in a hundred for reckoning on a plane.
        reach_km = inf if timed else left_s / 0.99 * speed_kmh / 3600 / detour
        found.append(_Source(file.area.places.get(group.base), group.base, group.count, reach_km))
    return found


def _least_detour(survey: Survey) -> float:
    """Return the least ratio of road to straight distance: given roads may cut corners of invented ones."""
    roads = survey.file.area.roads
    return 1.0 if roads.edges or roads.synthetic is None else roads.synthetic.detour


class _Near:
    """Units by the square they stand in, so that a country's stations need not look at all its bases."""

    def __init__(self, sources: list[_Source]) -> None:
        self._everywhere = 0
        """Units whose way is not known, or whose reach has no end: they count at every place."""
        self._all = sum(source.count for source in sources)
        self._at: dict[tuple[int, int], list[tuple[tuple[float, float], _Source]]] = defaultdict(list)
        placed = []
        for source in sources:
            at = None if source.base is None else _position(source.base)
            if at is None or source.reach_km == inf:
                self._everywhere += source.count
            else:
                placed.append((at, source))
        farthest_km = max((source.reach_km for _at, source in placed), default=0.0)
        north = max((abs(at[0]) for at, _source in placed), default=0.0)
        self._high = max(farthest_km / KM_PER_DEGREE, 0.01)
        # Degrees of longitude shrink towards the poles; a reach further north meets narrower ones still.
        self._wide = self._high / max(cos(radians(min(north + self._high, 90.0))), 0.01)
        for at, source in placed:
            self._at[self._square(at)].append((at, source))

    def _square(self, at: tuple[float, float]) -> tuple[int, int]:
        return floor(at[0] / self._high), floor(at[1] / self._wide)

    def enough(self, name: str, place: Place, wanted: int) -> bool:
        """Whether so many units could be there in time at the very best."""
        if self._everywhere >= wanted:
            return True
        at = _position(place)
        if at is None:
            return self._all >= wanted
        total = self._everywhere
        row, column = self._square(at)
        for square in ((row + i, column + j) for i in (-1, 0, 1) for j in (-1, 0, 1)):
            for base, source in self._at.get(square, ()):
                if source.base_id == name or distance_km(base, at) <= source.reach_km:
                    total += source.count
                    if total >= wanted:
                        return True
        return False


def _position(place: Place) -> tuple[float, float] | None:
    return None if place.lat is None or place.lon is None else (place.lat, place.lon)
