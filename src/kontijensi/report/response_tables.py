"""Tables of the response chain: incident by incident, percentiles against targets, and ordinary calls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import fsum

from kontijensi.analysis.beliefs import misjudgements
from kontijensi.analysis.cover_parts import NONE
from kontijensi.analysis.percentiles import spread
from kontijensi.analysis.response_parts import ResponseBy, held, in_time, response_groups
from kontijensi.analysis.responses import Response
from kontijensi.report.cover_tables import district_name, zone_name
from kontijensi.report.dossier import RANK, Dossier
from kontijensi.report.figures.chain import STEPS, chosen_rows
from kontijensi.report.moments import NEVER, apart, count, lasting, listed, minutes, moment, share
from kontijensi.report.naming import named, place_name, unit_name, word
from kontijensi.report.table import Column, Table, numbers_of, table, words_of
from kontijensi.scenario.schema.service import ResponseTarget
from kontijensi.vocabulary.words import _


def chain_table(dossier: Dossier) -> Table:
    """List the chain of each incident that the chart shows, in minutes."""
    columns = (
        *words_of(_("place"), _("onset"), _("colour")),
        *numbers_of(*(word(step) for step in STEPS)),
        Column(_("effective response"), numeric=True, term="effective_response"),
        Column(word("control"), numeric=True),
        *words_of(_("first unit"), _("ended")),
    )
    shown = chosen_rows(dossier)
    rows = [_chain_row(dossier, row) for row in shown]
    drawn = table(_("Response chain of each incident, in minutes"), columns, rows)
    return Table(drawn.caption, drawn.columns, drawn.rows, len(dossier.incidents) - len(shown), drawn.note)


def _chain_row(dossier: Dossier, row: Response) -> list[str]:
    steps = [minutes(getattr(row.parts, step)) for step in STEPS]
    return [
        place_name(dossier.world, row.place),
        moment(dossier.world.calendar, row.marks.onset),
        word(row.colour) if row.colour else word(row.sort),
        *steps,
        minutes(row.effective_response_s),
        minutes(row.parts.control),
        unit_name(dossier.world, row.unit) if row.unit else NEVER,
        word(row.outcome or "open"),
    ]


def unanswered_table(dossier: Dossier) -> Table:
    """List what never got its formation, and the first hindrance that stood in its way, the gravest first."""
    columns = words_of(
        _("incident"), _("place"), _("onset"), _("why unanswered"), _("what was missing"), _("ended")
    )
    rows = sorted(
        (row for row in dossier.responses if row.why is not None),
        key=lambda row: (row.priority or 0, row.marks.onset),
    )
    return table(
        _("Incidents that were never answered by a full formation"),
        columns,
        [
            [
                word(row.colour) if row.colour else word(row.sort),
                place_name(dossier.world, row.place),
                moment(dossier.world.calendar, row.marks.onset),
                hindrance_text(row.why),
                word(row.missing) if row.missing else NEVER,
                word(row.outcome or "open"),
            ]
            for row in rows
        ],
    )


def hindrance_text(why: str | None) -> str:
    """Say what stood between an incident and its formation."""
    return word("approval_pending" if why == "approval_missing" else why)


def spread_table(dossier: Dossier) -> Table:
    """Show how response times are spread, by colour, phase and sort, never leaving out the unanswered."""
    columns = (
        Column(_("incidents")),
        *numbers_of(_("n"), _("answered")),
        Column(_("median"), numeric=True, term="percentile"),
        *numbers_of("P80", "P90", "P95", _("longest"), _("never answered")),
    )
    crowds = [row for row in dossier.responses if row.sort == "crowd"]
    groups: list[tuple[str, Sequence[Response], bool]] = []
    for colour in RANK:
        rows = [row for row in crowds if row.colour == colour]
        groups.append((_("crowd, {colour}: onset to formation").format(colour=word(colour)), rows, True))
    troubled = dossier.disturbances
    for phase in dossier.world.phases:
        rows = [row for row in troubled if row.phase == phase.id]
        name = named(phase.phase, phase.id)
        groups.append((_("yellow and red, {phase}: onset to formation").format(phase=name), rows, True))
    groups.append((_("everything reported: report to first arrival"), dossier.responses, False))
    groups.append((_("ordinary calls: report to first arrival"), dossier.calls, False))
    lines = [_spread_row(name, rows, effective=effective) for name, rows, effective in groups if rows]
    return table(
        _("Response times, in minutes"),
        columns,
        lines,
        note=_(
            "An incident never answered counts as later than any time; a percentile that falls among "
            "them is {never}."
        ).format(never=NEVER),
    )


def _spread_row(name: str, rows: Sequence[Response], *, effective: bool) -> list[str]:
    found = spread([row.effective_response_s if effective else row.response_s for row in rows])
    times = (found.median, found.p80, found.p90, found.p95, found.longest)
    return [
        name,
        count(found.n),
        count(found.answered),
        *(minutes(time_s) for time_s in times),
        count(found.n - found.answered),
    ]


def district_table(dossier: Dossier) -> Table:
    """Show first arrivals by district, the slowest first."""
    groups: dict[str, list[Response]] = {}
    for row in dossier.responses:
        groups.setdefault(district_name(row.district), []).append(row)
    return _arrivals(_("First arrival after the report by district, in minutes"), _("district"), groups)


def zone_table(dossier: Dossier) -> Table:
    """Show first arrivals by zone, the slowest first."""
    groups: dict[str, list[Response]] = {}
    for row in dossier.responses:
        groups.setdefault(zone_name(dossier, row.zone), []).append(row)
    return _arrivals(_("First arrival after the report by zone, in minutes"), _("zone"), groups)


def target_part_table(dossier: Dossier) -> Table:
    """Show the share in time for each target, by phase, zone, district and type of unit."""
    scenario = dossier.world.scenario
    phases = {phase.id: phase.phase for phase in dossier.world.phases}
    kinds: dict[ResponseBy, tuple[str, Callable[[str], str]]] = {
        ResponseBy.PHASE: (_("phase"), lambda key: named(phases.get(key), key)),
        ResponseBy.ZONE: (_("zone"), lambda key: zone_name(dossier, key)),
        ResponseBy.DISTRICT: (_("district"), district_name),
        ResponseBy.UNIT_TYPE: (_("type of unit"), lambda key: named(scenario.unit_types.get(key), key)),
    }
    rows = []
    for target in scenario.response_targets.values():
        concerned = held(dossier.responses, target)
        for by, (heading, name_of) in kinds.items():
            for key, group in response_groups(concerned, by).items():
                found = in_time(group, target)
                rows.append(
                    [
                        target_text(dossier, target),
                        heading,
                        _("none") if key == NONE else name_of(key),
                        count(found.n),
                        count(found.within),
                        share(found.share),
                        f"{share(found.low)}–{share(found.high)}",
                    ]
                )
    columns = (
        *words_of(_("target"), _("by"), _("group")),
        *numbers_of(_("n"), _("in time"), _("share"), _("95 % interval")),
    )
    note = _("Intervals of shares are Wilson's; they hold if incidents are independent.")
    return table(_("Targets of response by group"), columns, rows, most=200, note=note)


def unit_type_table(dossier: Dossier) -> Table:
    """Show first arrivals by the type of the unit that came first, the slowest first."""
    types = dossier.world.scenario.unit_types
    groups: dict[str, list[Response]] = {}
    for row in dossier.responses:
        if row.unit_type is not None:
            groups.setdefault(named(types.get(row.unit_type), row.unit_type), []).append(row)
    caption = _("First arrival after the report by type of unit, in minutes")
    return _arrivals(caption, _("type of unit"), groups)


def _arrivals(caption: str, heading: str, groups: dict[str, list[Response]]) -> Table:
    columns = (
        Column(heading),
        *numbers_of(_("n"), _("answered")),
        Column(_("median"), numeric=True, term="percentile"),
        *numbers_of("P80", "P90", "P95", _("longest"), _("never answered")),
    )
    rows = [(name, spread([row.response_s for row in group]).median, group) for name, group in groups.items()]
    rows.sort(key=lambda item: (-(float("inf") if item[1] is None else item[1]), item[0]))
    return table(caption, columns, [_spread_row(name, group, effective=False) for name, _m, group in rows])


def target_text(dossier: Dossier, target: ResponseTarget) -> str:
    """Say what a response target promises."""
    within = lasting(target.within)
    if target.measure == "effective_response":
        promise = _("full formation within {within} of the onset").format(within=within)
    else:
        promise = _("first arrival within {within} of the report").format(within=within)
    calls = dossier.world.scenario.calls
    about = [word(colour) for colour in target.colours or ()]
    about += [named(calls.get(name), name) for name in target.calls or ()]
    about += [word(sort) for sort in target.sorts or ()]
    return f"{promise} ({listed(about)})" if about else promise


def target_table(dossier: Dossier) -> Table:
    """Hold what was reached against what was promised."""
    columns = (
        Column(_("target")),
        *numbers_of(_("n"), _("in time"), _("share"), _("95 % interval"), _("promised")),
        Column(_("result")),
    )
    rows = []
    for target_id, found in dossier.run.summary.get("targets", {}).items():
        target = dossier.world.scenario.response_targets.get(target_id)
        if target is None:
            continue
        interval = NEVER if found["low"] is None else f"{share(found['low'])}–{share(found['high'])}"
        reached, promised = share(found["share"]), share(found["promised"])
        if found["met"] is not None:
            reached, promised = apart(found["share"], found["promised"], met=found["met"])
        rows.append(
            [
                target_text(dossier, target),
                count(found["n"]),
                count(found["within"]),
                reached,
                interval,
                promised,
                _RESULT[found["met"]](),
            ]
        )
    return table(_("Targets of response"), columns, rows)


_RESULT: dict[bool | None, Callable[[], str]] = {
    True: lambda: "● " + _("met"),
    False: lambda: "▲ " + _("missed"),
    None: lambda: _("no case"),
}


def call_table(dossier: Dossier) -> Table:
    """Tell what became of ordinary calls, one row a stream."""
    columns = (
        Column(_("calls")),
        *numbers_of(_("n"), _("answered"), _("waiting"), _("given up"), _("lost"), _("under way")),
        *numbers_of(_("mean wait for a unit"), _("mean first arrival"), _("P90 first arrival")),
    )
    rows = []
    for name, found in dossier.run.summary.get("calls", {}).get("by_stream", {}).items():
        own = [row.response_s for row in dossier.calls if row.of == name]
        times = spread(own)
        rows.append(
            [
                named(dossier.world.scenario.calls.get(name), name),
                *(
                    count(found[key])
                    for key in ("calls", "answered", "waiting", "abandoned", "lost", "on_scene")
                ),
                minutes(found["unit_wait"]["mean_answered"]),
                minutes(times.mean_answered),
                minutes(times.p90),
            ]
        )
    return table(_("Ordinary calls; times in minutes"), columns, rows)


def mean_steps(rows: Sequence[Response]) -> list[tuple[str, float]]:
    """Return the mean length of each step over incidents that got their formation, the longest first [s]."""
    whole = [row for row in rows if row.marks.formed is not None]
    if not whole:
        return []
    means = [(step, fsum(getattr(row.parts, step) or 0.0 for row in whole) / len(whole)) for step in STEPS]
    return sorted(means, key=lambda item: -item[1])


def belief_table(dossier: Dossier) -> Table:
    """List incidents that were first reported in another colour than they had."""
    calendar = dossier.world.calendar
    columns = (
        *words_of(_("place"), _("true colour"), _("believed")),
        Column(_("from")),
        Column(_("put right")),
    )
    rows = [
        [
            place_name(dossier.world, each.place),
            word(each.colour),
            word(each.reported),
            moment(calendar, each.since_s),
            moment(calendar, each.until_s) if each.corrected else _("never"),
        ]
        for each in misjudgements(dossier.run.records)
    ]
    return table(_("What command took for something else"), columns, rows)
