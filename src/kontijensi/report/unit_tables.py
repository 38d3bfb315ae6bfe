"""Tables of the units: how busy, beyond their hours, what they used up, and help from outside."""

from __future__ import annotations

from collections import defaultdict

from kontijensi.analysis.utilisation import State, UnitTime, together
from kontijensi.report.dossier import Dossier
from kontijensi.report.figures.duty import busiest
from kontijensi.report.moments import NEVER, count, lasting, listed, minutes, moment, share
from kontijensi.report.naming import inert, named, place_name, unit_name, word
from kontijensi.report.table import Column, Table, numbers_of, table, words_of
from kontijensi.vocabulary.records import RecordKind
from kontijensi.vocabulary.words import _, ngettext, number


def type_table(dossier: Dossier) -> Table:
    """Add up the units by type."""
    columns = (
        Column(_("type of unit")),
        *numbers_of(_("units"), _("people"), _("orders")),
        Column(_("utilisation"), numeric=True, term="utilisation"),
        *numbers_of(_("hours on tasks"), _("overtime, hours")),
        Column(_("stock used")),
    )
    groups: dict[str, list[UnitTime]] = defaultdict(list)
    for row in dossier.units:
        groups[row.type_id].append(row)
    types = dossier.world.scenario.unit_types
    rows = []
    for type_id, units in groups.items():
        rows.append(
            [
                named(types[type_id], type_id),
                count(len(units)),
                count(len(units) * types[type_id].personnel),
                count(sum(unit.orders for unit in units)),
                share(together(units), 1),
                number(sum(unit.assigned_s for unit in units) / 3600.0, 1),
                number(sum(unit.overtime_s for unit in units) / 3600.0, 1),
                stock_text(units),
            ]
        )
    return table(_("Units by type, over the whole run"), columns, rows)


def stock_text(units: list[UnitTime]) -> str:
    """Say what was used up, and how often it ran out."""
    used: dict[str, float] = defaultdict(float)
    emptied: dict[str, int] = defaultdict(int)
    for unit in units:
        for stock, spent in unit.used.items():
            used[stock] += spent
        for stock, times in unit.emptied.items():
            emptied[stock] += times
    parts = []
    for stock in sorted(set(used) | set(emptied)):
        amount = number(round(used[stock]), 0)
        text = _("{n} rounds of irritant") if stock == "irritant" else _("{n} l of water")
        text = text.format(n=amount)
        if emptied[stock]:
            times_text = ngettext("(ran out {n} time)", "(ran out {n} times)", emptied[stock])
            text += " " + times_text.format(n=count(emptied[stock]))
        parts.append(text)
    return ", ".join(parts) or NEVER


def busy_table(dossier: Dossier) -> Table:
    """List the busiest units one by one, with where their time went."""
    states = (State.TURNOUT, State.TRAVELLING, State.ON_SCENE, State.RETURNING, State.RESTING)
    columns = (
        *words_of(_("unit"), _("base")),
        *numbers_of(_("orders"), _("utilisation"), *(word(state) for state in states), _("overtime")),
    )
    bases = {unit.id: dossier.world.places.ids[unit.base] for unit in dossier.world.fleet}
    rows = [
        [
            unit_name(dossier.world, row.unit),
            place_name(dossier.world, bases[row.unit]),
            count(row.orders),
            share(row.utilisation, 1),
            *(minutes(row.state_s[state], 0) for state in states),
            minutes(row.overtime_s, 0),
        ]
        for row in busiest(dossier)
    ]
    ordered = sum(row.orders > 0 for row in dossier.units)
    note = _("{n} of {of} units were ordered out at least once.").format(
        n=count(ordered), of=count(len(dossier.units))
    )
    return table(_("The busiest units; times in minutes over the whole run"), columns, rows, note=note)


def aid_table(dossier: Dossier) -> Table:
    """Tell what became of help from outside, also where nobody asked for it."""
    columns = (
        Column(_("help")),
        *numbers_of(_("times asked")),
        *words_of(_("first asked"), _("agreed"), _("arrived"), _("from asking to arrival"), _("refused")),
    )
    calendar = dossier.world.calendar
    rows = []
    for entry, found in dossier.aid.items():
        rows.append(
            [
                named(dossier.world.scenario.mutual_aid.get(entry), entry),
                count(found.asked),
                moment(calendar, found.asked_s),
                moment(calendar, found.agreed_s),
                moment(calendar, found.arrived_s),
                lasting(found.delay_s),
                _refusals(dossier, entry, found.refused),
            ]
        )
    return table(_("Help from outside"), columns, rows)


def _refusals(dossier: Dossier, entry: str, n: int) -> str:
    if not n:
        return count(0)
    reasons = [r.values.get("why") for r in dossier.records(RecordKind.AID_REFUSED) if r.entity == entry]
    why = listed(sorted({_refusal(str(reason)) for reason in reasons if reason}))
    return f"{count(n)} ({why})" if why else count(n)


def _refusal(why: str) -> str:
    """Say why help was refused."""
    said = {"authority": _("nobody may agree to it"), "path": _("whoever agrees last cannot send it")}
    return said.get(why) or inert(why)


def guard_table(dossier: Dossier) -> Table:
    """Show the people posted at polling stations, who stay there, by zone and agency."""
    people: dict[tuple[str, str], int] = defaultdict(int)
    places: dict[str, set[int]] = defaultdict(set)
    for guard in dossier.world.guards:
        zone = dossier.world.places.zone[guard.place] or ""
        places[zone].add(guard.place)
        for agency, n in guard.people.items():
            people[zone, agency_name(str(agency))] += n
    agencies = sorted({agency for _zone, agency in people})
    columns = (Column(_("zone")), *numbers_of(_("places"), *agencies, _("together")))
    zones = dossier.world.scenario.area.zones
    rows = []
    for zone in sorted(places, key=lambda z: zones[z].risk if z in zones else 0.0):
        counts = [people[zone, agency] for agency in agencies]
        name = named(zones.get(zone), zone) if zone else NEVER
        rows.append([name, count(len(places[zone])), *map(count, counts), count(sum(counts))])
    return table(_("Guards at their posts; they are not sent elsewhere"), columns, rows)


def agency_name(agency: str) -> str:
    """Return what an agency is called."""
    names = {
        "police": _("police"),
        "brimob": "Brimob",
        "tni": "TNI",
        "satpol_pp": "Satpol PP",
        "transport": _("transport office"),
        "linmas": "Linmas",
        "on_loan": _("on loan"),
        "fire": _("fire service"),
        "health": _("health service"),
        "committee": _("committee"),
        "community": _("community"),
    }
    return names.get(agency) or inert(agency)
