"""How units act on the spot: posture policies, chosen by name in the scenario.

A policy is a function of (view, escalate_after_s) that returns a posture. The steps follow Indonesian
doctrine: presence, appeal and negotiation, a line, push, water, irritant; there are no firearms. Irritant is
never used where walls keep people in (Kanjuruhan 2022: 135 dead). Your own policy is found through the
entry-point group `kontijensi.posture`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import inf

from kontijensi.command.policies import named_policy
from kontijensi.scenario.schema.force import Capability, Colour

FEW_VIOLENT = 0.05
"""Share of the people present up to which the violent count as few (assumed)."""
POSTURE_GROUP = "kontijensi.posture"


@dataclass(frozen=True, slots=True)
class FieldView:
    """What the commander on the spot sees."""

    colour: Colour
    present: int
    active: int
    violent: int
    capabilities: frozenset[Capability]
    """What the units on the spot can do."""
    formed: bool
    """Whether the minimum formation is complete; before that those who are there are only exposed."""
    in_colour_s: float
    """Time since the situation took this colour, or since its formation was complete if later [s]."""
    enclosed: bool
    irritant_left: float
    water_left: float
    inflames: bool = False
    """Whether people here trust the police so little, or stand together so much, that presence inflames."""


@dataclass(frozen=True, slots=True)
class Posture:
    """What is done on the spot."""

    dialogue: bool = False
    line: bool = False
    push: bool = False
    water: bool = False
    irritant: bool = False
    arrest: bool = False
    arrest_violent_only: bool = True
    withdraw: bool = False
    """Officers step back to a lower profile: few in sight, no line, no force."""

    @property
    def name(self) -> str:
        """The strongest thing done."""
        if self.withdraw:
            return "withdraw"
        for step in ("irritant", "water", "push", "arrest", "line", "dialogue"):
            if getattr(self, step):
                return step
        return "presence"


PosturePolicy = Callable[[FieldView, float], Posture]


def dialogue_first(view: FieldView, escalate_after_s: float) -> Posture:
    """Talk as long as talking can work; arrest only the violent; push only when that has long failed.

    Where presence inflames and hardly anybody is violent, step back to a lower profile and talk on.
    """
    if view.colour != "green" and view.inflames and view.violent <= FEW_VIOLENT * view.present:
        return replace(_possible(view, dialogue=True), withdraw=True)
    steps = _steps_tried(view, escalate_after_s)
    yellow, red = view.colour == "yellow", view.colour == "red"
    return _possible(
        view,
        dialogue=True,
        line=yellow or red,
        arrest=red,
        push=red and view.violent > 0 and steps >= 2,
        water=red and view.violent > 0 and steps >= 3,
        irritant=red and view.violent > 0 and steps >= 4,
    )


def staged(view: FieldView, escalate_after_s: float) -> Posture:
    """Go stage by stage as doctrine has it: each step is tried for a while before the next."""
    steps = _steps_tried(view, escalate_after_s)
    yellow, red = view.colour == "yellow", view.colour == "red"
    return _possible(
        view,
        dialogue=True,
        line=yellow or red,
        arrest=red,
        push=(yellow and view.violent > 0 and steps >= 1) or red,
        water=(yellow and view.violent > 0 and steps >= 2) or (red and steps >= 1),
        irritant=red and view.violent > 0 and steps >= 2,
    )


def force_first(view: FieldView, escalate_after_s: float) -> Posture:
    """Use what there is at once: for comparison, not as advice."""
    yellow, red = view.colour == "yellow", view.colour == "red"
    return _possible(
        view,
        line=True,
        push=yellow or red,
        water=yellow or red,
        irritant=red or (yellow and view.violent > 0),
        arrest=yellow or red,
        arrest_violent_only=False,
    )


BUILT_IN: dict[str, PosturePolicy] = {
    "dialogue_first": dialogue_first,
    "staged": staged,
    "force_first": force_first,
}


def posture_policy(name: str) -> PosturePolicy:
    """Find a policy by name: a built-in one, or one that another package offers.

    Raises UnknownPolicyError with the choices.
    """
    return named_policy(name, BUILT_IN, POSTURE_GROUP)


def _steps_tried(view: FieldView, escalate_after_s: float) -> float:
    """Say how many steps there was time to try in this colour."""
    return view.in_colour_s / escalate_after_s if escalate_after_s > 0 else inf


def _possible(view: FieldView, *, arrest_violent_only: bool = True, **wanted: bool) -> Posture:
    """Keep of what is wanted what those on the spot can and may do."""
    can = {step: wanted.get(step, False) and Capability(step) in view.capabilities for step in wanted}
    if wanted.get("dialogue", False) and Capability.MEDIATION in view.capabilities:
        can["dialogue"] = True  # community leaders talk too
    if not view.formed:
        can = {step: can[step] and step == "dialogue" for step in can}
    if view.enclosed or view.irritant_left <= 0:
        can["irritant"] = False
    if view.water_left <= 0:
        can["water"] = False
    return Posture(**can, arrest_violent_only=arrest_violent_only)
