"""Names that stand for something elsewhere in the scenario: each must be there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from kontijensi.scenario.checks.survey import Survey, no_such
from kontijensi.scenario.problems import Path, Problem, did_you_mean
from kontijensi.scenario.schema.area import PlaceChoice
from kontijensi.scenario.schema.storyline import (
    Clarify,
    CloseRoad,
    Complain,
    CutLegitimacy,
    Effect,
    GatherCrowd,
    LoseChannel,
    LoseUnit,
    March,
    RaiseTension,
    Routine,
    SecondWave,
    StartRumour,
)
from kontijensi.vocabulary.words import N_, _, shown

Reference = tuple[Path, str, str]
"""Where a name is written, the name, and the kind of thing it stands for."""

MOST = 200
"""Names told one by one: each is compared with all there are, and nobody reads more."""

_THINGS: dict[str, tuple[str, tuple[str, ...]]] = {
    "place": (N_("place"), ("area", "places")),
    "zone": (N_("zone"), ("area", "zones")),
    "phase": (N_("phase"), ("phases",)),
    "channel": (N_("tension channel"), ("community", "channels")),
    "camp": (N_("camp"), ("community", "camps")),
    "observers": (N_("entry in community.observers"), ("community", "observers")),
    "rumour": (N_("rumour"), ("community", "rumours")),
    "intake": (N_("intake of complaints"), ("community", "intakes")),
    "trigger": (N_("trigger"), ("triggers",)),
    "type": (N_("unit type"), ("unit_types",)),
    "unit": (N_("entry in units"), ("units",)),
    "authority": (N_("authority"), ("command", "authorities")),
    "call": (N_("stream of calls"), ("calls",)),
}
"""What each kind is called, and where its names are."""


_POLICIES = {
    "dispatch": ("nearest", "sector", "keep_reserve", "expected_coverage"),
    "posture": ("dialogue_first", "staged", "force_first"),
}
"""Policies that come with the program; a user may add more, so others are no error here."""


def check(survey: Survey) -> Iterator[Problem]:
    """Find every name that stands for nothing."""
    yield from _mistyped_policies(survey)
    yield from _names(survey)


def _mistyped_policies(survey: Survey) -> Iterator[Problem]:
    for field, policies in _POLICIES.items():
        word = getattr(survey.file.command, field)
        guess = did_you_mean(word, policies) if word not in policies else None
        if guess is not None:
            yield survey.warning(
                ("command", field),
                _("{name}: none of the policies that come with the program; did you mean {guess}?").format(
                    name=shown(word), guess=shown(guess)
                ),
                why=_("A policy of your own must be at hand when the scenario runs."),
            )


def _names(survey: Survey) -> Iterator[Problem]:
    names: dict[str, tuple[str, ...]] = {
        kind: survey.names(*path) for kind, (_thing, path) in _THINGS.items()
    }
    known = {kind: frozenset(words) for kind, words in names.items()}
    places = survey.file.area.places
    # What exists only because places name it.
    names["district"] = tuple(dict.fromkeys(p.district for p in places.values() if p.district is not None))
    names["village"] = tuple(dict.fromkeys(p.village or key for key, p in places.items()))
    roads = survey.file.area.roads
    ends = tuple(dict.fromkeys(end for edge in roads.edges for end in edge.between))
    names["end"] = (*names["place"], *ends)
    names["mode"] = survey.file.area.travel.mode_names
    for kind in ("district", "village", "end", "mode"):
        known[kind] = frozenset(names[kind])
    if roads.from_file is not None:
        # Known, but not offered as guesses: there are tens of thousands of them.
        known["end"] |= roads.from_file.names
    things = {kind: thing for kind, (thing, _path) in _THINGS.items()}
    things |= {"district": N_("district"), "village": N_("village"), "end": N_("end of a road")}
    things["mode"] = N_("mode of travel")
    lost = 0
    for path, word, kind in _references(survey):
        unsure = kind in {"district", "village"} and not survey.whole
        if word in known[kind] or unsure:
            continue
        lost += 1
        if lost > MOST:
            yield survey.error(path, _("too many names that stand for nothing; the search stopped here"))
            return
        yield survey.error(path, no_such(word, _(things[kind]), names[kind]))


def _references(survey: Survey) -> Iterator[Reference]:
    yield from _of_area(survey)
    yield from _of_community(survey)
    yield from _of_force(survey)
    yield from _of_command(survey)
    yield from _of_triggers(survey)
    yield from _of_service(survey)


def _each(path: Path, words: Iterable[str] | None, kind: str) -> Iterator[Reference]:
    for i, word in enumerate(words or ()):
        yield (*path, i), word, kind


def _keys(path: Path, words: Iterable[str], kind: str) -> Iterator[Reference]:
    for word in words:
        yield (*path, word), word, kind


def _one(path: Path, word: str | None, kind: str) -> Iterator[Reference]:
    if word is not None:
        yield path, word, kind


def _path_of_authority(survey: Survey, path: Path, words: Sequence[str]) -> Iterator[Reference]:
    """Yield each authority of a path where it stands: in a list, or as the one word."""
    if isinstance(survey.raw_at(path), str):
        # None where the one word was refused and set aside.
        return _one(path, next(iter(words), None), "authority")
    return _each(path, words, "authority")


def _of_choice(path: Path, choice: PlaceChoice) -> Iterator[Reference]:
    yield from _each((*path, "ids"), choice.ids, "place")
    yield from _each((*path, "zones"), choice.zones, "zone")
    yield from _each((*path, "districts"), choice.districts, "district")
    yield from _each((*path, "villages"), choice.villages, "village")


def _of_area(survey: Survey) -> Iterator[Reference]:
    for key, place in survey.file.area.places.items():
        yield from _one(("area", "places", key, "zone"), place.zone, "zone")
    for key, period in survey.file.area.travel.periods.items():
        yield from _each(("area", "travel", "periods", key, "modes"), period.modes, "mode")
    for i, edge in enumerate(survey.file.area.roads.edges):
        path: Path = ("area", "roads", "edges", i)
        yield from _keys((*path, "times"), edge.times, "mode")
        yield from _each((*path, "bars"), edge.bars, "mode")
    data = survey.file.area.roads.from_file
    for mode in () if data is None else data.modes:
        yield ("area", "roads", "file"), mode, "mode"


def _of_community(survey: Survey) -> Iterator[Reference]:
    for key, phase in survey.file.phases.items():
        yield from _keys(("phases", key, "drift"), phase.drift, "channel")
    for key, watch in survey.file.community.observers.items():
        path: Path = ("community", "observers", key)
        yield from _of_choice((*path, "places"), watch.places)
        yield from _each((*path, "phases"), watch.phases, "phase")
    for key, programme in survey.file.community.programmes.items():
        path = ("community", "programmes", key)
        yield from _of_choice((*path, "places"), programme.places)
        yield from _each((*path, "phases"), programme.phases, "phase")
        yield from _keys((*path, "lowers"), programme.lowers, "channel")
        yield from _keys((*path, "raises_willingness"), programme.raises_willingness, "camp")
        yield from _keys((*path, "clarifies"), programme.clarifies, "rumour")
    for key, rumour in survey.file.community.rumours.items():
        yield from _keys(("community", "rumours", key, "raises"), rumour.raises, "channel")
    for key, intake in survey.file.community.intakes.items():
        path = ("community", "intakes", key)
        for field in ("from_tension", "relieves", "embitters"):
            yield from _keys((*path, field), getattr(intake, field), "channel")


def _of_force(survey: Survey) -> Iterator[Reference]:
    file = survey.file
    for key, unit_type in file.unit_types.items():
        yield ("unit_types", key, "mode"), unit_type.mode, "mode"
    for key, group in file.units.items():
        path: Path = ("units", key)
        yield from _one((*path, "type"), group.type, "type")
        yield from _one((*path, "base"), group.base, "place")
        yield from _each((*path, "phases"), group.phases, "phase")
        yield from _each((*path, "sector"), group.sector, "district")
    for key, posts in file.posts.items():
        path = ("posts", key)
        yield from _of_choice((*path, "places"), posts.places)
        yield from _keys((*path, "by_zone"), posts.by_zone, "zone")
        yield from _each((*path, "phases"), posts.phases, "phase")
    for key, claim in file.roll_claims.items():
        yield from _of_choice(("roll_claims", key, "places"), claim.places)
    for key, aid in file.mutual_aid.items():
        path = ("mutual_aid", key)
        yield from _one((*path, "type"), aid.type, "type")
        yield from _one((*path, "arrives_at"), aid.arrives_at, "place")
        yield from _path_of_authority(survey, (*path, "authority"), aid.authority)


def _of_command(survey: Survey) -> Iterator[Reference]:
    command = survey.file.command
    yield from _one(("command", "posko"), command.posko, "place")
    for colour in ("green", "yellow", "red"):
        stage = getattr(command.stages, colour)
        yield from _path_of_authority(survey, ("command", "stages", colour, "authority"), stage.authority)


def _of_triggers(survey: Survey) -> Iterator[Reference]:
    for key, trigger in survey.file.triggers.items():
        path: Path = ("triggers", key)
        yield from _one((*path, "after"), trigger.after, "trigger")
        yield from _of_choice((*path, "places"), trigger.places)
        yield from _each((*path, "phases"), trigger.phases, "phase")
        for i, effect in enumerate(trigger.effects):
            yield from _of_effect((*path, "effects", i), effect)


def _of_effect(path: Path, effect: Effect) -> Sequence[Reference]:
    found: Iterator[Reference] = iter(())
    match effect:
        case RaiseTension():
            found = _one((*path, "channel"), effect.channel, "channel")
        case CutLegitimacy():
            found = _each((*path, "camps"), effect.camps, "camp")
        case GatherCrowd():
            outlet = None if effect.outlet is None else effect.outlet.intake
            camps = _keys((*path, "camps"), effect.camps or {}, "camp")
            found = chain(camps, _one((*path, "outlet", "intake"), outlet, "intake"))
        case SecondWave():
            found = _keys((*path, "camps"), effect.camps or {}, "camp")
        case StartRumour() | Clarify():
            found = _one((*path, "rumour"), effect.rumour, "rumour")
        case Complain():
            found = _one((*path, "intake"), effect.intake, "intake")
        case March():
            found = chain(_one((*path, "to"), effect.to, "place"), _one((*path, "mode"), effect.mode, "mode"))
        case CloseRoad():
            found = _each((*path, "between"), effect.between, "end")
        case LoseUnit():
            found = _one((*path, "unit"), effect.unit, "unit")
        case LoseChannel():
            found = _one((*path, "observers"), effect.observers, "observers")
        case Routine():
            found = _one((*path, "call"), effect.call, "call")
    return tuple(found)


def _of_service(survey: Survey) -> Iterator[Reference]:
    file = survey.file
    for key, calls in file.calls.items():
        path: Path = ("calls", key)
        yield from _of_choice((*path, "places"), calls.places)
        yield from _each((*path, "phases"), calls.phases, "phase")
        for i, known in enumerate(calls.known):
            yield (*path, "known", i, "place"), known.place, "place"
        for place, order in calls.preference.items():
            yield (*path, "preference", place), place, "place"
            yield from _each((*path, "preference", place), order, "unit")
    for key, standard in file.standards.items():
        yield from _of_choice(("standards", key, "places"), standard.places)
        yield from _each(("standards", key, "phases"), standard.phases, "phase")
    for key, target in file.response_targets.items():
        yield from _each(("response_targets", key, "calls"), target.calls, "call")
