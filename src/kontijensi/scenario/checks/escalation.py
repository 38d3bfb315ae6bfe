"""The arc of escalation: how high tension can rise and how low it can come, and what follows for conditions.

A channel's level follows dx/dt = (target - x)/tau from phase to phase, and its spread between villages passes
neither the highest nor the lowest of them. So without jumps every village keeps the course worked out here.
What is added fades as the channel does, so a level is never above that course and all that can be added
together; where anything takes tension away, no lower bound but 0 is claimed. Only triggers
that can fire add anything: those that need nothing first, then what these make possible, and so on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import exp, inf

from kontijensi.scenario.checks.survey import Survey
from kontijensi.scenario.conditions import (
    Range,
    compile_condition,
    known_ranges,
    rumour_name,
    tension_name,
)
from kontijensi.scenario.problems import Problem
from kontijensi.scenario.schema.community import Channel
from kontijensi.scenario.schema.storyline import (
    Complain,
    FalseReport,
    GatherCrowd,
    Injure,
    RaiseTension,
    Routine,
    SecondWave,
    SetFire,
    StartRumour,
    Trigger,
)
from kontijensi.vocabulary.words import _, duration, number, shown

_OTHER_WORK = Complain | FalseReport | Injure | Routine | SetFire
"""Effects that give a rehearsal something to do though nothing escalates."""

FADES = 0.05
"""A channel that loses less than this share of its height over the rehearsal does not come down by itself."""
_OF_CROWDS = ("crowd_present", "crowd_active", "crowd_violent", "active_share", "colour")
_CAUSES = ("when", "arms")
_TURNS = ("rearm", "disarms")


@dataclass(frozen=True, slots=True)
class _Arc:
    """Triggers that may fire, and the bounds of what conditions read while no others do."""

    alive: Mapping[str, Trigger]
    ranges: Mapping[str, Range]


def check(survey: Survey) -> Iterator[Problem]:
    """Find conditions out of reach, triggers that wait for them, and tension without a way up or down."""
    arc = _arc(survey)
    yield from _out_of_reach(survey, arc)
    yield from _waiting(survey, arc)
    yield from _lost_moments(survey)
    yield from _never_rises(survey, arc)
    yield from _never_falls(survey, arc)


def _arc(survey: Survey) -> _Arc:
    """Return what can come about: causes that need nothing first, then what those make possible."""
    alive: dict[str, Trigger] = {}
    while True:
        ranges = _ranges(survey, alive)
        more = {
            key: trigger
            for key, trigger in survey.file.triggers.items()
            if trigger.probability > 0
            and all(_possible(getattr(trigger, field), ranges) for field in _CAUSES)
            and (trigger.after is None or trigger.after in alive)
        }
        if len(more) == len(alive):
            return _Arc(alive, ranges)
        alive = more


def _possible(text: str | None, ranges: Mapping[str, Range]) -> bool:
    """Whether a condition may hold; one that cannot be read is told elsewhere."""
    if text is None:
        return True
    try:
        return compile_condition(text, ranges).possible(ranges)
    except ValueError:
        return True


def _ranges(survey: Survey, alive: Mapping[str, Trigger]) -> dict[str, Range]:
    """Return the bounds of every name of a condition while only these triggers fire."""
    community = survey.file.community
    ranges = known_ranges(community.channels, community.rumours)
    bounds = {key: tension_bounds(survey, key, alive) for key in community.channels}
    ranges |= {tension_name(key): found for key, found in bounds.items()}
    lows, highs = [low for low, _high in bounds.values()], [high for _low, high in bounds.values()]
    ranges["tension_max"] = (max(lows, default=0.0), max(highs, default=0.0))
    effects = [effect for trigger in alive.values() for effect in trigger.effects]
    started = {effect.rumour for effect in effects if isinstance(effect, StartRumour)}
    ranges |= {rumour_name(key): (0, 0) for key in community.rumours if key not in started}
    if not any(isinstance(effect, GatherCrowd | SecondWave) for effect in effects):
        ranges |= dict.fromkeys(_OF_CROWDS, (0, 0))
    return ranges


def tension_bounds(survey: Survey, key: str, alive: Mapping[str, Trigger]) -> Range:
    """Return the lowest and highest level a channel can have in any village at any time of the rehearsal."""
    low, high = _course(survey, key)
    lowered = _lowered(survey, key, alive)
    # One part in a million for what the engine's steps round.
    return (0.0 if lowered else max(low - 1e-6, 0.0)), min(high + _added(survey, key, alive) + 1e-6, 1.0)


def _course(survey: Survey, key: str) -> Range:
    """Return the lowest and highest level of a channel that nothing but phases moves."""
    file, channel = survey.file, survey.file.community.channels[key]
    level, seen = channel.start, [channel.start]
    moment = file.start
    for phase in file.phases.values():
        start, end = max(phase.start, moment), min(phase.end, survey.end)
        if start >= end:
            continue
        drawn = phase.drift.get(key)
        level = _drawn(level, channel.rest, channel.decay, (start - moment).total_seconds())
        seen.append(level)
        toward, over_s = (channel.rest, channel.decay) if drawn is None else (drawn.toward, drawn.over)
        level = _drawn(level, toward, over_s, (end - start).total_seconds())
        seen.append(level)
        moment = end
    seen.append(_drawn(level, channel.rest, channel.decay, (survey.end - moment).total_seconds()))
    return min(seen), max(seen)


def _drawn(level: float, target: float, tau_s: float, passed_s: float) -> float:
    return target + (level - target) * (exp(-passed_s / tau_s) if tau_s > 0 else float(passed_s <= 0))


def _added(survey: Survey, key: str, alive: Mapping[str, Trigger]) -> float:
    """Return the most that can ever be added to a channel in one village."""
    community = survey.file.community
    total = 0.0
    for trigger in alive.values():
        by = sum(
            effect.by
            for effect in trigger.effects
            if isinstance(effect, RaiseTension) and effect.channel == key and effect.by > 0
        )
        total += by * _firings(survey, trigger) if by else 0.0
    started = {e.rumour for t in alive.values() for e in t.effects if isinstance(e, StartRumour)}
    rumoured = any(community.rumours[r].raises.get(key, 0) for r in started if r in community.rumours)
    embittered = any(intake.embitters.get(key, 0) for intake in community.intakes.values())
    return inf if rumoured or embittered else total


def _firings(survey: Survey, trigger: Trigger) -> float:
    """Return how often a trigger can take effect at most, each place it takes effect at counted by itself."""
    often = inf if trigger.at is None else float(len(trigger.at))
    often = min(often, inf if trigger.most is None else trigger.most)
    return often * (trigger.pick if trigger.pick is not None else len(survey.chosen(trigger.places)))


def _lowered(survey: Survey, key: str, alive: Mapping[str, Trigger]) -> bool:
    """Whether anything but time and phases takes from a channel."""
    community = survey.file.community
    return (
        any(programme.lowers.get(key, 0) for programme in community.programmes.values())
        or any(intake.relieves.get(key, 0) for intake in community.intakes.values())
        or any(
            isinstance(effect, RaiseTension) and effect.channel == key and effect.by < 0
            for trigger in alive.values()
            for effect in trigger.effects
        )
    )


def _out_of_reach(survey: Survey, arc: _Arc) -> Iterator[Problem]:
    """Find conditions that could hold by themselves, but not with what this scenario can come to."""
    file = survey.file
    plain = known_ranges(file.community.channels, file.community.rumours)
    for key, trigger in file.triggers.items():
        for field in (*_CAUSES, *_TURNS):
            text = getattr(trigger, field)
            if _possible(text, arc.ranges) or not _possible(text, plain):
                continue
            names = sorted(n for n in compile_condition(text).names if arc.ranges[n] != plain[n])
            bounds = ", ".join(
                _("{name} stays between {low} and {high}").format(
                    name=name,
                    low=number(_down(arc.ranges[name][0])),
                    high=number(_up(arc.ranges[name][1])),
                )
                for name in names
            )
            why = _("It can never fire, so what it does is not rehearsed.")
            if field in _TURNS:
                why = _("What it would change never changes.")
            yield survey.warning(
                ("triggers", key, field),
                _("the condition can never hold here: {bounds}").format(bounds=bounds),
                why=why,
                fix=_("Change the threshold, or let a phase, a trigger or a rumour bring it about."),
            )


def _up(value: float) -> float:
    """Round up to two places: a bound is never told lower than it is, but for a rounding of the engine's."""
    return min(round(value + 0.0049, 2), 1.0) if value <= 1 else value


def _down(value: float) -> float:
    return max(0.0, round(value - 0.0049, 2)) if value <= 1 else value


def _waiting(survey: Survey, arc: _Arc) -> Iterator[Problem]:
    """Find triggers that wait for one whose condition can never hold."""
    triggers = survey.file.triggers
    for key, trigger in triggers.items():
        after = trigger.after
        if key in arc.alive or after is None or after not in triggers or after in arc.alive:
            continue
        first = after
        for _step in triggers:
            earlier = triggers[first].after
            if earlier is None or earlier not in triggers:
                break
            first = earlier
        # A chance of 0 and circles are told where chains are looked at.
        if triggers[first].after is None and triggers[first].probability > 0 and trigger.probability > 0:
            yield survey.warning(
                ("triggers", key, "after"),
                _("waits for {other}, which can never fire").format(other=shown(after)),
                why=_("It can never fire, so what it does is not rehearsed."),
            )


def _lost_moments(survey: Survey) -> Iterator[Problem]:
    """Find moments that `most` leaves no room for."""
    for key, trigger in survey.file.triggers.items():
        if trigger.at is None or trigger.most is None or trigger.probability < 1:
            continue
        if trigger.most < len(trigger.at):
            yield survey.warning(
                ("triggers", key, "most"),
                _("only {most} of {n} moments can take effect").format(most=trigger.most, n=len(trigger.at)),
                why=_("Nothing happens at the later ones."),
                fix=_("Raise `most`, or take moments out of `at`."),
            )


def _never_rises(survey: Survey, arc: _Arc) -> Iterator[Problem]:
    """Find plans whose storyline can escalate nowhere and gives their units nothing else to do either."""
    file = survey.file
    rising = any(
        arc.ranges[tension_name(key)][1] > channel.start + 1e-3
        for key, channel in file.community.channels.items()
    )
    gathering = any(
        isinstance(effect, GatherCrowd | SecondWave | _OTHER_WORK)
        for trigger in arc.alive.values()
        for effect in trigger.effects
    )
    if file.units and file.triggers and not rising and not gathering and not file.calls:
        yield survey.warning(
            ("triggers",),
            _("nothing can escalate: no trigger that can fire gathers a crowd, and tension never rises"),
            why=_("Every plan looks good when nothing happens."),
            fix=_("Let a trigger gather a crowd or raise tension, or let a phase draw a channel upwards."),
        )


def _never_falls(survey: Survey, arc: _Arc) -> Iterator[Problem]:
    """Find channels that are raised on the way and have no way down."""
    file = survey.file
    for key, channel in file.community.channels.items():
        if (
            not _added(survey, key, arc.alive)
            or _lowered(survey, key, arc.alive)
            or _fades(survey, key, channel)
        ):
            continue
        yield survey.warning(
            ("community", "channels", key),
            _(
                "{name} can rise and has no way down: it decays over {decay}, the rehearsal lasts {time}"
            ).format(name=shown(key), decay=duration(channel.decay), time=duration(file.horizon)),
            why=_("Each later trigger meets the tension of all before it, whatever is done."),
            fix=_("Shorten `decay`, or let a phase, a programme, a complaint or a trigger lower it."),
            key=True,
        )


def _fades(survey: Survey, key: str, channel: Channel) -> bool:
    """Whether a channel loses a fair share of its height by itself, or by a phase that draws it down."""
    kept = exp(-survey.file.horizon / channel.decay) if channel.decay > 0 else 0.0
    drawn = [p.drift[key] for p in survey.file.phases.values() if key in p.drift]
    return 1 - kept >= FADES or any(drift.toward < 0.5 for drift in drawn)
