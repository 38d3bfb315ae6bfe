"""Tables of what was done and said among the people: rumours, complaints, programmes."""

from __future__ import annotations

from kontijensi.analysis.outreach import complaints, programmes, rumours
from kontijensi.report.dossier import Dossier
from kontijensi.report.moments import NEVER, count, lasting, moment, share
from kontijensi.report.naming import named
from kontijensi.report.table import Column, Table, numbers_of, table, words_of
from kontijensi.vocabulary.words import _


def rumour_table(dossier: Dossier) -> Table:
    """Show how far each rumour came."""
    columns = (
        Column(_("rumour")),
        *numbers_of(_("began to tell it"), _("have heard it"), _("villages"), _("most telling at once")),
        *words_of(_("when"), _("over")),
        *numbers_of(_("clarified")),
    )
    calendar, plans = dossier.world.calendar, dossier.world.scenario.community.rumours
    rows = [
        [
            named(plans[name], name),
            count(course.started),
            share(course.heard, 1),
            count(course.villages),
            count(course.peak_telling),
            moment(calendar, course.peak_at_s) if course.peak_at_s is not None else NEVER,
            moment(calendar, course.over_at_s) if course.over_at_s is not None else NEVER,
            count(course.clarified),
        ]
        for name, course in rumours(dossier.run.records, plans).items()
    ]
    return table(_("Rumours"), columns, rows)


def complaint_table(dossier: Dossier) -> Table:
    """Show what became of complaints, each under one outcome."""
    columns = (
        Column(_("intake")),
        *numbers_of(_("filed"), _("handled in time"), _("late"), _("refused"), _("turned away")),
        *numbers_of(_("waiting at the end"), _("in hand at the end"), _("median wait")),
    )
    plans = dossier.world.scenario.community.intakes
    rows = [
        [
            named(plans[name], name),
            count(found.filed),
            *(count(found.outcomes[outcome]) for outcome in ("in_time", "late", "refused", "turned_away")),
            count(found.waiting),
            count(found.in_hand),
            lasting(found.wait.median),
        ]
        for name, found in complaints(dossier.run.records, plans).items()
    ]
    note = _("Complaints are the lawful outlet: what is handled in time takes grievance away.")
    return table(_("Complaints"), columns, rows, note=note)


def programme_table(dossier: Dossier) -> Table:
    """Show what programmes cost in hours of work."""
    columns = (Column(_("programme")), *numbers_of(_("times held, by place"), _("person-hours")))
    plans = dossier.world.scenario.community.programmes
    costs = programmes(dossier.run.records, plans)
    rows = [
        [named(plans.get(name), name), count(cost.held), count(round(cost.person_hours))]
        for name, cost in costs.items()
    ]
    return table(_("What programmes cost"), columns, rows)
