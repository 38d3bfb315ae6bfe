"""A sentence of the verdict and its mark."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    """How a sentence is marked; each has a sign of its own."""

    SHORT = "short"
    CARE = "care"
    GOOD = "good"
    PLAIN = "plain"


SIGNS = {Tone.SHORT: "▲", Tone.CARE: "◆", Tone.GOOD: "●", Tone.PLAIN: "–"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence of the verdict."""

    tone: Tone
    text: str
