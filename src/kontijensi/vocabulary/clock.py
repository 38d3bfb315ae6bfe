"""Clock times and dates on the area's own clock, and the calendar that ties them to the run's seconds.

Indonesia keeps three zones and no summer time, so a local wall clock never jumps and differences of local
times are exact.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from math import floor
from typing import Literal, get_args

from kontijensi.vocabulary.words import _, shown

DAY_S = 86400.0
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)
"""The days of the week in the order in which `datetime.weekday` counts them."""


class Zone(StrEnum):
    """The three time zones of Indonesia."""

    WIB = "WIB"
    WITA = "WITA"
    WIT = "WIT"

    @property
    def utc_offset_h(self) -> int:
        """Hours ahead of UTC."""
        return {"WIB": 7, "WITA": 8, "WIT": 9}[self.value]


_CLOCK = re.compile(r"([0-9]{1,2})[:.]([0-9]{2})(?:[:.]([0-9]{2}))?")
_LOCAL = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[ T]+(\S+))?")


def parse_clock(value: object) -> float:
    """Read a clock time `07:00`, `7.30` or `23:59:30` [s after midnight]; `24:00` is the end of the day.

    Raises ValueError saying what to write instead.
    """
    if not isinstance(value, str):
        raise ValueError(
            _("{value}: not a clock time; write it in quotes, for example '07:00'").format(value=shown(value))
        )
    match = _CLOCK.fullmatch(value.strip())
    if match is None:
        raise ValueError(
            _(
                "{value}: not a clock time; write hours and minutes of the 24-hour clock, for example '07:00'"
            ).format(value=shown(value))
        )
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    clock_s = hour * 3600.0 + minute * 60.0 + second
    if minute > 59 or second > 59 or clock_s > DAY_S:
        raise ValueError(
            _("{value}: no such clock time; hours go to 23 and minutes to 59 (24:00 ends the day)").format(
                value=shown(value)
            )
        )
    return clock_s


def format_clock(clock_s: float) -> str:
    """Write seconds after midnight as `07:00`, with seconds only when there are any.

    Raises ValueError when it lies outside the day.
    """
    if not 0 <= clock_s <= DAY_S:
        raise ValueError(_("{value}: not a time of day in seconds").format(value=shown(clock_s)))
    minutes, second = divmod(round(clock_s), 60)
    text = f"{minutes // 60:02d}:{minutes % 60:02d}"
    return f"{text}:{second:02d}" if second else text


def parse_local(value: object) -> datetime:
    """Read a local date and time `2023-07-05 07:00`, also with seconds or a `T`; the zone is the area's.

    Raises ValueError saying what to write instead.
    """
    match = _LOCAL.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ValueError(
            _("{value}: not a date and time; write for example 2023-07-05 07:00").format(value=shown(value))
        )
    if match[4] is None:
        raise ValueError(
            _("{value}: the clock time is missing; write for example {value} 07:00").format(value=match[0])
        )
    if match[4].endswith("Z") or re.search(r"[+-][0-9:]+$", match[4]):
        raise ValueError(
            _(
                "{value}: leave the offset out; times are on the area's own clock (zone: WIB, WITA or WIT)"
            ).format(value=shown(value))
        )
    try:
        # Wall-clock time on purpose: the Calendar holds the zone.
        midnight = datetime(int(match[1]), int(match[2]), int(match[3]))  # noqa: DTZ001
    except ValueError:
        raise ValueError(_("{value}: there is no such day").format(value=shown(value))) from None
    return midnight + timedelta(seconds=parse_clock(match[4]))


def format_local(moment: datetime) -> str:
    """Write a local date and time the way `parse_local` reads it."""
    return moment.strftime("%Y-%m-%d %H:%M:%S" if moment.second else "%Y-%m-%d %H:%M")


@dataclass(frozen=True, slots=True)
class Calendar:
    """The run's clock against the wall clock: second 0 is `start`, a naive local time in `zone`."""

    start: datetime
    zone: Zone

    def __post_init__(self) -> None:
        _refuse_aware(self.start)

    def seconds(self, local: datetime) -> float:
        """Return the run's time of a local moment [s]; negative before the start.

        Raises ValueError for a datetime that carries a zone of its own.
        """
        _refuse_aware(local)
        return (local - self.start).total_seconds()

    def local(self, seconds: float) -> datetime:
        """Return the local moment, without zone, of a time in the run [s]."""
        return self.start + timedelta(seconds=seconds)

    def aware(self, seconds: float) -> datetime:
        """Return the moment of a time in the run [s] with its UTC offset, for other programs."""
        offset = timezone(timedelta(hours=self.zone.utc_offset_h), self.zone.value)
        return self.local(seconds).replace(tzinfo=offset)

    def second_of_day(self, t_s: float) -> float:
        """Return the seconds after local midnight at a time in the run, in [0, 86400) [s]."""
        return (self._start_of_day_s + t_s) % DAY_S

    def weekday(self, t_s: float) -> Weekday:
        """Return the day of the week at a time in the run."""
        return WEEKDAYS[self.local(t_s).weekday()]

    def next_clock(self, t_s: float, clock_s: float, *, include_now: bool = True) -> float:
        """Return the first time in the run at or after `t_s` when the clock reads `clock_s` [s].

        With `include_now=False` strictly after, which is what a process that repeats daily needs.
        """
        offset_s = clock_s - self._start_of_day_s
        # Counted in whole days from midnight, so that the answer is exact and never a hair before t_s.
        day = floor((t_s - offset_s) / DAY_S)
        at_s = offset_s + day * DAY_S
        while at_s < t_s or (at_s == t_s and not include_now):
            day += 1
            at_s = offset_s + day * DAY_S
        return at_s

    @property
    def _start_of_day_s(self) -> float:
        at = self.start
        return at.hour * 3600.0 + at.minute * 60.0 + at.second + at.microsecond / 1e6


def _refuse_aware(moment: datetime) -> None:
    if moment.tzinfo is not None:
        raise ValueError(
            _("{value}: local times carry no zone of their own; the calendar holds it").format(
                value=shown(moment)
            )
        )
