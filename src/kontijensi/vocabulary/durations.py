"""Lengths of time as people write them, `1 h 30 min` or `1,5 jam`, held in seconds."""

from __future__ import annotations

import re
from math import isfinite

from kontijensi.vocabulary.words import _, shown

SECONDS = {"s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
"""Length of each unit [s], by the symbol the program itself writes."""

_WORDS = {
    "s": "s sec secs second seconds dtk detik",
    "min": "min mins minute minutes mnt menit",
    "h": "h hr hrs hour hours j jam",
    "d": "d day days hari",
    "w": "w wk wks week weeks mgg minggu",
}
_SYMBOLS = {word: symbol for symbol, words in _WORDS.items() for word in words.split()}

LONGEST_S = 100 * 366 * 86400.0
"""No duration is longer than about a hundred years: anything longer is a slip of the pen."""
LONGEST_TEXT = 80

_NUMBER = r"(?:[0-9]+(?:[.,][0-9]+)?|[.,][0-9]+)"
_PART = re.compile(rf"({_NUMBER})\s*([^\W\d_]+)\s*,?\s*")
_PLAIN = re.compile(rf"[+-]?{_NUMBER}")
_CLOCK = re.compile(r"([0-9]{1,3}):([0-9]{2})(?::[0-9]{2})?")
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3}|\.[0-9]{2}0)")


def parse_duration(value: object) -> float:
    """Read a length of time such as `90 s`, `1 h 30 min` or `1,5 jam` [s].

    A bare 0 is allowed; every other number needs its unit. Raises ValueError saying what to write instead.
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if value == 0:
            return 0.0
        value = repr(value)
    if not isinstance(value, str):
        raise ValueError(_("{value}: not a duration; write for example 5 min").format(value=shown(value)))
    text = value.strip()
    if len(text) > LONGEST_TEXT:
        raise ValueError(
            _("{value}: too long for a duration; write for example 5 min").format(value=shown(value))
        )
    if text in {"0", "0.0"}:
        return 0.0
    _refuse_lookalikes(text)
    return _within_reach(_sum_of_parts(text), value)


def _refuse_lookalikes(text: str) -> None:
    """Raise ValueError when the text is a clock time, a bare number or negative."""
    if clock := _CLOCK.fullmatch(text):
        first, second = int(clock[1]), int(clock[2])
        raise ValueError(
            _("{value}: that is a clock time; write {first} h {second} min or {first} min {second} s").format(
                value=shown(text), first=first, second=second
            )
        )
    if text.startswith(("-", "−")):
        raise ValueError(_("{value}: a duration cannot be negative").format(value=shown(text)))
    if _PLAIN.fullmatch(text):
        raise ValueError(_("{value}: write a unit, for example 5 min").format(value=shown(text)))


def _sum_of_parts(text: str) -> float:
    total_s = 0.0
    seen: set[str] = set()
    at = 0
    while at < len(text):
        part = _PART.match(text, at)
        if part is None:
            raise ValueError(
                _("{value}: not a duration; write for example 1 h 30 min").format(value=shown(text))
            )
        symbol = _SYMBOLS.get(part[2].casefold())
        if symbol is None:
            raise ValueError(
                _("{value}: no unit {unit}; choose s, min, h, d, w (detik, menit, jam, hari, minggu)").format(
                    value=shown(text), unit=shown(part[2], 20)
                )
            )
        if symbol in seen:
            raise ValueError(
                _("{value}: the unit {unit} stands twice").format(value=shown(text), unit=symbol)
            )
        seen.add(symbol)
        total_s += read_number(part[1], text) * SECONDS[symbol]
        at = part.end()
    if not seen or text.endswith(","):
        raise ValueError(_("{value}: not a duration; write for example 1 h 30 min").format(value=shown(text)))
    return total_s


def _within_reach(total_s: float, value: str) -> float:
    if not isfinite(total_s) or total_s > LONGEST_S:
        raise ValueError(_("{value}: longer than a hundred years").format(value=shown(value)))
    return total_s


def read_number(digits: str, whole: str) -> float:
    """Read a number with a decimal point or comma.

    Raises ValueError for `1,500` and `1.500`: one and a half here, one thousand five hundred there.
    """
    if _THOUSANDS.fullmatch(digits):
        plain = re.sub("[.,]", "", digits)
        fraction = digits.replace(",", ".").rstrip("0").rstrip(".")
        raise ValueError(
            _("{value}: {digits} could be {plain} or {fraction}; write the one you mean").format(
                value=shown(whole), digits=digits, plain=plain, fraction=fraction
            )
        )
    return float(digits.replace(",", "."))


def format_duration(seconds: float) -> str:
    """Write a length of time so that `parse_duration` reads the same number back: `1 h 30 min`.

    Raises ValueError when it is negative, not finite or longer than a hundred years.
    """
    if not 0 <= seconds <= LONGEST_S:
        raise ValueError(_("{value}: not a duration in seconds").format(value=shown(seconds)))
    if seconds == 0:
        return "0 s"
    whole = int(seconds)
    # A fraction is written in seconds alone: sums of floats would not come back to the same number.
    if whole != seconds:
        return f"{_plain_decimal(seconds)} s"
    parts: list[str] = []
    for symbol in ("d", "h", "min", "s"):
        count, whole = divmod(whole, int(SECONDS[symbol]))
        if count:
            parts.append(f"{count} {symbol}")
    return " ".join(parts)


def _plain_decimal(value: float) -> str:
    text = repr(value)
    if "e" not in text:
        return text
    from decimal import Decimal

    return format(Decimal(text), "f")
