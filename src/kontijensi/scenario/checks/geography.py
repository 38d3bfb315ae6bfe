"""Where places lie, and whether a road leads there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from math import cos, hypot, radians
from statistics import median

from kontijensi.scenario.checks.survey import Survey
from kontijensi.scenario.problems import Problem, did_you_mean
from kontijensi.scenario.schema.area import Place
from kontijensi.scenario.wording import INDONESIA_LAT, INDONESIA_LON
from kontijensi.vocabulary.words import _, shown

KM_PER_DEGREE = 111.2
FAR_FROM_ROAD_KM = 0.5
"""A place farther than this from the nearest node may lie wrong, or the network file may end before it."""
FAR_KM = 150.0
"""A place this far from the middle of the others, and twenty times as far as they are, is likely a slip."""


def check(survey: Survey) -> Iterator[Problem]:
    """Find places that lie where none can be meant, and places that no road reaches."""
    yield from _halves(survey)
    yield from _positions(survey)
    yield from _without_position(survey)
    yield from _off_the_network(survey)
    yield from _unreached(survey)
    yield from _kept_in(survey)
    yield from _loose_ends(survey)
    yield from _parallel(survey)


def _halves(survey: Survey) -> Iterator[Problem]:
    for key, place in survey.file.area.places.items():
        if (place.lat is None) != (place.lon is None):
            field = "lat" if place.lat is None else "lon"
            yield survey.error(
                ("area", "places", key),
                _("`{field}` is missing: give both or neither").format(field=field),
                key=True,
            )


def _located(survey: Survey) -> dict[str, tuple[float, float]]:
    places = survey.file.area.places.items()
    return {key: (p.lat, p.lon) for key, p in places if p.lat is not None and p.lon is not None}


def _positions(survey: Survey) -> Iterator[Problem]:
    located = _located(survey)
    if not located:
        return
    middle = (median(lat for lat, _lon in located.values()), median(lon for _lat, lon in located.values()))
    away = {key: distance_km(at, middle) for key, at in located.items()}
    typical = median(away.values())
    for key, (lat, lon) in located.items():
        path = ("area", "places", key, "lat")
        if _in(lat, INDONESIA_LON) and _in(lon, INDONESIA_LAT):
            yield survey.error(
                path, _("latitude {lat} and longitude {lon} are swapped").format(lat=lat, lon=lon)
            )
        elif away[key] > FAR_KM and away[key] > 20 * typical and len(located) > 2:
            yield survey.warning(
                path,
                _("lies {km} km from the middle of the other places").format(km=round(away[key])),
                why=_("A slip of one digit moves a place by tens of kilometres, and units drive that far."),
                fix=_("Check latitude {lat} and longitude {lon}.").format(lat=lat, lon=lon),
            )
    if not (_in(middle[0], INDONESIA_LAT) and _in(middle[1], INDONESIA_LON)):
        yield survey.note(
            ("area", "places"),
            _("the places lie outside Indonesia, around latitude {lat} and longitude {lon}").format(
                lat=round(middle[0], 3), lon=round(middle[1], 3)
            ),
        )


def _in(value: float, limits: tuple[float, float]) -> bool:
    return limits[0] <= value <= limits[1]


def distance_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Return the distance between two positions (latitude, longitude) [km], as on a plane."""
    return KM_PER_DEGREE * hypot(a[0] - b[0], (a[1] - b[1]) * cos(radians((a[0] + b[0]) / 2)))


def _linked(survey: Survey, key: str, place: Place) -> bool:
    """Whether invented roads can join a place."""
    return survey.file.area.roads.synthetic is not None and place.lat is not None and place.lon is not None


def _without_position(survey: Survey) -> Iterator[Problem]:
    area = survey.file.area
    if area.roads.synthetic is None:
        return
    on_road = {end for edge in area.roads.edges for end in edge.between}
    for key, place in area.places.items():
        if place.lat is None and place.lon is None and key not in on_road and not place.no_road:
            yield survey.error(
                ("area", "places", key),
                _("roads are to be invented, but the place has no `lat` and `lon`"),
                fix=_("Give its position, a road of its own, or `no_road: true`."),
                key=True,
            )


def _off_the_network(survey: Survey) -> Iterator[Problem]:
    """Find places that lie far from the nearest node of the network file, or that it cannot join."""
    area = survey.file.area
    data = area.roads.from_file
    if data is None:
        return
    for link in data.links:
        if link.distance_km > FAR_FROM_ROAD_KM:
            yield survey.warning(
                ("area", "places", link.place),
                _("the nearest node of {file} is {metres} m away").format(
                    file=shown(area.roads.file or ""), metres=round(link.distance_km * 1000)
                ),
                why=_("It is joined to that node by a straight village road."),
                fix=_("Check its position, and whether the file covers the whole area."),
            )
    for key, place in area.places.items():
        at = data.nodes.get(key)
        if at is None or place.lat is None or place.lon is None:
            continue
        gap_km = distance_km((at[1], at[0]), (place.lat, place.lon))
        if gap_km > FAR_FROM_ROAD_KM:
            yield survey.error(
                ("area", "places", key),
                _("a node of {file} has this id too, {metres} m away").format(
                    file=shown(area.roads.file or ""), metres=round(gap_km * 1000)
                ),
                fix=_("Give the place another id."),
                key=True,
            )


class _Parts:
    """What hangs together by roads, or by those that a mode may use; both directions count."""

    def __init__(self, survey: Survey, mode: str | None = None) -> None:
        self.roots: dict[str, str] = {}
        area, travel = survey.file.area, survey.file.area.travel
        for edge in area.roads.given():
            speed_kmh = 1.0 if mode is None else travel.speed_kmh(mode, edge.road_class)
            if speed_kmh > 0 and mode not in edge.bars:
                self._join(*edge.between)
        synthetic = area.roads.synthetic
        if synthetic is None or (mode is not None and travel.speed_kmh(mode, synthetic.road_class) == 0):
            return
        invented = [k for k, place in area.places.items() if _linked(survey, k, place) and not place.no_road]
        for key in invented[1:]:
            self._join(key, invented[0])

    def root(self, node: str) -> str:
        """Return the node that stands for the part a node belongs to."""
        roots = self.roots
        roots.setdefault(node, node)
        while roots[node] != node:
            roots[node] = roots[roots[node]]
            node = roots[node]
        return node

    def _join(self, a: str, b: str) -> None:
        self.roots[self.root(a)] = self.root(b)


def _unreached(survey: Survey) -> Iterator[Problem]:
    area, parts = survey.file.area, _Parts(survey)
    roots, root = parts.roots, parts.root
    wanting = [key for key, place in area.places.items() if not place.no_road]
    # A place without position was reported already where roads are invented.
    if area.roads.synthetic is not None:
        wanting = [key for key in wanting if key in roots or area.places[key].lat is not None]
    bases = {base for _path, _kind, _count, base in survey.roster() if base in area.places}
    sizes = Counter(root(key) for key in wanting)
    if len(sizes) < 2:
        return
    reached = {root(base) for base in bases} or {sizes.most_common(1)[0][0]}
    for key in wanting:
        if root(key) not in reached:
            yield survey.error(
                ("area", "places", key),
                _("no road reaches this place from any base"),
                why=_("Nobody can be sent there."),
                fix=_("Add a road under `area.roads.edges`, or say `no_road: true` when there is none."),
                key=True,
            )


def _kept_in(survey: Survey) -> Iterator[Problem]:
    """Find units whose mode may use no road that leads from their base to any other place."""
    area = survey.file.area
    lines = [(path, kind.mode, base) for path, kind, count, base in survey.roster() if count]
    for mode in dict.fromkeys(mode for _path, mode, _base in lines):
        if mode not in area.travel.mode_names:
            continue
        parts = _Parts(survey, mode)
        sizes = Counter(parts.root(key) for key, place in area.places.items() if not place.no_road)
        for path, _mode, base in (line for line in lines if line[1] == mode):
            alone = base in area.places and sizes[parts.root(base)] < 2 and len(area.places) > 1
            if alone and not area.places[base].no_road:
                yield survey.warning(
                    path,
                    _("no road that mode {mode} may use leads from {base} to another place").format(
                        mode=shown(mode), base=shown(base)
                    ),
                    why=_("These units never leave their base."),
                    fix=_(
                        "Give another `mode` or base, or look at the classes and `bars` of the roads there."
                    ),
                    key=True,
                )


def _loose_ends(survey: Survey) -> Iterator[Problem]:
    """Find junctions that look like a mistyped place: one road ends there, a place has nearly its name."""
    area = survey.file.area
    degree = Counter(end for edge in area.roads.edges for end in edge.between)
    nodes = area.roads.from_file.names if area.roads.from_file is not None else frozenset()
    for i, edge in enumerate(area.roads.edges):
        for j, end in enumerate(edge.between):
            if end in area.places or degree[end] > 1 or end in nodes:
                continue
            guess = did_you_mean(end, area.places)
            if guess is not None:
                yield survey.warning(
                    ("area", "roads", "edges", i, "between", j),
                    _("{name} is no place, and only this road ends there; did you mean {guess}?").format(
                        name=shown(end), guess=shown(guess)
                    ),
                )


def _parallel(survey: Survey) -> Iterator[Problem]:
    """Find roads written here that join the same two ends in the same direction as another."""
    first: dict[tuple[str, str], int] = {}
    for i, edge in enumerate(survey.file.area.roads.edges):
        a, b = edge.between
        directions = [(a, b)] if edge.oneway else [(a, b), (b, a)]
        earlier = min((first[way] for way in directions if way in first), default=None)
        if earlier is not None:
            yield survey.warning(
                ("area", "roads", "edges", i, "between"),
                _("another road joins {a} and {b} already (number {number} of `edges`)").format(
                    a=shown(a), b=shown(b), number=earlier + 1
                ),
                why=_("Both are one road: the quicker of the two is driven, and a closure closes both."),
                fix=_("Remove one of them, or put a junction of its own on the second way."),
            )
        for way in directions:
            first.setdefault(way, i)
