"""Filling a template of a scenario: what it copies from the catalogue has grade and source beside it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kontijensi.authoring.writing import on_one_line
from kontijensi.scenario.doctrine.catalogue import catalogue, written
from kontijensi.vocabulary.words import _, current_language

USED = (
    "patroli_polsek",
    "bhabinkamtibmas",
    "negosiator",
    "tokoh_masyarakat",
    "pejabat_audiensi",
    "dalmas_awal",
    "dalmas_lanjut",
    "awc",
    "gakkum",
    "ambulans",
    "phh_brimob",
    "tni_sst",
)
"""Unit types of the catalogue that the starter copies."""
SCHEMA_FILE = "kontijensi.schema.json"
"""File beside a scenario from which an editor completes and checks it, offline."""
CHAIN = ("kapolsek", "kapolres", "kapolda", "bupati", "dandim")
"""Authorities that it copies."""


def rendered(name: str, **more: Any) -> str:
    """Return a template as YAML, in the language spoken now, with what it copies from the catalogue."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("kontijensi.authoring"),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
    )
    used = tuple(dict.fromkeys((*USED, *more.pop("types", ()))))
    for_editors = f"# yaml-language-server: $schema={SCHEMA_FILE}\n"
    return for_editors + environment.get_template(name).render(
        _=_,
        q=quoted,
        language=str(current_language()),
        unit_types="\n".join(line for key in used for line in unit_type_lines(key)),
        authorities="\n".join(_authority_lines()),
        stages="\n".join(_stage_lines()),
        sources="\n".join(_source_lines()),
        evidence="\n".join(_evidence_lines(used)),
        lead_time={key: on_one_line(_raw_type(key)["lead_time"]) for key in ("phh_brimob", "tni_sst")},
        path={key: on_one_line(_raw_type(key)["authority"]) for key in ("phh_brimob", "tni_sst")},
        **more,
    )


def quoted(text: str) -> str:
    """Return a text in double quotes, as YAML and JSON have it."""
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
    yield f"    name: {quoted(str(entry.name))}"
    for field, value in _raw_type(key)["type"].items():
        line = f"    {field}: {on_one_line(value)}"
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
        granted = f", grants: {on_one_line(grants[key])}" if key in grants else ""
        what = catalogue().authorities[key].what
        parts = f"name: {quoted(raw['title'])}, delay: {on_one_line(raw['delay'])}{granted}"
        yield f"    {key}: {{{parts}}}  # {what}"


def _stage_lines() -> Iterator[str]:
    for colour, raw in written()["stages"].items():
        yield f"    # {catalogue().stages[colour].what}"
        parts = {field: raw[field] for field in ("needs", "also", "authority", "priority")}
        yield f"    {colour}: {on_one_line(parts)}"


def _source_lines() -> Iterator[str]:
    for key, text in catalogue().sources.items():
        yield f"  {key}: {quoted(str(text))}"


def _evidence_lines(keys: Iterable[str]) -> Iterator[str]:
    """Yield the evidence of what was copied, the figures of one grade and source of a type together."""
    for key in keys:
        for field, value in _raw_type(key)["evidence"].items():
            if field != "authority":
                yield f"  unit_types.{key}.{field}: {on_one_line(value)}"
