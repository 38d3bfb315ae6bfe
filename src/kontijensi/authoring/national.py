"""A generated scenario of national size: every regency, invented stations, the same for the same seed.

It is there to measure how the program grows, and to look at questions of a whole country. Only the frame is
taken from the world: the number of stations and regencies of the election of 2024, and for each province its
regencies, its population of 2020 and the corners it lies between, all rounded. Where regencies, villages and
stations lie in them is invented.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, sqrt
from random import Random
from typing import Any, NamedTuple

from kontijensi.authoring.drafts import post_lines
from kontijensi.authoring.filling import quoted, rendered
from kontijensi.authoring.patterns import PATTERNS
from kontijensi.authoring.writing import on_one_line
from kontijensi.vocabulary.words import _

STATIONS = 823_236
"""Polling stations of the election of 2024."""
LEAST_SHARE = 0.001
"""Less would leave regencies without a station."""
STATIONS_A_VILLAGE = 10
"""About 823,000 stations in 84,000 villages and wards."""
WIDEST_DEGREES = 0.3
"""Half the width of a regency at most."""
VILLAGE_DEGREES = 0.012
"""Stations lie this far from the middle of their village at most."""
PATTERN = "national-2019"


class Province(NamedTuple):
    """A province: its regencies and cities, people in millions, and the corners it lies between [degrees]."""

    name: str
    regencies: int
    people: float
    south: float
    north: float
    west: float
    east: float


PROVINCES = (
    Province("Aceh", 23, 5.3, 2.5, 5.4, 95.5, 97.9),
    Province("Sumatera Utara", 33, 14.8, 0.6, 3.9, 98.2, 100.1),
    Province("Sumatera Barat", 19, 5.5, -2.2, 0.6, 99.4, 101.6),
    Province("Riau", 12, 6.4, -0.8, 2.2, 100.4, 103.2),
    Province("Jambi", 11, 3.5, -2.5, -0.9, 101.6, 104.2),
    Province("Sumatera Selatan", 17, 8.5, -4.7, -2.0, 102.6, 105.6),
    Province("Bengkulu", 10, 2.0, -4.7, -2.6, 101.3, 103.4),
    Province("Lampung", 15, 9.0, -5.7, -4.0, 103.9, 105.7),
    Province("Bangka Belitung", 7, 1.5, -3.1, -1.7, 105.3, 108.1),
    Province("Kepulauan Riau", 7, 2.1, 0.2, 1.2, 103.5, 104.7),
    Province("DKI Jakarta", 6, 10.6, -6.35, -6.1, 106.7, 106.95),
    Province("Jawa Barat", 27, 48.3, -7.6, -6.2, 106.6, 108.6),
    Province("Jawa Tengah", 35, 36.5, -7.9, -6.7, 108.8, 111.5),
    Province("DI Yogyakarta", 5, 3.7, -8.1, -7.6, 110.1, 110.7),
    Province("Jawa Timur", 38, 40.7, -8.3, -7.1, 111.1, 114.3),
    Province("Banten", 8, 11.9, -6.8, -6.0, 105.9, 106.7),
    Province("Bali", 9, 4.3, -8.7, -8.2, 114.7, 115.6),
    Province("Nusa Tenggara Barat", 10, 5.3, -8.9, -8.4, 116.1, 118.9),
    Province("Nusa Tenggara Timur", 22, 5.3, -10.4, -8.4, 119.2, 124.6),
    Province("Kalimantan Barat", 14, 5.4, -2.5, 1.6, 109.1, 112.6),
    Province("Kalimantan Tengah", 14, 2.7, -3.2, 0.2, 111.3, 115.2),
    Province("Kalimantan Selatan", 13, 4.1, -3.9, -1.6, 114.5, 116.1),
    Province("Kalimantan Timur", 10, 3.8, -1.9, 2.1, 115.2, 118.2),
    Province("Kalimantan Utara", 5, 0.7, 2.2, 3.9, 116.2, 117.7),
    Province("Sulawesi Utara", 15, 2.6, 0.5, 1.6, 123.6, 125.1),
    Province("Sulawesi Tengah", 13, 3.0, -2.4, 1.0, 119.9, 122.9),
    Province("Sulawesi Selatan", 24, 9.1, -5.5, -2.6, 119.5, 120.8),
    Province("Sulawesi Tenggara", 17, 2.6, -5.3, -3.2, 121.2, 123.0),
    Province("Gorontalo", 6, 1.2, 0.5, 0.9, 121.6, 123.2),
    Province("Sulawesi Barat", 6, 1.4, -3.4, -1.4, 118.9, 119.5),
    Province("Maluku", 11, 1.8, -3.8, -2.9, 126.2, 130.6),
    Province("Maluku Utara", 10, 1.3, -0.9, 1.8, 127.4, 128.4),
    Province("Papua", 9, 1.0, -3.3, -1.6, 136.0, 140.8),
    Province("Papua Barat", 7, 0.6, -4.0, -0.9, 132.3, 134.2),
    Province("Papua Selatan", 4, 0.5, -8.3, -5.3, 138.6, 140.8),
    Province("Papua Tengah", 8, 1.4, -4.4, -3.2, 135.2, 137.9),
    Province("Papua Pegunungan", 8, 1.4, -4.6, -3.6, 138.2, 140.5),
    Province("Papua Barat Daya", 6, 0.6, -1.6, -0.5, 131.0, 132.6),
)


@dataclass(frozen=True, slots=True)
class Regency:
    """A regency as generated: `stations` of the `full` number it has at national size."""

    id: str
    name: str
    province: int
    lat: float
    lon: float
    half_lat: float
    """Its villages lie so far north and south of its middle at most [degrees]."""
    half_lon: float
    full: int
    stations: int


def regencies(share: float = 1.0, seed: int = 1) -> tuple[Regency, ...]:
    """Return every regency, with its share of the stations; each has one at least.

    Raises ValueError when the share is below 0.001 or above 1.
    """
    if not LEAST_SHARE <= share <= 1:
        raise ValueError(share)
    draw = Random(f"regencies/{seed}")
    weights = [
        province.people / province.regencies * draw.uniform(0.5, 1.5)
        for province in PROVINCES
        for _each in range(province.regencies)
    ]
    full, kept = shared_out(STATIONS, weights), shared_out(round(STATIONS * share), weights)
    found: list[Regency] = []
    for number, province in enumerate(PROVINCES):
        for lat, lon, half_lat, half_lon in _middles(province, draw):
            k = len(found)
            name = f"{province.name} {k - sum(each.regencies for each in PROVINCES[:number]) + 1}"
            found.append(
                Regency(f"k{k + 1:03d}", name, number, lat, lon, half_lat, half_lon, full[k], kept[k])
            )
    return tuple(found)


def shared_out(total: int, weights: Sequence[float]) -> list[int]:
    """Share a number out by weights, 1 to each at least; the largest remainders are rounded up."""
    spare, whole = total - len(weights), sum(weights)
    parts = [spare * weight / whole for weight in weights]
    found = [1 + int(part) for part in parts]
    up = sorted(range(len(parts)), key=lambda i: (int(parts[i]) - parts[i], i))
    for i in up[: total - sum(found)]:
        found[i] += 1
    return found


def _middles(province: Province, draw: Random) -> Iterator[tuple[float, float, float, float]]:
    """Yield the middle and half the size of each regency: a lattice between the corners, a little shaken."""
    height, width = province.north - province.south, province.east - province.west
    columns = max(1, round(sqrt(province.regencies * width / height)))
    rows = ceil(province.regencies / columns)
    high, wide = height / rows, width / columns
    for i in range(province.regencies):
        lat = province.south + (i // columns + draw.uniform(0.4, 0.6)) * high
        lon = province.west + (i % columns + draw.uniform(0.4, 0.6)) * wide
        yield lat, lon, min(0.4 * high, WIDEST_DEGREES), min(0.4 * wide, WIDEST_DEGREES)


def stations_table(all_regencies: Sequence[Regency], seed: int = 1) -> Iterator[str]:
    """Yield the stations as lines of the CSV table that `area.places_file` names."""
    yield "id,kind,lat,lon,district,village,voters,zone\n"
    for regency in all_regencies:
        # A stream a regency: what one holds does not depend on how many stations another has.
        draw = Random(f"stations/{seed}/{regency.id}").random
        villages = []
        for _village in range(ceil(regency.full / STATIONS_A_VILLAGE)):
            lat = regency.lat + regency.half_lat * (2 * draw() - 1)
            lon = regency.lon + regency.half_lon * (2 * draw() - 1)
            risk = draw()
            villages.append((lat, lon, "hijau" if risk < 0.75 else "kuning" if risk < 0.93 else "merah"))
        for number in range(1, regency.stations + 1):
            which = int(draw() * len(villages))
            lat, lon, zone = villages[which]
            lat += VILLAGE_DEGREES * (2 * draw() - 1)
            lon += VILLAGE_DEGREES * (2 * draw() - 1)
            voters = 200 + int(100 * draw())
            yield (
                f"{regency.id}-{number},tps,{lat:.5f},{lon:.5f},{regency.id},"
                f"{regency.id}.d{which + 1},{voters},{zone}\n"
            )


def national(all_regencies: Sequence[Regency], *, places_file: str, day: date) -> str:
    """Return the scenario as YAML, in the language spoken now; its stations are in the file named."""
    pattern = PATTERNS[PATTERN]
    return rendered(
        "national.yaml.jinja",
        day=day.isoformat(),
        places_file=places_file,
        stations=sum(regency.stations for regency in all_regencies),
        regencies=len(all_regencies),
        offices=list(_office_lines(all_regencies)),
        units=[f"{key}: {on_one_line(unit)}" for key, unit in _units(all_regencies)],
        aid=list(_aid(all_regencies)),
        pattern=pattern,
        posts=list(post_lines(pattern, pattern.by_zone)),
    )


def _office_lines(all_regencies: Sequence[Regency]) -> Iterator[str]:
    yield f"mabes: {{name: {quoted(_('National command post'))}, kind: posko, lat: -6.2387, lon: 106.8041}}"
    for regency in all_regencies:
        name = _("Regency police of {regency} (generated)").format(regency=regency.name)
        yield (
            f"polres-{regency.id}: {{name: {quoted(name)}, kind: polres, lat: {regency.lat:.4f}, "
            f"lon: {regency.lon:.4f}, district: {regency.id}}}"
        )


def _units(all_regencies: Sequence[Regency]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the roster: a few units of each kind in every regency, the same at every share."""
    for type_id, least, stations_each in (
        ("patroli_polsek", 2, 200),
        ("negosiator", 1, 2000),
        ("dalmas_awal", 1, 1500),
        ("dalmas_lanjut", 1, 3000),
        ("gakkum", 1, 2000),
        ("tokoh_masyarakat", 1, 2000),
        ("pejabat_audiensi", 1, 3000),
        ("awc", 1, 3000),
        ("ambulans", 1, 1500),
    ):
        for regency in all_regencies:
            unit: dict[str, Any] = {"type": type_id, "base": f"polres-{regency.id}"}
            unit["count"] = max(least, round(regency.full / stations_each))
            yield f"{type_id}-{regency.id}", {**unit, "sector": [regency.id]}


def _aid(all_regencies: Sequence[Regency]) -> Iterator[tuple[str, str]]:
    """Yield the help of each province, and where it arrives: at the first of its regencies."""
    first = {regency.province: regency.id for regency in reversed(all_regencies)}
    for number in range(len(PROVINCES)):
        yield f"brimob-{number + 1:02d}", f"polres-{first[number]}"
