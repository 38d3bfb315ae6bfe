"""What the checks look at: the scenario, where its parts were written, and the names it knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from kontijensi.scenario.problems import Path, Problem, Severity, did_you_mean, some
from kontijensi.scenario.schema.area import Place, PlaceChoice
from kontijensi.scenario.schema.force import Capability, UnitGroup, UnitType
from kontijensi.scenario.schema.scenario import ScenarioFile
from kontijensi.scenario.whereabouts import Whereabouts
from kontijensi.vocabulary.words import _, shown


@dataclass(frozen=True, slots=True)
class Survey:
    """A scenario under check.

    `raw` is what was written, and tells the names there are even where an entry was set aside as wrong;
    `whole` is False when parts were set aside.
    """

    file: ScenarioFile
    raw: Mapping[str, Any]
    where: Whereabouts
    whole: bool = True

    def error(
        self, path: Path, message: str, *, why: str | None = None, fix: str | None = None, key: bool = False
    ) -> Problem:
        """Return an error with the value at a path."""
        return self.where.problem(path, message, why=why, fix=fix, key=key)

    def warning(
        self, path: Path, message: str, *, why: str | None = None, fix: str | None = None, key: bool = False
    ) -> Problem:
        """Return a warning about the value at a path."""
        return self.where.problem(path, message, severity=Severity.WARNING, why=why, fix=fix, key=key)

    def note(self, path: Path, message: str, *, why: str | None = None, fix: str | None = None) -> Problem:
        """Return a note about the value at a path."""
        return self.where.problem(path, message, severity=Severity.NOTE, why=why, fix=fix)

    def names(self, *path: str) -> tuple[str, ...]:
        """Return the ids written in a mapping of the scenario, or those it has by default."""
        at: Any = self.raw
        model: Any = self.file
        for step in path:
            at = at.get(step) if isinstance(at, Mapping) else None
            model = getattr(model, step)
        return tuple(str(key) for key in at) if isinstance(at, Mapping) else tuple(model)

    @property
    def end(self) -> datetime:
        """When the rehearsal ends, on the area's own clock."""
        return self.file.start + timedelta(seconds=self.file.horizon)

    def chosen(self, choice: PlaceChoice) -> dict[str, Place]:
        """Return the places a choice means, in order."""
        return {key: place for key, place in self.file.area.places.items() if _means(choice, key, place)}

    def empty(self, choice: PlaceChoice) -> bool:
        """Whether a choice means no place at all, although every name in it is known."""
        places = self.file.area.places
        known = (
            (choice.ids, frozenset(places)),
            (choice.zones, frozenset(self.names("area", "zones"))),
            (choice.districts, frozenset(place.district for place in places.values())),
            (choice.villages, frozenset(place.village or key for key, place in places.items())),
        )
        sound = all(names.issuperset(words or ()) for words, names in known)
        return sound and bool(places) and not self.chosen(choice)

    def roster(self, *, aid: bool = True) -> Iterator[tuple[Path, UnitType, int, str]]:
        """Yield each line of the roster, and of mutual aid: its path, type, count and base."""
        lines: list[tuple[Path, Any, str]] = [(("units", k), u, u.base) for k, u in self.file.units.items()]
        if aid:
            lines += [(("mutual_aid", k), m, m.arrives_at) for k, m in self.file.mutual_aid.items()]
        for path, line, base in lines:
            kind = self.file.unit_types.get(line.type)
            if kind is not None:
                yield path, kind, line.count, base

    def on_duty(self, capability: Capability) -> list[UnitGroup]:
        """Return the lines of the roster that bring a capability."""
        return [
            group
            for group in self.file.units.values()
            if group.count
            and (kind := self.file.unit_types.get(group.type))
            and capability in kind.capabilities
        ]

    def crowds(self) -> bool:
        """Whether anything in the scenario makes people gather."""
        return any(
            effect.do in {"gather_crowd", "second_wave"}
            for trigger in self.file.triggers.values()
            for effect in trigger.effects
        )

    def written(self, *path: str) -> bool:
        """Whether the scenario itself says something at a path."""
        at: Any = self.raw
        for step in path:
            if not isinstance(at, Mapping) or step not in at:
                return False
            at = at[step]
        return True

    def raw_at(self, path: Path) -> Any:
        """Return what is written at a path of keys, None where nothing is."""
        at: Any = self.raw
        for step in path:
            at = at.get(step) if isinstance(at, Mapping) else None
        return at


def _means(choice: PlaceChoice, key: str, place: Place) -> bool:
    return (
        (choice.ids is None or key in choice.ids)
        and (choice.kinds is None or place.kind in choice.kinds)
        and (choice.zones is None or place.zone in choice.zones)
        and (choice.districts is None or place.district in choice.districts)
        and (choice.villages is None or (place.village or key) in choice.villages)
    )


def no_such(word: str, thing: str, choices: Sequence[str]) -> str:
    """Return the message for a name that stands for nothing, with the one meant or the choices."""
    guess = did_you_mean(word, choices)
    if guess is not None:
        return _("{name}: no such {thing}; did you mean {guess}?").format(
            name=shown(word), thing=thing, guess=shown(guess)
        )
    if not choices:
        return _("{name}: no such {thing}; there are none").format(name=shown(word), thing=thing)
    return _("{name}: no such {thing}; choose from {choices}").format(
        name=shown(word), thing=thing, choices=some(choices, 12)
    )
