"""What the schema found wrong, in plain words: each of pydantic's errors becomes a sentence of our own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from kontijensi.scenario import shape
from kontijensi.scenario.problems import Path, Problem, did_you_mean, some
from kontijensi.scenario.schema.scenario import ScenarioFile
from kontijensi.scenario.whereabouts import Whereabouts
from kontijensi.scenario.yaml_text import REFUSED
from kontijensi.vocabulary.words import N_, _, ngettext, shown

MOST_CHOICES = 30
"""Choices listed in one message; more are of no help."""

INDONESIA_LAT = (-11.5, 6.5)
"""Southernmost and northernmost latitude of Indonesia, with a margin [degrees]."""
INDONESIA_LON = (94.0, 142.0)
"""Westernmost and easternmost longitude of Indonesia, with a margin [degrees]."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One error of the schema: where, what was written, what belongs there, and the validator's own words."""

    kind: str
    path: Path
    value: Any
    annotation: Any
    details: Mapping[str, Any]
    key: bool


def findings(error: ValidationError, data: Any) -> list[Finding]:
    """Return what the schema found wrong, leaving out values that were refused when they were read."""
    found = []
    for entry in error.errors(include_url=False):
        if entry["input"] is REFUSED:
            continue
        location = entry["loc"]
        path, annotation, key = shape.as_written(location, data, ScenarioFile)
        if entry["type"] == "extra_forbidden":
            # An unknown key has nothing that belongs there: what counts is the section it stands in.
            annotation = shape.as_written(location[:-1], data, ScenarioFile)[1]
        found.append(Finding(entry["type"], path, entry["input"], annotation, entry.get("ctx", {}), key))
    return found


def explain(finding: Finding, where: Whereabouts, data: Any) -> Problem:
    """Return the problem in plain words, at the place of the value."""
    if swapped := _swapped(finding, data):
        return where.problem(
            finding.path,
            swapped,
            why=_("A place on the wrong side of the earth makes every travel time wrong."),
            fix=_("Exchange the two; latitude comes first and is negative south of the equator."),
        )
    path = finding.path
    at_key = finding.key or finding.kind == "extra_forbidden"
    if finding.kind.startswith("union_tag") and isinstance(finding.value, Mapping):
        path = (*path, shape.marker(finding.annotation) or "dist")
    message = _SENTENCES.get(finding.kind, _unexpected)(finding)
    return where.problem(path, message, key=at_key)


def _swapped(finding: Finding, data: Any) -> str | None:
    """Return the message for a latitude that is one of Indonesia's longitudes, beside the reverse."""
    if finding.path[-1:] != ("lat",) or finding.kind not in {"less_than_equal", "greater_than_equal"}:
        return None
    place = value_at(data, finding.path[:-1])
    lon = place.get("lon") if isinstance(place, Mapping) else None
    if not isinstance(lon, int | float) or not isinstance(finding.value, int | float):
        return None
    if not (_within(finding.value, INDONESIA_LON) and _within(lon, INDONESIA_LAT)):
        return None
    return _("latitude {lat} and longitude {lon} are swapped").format(lat=finding.value, lon=lon)


def _within(value: float, limits: tuple[float, float]) -> bool:
    return limits[0] <= value <= limits[1]


def value_at(data: Any, path: Path) -> Any:
    """Return what is written at a path, or None."""
    for step in path:
        inside = (
            step in data if isinstance(data, Mapping) else isinstance(data, list) and isinstance(step, int)
        )
        if inside and (isinstance(data, Mapping) or int(step) < len(data)):
            data = data[step]
        else:
            return None
    return data


def choose(value: str, choices: tuple[str, ...]) -> str:
    """Return what follows a word that is not among the choices: the nearest of them, and the rest."""
    guess = did_you_mean(value, choices)
    listed = some(choices, MOST_CHOICES)
    if guess is not None:
        return _("did you mean {guess}? (choose from {choices})").format(guess=shown(guess), choices=listed)
    return _("choose from {choices}").format(choices=listed)


def _missing(finding: Finding) -> str:
    del finding
    return _("this is needed, and missing")


def _unknown_key(finding: Finding) -> str:
    key = str(finding.path[-1])
    choices = shape.keys(finding.annotation)
    guess = did_you_mean(key, choices)
    if guess is not None:
        return _("{key}: no such key; did you mean {guess}?").format(key=shown(key), guess=shown(guess))
    return _("{key}: no such key; choose from {choices}").format(
        key=shown(key), choices=some(choices, MOST_CHOICES)
    )


def _word(finding: Finding) -> str:
    choices = shape.choices(finding.annotation)
    if finding.key and shape.is_mapping(finding.annotation):
        choices = shape.choices(shape.parts(finding.annotation)[0])
    word = finding.value if isinstance(finding.value, str) else ""
    if len(choices) == 1:
        return _("{value}: only {choice} is possible here").format(
            value=shown(finding.value), choice=choices[0]
        )
    return f"{shown(finding.value)}: {choose(word, choices)}"


def _which_section(finding: Finding) -> str:
    if not isinstance(finding.value, Mapping):
        return _mapping(finding)
    choices = tuple(shape.members(finding.annotation))
    word = finding.value.get(shape.marker(finding.annotation) or "", None)
    if word is None:
        return _("this is needed, and missing; choose from {choices}").format(choices=", ".join(choices))
    return f"{shown(word)}: {choose(word if isinstance(word, str) else '', choices)}"


def _own(finding: Finding) -> str:
    """Return the message of one of our own validators, with the value when it does not name it."""
    message = str(finding.details.get("error", ""))
    if isinstance(finding.value, Mapping | list):
        return message
    value = shown(finding.value)
    return message if message.startswith(value) else f"{value}: {message}"


def _mapping(finding: Finding) -> str:
    return _("{value}: keys and values are needed here, such as 'key: value'").format(
        value=shown(finding.value)
    )


def _list(finding: Finding) -> str:
    return _("{value}: a list is needed here, such as [a, b]").format(value=shown(finding.value))


def _whole(finding: Finding) -> str:
    return _("{value}: a whole number is needed").format(value=shown(finding.value))


def _number(finding: Finding) -> str:
    return _("{value}: a number is needed").format(value=shown(finding.value))


def _truth(finding: Finding) -> str:
    return _("{value}: true or false is needed").format(value=shown(finding.value))


def _text(finding: Finding) -> str:
    return _("{value}: text is needed; put it in quotes").format(value=shown(finding.value))


def _limit(sentence: str, name: str) -> Callable[[Finding], str]:
    def explain_limit(finding: Finding) -> str:
        limit = finding.details[name]
        return _(sentence).format(
            value=shown(finding.value), limit=f"{limit:g}" if limit < 1e6 else f"{limit:.0f}"
        )

    return explain_limit


def _too_few(finding: Finding) -> str:
    least = int(finding.details["min_length"])
    return ngettext("at least {n} entry is needed", "at least {n} entries are needed", least).format(n=least)


def _too_many(finding: Finding) -> str:
    most = int(finding.details["max_length"])
    return ngettext("at most {n} entry is possible", "at most {n} entries are possible", most).format(n=most)


def _unexpected(finding: Finding) -> str:
    return _("{value}: not what is expected here").format(value=shown(finding.value))


_SENTENCES: Mapping[str, Callable[[Finding], str]] = {
    "missing": _missing,
    "extra_forbidden": _unknown_key,
    "enum": _word,
    "literal_error": _word,
    "union_tag_invalid": _which_section,
    "union_tag_not_found": _which_section,
    "value_error": _own,
    "dict_type": _mapping,
    "model_type": _mapping,
    "model_attributes_type": _mapping,
    "list_type": _list,
    "int_type": _whole,
    "int_from_float": _whole,
    "int_parsing_size": _whole,
    "float_type": _number,
    "finite_number": _number,
    "bool_type": _truth,
    "string_type": _text,
    "greater_than": _limit(N_("{value}: must be above {limit}"), "gt"),
    "greater_than_equal": _limit(N_("{value}: must be at least {limit}"), "ge"),
    "less_than": _limit(N_("{value}: must be below {limit}"), "lt"),
    "less_than_equal": _limit(N_("{value}: must be at most {limit}"), "le"),
    "too_short": _too_few,
    "too_long": _too_many,
}
"""A sentence for each kind of error that the schema can find."""
