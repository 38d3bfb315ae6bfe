"""A first scenario to work from: a small regency whose unit types are copied from the catalogue."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kontijensi.scenario.doctrine.catalogue import catalogue, written
from kontijensi.vocabulary.words import _, current_language

USED = (
    "patroli_polsek",
    "bhabinkamtibmas",
    "negosiator",
    "tokoh_masyarakat",
    "dalmas_awal",
    "dalmas_lanjut",
    "awc",
    "gakkum",
    "ambulans",
    "phh_brimob",
    "tni_sst",
)
"""Unit types of the catalogue that the starter copies."""
CHAIN = ("kapolsek", "kapolres", "kapolda", "bupati", "dandim")
"""Authorities that it copies."""

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_ -]*|[0-9.]+ [a-z]+( [0-9.]+ [a-z]+)*")
_SPELT = {"true", "false", "yes", "no", "on", "off", "null", "y", "n", "ya", "tidak"}


def starter() -> str:
    """Return the starter as YAML, in the language spoken now."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("kontijensi.scenario.doctrine", "."),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
    )
    return environment.get_template("starter.yaml.jinja").render(
        _=_,
        q=_quoted,
        flow=flow,
        language=str(current_language()),
        unit_types="\n".join(line for key in USED for line in unit_type_lines(key)),
        authorities="\n".join(_authority_lines()),
        stages="\n".join(_stage_lines()),
        sources="\n".join(_source_lines()),
        evidence="\n".join(_evidence_lines(USED)),
        lead_time={key: flow(_raw_type(key)["lead_time"]) for key in ("phh_brimob", "tni_sst")},
        path={key: flow(_raw_type(key)["authority"]) for key in ("phh_brimob", "tni_sst")},
    )


def flow(value: Any) -> str:
    """Return a plain value on one line of YAML, quoted where it would otherwise be read as something else."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    if isinstance(value, str):
        return value if _PLAIN.fullmatch(value) and value.casefold() not in _SPELT else _quoted(value)
    return json.dumps(value)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _raw_type(key: str) -> Mapping[str, Any]:
    entry = written()["unit_types"][key]
    assert isinstance(entry, Mapping)
    return entry


def unit_type_lines(key: str) -> Iterator[str]:
    """Yield a unit type as lines of a scenario, each figure with its grade and source beside it."""
    entry = catalogue().unit_types[key]
    yield f"  # {entry.about}"
    yield f"  {key}:"
    yield f"    name: {_quoted(str(entry.name))}"
    for field, value in _raw_type(key)["type"].items():
        line = f"    {field}: {flow(value)}"
        yield line if field == "agency" else f"{line}  # {_grade(key, field)}"


def _grade(key: str, field: str) -> str:
    evidence = catalogue().evidence(key, field)
    text = evidence.grade.value if evidence.source is None else f"{evidence.grade.value}, {evidence.source}"
    ends = [str(round(end, 6)).removesuffix(".0") for end in (evidence.low, evidence.high) if end is not None]
    return f"{text} ({'-'.join(ends)})" if ends else text


def _authority_lines() -> Iterator[str]:
    grants = {"kapolda": ["brimob"], "dandim": ["tni"]}
    for key in CHAIN:
        raw = written()["authorities"][key]
        granted = f", grants: {flow(grants[key])}" if key in grants else ""
        what = catalogue().authorities[key].what
        yield f"    {key}: {{name: {_quoted(raw['title'])}, delay: {flow(raw['delay'])}{granted}}}  # {what}"


def _stage_lines() -> Iterator[str]:
    for colour, raw in written()["stages"].items():
        yield f"    # {catalogue().stages[colour].what}"
        parts = {field: raw[field] for field in ("needs", "also", "authority", "priority")}
        yield f"    {colour}: {flow(parts)}"


def _source_lines() -> Iterator[str]:
    for key, text in catalogue().sources.items():
        yield f"  {key}: {_quoted(str(text))}"


def _evidence_lines(keys: Iterable[str]) -> Iterator[str]:
    """Yield the evidence of what was copied, the figures of one grade and source of a type together."""
    for key in keys:
        for field, value in _raw_type(key)["evidence"].items():
            if field != "authority":
                yield f"  unit_types.{key}.{field}: {flow(value)}"
