"""Where it happens: places, zones, roads and how fast one travels on them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, PrivateAttr, Strict, model_validator

from kontijensi.scenario.schema.forms import Clock, Duration, Id, Name, Words
from kontijensi.scenario.schema.medical import Severity
from kontijensi.scenario.schema.sections import Choice, Section, parameter
from kontijensi.vocabulary.clock import Zone
from kontijensi.vocabulary.words import _

if TYPE_CHECKING:
    from kontijensi.scenario.network import RoadData, Stretch


class PlaceKind(Choice):
    """What a place is."""

    TPS = "tps"
    KPU = "kpu"
    PPK = "ppk"
    PPS = "pps"
    BAWASLU = "bawaslu"
    VILLAGE_OFFICE = "village_office"
    DISTRICT_OFFICE = "district_office"
    REGENCY_OFFICE = "regency_office"
    BALLOT_STORE = "ballot_store"
    SQUARE = "square"
    POLRES = "polres"
    POLSEK = "polsek"
    BRIMOB_BASE = "brimob_base"
    KODIM = "kodim"
    KORAMIL = "koramil"
    POSKO = "posko"
    HOSPITAL = "hospital"
    FIRE_STATION = "fire_station"
    BASE = "base"
    OTHER = "other"


class Place(Section):
    """One place: something to protect, or somewhere to start from."""

    name: Name | None = None
    """What people call it; the id when left out."""
    kind: PlaceKind = PlaceKind.OTHER
    """What it is: `tps`, `kpu`, `polres`, `polsek` ..."""
    lat: Annotated[float, Field(ge=-90, le=90)] | None = None
    """Latitude in degrees, south negative. Needed for synthetic roads and for maps."""
    lon: Annotated[float, Field(ge=-180, le=180)] | None = None
    """Longitude in degrees, east positive."""
    district: Id | None = None
    """District (kecamatan) it lies in, for tables and for sector dispatch."""
    village: Id | None = None
    """Village or ward it belongs to; tension is kept per village. The place's own id when left out."""
    voters: Annotated[int, Field(ge=0, le=5_000_000)] = 0
    """People on its voters' list."""
    tps: Annotated[int, Field(ge=0, le=100_000)] | None = None
    """Polling stations at this place: 1 for a `tps`, 0 otherwise, when left out."""
    zone: Id | None = None
    """Vulnerability zone, such as `hijau`, `kuning`, `merah`: one of `area.zones`."""
    weight: Annotated[float, Field(ge=0, le=1e9)] = 1.0
    """Weight in a coverage share when a standard weighs places by `weight`."""
    enclosed: bool = False
    """True where walls keep people in, so that only the exits let them out."""
    exits: Annotated[int, Field(ge=0, le=40)] = 4
    """Ways out of the ground."""
    width_m: Annotated[float, Field(ge=10, le=400)] = 60.0
    """Width of the ground people gather on, in metres."""
    depth_m: Annotated[float, Field(ge=10, le=400)] = 40.0
    """Depth of the ground people gather on, in metres."""
    no_road: bool = False
    """True where no road leads, such as an island: nobody can be sent there."""
    signal: bool = True
    """False where telephones do not reach: reports need a radio or a runner."""
    beds: Annotated[int, Field(ge=0, le=100_000)] | None = None
    """Beds free for casualties at a `hospital`; it takes everyone when left out."""
    treats_up_to: Severity = "severe"
    """The gravest casualty that a `hospital` treats; others are carried past it."""

    @property
    def stations(self) -> int:
        """Polling stations here: as written, else 1 at a `tps` and 0 elsewhere."""
        return self.tps if self.tps is not None else int(self.kind is PlaceKind.TPS)


class ZoneClass(Section):
    """A class of vulnerability (*rawan*) that places may belong to."""

    name: Name | None = None
    """What people call it."""
    risk: float = parameter(1.0, unit="1", low=0, high=100, source="assumed")
    """Relative weight when a trigger chooses places by zone risk."""


class RoadClass(Choice):
    """Classes of road, each with its own speed."""

    ARTERIAL = "arterial"
    COLLECTOR = "collector"
    LOCAL = "local"
    VILLAGE = "village"
    PATH = "path"


class Edge(Section):
    """A stretch of road between two places or junctions."""

    between: Annotated[list[Id], Field(min_length=2, max_length=2)]
    """The two ends: place ids, or the names of junctions."""
    length_km: Annotated[float, Field(ge=0, le=2000)] | None = None
    """Length in kilometres; give this or `time`."""
    time: Duration | None = None
    """Time to drive it at factor 1; give this or `length_km`."""
    road_class: RoadClass = RoadClass.LOCAL
    """Class of road, which sets the speed on `length_km`."""
    oneway: bool = False
    """True when it can only be driven from the first end to the second."""
    times: dict[Id, Duration] = {}
    """Times of modes other than `car` at factor 1; else they follow from the speeds on its class."""
    bars: list[Id] = []
    """Modes that may not use it, such as `truck` on a narrow bridge."""

    @model_validator(mode="after")
    def _one_measure(self) -> Self:
        if (self.length_km is None) == (self.time is None):
            raise ValueError(_("give either `length_km` or `time`, and only one of them"))
        if self.between[0] == self.between[1]:
            raise ValueError(_("a road needs two different ends"))
        return self


class SyntheticRoads(Section):
    """Roads invented from the places' positions, where no road data is at hand: labelled as assumed."""

    neighbours: Annotated[int, Field(ge=1, le=30)] = 5
    """Each place is joined to this many nearest places."""
    detour: float = parameter(
        1.35, unit="1", low=1, high=4, source="typical ratio of road to straight distance; assumed here"
    )
    """Road length divided by straight distance."""
    road_class: RoadClass = RoadClass.LOCAL
    """Class of road given to every invented stretch."""


class CrowdedRoads(Section):
    """What a crowd does to the traffic on the roads at its place."""

    slow_from: Annotated[int, Field(ge=1, le=5_000_000)] = 200
    """People present from which on the roads that touch the place are slow (assumed)."""
    factor: float = parameter(3.0, unit="1", low=1, high=100, source="assumed")
    """Travel time on these roads is multiplied by this."""
    close_from: Annotated[int, Field(ge=1, le=5_000_000)] | None = 1000
    """People present from which on nobody drives past the place; whoever comes to it or leaves it still does.
    Never when null."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.close_from is not None and self.close_from < self.slow_from:
            raise ValueError(_("`close_from` is below `slow_from`: a crowd slows a road before it bars it"))
        return self


class Roads(Section):
    """The road network: stretches as given here or in a file, and invented ones."""

    edges: Annotated[list[Edge], Field(max_length=500_000)] = []
    """Stretches of road, one by one."""
    file: Words | None = None
    """A network file beside the scenario, as `kontijensi roads build` writes it from maps. Each place is
    joined to the nearest node by a village road; `edges` may add to it."""
    synthetic: SyntheticRoads | None = None
    """Invent roads between neighbouring places (needs `lat` and `lon`)."""
    crowds: CrowdedRoads | None = None
    """Let crowds slow the traffic at their place, and bar it. Without it they leave traffic alone."""

    _from_file: RoadData | None = PrivateAttr(default=None)

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.edges and self.synthetic is None and self.file is None:
            raise ValueError(_("give `edges`, `file` or `synthetic`"))
        if self.file is not None and self.synthetic is not None:
            raise ValueError(
                _("give `file` or `synthetic`: invented roads would cut the corners of real ones")
            )
        return self

    @property
    def from_file(self) -> RoadData | None:
        """The roads of `file`, once it was read."""
        return self._from_file

    def hold(self, data: RoadData) -> None:
        """Keep the roads that were read from `file`."""
        self._from_file = data

    def given(self) -> Iterator[Edge | Stretch]:
        """Yield every stretch that is given: those written in the scenario, then those of the file."""
        yield from self.edges
        if self._from_file is not None:
            yield from self._from_file.every()


class TravelPeriod(Section):
    """Hours of the day in which travel takes longer or shorter."""

    start: Clock
    """From this time of day."""
    end: Clock
    """Until this time of day; may be past midnight."""
    factor: Annotated[float, Field(gt=0, le=20)]
    """Travel time is multiplied by this. A departure's time of day decides."""
    classes: dict[RoadClass, Annotated[float, Field(gt=0, le=20)]] = {}
    """Other factors on some classes of road, such as 2 on `arterial`."""
    modes: list[Id] | None = None
    """Modes for which they hold; every mode in traffic when left out."""

    def factor_on(self, road_class: RoadClass) -> float:
        """Factor on a class of road."""
        return self.classes.get(road_class, self.factor)


Speed = Annotated[float, Field(ge=0, le=200)]
CAR = "car"
FOOT = "foot"


class TravelMode(Section):
    """A way of travelling other than by car: its speeds, and where it may go."""

    speeds_kmh: dict[RoadClass, Speed] = {}
    """Speed on each class of road in km/h; 0 where it may not go. Of a mode that is known (`motorcycle`,
    `truck`, `foot`) what is left out stays as it is; any other goes as fast as a car there."""
    in_traffic: bool = True
    """Whether the hours of `periods` and crowds on the road slow it."""
    against_oneway: bool = False
    """Whether it may go against one-way roads."""


def _speeds(*kmh: float) -> dict[RoadClass, float]:
    return dict(zip(RoadClass, kmh, strict=True))


KNOWN_MODES = {
    "motorcycle": TravelMode(speeds_kmh=_speeds(50.0, 42.0, 38.0, 28.0, 12.0)),
    "truck": TravelMode(speeds_kmh=_speeds(40.0, 32.0, 25.0, 15.0, 0.0)),
    FOOT: TravelMode(speeds_kmh=_speeds(4.8, 4.8, 4.8, 4.8, 4.8), in_traffic=False, against_oneway=True),
}
"""Modes beside `car` (speeds on wheels assumed; on foot about Weidmann's 1.34 m/s)."""


class Travel(Section):
    """How fast units travel."""

    speeds_kmh: dict[RoadClass, Annotated[float, Field(gt=0, le=200)]] = {
        RoadClass.ARTERIAL: 50.0,
        RoadClass.COLLECTOR: 40.0,
        RoadClass.LOCAL: 35.0,
        RoadClass.VILLAGE: 25.0,
    }
    """Speed on each class of road in km/h, for a car at factor 1 (assumed unless measured locally). A `path`
    is closed to cars unless it stands here."""
    modes: dict[Id, TravelMode] = {}
    """Other modes, for `mode` of a unit type: `motorcycle`, `truck` and `foot` are known and may be changed
    here, others added."""
    periods: dict[Id, TravelPeriod] = {}
    """Hours with another travel time, such as the morning rush or the night."""

    @model_validator(mode="after")
    def _car_apart(self) -> Self:
        if CAR in self.modes:
            raise ValueError(_("a car's speeds stand in `travel.speeds_kmh`"))
        return self

    @property
    def mode_names(self) -> tuple[str, ...]:
        """Every mode there is."""
        return tuple(dict.fromkeys((CAR, *KNOWN_MODES, *self.modes)))

    def mode(self, name: str) -> TravelMode:
        """Return a mode as it is known or written here."""
        return self.modes.get(name) or KNOWN_MODES.get(name) or TravelMode()

    def speed_kmh(self, mode: str, road_class: RoadClass) -> float:
        """Speed of a mode on a class of road [km/h]; 0 where it may not go."""
        default = Travel.model_fields["speeds_kmh"].default
        by_car = self.speeds_kmh.get(road_class, default.get(road_class, 0.0))
        if mode == CAR:
            return float(by_car)
        known = KNOWN_MODES[mode].speeds_kmh if mode in KNOWN_MODES else {}
        own = self.modes[mode].speeds_kmh if mode in self.modes else {}
        return float(own.get(road_class, known.get(road_class, by_car)))


class Area(Section):
    """The area: zone of time, places, roads."""

    zone: Annotated[Zone, Strict(False)] = Zone.WIB
    """Time zone: WIB (UTC+7), WITA (UTC+8) or WIT (UTC+9)."""
    zones: dict[Id, ZoneClass] = {}
    """Vulnerability zones that places refer to."""
    places: dict[Id, Place] = {}
    """Places written here, by id."""
    places_file: Words | None = None
    """A CSV file beside the scenario with a place a row; its columns are `id` and the fields of a place. It
    may be packed: `.csv.gz`."""
    roads: Roads
    """How places are joined."""
    travel: Travel = Travel()
    """How fast units travel."""
    outlines: Words | None = None
    """A GeoJSON file beside the scenario with outlines to draw on maps."""


PlaceWeight = Literal["equal", "voters", "weight", "zone", "tension"]


class PlaceChoice(Section):
    """Which places are meant. Each list narrows the choice; none of them means every place."""

    ids: list[Id] | None = None
    """Places by id."""
    kinds: list[PlaceKind] | None = None
    """Places of these kinds."""
    zones: list[Id] | None = None
    """Places in these vulnerability zones."""
    districts: list[Id] | None = None
    """Places in these districts."""
    villages: list[Id] | None = None
    """Places of these villages."""
