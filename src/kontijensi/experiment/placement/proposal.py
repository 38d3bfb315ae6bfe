"""From a scenario to a question of placement, and from its answer to a fleet that can be rehearsed.

Only units of one type move, between places of the kinds they stand at today. Other units with the capability
stay, and count. Travel is that of free roads at factor 1 with the type's mean turn-out: the optimiser knows
neither the hour, nor who is busy, nor crowds. That is what the rehearsal is for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from kontijensi.analysis.reach import ROUNDING_S, weights
from kontijensi.experiment.placement.location import (
    Location,
    PlacementError,
    Room,
    expected_coverage,
    max_coverage,
    p_median,
)
from kontijensi.scenario.problems import did_you_mean
from kontijensi.scenario.schema.area import PlaceKind
from kontijensi.scenario.schema.force import Capability, UnitType
from kontijensi.scenario.schema.service import Standard
from kontijensi.vocabulary.words import _, shown
from kontijensi.world.fleet import UnitSpec
from kontijensi.world.world import World

Floats = npt.NDArray[np.float64]
BUSY = 0.4


class Method(StrEnum):
    """What the optimiser strives for."""

    P_MEDIAN = "p-median"
    MAX_COVERAGE = "max-coverage"
    EXPECTED_COVERAGE = "expected-coverage"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked."""

    capability: Capability
    units: int | None = None
    """Units of the type to place; as many as today when None."""
    method: Method = Method.MAX_COVERAGE
    within_s: float | None = None
    """Time within which a place counts as reached; the standard's own when None."""
    busy: float = BUSY
    """Share of the time a unit is busy, for expected coverage."""
    type_id: str | None = None
    """Unit type to move; the one with most units when None."""
    kinds: tuple[PlaceKind, ...] = ()
    """Kinds of places that may take units; those where such units stand today when empty."""
    at_least: Mapping[str, int] = field(default_factory=dict)
    """Units that a place must have, by its id."""
    at_most: Mapping[str, int] = field(default_factory=dict)
    """Units that a place may take, by its id."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Where the units stand today and where they would stand."""

    question: Question
    type_id: str
    standard: str | None
    """Standard of cover that gave places, weights and time; None where the scenario has none that fits."""
    within_s: float | None
    sites: tuple[str, ...]
    today: tuple[int, ...]
    """Units at each site today, shape (n_sites,)."""
    proposed: tuple[int, ...]
    value_today: float
    """What the optimiser's aim is worth today: mean travel [s], or share of the weight covered."""
    value_proposed: float
    gap: float
    """Share by which a better choice could still beat it: 0 when it is proven best."""
    fleet: tuple[UnitSpec, ...]

    @property
    def moves(self) -> tuple[tuple[str, int, int], ...]:
        """Sites where the number of units changes, with the numbers today and proposed."""
        rows = zip(self.sites, self.today, self.proposed, strict=True)
        return tuple((site, now, then) for site, now, then in rows if now != then)


@dataclass(frozen=True, slots=True)
class _Task:
    """The question in numbers. Times have shape (n_sites, n_demands) [s], turn-out included."""

    sites: npt.NDArray[np.int64]
    time_s: Floats
    staying_s: Floats
    """Times of the units that stay, shape (n_staying, n_demands) [s]."""
    weight: Floats
    lost: float
    """Weight of the places that no road reaches: whatever is chosen, it counts as not covered."""
    needed: int
    within_s: float | None
    room: Room | None


def propose(world: World, question: Question) -> Proposal:
    """Ask the optimiser where units should stand.

    Raises PlacementError when the scenario has no such units, sites or places, or the question no answer.
    """
    own = [u for u in world.fleet if u.aid is None and question.capability in u.type.capabilities]
    type_id = _type(own, question)
    moving = [unit for unit in own if unit.type_id == type_id]
    standard_id, standard = _standard(world, question.capability)
    task = _task(world, question, moving, [u for u in own if u.type_id != type_id], standard)
    n = len(moving) if question.units is None else question.units
    found = _answered(task, question, n)
    now = Counter(unit.base for unit in moving)
    today = np.array([now[int(site)] for site in task.sites])
    return Proposal(
        question=question,
        type_id=type_id,
        standard=standard_id,
        within_s=task.within_s,
        sites=tuple(world.places.ids[site] for site in task.sites),
        today=tuple(today.tolist()),
        proposed=found.units,
        value_today=_value(task, question, today),
        value_proposed=_value(task, question, np.array(found.units)),
        gap=found.gap,
        fleet=moved(world, moving, {int(s): k for s, k in zip(task.sites, found.units, strict=True) if k}),
    )


def _type(own: Sequence[UnitSpec], question: Question) -> str:
    sizes = Counter(unit.type_id for unit in own)
    if not sizes:
        message = _("no unit of the roster has the capability {capability}")
        raise PlacementError(message.format(capability=shown(str(question.capability))))
    if question.type_id is None:
        return sizes.most_common(1)[0][0]
    if question.type_id not in sizes:
        guess = did_you_mean(question.type_id, sizes) or ", ".join(sizes)
        message = _("{name}: no such type with units of this capability; did you mean {guess}?")
        raise PlacementError(message.format(name=shown(question.type_id), guess=guess))
    return question.type_id


def _standard(world: World, capability: Capability) -> tuple[str | None, Standard | None]:
    fitting = ((key, s) for key, s in world.scenario.standards.items() if s.capability is capability)
    return next(fitting, (None, None))


def _reach_s(world: World, kind: UnitType, base: int) -> npt.NDArray[np.float64]:
    """Mean turn-out plus travel of a type from a base to every place, shape (n_places,) [s]."""
    return kind.turn_out.expected + world.ways(kind.mode, None)[0].times_from(base) / kind.pace


def _task(
    world: World,
    question: Question,
    moving: Sequence[UnitSpec],
    staying: Sequence[UnitSpec],
    standard: Standard | None,
) -> _Task:
    places = world.places
    bases = {unit.base for unit in moving}
    kinds = set(question.kinds) or {places.kind[base] for base in bases}
    sites = np.array(
        [
            i
            for i in range(len(places))
            if i in bases or (places.kind[i] in kinds and not places.entries[i].no_road)
        ]
    )
    if standard is not None:
        rows = world.choose(standard.places)
        weight = weights(world, standard, rows)
    else:
        rows = np.array([i for i, kind in enumerate(places.kind) if kind is PlaceKind.TPS], dtype=np.int64)
        voters = places.voters[rows].astype(np.float64)
        weight = voters if voters.any() else np.ones(len(rows))
    kind = moving[0].type
    world.ways(kind.mode, None)[0].prepare([int(site) for site in sites])
    time_s = np.array([_reach_s(world, kind, int(site))[rows] for site in sites])
    staying_s = np.array([_reach_s(world, u.type, u.base)[rows] for u in staying]).reshape(
        len(staying), len(rows)
    )
    reached = np.isfinite(time_s).any(axis=0)
    counts = (reached | np.isfinite(staying_s).any(axis=0)) & (weight > 0)
    if not (reached & counts).any():
        raise PlacementError(_("no place that weighs anything can be reached from any site"))
    within_s = question.within_s
    if within_s is None and standard is not None:
        within_s = standard.within
    if within_s is None and question.method is not Method.P_MEDIAN:
        raise PlacementError(
            _("no standard of cover has this capability: say within what time with --within")
        )
    needed = 1 if standard is None else standard.units
    room = _room(world, question, sites)
    lost = float(weight[~counts].sum())
    return _Task(sites, time_s[:, counts], staying_s[:, counts], weight[counts], lost, needed, within_s, room)


def _room(world: World, question: Question, sites: npt.NDArray[np.int64]) -> Room | None:
    """Return what the sites must have and may take; None where nothing is asked of them."""
    if not question.at_least and not question.at_most:
        return None
    row_of = {world.places.ids[site]: row for row, site in enumerate(sites)}
    for name in (*question.at_least, *question.at_most):
        if name not in row_of:
            guess = did_you_mean(name, row_of) or ", ".join([*row_of][:12])
            message = _("{name}: no such site for these units; did you mean {guess}?")
            raise PlacementError(message.format(name=shown(name), guess=guess))
    least = np.zeros(len(sites), dtype=np.int64)
    # With something asked of some sites the others take as many as they like.
    most = np.full(len(sites), np.iinfo(np.int32).max, dtype=np.int64)
    for name, count in question.at_least.items():
        least[row_of[name]] = count
    for name, count in question.at_most.items():
        most[row_of[name]] = count
    return Room(least, most)


def _answered(task: _Task, question: Question, n: int) -> Location:
    if question.method is Method.P_MEDIAN:
        nearest_s = task.staying_s.min(axis=0, initial=np.inf)
        return p_median(np.minimum(task.time_s, nearest_s), task.weight, n, room=task.room)
    covers, already = _covers(task)
    if question.method is Method.MAX_COVERAGE:
        short = already < task.needed
        if not short.any():
            raise PlacementError(_("the units that stay cover every place already"))
        return max_coverage(
            covers[:, short], task.weight[short], n, (task.needed - already)[short], room=task.room
        )
    return expected_coverage(covers, task.weight * question.busy**already, n, question.busy, room=task.room)


def _covers(task: _Task) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.int64]]:
    """Return which sites reach which demands in time, and how many staying units reach each."""
    limit_s = (task.within_s or 0.0) + ROUNDING_S
    return task.time_s <= limit_s, (task.staying_s <= limit_s).sum(axis=0)


def _value(task: _Task, question: Question, units: npt.NDArray[np.int64]) -> float:
    """Return what the aim is worth with so many units at each site: mean time [s], or share covered.

    Places that no road reaches count as not covered; they have no part in a mean time.
    """
    if question.method is Method.P_MEDIAN:
        nearest_s = np.concatenate((task.time_s[units > 0], task.staying_s)).min(axis=0, initial=np.inf)
        return float(task.weight @ nearest_s) / float(task.weight.sum())
    whole = float(task.weight.sum()) + task.lost
    covers, already = _covers(task)
    reached = units @ covers + already
    if question.method is Method.MAX_COVERAGE:
        return float(task.weight @ (reached >= task.needed)) / whole
    return float(task.weight @ (1 - question.busy**reached)) / whole


def moved(world: World, moving: Sequence[UnitSpec], wanted: dict[int, int]) -> tuple[UnitSpec, ...]:
    """Return the fleet with some units at other bases, by number of units at each base.

    Units that can stay do. Each keeps its name, and so its chances; further units are named after the last
    group, with its hours on duty. The last of too many are left out. A unit with a sector serves the district
    of its new base first.
    """
    room = dict(wanted)
    n = sum(wanted.values())
    units = [*moving[:n], *(_further(moving, i) for i in range(n - len(moving)))]
    placed: dict[str, UnitSpec] = {}
    for unit in units:
        if room.get(unit.base, 0) > 0:
            room[unit.base] -= 1
            placed[unit.id] = unit
    free = (site for site, count in sorted(room.items()) for _k in range(count))
    for unit in units:
        if unit.id not in placed:
            placed[unit.id] = _at(world, unit, next(free))
    gone = {unit.id for unit in moving}
    rest = [unit for unit in world.fleet if unit.id not in gone]
    first = next(i for i, unit in enumerate(world.fleet) if unit.id in gone)
    n_before = sum(unit.id not in gone for unit in world.fleet[:first])
    return (*rest[:n_before], *(placed[unit.id] for unit in units), *rest[n_before:])


def _further(moving: Sequence[UnitSpec], number: int) -> UnitSpec:
    last = moving[-1]
    in_group = sum(unit.group == last.group for unit in moving)
    return replace(last, id=f"{last.group}-{in_group + 1 + number}")


def _at(world: World, unit: UnitSpec, base: int) -> UnitSpec:
    district = world.places.district[base]
    sector = (district,) if unit.sector and district is not None else ()
    return replace(unit, base=base, sector=sector)
