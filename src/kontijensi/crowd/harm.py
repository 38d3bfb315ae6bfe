"""What harm is called: its causes and how bad it is. Array axes follow the order of these enums."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Cause(StrEnum):
    """How somebody came to harm."""

    CROWD_VIOLENCE_PUBLIC = "crowd_violence_public"
    CROWD_VIOLENCE_OFFICER = "crowd_violence_officer"
    CRUSH = "crush"
    FORCE_WATER = "force_water"
    FORCE_IRRITANT = "force_irritant"
    FORCE_BATON = "force_baton"
    ARREST = "arrest"


class Severity(StrEnum):
    """How badly; `severe` includes deaths, and the moderately and severely hurt leave the crowd."""

    MINOR = "minor"
    MODERATE = "moderate"
    SEVERE = "severe"


CAUSES: Final = tuple(Cause)
SEVERITIES: Final = tuple(Severity)
