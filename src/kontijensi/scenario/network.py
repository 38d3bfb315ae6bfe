"""Roads from a network file beside the scenario: CSV or JSON, as `kontijensi roads build` writes it.

Read without NumPy or SciPy, because `check` reads it too. Places are joined to the nearest node.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from math import ceil, cos, floor, hypot, isfinite, radians
from types import MappingProxyType
from typing import Any, NamedTuple, NoReturn

from kontijensi.scenario.problems import Path, Problem, did_you_mean
from kontijensi.scenario.schema.area import Place, RoadClass
from kontijensi.scenario.schema.forms import check_id
from kontijensi.scenario.yaml_faults import decode, forbidden_characters
from kontijensi.vocabulary.words import _, shown

COLUMNS = (
    "from",
    "to",
    "length_m",
    "class",
    "oneway",
    "speed_kmh",
    "from_lon",
    "from_lat",
    "to_lon",
    "to_lat",
)
"""Columns of a network file as it is written."""
NEEDED = ("from", "to")
ALSO_READ = ("time_s", "bars")
"""Columns that may be added by hand; so may `MODE_time_s`, the time of a mode other than a car."""
MODE_TIME = re.compile(r"([A-Za-z][\w-]*)_time_s")
INDONESIAN: Mapping[str, tuple[str, float]] = {
    "dari": ("from", 1.0),
    "ke": ("to", 1.0),
    "panjang_m": ("length_m", 1.0),
    "panjang_km": ("length_m", 1000.0),
    "length_km": ("length_m", 1000.0),
    "kelas": ("class", 1.0),
    "searah": ("oneway", 1.0),
    "kecepatan_kmh": ("speed_kmh", 1.0),
    "waktu_s": ("time_s", 1.0),
    "waktu_menit": ("time_s", 60.0),
    "dilarang": ("bars", 1.0),
    "dari_lon": ("from_lon", 1.0),
    "dari_lat": ("from_lat", 1.0),
    "ke_lon": ("to_lon", 1.0),
    "ke_lat": ("to_lat", 1.0),
}
"""Other names of columns, and what their numbers are multiplied by."""
JSON_FORMAT = 1
MOST_PROBLEMS = 50
LARGEST_TEXT = 256 * 1024 * 1024
"""Bytes of an unpacked file; more is refused, because a small file can hold any number of them."""
WHERE: Path = ("area", "roads", "file")
KM_PER_DEGREE = 111.195
CELL_DEGREES = 0.005
"""Width of a cell of the grid in which the nearest node is looked for, about 550 m."""
FARTHEST_KM = 20.0
"""A place farther than this from every node is not joined."""
WIDEST_SEARCH = ceil(FARTHEST_KM / KM_PER_DEGREE / CELL_DEGREES) + 1

Position = tuple[float, float]
"""Longitude and latitude in degrees."""


NO_TIMES: Mapping[str, float] = MappingProxyType({})


class Stretch(NamedTuple):
    """A stretch of road, with the fields of an `area.roads.edges` entry."""

    between: tuple[str, str]
    length_km: float | None
    time: float | None
    """Time to drive it [s] where the file gives it or a speed, else None: its class decides."""
    road_class: RoadClass
    oneway: bool
    times: Mapping[str, float] = NO_TIMES
    """Time of modes other than a car where the file gives it [s]."""
    bars: tuple[str, ...] = ()
    """Modes that may not use it."""


class Link(NamedTuple):
    """How a place is joined to the network: straight to the nearest node."""

    place: str
    node: str
    distance_km: float


@dataclass(frozen=True, slots=True)
class RoadData:
    """The roads of a network file, and how the places are joined to them."""

    nodes: Mapping[str, Position]
    """Position of each node that has one."""
    stretches: tuple[Stretch, ...]
    links: tuple[Link, ...] = ()
    names: frozenset[str] = field(default_factory=frozenset)
    """Every node, with a position or without."""

    @property
    def modes(self) -> tuple[str, ...]:
        """Modes that the file names."""
        return tuple(dict.fromkeys(mode for s in self.stretches for mode in (*s.times, *s.bars)))

    def every(self) -> Iterator[Stretch]:
        """Yield the stretches of the file, then a village road to each place that was joined."""
        yield from self.stretches
        for link in self.links:
            yield Stretch((link.place, link.node), link.distance_km, None, RoadClass.VILLAGE, False)


class _Broken(Exception):  # noqa: N818 - ends the reading; the problem is noted
    """Nothing more can be read."""


# -- reading -------------------------------------------------------------------------------------------------


def unpacked(content: bytes) -> bytes:
    """Return a file's content, unpacked when it is gzip.

    Raises ValueError in plain words when it is damaged, or larger than 256 MB.
    """
    if not content.startswith(b"\x1f\x8b"):
        return content
    try:
        with gzip.open(io.BytesIO(content)) as stream:
            text = stream.read(LARGEST_TEXT + 1)
    except (OSError, EOFError, zlib.error):
        raise ValueError(_("the gzip file is damaged or cut short")) from None
    if len(text) > LARGEST_TEXT:
        raise ValueError(_("larger than {n} MB unpacked").format(n=LARGEST_TEXT // 2**20))
    return text


def read_network(content: bytes, *, name: str) -> tuple[RoadData | None, tuple[Problem, ...]]:
    """Return the roads of a network file and what is wrong with it; nothing is raised."""
    reading = _Reading(name)
    with suppress(_Broken):
        text = decode(content)
        faults = list(forbidden_characters(text)) if isinstance(text, str) else [text]
        for fault in faults:
            reading.note(fault.line, fault.message, fault.fix)
        if faults or not isinstance(text, str):
            raise _Broken
        if text.lstrip().startswith("{"):
            reading.read_json(text)
        else:
            reading.read_csv(text)
        if not reading.stretches and not reading.problems:
            reading.note(1, _("no stretch of road stands in this file"))
    if reading.problems:
        return None, tuple(reading.problems)
    names = frozenset(end for stretch in reading.stretches for end in stretch.between)
    return RoadData(reading.nodes, tuple(reading.stretches), names=names), ()


class _Reading:
    """One network file being read."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.problems: list[Problem] = []
        self.stretches: list[Stretch] = []
        self.nodes: dict[str, Position] = {}
        self._known: set[str] = set()
        self._factor: dict[str, float] = {}
        """What the numbers of a column are multiplied by."""

    def note(self, line: int, message: str, fix: str | None = None) -> None:
        """Add a problem; too many of them end the reading."""
        self.problems.append(Problem(self.name, line, 1, WHERE, message, fix=fix))
        if len(self.problems) >= MOST_PROBLEMS:
            message = _("too many problems; reading stopped here")
            self.problems.append(Problem(self.name, line, 1, WHERE, message))
            raise _Broken

    def read_csv(self, text: str) -> None:
        """Read a table with one stretch a row."""
        delimiter = ";" if text.split("\n", 1)[0].count(";") > text.split("\n", 1)[0].count(",") else ","
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        try:
            header = self._header(next(rows, []))
            for cells in rows:
                if cells:
                    self._row(rows.line_num, dict(zip(header, cells, strict=False)), len(cells), len(header))
        except csv.Error:
            self.note(rows.line_num, _("a quotation mark is not closed, or text follows it"))

    def _header(self, cells: Sequence[str]) -> list[str]:
        header = [cell.strip() for cell in cells]
        self._factor = dict(INDONESIAN.get(word.casefold(), (word, 1.0)) for word in header)
        header = [INDONESIAN.get(word.casefold(), (word,))[0] for word in header]
        columns = (*COLUMNS, *ALSO_READ)
        for word in header:
            if word not in columns and not MODE_TIME.fullmatch(word):
                guess = did_you_mean(word, (*columns, *INDONESIAN))
                hint = _("choose from {choices}").format(choices=", ".join(columns))
                if guess:
                    hint = _("did you mean {guess}?").format(guess=shown(guess))
                self.note(1, _("{word}: no such column; {hint}").format(word=shown(word), hint=hint))
        measure = () if "time_s" in header else ("length_m",)
        for word in (*NEEDED, *measure):
            if word not in header:
                fix = _("`kontijensi roads build` writes such a file from maps.")
                self.note(1, _("the column {column} is missing").format(column=shown(word)), fix)
        if self.problems:
            raise _Broken
        return header

    def _row(self, line: int, row: Mapping[str, str], n_cells: int, expected: int) -> None:
        if n_cells != expected:
            message = _("{n} cells where the header has {expected}")
            self.note(line, message.format(n=n_cells, expected=expected))
            return
        ends = (row["from"].strip(), row["to"].strip())
        try:
            self._add(
                ends,
                self._scaled(row, "length_m"),
                row.get("class"),
                row.get("oneway"),
                row.get("speed_kmh"),
                time_s=self._scaled(row, "time_s"),
                times={found[1]: cell for word, cell in row.items() if (found := MODE_TIME.fullmatch(word))},
                bars=tuple((row.get("bars") or "").replace("+", " ").split()),
            )
            for end, side in zip(ends, ("from", "to"), strict=True):
                self._place(end, row.get(f"{side}_lon", ""), row.get(f"{side}_lat", ""))
        except ValueError as error:
            self.note(line, str(error))

    def _scaled(self, row: Mapping[str, str], column: str) -> Any:
        """Return a cell in the unit of its column, where its heading was in another."""
        cell, factor = row.get(column), self._factor.get(column, 1.0)
        return cell if factor == 1.0 or cell in ("", None) else _number(cell, column) * factor

    def read_json(self, text: str) -> None:
        """Read `{"kontijensi_roads": 1, "nodes": {id: [lon, lat]}, "stretches": [[from, to, ...]]}`."""
        try:
            content = json.loads(text, parse_constant=_refuse_constant)
        except json.JSONDecodeError as error:
            self.note(error.lineno, _("not JSON: something is missing or misplaced here"))
            return
        except (ValueError, RecursionError):
            self.note(1, _("not JSON that can be read"))
            return
        nodes, stretches = content.get("nodes"), content.get("stretches")
        fit = content.get("kontijensi_roads") == JSON_FORMAT
        if not (fit and isinstance(nodes, dict) and isinstance(stretches, list)):
            message = _('not a network file: `"kontijensi_roads": 1`, `nodes` and `stretches` are needed')
            self.note(1, message, _("`kontijensi roads build` writes such a file from maps."))
            return
        for node, at in nodes.items():
            try:
                lon, lat = at if isinstance(at, list) and len(at) == 2 else (None, None)
                self._place(node, lon, lat)
            except ValueError as error:
                self.note(1, str(error))
        for number, entry in enumerate(stretches):
            if not isinstance(entry, list) or len(entry) < 3:
                message = _("a stretch is [from, to, length_m, class, oneway, speed_kmh]")
                self.note(1, f"stretches[{number}]: {message}")
                continue
            fields = [*entry, None, None, None]
            try:
                self._add((str(fields[0]), str(fields[1])), *fields[2:6])
            except ValueError as error:
                self.note(1, f"stretches[{number}]: {error}")

    def _place(self, node: str, lon: Any, lat: Any) -> None:
        """Note a node's position; raises ValueError when it has another already."""
        if node not in self._known:
            check_id(node)
            self._known.add(node)
        if lon in ("", None) and lat in ("", None):
            return
        at = (_number(lon, "lon"), _number(lat, "lat"))
        if abs(at[0]) > 180 or abs(at[1]) > 90:
            message = _("longitude {lon} and latitude {lat} lie outside the earth; longitude comes first")
            raise ValueError(message.format(lon=at[0], lat=at[1]))
        if self.nodes.setdefault(node, at) != at:
            raise ValueError(_("node {node} stands in two positions").format(node=shown(node)))

    def _add(  # noqa: PLR0913 - one argument a column
        self,
        ends: tuple[str, str],
        length_m: Any,
        word: Any,
        oneway: Any,
        speed_kmh: Any,
        *,
        time_s: Any = None,
        times: Mapping[str, Any] = NO_TIMES,
        bars: tuple[str, ...] = (),
    ) -> None:
        for end in ends:
            if end not in self._known:
                check_id(end)
                self._known.add(end)
        if ends[0] == ends[1]:
            raise ValueError(_("a road needs two different ends"))
        stated_s = None if time_s in ("", None) else _seconds(time_s, "time_s")
        metres = None
        if stated_s is None or length_m not in ("", None):
            metres = _number(length_m, "length_m")
            if not 0 <= metres <= 2_000_000:
                raise ValueError(_("length_m: {value} lies outside 0 to 2,000,000").format(value=metres))
        if stated_s is None and metres is not None and speed_kmh not in ("", None):
            speed = _number(speed_kmh, "speed_kmh")
            if not 0 < speed <= 200:
                raise ValueError(_("speed_kmh: {value} lies outside 0 to 200").format(value=speed))
            stated_s = metres / speed * 3.6
        by_mode = {m: _seconds(cell, f"{m}_time_s") for m, cell in times.items() if cell not in ("", None)}
        length_km = None if metres is None else metres / 1000.0
        self.stretches.append(
            Stretch(ends, length_km, stated_s, _road_class(word), _truth(oneway), by_mode or NO_TIMES, bars)
        )


def _seconds(value: Any, column: str) -> float:
    seconds = _number(value, column)
    if not 0 <= seconds <= 1_000_000:
        message = _("{column}: {value} lies outside 0 to 1,000,000")
        raise ValueError(message.format(column=column, value=seconds))
    return seconds


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(word)


def _number(value: Any, column: str) -> float:
    try:
        number = float(value) if not isinstance(value, bool) else float("nan")
    except (TypeError, ValueError):
        number = float("nan")
    if not isfinite(number):
        raise ValueError(_("{column}: {value}: a number is needed").format(column=column, value=shown(value)))
    return number


_CLASSES = {str(word): word for word in RoadClass}
_TRUE, _FALSE = frozenset(["true", "1", "yes", "ya"]), frozenset(["", "false", "0", "no", "tidak", "none"])


def _road_class(word: Any) -> RoadClass:
    if word in ("", None):
        return RoadClass.LOCAL
    found = _CLASSES.get(str(word).strip())
    if found is None:
        choices = ", ".join(_CLASSES)
        message = _("class: {value}: choose from {choices}")
        raise ValueError(message.format(value=shown(word), choices=choices))
    return found


def _truth(word: Any) -> bool:
    text = str(word).strip().casefold()
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    raise ValueError(_("oneway: {value}: write true or false (ya or tidak)").format(value=shown(word)))


# -- joining places ------------------------------------------------------------------------------------------


def joined(data: RoadData, places: Mapping[str, Place]) -> RoadData:
    """Return the roads with each place joined to its nearest node.

    A place whose id is a node's is that node. One without a position, with `no_road`, or farther than 20 km
    from every node is not joined.
    """
    grid = _Grid((node, at) for node, at in data.nodes.items() if node in data.names)
    links = []
    for place_id, place in places.items():
        if place.no_road or place.lat is None or place.lon is None or place_id in data.names:
            continue
        found = grid.nearest((place.lon, place.lat))
        if found is not None:
            links.append(Link(place_id, *found))
    return RoadData(data.nodes, data.stretches, tuple(links), data.names)


class _Grid:
    """Nodes sorted into cells, so that the nearest one is found without looking at all of them."""

    def __init__(self, nodes: Iterable[tuple[str, Position]]) -> None:
        self._cells: dict[tuple[int, int], list[tuple[str, Position]]] = defaultdict(list)
        for node, at in nodes:
            self._cells[_cell(at)].append((node, at))

    def nearest(self, at: Position) -> tuple[str, float] | None:
        """Return the nearest node within reach and its distance [km]; of equals the first of the file."""
        east, north = _cell(at)
        best: tuple[str, float] | None = None
        # A cell narrows towards the poles.
        cell_km = CELL_DEGREES * KM_PER_DEGREE * cos(radians(min(abs(at[1]) + 1.0, 89.0)))
        for ring in range(WIDEST_SEARCH + 1):
            if best is not None and best[1] <= (ring - 1) * cell_km:
                break
            for cell in _ring(east, north, ring):
                for node, other in self._cells.get(cell, ()):
                    gap_km = distance_km(at, other)
                    if gap_km <= FARTHEST_KM and (best is None or gap_km < best[1]):
                        best = (node, gap_km)
        return best


def _cell(at: Position) -> tuple[int, int]:
    return floor(at[0] / CELL_DEGREES), floor(at[1] / CELL_DEGREES)


def _ring(east: int, north: int, ring: int) -> Iterator[tuple[int, int]]:
    if ring == 0:
        yield east, north
        return
    for step in range(-ring, ring + 1):
        yield east + step, north - ring
        yield east + step, north + ring
    for step in range(-ring + 1, ring):
        yield east - ring, north + step
        yield east + ring, north + step


def distance_km(a: Position, b: Position) -> float:
    """Return the distance between two positions (longitude, latitude) [km], as on a plane."""
    return KM_PER_DEGREE * hypot((a[0] - b[0]) * cos(radians((a[1] + b[1]) / 2)), a[1] - b[1])
