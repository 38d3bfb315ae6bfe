"""Languages: which one is chosen, that it stays in its context, and how values are written in it."""

from __future__ import annotations

import contextvars
import subprocess
import sys

import pytest

from kontijensi.vocabulary import words
from kontijensi.vocabulary.clock import parse_local
from kontijensi.vocabulary.durations import parse_duration
from kontijensi.vocabulary.words import (
    N_,
    Language,
    _,
    choose_language,
    current_language,
    ngettext,
    use_language,
)


def test_indonesian_unless_something_else_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    assert choose_language() == "id"
    assert choose_language(scenario="en") == "en"
    monkeypatch.setenv("KONTIJENSI_LANG", "id_ID.UTF-8")
    assert choose_language(scenario="en") == "id"
    assert choose_language("en-GB", scenario="id") == "en"


def test_the_environment_is_heard_where_nothing_was_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    context = contextvars.Context()
    assert context.run(current_language) == "id"
    monkeypatch.setenv("KONTIJENSI_LANG", "en")
    assert context.run(current_language) == "en"


def test_a_wrong_language_is_refused_once_and_never_breaks_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KONTIJENSI_LANG", "tlh")
    with pytest.raises(ValueError, match="'tlh': not a language of this program; choose id or en"):
        choose_language()
    assert contextvars.Context().run(_, "the file is empty") == "berkas kosong"


def test_messages_are_looked_up_when_used() -> None:
    marked = N_("the file is empty")
    assert _(marked) == "the file is empty"
    with use_language("id"):
        assert _(marked) == "berkas kosong"
        assert ngettext("{n} error", "{n} errors", 2) == "{n} kesalahan"
        with pytest.raises(ValueError, match="tulis satuannya, misalnya 5 min"):
            parse_duration("5")
    assert _(marked) == "the file is empty"
    assert ngettext("{n} error", "{n} errors", 1) == "{n} error"


def test_a_message_without_translation_stays_as_it_is() -> None:
    with use_language("id"):
        assert _("no such message in any catalogue") == "no such message in any catalogue"
        assert _("") == ""


def test_a_choice_stays_in_its_context() -> None:
    contextvars.copy_context().run(use_language, "id")
    assert current_language() is Language.EN


def test_a_choice_without_a_block_stays() -> None:
    use_language("id")
    assert current_language() is Language.ID


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("id", ["1.234.567,8912", "1.234,50", "37,5%", "5 Jul 2023 07.00 WIB", "1 jam 30 menit"]),
        ("en", ["1,234,567.8912", "1,234.50", "37.5%", "5 Jul 2023 07:00 WIB", "1 hour 30 minutes"]),
    ],
)
def test_values_are_written_as_people_write_them(language: str, expected: list[str]) -> None:
    with use_language(language):
        assert [
            words.number(1234567.8912),
            words.number(1234.5, 2),
            words.percent(0.375, 1),
            words.date_time(parse_local("2023-07-05 07:00"), "WIB"),
            words.duration(5400),
        ] == expected


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 seconds"),
        (1, "1 second"),
        (7.46, "7.5 seconds"),
        (59.6, "1 minute"),
        (95.4, "1 minute 35 seconds"),
        (3599.6, "1 hour"),
        (3661, "1 hour 1 minute"),
        (86400 * 2 + 4 * 3600 + 59, "2 days 4 hours"),
        (-95, "-1 minute 35 seconds"),
    ],
)
def test_durations_round_to_two_units(seconds: float, text: str) -> None:
    assert words.duration(seconds) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("plain", "'plain'"),
        ("a\x1b[31mred", "'a\\x1b[31mred'"),
        ("two\nlines", "'two\\nlines'"),
        ("\u202egnp.exe", "'\\u202egnp.exe'"),
        (None, "null"),
        (True, "true"),
        (1.5, "1.5"),
        ({"a": 1}, "a mapping of 1"),
        (10**100, "a whole number of more than 60 digits"),
    ],
)
def test_quoted_values_show_what_they_hide(value: object, text: str) -> None:
    assert words.shown(value) == text


def test_quoted_values_are_cut() -> None:
    assert len(words.shown("x" * 5000)) == 60
    assert words.shown("x" * 5000).endswith("…'")
    assert len(words.shown("\x1b" * 5000)) == 60


def test_speaking_needs_no_heavy_library() -> None:
    code = (
        "import sys, kontijensi.vocabulary.words as w; "
        "print(w._('error'), *({'babel', 'numpy'} & {*sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["kesalahan"]
