"""What people read, in Indonesian or English: messages, numbers, dates and durations.

Messages are English in the code and looked up when they are used, so one process can serve both languages.
The language is held per context (thread or task). It is chosen in this order: asked for explicitly,
`KONTIJENSI_LANG`, the scenario's own `language`, Indonesian.
"""

from __future__ import annotations

import gettext as _gettext
import os
import re
from contextvars import ContextVar
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from datetime import datetime

DOMAIN = "kontijensi"
LANGUAGE_VARIABLE = "KONTIJENSI_LANG"
LONGEST_SHOWN = 60
"""A value quoted in a message is cut to this many characters."""


class Language(StrEnum):
    """The languages people can read the program in."""

    ID = "id"
    EN = "en"


_ALIASES = {
    "in": Language.ID,
    "ind": Language.ID,
    "eng": Language.EN,
}  # `in` is Java's old code for Indonesian
_REGIONS = {
    Language.ID: "id_ID",
    Language.EN: "en_GB",
}  # en_GB: dates put the day first, as Indonesians expect

_chosen: ContextVar[Language | None] = ContextVar("kontijensi_language", default=None)


def parse_language(code: str) -> Language:
    """Read a language code such as `id`, `en`, `id_ID.UTF-8` or `en-GB`.

    Raises ValueError naming the choices when the language is not one of ours.
    """
    word = re.split(r"[-_.@]", code.strip(), maxsplit=1)[0].casefold()
    if word in _ALIASES:
        return _ALIASES[word]
    try:
        return Language(word)
    except ValueError:
        raise ValueError(
            _("{value}: not a language of this program; choose id or en").format(value=shown(code))
        ) from None


def choose_language(explicit: str | None = None, scenario: str | None = None) -> Language:
    """Return the language to speak: explicit, else `KONTIJENSI_LANG`, else the scenario's, else Indonesian.

    Raises ValueError when the first of these that is set is no language of ours.
    """
    for code in (explicit, os.environ.get(LANGUAGE_VARIABLE), scenario):
        if code:
            return parse_language(code)
    return Language.ID


def chosen_language() -> Language | None:
    """Return the language somebody asked for, here or in `KONTIJENSI_LANG`; None when nobody did."""
    chosen = _chosen.get()
    code = os.environ.get(LANGUAGE_VARIABLE)
    return chosen if chosen is not None or not code else _language_of_environment(code)


def current_language() -> Language:
    """Return the language messages come in here and now."""
    chosen = _chosen.get()
    return chosen if chosen is not None else _language_of_environment(os.environ.get(LANGUAGE_VARIABLE))


@cache
def _language_of_environment(code: str | None) -> Language:
    # A wrong code must not make every message fail: choose_language reports it where the program starts.
    try:
        return parse_language(code) if code else Language.ID
    except (ValueError, RecursionError):
        return Language.ID


class use_language:  # noqa: N801 - reads as a verb, like contextlib's managers
    """Speak a language from now on; as a context manager, until the block ends.

    Raises ValueError when the language is not one of ours.
    """

    def __init__(self, code: str) -> None:
        language = parse_language(code)
        self._before = _chosen.get()
        _chosen.set(language)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        _chosen.set(self._before)


@cache
def _catalogue(language: Language) -> _gettext.NullTranslations:
    if language is Language.EN:
        return _gettext.NullTranslations()
    from importlib.resources import files

    compiled = files("kontijensi") / "locale" / language / "LC_MESSAGES" / f"{DOMAIN}.mo"
    with compiled.open("rb") as stream:
        return _gettext.GNUTranslations(stream)


def _(message: str) -> str:
    """Return the message in the current language."""
    # gettext answers the empty message with the catalogue's header.
    return _catalogue(current_language()).gettext(message) if message else ""


def ngettext(one: str, many: str, n: int) -> str:
    """Return the form of a message that fits `n` things, in the current language."""
    return _catalogue(current_language()).ngettext(one, many, n)


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for the marker
    """Mark a constant for translation without translating it yet: pass it through `_` where it is shown."""
    return message


def shown(value: object, limit: int = LONGEST_SHOWN) -> str:
    """Return a value as a message quotes it: at most `limit` characters and one line.

    Text is put in single quotes. Characters that steer a terminal or hide themselves are written as escapes.
    """
    if isinstance(value, str):
        return f"'{visible(value, limit - 2)}'"
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**limit:
        return _("a whole number of more than {n} digits").format(n=limit)
    if isinstance(value, dict):
        return _("a mapping of {n}").format(n=len(value))
    if isinstance(value, (list, tuple)):
        return _("a list of {n}").format(n=len(value))
    words = {None: "null", True: "true", False: "false"}
    if value is None or isinstance(value, bool):
        return words[value]
    return visible(str(value), limit)


def visible(text: str, limit: int | None = LONGEST_SHOWN) -> str:
    """Return the text on one line, unprintable characters escaped, cut to `limit` (None: uncut)."""
    cut = text if limit is None else text[: limit + 1]
    if not cut.isprintable():
        cut = "".join(c if c.isprintable() else _escaped(c) for c in cut)
    if limit is None or (len(cut) <= limit and len(text) <= limit):
        return cut
    return cut[: limit - 1] + "…"


def _escaped(character: str) -> str:
    code = ord(character)
    if character in "\n\t\r":
        return {"\n": "\\n", "\t": "\\t", "\r": "\\r"}[character]
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _region() -> str:
    return _REGIONS[current_language()]


def number(value: float, digits: int | None = None) -> str:
    """Write a number, `1.234,5` in Indonesian and `1,234.5` in English, with `digits` decimals when given."""
    from babel.numbers import format_decimal

    # decimal_quantization off keeps every digit there is: babel would otherwise cut at three.
    if digits is None:
        return format_decimal(value, locale=_region(), decimal_quantization=False)
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return format_decimal(value, format=pattern, locale=_region())


def percent(share: float, digits: int = 0) -> str:
    """Write a share (0.5) as a percentage (`50%`) with `digits` decimals."""
    from babel.numbers import format_percent

    pattern = "#,##0" + ("." + "0" * digits if digits else "") + "%"
    return format_percent(share, format=pattern, locale=_region())


def date_time(moment: datetime, zone: str | None = None, *, seconds: bool = False) -> str:
    """Write a local date and time, `5 Jul 2023 07.00 WIB`; the zone's name is added when given."""
    from babel.dates import format_datetime

    # Indonesian writes a clock time with a point, English with a colon.
    mark = "." if current_language() is Language.ID else ":"
    pattern = f"d MMM y HH{mark}mm" + (f"{mark}ss" if seconds else "")
    text = format_datetime(moment, format=pattern, locale=_region())
    return f"{text} {zone}" if zone else text


def duration(seconds: float) -> str:
    """Write a length of time in its two largest units: `1 jam 30 menit`, `2 days 4 hours`, `7.5 seconds`."""
    from babel.units import format_unit

    size = abs(seconds)
    if size < 10:
        tenths = round(seconds, 1)
        return format_unit(int(tenths) if tenths == int(tenths) else tenths, "second", locale=_region())
    # Round to the smaller of the two units first, so that 59 min 59.6 s becomes 1 hour and not 60 minutes.
    step = 1 if size < 3600 else 60 if size < 86400 else 3600
    left = round(size / step) * step
    parts: list[str] = []
    for unit, length in (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1)):
        count, left = divmod(left, length)
        if count:
            parts.append(format_unit(count, unit, locale=_region()))
    sign = "-" if seconds < 0 else ""
    return sign + " ".join(parts)
