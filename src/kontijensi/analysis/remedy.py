"""What a remedy is: something that could have been otherwise, and what it would have closed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from kontijensi.analysis.coverage import Shortfall
from kontijensi.analysis.shortage import Amount

if TYPE_CHECKING:
    import pandas as pd

NOTHING = Amount()


class RemedyKind(StrEnum):
    """What a remedy does, the smallest first."""

    OPEN_ROAD = "open_road"
    RESUPPLY = "resupply"
    STAY_ON_DUTY = "stay_on_duty"
    HELP_AT_ONCE = "help_at_once"
    MOVE = "move"
    ADD = "add"


_KINDS = tuple(RemedyKind)


@dataclass(frozen=True, slots=True)
class Placed:
    """Units of one type at one base."""

    type_id: str
    post: str
    count: int
    group: str | None
    """The group of the roster whose hours they keep; None: all hours."""


@dataclass(frozen=True, slots=True)
class Remedy:
    """One thing that could have been otherwise."""

    kind: RemedyKind
    of: str | None = None
    """The road, group, entry of mutual aid, or the unit that moves; None for `add`."""
    start: str | None = None
    """Base that a moved unit leaves."""
    placed: tuple[Placed, ...] = ()
    """Where units are added or moved to."""
    left: tuple[str, ...] = ()
    """Places of a hole that stay short at some time, out of reach of every base of its kind."""

    @property
    def units(self) -> int:
        """Units added or moved."""
        return sum(each.count for each in self.placed)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a remedy would have closed and opened over the whole run, under all standards."""

    remedy: Remedy
    closed: Amount
    opened: Amount
    standards: tuple[str, ...]
    """Standards whose cover it changes."""

    @property
    def net(self) -> Amount:
        """What it closes beyond what it opens."""
        return self.closed - self.opened


@dataclass(frozen=True, slots=True)
class Hole:
    """What one remedy is to close: shortfalls of one standard."""

    standard: str
    shortfalls: tuple[Shortfall, ...]


def effect_of(remedy: Remedy, closed: Mapping[str, Amount], opened: Mapping[str, Amount]) -> Effect:
    """Add up what a remedy closes and opens by standard."""
    changed = [key for key in closed if (closed[key] + opened.get(key, NOTHING)).place_s > 1e-6]
    return Effect(remedy, sum(closed.values(), NOTHING), sum(opened.values(), NOTHING), tuple(changed))


def order_of(effect: Effect) -> tuple[object, ...]:
    """Sort by what a remedy closes beyond what it opens; of equals the smallest first."""
    what = effect.remedy
    voter_s, place_s = effect.net.rank
    return -voter_s, -place_s, _KINDS.index(what.kind), what.units, what.of or "", str(what.placed)


def for_each_unit(effect: Effect) -> tuple[float, float, int]:
    """Sort by what a remedy closes for each unit it takes; of equals the fewest units."""
    voter_s, place_s = effect.closed.rank
    units = effect.remedy.units
    return -voter_s / units, -place_s / units, units


def effect_frame(found: Iterable[Effect]) -> pd.DataFrame:
    """Return effects as a table: what, who, from where, to which posts; closed and opened in minutes."""
    import pandas as pd

    lines = [
        {
            "kind": str(effect.remedy.kind),
            "of": effect.remedy.of,
            "from": effect.remedy.start,
            "units": [(each.type_id, each.post, each.count) for each in effect.remedy.placed],
            "closed_voter_min": effect.closed.voter_s / 60,
            "closed_place_min": effect.closed.place_s / 60,
            "opened_voter_min": effect.opened.voter_s / 60,
            "opened_place_min": effect.opened.place_s / 60,
            "standards": list(effect.standards),
        }
        for effect in found
    ]
    return pd.DataFrame(lines, columns=list(_COLUMNS))


_COLUMNS = (
    *("kind", "of", "from", "units", "closed_voter_min", "closed_place_min"),
    *("opened_voter_min", "opened_place_min", "standards"),
)
