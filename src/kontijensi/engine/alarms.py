"""Reports of something that is not there: units go, find nothing, and are free again."""

from __future__ import annotations

from kontijensi.command.belief import Sighting
from kontijensi.command.incident import Incident, Outcome, Sort
from kontijensi.engine.scene import Scene
from kontijensi.scenario.schema.force import Colour


def false_report(scene: Scene, name: str, place: int, colour: Colour, delay_s: float) -> Incident | None:
    """Report a situation where there is none; return None when nobody would go."""
    if scene.around.world.scenario.command.picture == "perfect":
        return None  # who knows what is true knows that nothing is there
    stage = scene.around.world.scenario.command.stages.at(colour)
    needs = stage.formation
    if not needs:
        return None
    name = scene.name(name)

    def found_out(incident: Incident) -> None:
        if incident.open and incident.arrived:
            scene.later(0.0, lambda: scene.posko.close(incident, Outcome.FALSE))

    incident = Incident(
        id=f"{name}:false",
        sort=Sort.FALSE,
        of=name,
        place=place,
        priority=stage.priority,
        needs=needs,
        record=0,
        colour=colour,
        on_formed=found_out,
        on_change=found_out,
    )
    scene.open_incident(incident)
    scene.detect(incident, "caller")
    scene.later(delay_s, lambda: scene.posko.receive_report(incident, "caller", Sighting(colour)))
    return incident
