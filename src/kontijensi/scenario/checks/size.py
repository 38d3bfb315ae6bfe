"""Scenarios so large that part of the measures is left out, which is said before the rehearsal."""

from __future__ import annotations

from collections.abc import Iterator

from kontijensi.scenario.checks.survey import Survey
from kontijensi.scenario.problems import Problem
from kontijensi.scenario.schema.scenario import ScenarioFile
from kontijensi.vocabulary.words import _, number

MOST_TRIED = 100_000_000
"""Moves of a unit from base to base, times the places each is held against, that are tried for remedies."""


def check(survey: Survey) -> Iterator[Problem]:
    """Say where remedies for gaps in cover are left out."""
    if survey.file.standards and not remedies_tried(survey.file):
        yield survey.note(
            ("standards",),
            _("no remedies are worked out for gaps in cover: {bases} bases, {places} places").format(
                bases=number(len(_bases(survey.file))), places=number(len(survey.file.area.places))
            ),
            why=_("Every unit would be tried at every base, against every place."),
            fix=_("Rehearse a part of the area by itself to have them."),
        )


def remedies_tried(file: ScenarioFile) -> bool:
    """Whether a scenario is small enough that every move of a unit to another base is tried."""
    return len(_bases(file)) ** 2 * len(file.area.places) <= MOST_TRIED


def _bases(file: ScenarioFile) -> set[str]:
    return {unit.base for unit in file.units.values()} | {aid.arrives_at for aid in file.mutual_aid.values()}
