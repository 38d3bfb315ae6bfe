"""A small scenario without fault, and a way to put one fault into it and know where it stands."""

# ruff: noqa: E501 - the lines of a scenario are as long as planners write them

from __future__ import annotations

from kontijensi.scenario.document import load_text
from kontijensi.scenario.problems import Problem, ScenarioError, Severity, path_text

BASE = """\
kontijensi: 1
name: Kota kecil
start: 2023-07-05 06:00
horizon: 1 d
area:
  zones: {merah: {risk: 3}}
  places:
    polres: {kind: polres, lat: -7.70, lon: 110.60}
    tps-1: {kind: tps, lat: -7.71, lon: 110.61, voters: 300, zone: merah, district: Utara}
  roads:
    edges:
      - {between: [polres, tps-1], length_km: 2}
phases:
  pungut: {kind: voting, start: 2023-07-05 07:00, end: 2023-07-05 13:00, exposes: [tps]}
  hitung: {kind: counting, start: 2023-07-05 13:00, end: 2023-07-05 20:00, exposes: [tps]}
community:
  channels: {hoax: {}}
  camps: {a: {share: 0.5}, b: {share: 0.5}}
  observers:
    warga: {kind: citizen, report_delay: 5 min}
triggers:
  protes:
    rate: 1/d
    phases: [hitung]
    effects:
      - {do: gather_crowd, size: 100, stays: 1 h}
unit_types:
  dalmas: {agency: police, capabilities: [presence, dialogue, line, arrest], personnel: 30, turn_out: 5 min}
units:
  regu: {type: dalmas, base: polres, count: 2, shifts: [{start: '06:00', end: '18:00'}, {start: '18:00', end: '06:00'}]}
posts:
  jaga: {places: {kinds: [tps]}, by_zone: {merah: {police: 8}}}
roll: {police: 100}
mutual_aid:
  bantuan: {type: dalmas, count: 1, arrives_at: polres, authority: kapolres, lead_time: 1 h}
command:
  authorities: {kapolres: {delay: 10 min}}
calls:
  patroli: {rate: 2/h, needs: {presence: 1}, on_scene: 10 min}
standards:
  cepat: {capability: line, within: 30 min}
"""

MARK = "§"
"""Stands where a problem is expected; it is taken out before the text is read."""


def with_fault(old: str, new: str, text: str = BASE) -> tuple[str, int, int]:
    """Return the text with one part replaced, and the line and column of the mark in it."""
    assert text.count(old) == 1, (old, text.count(old))
    marked = text.replace(old, new)
    assert marked.count(MARK) == 1
    before = marked[: marked.index(MARK)]
    return marked.replace(MARK, ""), before.count("\n") + 1, len(before.rsplit("\n", 1)[-1]) + 1


def problems_of(
    text: str | bytes, files: dict[str, str | bytes] | None = None, **options: object
) -> list[Problem]:
    """Return everything found in a scenario, in English: the errors it raises, or the notes of one that loads."""
    try:
        return list(load_text(text, "kota.yaml", files, language="en", **options).notes)  # type: ignore[arg-type]
    except ScenarioError as error:
        return list(error.problems)


def errors_of(
    text: str | bytes, files: dict[str, str | bytes] | None = None, **options: object
) -> list[Problem]:
    return [p for p in problems_of(text, files, **options) if p.severity is Severity.ERROR]


def one(problems: list[Problem]) -> Problem:
    assert len(problems) == 1, "\n".join(map(str, problems)) or "nothing was found"
    return problems[0]


def said(problem: Problem) -> str:
    """Return path and message, as a reader sees them."""
    return f"{path_text(problem.path)}: {problem.message}"
