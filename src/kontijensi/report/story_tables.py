"""Tables behind the map and the timeline."""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np

from kontijensi.analysis.situation import COUNTS, situation
from kontijensi.report.cover_tables import district_name, zone_name
from kontijensi.report.dossier import RANK, Dossier
from kontijensi.report.figures.story import shown_gatherings, word_of
from kontijensi.report.moments import NEVER, count, moment, span
from kontijensi.report.naming import named, place_name, word
from kontijensi.report.table import Column, Table, numbers_of, table, words_of
from kontijensi.vocabulary.records import RecordKind
from kontijensi.vocabulary.words import _


def area_table(dossier: Dossier) -> Table:
    """List the places where people gathered, and the bases of units."""
    columns = (
        *words_of(_("place"), _("kind"), _("district"), _("zone")),
        *numbers_of(_("voters"), _("units based"), _("gatherings")),
        Column(_("worst colour")),
    )
    places = dossier.world.places
    based = Counter(places.ids[unit.base] for unit in dossier.world.fleet if unit.aid is None)
    gathered: dict[str, list[str]] = defaultdict(list)
    for gathering in dossier.gatherings:
        if gathering.place in places.index:
            gathered[str(gathering.place)].append(gathering.worst)
    rows = []
    for place in sorted(set(based) | set(gathered), key=lambda p: (-_worst(gathered[p]), -based[p], p)):
        row = places.index[place]
        colours = gathered[place]
        rows.append(
            [
                place_name(dossier.world, place),
                word(places.kind[row]),
                district_name(places.district[row]),
                zone_name(dossier, places.zone[row]),
                count(int(places.voters[row])),
                count(based[place]),
                count(len(colours)),
                word(max(colours, key=RANK.__getitem__)) if colours else NEVER,
            ]
        )
    return table(_("Places with units or gatherings"), columns, rows, most=60)


def _worst(colours: list[str]) -> int:
    return max((RANK[colour] for colour in colours), default=-1)


def trigger_table(dossier: Dossier) -> Table:
    """List what fired, how often and when."""
    columns = (
        Column(_("trigger")),
        *numbers_of(_("times")),
        *words_of(_("first"), _("last"), _("where first")),
    )
    fired: dict[str, list[tuple[float, str | None]]] = defaultdict(list)
    for record in dossier.records(RecordKind.TRIGGER_FIRED):
        fired[record.entity].append((record.time_s, record.place))
    calendar = dossier.world.calendar
    triggers = dossier.world.scenario.triggers
    rows = [
        [
            named(triggers.get(name), name),
            count(len(times)),
            moment(calendar, times[0][0]),
            moment(calendar, times[-1][0]),
            NEVER if times[0][1] is None else place_name(dossier.world, times[0][1]),
        ]
        for name, times in sorted(fired.items(), key=lambda item: item[1][0][0])
    ]
    return table(_("What set things off"), columns, rows)


def count_table(dossier: Dossier) -> Table:
    """Give the counts of the gatherings shown, a dozen moments of each."""
    columns = (*words_of(_("place"), _("time")), *numbers_of(*(word_of(name) for name in COUNTS)))
    rows = []
    for gathering in shown_gatherings(dossier):
        picks = np.unique(np.linspace(0, len(gathering.samples) - 1, 12).round().astype(int))
        for i in picks:
            sample = gathering.samples[i]
            rows.append(
                [
                    place_name(dossier.world, gathering.place),
                    moment(dossier.world.calendar, sample.time_s),
                    *(count(int(sample.values.get(name) or 0)) for name in COUNTS),
                ]
            )
    return table(_("Counts of the gatherings shown"), columns, rows, most=72)


def hourly_people_table(dossier: Dossier) -> Table:
    """Give the most people gathered at once in each half hour of the decisive hours."""
    columns = (Column(_("time")), *numbers_of(*(word_of(name) for name in COUNTS)))
    found = situation(dossier.run.records)
    start_s, end_s = dossier.focus
    rows = []
    at_s = start_s - dossier.world.calendar.second_of_day(start_s) % 1800.0
    while at_s < end_s and len(found.time_s):
        first = max(int(np.searchsorted(found.time_s, at_s, side="right")) - 1, 0)
        last = int(np.searchsorted(found.time_s, at_s + 1800.0, side="left"))
        if last > first or found.time_s[first] <= at_s:
            most = found.people[first : max(last, first + 1)].max(axis=0)
            if most[0] > 0:
                label = span(dossier.world.calendar, at_s, at_s + 1800.0)
                rows.append([label, *(count(int(people)) for people in most)])
        at_s += 1800.0
    note = _("Half hours without a gathering are left out; each count is the most at any one time.")
    return table(_("Most people gathered at once"), columns, rows, most=80, note=note)
