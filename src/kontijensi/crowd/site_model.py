"""One crowd at one site as a Mesa model, for Mesa's own viewer and data collector."""

from __future__ import annotations

from typing import Any, Final

import mesa

from kontijensi.crowd.conduct import CampTraits, Conduct, Joining
from kontijensi.crowd.ground import Ground
from kontijensi.crowd.masses import Masses
from kontijensi.crowd.viewing import Frame, film
from kontijensi.scenario.schema.crowd import CrowdParameters

SIDE_M = 50.0
MEANS = ("line", "push", "water", "irritant", "contain")


def _slider(label: str, value: float, most: float, step: float) -> dict[str, Any]:
    kind = "SliderFloat" if isinstance(value, float) else "SliderInt"
    return {"type": kind, "label": label, "value": value, "min": type(value)(0), "max": most, "step": step}


SLIDERS: Final[dict[str, Any]] = {
    "people": _slider("People", 300, 2000, 50),
    "legitimacy": _slider("Legitimacy", 0.65, 1.0, 0.05),
    "officers": _slider("Officers", 0, 100, 5),
    "dialogue": _slider("Dialogue", 0.0, 1.0, 0.1),
    "discrimination": _slider("Discrimination of push and water", 0.5, 1.0, 0.1),
    **{name: {"type": "Checkbox", "label": name.capitalize(), "value": False} for name in MEANS},
    "seed": {"type": "InputText", "label": "Seed", "value": 1},
}
"""What the page lets its user set."""


class SiteModel(mesa.Model):
    """One site with one crowd; its members live in `masses`, and `step()` lets five seconds pass."""

    def __init__(self, seed: float | str = 1, rule: CrowdParameters | None = None, **kwargs: Any) -> None:
        # Mesa's viewer takes settings that no parameter names only where they are called `kwargs`.
        unknown = sorted(kwargs.keys() - SLIDERS.keys())
        if unknown:
            msg = f"SiteModel: {', '.join(unknown)}: not among {', '.join(SLIDERS)}"
            raise ValueError(msg)
        super().__init__(seed=int(seed))
        chosen = {name: kwargs.get(name, slider["value"]) for name, slider in SLIDERS.items()}
        officers = int(chosen["officers"])
        means = {name: bool(chosen[name]) and officers > 0 for name in MEANS}
        self.ground = Ground.rectangle(SIDE_M, SIDE_M)
        self.masses = Masses(rule or CrowdParameters(), 1)
        self.slot = self.masses.open(self.ground, [CampTraits(float(chosen["legitimacy"]))], int(seed))
        self.masses.join(self.slot, Joining(0, int(chosen["people"])))
        self.masses.conduct(
            self.slot,
            Conduct(
                officers=officers,
                dialogue=float(chosen["dialogue"]),
                discrimination=float(chosen["discrimination"]),
                **means,
            ),
        )
        self.frame = Frame(0.0, self.masses.sample(self.slot), self.masses.tally(self.slot))
        collector: Any = mesa.DataCollector
        self.datacollector: Any = collector(
            model_reporters={
                "present": lambda model: model.frame.tally.present,
                "active": lambda model: model.frame.tally.active,
                "violent": lambda model: model.frame.tally.violent,
                "legitimacy": lambda model: model.frame.tally.traits[0].legitimacy,
                "identity": lambda model: model.frame.tally.traits[0].identity,
            }
        )
        self.datacollector.collect(self)

    def step(self) -> None:
        """Let five seconds pass and count."""
        (frame,) = film(self.masses, self.slot, 1)
        self.frame = Frame(self.frame.time_s + frame.time_s, frame.sample, frame.tally)
        self.datacollector.collect(self)
