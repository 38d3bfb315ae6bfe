"""Tables of what happened to people: gatherings, force, harm, legitimacy, voting interrupted."""

from __future__ import annotations

from kontijensi.analysis.continuity import interruption
from kontijensi.analysis.talks import rounds
from kontijensi.report.dossier import RANK, Dossier, Gathering
from kontijensi.report.figures.ledger import SEVERITIES, people_hurt
from kontijensi.report.moments import NEVER, count, lasting, level, minutes, moment, share, span
from kontijensi.report.naming import named, place_name, word
from kontijensi.report.table import Column, Table, numbers_of, table, words_of
from kontijensi.vocabulary.records import RecordKind
from kontijensi.vocabulary.words import _

CAUSES = (
    "crowd_violence_public",
    "crowd_violence_officer",
    "crush",
    "force_baton",
    "force_water",
    "force_irritant",
    "arrest",
    "accident",
    "collapse",
    "burn",
)
"""Every cause is listed, also those that hurt nobody."""
MEANS = ("push", "water", "irritant", "arrest")


def gathering_table(dossier: Dossier) -> Table:
    """List the gatherings that turned yellow or red, the worst first."""
    columns = (
        *words_of(_("place"), _("gathered"), _("set off by"), _("worst colour")),
        *numbers_of(
            _("most present"),
            _("found no room"),
            _("most active"),
            _("most violent"),
            _("minutes not green"),
        ),
        Column(_("until")),
    )
    troubled = [g for g in dossier.gatherings if g.worst != "green"]
    ranked = sorted(troubled, key=lambda g: (-RANK[g.worst], -g.peak("violent"), g.start_s))
    rows = [
        [
            *_names(dossier, g),
            word(g.worst),
            count(g.peak("present")),
            count(g.turned_away),
            *(count(g.peak(name)) for name in ("active", "violent")),
            minutes(sum(g.time_in(colour, dossier.end_s) for colour in ("yellow", "red")), 0),
            moment(dossier.world.calendar, g.end_s) if g.end_s is not None else _("still there"),
        ]
        for g in ranked
    ]
    return table(_("Gatherings that turned yellow or red"), columns, rows)


def peaceful_table(dossier: Dossier) -> Table:
    """List the gatherings that stayed peaceful."""
    columns = (
        *words_of(_("place"), _("gathered"), _("set off by")),
        *numbers_of(_("most present"), _("found no room")),
        Column(_("lasted")),
    )
    rows = [
        [
            *_names(dossier, g),
            count(g.peak("present")),
            count(g.turned_away),
            lasting((dossier.end_s if g.end_s is None else g.end_s) - g.start_s),
        ]
        for g in dossier.gatherings
        if g.worst == "green"
    ]
    return table(
        _("Peaceful gatherings"),
        columns,
        rows,
        most=30,
        note=_(
            "Peaceful assembly is lawful. These went peacefully, and are listed so that they are not "
            "forgotten."
        ),
    )


def _names(dossier: Dossier, gathering: Gathering) -> list[str]:
    trigger = gathering.trigger
    cause = NEVER if trigger is None else named(dossier.world.scenario.triggers.get(trigger), trigger)
    return [
        place_name(dossier.world, gathering.place),
        moment(dossier.world.calendar, gathering.start_s),
        cause,
    ]


def harm_table(dossier: Dossier) -> Table:
    """Keep the ledger of harm: every cause with both sides, also where it is zero."""
    sides = ("public", "officer")
    severities = [severity for severity, _fill, _hatch in SEVERITIES]
    headings = [f"{word(side)}: {word(severity)}" for side in sides for severity in severities]
    columns = (Column(_("cause")), *numbers_of(*headings, _("together")))
    listed_causes = [*CAUSES, *sorted({line.cause for line in dossier.harm} - set(CAUSES))]
    rows = []
    for cause in listed_causes:
        people = [people_hurt(dossier, cause, side, severity) for side in sides for severity in severities]
        rows.append([word(cause), *map(count, people), count(sum(people))])
    totals = [
        sum(people_hurt(dossier, cause, side, severity) for cause in listed_causes)
        for side in sides
        for severity in severities
    ]
    rows.append([_("together"), *map(count, totals), count(sum(totals))])
    return table(
        _("People hurt, by cause, side and severity"),
        columns,
        rows,
        note=_("Severe includes deaths. No line is netted against another."),
    )


def force_table(dossier: Dossier) -> Table:
    """Keep the ledger of force: every means, also those not used."""
    columns = (
        Column(_("means")),
        *numbers_of(_("times used"), _("minutes in use")),
        Column(_("fell on people not violent"), numeric=True, term="indiscriminate"),
    )
    found = {line.means: line for line in dossier.force}
    rows = []
    for means in [*MEANS, *sorted(set(found) - set(MEANS))]:
        line = found.get(means)
        if line is None:
            rows.append([word(means), count(0), minutes(0.0, 0), NEVER])
        else:
            rows.append([word(means), count(line.uses), minutes(line.seconds), share(line.indiscriminate)])
    return table(_("Force used, by means"), columns, rows, note=_("Firearms are not part of this model."))


def posture_table(dossier: Dossier) -> Table:
    """Show how units acted: how often each posture was taken, and how long it was held."""
    seconds: dict[str, float] = {}
    times: dict[str, int] = {}
    current: dict[str, tuple[str, float]] = {}
    closing = dict.fromkeys((RecordKind.POSTURE_SET, RecordKind.INCIDENT_CLOSED))
    over: set[str] = set()
    for record in sorted(dossier.records(*closing), key=lambda r: (r.time_s, r.id)):
        before = current.pop(record.entity, None)
        if before is not None:
            seconds[before[0]] = seconds.get(before[0], 0.0) + record.time_s - before[1]
        if record.kind is RecordKind.INCIDENT_CLOSED:
            over.add(record.entity)
        elif record.entity not in over:
            posture = str(record.values["posture"])
            times[posture] = times.get(posture, 0) + 1
            current[record.entity] = (posture, record.time_s)
    for posture, since_s in current.values():
        seconds[posture] = seconds.get(posture, 0.0) + dossier.end_s - since_s
    columns = (Column(_("posture")), *numbers_of(_("times taken"), _("minutes held")))
    order = ("withdraw", "presence", "dialogue", "line", "push", "water", "irritant", "arrest")
    words = [p for p in order if p in times] + sorted(set(times) - set(order))
    rows = [[word(p), count(times[p]), minutes(seconds.get(p, 0.0), 0)] for p in words]
    return table(_("How units acted, step by step"), columns, rows)


def talks_table(dossier: Dossier) -> Table:
    """Show how rounds of talks ended, camp by camp; empty where talks are not held in rounds."""
    camps = dossier.world.scenario.community.camps
    found = rounds(dossier.run.records)
    columns = (
        Column(_("camp")),
        *numbers_of(
            _("rounds"), _("accepted"), _("refused"), _("broken off"), _("with someone who could answer")
        ),
    )
    rows = [
        [
            named(camps.get(camp), camp),
            *map(count, (each.rounds, each.accepted, each.refused, each.broken_off, each.with_answer)),
        ]
        for camp, each in found.items()
    ]
    return table(_("Talks, round by round"), columns, rows)


def legitimacy_table(dossier: Dossier) -> Table:
    """Show how legitimacy moved, camp by camp."""
    columns = (
        Column(_("camp")),
        *numbers_of(_("at the start"), _("at the end"), _("change"), _("lowest of any village")),
        Column(_("where")),
    )
    camps = dossier.world.scenario.community.camps
    rows = [
        [
            named(camps.get(course.name), course.name),
            level(course.start),
            level(course.end),
            signed(course.change),
            level(course.extreme),
            village_name(dossier, course.at),
        ]
        for course in dossier.legitimacy
    ]
    return table(_("Legitimacy that each camp grants the authorities"), columns, rows)


def tension_table(dossier: Dossier) -> Table:
    """Show how tension moved, channel by channel."""
    columns = (
        *words_of(_("channel"), _("kind")),
        *numbers_of(_("at the start"), _("at the end"), _("highest of any village")),
        Column(_("where")),
    )
    channels = dossier.world.scenario.community.channels
    rows = [
        [
            named(channels.get(course.name), course.name),
            word(channels[course.name].kind),
            level(course.start),
            level(course.end),
            level(course.extreme),
            village_name(dossier, course.at),
        ]
        for course in dossier.tension
    ]
    return table(_("Tension by channel"), columns, rows)


def signed(value: float) -> str:
    """Write a change with its sign."""
    text = level(abs(value))
    if text == level(0.0):
        return text
    return ("+" if value > 0 else "−") + text


def village_name(dossier: Dossier, village: str | None) -> str:
    """Name a village by its first place with a name."""
    if village is None:
        return NEVER
    places = dossier.world.places
    row = next((i for i, own in enumerate(places.village) if own == village), None)
    return place_name(dossier.world, village if row is None else places.ids[row])


def stop_table(dossier: Dossier) -> Table:
    """List every interruption of voting and counting."""
    columns = (
        *words_of(_("place"), _("phase"), _("from–until")),
        *numbers_of(_("minutes"), _("voters")),
        Column(_("resumed")),
    )
    names = {phase.id: named(phase.phase, phase.id) for phase in dossier.world.phases}
    rows = [
        [
            place_name(dossier.world, stop.place),
            names.get(stop.phase, stop.phase),
            span(dossier.world.calendar, stop.start_s, stop.end_s),
            minutes(stop.end_s - stop.start_s),
            count(stop.voters),
            _("yes") if stop.resumed else _("no"),
        ]
        for stop in dossier.stops
    ]
    return table(_("Voting and counting interrupted"), columns, rows)


def continuity_table(dossier: Dossier) -> Table:
    """Add up interruptions by phase, also where there were none."""
    columns = (
        Column(_("phase")),
        *numbers_of(_("interruptions")),
        Column(_("TPS-minutes"), numeric=True, term="tps_minutes"),
        *numbers_of(_("voters affected"), _("never resumed")),
    )
    rows = []
    for kind in ("voting", "counting", "tabulation"):
        if kind == "tabulation" and not any(stop.phase_kind == kind for stop in dossier.stops):
            continue
        found = interruption(stop for stop in dossier.stops if stop.phase_kind == kind)
        rows.append(
            [
                word(kind),
                count(found.stops),
                count(found.tps_minutes),
                count(found.voters_affected),
                count(found.never_resumed),
            ]
        )
    return table(_("Continuity of the election"), columns, rows)
