"""How often something happens as people write it, `4/h` or `1 per 15 min`, held per second."""

from __future__ import annotations

import re
from math import isfinite

from kontijensi.vocabulary.durations import LONGEST_TEXT, parse_duration, read_number
from kontijensi.vocabulary.words import _, shown

HIGHEST_PER_S = 1000.0
"""Nothing in a scenario happens more than a thousand times a second: more is a slip of the pen."""

_RATE = re.compile(
    r"(?P<count>-?(?:[0-9]+(?:[.,][0-9]+)?|[.,][0-9]+))\s*(?:/|per\b|tiap\b|setiap\b)\s*(?P<span>\S.*)",
    re.IGNORECASE,
)


def parse_rate(value: object, *, allow_zero: bool = False) -> float:
    """Read a rate such as `4/h`, `0.25 per min`, `1 per 15 min` or `3/hari` [1/s].

    It must be above zero unless `allow_zero`. Raises ValueError saying what to write instead.
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        raise ValueError(_("{value}: write how often, for example {value}/h").format(value=shown(value)))
    if not isinstance(value, str):
        raise ValueError(
            _("{value}: not a rate; write for example 4/h or 1 per 15 min").format(value=shown(value))
        )
    text = value.strip()
    match = _RATE.fullmatch(text) if len(text) <= LONGEST_TEXT else None
    if match is None:
        raise ValueError(
            _("{value}: not a rate; write for example 4/h or 1 per 15 min").format(value=shown(value))
        )
    if match["count"].startswith("-"):
        raise ValueError(_("{value}: a rate cannot be negative").format(value=shown(text)))
    span = match["span"]
    span_s = parse_duration(span if span[0] in "0123456789.,-" else f"1 {span}")
    if span_s == 0:
        raise ValueError(_("{value}: a rate is per some length of time above zero").format(value=shown(text)))
    return _in_range(read_number(match["count"], text) / span_s, text, allow_zero=allow_zero)


def _in_range(per_s: float, text: str, *, allow_zero: bool) -> float:
    if per_s == 0 and not allow_zero:
        raise ValueError(
            _("{value}: a rate must be above zero, for example 4/h; leave it out if it never happens").format(
                value=shown(text)
            )
        )
    if not isfinite(per_s) or per_s > HIGHEST_PER_S:
        raise ValueError(_("{value}: more often than a thousand times a second").format(value=shown(text)))
    return per_s


def format_rate(per_s: float) -> str:
    """Write a rate so that `parse_rate` reads the same number back: per hour, minute or day when whole."""
    if not 0 <= per_s <= HIGHEST_PER_S:
        raise ValueError(_("{value}: not a rate per second").format(value=shown(per_s)))
    for unit, length_s in (("h", 3600.0), ("min", 60.0), ("d", 86400.0)):
        count = round(per_s * length_s, 6)
        if count == int(count) and count / length_s == per_s:
            return f"{int(count)}/{unit}"
    from decimal import Decimal

    return f"{format(Decimal(repr(per_s)), 'f')}/s"
