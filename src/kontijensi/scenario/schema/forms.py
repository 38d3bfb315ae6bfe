"""How a value is written in the scenario: names, texts, durations, rates, clock times and shares."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

from kontijensi.vocabulary.clock import parse_clock, parse_local
from kontijensi.vocabulary.durations import format_duration, parse_duration
from kontijensi.vocabulary.rates import parse_rate
from kontijensi.vocabulary.words import _

RESERVED_FILE_NAMES = frozenset(
    ["con", "prn", "aux", "nul", *(f"com{i}" for i in range(1, 10)), *(f"lpt{i}" for i in range(1, 10))]
)
"""Words that Windows will not take as a file name: they are refused as ids, since reports are filed by id."""

_ID = re.compile(r"[^\W_][\w.-]*", re.UNICODE)


def check_id(value: Any) -> str:
    """Return an id, or say what is wrong with it: letters, digits, `.`, `_` and `-`, at most 64 long."""
    if not isinstance(value, str):
        raise ValueError(_("an id is text: put it in quotes, for example '33.10'"))
    if len(value) > 64:
        raise ValueError(_("an id has at most 64 characters; this one has {n}").format(n=len(value)))
    if not _ID.fullmatch(value) or unicodedata.normalize("NFC", value) != value:
        raise ValueError(
            _("an id begins with a letter or digit and holds only letters, digits, '.', '_' and '-'")
        )
    if value.split(".")[0].casefold() in RESERVED_FILE_NAMES:
        raise ValueError(_("this word is reserved by Windows for devices; choose another id"))
    return value


def check_words(value: Any) -> str:
    """Return a text meant for people, without control characters, at most 2000 long."""
    if not isinstance(value, str):
        raise ValueError(_("this is text: put it in quotes"))
    if len(value) > 2000:
        raise ValueError(_("a text has at most 2000 characters; this one has {n}").format(n=len(value)))
    if any(unicodedata.category(c) in {"Cc", "Cs"} and c not in "\n\t" for c in value):
        raise ValueError(_("a text holds no control characters (they could hide what a terminal shows)"))
    return value


def check_name(value: Any) -> str:
    """Return what something is called: a text on one line."""
    text = check_words(value)
    if "\n" in text or "\t" in text:
        raise ValueError(_("a name stands on one line, without line breaks or tabs"))
    return text


Id = Annotated[
    str,
    BeforeValidator(check_id),
    WithJsonSchema({"type": "string", "pattern": r"^[\w][\w.-]{0,63}$", "description": "An id."}),
]


def _one_or_several(value: Any) -> Any:
    if value is None:
        return []
    return [value] if isinstance(value, str) else value


AuthorityPath = Annotated[
    list[Id],
    BeforeValidator(_one_or_several),
    Field(max_length=10),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": ["string", "null"]},
                {"type": "array", "items": {"type": "string"}, "maxItems": 10},
            ]
        }
    ),
]
"""Authorities in the order in which they are asked; a bare id is a path of one."""
Words = Annotated[str, BeforeValidator(check_words), WithJsonSchema({"type": "string", "maxLength": 2000})]
Name = Annotated[str, BeforeValidator(check_name), WithJsonSchema({"type": "string", "maxLength": 2000})]
Duration = Annotated[
    float,
    BeforeValidator(parse_duration),
    PlainSerializer(format_duration, when_used="json"),
    WithJsonSchema({"type": ["string", "integer"], "examples": ["90 s", "10 min", "1 h 30 min", "3 d"]}),
]
"""A length of time with its unit; held in seconds."""
Clock = Annotated[
    float, BeforeValidator(parse_clock), WithJsonSchema({"type": "string", "examples": ["07:00", "13:30"]})
]
"""A time of day on the area's own clock; held in seconds after midnight."""
LocalTime = Annotated[
    datetime,
    BeforeValidator(parse_local),
    WithJsonSchema({"type": "string", "examples": ["2023-07-05 07:00"]}),
]
"""A date and clock time in the area's own zone."""
Rate = Annotated[
    float,
    BeforeValidator(parse_rate),
    WithJsonSchema({"type": "string", "examples": ["4/h", "1 per 15 min"]}),
]
"""How often something happens; held per second."""
RateOrNone = Annotated[
    float,
    BeforeValidator(lambda value: parse_rate(value, allow_zero=True)),
    WithJsonSchema({"type": "string", "examples": ["4/h", "0/h"]}),
]
"""How often something happens, which may be never; held per second."""
Share = Annotated[float, Field(ge=0, le=1)]


def shares_add_to_one(shares: dict[str, float]) -> dict[str, float]:
    """Return the shares, or say what they add up to."""
    total = sum(shares.values())
    if shares and abs(total - 1) > 1e-6:
        raise ValueError(_("the shares add up to {total}, not 1").format(total=round(total, 6)))
    return shares
