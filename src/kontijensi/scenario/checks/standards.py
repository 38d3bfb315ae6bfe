"""Promises that cannot be kept: standards of cover out of reach even when everyone is free."""

from __future__ import annotations

from collections.abc import Iterator

from kontijensi.scenario.checks.geography import distance_km
from kontijensi.scenario.checks.survey import Survey
from kontijensi.scenario.problems import Path, Problem, some
from kontijensi.scenario.schema.area import Place, RoadClass
from kontijensi.scenario.schema.service import Standard
from kontijensi.vocabulary.words import _, duration, ngettext

Source = tuple[Place | None, str, int, float, float]
"""Units that could come: their base, its id, their number, mean turn-out [s], and fastest speed [km/h]."""


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
    detour = _least_detour(survey)
    short = [
        name
        for name, place in places.items()
        if _strength(survey, name, place, standard, sources, detour) < standard.units
    ]
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


def _sources(survey: Survey, standard: Standard) -> list[Source]:
    file = survey.file
    travel = file.area.travel
    fastest = {mode: max(travel.speed_kmh(mode, c) for c in RoadClass) for mode in travel.mode_names}
    least = min(
        (factor for p in travel.periods.values() for factor in (p.factor, *p.classes.values())), default=1.0
    )
    found: list[Source] = []
    for group in file.units.values():
        kind = file.unit_types.get(group.type)
        if kind is not None and group.count and standard.capability in kind.capabilities:
            speed = fastest.get(kind.mode, 200.0) * kind.pace / min(least, 1.0)
            found.append(
                (file.area.places.get(group.base), group.base, group.count, kind.turn_out.expected, speed)
            )
    return found


def _least_detour(survey: Survey) -> float:
    """Return the least ratio of road to straight distance: given roads may cut corners of invented ones."""
    roads = survey.file.area.roads
    return 1.0 if roads.edges or roads.synthetic is None else roads.synthetic.detour


def _strength(
    survey: Survey, name: str, place: Place, standard: Standard, sources: list[Source], detour: float
) -> int:
    """Return how many units could be there in time at the very best."""
    total = 0
    timed = any(edge.time is not None for edge in survey.file.area.roads.given())
    for base, base_id, count, turn_out_s, speed_kmh in sources:
        travel_s = 0.0
        # A road given by its time may be quicker than any distance tells.
        known = place.lat is not None and place.lon is not None and base is not None
        if known and not timed and base is not None and base.lat is not None and base.lon is not None:
            straight_km = distance_km((base.lat, base.lon), (place.lat or 0.0, place.lon or 0.0))
            travel_s = straight_km * detour / speed_kmh * 3600
        if base_id == name:
            travel_s = 0.0
        # One part in a hundred for reckoning on a plane.
        if turn_out_s + travel_s * 0.99 <= standard.within:
            total += count
    return total
