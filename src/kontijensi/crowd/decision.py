"""The decision to act: one function for the classic rule and for the contingency crowd.

Epstein, J. M. (2002). Modeling civil violence: an agent-based computational approach. PNAS 99(3), 7243-7250.
"""

from __future__ import annotations

import math
from typing import Final

from kontijensi.vocabulary.compiling import compiled_inline

FLOOR, ROUND, RAW = 0, 1, 2
RATIO_CODES: Final[dict[str, int]] = {"floor": FLOOR, "round": ROUND, "raw": RAW}


@compiled_inline
def arrest_chance(officers: float, actives: float, k: float, ratio: int) -> float:
    """Perceived chance of arrest, 1 - exp(-k ratio(C/A)); `actives` counts the person himself: it is >= 1."""
    odds = officers / actives
    if ratio == FLOOR:
        odds = math.floor(odds)
    elif ratio == ROUND:
        odds = float(round(odds))
    if odds == 0.0:
        return 0.0
    return 1.0 - math.exp(-k * odds)


@compiled_inline
def urge(hardship: float, legitimacy: float, risk_aversion: float, risk: float) -> float:
    """Grievance less perceived risk, H (1 - L) - R P: a person acts when it exceeds his threshold."""
    return hardship * (1.0 - legitimacy) - risk_aversion * risk
