"""The Python handles over the layers below."""

from kontijensi.api.scenario import Run, Scenario, ScenarioError, load, load_text, open_run

__all__ = ["Run", "Scenario", "ScenarioError", "load", "load_text", "open_run"]
