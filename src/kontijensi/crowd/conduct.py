"""The plain values that go into a site and come out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kontijensi.crowd.harm import CAUSES, SEVERITIES, Cause, Severity


def _require_share(owner: str, name: str, value: float) -> None:
    if not 0.0 <= value <= 1.0:
        msg = f"{owner}.{name}: {value!r} is not a share; give a number from 0 to 1"
        raise ValueError(msg)


class CampTraits(NamedTuple):
    """What a camp at one place feels: legitimacy L, and shared identity s against the police."""

    legitimacy: float
    identity: float = 0.0


@dataclass(frozen=True, slots=True)
class Joining:
    """A party of people who come to a site together."""

    camp: int
    count: int
    instigator_share: float = 0.02
    marshal_share: float = 0.04
    bystander_share: float = 0.2
    grievance: float = 1.0
    """Scale of hardship: hardship is drawn from U(0, grievance), so at 0 nobody can become active."""

    def __post_init__(self) -> None:
        """Refuse what cannot be a party."""
        if self.count < 0 or self.camp < 0:
            msg = f"Joining: camp {self.camp}, count {self.count}: neither may be negative"
            raise ValueError(msg)
        for name in ("instigator_share", "marshal_share", "bystander_share", "grievance"):
            _require_share("Joining", name, getattr(self, name))
        total = self.instigator_share + self.marshal_share + self.bystander_share
        if total > 1.0 + 1e-9:
            msg = f"Joining: instigator, marshal and bystander shares add to {total:g}; at most 1"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class Conduct:
    """What responders do at one site, constant until replaced; `Conduct()` is nobody there.

    Without a line the officers are spread among the people; with one they stand across the way to the gate.
    """

    officers: int = 0
    """Officers standing in sight of the crowd."""
    dialogue: float = 0.0
    """Strength of talks, 0 to 1: skill of the negotiators times the willingness of those they talk to."""
    line: bool = False
    """Officers form a barrier between the crowd and the gate."""
    push: bool = False
    """The line moves forward against the crowd (implies a line)."""
    water: bool = False
    """Water is used ahead of the line."""
    irritant: bool = False
    """Irritant is used where the violent are densest."""
    arrest: bool = False
    """Officers arrest people they see acting."""
    arrest_violent_only: bool = True
    """Only the violent are meant; a share of errors remains (`arrest_error_share`)."""
    contain: bool = False
    """Ways out are closed: nobody can leave."""
    discrimination: float = 0.5
    """How well push and water spare people who are not violent: 0 hits anybody, 1 only the violent."""

    def __post_init__(self) -> None:
        """Refuse conduct that nobody could carry out."""
        for name in ("dialogue", "discrimination"):
            _require_share("Conduct", name, getattr(self, name))
        if self.officers < 0:
            msg = f"Conduct.officers: {self.officers} is negative"
            raise ValueError(msg)
        needing = [
            name for name in ("line", "push", "water", "irritant", "arrest", "contain") if getattr(self, name)
        ]
        if needing and self.officers == 0:
            msg = f"Conduct: {', '.join(needing)} with no officers; give `officers` at least 1"
            raise ValueError(msg)


class Tally(NamedTuple):
    """The state of one site after a tick; counts of persons. Scalars come in the order of `layout.COUNT`."""

    present: int
    quiet: int
    active: int
    violent: int
    joined: int
    left: int
    arrested: int
    injured: int
    """Moderately or severely hurt and taken away, cumulative."""
    departed: int
    """Marched off to another place, cumulative."""
    leaving: int
    """Present, but on the way home."""
    away: int
    """Present, but run off the ground and waiting nearby; they count as quiet."""
    hurt: int
    """New harm in the last tick, officers included."""
    max_density_pm2: float
    force: float
    """F: mean intensity of force in sight of the people present, 0 to 1."""
    indiscriminate: float
    """q: share of the force aimed at people that landed on some who were not violent, 0 to 1."""
    irritant_used: float
    """Rounds used in the last tick."""
    water_used: float
    """Litres used in the last tick."""
    by_camp: NDArray[np.int32]
    """Present, quiet, active and violent, shape (n_camps, 4)."""
    harm_by_group: NDArray[np.int32]
    """New harm in the last tick, shape (n_camps + 1, n_causes, n_severities); officers last."""
    legitimacy: list[float]
    """Legitimacy now, by camp."""
    identity: list[float]
    """Shared identity now, by camp."""

    @property
    def harm(self) -> Mapping[tuple[Cause, Severity], int]:
        """New harm in the last tick over all groups; kinds that did not happen are absent."""
        if not self.hurt:
            return {}
        total = self.harm_by_group.sum(axis=0)
        kinds = zip(*(axis.tolist() for axis in total.nonzero()), strict=True)
        return {(CAUSES[cause], SEVERITIES[level]): int(total[cause, level]) for cause, level in kinds}

    @property
    def traits(self) -> tuple[CampTraits, ...]:
        """Legitimacy and identity now, by camp."""
        return tuple(map(CampTraits, self.legitimacy, self.identity))


@dataclass(frozen=True, slots=True)
class Sample:
    """The people present at one moment, for replay; one row a person."""

    x_m: NDArray[np.float32]
    y_m: NDArray[np.float32]
    state: NDArray[np.uint8]
    camp: NDArray[np.uint8]
    role: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Party:
    """People on the move between two sites, and what their camps felt when they set out."""

    people: NDArray[np.void]
    """One `layout.PERSON` record a person."""
    traits: tuple[CampTraits, ...]

    @property
    def count(self) -> int:
        """How many people they are."""
        return int(self.people.size)

    def split(self, count: int) -> tuple[Party, Party]:
        """Part them into the first `count` and the rest."""
        return Party(self.people[:count], self.traits), Party(self.people[count:], self.traits)
