"""The fleet: every responding unit by itself, with the spans of time it is on duty, and the guards posted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from kontijensi.scenario.schema.force import FORCE_FREE, Agency, Posts, Shift, UnitType
from kontijensi.scenario.schema.scenario import ScenarioFile
from kontijensi.vocabulary.clock import Calendar
from kontijensi.world.phases import PhaseSpan
from kontijensi.world.places import PlaceTable

DAY_S = 86400.0
Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class UnitSpec:
    """One responding unit as planned."""

    id: str
    group: str
    """Roster entry it belongs to, or the entry of mutual aid."""
    type_id: str
    type: UnitType
    base: int
    """Row of its base among the places."""
    sector: tuple[str, ...]
    """Districts that it serves first."""
    duty: tuple[Span, ...]
    """Spans on duty [s], in order and apart."""
    aid: str | None = None
    """Entry of mutual aid; such a unit exists only once it has arrived."""

    def on_duty(self, t_s: float) -> bool:
        """Tell whether it is on duty at a moment."""
        for start, end in self.duty:  # noqa: SIM110 - asked thousands of times a run, and a generator costs as much again
            if start <= t_s < end:
                return True
        return False


@dataclass(frozen=True, slots=True)
class Guard:
    """People posted at one place."""

    place: int
    people: dict[Agency, int]
    duty: tuple[Span, ...]
    rounds_s: float | None = None
    """Time in which they have looked in at every station they share; None where they stand at it [s]."""

    def on_duty(self, now_s: float) -> bool:
        """Tell whether they are at their post now."""
        return any(start <= now_s < end for start, end in self.duty)

    @property
    def forceful(self) -> int:
        """People among them who may use force; Linmas and other helpers watch, but do not."""
        return sum(people for agency, people in self.people.items() if agency not in FORCE_FREE)


def unit_ids(group: str, count: int) -> list[str]:
    """Name the units of a group: the first keeps the group's name whatever the count, and so its streams."""
    return [group if i == 0 else f"{group}-{i + 1}" for i in range(count)]


def fleet(
    file: ScenarioFile, places: PlaceTable, phases: Sequence[PhaseSpan], calendar: Calendar
) -> tuple[UnitSpec, ...]:
    """List every unit of the roster, then those that mutual aid may bring."""
    return tuple(_named_apart((*_roster(file, places, phases, calendar), *_aid(file, places))))


def _named_apart(units: Sequence[UnitSpec]) -> Iterator[UnitSpec]:
    """Give each unit a name of its own, where the second of `car` would be called as the group `car-2`."""
    groups, given = {unit.group for unit in units}, set[str]()
    for unit in units:
        name = unit.id
        while name in given or (name in groups and name != unit.group):
            name += ".b"
        given.add(name)
        yield unit if name == unit.id else replace(unit, id=name)


def _roster(
    file: ScenarioFile, places: PlaceTable, phases: Sequence[PhaseSpan], calendar: Calendar
) -> Iterator[UnitSpec]:
    for group_id, group in file.units.items():
        duty = duty_spans(group.shifts, group.phases, phases, calendar, file.horizon)
        for unit_id in unit_ids(group_id, group.count):
            yield UnitSpec(
                id=unit_id,
                group=group_id,
                type_id=group.type,
                type=file.unit_types[group.type],
                base=places.index[group.base],
                sector=tuple(group.sector or ()),
                duty=duty,
            )


def _aid(file: ScenarioFile, places: PlaceTable) -> Iterator[UnitSpec]:
    for aid_id, aid in file.mutual_aid.items():
        for unit_id in unit_ids(aid_id, aid.count):
            yield UnitSpec(
                id=unit_id,
                group=aid_id,
                type_id=aid.type,
                type=file.unit_types[aid.type],
                base=places.index[aid.arrives_at],
                sector=(),
                duty=((0.0, file.horizon),),
                aid=aid_id,
            )


def guards(file: ScenarioFile, places: PlaceTable, phases: Sequence[PhaseSpan]) -> tuple[Guard, ...]:
    """List the people posted at each place."""
    posted = []
    for posts in file.posts.values():
        duty = _phase_spans(posts.phases, phases, file.horizon)
        groups = _groups(posts, places)
        for row in sorted(groups):
            people = posts.by_zone[places.zone[row] or ""]
            number = {agency: count * groups[row] for agency, count in people.items()}
            if number:
                posted.append(Guard(place=row, people=number, duty=duty, rounds_s=posts.rounds))
    return tuple(posted)


def _groups(posts: Posts, places: PlaceTable) -> dict[int, int]:
    """Return the rows at which people are posted, and how many groups of them stand there."""
    rows = [int(row) for row in places.choose(posts.places)]
    groups: dict[int, int] = {}
    for zone in posts.by_zone:
        inside = [row for row in rows if places.zone[row] == zone]
        found = posts.groups(places.entries[row].stations for row in inside)
        groups |= {row: number for row, number in zip(inside, found, strict=True) if number}
    return groups


def duty_spans(
    shifts: Sequence[Shift],
    phase_ids: Sequence[str] | None,
    phases: Sequence[PhaseSpan],
    calendar: Calendar,
    horizon_s: float,
) -> tuple[Span, ...]:
    """Return the spans in which daily shifts and phases both hold [s]."""
    allowed = _phase_spans(phase_ids, phases, horizon_s)
    if not shifts:
        return allowed
    first_midnight_s = -calendar.second_of_day(0.0)
    days = np.arange(first_midnight_s - DAY_S, horizon_s, DAY_S)
    spans: list[Span] = []
    for midnight_s in days:
        for shift in shifts:
            start = midnight_s + shift.start
            length = (shift.end - shift.start) % DAY_S or DAY_S
            spans += [
                (max(start, low), min(start + length, high))
                for low, high in allowed
                if max(start, low) < min(start + length, high)
            ]
    return _merged(spans)


def _phase_spans(
    phase_ids: Sequence[str] | None, phases: Sequence[PhaseSpan], horizon_s: float
) -> tuple[Span, ...]:
    if phase_ids is None:
        return ((0.0, horizon_s),)
    wanted = set(phase_ids)
    return _merged([(max(p.start_s, 0.0), min(p.end_s, horizon_s)) for p in phases if p.id in wanted])


def _merged(spans: Sequence[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        elif start < end:
            merged.append((start, end))
    return tuple(merged)


def guards_by_place(posted: Sequence[Guard], n_places: int) -> npt.NDArray[np.int64]:
    """Most people posted at each place at any time, shape (n_places,)."""
    most = np.zeros(n_places, dtype=np.int64)
    for guard in posted:
        most[guard.place] += sum(guard.people.values())
    return most
