"""Whether a scenario says how well each of its numbers is known."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from kontijensi.scenario.schema.scenario import ScenarioFile

SECTIONS = (
    "area",
    "phases",
    "community",
    "triggers",
    "posts",
    "unit_types",
    "mutual_aid",
    "command",
    "calls",
)
"""Sections whose numbers must lie under a path of `evidence`."""


def check_assumptions(file: ScenarioFile, path: Path) -> None:
    """Every number lies under a path of `evidence`, and what is assumed has a range."""
    told = file.evidence
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert all(each.source is None or each.source in file.sources for each in told.values())
    for steps, number in numbers(data):
        above = [".".join(steps[:end]) for end in range(len(steps), 0, -1)]
        assert any(each in told for each in above), (above[0], number)
    for name, each in told.items():
        assert (each.low is None) == (each.high is None), name
        if each.low is not None and each.high is not None:
            assert each.low < each.high, name
        else:
            assert each.grade != "assumed", name


def numbers(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield every number of the sections that describe people, trouble, force and roads, with its path."""
    if not path:
        for key in SECTIONS:
            yield from numbers(value.get(key), (key,))
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from numbers(inner, (*path, str(key)))
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            yield from numbers(inner, (*path, str(position)))
    elif not isinstance(value, bool) and (
        isinstance(value, int | float)
        or (isinstance(value, str) and re.fullmatch(r"[\d.]+( ?/| [a-z]+).*", value))
    ):
        yield path, value
