"""Sinks for the records of a run: what the engine calls once for each."""

from __future__ import annotations

from kontijensi.vocabulary.records import Record


class Recorder:
    """Keep every record, in the order they came."""

    __slots__ = ("records",)

    def __init__(self) -> None:
        self.records: list[Record] = []

    def __call__(self, record: Record) -> None:
        """Keep one record."""
        self.records.append(record)


class NullRecorder:
    """Keep nothing, for runs of which only the end counts."""

    __slots__ = ()

    def __call__(self, record: Record) -> None:
        """Let one record go."""
