"""Whether what can go wrong in a scenario is of the kinds seen in real incidents of elections."""

from __future__ import annotations

from kontijensi.scenario.schema.force import Capability
from kontijensi.scenario.schema.scenario import ScenarioFile
from kontijensi.scenario.schema.storyline import GatherCrowd, HourlyRate, SecondWave


def night_share(rate: HourlyRate) -> float:
    """Return the share of a day's firings that fall between 18:00 and 06:00."""
    by_hour = [*rate.by_hour, *[0.0] * (24 - len(rate.by_hour))]
    return (sum(by_hour[:6]) + sum(by_hour[18:])) / sum(by_hour)


def check_precedents(file: ScenarioFile, *, ruling: str) -> None:
    """Boxes at night, outsiders as a second wave, two camps in one place, a ruling when nobody can answer."""
    triggers = file.triggers
    boxes = triggers["hadang_kotak_suara"].rate
    assert isinstance(boxes, HourlyRate)
    assert night_share(boxes) > 0.9
    outsiders = triggers["gelombang_kedua"]
    assert outsiders.after == "saksi_keberatan"
    assert any(isinstance(effect, SecondWave) for effect in outsiders.effects)
    (rivals,) = [e for e in triggers["dua_kubu_bertemu"].effects if isinstance(e, GatherCrowd)]
    assert rivals.camps is not None
    assert sorted(rivals.camps.values()) == [0.5, 0.5]
    moments = triggers[ruling].at
    assert moments is not None
    second = moments[0].hour * 3600
    phase = next(key for key, each in file.phases.items() if each.start <= moments[0] < each.end)
    for group in file.units.values():
        if Capability.AUDIENCE in file.unit_types[group.type].capabilities:
            off_phase = group.phases is not None and phase not in group.phases
            assert off_phase or all(not shift.start <= second < shift.end for shift in group.shifts)
            assert off_phase or group.shifts
    assert file.command.talks is not None
    assert file.command.talks.without_answer < 1
    assert any(e.grievance == 0 for t in triggers.values() for e in t.effects if isinstance(e, GatherCrowd))
