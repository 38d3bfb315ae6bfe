"""A casualty during a run, from the harm until he needs nothing more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kontijensi.engine.scene import Scene
from kontijensi.scenario.schema.medical import Severity
from kontijensi.vocabulary.records import RecordKind

RANK: dict[Severity, int] = {"minor": 0, "moderate": 1, "severe": 2}
"""Severities from the least to the gravest."""


@dataclass(eq=False, slots=True)
class Patient:
    """One casualty."""

    id: str
    number: int
    """Order in which they were hurt."""
    severity: Severity
    place: int
    """Where he was hurt, or waits now."""
    record: int
    """The last record about him; the next names it."""
    reported: bool = False
    """Whether the posko, or a crew on the spot, knows of him."""

    @property
    def rank(self) -> int:
        """How grave it is: 0 minor, 1 moderate, 2 severe."""
        return RANK[self.severity]

    @property
    def must_be_carried(self) -> bool:
        """Whether he needs a hospital."""
        return self.rank > 0

    @property
    def turn(self) -> tuple[int, int]:
        """Sorts the gravest first, then those hurt first."""
        return -self.rank, self.number

    def write(self, scene: Scene, kind: RecordKind, place: int, **values: Any) -> None:
        """Write the next step of his course."""
        self.record = scene.write(kind, self.id, place, self.record, **values)

    def report(self, scene: Scene) -> None:
        """Note that he is known of."""
        if not self.reported:
            self.reported = True
            self.write(scene, RecordKind.CASUALTY_REPORTED, self.place)
