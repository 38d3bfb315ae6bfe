"""Injects: what the trainer throws in, written `NAME@TIME` or `NAME@TIME@PLACE`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from kontijensi.scenario.checks.survey import no_such
from kontijensi.vocabulary.clock import parse_local
from kontijensi.vocabulary.durations import parse_duration
from kontijensi.vocabulary.words import _, shown
from kontijensi.world.world import World


@dataclass(frozen=True, slots=True)
class Inject:
    """A trigger that the trainer calls at a moment, at a place or wherever the trigger itself would fire."""

    trigger: str
    at_s: float
    place: int | None = None


def parse_inject(text: str, world: World) -> Inject:
    """Read an inject: its time is a local date and time, or the time since the start, such as `31 h`.

    Raises ValueError in plain words.
    """
    parts = [part.strip() for part in text.split("@")]
    if len(parts) not in (2, 3) or not all(parts):
        raise ValueError(
            _("{value}: write NAME@TIME or NAME@TIME@PLACE, for example rumour@31 h").format(
                value=shown(text)
            )
        )
    name, when, *place = parts
    _known(name, world.scenario.triggers, _("trigger"))
    at_s = _moment(when, world)
    if not 0 <= at_s < world.horizon_s:
        raise ValueError(_("{value}: outside the rehearsal").format(value=shown(when)))
    row = None
    if place:
        _known(place[0], world.places.index, _("place"))
        row = world.places.index[place[0]]
        if row not in world.choose(world.scenario.triggers[name].places):
            raise ValueError(
                _("{place}: the trigger {trigger} does not happen at this place").format(
                    place=shown(place[0]), trigger=shown(name)
                )
            )
    return Inject(name, at_s, row)


def _moment(text: str, world: World) -> float:
    try:
        return world.calendar.seconds(parse_local(text))
    except ValueError:
        try:
            return parse_duration(text)
        except ValueError:
            raise ValueError(
                _(
                    "{value}: not a time; write 2023-07-05 13:00, or the time since the start, such as 31 h"
                ).format(value=shown(text))
            ) from None


def _known(word: str, names: Collection[str], thing: str) -> None:
    if word not in names:
        raise ValueError(no_such(word, thing, list(names)))
