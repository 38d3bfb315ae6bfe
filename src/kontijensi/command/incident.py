"""An incident: something at a place that calls for a formation, from its onset to its close."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kontijensi.command.belief import Belief
from kontijensi.responders.unit import Unit
from kontijensi.scenario.schema.force import Capability, Colour


class Sort(StrEnum):
    """What an incident is about."""

    CROWD = "crowd"
    CALL = "call"
    FALSE = "false"
    CASUALTIES = "casualties"
    FIRE = "fire"


class Outcome(StrEnum):
    """How an incident ended."""

    CONTROLLED = "controlled"  # calm again after the formation was complete
    UNAIDED = "unaided"  # over before the formation was complete
    ESCALATED = "escalated"  # taken over by another incident, such as that of the next colour
    SERVED = "served"  # an ordinary call or the care of casualties, done
    LOST = "lost"  # an ordinary call that found nobody free
    ABANDONED = "abandoned"  # an ordinary call given up by the caller
    FALSE = "false"  # nothing was there


@dataclass(eq=False, slots=True)
class Incident:
    """The state of one incident; it is also the task that its units are ordered to."""

    id: str
    sort: Sort
    of: str
    """Crowd, or stream of calls."""
    place: int
    priority: int
    needs: dict[Capability, int]
    """Minimum formation in truth: units by capability. It is complete when these stand there."""
    record: int
    """Record of its onset; later records of the chain name the one before."""
    where: str = ""
    """Name of its place, from its onset on."""
    colour: Colour | None = None
    also: dict[Capability, int] = field(default_factory=dict)
    """Units sent besides, by capability; the formation is complete without them."""
    belief: Belief | None = None
    """What command believes of it, once something of its colour was reported."""
    seen_since: Colour | None = None
    """Colour that those on the spot have reported since, while its units stay."""
    asked: dict[Capability, int] | None = None
    """Formation that command orders, after what it believes; `needs` where nobody has judged the colour."""
    agreed: list[str] = field(default_factory=list)
    """Authorities that have agreed, in order."""
    asking: bool = False
    """Whether somebody is being asked now."""
    follows: Incident | None = None
    carries: bool = False
    """Whether only those medical units will do that carry casualties."""
    on_formed: Callable[[Incident], None] | None = None
    on_change: Callable[[Incident], None] | None = None
    on_short: Callable[[Incident], None] | None = None
    """Called when it needs another unit in the place of one that it had."""
    on_broken: Callable[[Incident, Unit, str | None], None] | None = None
    """Called when its formation, which stood, is incomplete: which unit has gone, and to which incident. None
    where what has begun cannot stand still, as when a casualty is carried."""
    on_resumed: Callable[[Incident], None] | None = None
    """Called when its formation stands again."""
    units: dict[Unit, str] = field(default_factory=dict)
    """Units ordered to it, and the capability each was chosen for."""
    arrived: list[Unit] = field(default_factory=list)
    detected: bool = False
    report_lost: bool = False
    reported_s: float | None = None
    handled: bool = False
    approved: bool = False
    turn: int | None = None
    """Its place among the incidents of its priority; it keeps it."""
    sent: bool = False
    """Whether a unit was ever ordered to it."""
    reached: bool = False
    """Whether a unit was ever on the spot."""
    impatient: bool = False
    """Whether the caller would have given up, had no unit been on its way."""
    formed: bool = False
    """Whether its formation has ever stood."""
    standing: bool = False
    """Whether its formation stands now."""
    controlled: bool = False
    outcome: Outcome | None = None

    relieving: dict[Unit, None] = field(default_factory=dict)
    """Units on the spot that leave as soon as the formation stands without them."""

    @property
    def seen_as(self) -> Colour | None:
        """Colour that command believes it has: the true one as long as no report has said otherwise."""
        belief = self.belief
        return self.colour if belief is None or belief.colour is None else belief.colour

    @property
    def believed_now(self) -> Colour | None:
        """Colour that the situation at it is believed to have now, None before anything was reported."""
        believed = None if self.belief is None else self.belief.colour
        return believed if self.seen_since is None else self.seen_since

    @property
    def open(self) -> bool:
        """Whether it has not been closed."""
        return self.outcome is None

    def suits(self, unit: Unit) -> bool:
        """Tell whether a unit may be sent here: by its doctrine stage, and with what it carries."""
        if self.carries and Capability.MEDICAL in unit.can and not unit.spec.type.carries:
            return False
        if self.sort is Sort.FIRE and unit.stock.get("water", 0.0) <= 0:
            return False
        return self.seen_as is None or self.seen_as in unit.spec.type.stages

    def shortage(self) -> Capability | None:
        """Return the first capability for which more units must be ordered, None when enough are."""
        wanted = self._wanted() if self.also or self.asked is not None else self.needs
        return _first_missing(wanted, self._lasting() if self.relieving else self.units)

    def shortages(self) -> list[Capability]:
        """Return the capabilities for which more units must be ordered, those of the formation first."""
        return _missing(self._wanted(), self._lasting())

    def short_of_formation(self) -> list[Capability]:
        """Return what the formation that command orders lacks among the units ordered."""
        asked = self.needs if self.asked is None else self.asked
        return _missing(asked, self._lasting() if self.relieving else self.units)

    def short_in_truth(self) -> Capability | None:
        """Return what the formation that it truly calls for lacks among the units ordered."""
        return _first_missing(self.needs, self._lasting())

    def unit_arrived(self, unit: Unit) -> None:
        """Note that a unit is on the spot; the formation may be complete now."""
        self.arrived.append(unit)
        self.reached = True
        tell = self.on_change
        stood = self.standing if self.on_broken is not None else self.formed
        if not stood and _first_missing(self.needs, self.arrived) is None:
            tell = self.on_resumed if self.formed else self.on_formed
            self.formed = self.standing = stood = True
        if stood:
            for each in self.arrived:
                each.begin_acting()
        if tell is not None:
            tell(self)
        if self.relieving:
            self._relieve()

    def unit_lost(self, unit: Unit) -> None:
        """Note that a unit is out of action; another may have to come in its place."""
        self.unit_withdrawn(unit)
        if self.on_short is not None:
            self.on_short(self)

    def unit_tired(self, unit: Unit) -> None:
        """Note that a unit on the spot asks for relief: another has to come before it may go."""
        self.relieving[unit] = None
        self._relieve()
        if self.relieving and self.on_short is not None:
            self.on_short(self)

    def unit_withdrawn(self, unit: Unit, to: str | None = None) -> None:
        """Note that a unit will not come, or has gone, perhaps to another incident."""
        self._forget(unit)
        broken = self.on_broken if self.standing and self.open else None
        if broken is not None and _first_missing(self.needs, self.arrived) is not None:
            self.standing = False
            for each in self.arrived:
                each.stand_by()
            broken(self, unit, to)
        if self.on_change is not None:
            self.on_change(self)

    def unit_handed_over(self, unit: Unit) -> None:
        """Note that a unit on the spot now works for the incident that this one has grown into."""
        self._forget(unit)
        if self.on_change is not None:
            self.on_change(self)

    def _wanted(self) -> dict[Capability, int]:
        """Return the units to be ordered, by capability: the formation, and who is sent besides."""
        asked = self.needs if self.asked is None else self.asked
        if not self.also:
            return asked
        return asked | {capability: asked.get(capability, 0) + more for capability, more in self.also.items()}

    def _forget(self, unit: Unit) -> None:
        self.units.pop(unit, None)
        self.relieving.pop(unit, None)
        if unit in self.arrived:
            self.arrived.remove(unit)

    def _lasting(self) -> Collection[Unit]:
        """Return the units ordered here that do not ask to leave."""
        return [unit for unit in self.units if unit not in self.relieving]

    def _relieve(self) -> None:
        """Let those go who asked for it and without whom the formation still stands."""
        for unit in list(self.relieving):
            others = [each for each in self.arrived if each is not unit and each.on_the_spot]
            if unit.on_the_spot and _first_missing(self.needs, others) is None:
                unit.release()


def _first_missing(needs: Mapping[Capability, int], units: Collection[Unit]) -> Capability | None:
    for capability, wanted in needs.items():
        short = wanted
        for unit in units:
            if capability in unit.can:
                short -= 1
        if short > 0:
            return capability
    return None


def _missing(needs: Mapping[Capability, int], units: Collection[Unit]) -> list[Capability]:
    first = _first_missing(needs, units)
    if first is None or len(needs) == 1:
        return [] if first is None else [first]
    there = Counter(capability for unit in units for capability in unit.can)
    return [capability for capability, wanted in needs.items() if there[capability] < wanted]
