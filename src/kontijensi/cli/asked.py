"""What has to be known before the command line is read: the language, and how to speak of errors."""

from __future__ import annotations

import gettext
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from kontijensi.vocabulary.words import DOMAIN, LANGUAGE_VARIABLE, Language, parse_language, visible

DEBUG_VARIABLE = "KONTIJENSI_DEBUG"


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for anywhere on the command line or in the environment."""

    language: Language | None = None
    """None when nobody chose: then the scenario's own language is spoken."""
    debug: bool = False
    """Show where an unexpected error comes from."""
    json: bool = False
    """Answer with one JSON object."""


def asked_for(arguments: Sequence[str]) -> Asked:
    """Look through the arguments before they are parsed.

    Raises ValueError when the language asked for is none of ours.
    """
    words = list(arguments)
    if "--" in words:
        words = words[: words.index("--")]
    return Asked(
        language=_language(words),
        debug="--debug" in words or os.environ.get(DEBUG_VARIABLE, "") not in {"", "0"},
        json="--json" in words,
    )


def _language(words: Sequence[str]) -> Language | None:
    found = None
    for at, word in enumerate(words):
        if word == "--lang" and at + 1 < len(words):
            found = ("--lang", words[at + 1])
        elif word.startswith("--lang="):
            found = ("--lang", word.removeprefix("--lang="))
    if found is None and os.environ.get(LANGUAGE_VARIABLE):
        found = (LANGUAGE_VARIABLE, os.environ[LANGUAGE_VARIABLE])
    if found is None:
        return None
    try:
        return parse_language(found[1])
    except ValueError as error:
        raise ValueError(f"{found[0]}: {visible(str(error), None)}") from None


@contextmanager
def click_speaks(language: Language) -> Iterator[None]:
    """Let click's own words (usage, options, errors) come from our catalogue too.

    click looks its words up by the standard library's gettext, which knows one language a process.
    """
    from importlib.resources import files

    before, variable = gettext.textdomain(), os.environ.get("LANGUAGE")
    gettext.bindtextdomain(DOMAIN, str(files("kontijensi") / "locale"))
    gettext.textdomain(DOMAIN)
    os.environ["LANGUAGE"] = str(language)
    try:
        yield
    finally:
        gettext.textdomain(before)
        if variable is None:
            del os.environ["LANGUAGE"]
        else:
            os.environ["LANGUAGE"] = variable
