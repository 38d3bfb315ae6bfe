"""Ids that look alike: they differ only by case, or by the way Unicode writes the same letters."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from kontijensi.scenario.checks.survey import Survey
from kontijensi.scenario.problems import Path, Problem
from kontijensi.vocabulary.words import _, shown

_SECTIONS: tuple[tuple[str, ...], ...] = (
    ("area", "places"),
    ("area", "zones"),
    ("phases",),
    ("community", "channels"),
    ("community", "camps"),
    ("community", "observers"),
    ("community", "programmes"),
    ("community", "rumours"),
    ("community", "intakes"),
    ("triggers",),
    ("unit_types",),
    ("units",),
    ("posts",),
    ("mutual_aid",),
    ("command", "authorities"),
    ("calls",),
    ("standards",),
    ("response_targets",),
    ("sources",),
)


def check(survey: Survey) -> Iterator[Problem]:
    """Find ids of one mapping that differ only by case or Unicode form."""
    for section in _SECTIONS:
        yield from _alike(survey, section, survey.names(*section))
    # Districts and villages have no mapping of their own: the places name them.
    for column in ("district", "village"):
        values: dict[str, Path] = {}
        for key, place in survey.file.area.places.items():
            value = getattr(place, column)
            if value is not None:
                values.setdefault(value, ("area", "places", key, column))
        yield from _alike(survey, (), values, values)


def _alike(
    survey: Survey, section: Path, names: Iterable[str], paths: dict[str, Path] | None = None
) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for name in names:
        other = first.setdefault(unicodedata.normalize("NFKC", name).casefold(), name)
        if other != name:
            yield survey.error(
                (*section, name) if paths is None else paths[name],
                _("{name} and {other} differ only by case or Unicode form").format(
                    name=shown(name), other=shown(other)
                ),
                why=_("People take them for one and the same."),
                fix=_("Write them alike, or give one a name of its own."),
                key=paths is None,
            )
