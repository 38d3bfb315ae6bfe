"""Who is sent: dispatch policies, chosen by name in the scenario.

A policy is a function of (candidates, incident, roster) that returns the candidate to send, or None to wait.
Of units of one roster entry that are ready at one place only the first is a candidate: they are alike.
Your own is found through the entry-point group `kontijensi.dispatch`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

import numpy as np

from kontijensi.command.incident import Incident
from kontijensi.command.policies import named_policy
from kontijensi.responders.unit import Unit
from kontijensi.scenario.schema.force import Capability
from kontijensi.world.world import World

DISPATCH_GROUP = "kontijensi.dispatch"
URGENT_PRIORITY = 2
"""Incidents of this priority or graver are never refused a reserve."""


class Candidate(NamedTuple):
    """A free unit that could be sent, and how soon it would be there."""

    unit: Unit
    eta_s: float
    """Mean turn-out plus travel [s]."""


class Roster(Protocol):
    """What a policy may ask about the units."""

    world: World
    reserve_share: float

    def free_with(self, capability: Capability) -> Sequence[Unit]:
        """Units with a capability that are free now."""

    def all_with(self, capability: Capability) -> int:
        """Number of units with a capability that are on duty."""

    def reach_s(self, unit: Unit) -> np.ndarray:
        """Mean turn-out plus travel from a unit to every place, shape (n_places,) [s]."""


DispatchPolicy = Callable[[Sequence[Candidate], Incident, Roster, Capability], Candidate | None]


def nearest(
    candidates: Sequence[Candidate], incident: Incident, roster: Roster, capability: Capability
) -> Candidate | None:
    """Send whoever can be there first; ties go to the unit listed first."""
    return min(candidates, key=lambda candidate: candidate.eta_s, default=None)


def sector(
    candidates: Sequence[Candidate], incident: Incident, roster: Roster, capability: Capability
) -> Candidate | None:
    """Send the nearest unit of the place's own sector (*rayon*), or of any when it has none free."""
    district = roster.world.places.district[incident.place]
    own = [candidate for candidate in candidates if district in candidate.unit.spec.sector]
    return nearest(own or candidates, incident, roster, capability)


def keep_reserve(
    candidates: Sequence[Candidate], incident: Incident, roster: Roster, capability: Capability
) -> Candidate | None:
    """Send the nearest, but hold back a share of the units from what is not urgent."""
    if incident.priority > URGENT_PRIORITY:
        free, everyone = len(roster.free_with(capability)), roster.all_with(capability)
        if free - 1 < roster.reserve_share * everyone:
            return None
    return nearest(candidates, incident, roster, capability)


def expected_coverage(
    candidates: Sequence[Candidate], incident: Incident, roster: Roster, capability: Capability
) -> Candidate | None:
    """Send, of those who would not be much later, the one whose absence costs the least expected cover.

    "Much later" is more than half as long again as the nearest. With n free units within 15 minutes of a
    place, each of them busy with probability q when it is needed, the place is covered with probability
    1 - q^n (Daskin 1983, *A maximum expected covering location model*); it loses (1 - q) q^(n - 1) of its
    voters' cover when one of them leaves. q is the share of the units on duty with the capability that are
    busy now, with the one to be sent: the busy probability, read off the day instead of assumed. Among equals
    the nearest.
    """
    soonest = nearest(candidates, incident, roster, capability)
    if soonest is None:
        return None
    near = [candidate for candidate in candidates if candidate.eta_s <= 1.5 * soonest.eta_s]
    if len(near) == 1:
        return soonest
    reach = {unit: roster.reach_s(unit) <= 900.0 for unit in roster.free_with(capability)}
    depth = np.sum(list(reach.values()), axis=0)
    people = roster.world.places.voters + 1
    busy = 1.0 - (len(reach) - 1) / max(roster.all_with(capability), len(reach))
    loses = people * (1.0 - busy) * busy ** np.maximum(depth - 1.0, 0.0)

    def loss(candidate: Candidate) -> tuple[float, float]:
        return float(loses[reach[candidate.unit]].sum()), candidate.eta_s

    return min(near, key=loss)


BUILT_IN: dict[str, DispatchPolicy] = {
    "nearest": nearest,
    "sector": sector,
    "keep_reserve": keep_reserve,
    "expected_coverage": expected_coverage,
}


def dispatch_policy(name: str) -> DispatchPolicy:
    """Find a policy by name: a built-in one, or one that another package offers.

    Raises UnknownPolicyError with the choices.
    """
    return named_policy(name, BUILT_IN, DISPATCH_GROUP)
