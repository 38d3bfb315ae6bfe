"""Why an incident never got its formation: the first hindrance, in the order of the chain of response."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from math import isinf, nextafter

from kontijensi.command.incident import Incident
from kontijensi.responders.states import UnitState
from kontijensi.responders.surroundings import Surroundings
from kontijensi.responders.unit import Unit
from kontijensi.scenario.schema.force import Capability


class Hindrance(StrEnum):
    """What stood between an incident and its formation when it was over, or at the end of the run."""

    NOT_NOTICED = "not_noticed"  # nobody saw it
    REPORT_LOST = "report_lost"  # seen, but the report did not get through
    NOT_REPORTED = "not_reported"  # seen, and the report was still on its way
    AT_THE_DESK = "at_the_desk"  # reported, and still to be handled
    APPROVAL_MISSING = "approval_missing"  # handled, and nobody had agreed yet
    NO_SUCH_UNIT = "no_such_unit"  # nobody on the roster can do what is missing, or may in this colour
    HELP_NOT_HERE = "help_not_here"  # only help from outside could, and it had not come
    UNIT_OFF_SHIFT = "unit_off_shift"  # whoever could was off shift
    OUT_OF_ACTION = "out_of_action"  # whoever could was lost or broken down
    NO_ROAD = "no_road"  # no open road led there
    NONE_FREE = "none_free"  # whoever could was at other tasks, or resting
    HELD_BACK = "held_back"  # somebody was free, and the dispatch policy sent nobody
    MISJUDGED = "misjudged"  # enough had been ordered for what command took it for, and not for what it was
    UNDER_WAY = "under_way"  # enough had been ordered, and not all were there


def hindrance(
    incident: Incident, units: Sequence[Unit], around: Surroundings
) -> tuple[Hindrance, Capability | None]:
    """Say why an incident has no formation now, and which capability is missing."""
    if incident.reported_s is None:
        return _unheard(incident), None
    if not incident.approved:
        return (Hindrance.APPROVAL_MISSING if incident.handled else Hindrance.AT_THE_DESK), None
    missing = next(iter(incident.short_of_formation()), None)
    if missing is None and (truly := incident.short_in_truth()) is not None:
        return Hindrance.MISJUDGED, truly
    if missing is None:
        stuck = any(unit.stuck for unit in incident.units)
        return (Hindrance.NO_ROAD if stuck else Hindrance.UNDER_WAY), None
    able = [
        unit for unit in units if missing in unit.can and incident.suits(unit) and unit not in incident.units
    ]
    return _nobody_came(incident, able, around), missing


def _unheard(incident: Incident) -> Hindrance:
    if incident.report_lost:
        return Hindrance.REPORT_LOST
    return Hindrance.NOT_REPORTED if incident.detected else Hindrance.NOT_NOTICED


def _nobody_came(incident: Incident, able: Sequence[Unit], around: Surroundings) -> Hindrance:
    at_s = _moment(around)
    steps: tuple[tuple[Hindrance, Callable[[Unit], bool]], ...] = (
        (Hindrance.NO_SUCH_UNIT, lambda _unit: True),
        (Hindrance.HELP_NOT_HERE, lambda unit: unit.state is not UnitState.ABSENT),
        (Hindrance.UNIT_OFF_SHIFT, lambda unit: unit.spec.on_duty(at_s) or unit.task is not None),
        (Hindrance.OUT_OF_ACTION, lambda unit: unit.state is not UnitState.LOST),
        (Hindrance.NO_ROAD, lambda unit: not isinf(_drive_s(unit, incident.place, around))),
        (Hindrance.NONE_FREE, lambda unit: unit.fit and unit.spec.on_duty(at_s)),
    )
    left = list(able)
    for reason, still in steps:
        left = [unit for unit in left if still(unit)]
        if not left:
            return reason
    return Hindrance.HELD_BACK


def _moment(around: Surroundings) -> float:
    """Return the moment to ask about: the end of a run cuts all hours, but nobody goes off shift by it."""
    return min(around.env.now, nextafter(around.world.horizon_s, 0.0))


def _drive_s(unit: Unit, place: int, around: Surroundings) -> float:
    node, _wait_s = unit.position()
    return float(around.roads.times_to(place, around.env.now, unit.spec.type.mode)[node])
