"""Rates: the ways to write one, and the refusals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kontijensi.vocabulary.rates import format_rate, parse_rate


@pytest.mark.parametrize(
    ("text", "per_s"),
    [
        ("4/h", 4 / 3600),
        ("0.25/min", 0.25 / 60),
        ("0.25 per min", 0.25 / 60),
        ("0,25 per menit", 0.25 / 60),
        ("1 per 15 min", 1 / 900),
        ("1 per 1 h 30 min", 1 / 5400),
        ("2 per d", 2 / 86400),
        ("3/hari", 3 / 86400),
        ("3 tiap hari", 3 / 86400),
        ("5 / 2 w", 5 / 1209600),
    ],
)
def test_reads_the_ways_people_write_a_rate(text: str, per_s: float) -> None:
    assert parse_rate(text) == pytest.approx(per_s, rel=1e-15)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (4, "4: write how often, for example 4/h"),
        ("4", "'4': not a rate; write for example 4/h or 1 per 15 min"),
        ("often", "'often': not a rate; write for example 4/h or 1 per 15 min"),
        ("-1/h", "'-1/h': a rate cannot be negative"),
        ("0/h", "'0/h': a rate must be above zero, for example 4/h; leave it out if it never happens"),
        ("1 per 0 min", "'1 per 0 min': a rate is per some length of time above zero"),
        ("1 per 15", "'15': write a unit, for example 5 min"),
        (
            "1/fortnight",
            "'1 fortnight': no unit 'fortnight'; choose s, min, h, d, w (detik, menit, jam, hari, minggu)",
        ),
        ("1,500/h", "'1,500/h': 1,500 could be 1500 or 1.5; write the one you mean"),
        ("99999/s", "'99999/s': more often than a thousand times a second"),
        (True, "true: not a rate; write for example 4/h or 1 per 15 min"),
        (None, "null: not a rate; write for example 4/h or 1 per 15 min"),
    ],
)
def test_says_what_to_write_instead(text: object, message: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        parse_rate(text)
    assert str(caught.value) == message


def test_zero_is_a_rate_only_where_the_caller_says_so() -> None:
    assert parse_rate("0/h", allow_zero=True) == 0


@pytest.mark.parametrize(
    ("per_s", "text"), [(4 / 3600, "4/h"), (0.0, "0/h"), (0.25, "900/h"), (2 / 86400, "2/d")]
)
def test_writes_whole_rates_per_hour_or_day(per_s: float, text: str) -> None:
    assert format_rate(per_s) == text


@given(st.floats(1e-12, 1000))
def test_reading_gives_back_what_was_written(per_s: float) -> None:
    assert parse_rate(format_rate(per_s)) == per_s
