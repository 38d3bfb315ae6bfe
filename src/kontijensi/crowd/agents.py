"""The Mesa agents of this package: a crowd as one agent, and the field coordinators one can talk to.

They hold what the engine asks about; members themselves live in `Masses`, and the one clock is SimPy's.
"""

from __future__ import annotations

from typing import Any

import mesa

from kontijensi.crowd.conduct import CampTraits, Tally


class Crowd(mesa.Agent):
    """One gathering at one place, from the first who come to the last who go."""

    def __init__(self, model: Any, place: str, slot: int, camps: tuple[int, ...]) -> None:
        super().__init__(model)
        self.place = place
        self.slot = slot
        self.camps = camps
        self.joined_by_camp: dict[int, int] = dict.fromkeys(camps, 0)
        self.refused = 0
        self.last: Tally | None = None

    def welcomed(self, camp: int, asked: int, placed: int) -> None:
        """Note that a party came, and how many of it found no room."""
        self.joined_by_camp[camp] = self.joined_by_camp.get(camp, 0) + placed
        self.refused += asked - placed

    def seen(self, tally: Tally) -> None:
        """Keep the latest count."""
        self.last = tally

    @property
    def present(self) -> int:
        """How many were present at the latest count."""
        return 0 if self.last is None else self.last.present

    @property
    def traits(self) -> tuple[CampTraits, ...]:
        """What the camps felt at the latest count."""
        return () if self.last is None else self.last.traits

    @property
    def over(self) -> bool:
        """Whether everybody who came has gone again."""
        return self.last is not None and self.last.joined > 0 and self.last.present == 0


class CampLeader(mesa.Agent):
    """A camp's field coordinator (korlap) at a place: talks reach his camp only as far as he is willing."""

    def __init__(
        self, model: Any, place: str, camp: int, willingness: float, trust_floor: float = 0.2
    ) -> None:
        if not (0.0 <= willingness <= 1.0 and 0.0 <= trust_floor < 1.0):
            msg = f"CampLeader at {place}: willingness {willingness}, trust_floor {trust_floor}: 0 to 1"
            raise ValueError(msg)
        super().__init__(model)
        self.place = place
        self.camp = camp
        self.willingness = willingness
        self.trust_floor = trust_floor

    def dialogue(self, skill: float, felt: CampTraits) -> float:
        """Strength that talks of this skill reach with him, for `Conduct.dialogue`.

        He talks in proportion to his willingness, and to the legitimacy above `trust_floor` that his camp
        still grants, less its identity against the police: a camp that has closed ranks does not listen.
        """
        trust = max(0.0, felt.legitimacy - self.trust_floor) / (1.0 - self.trust_floor)
        return min(1.0, max(0.0, skill * self.willingness * min(1.0, 2.0 * trust) * (1.0 - felt.identity)))
