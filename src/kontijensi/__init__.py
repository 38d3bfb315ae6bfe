"""kontijensi: rehearse an election security plan on a clock. A rehearsal, not a forecast.

    import kontijensi
    run = kontijensi.load("scenarios/klaten-pilkades-2023.yaml").run(seed=1)
    run.summary(), run.responses(), run.coverage(), run.records(), run.report("out/")

Importing the package is cheap: the handles and the heavy libraries are loaded on first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kontijensi.api import Run, Scenario, ScenarioError, load, load_text, open_run

__all__ = ["Run", "Scenario", "ScenarioError", "load", "load_text", "open_run"]


def __getattr__(name: str) -> Any:
    """Hand on the handles of `kontijensi.api`, lazily (PEP 562)."""
    if name == "__version__":
        from importlib.metadata import version

        return version("kontijensi")
    if name in __all__:
        return getattr(import_module("kontijensi.api"), name)
    raise AttributeError(f"module 'kontijensi' has no attribute {name!r}")


def __dir__() -> list[str]:
    """List the handles."""
    return [*__all__, "__version__"]
