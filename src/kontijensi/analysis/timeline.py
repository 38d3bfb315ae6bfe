"""What every unit did and when, as spans without a gap: the ground of cover and of utilisation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kontijensi.trace.duty import UNIT_KINDS, Activity, Duty, units_of
from kontijensi.vocabulary.records import Record, RecordKind
from kontijensi.world.fleet import UnitSpec
from kontijensi.world.world import World


@dataclass(frozen=True, slots=True)
class Stretch:
    """A span of time in which nothing changed for a unit."""

    start_s: float
    end_s: float
    activity: Activity
    on_shift: bool
    place: str | None
    incident: str | None
    empty: frozenset[str]


def end_of_run(records: Sequence[Record], world: World) -> float:
    """Return when the run ended [s]: the horizon, or earlier when the storyline ended it."""
    for record in reversed(records):
        if record.kind is RecordKind.RUN_ENDED:
            ended_s: float = record.time_s
            return ended_s
    return world.horizon_s


def timelines(records: Sequence[Record], world: World) -> dict[str, list[Stretch]]:
    """Return the stretches of every unit of the fleet from 0 to the end of the run, without a gap.

    Before its first record a unit is ready at its base; a unit of mutual aid is absent until it has arrived.
    Hours on duty are those of the plan. Stretches of no length are left out: only what held for some time
    counts.
    """
    end_s = end_of_run(records, world)
    folds = {unit.id: _Fold(unit, world, end_s) for unit in world.fleet}
    for record in records:
        if record.kind in UNIT_KINDS:  # the usual case, worth its own line
            fold = folds.get(record.entity)
            if fold is not None:
                fold.apply(record)
            continue
        for unit in units_of(record):
            if unit in folds:
                folds[unit].apply(record)
    return {unit: fold.finish() for unit, fold in folds.items()}


class _Fold:
    """One unit while the log is read."""

    def __init__(self, unit: UnitSpec, world: World, end_s: float) -> None:
        activity = Activity.READY if unit.aid is None else Activity.ABSENT
        self._duty = Duty(world.places.ids[unit.base], activity, on_shift=unit.on_duty(0.0))
        self._bounds = [t_s for span in unit.duty for t_s in span if 0 < t_s < end_s]
        self._spec = unit
        self._end_s = end_s
        self._from_s = 0.0
        self._stretches: list[Stretch] = []

    def apply(self, record: Record) -> None:
        """Take in a record of this unit."""
        self._advance(record.time_s)
        on_shift = self._duty.on_shift
        self._duty.apply(record)
        # The plan alone says when it is on duty: a unit goes off shift later when a task holds it.
        self._duty.on_shift = on_shift

    def finish(self) -> list[Stretch]:
        """Return the stretches up to the end of the run."""
        self._advance(self._end_s)
        return self._stretches

    def _advance(self, t_s: float) -> None:
        while self._bounds and self._bounds[0] <= t_s:
            bound_s = self._bounds.pop(0)
            self._cut(bound_s)
            self._duty.on_shift = self._spec.on_duty(bound_s)
        self._cut(t_s)

    def _cut(self, t_s: float) -> None:
        """Close the stretch that ends here, joined to the one before when nothing has changed."""
        t_s = min(t_s, self._end_s)
        if t_s <= self._from_s:
            return
        duty = self._duty
        stretch = Stretch(
            start_s=self._from_s,
            end_s=t_s,
            activity=duty.activity,
            on_shift=duty.on_shift,
            place=duty.place,
            incident=duty.incident,
            empty=frozenset(duty.empty),
        )
        self._from_s = t_s
        last = self._stretches[-1] if self._stretches else None
        if last is not None and _same(last, stretch):
            self._stretches[-1] = _joined(last, t_s)
        else:
            self._stretches.append(stretch)


def _same(a: Stretch, b: Stretch) -> bool:
    return (a.activity, a.on_shift, a.place, a.incident, a.empty) == (
        b.activity,
        b.on_shift,
        b.place,
        b.incident,
        b.empty,
    )


def _joined(stretch: Stretch, end_s: float) -> Stretch:
    return Stretch(
        stretch.start_s,
        end_s,
        stretch.activity,
        stretch.on_shift,
        stretch.place,
        stretch.incident,
        stretch.empty,
    )
