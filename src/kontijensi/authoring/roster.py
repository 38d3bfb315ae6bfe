"""A first roster for a new scenario: the guard pattern is served, then units are made of who is left.

The rule is stated, not clever: talkers first, then a patrol for every district, then platoons, then more
patrols. A planner changes it; the point is that the sums close from the first line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kontijensi.authoring.cells import slug
from kontijensi.authoring.patterns import Pattern, demand
from kontijensi.scenario.doctrine.catalogue import catalogue
from kontijensi.scenario.schema.area import Place
from kontijensi.scenario.schema.force import Agency

PATROL = "patroli_polsek"
WITHOUT_A_ROLL = {
    "negosiator": 2, "dalmas_awal": 1, "dalmas_lanjut": 1, "awc": 1, "gakkum": 2, "ambulans": 2, PATROL: 1,
    "tokoh_masyarakat": 1, "pejabat_audiensi": 1,
}  # fmt: skip
"""Units drafted where no list says who there is; the patrol is one for every district."""
FROM_A_ROLL = (
    ("negosiator", 2), (PATROL, 1), ("dalmas_awal", 1), ("dalmas_lanjut", 1), ("gakkum", 1), ("awc", 1),
    (PATROL, 1), ("dalmas_lanjut", 1), (PATROL, 1), ("dalmas_awal", 1), ("gakkum", 1), (PATROL, 4),
    ("satpol_pp", 4), ("tni_sst", 3), ("phh_brimob_peleton", 3), ("dishub", 4), ("damkar", 2),
    ("ambulans", 3), ("tokoh_masyarakat", 1), ("pejabat_audiensi", 1),
)  # fmt: skip
"""In this order units are drafted while their agency has people left; a patrol counts for every district."""
ALWAYS = (Agency.HEALTH, Agency.COMMUNITY, Agency.COMMITTEE)
"""Agencies that police rolls leave out; their units are drafted all the same."""
BASES = {
    "ambulans": "rsud", "tni_sst": "kodim", "tokoh_masyarakat": "kpu", "pejabat_audiensi": "kpu",
    "damkar": "damkar",
}  # fmt: skip
"""Where units stand that do not stand at the regency's police."""


@dataclass(frozen=True, slots=True)
class Group:
    """A line of the roster."""

    id: str
    type: str
    base: str
    count: int
    sector: str | None = None


def draft_roster(
    stations: Sequence[Place], districts: Sequence[str], pattern: Pattern, roll: Mapping[Agency, int]
) -> list[Group]:
    """Return a roster that the roll can fill once the stations have their guards.

    `districts` are ids; each has its `sector_post`. Without a roll nobody's numbers are counted.
    """
    if not roll:
        return list(_groups(Counter(WITHOUT_A_ROLL), districts))
    left = Counter(roll)
    for each in demand(stations, pattern, roll):
        left[each.agency] -= each.asked
    counts: Counter[str] = Counter()
    for type_id, wanted in FROM_A_ROLL:
        kind = catalogue().unit_types[type_id].type
        agency, size = Agency(kind.agency), kind.personnel * _places(type_id, districts)
        number = wanted if agency in ALWAYS else min(wanted, max(left[agency], 0) // size)
        if number:
            counts[type_id] += number
            left[agency] -= number * size
    return list(_groups(counts, districts))


def sector_post(district: str) -> str:
    """Return the id of a district's sector post."""
    return f"polsek-{slug(district)}"


def _places(type_id: str, districts: Sequence[str]) -> int:
    return max(len(districts), 1) if type_id == PATROL else 1


def _groups(counts: Mapping[str, int], districts: Sequence[str]) -> Iterator[Group]:
    for type_id, count in counts.items():
        if type_id == PATROL and districts:
            for district in districts:
                yield Group(f"patroli-{slug(district)}", type_id, sector_post(district), count, district)
        else:
            yield Group(type_id, type_id, BASES.get(type_id, "polres"), count)
