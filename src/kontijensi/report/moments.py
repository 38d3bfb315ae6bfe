"""Times and amounts as a reader wants them: local clock times, rounded durations, a dash for never."""

from __future__ import annotations

from kontijensi.vocabulary.clock import DAY_S, Calendar
from kontijensi.vocabulary.words import Language, _, current_language, duration, number, percent

NEVER = "–"
"""Stands for what did not happen or is not known."""


def clock(calendar: Calendar, t_s: float) -> str:
    """Write a moment as the clock shows it, `13.05`."""
    local = calendar.local(round(t_s / 60) * 60)
    mark = "." if current_language() is Language.ID else ":"
    return f"{local:%H}{mark}{local:%M}"


def day(calendar: Calendar, t_s: float) -> str:
    """Write the day of a moment, `5 Jul`."""
    from babel.dates import format_date

    return str(format_date(calendar.local(t_s), "d MMM", locale=str(current_language())))


def moment(calendar: Calendar, t_s: float | None) -> str:
    """Write a moment with its day, `5 Jul 13.05`."""
    if t_s is None:
        return NEVER
    rounded_s = round(t_s / 60) * 60.0
    return f"{day(calendar, rounded_s)} {clock(calendar, rounded_s)}"


def span(calendar: Calendar, start_s: float, end_s: float) -> str:
    """Write from when until when, naming the day once where it is the same."""
    same = calendar.local(start_s).date() == calendar.local(max(start_s, end_s - 60)).date()
    if same:
        until = "24.00" if calendar.second_of_day(end_s) == 0 else clock(calendar, end_s)
        if current_language() is not Language.ID:
            until = until.replace(".", ":")
        return f"{day(calendar, start_s)} {clock(calendar, start_s)}–{until}"
    return f"{moment(calendar, start_s)} – {moment(calendar, end_s)}"


def lasting(seconds: float | None) -> str:
    """Write a length of time as coarsely as a planner needs it."""
    if seconds is None:
        return NEVER
    if abs(seconds) >= 600:
        seconds = round(seconds / 60) * 60.0
    elif abs(seconds) >= 10:
        seconds = float(round(seconds))
    return duration(seconds) if abs(seconds) < 2 * DAY_S else duration(round(seconds / 3600) * 3600.0)


def minutes(seconds: float | None, digits: int = 1) -> str:
    """Write a length of time in minutes, for the columns of tables."""
    return NEVER if seconds is None else number(seconds / 60.0, digits)


def count(people: float | None) -> str:
    """Write a whole number."""
    return NEVER if people is None else number(round(people), 0)


def share(value: float | None, digits: int = 0) -> str:
    """Write a share as a percentage; not quite all never reads as all, nor not quite none as none."""
    if value is None or value != value:  # noqa: PLR0124 - NaN is the one number unlike itself
        return NEVER
    rounded = round(value, digits + 2)
    if 0 < value < 1 and rounded in {0.0, 1.0} and digits < 2:
        return share(value, digits + 1)
    if 0 < value < 1 and rounded in {0.0, 1.0}:
        edge = 10.0 ** -(digits + 2)
        return ("< " if rounded == 0 else "> ") + percent(edge if rounded == 0 else 1 - edge, digits)
    return percent(value, digits)


def apart(found: float, promised: float, *, met: bool) -> tuple[str, str]:
    """Write what was found and what was promised with digits enough that rounding does not hide the verdict.

    A share just short of the promise must not read as the promise, nor one that reaches it as less.
    """
    for digits in range(4):
        # In shares of the last digit shown: rounded half even, as percentages are written.
        reads_as_met = round(found, digits + 2) >= round(promised, digits + 2)
        if reads_as_met == met:
            return share(found, digits), share(promised, digits)
    sign = "<" if found < promised else "≥"
    return f"{sign} {share(promised, 2)}", share(promised, 2)


def level(value: float | None, digits: int = 2) -> str:
    """Write a level between 0 and 1."""
    return NEVER if value is None else number(value, digits)


def listed(words: list[str]) -> str:
    """Join words with commas and a last `and`."""
    if len(words) < 2:
        return "".join(words)
    return _("{first} and {last}").format(first=", ".join(words[:-1]), last=words[-1])
