"""The log: numbers each record, stamps it with the clock, and hands it to a sink."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kontijensi.vocabulary.records import Record, RecordKind

Sink = Callable[[Record], None]


class Log:
    """Writes records in the order in which things happen; ids count from 1."""

    def __init__(self, emit: Sink, now: Callable[[], float]) -> None:
        self._emit = emit
        self._now = now
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
        self._last += 1
        self._emit(Record(self._last, parent, self._now(), kind, entity, place, values))
        return self._last
