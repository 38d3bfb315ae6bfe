"""A list of polling stations from a spreadsheet, as the places of a scenario.

Latitude and longitude that were swapped, decimal points that a spreadsheet has dropped and one id for two
stations are told by their cell. Nothing is mended in silence: totals passed over and assumptions are counted.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import cos, pi, radians, sin, sqrt
from typing import Any

from kontijensi.authoring import cells
from kontijensi.authoring.headings import Headings, find_headings, is_example, is_numbering, likely_column
from kontijensi.authoring.sheets import Sheet
from kontijensi.scenario.problems import Problem, ScenarioError, Severity, in_order
from kontijensi.vocabulary.words import N_, _, shown

MOST_PROBLEMS = 200
LATITUDES = (-11.5, 6.5)
LONGITUDES = (94.5, 141.5)
"""Indonesia lies between these, with its seas [degrees]."""
SPREAD_KM = 0.15
"""Distance between neighbouring stations laid out around the centre of their village (assumed) [km]."""
KM_PER_DEGREE = 111.2

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("kode tps", "kd tps", "id tps", "kode lokasi"),
    "number": ("no tps", "nomor tps", "nomer tps", "tps", "tps no", "nomor", "no urut tps"),
    "name": ("nama tps", "nama", "nama lokasi", "lokasi tps", "lokasi", "tempat", "nama tempat"),
    "district": ("kecamatan", "kec", "nama kecamatan", "nama kec", "distrik"),
    "village": (
        "desa", "kelurahan", "desa kelurahan", "kelurahan desa", "desa kel", "kel desa", "nama desa",
        "nama kelurahan", "nama desa kelurahan", "nama kelurahan desa", "kel", "nagari", "gampong",
    ),
    "village_code": (
        "kode desa", "kode kelurahan", "kode desa kelurahan", "kode wilayah", "kode kemendagri", "kode kel",
    ),
    "lat": ("latitude", "lintang", "garis lintang", "koordinat lat", "koordinat lintang", "koordinat y", "y"),
    "lon": (
        "lng", "long", "longitude", "bujur", "garis bujur", "koordinat long", "koordinat lon",
        "koordinat bujur", "koordinat x", "x",
    ),
    "position": ("koordinat", "titik koordinat", "koordinat lokasi", "coordinates", "lat long", "latlong"),
    "voters": (
        "pemilih", "jumlah pemilih", "jml pemilih", "dpt", "jumlah dpt", "jml dpt", "total dpt",
        "total pemilih", "jumlah pemilih jumlah", "pemilih jumlah", "jumlah pemilih l p", "dpt jumlah",
        "jumlah dpt jumlah", "pemilih total", "dpt total", "jumlah pemilih total",
    ),
    "men": (
        "l", "lk", "laki laki", "pemilih laki laki", "pemilih l", "jumlah pemilih l", "dpt l", "jumlah dpt l",
        "jumlah pemilih laki laki", "dpt laki laki", "pemilih lk", "jumlah pemilih lk",
    ),
    "women": (
        "p", "pr", "perempuan", "pemilih perempuan", "pemilih p", "jumlah pemilih p", "dpt p", "jumlah dpt p",
        "jumlah pemilih perempuan", "dpt perempuan", "pemilih pr", "jumlah pemilih pr",
    ),
    "zone": (
        "zona", "kerawanan", "tingkat kerawanan", "kategori kerawanan", "kategori", "status kerawanan",
        "klasifikasi", "kategori tps", "status", "rawan",
    ),
    "signal": ("sinyal", "jaringan", "sinyal hp", "ketersediaan sinyal", "sinyal telepon"),
}  # fmt: skip
"""What each column may be called, besides its own name."""

ZONES: Mapping[str, tuple[str, ...]] = {
    "hijau": ("hijau", "aman", "kurang rawan", "tidak rawan", "kr", "rendah", "green", "kondusif"),
    "kuning": ("kuning", "rawan", "r", "sedang", "rawan 1", "rawan i", "yellow"),
    "merah": ("merah", "sangat rawan", "sr", "tinggi", "rawan 2", "rawan ii", "rawan khusus", "red"),
}
"""Zones of vulnerability and the words that lists have for them."""
_TOTALS = re.compile(r"\b(jumlah|total|sub ?total|rekap(itulasi)?)\b", re.IGNORECASE)

ASSUMED = {
    "around_centre": N_("stations without a position of their own, laid out around their village's centre"),
    "no_zone": N_("stations without a zone, taken for the calmest"),
    "no_voters": N_("stations without a number of voters"),
}
"""What may have been assumed for a station, as the preview tells it."""


@dataclass(frozen=True, slots=True)
class Centre:
    """The centre of a village, by which stations without a position are laid out [degrees]."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Stations:
    """What a list held: places by id as a scenario writes them, what was assumed, and what is wrong."""

    places: Mapping[str, Mapping[str, Any]]
    problems: tuple[Problem, ...]
    headings: Headings | None
    totals: int = 0
    """Rows of totals that were passed over."""
    assumed: Mapping[str, int] = field(default_factory=dict)
    """How many stations each assumption of `ASSUMED` was made for."""


def read_stations(
    sheet: Sheet, *, centres: Mapping[str, Centre] | None = None, swapped: bool = False
) -> Stations:
    """Read a list of stations; problems are in the result and nothing is raised.

    `centres` are village centres by code or by name in small letters, for lists without positions; `swapped`
    says that the list has latitude and longitude the other way round.
    """
    headings = find_headings(sheet, COLUMNS)
    if headings is None:
        return Stations({}, (_no_headings(sheet),), None)
    reading = _Reading(sheet, headings, centres or {}, swapped)
    reading.read()
    return Stations(
        reading.places, in_order(reading.problems), headings, reading.totals, dict(reading.assumed)
    )


def _no_headings(sheet: Sheet) -> Problem:
    fix = _("One row names the columns, such as Kecamatan, Desa, No TPS, DPT, Latitude, Longitude, Zona.")
    for row in range(min(len(sheet.rows), 5)):
        for column, cell in enumerate(sheet.rows[row]):
            guess = likely_column(cells.text(cell), COLUMNS)
            if guess is not None:
                fix = _("{cell} holds {value}: was {column} meant?").format(
                    cell=sheet.at(row, column), value=shown(cells.text(cell)), column=shown(COLUMNS[guess][0])
                )
                return sheet.problem(row, column, _("no row of headings was found"), fix=fix)
    return sheet.problem(0, 0, _("no row of headings was found"), fix=fix)


class _Reading:
    """One list being read."""

    def __init__(
        self, sheet: Sheet, headings: Headings, centres: Mapping[str, Centre], swapped: bool
    ) -> None:
        self.sheet, self.headings, self.centres, self.swapped = sheet, headings, centres, swapped
        self.places: dict[str, dict[str, Any]] = {}
        self.problems: list[Problem] = []
        self.assumed: Counter[str] = Counter()
        self.totals = 0
        self._rows: dict[str, int] = {}
        self._at_centre: Counter[str] = Counter()
        self._above: dict[str, str] = {}
        self._spelt: dict[str, str] = {}
        self._can_name = bool({"number", "name", "id"} & headings.columns.keys())
        self._districts = self._districts_of_villages()

    def read(self) -> None:
        """Read every row below the headings."""
        self._tell_missing_columns()
        for row in self._data_rows():
            if len(self.problems) >= MOST_PROBLEMS:
                self.problems.append(self.sheet.problem(row, 0, _("too many problems; reading stopped here")))
                return
            self._read_row(row)
        if not self.places and not self.problems:
            self.problems.append(
                self.sheet.problem(self.headings.row, 0, _("no station stands below the headings"))
            )

    # -- rows ------------------------------------------------------------------------------------------------

    def _data_rows(self) -> Iterator[int]:
        for row in range(self.headings.row + 1, len(self.sheet.rows)):
            words = [cells.text(cell) for cell in self.sheet.rows[row]]
            if not any(words) or is_numbering(words) or is_example(words):
                continue
            if self._is_total(row, words):
                self.totals += 1
                continue
            yield row

    def _is_total(self, row: int, words: Sequence[str]) -> bool:
        """Tell whether a row sums up others: a word says so, and no station's number or place stands in it.

        Some lists count the stations below their numbers; such a row begins with the word and has no place.
        """
        if not self._text(row, "number"):
            return any(_TOTALS.search(word) for word in words)
        placed = any(self._text(row, name) for name in ("lat", "lon", "position"))
        return not placed and _TOTALS.match(next(filter(None, words))) is not None

    def _districts_of_villages(self) -> Mapping[str, set[str]]:
        """Return the districts in which each village's name occurs, to tell namesakes apart."""
        found: dict[str, set[str]] = defaultdict(set)
        for row in self._data_rows():
            district, village = self._carried(row, "district"), self._carried(row, "village")
            found[village].add(self._named(district))
        self.totals = 0
        self._above.clear()
        return found

    def _read_row(self, row: int) -> None:
        place: dict[str, Any] = {"kind": "tps", "tps": 1}
        district, village = self._carried(row, "district"), self._carried(row, "village")
        number = self._station_number(row)
        if district:
            place["district"] = self._named(district)
        code = _village_code(self._text(row, "village_code"))
        if code or village:
            place["village"] = code or cells.slug(village)
        place["name"] = self._text(row, "name") or " ".join(filter(None, ["TPS", number, village]))
        self._position(row, place, code, village)
        self._voters(row, place)
        self._zone(row, place)
        self._signal(row, place)
        self._keep(row, self._id(row, district, village, number), place)

    def _keep(self, row: int, place_id: str, place: dict[str, Any]) -> None:
        if not place_id:
            message = _("the station has neither an id, a number nor a name")
            self.problems.append(self.sheet.problem(row, 0, message))
        elif place_id in self.places and not self._can_name:
            return  # the missing column is the one problem, not each row
        elif place_id in self.places:
            message = _("the station {id} stands twice: in row {first} and again in row {again}").format(
                id=shown(place_id), first=self._rows[place_id] + 1, again=row + 1
            )
            fix = _("Delete one of the two rows, or give one another number.")
            self.problems.append(self._problem(row, "number", message, fix=fix))
        else:
            self.places[place_id] = place
            self._rows[place_id] = row

    def _id(self, row: int, district: str, village: str, number: str) -> str:
        given = self._text(row, "id")
        if given:
            return re.sub(r"[^\w.-]+", "-", given).strip("-._")[:64]
        parts = [village, number or self._text(row, "name")]
        if len(self._districts[village]) > 1:
            parts.insert(0, district)
        words = [cells.slug(part) for part in parts if part]
        return "-".join(["tps", *words])[:64].strip("-") if any(words) else ""

    def _station_number(self, row: int) -> str:
        """Return the station's number as three digits, so that ids sort; other texts as they are."""
        word = re.sub(r"^tps\s*", "", self._text(row, "number"), flags=re.IGNORECASE)
        return word.zfill(3) if word.isdecimal() and word.isascii() else word

    def _named(self, district: str) -> str:
        """Return a district as an id that can be read, the same however its capitals are typed."""
        name = district.title() if district.isupper() else district
        return self._spelt.setdefault(name.casefold(), re.sub(r"[^\w.]+", "-", name).strip("-._"))

    # -- columns ---------------------------------------------------------------------------------------------

    def _tell_missing_columns(self) -> None:
        columns, row = self.headings.columns, self.headings.row
        if not self._can_name:
            message = _("no column numbers or names the stations")
            fix = _("Add a column such as No TPS.")
            self.problems.append(self.sheet.problem(row, 0, message, fix=fix))
        placed = {"lat", "lon"} <= columns.keys() or "position" in columns
        if not placed and not self.centres:
            message = _("no columns hold the stations' positions")
            fix = _(
                "Add Latitude and Longitude, or give a list of village centres: the stations are then laid "
                "out around them, which is labelled as assumed."
            )
            self.problems.append(self.sheet.problem(row, 0, message, fix=fix))

    def _position(self, row: int, place: dict[str, Any], code: str, village: str) -> None:
        try:
            found = self._given_position(row)
        except _CellError as error:
            self.problems.append(error.problem)
            return
        if found is not None:
            place["lat"], place["lon"] = (round(value, 6) for value in found)
            return
        centre = self.centres.get(code) or self.centres.get(village.casefold())
        if centre is not None:
            place["lat"], place["lon"] = self._around(centre, code or village)
            self.assumed["around_centre"] += 1
        elif self.centres or {"lat", "position"} & self.headings.columns.keys():
            message = _("the station has no position")
            fix = _("Fill in its latitude and longitude, or add its village to the list of centres.")
            self.problems.append(self._problem(row, "lat", message, fix=fix))

    def _around(self, centre: Centre, key: str) -> tuple[float, float]:
        """Return the next spot around a centre: a sunflower's seeds, so that no two stations share one."""
        n = self._at_centre[key]
        self._at_centre[key] += 1
        radius, angle = SPREAD_KM * sqrt(n), n * pi * (3 - sqrt(5))
        lat = centre.lat + radius * sin(angle) / KM_PER_DEGREE
        lon = centre.lon + radius * cos(angle) / (KM_PER_DEGREE * cos(radians(centre.lat)))
        return round(lat, 6), round(lon, 6)

    def _given_position(self, row: int) -> tuple[float, float] | None:
        columns = self.headings.columns
        if "lat" in columns and "lon" in columns:
            lat, lon = (self._value(row, name, cells.degrees) for name in ("lat", "lon"))
            if lat is None and lon is None:
                return None
            if lat is None or lon is None:
                missing = "lat" if lat is None else "lon"
                raise _CellError(self._problem(row, missing, _("one of the two coordinates is missing")))
        elif "position" in columns:
            both = self._value(row, "position", cells.pair)
            if both is None:
                return None
            lat, lon = both
        else:
            return None
        if self.swapped:
            lat, lon = lon, lat
        return self._inside(row, lat, lon)

    def _inside(self, row: int, lat: float, lon: float) -> tuple[float, float]:
        """Return a position in Indonesia; raises _CellError with the likeliest reason for one that is not."""
        if _within(lat, LATITUDES) and _within(lon, LONGITUDES):
            return lat, lon
        if _within(lon, LATITUDES) and _within(lat, LONGITUDES):
            message = _("latitude {lat} and longitude {lon} seem swapped").format(
                lat=round(lat, 6), lon=round(lon, 6)
            )
            fix = _("Exchange the two columns, or read the list with --swapped when all rows are so.")
            raise _CellError(self._problem(row, "lat", message, fix=fix))
        for name, value, bounds in (("lat", lat, LATITUDES), ("lon", lon, LONGITUDES)):
            if _within(value, bounds):
                continue
            message = _("{value}: outside Indonesia ({low} to {high})").format(
                value=shown(value), low=bounds[0], high=bounds[1]
            )
            meant = cells.lost_point(value, *bounds)
            raise _CellError(self._problem(row, name, message, fix=_point_lost(meant)))
        raise AssertionError(lat, lon)

    def _voters(self, row: int, place: dict[str, Any]) -> None:
        try:
            total = self._value(row, "voters", cells.whole)
            parts = [self._value(row, name, cells.whole) for name in ("men", "women")]
        except _CellError as error:
            self.problems.append(error.problem)
            return
        known = [part for part in parts if part is not None]
        if total is not None and len(known) == 2 and sum(known) != total:
            message = _("{total} voters, but {men} men and {women} women are {together}").format(
                total=total, men=known[0], women=known[1], together=sum(known)
            )
            self.problems.append(self._problem(row, "voters", message, severity=Severity.WARNING))
        if total is None and known:
            total = sum(known)
        if total is None:
            self.assumed["no_voters"] += 1
        else:
            place["voters"] = total

    def _zone(self, row: int, place: dict[str, Any]) -> None:
        word = self._text(row, "zone").casefold()
        if not word or word in cells.EMPTY_WORDS:
            place["zone"] = "hijau"
            self.assumed["no_zone"] += 1
            return
        plain = " ".join(re.sub(r"[^0-9a-z]+", " ", word.removeprefix("zona ")).split())
        zone = next((zone for zone, words in ZONES.items() if plain in words), None)
        if zone is None:
            choices = ", ".join(words[1] for words in ZONES.values())
            message = _("{value}: no such zone; choose from {choices}").format(
                value=shown(word), choices=f"{', '.join(ZONES)} ({choices})"
            )
            self.problems.append(self._problem(row, "zone", message))
        else:
            place["zone"] = zone

    def _signal(self, row: int, place: dict[str, Any]) -> None:
        try:
            signal = self._value(row, "signal", cells.truth)
        except _CellError as error:
            self.problems.append(error.problem)
            return
        if signal is False:
            place["signal"] = False

    # -- cells -----------------------------------------------------------------------------------------------

    def _text(self, row: int, name: str) -> str:
        column = self.headings.columns.get(name)
        return "" if column is None else cells.text(self.sheet.cell(row, column))

    def _carried(self, row: int, name: str) -> str:
        """Return a text that may stand in the first row of its group only, as merged cells leave it."""
        word = self._text(row, name)
        if word and name == "district" and word != self._above.get(name):
            self._above.pop("village", None)
        self._above[name] = word or self._above.get(name, "")
        return self._above[name]

    def _value(self, row: int, name: str, reader: Any) -> Any:
        column = self.headings.columns.get(name)
        if column is None:
            return None
        try:
            return reader(self.sheet.cell(row, column))
        except ValueError as error:
            raise _CellError(self._problem(row, name, str(error))) from None

    def _problem(self, row: int, name: str, message: str, **more: Any) -> Problem:
        column = self.headings.columns.get(name, self.headings.columns.get("position", 0))
        return self.sheet.problem(row, column, message, **more)


class _CellError(Exception):
    """A cell that cannot be meant."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def _point_lost(meant: float | None) -> str | None:
    return None if meant is None else _("A decimal point seems lost: was {meant} meant?").format(meant=meant)


def _within(value: float, bounds: tuple[float, float]) -> bool:
    return bounds[0] <= value <= bounds[1]


def _village_code(word: str) -> str:
    """Return a national village code with its points, `33.10.01.2003`; other codes as they are."""
    digits = re.sub(r"[^0-9]", "", word)
    if len(digits) == 10 and re.fullmatch(r"[0-9. ]+", word):
        return f"{digits[:2]}.{digits[2:4]}.{digits[4:6]}.{digits[6:]}"
    return re.sub(r"[^\w.-]+", "-", word).strip("-._")


def read_centres(sheet: Sheet) -> Mapping[str, Centre]:
    """Read village centres by code and by name from a list with the columns of a list of stations.

    Raises ScenarioError when it has no such columns.
    """
    columns = {**COLUMNS, "village_code": (*COLUMNS["village_code"], "code", "kode")}
    columns["village"] = (*COLUMNS["village"], "name", "nama")
    columns.pop("name")
    headings = find_headings(sheet, columns)
    wanted = {"lat", "lon"}
    if headings is None or not wanted <= headings.columns.keys():
        fix = _("Its columns are the village's code or name, latitude and longitude.")
        raise ScenarioError([sheet.problem(0, 0, _("this is no list of village centres"), fix=fix)])
    reading = _Reading(sheet, headings, {}, swapped=False)
    centres: dict[str, Centre] = {}
    for row in range(headings.row + 1, len(sheet.rows)):
        try:
            found = reading._given_position(row)
        except _CellError as error:
            raise ScenarioError([error.problem]) from None
        if found is None:
            continue
        for name in ("village_code", "village"):
            key = reading._text(row, name)
            key = _village_code(key) if name == "village_code" else key.casefold()
            if key:
                centres.setdefault(key, Centre(*found))
    return centres
