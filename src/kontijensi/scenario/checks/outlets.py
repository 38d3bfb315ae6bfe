"""Rumours that nobody starts or can hear, intakes that nobody turns to, programmes that are never held."""

from __future__ import annotations

from collections.abc import Iterator

from kontijensi.scenario.checks.survey import Survey
from kontijensi.scenario.problems import Problem
from kontijensi.scenario.schema.storyline import Complain, StartRumour
from kontijensi.vocabulary.words import _, shown


def check(survey: Survey) -> Iterator[Problem]:
    """Find what the people have been given and nothing in the scenario makes use of."""
    effects = [effect for trigger in survey.file.triggers.values() for effect in trigger.effects]
    started = {effect.rumour for effect in effects if isinstance(effect, StartRumour)}
    filed = {effect.intake for effect in effects if isinstance(effect, Complain)}
    community = survey.file.community
    for key, rumour in community.rumours.items():
        path = ("community", "rumours", key)
        if key not in started:
            yield survey.warning(
                path,
                _("{name}: nobody starts this rumour").format(name=shown(key)),
                why=_("It is never told, so what it does is not rehearsed."),
                fix=_("Let a trigger start it: effects: [{do: start_rumour, rumour: ...}]."),
                key=True,
            )
        if rumour.people is None and not any(place.voters for place in survey.file.area.places.values()):
            yield survey.error(
                path,
                _("{name}: nobody can hear this rumour, for no place has voters").format(name=shown(key)),
                fix=_("Give places `voters`, or the rumour `people`."),
                key=True,
            )
    for key, intake in community.intakes.items():
        if key not in filed and not intake.from_tension:
            yield survey.warning(
                ("community", "intakes", key),
                _("{name}: nobody complains here").format(name=shown(key)),
                why=_("It never has anything to do, so it is not rehearsed."),
                fix=_("Let a trigger complain, or set `from_tension`."),
                key=True,
            )
    yield from _overloaded(survey)


def _overloaded(survey: Survey) -> Iterator[Problem]:
    """Find intakes whose handlers cannot keep up even if all complaints came from one steady trigger."""
    for key, trigger in survey.file.triggers.items():
        if not isinstance(trigger.rate, float):
            continue
        for i, effect in enumerate(trigger.effects):
            intake = (
                survey.file.community.intakes.get(effect.intake) if isinstance(effect, Complain) else None
            )
            if intake is None or not isinstance(effect, Complain) or intake.opens is not None:
                continue
            per_s = trigger.rate * trigger.probability * effect.count.expected
            if per_s * intake.handling.expected >= intake.handlers and intake.room is None:
                yield survey.warning(
                    ("triggers", key, "effects", i),
                    _("more complaints come to {name} than its handlers can settle").format(
                        name=shown(effect.intake)
                    ),
                    why=_("Its queue grows without end, and complaints are late in the end."),
                    fix=_("Give it more `handlers`, or `room` for fewer."),
                )
