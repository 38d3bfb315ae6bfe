"""A small election and a log written by hand, whose answers can be worked out on paper.

TPS Lor turns yellow at 09:00 and is answered in 26 minutes: detection 1, report 2, desk 1, approval 3,
waiting 0, turn-out 5, travel 10, formation 4. TPS Kidul turns red at 10:00 and is never answered. Balai Desa
gathers in peace.
"""

from __future__ import annotations

from typing import Any

from kontijensi.scenario.document import Document, load_text
from kontijensi.trace.folder import RunData
from kontijensi.trace.manifest import Manifest, SourceFile
from kontijensi.vocabulary.records import Record, RecordKind
from kontijensi.world.world import World, compile_world

K = RecordKind
MIN = 60.0
HOUR = 3600.0

SCENARIO = """
kontijensi: 1
name: "Pilkades Contoh"
description: "Dua TPS dan satu balai desa."
language: id
start: "2023-07-05 06:00"
horizon: 8 h
area:
  zone: WIB
  zones:
    hijau: {name: "Zona Hijau", risk: 1.0}
    merah: {name: "Zona Merah", risk: 6.0}
  places:
    lor: {name: "TPS Lor", kind: tps, lat: -7.70, lon: 110.60, voters: 500, district: Utara,
          zone: merah}
    kidul: {name: "TPS Kidul", kind: tps, lat: -7.74, lon: 110.61, voters: 300, district: Selatan,
            zone: hijau}
    balai: {name: "Balai Desa", kind: village_office, lat: -7.72, lon: 110.63, district: Selatan}
    polsek: {name: "Polsek Contoh", kind: polsek, lat: -7.71, lon: 110.60, district: Utara}
  roads:
    edges:
      - {between: [polsek, lor], time: 10 min}
      - {between: [polsek, kidul], time: 25 min}
      - {between: [polsek, balai], time: 15 min}
phases:
  pemungutan:
    {name: "Hari Coblosan", kind: voting, start: "2023-07-05 07:00", end: "2023-07-05 13:00", exposes: [tps]}
  penghitungan:
    {name: "Hitung Suara", kind: counting, start: "2023-07-05 13:00", end: "2023-07-05 14:00", exposes: [tps]}
community:
  channels:
    hoax: {name: "Kabar Bohong"}
  camps:
    a: {name: "Kubu Satu", share: 0.6}
    b: {name: "Kubu Dua", share: 0.4}
triggers:
  saksi:
    name: "Saksi Keberatan"
    at: ["2023-07-05 08:55"]
    places: {ids: [lor]}
    effects:
      - {do: gather_crowd, size: {dist: fixed, value: 80}, over: 5 min, stays: {dist: fixed, value: 2 h}}
unit_types:
  peleton:
    name: "Peleton Dalmas"
    agency: police
    capabilities: [presence, dialogue, line, irritant, arrest]
    personnel: 39
    turn_out: {dist: fixed, value: 5 min}
    stock: {irritant: 30}
  ambulans:
    name: "Ambulans"
    agency: health
    capabilities: [medical]
    personnel: 3
    turn_out: {dist: fixed, value: 3 min}
  brimob:
    name: "Kompi Brimob"
    agency: brimob
    capabilities: [line, arrest]
    personnel: 100
    turn_out: {dist: fixed, value: 10 min}
units:
  dalmas: {name: "Dalmas Contoh", type: peleton, base: polsek}
  ambulans: {name: "Ambulans Contoh", type: ambulans, base: polsek}
posts:
  jaga:
    places: {kinds: [tps]}
    by_zone:
      hijau: {police: 3, linmas: 2}
      merah: {police: 8, linmas: 2}
mutual_aid:
  brimob:
    name: "BKO dari Polda"
    type: brimob
    count: 1
    arrives_at: polsek
    authority: kapolda
    lead_time: {dist: fixed, value: 1 h}
command:
  posko: polsek
  authorities:
    kapolda: {name: "Kapolda", delay: {dist: fixed, value: 10 min}}
standards:
  peleton_20: {name: "Peleton dalam 20 menit", capability: line, within: 20 min, places: {kinds: [tps]},
               weigh_by: voters, phases: [pemungutan]}
response_targets:
  efektif_30: {within: 30 min, share: 0.8, measure: effective_response, colours: [yellow, red]}
evidence:
  units.dalmas.count: {grade: measured, note: "Dari daftar piket"}
  crowd: {grade: assumed}
"""

Line = tuple[float, RecordKind, str, str | None, dict[str, Any]]


def at(hour: float, minute: float = 0.0) -> float:
    """Return a clock time of the day as a time in the run, which starts at 06:00 [s]."""
    return (hour - 6) * HOUR + minute * MIN


def crowd_lines() -> list[Line]:
    """The gatherings: yellow in the north, red in the south, peaceful at the village office."""

    def sampled(crowd: str, place: str, t_s: float, quiet: int, active: int, violent: int) -> Line:
        counts = {"present": quiet + active + violent, "quiet": quiet, "active": active, "violent": violent}
        return t_s, K.CROWD_SAMPLED, crowd, place, {**counts, "left": 0, "arrested": 0, "density_pm2": 0.5}

    return [
        (at(8, 55), K.CROWD_GATHERED, "massa-1", "lor", {"expected": 80, "camps": {"a": 1.0}}),
        sampled("massa-1", "lor", at(8, 58), 60, 5, 0),
        (at(9), K.COLOUR_CHANGED, "massa-1", "lor", {"colour": "yellow", "was": "green"}),
        sampled("massa-1", "lor", at(9, 10), 40, 40, 0),
        (at(9, 50), K.COLOUR_CHANGED, "massa-1", "lor", {"colour": "green", "was": "yellow"}),
        (at(10, 30), K.CROWD_ENDED, "massa-1", "lor", {"joined": 80, "left": 80}),
        (at(9, 30), K.CROWD_GATHERED, "massa-2", "kidul", {"expected": 120, "camps": {"b": 1.0}}),
        sampled("massa-2", "kidul", at(9, 40), 90, 20, 0),
        (at(10), K.COLOUR_CHANGED, "massa-2", "kidul", {"colour": "red", "was": "green"}),
        sampled("massa-2", "kidul", at(10, 5), 50, 50, 20),
        (at(11), K.CROWD_ENDED, "massa-2", "kidul", {"joined": 120, "left": 120}),
        (at(11), K.CROWD_GATHERED, "massa-3", "balai", {"expected": 40, "camps": {"a": 1.0}}),
        sampled("massa-3", "balai", at(11, 10), 40, 0, 0),
        (at(12), K.CROWD_ENDED, "massa-3", "balai", {"joined": 40, "left": 40}),
    ]


def incident_lines() -> list[Line]:
    """The two disturbances and the unit that answers the first."""
    order = {"incident": "k-1", "capability": "line", "from": "polsek"}
    there = {"incident": "k-1", "to": "lor", "travel_s": 600.0, "path": []}
    home = {"incident": None, "to": "polsek", "travel_s": 600.0, "path": []}
    opened = {"sort": "crowd", "priority": 2, "needs": {"line": 1}, "follows": None}
    return [
        (at(9), K.INCIDENT_OPENED, "k-1", "lor", {**opened, "of": "massa-1", "colour": "yellow"}),
        (at(9, 1), K.INCIDENT_DETECTED, "k-1", "lor", {"by": "posts"}),
        (at(9, 3), K.INCIDENT_REPORTED, "k-1", "lor", {"by": "posts"}),
        (at(9, 3), K.DESK_BEGAN, "k-1", "lor", {}),
        (at(9, 4), K.INCIDENT_HANDLED, "k-1", "lor", {}),
        (at(9, 4), K.APPROVAL_ASKED, "k-1", "lor", {"authority": "kapolda"}),
        (at(9, 7), K.INCIDENT_APPROVED, "k-1", "lor", {"authority": "kapolda"}),
        (at(9, 7), K.UNIT_ORDERED, "dalmas", "polsek", order),
        (at(9, 12), K.UNIT_DEPARTED, "dalmas", "polsek", there),
        (at(9, 22), K.UNIT_ARRIVED, "dalmas", "lor", {"incident": "k-1"}),
        (at(9, 26), K.INCIDENT_FORMED, "k-1", "lor", {"units": ["dalmas"]}),
        (at(9, 26), K.POSTURE_SET, "k-1", "lor", {"posture": "dialogue"}),
        (at(9, 50), K.INCIDENT_CONTROLLED, "k-1", "lor", {}),
        (at(9, 50), K.INCIDENT_CLOSED, "k-1", "lor", {"outcome": "controlled"}),
        (at(9, 50), K.UNIT_RELEASED, "dalmas", "lor", {"incident": "k-1"}),
        (at(9, 50), K.UNIT_DEPARTED, "dalmas", "lor", home),
        (at(10), K.UNIT_ARRIVED, "dalmas", "polsek", {"incident": None}),
        (at(10), K.UNIT_READY, "dalmas", "polsek", {}),
        (
            at(10),
            K.INCIDENT_OPENED,
            "k-2",
            "kidul",
            {**opened, "of": "massa-2", "colour": "red", "priority": 1},
        ),
        (at(11), K.INCIDENT_CLOSED, "k-2", "kidul", {"outcome": "unaided"}),
    ]


def people_lines() -> list[Line]:
    """Harm, force, voting stopped."""

    def harm(minute: float, crowd: str, cause: str, group: str, severity: str, people: int) -> Line:
        values = {"cause": cause, "group": group, "severity": severity, "people": people}
        return at(9, minute), K.HARM, crowd, "lor" if crowd == "massa-1" else "kidul", values

    force = {"means": "irritant", "seconds": 120.0, "indiscriminate": 0.25}
    return [
        (at(9, 5), K.VOTING_STOPPED, "pemungutan", "lor", {"voters": 500}),
        (at(9, 35), K.VOTING_RESUMED, "pemungutan", "lor", {"stopped_s": 1800.0}),
        (at(9, 30), K.FORCE_USED, "massa-1", "lor", force),
        harm(31, "massa-1", "force_irritant", "public", "minor", 2),
        harm(65, "massa-2", "crowd_violence_public", "public", "severe", 1),
        harm(65, "massa-2", "crowd_violence_officer", "officer", "moderate", 3),
    ]


def level_lines() -> list[Line]:
    """Legitimacy and tension at both ends."""
    lines: list[Line] = []
    for t_s, mean, lowest in ((0.0, 0.75, 0.75), (at(13), 0.70, 0.52)):
        lines += [
            (t_s, K.LEGITIMACY_SAMPLED, camp, None, {"mean": mean, "lowest": lowest, "at": "lor"})
            for camp in ("a", "b")
        ]
        tension = {"mean": 1 - mean, "highest": 1 - lowest, "at": "lor"}
        lines.append((t_s, K.TENSION_SAMPLED, "hoax", None, tension))
    return lines


def frame_lines() -> list[Line]:
    """What every run has, with a trigger and no incident."""
    return [
        (0.0, K.RUN_BEGAN, "contoh", None, {"seed": 7, "replication": 0}),
        (at(7), K.PHASE_BEGAN, "pemungutan", None, {}),
        (at(13), K.PHASE_ENDED, "pemungutan", None, {}),
        (at(13), K.PHASE_BEGAN, "penghitungan", None, {}),
        (at(14), K.PHASE_ENDED, "penghitungan", None, {}),
        (at(14), K.RUN_ENDED, "contoh", None, {"outcome": None}),
    ]


def recorded(*lines: Line) -> tuple[Record, ...]:
    """Return the lines as a log in the order of time; the trigger caused the first gathering."""
    gathers = any(kind is K.CROWD_GATHERED for _t, kind, *_rest in lines)
    fired: list[Line] = [(at(8, 55), K.TRIGGER_FIRED, "saksi", "lor", {})] if gathers else []
    ordered = sorted([*fired, *lines], key=lambda line: line[0])
    trigger = next((i for i, line in enumerate(ordered) if line[1] is K.TRIGGER_FIRED), None)
    return tuple(
        Record(i, trigger if line[1] is K.CROWD_GATHERED and line[2] == "massa-1" else None, *line)
        for i, line in enumerate(ordered)
    )


def eventful() -> tuple[Record, ...]:
    """The log told at the head of this file."""
    return recorded(*frame_lines(), *crowd_lines(), *incident_lines(), *people_lines(), *level_lines())


def uneventful() -> tuple[Record, ...]:
    """A run in which nothing happened."""
    return recorded(*frame_lines(), *level_lines()[:3])


def scenario(text: str = SCENARIO) -> Document:
    """Return the scenario as it is read."""
    return load_text(text, "contoh.yaml")


def run_of(records: tuple[Record, ...], text: str = SCENARIO) -> RunData:
    """Return a run as its folder would hold it, but without a summary: the report makes one."""
    source = SourceFile("contoh.yaml", text)
    manifest = Manifest(files=(source,), seed=7, replication=0, versions={"simpy": "4.1.1"}, python="3.11.2")
    return RunData(manifest, records)


def world_of(text: str = SCENARIO) -> World:
    """Return the compiled world."""
    return compile_world(scenario(text).file)
