"""Hours of duty: units come on and go off shift."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import simpy

from kontijensi.responders.states import UnitState
from kontijensi.responders.unit import Unit


def keep_hours(env: simpy.Environment, unit: Unit) -> None:
    """Put a unit on duty or off at the start, and let it keep its hours from then on."""
    if unit.spec.aid is not None:
        return
    if unit.spec.on_duty(env.now):
        unit.report_for_duty()
    else:
        unit.state = UnitState.READY
        unit.go_off_shift()
    horizon_s = unit.around.world.horizon_s
    if unit.spec.duty != ((0.0, horizon_s),):
        env.process(_shifts(env, unit))


def _shifts(env: simpy.Environment, unit: Unit) -> Generator[simpy.Event, Any, None]:
    for start_s, end_s in unit.spec.duty:
        if start_s > env.now:
            yield env.timeout(start_s - env.now)
            unit.go_on_shift()
        if end_s > env.now:
            yield env.timeout(end_s - env.now)
            unit.go_off_shift()
