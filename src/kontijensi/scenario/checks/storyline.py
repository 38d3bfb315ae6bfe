"""Triggers that can never fire, and conditions that cannot be read or cannot hold."""

from __future__ import annotations

from collections.abc import Iterator

from kontijensi.scenario.checks.survey import Survey
from kontijensi.scenario.conditions import Range, compile_condition, known_ranges
from kontijensi.scenario.problems import Path, Problem, some
from kontijensi.scenario.schema.area import Place
from kontijensi.scenario.schema.phases import Phase
from kontijensi.scenario.schema.storyline import CloseRoad, March, Trigger
from kontijensi.vocabulary.clock import format_local
from kontijensi.vocabulary.words import _, shown


def _why() -> str:
    return _("It can never fire, so what it does is not rehearsed.")


_CONDITIONS = ("when", "arms", "rearm", "disarms")
"""The conditions a trigger may have. It cannot fire at all when one of the first two can never hold."""


def check_conditions(survey: Survey) -> Iterator[Problem]:
    """Find conditions that cannot be read, name what is not there, or can never hold."""
    ranges = known_ranges(survey.names("community", "channels"), survey.names("community", "rumours"))
    for key, trigger in survey.file.triggers.items():
        for field in _CONDITIONS:
            text = getattr(trigger, field)
            if text is not None:
                yield from _condition(survey, ("triggers", key, field), text, ranges)


def _condition(survey: Survey, path: Path, text: str, ranges: dict[str, Range]) -> Iterator[Problem]:
    try:
        condition = compile_condition(text, ranges)
    except ValueError as error:
        yield survey.error(path, str(error))
        return
    if condition.possible(ranges):
        return
    bounds = [f"{name}: {ranges[name][0]:g}-{ranges[name][1]:g}" for name in sorted(condition.names)]
    fix = _("Compare with values that can occur ({bounds}).").format(bounds=", ".join(bounds))
    message = _("the condition can never hold")
    if path[-1] in ("when", "arms"):
        yield survey.error(path, message, why=_why(), fix=fix)
    else:
        yield survey.warning(path, message, why=_("What it would change never changes."), fix=fix)


def check(survey: Survey) -> Iterator[Problem]:
    """Find triggers that can never fire, and effects that can do nothing."""
    for key, trigger in survey.file.triggers.items():
        yield from _moments(survey, key, trigger)
        yield from _phases(survey, key, trigger)
        yield from _places(survey, key, trigger)
        yield from _effects(survey, key, trigger)
        if trigger.probability == 0:
            yield survey.warning(
                ("triggers", key, "probability"),
                _("the probability is 0"),
                why=_why(),
                fix=_("Give it a chance, or remove the trigger."),
            )
        if trigger.when is not None and trigger.held_for >= survey.file.horizon:
            message = _("the condition must hold for longer than the rehearsal lasts")
            yield survey.error(("triggers", key, "held_for"), message, why=_why())
    yield from _chains(survey)


def _within(survey: Survey, trigger: Trigger) -> list[Phase] | None:
    """Return the phases that limit a trigger; None when nothing limits it."""
    if trigger.phases is None:
        return None
    phases = survey.file.phases
    return [phases[name] for name in trigger.phases if name in phases]


def _moments(survey: Survey, key: str, trigger: Trigger) -> Iterator[Problem]:
    if trigger.at is None:
        return
    limits = _within(survey, trigger)
    lost = [
        i
        for i, moment in enumerate(trigger.at)
        if not survey.file.start <= moment < survey.end
        or (limits is not None and not any(phase.start <= moment < phase.end for phase in limits))
    ]
    if not trigger.at:
        yield survey.error(("triggers", key, "at"), _("no moment is given"), why=_why())
    elif len(lost) == len(trigger.at):
        yield survey.error(
            ("triggers", key, "at", 0),
            _("{moment}: outside the rehearsal, or outside the trigger's phases").format(
                moment=format_local(trigger.at[0])
            ),
            why=_why(),
            fix=_("Change the moment, the phases, or `start` and `horizon` of the scenario."),
        )
    elif lost:
        yield survey.warning(
            ("triggers", key, "at", lost[0]),
            _("{moment}: outside the rehearsal, or outside the trigger's phases").format(
                moment=format_local(trigger.at[lost[0]])
            ),
            why=_("Nothing happens at this moment."),
        )


def _phases(survey: Survey, key: str, trigger: Trigger) -> Iterator[Problem]:
    limits = _within(survey, trigger)
    if trigger.phases == []:
        fix = _("Name phases, or leave `phases` out.")
        yield survey.error(("triggers", key, "phases"), _("no phase is named"), why=_why(), fix=fix)
    elif limits and all(p.end <= survey.file.start or p.start >= survey.end for p in limits):
        message = _("none of these phases lies within the rehearsal")
        yield survey.error(("triggers", key, "phases"), message, why=_why())


def _places(survey: Survey, key: str, trigger: Trigger) -> Iterator[Problem]:
    places = survey.chosen(trigger.places)
    path = ("triggers", key, "places")
    if survey.empty(trigger.places):
        fix = _("Loosen the choice: each list narrows it further.")
        yield survey.error(path, _("no place is meant by this choice"), why=_why(), fix=fix)
    if not places:
        return
    if trigger.exposed_only:
        yield from _exposed(survey, key, trigger, places)
    weight = {"voters": lambda p: p.voters, "weight": lambda p: p.weight}.get(trigger.weigh_by)
    if weight is not None and not any(weight(place) for place in places.values()):
        yield survey.error(
            ("triggers", key, "weigh_by"),
            _("places are chosen by {what}, and none of them has any").format(what=trigger.weigh_by),
            why=_why(),
        )


def _exposed(survey: Survey, key: str, trigger: Trigger, places: dict[str, Place]) -> Iterator[Problem]:
    limits = _within(survey, trigger)
    phases = list(survey.file.phases.values()) if limits is None else limits
    at_work = {kind for phase in phases for kind in phase.exposes}
    if phases and not any(place.kind in at_work for place in places.values()):
        yield survey.error(
            ("triggers", key, "exposed_only"),
            _("none of its places is at work in its phases"),
            why=_why(),
            fix=_("Name their kinds under `exposes` of a phase: {kinds}.").format(
                kinds=some(sorted({place.kind.value for place in places.values()}))
            ),
        )


def _effects(survey: Survey, key: str, trigger: Trigger) -> Iterator[Problem]:
    roads = {frozenset(edge.between) for edge in survey.file.area.roads.given()}
    kinds = {place.kind for place in survey.file.area.places.values()}
    for i, effect in enumerate(trigger.effects):
        path = ("triggers", key, "effects", i)
        if isinstance(effect, March) and effect.to_kind is not None and effect.to_kind not in kinds:
            message = _("there is no place of the kind {kind} to march to").format(
                kind=shown(str(effect.to_kind))
            )
            yield survey.error((*path, "to_kind"), message)
        if isinstance(effect, March) and effect.to in survey.chosen(trigger.places):
            yield survey.warning(
                (*path, "to"),
                _("{place}: the march may start where it is going").format(place=shown(effect.to)),
                why=_("Those people only vanish from the ground for a moment."),
                fix=_("Leave this place out of the trigger's `places`, or march elsewhere."),
            )
        # Invented roads are not known before they are invented.
        known = survey.file.area.roads.synthetic is None
        if (
            known
            and isinstance(effect, CloseRoad)
            and effect.between
            and frozenset(effect.between) not in roads
        ):
            message = _("no road joins {a} and {b}").format(
                a=shown(effect.between[0]), b=shown(effect.between[1])
            )
            yield survey.error((*path, "between"), message)


def _chains(survey: Survey) -> Iterator[Problem]:
    """Find triggers that wait for one that can never fire: themselves, in the end."""
    triggers = survey.file.triggers
    for key, trigger in triggers.items():
        seen = [key]
        after = trigger.after
        while after is not None and after in triggers and after not in seen:
            seen.append(after)
            after = triggers[after].after
        path = ("triggers", key, "after")
        if after == key:
            circle = " < ".join([*seen, key])
            message = _("waits for itself: {circle}").format(circle=circle)
            yield survey.error(path, message, why=_why(), fix=_("Give one of them another cause."))
        elif after in seen or (len(seen) > 1 and triggers[seen[-1]].probability == 0):
            message = _("waits for {other}, which can never fire").format(other=shown(seen[1]))
            yield survey.warning(path, message, why=_why())
