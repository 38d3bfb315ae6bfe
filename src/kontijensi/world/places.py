"""Places as arrays: row i is place i, in the order of the scenario."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kontijensi.scenario.schema.area import Place, PlaceChoice, PlaceKind, ZoneClass

EARTH_RADIUS_KM = 6371.0088


@dataclass(frozen=True, slots=True)
class PlaceTable:
    """Every place of the area. All arrays have shape (n_places,)."""

    ids: tuple[str, ...]
    index: Mapping[str, int]
    entries: tuple[Place, ...]
    kind: tuple[PlaceKind, ...]
    lat: npt.NDArray[np.float64]
    """Latitude [degrees], NaN where not given."""
    lon: npt.NDArray[np.float64]
    """Longitude [degrees], NaN where not given."""
    voters: npt.NDArray[np.int64]
    weight: npt.NDArray[np.float64]
    zone: tuple[str | None, ...]
    zone_risk: npt.NDArray[np.float64]
    """Relative risk of the place's zone, 1 where it has none."""
    district: tuple[str | None, ...]
    village: tuple[str, ...]
    """Village of each place; the place's own id where none is given."""

    def __len__(self) -> int:
        """Return the number of places."""
        return len(self.ids)

    def choose(self, choice: PlaceChoice) -> npt.NDArray[np.int64]:
        """Return the rows that a choice means, in order."""
        rows = range(len(self.ids))
        wanted = (
            (choice.ids, self.ids),
            (choice.kinds, self.kind),
            (choice.zones, self.zone),
            (choice.districts, self.district),
            (choice.villages, self.village),
        )
        for words, column in wanted:
            if words is not None:
                allowed = set(words)
                rows = [i for i in rows if column[i] in allowed]  # type: ignore[assignment]
        return np.fromiter(rows, dtype=np.int64)

    def distance_km(self, row: int) -> npt.NDArray[np.float64]:
        """Great-circle distance from one place to all, shape (n_places,) [km] (haversine)."""
        lat, lon = np.radians(self.lat), np.radians(self.lon)
        half = np.sin((lat - lat[row]) / 2) ** 2
        half += np.cos(lat) * np.cos(lat[row]) * np.sin((lon - lon[row]) / 2) ** 2
        return 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(half))  # type: ignore[no-any-return]


def place_table(places: Mapping[str, Place], zones: Mapping[str, ZoneClass]) -> PlaceTable:
    """Lay the places out as arrays."""
    ids, entries = tuple(places), tuple(places.values())
    return PlaceTable(
        ids=ids,
        index={place_id: i for i, place_id in enumerate(ids)},
        entries=entries,
        kind=tuple(place.kind for place in entries),
        lat=np.array([np.nan if place.lat is None else place.lat for place in entries], dtype=float),
        lon=np.array([np.nan if place.lon is None else place.lon for place in entries], dtype=float),
        voters=np.array([place.voters for place in entries], dtype=np.int64),
        weight=np.array([place.weight for place in entries], dtype=float),
        zone=tuple(place.zone for place in entries),
        zone_risk=np.array(
            [
                zones[place.zone].risk if place.zone is not None and place.zone in zones else 1.0
                for place in entries
            ]
        ),
        district=tuple(place.district for place in entries),
        village=tuple(place.village or place_id for place_id, place in places.items()),
    )
