"""Gatherings larger than the ground they gather on: who finds no room goes home and is missed."""

from __future__ import annotations

from collections.abc import Iterator
from math import exp, inf, log, log1p, sqrt

from kontijensi.scenario.checks.survey import Survey
from kontijensi.scenario.problems import Problem
from kontijensi.scenario.schema.area import Place
from kontijensi.scenario.schema.crowd import CrowdParameters
from kontijensi.scenario.schema.distributions import (
    Empirical,
    Erlang,
    Exponential,
    Fixed,
    Lognormal,
    Size,
    Triangular,
    Uniform,
)
from kontijensi.scenario.schema.storyline import GatherCrowd, SecondWave
from kontijensi.vocabulary.words import _, ngettext, number, shown

CELL_M = 2.0
"""Side of the cells that crowds stand on [m]."""
EXIT_CELLS = 2
"""Width of one way out of enclosed ground, in cells."""
Z_99 = 2.326
"""Normal deviate that 99 of 100 draws stay below."""


def check(survey: Survey) -> Iterator[Problem]:
    """Find walls without a way out, and gatherings that the ground of a place cannot hold."""
    for key, place in survey.file.area.places.items():
        if place.enclosed and place.exits == 0:
            yield survey.warning(
                ("area", "places", key, "exits"),
                _("walls all around and no way out"),
                why=_("Nobody could have come in: the rehearsal leaves one way out open."),
                fix=_("Write how many ways out there are, or leave `enclosed` out."),
            )
    for key, trigger in survey.file.triggers.items():
        places = survey.chosen(trigger.places)
        if not places:
            continue
        rooms = {name: room(place, survey.file.crowd) for name, place in places.items()}
        people = 0.0
        for i, effect in enumerate(trigger.effects):
            if not isinstance(effect, GatherCrowd | SecondWave):
                continue
            people += largest(effect.size)
            small = [name for name, holds in rooms.items() if people > holds]
            if not small:
                continue
            least = min(small, key=rooms.__getitem__)
            text = ngettext(
                "up to {people} people may gather, and the ground at {n} place of {all} holds fewer: "
                "{room} at {place}",
                "up to {people} people may gather, and the ground at {n} places of {all} holds fewer: "
                "{room} at {place}",
                len(small),
            )
            yield survey.warning(
                ("triggers", key, "effects", i, "size"),
                text.format(
                    people=number(round(people)) if people < inf else shown("inf"),
                    n=len(small),
                    all=len(places),
                    room=number(rooms[least]),
                    place=shown(least),
                ),
                why=_("Those who find no room go home, so the gathering is smaller than the one meant."),
                fix=_(
                    "Give the place a wider `width_m` and `depth_m`, choose larger places, or fewer people."
                ),
            )
            break


def room(place: Place, crowd: CrowdParameters) -> int:
    """Return how many people the ground of a place holds when packed as densely as they can still come."""
    width, depth = round(place.width_m / CELL_M), round(place.depth_m / CELL_M)
    cells = width * depth
    if place.enclosed:
        # Walls all around, but for the gate and the ways out.
        cells = (width - 2) * (depth - 2) + 1 + max(place.exits, 1) * EXIT_CELLS
    return cells * max(1, int(min(crowd.jam_pm2, crowd.max_pm2) * CELL_M**2))


def largest(size: Size) -> float:
    """Return the most people that may plausibly come: the bound, or what 99 of 100 draws stay below."""
    match size:
        case Fixed(value=value):
            return float(value)
        case Triangular(high=high) | Uniform(high=high):
            return float(high)
        case Empirical(values=values):
            return float(max(values))
        case Exponential(mean=mean):
            return float(mean) * log(100.0)
        case Lognormal(mean=mean, cv=cv):
            spread = log1p(cv**2)
            return float(mean) * exp(Z_99 * sqrt(spread) - spread / 2)
        case Erlang(mean=mean, stages=stages):
            # Wilson and Hilferty (1931): the cube root of such a sum is close to normal.
            ninth = 1 / (9 * stages)
            return float(mean) * (1 - ninth + Z_99 * sqrt(ninth)) ** 3
