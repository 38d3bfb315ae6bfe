"""The colours of a situation: green (orderly), yellow (disorderly), red (law-breaking), and the rules."""

from __future__ import annotations

from kontijensi.scenario.schema.command import ColourRule, Situation
from kontijensi.scenario.schema.force import Colour

COLOURS: tuple[Colour, ...] = ("green", "yellow", "red")
LEVEL: dict[str, int] = {colour: level for level, colour in enumerate(COLOURS)}


class ColourTracker:
    """The colour of one crowd. It is entered at once, and left only after calm has lasted (hysteresis)."""

    def __init__(self, rules: Situation) -> None:
        self._rules: dict[int, ColourRule] = {1: rules.yellow, 2: rules.red}
        self.level = 0
        self._calm_since_s: float | None = None

    @property
    def colour(self) -> Colour:
        """The colour now."""
        return COLOURS[self.level]

    def update(self, now_s: float, present: int, active: int, violent: int) -> bool:
        """Take the counts in; return whether the colour has changed. Active counts include the violent."""
        for level in (2, 1):
            if level > self.level and _enters(self._rules[level], present, active, violent):
                self.level, self._calm_since_s = level, None
                return True
        if self.level == 0:
            return False
        rule = self._rules[self.level]
        if not _is_calm(rule, present, active, violent):
            self._calm_since_s = None
            return False
        if self._calm_since_s is None:
            self._calm_since_s = now_s
        if now_s - self._calm_since_s < rule.exit_after:
            return False
        self.level, self._calm_since_s = self.level - 1, None
        return True


def _enters(rule: ColourRule, present: int, active: int, violent: int) -> bool:
    if present == 0:
        return False
    if rule.enter_violent is not None and violent >= rule.enter_violent:
        return True
    if rule.enter_active is None and rule.enter_active_share is None:
        return False
    enough = rule.enter_active is None or active >= rule.enter_active
    return enough and (rule.enter_active_share is None or active >= rule.enter_active_share * max(present, 1))


def _is_calm(rule: ColourRule, present: int, active: int, violent: int) -> bool:
    return violent <= rule.exit_violent and active <= rule.exit_active_share * present
