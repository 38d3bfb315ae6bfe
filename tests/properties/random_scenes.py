"""Random scenarios: everything that can happen to units and crowds, at moments that like to coincide."""

# ruff: noqa: E501 - the lines of a scenario are as long as planners write them

from __future__ import annotations

import random
from typing import Any

from kontijensi.scenario.schema.scenario import ScenarioFile
from kontijensi.world import World, compile_world

PLACES = ("pos", "a", "b", "c", "d")
EDGES = (("pos", "a"), ("a", "b"), ("b", "c"), ("c", "d"), ("pos", "c"), ("a", "x"), ("x", "d"))
CAPABILITIES = (
    "presence",
    "dialogue",
    "mediation",
    "audience",
    "line",
    "push",
    "water",
    "irritant",
    "arrest",
    "patrol",
)
STRETCHES = ("0 s", "3 min", "10 min", "20 min")
DELAYS = ("0 s", "1 min", "2 min", "5 min", "20 min")


def random_world(number: int) -> World:
    """Compile the scenario of this number, without the checks that would advise a planner against it."""
    return compile_world(ScenarioFile.model_validate(_Draw(number).scenario()))


def random_world_with_care(number: int) -> World:
    """Compile the same scenario with casualties, hospitals and fires put into it."""
    scenario, dice = _Draw(number).scenario(), random.Random(f"care {number}")
    places = scenario["area"]["places"]
    for name in ("h", "i"):
        treats = dice.choice(["moderate", "severe"])
        places[name] = {"kind": "hospital", "beds": dice.choice([None, 0, 1, 3]), "treats_up_to": treats}
    scenario["area"]["roads"]["edges"] += [
        {"between": ["b", "h"], "time": dice.choice(STRETCHES)}, {"between": ["x", "i"], "time": dice.choice(STRETCHES)},
    ]  # fmt: skip
    delays = ("reported", "treatment", "loading", "handover", "elsewhere")
    scenario["medical"] = {name: dice.choice(DELAYS) for name in delays} | {
        "stay": dice.choice(["0 s", "20 min", "1 d"]),
        "when_full": dice.choice(["hold", "elsewhere"]),
        "most_units": dice.randint(1, 3),
    }
    scenario["fires"] = {
        "burns": dice.choice([0, 10]),
        "from_red": dice.choice([0, 4]),
        "flow_lpm": dice.choice([50, 1000]),
    }
    ordinary = dict(scenario["unit_types"]["kind"], stock={})
    scenario["unit_types"] |= {
        "ambulance": ordinary
        | {"agency": "health", "capabilities": ["medical"], "carries": dice.randint(0, 2)},
        "engine": ordinary
        | {"agency": "fire", "capabilities": ["fire", "medical"], "stock": {"water": dice.choice([0, 700])}},
    }
    scenario["units"] |= {
        "ambulance": {"type": "ambulance", "base": dice.choice(["pos", "h"]), "count": dice.randint(0, 3)},
        "engine": {"type": "engine", "base": "pos", "count": dice.randint(0, 2)},
    }
    for i in range(dice.randint(1, 5)):
        effects: list[dict[str, Any]] = [
            {
                "do": "injure",
                "people": dice.randint(1, 5),
                "severity": {"minor": 0.4, "moderate": 0.3, "severe": 0.3},
            },
            {"do": "set_fire", "burns": dice.choice(["tyres", "ballots"])},
            {"do": "lose_unit", "unit": "ambulance", "count": 2, "lasts": dice.choice(DELAYS)},
            {"do": "call", "call": "sick"},
        ]
        at = f"2024-11-27 {7 + dice.randint(0, 2):02}:{dice.choice([0, 10, 20, 35]):02}"
        places_hit = {"ids": [dice.choice(PLACES)]}
        scenario["triggers"][f"care{i}"] = {
            "at": [at],
            "places": places_hit,
            "effects": dice.sample(effects, 2),
        }
    scenario["calls"]["sick"] = {
        "known": [{"after": "5 min", "place": "a"}], "needs": {"medical": 1}, "on_scene": dice.choice(DELAYS),
        "transport": "hospital", "severity": dice.choice(["moderate", "severe"]), "priority": dice.randint(1, 5),
    }  # fmt: skip
    return compile_world(ScenarioFile.model_validate(scenario))


class _Draw:
    def __init__(self, number: int) -> None:
        self.dice = random.Random(number)

    def scenario(self) -> dict[str, Any]:
        dice = self.dice
        return {
            "kontijensi": 1,
            "name": "Random",
            "language": "en",
            "start": "2024-11-27 07:00",
            "horizon": dice.choice(["1 s", "45 min", "2 h", "2 h", "4 h", "4 h"]),
            "area": {
                "places": {name: self.place(name) for name in PLACES},
                "roads": {"edges": [{"between": list(ends), "time": dice.choice(STRETCHES)} for ends in EDGES]},
                "travel": {"periods": {"rush": {"start": "07:30", "end": "08:30", "factor": dice.choice([0.5, 3])}}},
            },
            "phases": {
                "vote": self.phase("voting", "06:00", "08:00"),
                "count": self.phase("counting", "08:00", "12:00"),
            },
            "community": self.community(),
            "crowd": {
                "violence_threshold": dice.choice([0.0, 0.3]),
                "calm_leave_per_h": dice.choice([0, 5]),
                "controlled_leave_per_h": dice.choice([6, 200]),
            },
            "crowd_tick": dice.choice(["10 s", "60 s"]),
            "triggers": {f"t{i}": self.trigger(i) for i in range(dice.randint(3, 9))},
            "unit_types": self.unit_types(),
            "units": {f"u{i}": self.group() for i in range(4)} | {"all": {"type": "full", "base": "pos"}},
            "mutual_aid": {"aid": {"type": "full", "count": dice.randint(0, 2), "arrives_at": "d",
                                   "authority": "chief", "lead_time": dice.choice(DELAYS), "asked_at": "yellow"}},
            "command": self.command(),
            "calls": {"quarrel": self.calls(), "fire": self.calls()},
        }  # fmt: skip

    def place(self, name: str) -> dict[str, Any]:
        side = self.dice.choice([10, 40])
        return {
            "kind": "polsek" if name == "pos" else "tps",
            "voters": 200,
            "width_m": side,
            "depth_m": side,
            "enclosed": name in {"b", "d"} and self.dice.random() < 0.5,
            "exits": self.dice.choice([1, 4]),
            "signal": self.dice.random() < 0.8,
        }

    def phase(self, kind: str, start: str, end: str) -> dict[str, Any]:
        return {"kind": kind, "start": f"2024-11-27 {start}", "end": f"2024-11-27 {end}", "exposes": ["tps"]}

    def community(self) -> dict[str, Any]:
        dice = self.dice
        return {
            "channels": {"hoax": {"start": dice.random(), "spread_per_day": 1.0, "everywhere_share": 1.0}},
            "camps": {
                "a": {"share": 0.6, "legitimacy": dice.choice([0.1, 0.7])},
                "b": {"share": 0.4, "legitimacy": dice.choice([0.1, 0.7])},
            },
            "observers": {
                "kst": {
                    "kind": "kst",
                    "detection_per_h": dice.choice([0, 60, 3600]),
                    "report_delay": dice.choice(DELAYS),
                    "lost_share": dice.choice([0, 0.5]),
                    "false_alarms_per_day": dice.choice([0, 100]),
                    "misjudged_share": dice.choice([0, 0.5, 1]),
                    "size_error": dice.choice([0, 0.5]),
                }
            },
        }

    def unit_types(self) -> dict[str, Any]:
        return {
            "kind": self.unit_type(),
            "sort": self.unit_type(),
            "patrol": self.unit_type() | {"capabilities": ["patrol"], "stock": {}},
            "full": self.unit_type() | {"capabilities": list(CAPABILITIES)},
        }

    def unit_type(self) -> dict[str, Any]:
        dice = self.dice
        capabilities = dice.sample(CAPABILITIES, dice.randint(2, 7))
        stock = {name: dice.choice([0, 5, 500]) for name in ("irritant", "water") if name in capabilities}
        return {
            "agency": dice.choice(["police", "brimob", "tni"]),
            "capabilities": capabilities,
            "personnel": dice.choice([2, 30]),
            "turn_out": dice.choice(DELAYS),
            "pace": dice.choice([0.5, 1.0]),
            "stock": stock,
            "resupply": dice.choice(DELAYS),
            "stamina": dice.choice(["0 s", "5 min", "3 h"]),
            "rest": dice.choice(DELAYS),
            "after": dice.choice(["return", "return", "stay"]),
            "supply": dice.choice(["at_base", "on_the_spot"]),
            "breakdown": self.breakdown(),
        }

    def breakdown(self) -> dict[str, Any] | None:
        dice = self.dice
        if dice.random() < 0.6:
            return None
        lasts = dice.choice(DELAYS)
        return {"mean_between": "40 min", "of": dice.choice(["driving", "duty"]), "lasts": lasts}

    def group(self) -> dict[str, Any]:
        dice = self.dice
        group: dict[str, Any] = {
            "type": dice.choice(["kind", "sort", "patrol", "full"]),
            "base": dice.choice(PLACES),
            "count": dice.randint(0, 2),
        }
        if dice.random() < 0.4:
            group["shifts"] = [
                {"start": dice.choice(["07:00", "07:20"]), "end": dice.choice(["07:40", "08:20"])}
            ]
        return group

    def command(self) -> dict[str, Any]:
        dice = self.dice
        needs = [{"presence": 1}, {"line": 2}, {"line": 1, "dialogue": 1}, {"arrest": 1}]
        return {
            "operators": dice.randint(1, 2),
            "handling": dice.choice(DELAYS),
            "authorities": {
                "chief": {"delay": dice.choice(DELAYS)},
                "head": {"delay": dice.choice(DELAYS), "learns": {"at_first": 2, "half_life": "1 h"}},
            },
            "situation": {
                "yellow": {
                    "enter_active": dice.choice([0, 5]),
                    "enter_violent": 1,
                    "exit_after": dice.choice(DELAYS),
                },
                "red": {"enter_violent": dice.choice([1, 8]), "exit_after": dice.choice(DELAYS)},
            },
            "stages": {
                "green": {
                    "needs": dice.choice(needs),
                    "also": dice.choice([{}, {"water": 1}, {"line": 1}]),
                    "priority": 4,
                },
                "yellow": {
                    "needs": dice.choice(needs),
                    "priority": 2,
                    "authority": dice.choice([None, "chief"]),
                },
                "red": {
                    "needs": dice.choice(needs),
                    "priority": 1,
                    "authority": dice.choice([[], ["chief", "head"]]),
                },
            },
            "dispatch": dice.choice(["nearest", "sector", "keep_reserve", "expected_coverage"]),
            "posture": dice.choice(["dialogue_first", "staged", "force_first"]),
            "joint": dice.random() < 0.7,
            "liaison": dice.choice(DELAYS),
            "field_report": dice.choice(DELAYS),
            "picture": dice.choice(["reported", "perfect"]),
            "stand_down": dice.choice(DELAYS),
            "escalate_after": dice.choice(DELAYS),
            "talks": dice.choice(
                [
                    None,
                    {"round": dice.choice(["1 min", "5 min"]), "again_after": dice.choice(DELAYS)},
                ]
            ),
            "lower_profile": {"identity": dice.choice([0.05, 0.5]), "legitimacy": dice.choice([0.2, 0.8])},
            "preempt": dice.choice(["never", "under_way", "on_the_spot"]),
            "preempt_from": dice.choice([["call"], ["call", "crowd"]]),
            "relief": dice.choice([[], ["tired"], ["tired", "shift"]]),
            "relieved": dice.choice(["home", "second_layer"]),
        }

    def calls(self) -> dict[str, Any]:
        dice = self.dice
        return {
            "rate": dice.choice(["1/h", "6/h"]),
            "known": [
                {"after": f"{dice.randrange(0, 60, 5)} min", "place": dice.choice(PLACES)} for _ in range(3)
            ],
            "on_scene": dice.choice(DELAYS),
            "needs": dice.choice([{"patrol": 1}, {"presence": 2}, {"patrol": 1, "presence": 1}]),
            "priority": dice.randint(1, 9),
            "patience": dice.choice([None, "0 s", "3 min"]),
            "lost_when_busy": dice.random() < 0.3,
            "through_desk": dice.random() < 0.5,
            "interrupted": dice.choice(["resume", "restart"]),
        }

    def trigger(self, number: int) -> dict[str, Any]:
        dice = self.dice
        cause: dict[str, Any] = dice.choice(
            [
                {"at": ["2024-11-27 07:00", f"2024-11-27 07:{dice.randrange(0, 60, 5):02}"]},
                {"rate": "6/h"},
                {"when": "crowd_present > 10", "held_for": dice.choice(DELAYS)},
                {"when": "units_free < 2 or incidents_open > 3"},
            ]
        )
        if number > 0 and dice.random() < 0.25:
            cause = {"after": f"t{dice.randrange(number)}", "delay": dice.choice(DELAYS)}
        return cause | {
            "places": {"ids": list(PLACES[1:])},
            "pick": dice.choice([1, 1, 2, None]),
            "most": dice.randint(1, 8),
            "cooldown": dice.choice(DELAYS),
            "exposed_only": dice.random() < 0.2,
            "effects": [self.effect() for _ in range(dice.randint(1, 4))],
        }

    def effect(self) -> dict[str, Any]:
        dice = self.dice
        size = dice.choice([0, 1, 40, 400, {"dist": "uniform", "low": 1, "high": 100}])
        lasts = dice.choice(DELAYS)
        march = {
            "do": "march",
            "share": dice.choice([0.5, 1.0]),
            "after": lasts,
            "stays": dice.choice(DELAYS),
        }
        if dice.random() < 0.3:
            return {"do": "gather_crowd", "size": size, "grievance": 1, "over": lasts, "stays": "1 h"}
        return dice.choice(
            [
                {"do": "gather_crowd", "size": size, "grievance": dice.choice([0, 0.5, 1]), "over": lasts,
                 "stays": dice.choice(DELAYS)},
                {"do": "second_wave", "size": size, "grievance": 1, "over": lasts, "after": dice.choice(DELAYS)},
                march | {"to": dice.choice(PLACES), "speed_kmh": dice.choice([4, 25])},
                march | {"to_kind": dice.choice(["tps", "polsek"])},
                {"do": "close_road", "lasts": lasts},
                {"do": "close_road", "between": list(dice.choice(EDGES)), "lasts": lasts},
                {"do": "lose_unit", "unit": dice.choice(["u0", "u1", "u2", "all"]), "count": 2, "lasts": lasts},
                {"do": "false_report", "colour": dice.choice(["green", "yellow", "red"]), "delay": lasts},
                {"do": "lose_channel", "reach": dice.choice(["place", "district", "area"]), "lasts": lasts},
                {"do": "call", "call": "quarrel"},
                {"do": "raise_tension", "channel": "hoax", "by": dice.choice([-0.3, 0.5]), "reach": "area"},
                {"do": "cut_legitimacy", "by": dice.choice([-0.3, 0.5]), "reach": "district"},
            ]
            + [{"do": "end", "outcome": "over"}] * (dice.random() < 0.1)
        )  # fmt: skip
