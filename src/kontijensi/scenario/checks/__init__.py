"""Checks across the parts of a scenario: what no single value shows."""

from __future__ import annotations

from kontijensi.scenario.checks import (
    care,
    escalation,
    force,
    geography,
    outlets,
    people,
    references,
    room,
    size,
    spelling,
    standards,
    storyline,
    timing,
)
from kontijensi.scenario.checks.survey import Survey
from kontijensi.scenario.problems import Problem

_OF_PARTS = (references.check, spelling.check, storyline.check_conditions, timing.check_shifts)
"""Hold of each part by itself, so they are made although other parts were set aside as wrong."""
_OF_WHOLE = (
    timing.check,
    force.check,
    geography.check,
    storyline.check,
    escalation.check,
    outlets.check,
    room.check,
    standards.check,
    people.check,
    care.check,
    size.check,
)


def inspect(survey: Survey) -> list[Problem]:
    """Return every problem found across the parts of a scenario, errors and advice alike."""
    checks = (*_OF_PARTS, *_OF_WHOLE) if survey.whole else _OF_PARTS
    return [problem for check in checks for problem in check(survey)]
