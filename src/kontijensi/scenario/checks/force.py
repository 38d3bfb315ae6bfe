"""Who is on duty: the roll and what draws on it, help and its authority, units nobody needs, empty shifts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from kontijensi.scenario.checks.care import called_for
from kontijensi.scenario.checks.survey import Survey
from kontijensi.scenario.checks.timing import spans
from kontijensi.scenario.problems import Path, Problem, some
from kontijensi.scenario.schema.force import Agency, Capability, Stock, UnitGroup
from kontijensi.scenario.schema.phases import Phase, PhaseKind
from kontijensi.vocabulary.clock import DAY_S, format_local
from kontijensi.vocabulary.words import _, shown

_BUSY = frozenset({PhaseKind.VOTING, PhaseKind.COUNTING})


def check(survey: Survey) -> Iterator[Problem]:
    """Find force promised twice, out of call, not asked for, or off duty when it counts."""
    yield from _roll(survey)
    yield from _claims(survey)
    yield from _authority(survey)
    yield from _capabilities(survey)
    yield from _formations(survey)
    yield from _unneeded(survey)
    yield from _preferences(survey)
    yield from _empty_shifts(survey)
    yield from _never_on_duty(survey)
    yield from _enclosed(survey)
    yield from _no_stock(survey)


def posted(survey: Survey, phase: str | None) -> Counter[Agency]:
    """Return the people posted at places in a phase, by agency."""
    people: Counter[Agency] = Counter()
    for posts in survey.file.posts.values():
        if _holds(posts.phases, phase):
            chosen = survey.chosen(posts.places).values()
            for zone, pattern in posts.by_zone.items():
                groups = sum(posts.groups(place.stations for place in chosen if place.zone == zone))
                for agency, number in pattern.items():
                    people[agency] += number * groups
    return people


def _in_units(survey: Survey, phase: str | None) -> Counter[Agency]:
    people: Counter[Agency] = Counter()
    for group in survey.file.units.values():
        kind = survey.file.unit_types.get(group.type)
        if kind is not None and _holds(group.phases, phase):
            people[kind.agency] += group.count * kind.personnel
    return people


def _holds(phases: list[str] | None, phase: str | None) -> bool:
    return phases is None or (phase is not None and phase in phases)


def _roll(survey: Survey) -> Iterator[Problem]:
    """Compare the roll with posts and units, in the phase that needs most."""
    roll = survey.file.roll
    if not roll:
        return
    times: list[str | None] = [None, *survey.file.phases]
    needs = {phase: (posted(survey, phase), _in_units(survey, phase)) for phase in times}
    agencies = list(dict.fromkeys((*roll, *(a for pair in needs.values() for part in pair for a in part))))
    for agency in agencies:
        phase = max(times, key=lambda p: needs[p][0][agency] + needs[p][1][agency])
        at_posts, in_units = needs[phase][0][agency], needs[phase][1][agency]
        used = at_posts + in_units
        sums = {
            "agency": agency.value,
            "posts": at_posts,
            "units": in_units,
            "used": used,
            "roll": roll.get(agency, 0),
            "gap": abs(used - roll.get(agency, 0)),
        }
        path: Path = ("roll", agency.value)
        if agency not in roll:
            message = _("{agency}: {used} are posted or in units, but the agency is not on the roll").format(
                **sums
            )
            yield survey.note(("roll",), message, fix=_("Add the agency to `roll`."))
        elif used > roll[agency]:
            yield survey.error(
                path,
                _(
                    "more posted than on the roll: {posts} at posts + {units} in units = {used}, "
                    "{roll} on the roll, {gap} too many"
                ).format(**sums),
                why=_("The same people would have to be in two places at once."),
                fix=_("Post fewer, reduce the units, or correct the roll."),
            )
        elif used < roll[agency]:
            message = _(
                "{roll} on the roll - {posts} at posts - {units} in units: {gap} have no task here"
            ).format(**sums)
            yield survey.note(path, message)


def _claims(survey: Survey) -> Iterator[Problem]:
    """Do the sum behind each published figure: people a station, stations, and people on the roll."""
    for key, claim in survey.file.roll_claims.items():
        chosen = survey.chosen(claim.places)
        stations = sum(place.stations for place in chosen.values())
        if claim.agency not in survey.file.roll:
            yield survey.error(
                ("roll_claims", key, "agency"),
                _("{agency} is not on the roll, so there is nothing to hold the claim against").format(
                    agency=claim.agency.value
                ),
                fix=_("Add the agency to `roll`."),
            )
            continue
        if not stations:
            if chosen:  # a choice of nothing is told by another check
                yield survey.error(
                    ("roll_claims", key, "places"),
                    _("no polling station is meant by this choice"),
                    fix=_("Name places with stations: `kind: tps`, or `tps: 12` at a place."),
                )
            continue
        roll, needed = survey.file.roll[claim.agency], claim.comes_to(stations)
        if abs(roll - needed) <= claim.within * needed:
            continue
        sums = {
            "agency": claim.agency.value,
            "people": claim.people,
            "per": claim.per_stations,
            "stations": stations,
            "needed": needed,
            "roll": roll,
            "gap": abs(roll - needed),
            "enough": roll // claim.people * claim.per_stations,
        }
        if roll > needed:
            message = _(
                "the figures do not add up: {people} {agency} per {per} TPS and {stations} TPS make "
                "{needed}, but {roll} are on the roll: {gap} are left over (enough for {enough} TPS)"
            )
        else:
            message = _(
                "the figures do not add up: {people} {agency} per {per} TPS and {stations} TPS make "
                "{needed}, but {roll} are on the roll: {gap} are missing (enough for {enough} TPS)"
            )
        yield survey.warning(
            ("roll_claims", key),
            message.format(**sums),
            why=_(
                "One of the three figures is wrong or counts something else; a plan on all three misleads."
            ),
            fix=_(
                "Ask the sources what each figure counts, and correct `roll`, the stations or the claim; "
                "until then post only what the stations need."
            ),
            key=True,
        )


def _authority(survey: Survey) -> Iterator[Problem]:
    for key, aid in survey.file.mutual_aid.items():
        kind = survey.file.unit_types.get(aid.type)
        grant = [] if kind is None else survey.file.command.granters(kind.agency)
        if kind is not None and aid.authority and grant and aid.authority[-1] not in grant:
            yield survey.warning(
                ("mutual_aid", key, "authority"),
                _("{last} cannot send help of {agency}; the path of authority must end with {grant}").format(
                    last=shown(aid.authority[-1]), agency=kind.agency, grant=some(grant)
                ),
                why=_("Whenever this help is asked for it is refused, and the refusal is recorded."),
                fix=_("Name the whole path in order, such as [kapolres, kapolda]."),
            )
        if not aid.authority:
            yield survey.error(
                ("mutual_aid", key),
                _("no authority is named, so this help can never be asked for"),
                why=_("Help from outside comes only when someone agrees to it."),
                fix=_("Name one under `command.authorities`, and here: `authority: ...`."),
                key=True,
            )


def _asked(survey: Survey) -> dict[Capability, list[Path]]:
    """Return the capabilities that stages, calls and standards ask for, and where they do."""
    asked: dict[Capability, list[Path]] = {}
    stages = survey.file.command.stages
    if survey.crowds() or survey.written("command", "stages"):
        for colour in ("green", "yellow", "red"):
            for part in ("needs", "also"):
                for capability, number in getattr(getattr(stages, colour), part).items():
                    if number:
                        path = ("command", "stages", colour, part, capability.value)
                        asked.setdefault(capability, []).append(path)
    for key, calls in survey.file.calls.items():
        for capability in calls.needs:
            asked.setdefault(capability, []).append(("calls", key, "needs", capability.value))
    for key, standard in survey.file.standards.items():
        asked.setdefault(standard.capability, []).append(("standards", key, "capability"))
    return asked


def _capabilities(survey: Survey) -> Iterator[Problem]:
    exist = {c for kind in survey.file.unit_types.values() for c in kind.capabilities}
    listed = {c for _path, kind, count, _base in survey.roster() if count for c in kind.capabilities}
    for capability, paths in _asked(survey).items():
        if capability in listed:
            continue
        word = shown(capability.value)
        for path in paths:
            if path[0] == "standards":
                message = _("nobody on the roster can do {capability}").format(capability=word)
                why = _("The standard is never met: every place counts as not covered, all the time.")
                yield survey.warning(path, message, why=why, fix=_("Add such units to `units`."))
            elif capability in exist or not survey.written(*[str(step) for step in path]):
                message = _("nobody on the roster can do {capability}").format(capability=word)
                why = _("What asks for it is never served.")
                yield survey.warning(path, message, why=why, fix=_("Add such units to `units`."))
            else:
                message = _("no unit type can do {capability}").format(capability=word)
                yield survey.error(path, message, fix=_("Add it to the `capabilities` of a unit type."))


def _formations(survey: Survey) -> Iterator[Problem]:
    """Find formations that need more units than there are: they can never be complete."""
    why = _("Whoever comes waits there for the rest in vain, exposed and lost to every other incident.")
    fix = _("Ask for fewer, or add units to `units`.")
    for key, calls in survey.file.calls.items():
        for capability, wanted in calls.needs.items():
            there = _able(survey, capability, None, aid=False)
            if 0 < there < wanted:
                yield survey.error(
                    ("calls", key, "needs", capability.value),
                    _(
                        "formation larger than the fleet: {wanted} units with {capability} are needed, "
                        "the roster has {there}"
                    ).format(wanted=wanted, capability=shown(capability.value), there=there),
                    why=why,
                    fix=fix,
                )
    for colour in ("green", "yellow", "red"):
        for capability, wanted in getattr(survey.file.command.stages, colour).formation.items():
            there = _able(survey, capability, colour, aid=True)
            if 0 < there < wanted and (survey.crowds() or survey.written("command", "stages")):
                yield survey.warning(
                    ("command", "stages", colour, "needs", capability.value),
                    _(
                        "formation larger than the fleet: {wanted} units with {capability} are needed, "
                        "roster and help have {there}"
                    ).format(wanted=wanted, capability=shown(capability.value), there=there),
                    why=why,
                    fix=fix,
                )


def _able(survey: Survey, capability: Capability, colour: str | None, *, aid: bool) -> int:
    """Count the units that can do something and may in a colour, those of mutual aid too when asked for."""
    groups = [*survey.file.units.values(), *(survey.file.mutual_aid.values() if aid else ())]
    kinds = [(survey.file.unit_types.get(group.type), group.count) for group in groups]
    return sum(
        count
        for kind, count in kinds
        if kind is not None and capability in kind.capabilities and (colour is None or colour in kind.stages)
    )


def _unneeded(survey: Survey) -> Iterator[Problem]:
    asked = {*_asked(survey), *called_for(survey)}
    if not asked:
        return
    preferred = {
        unit for calls in survey.file.calls.values() for order in calls.preference.values() for unit in order
    }
    for path, kind, _count, _base in survey.roster():
        if not asked & set(kind.capabilities) and path[-1] not in preferred:
            yield survey.warning(
                path,
                _("no place needs this unit: nothing asks for {capabilities}").format(
                    capabilities=some(c.value for c in kind.capabilities)
                ),
                why=_("It stays at its base for the whole rehearsal."),
                fix=_("Ask for it in `command.stages`, `calls` or `standards`, or remove it."),
                key=True,
            )


def _preferences(survey: Survey) -> Iterator[Problem]:
    for key, calls in survey.file.calls.items():
        useless: dict[str, Path] = {}
        for place, order in calls.preference.items():
            for i, name in enumerate(order):
                group = survey.file.units.get(name)
                kind = survey.file.unit_types.get(group.type) if group is not None else None
                if kind is not None and not calls.needs.keys() & set(kind.capabilities):
                    useless.setdefault(name, ("calls", key, "preference", place, i))
        for name, path in useless.items():
            message = _("{unit} can do nothing that these calls need").format(unit=shown(name))
            yield survey.warning(path, message, why=_("It is never sent to them."))


def _empty_shifts(survey: Survey) -> Iterator[Problem]:
    """Find hours of voting and counting in which nobody with a needed capability is on duty."""
    asked = _asked(survey)
    stages = {c for c, paths in asked.items() if any(path[0] == "command" for path in paths)}
    for key, phase in survey.file.phases.items():
        if phase.kind not in _BUSY:
            continue
        gaps: dict[tuple[datetime, datetime], list[str]] = {}
        for capability in sorted(stages):
            groups = survey.on_duty(capability)
            gap = _first_gap(survey, key, phase, groups) if groups else None
            if gap is not None:
                gaps.setdefault(gap, []).append(capability.value)
        for (start, end), words in gaps.items():
            yield survey.warning(
                ("phases", key),
                _("nobody who can do {capabilities} is on duty from {start} to {end}").format(
                    capabilities=some(words), start=format_local(start), end=format_local(end)
                ),
                why=_("An incident in these hours waits until somebody comes on duty."),
                fix=_("Move or add shifts, or name the phase in the `phases` of a unit."),
                key=True,
            )


def _first_gap(
    survey: Survey, name: str, phase: Phase, groups: Iterable[UnitGroup]
) -> tuple[datetime, datetime] | None:
    """Return the first time in a phase when none of these lines of the roster is on duty."""
    start, end = max(phase.start, survey.file.start), min(phase.end, survey.end)
    there = [group for group in groups if _holds(group.phases, name)]
    if start >= end or any(not group.shifts for group in there):
        return None
    hours = sorted(
        span for group in there for shift in group.shifts for span in spans(shift.start, shift.end)
    )
    moment = start
    while moment < end:
        midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
        second = (moment - midnight).total_seconds()
        until = max((b for a, b in hours if a <= second < b), default=None)
        if until is None:
            later = min((a for a, _b in hours if a > second), default=DAY_S)
            back = midnight + timedelta(seconds=later)
            if later == DAY_S and hours:
                back += timedelta(seconds=hours[0][0])
            return moment, min(back, end)
        moment = midnight + timedelta(seconds=until)
    return None


def _never_on_duty(survey: Survey) -> Iterator[Problem]:
    """Find lines of the roster of which nobody is on duty between start and end."""
    whole = (survey.file.start, survey.end)
    for key, group in survey.file.units.items():
        spans_of = [(p.start, p.end) for k, p in survey.file.phases.items() if _holds(group.phases, k)]
        allowed = [whole] if group.phases is None else spans_of
        if group.count and not any(_on_duty_within(group, *_cut(span, whole)) for span in allowed):
            yield survey.warning(
                ("units", key),
                _("nobody of these units is ever on duty between the start of the rehearsal and its end"),
                why=_("They are never sent, and count for no cover."),
                fix=_("Correct `shifts` or `phases`, or `start` and `horizon`."),
                key=True,
            )


def _cut(span: tuple[datetime, datetime], whole: tuple[datetime, datetime]) -> tuple[datetime, datetime]:
    return max(span[0], whole[0]), min(span[1], whole[1])


def _on_duty_within(group: UnitGroup, start: datetime, end: datetime) -> bool:
    """Tell whether a shift touches a span of time."""
    if start >= end or not group.shifts:
        return start < end
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
    hours = [span for shift in group.shifts for span in spans(shift.start, shift.end)]
    first_s, last_s = (start - midnight).total_seconds(), (end - midnight).total_seconds()
    return any(first_s < day_s + b and day_s + a < last_s for day_s in (0.0, DAY_S) for a, b in hours)


def _no_stock(survey: Survey) -> Iterator[Problem]:
    """Find means that are used up which nobody who can use them carries."""
    carried: tuple[tuple[Capability, Stock], ...] = (
        (Capability.IRRITANT, "irritant"),
        (Capability.WATER, "water"),
    )
    for means, stock in carried:
        able = [
            (path, kind) for path, kind, count, _b in survey.roster() if count and means in kind.capabilities
        ]
        if able and not any(kind.stock.get(stock, 0.0) > 0 for _path, kind in able):
            yield survey.warning(
                able[0][0],
                _("no unit that can use {means} carries any: {units}").format(
                    units=some(str(path[-1]) for path, _kind in able), means=shown(means.value)
                ),
                why=_("A posture that calls for it does without."),
                fix=_("Write a `stock` in their unit type: water in litres, irritant in rounds."),
                key=True,
            )


def _enclosed(survey: Survey) -> Iterator[Problem]:
    walled = [key for key, place in survey.file.area.places.items() if place.enclosed]
    armed = [
        path
        for path, kind, count, _b in survey.roster()
        if count and Capability.IRRITANT in kind.capabilities
    ]
    if walled and armed:
        yield survey.warning(
            ("area", "places", walled[0], "enclosed"),
            _("irritant may be used between walls: {places} (units: {units})").format(
                places=some(walled), units=some(str(path[-1]) for path in armed)
            ),
            why=_(
                "Gas where few exits let people out kills by crush: 135 people died at Kanjuruhan in 2022."
            ),
            fix=_("Keep such units away from enclosed places, open more exits, or take the capability away."),
        )
