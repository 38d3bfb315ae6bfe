"""Clock times, local dates, and the calendar between the wall clock and the run's seconds."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kontijensi.vocabulary.clock import (
    Calendar,
    Zone,
    format_clock,
    format_local,
    parse_clock,
    parse_local,
)

EVE = Calendar(datetime(2023, 7, 5, 22, 30), Zone.WIB)  # noqa: DTZ001 - local wall clock


@pytest.mark.parametrize(
    ("text", "clock_s"),
    [
        ("07:00", 25200),
        ("7:00", 25200),
        ("07.00", 25200),
        ("23:59:59", 86399),
        ("00:00", 0),
        ("24:00", 86400),
    ],
)
def test_reads_clock_times(text: str, clock_s: float) -> None:
    assert parse_clock(text) == clock_s


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (700, "700: not a clock time; write it in quotes, for example '07:00'"),
        (
            "7 am",
            "'7 am': not a clock time; write hours and minutes of the 24-hour clock, for example '07:00'",
        ),
        ("25:00", "'25:00': no such clock time; hours go to 23 and minutes to 59 (24:00 ends the day)"),
        ("24:01", "'24:01': no such clock time; hours go to 23 and minutes to 59 (24:00 ends the day)"),
        ("07:60", "'07:60': no such clock time; hours go to 23 and minutes to 59 (24:00 ends the day)"),
    ],
)
def test_refuses_what_is_no_clock_time(text: object, message: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        parse_clock(text)
    assert str(caught.value) == message


@given(st.integers(0, 86400))
def test_clock_times_come_back(clock_s: int) -> None:
    assert parse_clock(format_clock(clock_s)) == clock_s


@pytest.mark.parametrize(
    "text", ["2023-07-05 07:00", "2023-07-05T07:00", "2023-07-05 07:00:00", "2023-07-05  7.00"]
)
def test_reads_local_times(text: str) -> None:
    assert parse_local(text) == datetime(2023, 7, 5, 7)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("5 Juli 2023", "'5 Juli 2023': not a date and time; write for example 2023-07-05 07:00"),
        (20230705, "20230705: not a date and time; write for example 2023-07-05 07:00"),
        ("2023-07-05", "2023-07-05: the clock time is missing; write for example 2023-07-05 07:00"),
        ("2023-02-29 07:00", "'2023-02-29 07:00': there is no such day"),
        (
            "2023-07-05T07:00+07:00",
            "'2023-07-05T07:00+07:00': leave the offset out; times are on the area's own clock"
            " (zone: WIB, WITA or WIT)",
        ),
    ],
)
def test_refuses_what_is_no_local_time(text: object, message: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        parse_local(text)
    assert str(caught.value) == message


def test_writes_local_times() -> None:
    assert format_local(parse_local("2023-07-05 07:00")) == "2023-07-05 07:00"
    assert format_local(parse_local("2023-07-05 07:00:09")) == "2023-07-05 07:00:09"


@pytest.mark.parametrize(("zone", "hours"), [(Zone.WIB, 7), (Zone.WITA, 8), (Zone.WIT, 9)])
def test_zones_are_ahead_of_utc(zone: Zone, hours: int) -> None:
    assert zone.utc_offset_h == hours
    assert Calendar(EVE.start, zone).aware(0).utcoffset() == timedelta(hours=hours)


def test_seconds_count_from_the_start() -> None:
    assert EVE.seconds(parse_local("2023-07-06 07:00")) == 8.5 * 3600
    assert EVE.local(8.5 * 3600) == parse_local("2023-07-06 07:00")
    assert EVE.second_of_day(0) == 22.5 * 3600
    assert EVE.second_of_day(1.5 * 3600) == 0


def test_next_clock_is_now_or_later() -> None:
    seven = parse_clock("07:00")
    assert EVE.next_clock(0, seven) == 8.5 * 3600
    assert EVE.next_clock(8.5 * 3600, seven) == 8.5 * 3600
    assert EVE.next_clock(8.5 * 3600, seven, include_now=False) == 32.5 * 3600
    assert EVE.next_clock(0, parse_clock("24:00")) == 1.5 * 3600


@given(st.floats(-1e6, 4e7), st.integers(0, 86400))
def test_next_clock_is_the_first_within_a_day(t_s: float, clock_s: int) -> None:
    at_s = EVE.next_clock(t_s, clock_s)
    assert t_s <= at_s < t_s + 86400 + 1e-6
    assert EVE.second_of_day(at_s) == clock_s % 86400
    assert EVE.next_clock(at_s, clock_s, include_now=False) == at_s + 86400


def test_a_zone_of_its_own_is_refused() -> None:
    aware = datetime(2023, 7, 5, tzinfo=timezone(timedelta(hours=7)))
    with pytest.raises(ValueError, match="carry no zone of their own"):
        EVE.seconds(aware)
    with pytest.raises(ValueError, match="carry no zone of their own"):
        Calendar(aware, Zone.WIB)
