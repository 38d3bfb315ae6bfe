"""The log: numbers each record, stamps it with the clock, and hands it to a sink."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from kontijensi.vocabulary.records import Record, RecordKind

Sink = Callable[[Record], object]
_as_record = tuple.__new__
"""Makes a named tuple of a tuple, in half the time that its own constructor takes to match names."""


class Clock(Protocol):
    """Whatever knows the time."""

    now_s: float
    """Seconds since the scenario's start."""


class Log:
    """Writes records in the order in which things happen; ids count from 1."""

    def __init__(self, emit: Sink, clock: Clock) -> None:
        self._emit = emit
        self._clock = clock
        self._last = 0

    def write(
        self,
        kind: RecordKind,
        entity: str,
        place: str | None = None,
        parent: int | None = None,
        **values: Any,
    ) -> int:
        """Write a record and return its id, for what follows from it to name as parent."""
        return self.put(kind, entity, place, parent, values)

    def put(
        self, kind: RecordKind, entity: str, place: str | None, parent: int | None, values: dict[str, Any]
    ) -> int:
        """Write a record whose values are there as a mapping, which is the record's from then on."""
        self._last = number = self._last + 1
        self._emit(_as_record(Record, (number, parent, self._clock.now_s, kind, entity, place, values)))
        return number
