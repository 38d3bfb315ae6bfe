"""The phases as spans of simulated time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kontijensi.scenario.schema.area import PlaceKind
from kontijensi.scenario.schema.phases import Phase, PhaseKind
from kontijensi.vocabulary.clock import Calendar


@dataclass(frozen=True, slots=True)
class PhaseSpan:
    """One phase, from its start up to but not including its end."""

    id: str
    kind: PhaseKind
    start_s: float
    end_s: float
    exposes: frozenset[PlaceKind]
    phase: Phase


def phase_spans(phases: Mapping[str, Phase], calendar: Calendar) -> tuple[PhaseSpan, ...]:
    """Place the phases on the clock of the run."""
    return tuple(
        PhaseSpan(
            id=phase_id,
            kind=phase.kind,
            start_s=calendar.seconds(phase.start),
            end_s=calendar.seconds(phase.end),
            exposes=frozenset(phase.exposes),
            phase=phase,
        )
        for phase_id, phase in phases.items()
    )
