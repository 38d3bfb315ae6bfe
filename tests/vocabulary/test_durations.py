"""Lengths of time: what is read, what is refused and with which words, and that writing and reading agree."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kontijensi.vocabulary.durations import LONGEST_S, format_duration, parse_duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90 s", 90),
        ("5 min", 300),
        ("1 h 30 min", 5400),
        ("1h30min", 5400),
        ("1 jam, 30 menit", 5400),
        ("1,5 jam", 5400),
        ("0.5 d", 43200),
        (".5 h", 1800),
        ("2 hari", 172800),
        ("1 minggu", 604800),
        ("3 weeks 2 days", 1987200),
        ("30 DETIK", 30),
        ("2 mnt 5 dtk", 125),
        ("0,125 h", 450),
        ("1.125 h", 4050),
        ("  7 sec ", 7),
        ("0", 0),
        (0, 0),
        (0.0, 0),
        ("0 s", 0),
    ],
)
def test_reads_units_in_both_languages(text: object, seconds: float) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("5", "'5': write a unit, for example 5 min"),
        (5, "'5': write a unit, for example 5 min"),
        (2.5, "'2.5': write a unit, for example 5 min"),
        ("10:30", "'10:30': that is a clock time; write 10 h 30 min or 10 min 30 s"),
        ("-5 min", "'-5 min': a duration cannot be negative"),
        (-5, "'-5': a duration cannot be negative"),
        ("5 m", "'5 m': no unit 'm'; choose s, min, h, d, w (detik, menit, jam, hari, minggu)"),
        ("2 h 1 h", "'2 h 1 h': the unit h stands twice"),
        ("1,500 s", "'1,500 s': 1,500 could be 1500 or 1.5; write the one you mean"),
        ("1.500 detik", "'1.500 detik': 1.500 could be 1500 or 1.5; write the one you mean"),
        ("12.000 s", "'12.000 s': 12.000 could be 12000 or 12; write the one you mean"),
        ("soon", "'soon': not a duration; write for example 1 h 30 min"),
        ("", "'': not a duration; write for example 1 h 30 min"),
        ("5 min,", "'5 min,': not a duration; write for example 1 h 30 min"),
        ("1e3 s", "'1e3 s': no unit 'e'; choose s, min, h, d, w (detik, menit, jam, hari, minggu)"),
        ("٣ min", "'٣ min': not a duration; write for example 1 h 30 min"),
        (True, "true: not a duration; write for example 5 min"),
        (None, "null: not a duration; write for example 5 min"),
        ([1], "a list of 1: not a duration; write for example 5 min"),
        ("101 w 40000 d", "'101 w 40000 d': longer than a hundred years"),
        (float("nan"), "'nan': not a duration; write for example 1 h 30 min"),
        (float("inf"), "'inf': not a duration; write for example 1 h 30 min"),
    ],
)
def test_says_what_to_write_instead(text: object, message: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        parse_duration(text)
    assert str(caught.value) == message


def test_huge_text_is_cut_in_the_message() -> None:
    with pytest.raises(ValueError, match="too long for a duration") as caught:
        parse_duration("9" * 5000 + " s")
    assert len(str(caught.value)) < 140


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (90, "1 min 30 s"),
        (5400, "1 h 30 min"),
        (86400 * 8, "8 d"),
        (7.5, "7.5 s"),
        (1e-7, "0.0000001 s"),
    ],
)
def test_writes_whole_units(seconds: float, text: str) -> None:
    assert format_duration(seconds) == text


@given(st.floats(0, LONGEST_S) | st.integers(0, int(LONGEST_S)).map(float))
def test_reading_gives_back_what_was_written(seconds: float) -> None:
    text = format_duration(seconds)
    if len(text) <= 80:
        assert parse_duration(text) == seconds
    else:
        assert seconds < 1e-50


@pytest.mark.parametrize("seconds", [-1.0, float("nan"), float("inf")])
def test_no_duration_cannot_be_written(seconds: float) -> None:
    with pytest.raises(ValueError, match="not a duration in seconds"):
        format_duration(seconds)


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused_plainly(text: str) -> None:
    try:
        seconds = parse_duration(text)
    except ValueError as error:
        said = str(error)
    else:
        said = ""
        assert 0 <= seconds <= LONGEST_S
    assert said.isprintable()
