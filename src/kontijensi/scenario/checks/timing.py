"""Times: phases in order and within the rehearsal, shifts that do not overlap, moments that come too late."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

from kontijensi.scenario.checks.survey import Survey
from kontijensi.scenario.problems import Problem
from kontijensi.scenario.schema.force import Shift
from kontijensi.vocabulary.clock import DAY_S, format_clock, format_local
from kontijensi.vocabulary.words import _, ngettext, shown

Span = tuple[float, float]
"""Part of a day, in seconds after midnight."""


def spans(start_s: float, end_s: float) -> list[Span]:
    """Return the parts of the day between two clock times, past midnight when the end comes first."""
    if start_s == end_s:
        return [(0.0, DAY_S)]
    if start_s < end_s:
        return [(start_s, end_s)]
    return [(start_s, DAY_S), *([(0.0, end_s)] if end_s else [])]


def check(survey: Survey) -> Iterator[Problem]:
    """Find phases out of order or out of time, and moments that lie outside the rehearsal."""
    yield from _phases_in_order(survey)
    yield from _phases_in_time(survey)
    yield from _travel_periods(survey)
    yield from _programmes(survey)
    yield from _known_calls(survey)


def check_shifts(survey: Survey) -> Iterator[Problem]:
    """Find shifts of one line of the roster that overlap."""
    for key, group in survey.file.units.items():
        for i, shift in enumerate(group.shifts):
            for j, earlier in enumerate(group.shifts[:i]):
                if _overlap(earlier, shift):
                    yield survey.error(
                        ("units", key, "shifts", i),
                        _("the shift {this} overlaps the shift {other} (number {number})").format(
                            this=_hours(shift), other=_hours(earlier), number=j + 1
                        ),
                        why=_("The same people would be on duty twice at once."),
                        fix=_("End one shift where the next begins."),
                    )


def _overlap(a: Shift, b: Shift) -> bool:
    return any(
        first[0] < second[1] and second[0] < first[1]
        for first in spans(a.start, a.end)
        for second in spans(b.start, b.end)
    )


def _hours(shift: Shift) -> str:
    return f"{format_clock(shift.start)}-{format_clock(shift.end)}"


def _phases_in_order(survey: Survey) -> Iterator[Problem]:
    for (before, first), (after, second) in pairwise(survey.file.phases.items()):
        if second.start >= first.end:
            continue
        times = {"start": format_local(second.start), "end": format_local(first.end), "other": shown(before)}
        if second.start >= first.start:
            message = _("begins at {start}, before {other} ends at {end}: the phases overlap").format(**times)
            fix = _("End one phase where the next begins.")
        else:
            message = _("begins at {start}, but stands after {other}, which ends at {end}").format(**times)
            fix = _("Write the phases in the order of time.")
        yield survey.error(("phases", after, "start"), message, fix=fix)


def _phases_in_time(survey: Survey) -> Iterator[Problem]:
    start, end = survey.file.start, survey.end
    for key, phase in survey.file.phases.items():
        span = _("the rehearsal lasts from {start} to {end}").format(
            start=format_local(start), end=format_local(end)
        )
        fix = _("Change `start` or `horizon` of the scenario, or the phase.")
        if phase.end <= start or phase.start >= end:
            message = _("the phase lies outside the rehearsal: {span}").format(span=span)
            yield survey.error(("phases", key), message, fix=fix, key=True)
        elif phase.start < start or phase.end > end:
            message = _("part of the phase lies outside the rehearsal: {span}").format(span=span)
            why = _("That part is not rehearsed, and its measures cover the rest alone.")
            yield survey.warning(("phases", key), message, why=why, fix=fix, key=True)


def _travel_periods(survey: Survey) -> Iterator[Problem]:
    periods = list(survey.file.area.travel.periods.items())
    for i, (key, period) in enumerate(periods):
        for other, earlier in periods[:i]:
            both = (
                a[0] < b[1] and b[0] < a[1]
                for a in spans(period.start, period.end)
                for b in spans(earlier.start, earlier.end)
            )
            if any(both):
                yield survey.error(
                    ("area", "travel", "periods", key),
                    _("overlaps the period {other}").format(other=shown(other)),
                    why=_("It would not be clear which factor holds."),
                    fix=_("End one period where the next begins."),
                    key=True,
                )


def _programmes(survey: Survey) -> Iterator[Problem]:
    for key, programme in survey.file.community.programmes.items():
        late = [moment for moment in programme.times if _outside(survey, moment)]
        never = bool(programme.times) and len(late) == len(programme.times)
        if programme.start is not None and programme.end is not None:
            # A daily programme lasts to the end of its last day.
            last = programme.end.replace(hour=23, minute=59)
            never = never or (
                not programme.times and (last < survey.file.start or programme.start >= survey.end)
            )
        if never:
            yield survey.warning(
                ("community", "programmes", key),
                _("all of it lies outside the rehearsal, so it has no effect"),
                fix=_("Change its times, or `start` and `horizon` of the scenario."),
                key=True,
            )


def _known_calls(survey: Survey) -> Iterator[Problem]:
    for key, calls in survey.file.calls.items():
        outside = [
            i
            for i, call in enumerate(calls.known)
            if (call.at is not None and _outside(survey, call.at))
            or (call.after is not None and call.after >= survey.file.horizon)
        ]
        if outside:
            n = len(outside)
            yield survey.warning(
                ("calls", key, "known", outside[0]),
                ngettext(
                    "{n} call comes outside the rehearsal, and is never made",
                    "{n} calls come outside the rehearsal, and are never made",
                    n,
                ).format(n=n),
                fix=_("Change the times, or `start` and `horizon` of the scenario."),
            )


def _outside(survey: Survey, moment: datetime) -> bool:
    return not survey.file.start <= moment < survey.end
