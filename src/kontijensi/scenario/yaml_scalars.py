"""What an unquoted word in the scenario means: YAML 1.2's core forms; refused where readers disagree."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import isinf

from kontijensi.vocabulary.words import _, shown

LARGEST_INTEGER = 10**18

_CONSTANTS: dict[str, bool | None] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_SWITCHES = frozenset(
    form for word in ("yes", "no", "on", "off") for form in (word, word.capitalize(), word.upper())
)
_NUMBERISH = frozenset("0123456789+-.")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_INTEGER = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_PADDED = re.compile(r"[-+]?0[0-9]")
_OTHER_BASE = re.compile(r"[-+]?0(?:x[0-9a-fA-F_]+|o[0-7_]+|b[01_]+)")
_GROUPED = re.compile(r"[-+]?[0-9][0-9_]*_[0-9_]*(?:\.[0-9_]*)?")
_CLOCK_WITH_POINT = re.compile(r"[0-2][0-9]\.[0-5][0-9]")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a word is not taken, and what to write instead."""

    message: str
    fix: str


Plain = str | int | float | bool | None


def resolve(word: str) -> Plain | Refusal:
    """Return the value of an unquoted word, or why it is refused.

    Only YAML 1.2's core forms are read: `10:30` and dates stay text, `1e6` is a number.
    """
    if word in _CONSTANTS:
        return _CONSTANTS[word]
    if word in _SWITCHES:
        return Refusal(
            _("{value} is read as true or false by some programs and as a word by others").format(
                value=shown(word)
            ),
            _("Write true or false, or put it in quotes when it is a name: '{word}'.").format(word=word),
        )
    # Most words begin with a letter: they need none of the patterns below.
    if word[0] not in _NUMBERISH:
        return word
    if _INTEGER.fullmatch(word):
        return _integer(word)
    if _FLOAT.fullmatch(word):
        return _float(word)
    return _oddity(word)


def _integer(word: str) -> int | Refusal:
    if _PADDED.match(word):
        return _padded(word)
    # Counted before int(): Python refuses, and other readers crawl, on thousands of digits.
    value = int(word) if len(word) <= 20 else None
    if value is None or abs(value) > LARGEST_INTEGER:
        return Refusal(
            _("a whole number of {n} digits is too large").format(n=len(word.lstrip("+-"))),
            _("Whole numbers go to 1e18; put it in quotes when it is a code."),
        )
    return value


def _float(word: str) -> float | Refusal:
    if _PADDED.match(word):
        return _padded(word)
    value = float(word)
    if isinf(value):
        return Refusal(
            _("{value}: the number is too large").format(value=shown(word)), _("Write a finite number.")
        )
    return value


def _padded(word: str) -> Refusal:
    if _CLOCK_WITH_POINT.fullmatch(word):
        fix = _("Write '{word}' in quotes when it is a clock time.").format(word=word.replace(".", ":"))
    else:
        fix = _("Put it in quotes when it is a code, or write the number without the zero in front.")
    return Refusal(
        _("{value} begins with a zero: some programs read it as an octal number").format(value=shown(word)),
        fix,
    )


def _oddity(word: str) -> str | Refusal:
    """Return a word that only begins like a number, or refuse it when other readers take it for one."""
    if _NOT_FINITE.fullmatch(word):
        return Refusal(
            _("{value}: only finite numbers have a meaning here").format(value=shown(word)),
            _("Write a finite number, or leave the key out when the value is unknown."),
        )
    if _OTHER_BASE.fullmatch(word):
        return Refusal(
            _("{value} looks like a number that is not decimal").format(value=shown(word)),
            _("Write it as a decimal number, or put it in quotes when it is a code."),
        )
    if _GROUPED.fullmatch(word):
        return Refusal(
            _("{value}: some programs read this as a number, others as text").format(value=shown(word)),
            _("Write {plain}, or put it in quotes when it is a code.").format(
                plain=shown(word.replace("_", ""))[1:-1]
            ),
        )
    return word
