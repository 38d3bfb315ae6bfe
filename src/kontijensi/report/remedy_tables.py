"""Remedies in words: what would have closed the shortfalls of cover, with the same demand."""

from __future__ import annotations

from kontijensi.analysis.remedy import Effect, Hole, Placed, Remedy, RemedyKind
from kontijensi.report.cover_tables import Gap
from kontijensi.report.dossier import Dossier
from kontijensi.report.moments import NEVER, count, listed, minutes
from kontijensi.report.naming import inert, named, place_name, unit_name
from kontijensi.report.table import Table, numbers_of, table, words_of
from kontijensi.vocabulary.words import _

MOST, MOST_ALIKE, MOST_PLACES = 10, 3, 4
"""Remedies listed, of one kind, and bases named one by one."""


def remedy_text(dossier: Dossier, remedy: Remedy) -> str:
    """Say in a clause what a remedy is."""
    match remedy.kind:
        case RemedyKind.OPEN_ROAD:
            ends = [place_name(dossier.world, end) for end in str(remedy.of).split("|")]
            return _("keep the road {ends} open").format(ends=" – ".join(ends))
        case RemedyKind.RESUPPLY:
            return _("refill {group} before its stock runs out").format(group=_group(dossier, remedy.of))
        case RemedyKind.STAY_ON_DUTY:
            return _("keep {group} on duty beyond its hours").format(group=_group(dossier, remedy.of))
        case RemedyKind.HELP_AT_ONCE:
            return _("have {group} there from the start").format(group=_group(dossier, remedy.of))
        case RemedyKind.MOVE:
            return _("let {unit} stand by at {to}, not {start}").format(
                unit=unit_name(dossier.world, str(remedy.of)),
                to=place_name(dossier.world, remedy.placed[0].post),
                start=place_name(dossier.world, remedy.start),
            )
        case RemedyKind.ADD:
            named_ones = [_placed(dossier, each) for each in remedy.placed[:MOST_PLACES]]
            rest = sum(each.count for each in remedy.placed[MOST_PLACES:])
            if rest:
                named_ones.append(_("{n} elsewhere").format(n=count(rest)))
            return _("add {units}").format(units=listed(named_ones))


def _placed(dossier: Dossier, placed: Placed) -> str:
    kind = dossier.world.scenario.unit_types.get(placed.type_id)
    return _("{n} × {type} at {base}").format(
        n=count(placed.count), type=named(kind, placed.type_id), base=place_name(dossier.world, placed.post)
    )


def _group(dossier: Dossier, group: str | None) -> str:
    file = dossier.world.scenario
    entry = file.units.get(str(group)) or file.mutual_aid.get(str(group))
    if entry is not None and entry.name:
        return inert(entry.name)
    units = [unit for unit in dossier.world.fleet if unit.group == group]
    if not units:
        return inert(group)
    if len(units) == 1:
        return unit_name(dossier.world, units[0].id)
    kind = named(units[0].type, units[0].type_id)
    base = place_name(dossier.world, dossier.world.places.ids[units[0].base])
    return _("all {n} of {type} · {base}").format(n=count(len(units)), type=kind, base=base)


def smallest_for(dossier: Dossier, gap: Gap) -> Remedy | None:
    """Return the smallest remedy that would have closed all of a gap; None where no single one does."""
    inside = [
        (short, tuple(place for place in short.places if place in gap.places))
        for short in dossier.coverage[gap.standard].shortfalls
        if short.reason is gap.reason and gap.start_s <= short.start_s and short.end_s <= gap.end_s
    ]
    shortfalls = tuple(
        type(short)(short.start_s, short.end_s, short.reason, places) for short, places in inside if places
    )
    (remedy,) = dossier.remedies.smallest([Hole(gap.standard, shortfalls)])
    return remedy


def remedy_table(dossier: Dossier) -> Table:
    """List the remedies that would have closed most, each by itself."""
    columns = (
        *words_of(_("remedy")),
        *numbers_of(_("voter-hours closed"), _("place-minutes closed"), _("voter-hours opened")),
        *words_of(_("standards")),
    )
    return table(
        _("Remedies that would have closed most"),
        columns,
        [_row(dossier, effect) for effect in dossier.remedies.best(MOST, MOST_ALIKE)],
        note=_(
            "Each by itself, worked out exactly from the log with the same demand and the same orders; they "
            "do not add up. With a remedy other units would have been sent: rehearse it before you decide."
        ),
    )


def _row(dossier: Dossier, effect: Effect) -> list[str]:
    standards = dossier.world.scenario.standards
    return [
        remedy_text(dossier, effect.remedy),
        count(effect.closed.voter_s / 3600),
        minutes(effect.closed.place_s, 0),
        count(effect.opened.voter_s / 3600) if effect.opened.place_s else NEVER,
        listed([named(standards[key], key) for key in effect.standards]),
    ]
