"""What command believes of an incident, pieced together from reports that may be wrong.

Those who report judge a colour and a number of people. The posko believes what most reports say, the graver
colour where they are split; whoever is on the spot settles it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from kontijensi.command.situation import COLOURS, LEVEL
from kontijensi.scenario.schema.force import Colour


@dataclass(frozen=True, slots=True)
class Sighting:
    """What one report says."""

    colour: Colour
    people: int | None = None
    """None where nobody has counted."""
    on_the_spot: bool = False
    """Whether it comes from units or guards who stand there."""


@dataclass(slots=True)
class Belief:
    """What is believed of one incident so far."""

    colour: Colour | None = None
    """None as long as nothing was reported."""
    people: int | None = None
    settled: bool = False
    """Whether somebody on the spot has reported: others are not believed against them."""
    _said: Counter[Colour] = field(default_factory=Counter)

    def hear(self, sighting: Sighting) -> bool:
        """Take a report in; return whether the believed colour has changed."""
        if self.settled and not sighting.on_the_spot:
            return False
        before, self.people = self.colour, sighting.people if sighting.people is not None else self.people
        self._said[sighting.colour] += 1
        if sighting.on_the_spot:
            self.settled, self.colour = True, sighting.colour
        else:
            said = self._said
            gravest: Colour = max(COLOURS, key=lambda colour: (said[colour], LEVEL[colour]))
            self.colour = gravest
        return self.colour != before


def misjudged(colour: Colour, share: float, rng: np.random.Generator) -> Colour:
    """Return the colour that is judged: with a chance, one step off, to either side where there are two."""
    if share <= 0 or rng.random() >= share:
        return colour
    level = LEVEL[colour]
    beside = [other for other in (level - 1, level + 1) if 0 <= other < len(COLOURS)]
    return COLOURS[beside[int(rng.integers(len(beside)))]]


def miscounted(people: int, error: float, rng: np.random.Generator) -> int:
    """Return the number that is reported: right on average, with this coefficient of variation."""
    if error <= 0 or people == 0:
        return people
    variance = float(np.log1p(error**2))
    return round(people * float(rng.lognormal(-variance / 2, variance**0.5)))
