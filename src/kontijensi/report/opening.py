"""The first sentences of a report: what went wrong and what it cost; only without either, what went well.

What was never answered comes first, then cover and targets, then people hurt and voting stopped. A plan that
promised nothing, or that nothing put to the test, has not held: the opening says so.
"""

from __future__ import annotations

from kontijensi.analysis.continuity import interruption
from kontijensi.analysis.coverage import Coverage, Reason
from kontijensi.report.cover_tables import district_name, main_reason, places_text
from kontijensi.report.dossier import Dossier
from kontijensi.report.figures.cover import worst_hour
from kontijensi.report.findings import Finding, Tone
from kontijensi.report.moments import count, listed, share, span
from kontijensi.report.naming import named, place_name
from kontijensi.vocabulary.words import _, ngettext

HELD = 0.995
"""Cover from here on reads as all: the rest is told in the section on cover."""
LONG_TPS_MINUTES = 60.0
"""Interruptions that add up to an hour of one polling station weigh as heavily as a plan that ran short."""


def opening(dossier: Dossier) -> Finding:
    """Return the headline of the verdict: the worst first, and only what is true."""
    failed = [text for text in (_unanswered(dossier), _weakest(dossier), _missed(dossier)) if text]
    tone, cost = _cost(dossier)
    if failed:
        return Finding(Tone.SHORT, " ".join([*failed, *cost]))
    if not happened(dossier):
        nothing = _(
            "Nothing happened in this rehearsal, no gathering and no call: the plan was not put to the test."
        )
        return Finding(Tone.PLAIN, " ".join([nothing, _kept(dossier)]))
    if cost:
        return Finding(tone, " ".join([*cost, _kept(dossier)]))
    if _promised(dossier) == (False, False):
        return Finding(Tone.CARE, _kept(dossier))
    return Finding(Tone.GOOD, _kept(dossier))


def happened(dossier: Dossier) -> bool:
    """Tell whether anything put the plan to the test: a gathering, a call or a false report."""
    return bool(dossier.gatherings or dossier.responses)


def _unanswered(dossier: Dossier) -> str | None:
    rows = dossier.disturbances
    missing = sum(row.marks.formed is None for row in rows)
    if not missing:
        return None
    text = ngettext(
        "{n} of {of} disturbance was never answered by a full formation.",
        "{n} of {of} disturbances were never answered by a full formation.",
        len(rows),
    )
    return text.format(n=count(missing), of=count(len(rows)))


def _weakest(dossier: Dossier) -> str | None:
    worst = next(iter(ranked(dossier)), None)
    return None if worst is None or worst[2] >= HELD else _short(dossier, *worst)


def _missed(dossier: Dossier) -> str | None:
    missed = sum(found["met"] is False for found in dossier.run.summary.get("targets", {}).values())
    if not missed:
        return None
    text = ngettext("{n} target of response was missed.", "{n} targets of response were missed.", missed)
    return text.format(n=count(missed))


def _cost(dossier: Dossier) -> tuple[Tone, list[str]]:
    """Return how grave the cost is, and what to say of it; nothing where there was none."""
    hurt = sum(line.people for line in dossier.harm)
    severe = sum(line.people for line in dossier.harm if line.severity == "severe")
    stopped = interruption(dossier.stops)
    texts = []
    if hurt:
        if severe:
            text = ngettext(
                "{n} person was hurt, {severe} severely.",
                "{n} people were hurt, {severe} of them severely.",
                hurt,
            )
        else:
            text = ngettext(
                "{n} person was hurt, not severely.", "{n} people were hurt, none severely.", hurt
            )
        texts.append(text.format(n=count(hurt), severe=count(severe)))
    if stopped.stops:
        text = _("Voting or counting stood still for {n} TPS-minutes.")
        texts.append(text.format(n=count(stopped.tps_minutes)))
    grave = severe or stopped.tps_minutes >= LONG_TPS_MINUTES or stopped.never_resumed
    return Tone.SHORT if grave else Tone.CARE, texts


def _promised(dossier: Dossier) -> tuple[bool, bool]:
    """Tell whether any standard of cover was in force, and whether any target had a case to hold for."""
    targets = dossier.run.summary.get("targets", {}).values()
    return bool(ranked(dossier)), any(found["met"] is not None for found in targets)


def _kept(dossier: Dossier) -> str:
    """Say what was promised and kept, when nothing was missed."""
    scenario = dossier.world.scenario
    match _promised(dossier):
        case True, True:
            return _("In this rehearsal the plan held: every standard of cover and every target was met.")
        case True, False:
            return _("Every standard of cover was met; no target of response was set, or none had a case.")
        case False, True:
            return _("Every target of response was met; no standard of cover was set, or none was in force.")
    if scenario.standards or scenario.response_targets:
        return _("No standard was in force and no target had a case, so nothing could be held.")
    return _("No standard and no target was set, so nothing could be held.")


def reason_text(reason: Reason) -> str:
    """Say in a clause why a place was not covered."""
    return {
        Reason.NONE_FREE: lambda: _("the units in reach were busy with other tasks"),
        Reason.TOO_FAR: lambda: _("no suitable unit is based near enough"),
        Reason.FORMATION_SHORT: lambda: _("units are in reach, but fewer than the standard asks for"),
        Reason.ROAD_CLOSED: lambda: _("a closed road cut it off"),
        Reason.OFF_SHIFT_OR_RESTING: lambda: _("the units in reach were off shift or resting"),
        Reason.STOCK_EMPTY: lambda: _("the units in reach had used up their stock"),
        Reason.APPROVAL_MISSING: lambda: _("it hung on help that had not been approved or had not come"),
    }[reason]()


def ranked(dossier: Dossier) -> list[tuple[str, Coverage, float]]:
    """Return the standards that held at any time, the worst covered first, with their average."""
    known = [(key, cover, cover.average()) for key, cover in dossier.coverage.items()]
    return sorted(
        ((key, cover, average) for key, cover, average in known if average is not None),
        key=lambda item: item[2],
    )


def _short(dossier: Dossier, standard_id: str, cover: Coverage, average: float) -> str:
    """Say on which standard the plan runs short, and when, where and why."""
    reason, hour = main_reason(cover), worst_hour(cover, dossier)
    # Where every hour is as bad as the worst, naming one would mislead.
    if hour is None or hour[2] > average - 0.01:
        when = _("at all hours alike")
    else:
        when = _("lowest {span}").format(span=span(dossier.world.calendar, hour[0], hour[1]))
    return _(
        "The plan runs short on “{standard}”: met for {share} of place-time, {when}, above all around "
        "{where}; {why}."
    ).format(
        standard=named(dossier.world.scenario.standards[standard_id], standard_id),
        share=share(average),
        when=when,
        where=hardest(dossier, cover),
        why="" if reason is None else reason_text(reason),
    )


def hardest(dossier: Dossier, cover: Coverage, most: int = 3) -> str:
    """Name where a standard was missed longest: the places where they are few, else their districts."""
    places = dossier.world.places
    short = tuple(place for place, s in zip(cover.places, cover.short_s.sum(axis=1), strict=True) if s > 0)
    if len(short) <= most:
        return places_text(dossier, short)
    lost: dict[str, float] = {}
    by_place = zip(cover.places, cover.short_s.sum(axis=1), cover.weight, strict=True)
    for place, seconds, weight in by_place:
        if seconds > 0:
            district = places.district[places.index[place]]
            name = place_name(dossier.world, place) if district is None else district_name(district)
            lost[name] = lost.get(name, 0.0) + float(seconds) * float(weight)
    names = sorted(lost, key=lambda name: (-lost[name], name))
    return listed(names[:most])
