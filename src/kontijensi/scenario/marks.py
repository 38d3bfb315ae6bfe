"""Where every value of a document stands: a tree of places beside the tree of values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from kontijensi.scenario.problems import Path


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a text; line and column count from 1."""

    line: int
    column: int


class Spot(Protocol):
    """A place as libyaml gives it; line and column count from 0."""

    line: int
    column: int


class Branch:
    """The places of a mapping's or list's parts; aliases of it share `keys` and `parts`."""

    __slots__ = ("at", "keys", "parts")

    def __init__(self, at: Spot, keys: dict[str, Spot] | None, parts: dict[str, Place] | list[Place]) -> None:
        self.at = at
        self.keys = keys
        self.parts = parts


Place = Spot | Branch
_START = Mark(1, 1)


class Marks:
    """Looks up the place of a value or a key by its path in the document."""

    __slots__ = ("_root",)

    def __init__(self, root: Place | None) -> None:
        self._root = root

    def find(self, path: Path) -> Mark:
        """Return the place of a value; of the key of its nearest parent when there is no such value.

        The key, since a mapping begins at its first entry, which is not where something is missing.
        """
        trail = self._trail(path)
        if len(trail) == len(path) + 1:
            return _mark(trail[-1][1])
        key, value = trail[-1] if trail else (None, None)
        return _mark(key if key is not None else value)

    def find_key(self, path: Path) -> Mark:
        """Return the place of the key of a value; of the item itself in a list, which has no keys."""
        trail = self._trail(path)
        if len(trail) == len(path) + 1 and trail[-1][0] is not None:
            return _mark(trail[-1][0])
        return self.find(path)

    def _trail(self, path: Path) -> list[tuple[Spot | None, Place | None]]:
        """Return key and value places along a path, as far as it exists; the root comes first."""
        at = self._root
        trail: list[tuple[Spot | None, Place | None]] = [(None, at)]
        for step in path:
            if not isinstance(at, Branch):
                break
            parts = at.parts
            if isinstance(parts, dict):
                if not isinstance(step, str) or step not in parts:
                    break
                at = parts[step]
                trail.append((at_key(step, trail[-1][1]), at))
            else:
                if not isinstance(step, int) or not 0 <= step < len(parts):
                    break
                at = parts[step]
                trail.append((None, at))
        return trail


def at_key(key: str, parent: Place | None) -> Spot | None:
    """Return the place of a key in the mapping that holds it."""
    return parent.keys.get(key) if isinstance(parent, Branch) and parent.keys is not None else None


def _mark(place: Place | None) -> Mark:
    if place is None:
        return _START
    spot = place.at if isinstance(place, Branch) else place
    return Mark(spot.line + 1, spot.column + 1)
