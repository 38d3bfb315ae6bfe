"""A scenario from its files: read, set from outside, held against the schema, and checked across its parts.

Every problem is found before any is raised. Where a part is wrong it is set aside, so that the rest can still
be checked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from kontijensi.scenario import shape
from kontijensi.scenario.beside import Folder, read_file
from kontijensi.scenario.bundle import is_bundle, unpack
from kontijensi.scenario.checks import inspect
from kontijensi.scenario.checks.survey import Survey
from kontijensi.scenario.network import RoadData, joined, read_network, unpacked
from kontijensi.scenario.outlines import Outline, read_outlines
from kontijensi.scenario.overrides import Overrides, apply_overrides, parse_overrides
from kontijensi.scenario.problems import Path as Steps
from kontijensi.scenario.problems import Problem, ScenarioError, Severity, did_you_mean, in_order
from kontijensi.scenario.schema.scenario import ScenarioFile
from kontijensi.scenario.tables import Table, read_places
from kontijensi.scenario.whereabouts import PLACES, Whereabouts
from kontijensi.scenario.wording import explain, findings
from kontijensi.scenario.yaml_text import read
from kontijensi.vocabulary.system import system_reason
from kontijensi.vocabulary.words import (
    _,
    choose_language,
    chosen_language,
    current_language,
    shown,
    use_language,
)

MOST = 500
"""Faults of the schema told one by one; a shifted column has one in every row."""
ROUNDS = 12
"""How often wrong parts are set aside before the rest is given up."""

_STAND_INS: Mapping[str, Any] = {
    "kontijensi": 1,
    "name": "-",
    "start": "2000-01-01 00:00",
    "horizon": "400 d",
    "area": {"roads": {"synthetic": {}}},
}
"""Put in the place of what a scenario cannot be without, while the rest of it is checked."""


@dataclass(frozen=True, slots=True)
class Document:
    """A scenario that may be rehearsed.

    `texts` holds every file read, by its name relative to the scenario's folder, and `sha256` is taken over
    them; `notes` are the warnings and notes of the checks; `overrides` are the values set from outside.
    """

    file: ScenarioFile
    path: Path | None
    texts: Mapping[str, bytes]
    sha256: str
    notes: tuple[Problem, ...]
    overrides: Mapping[str, Any]
    outlines: tuple[Outline, ...] = ()


def load(
    path: str | Path, *, overrides: Overrides = (), seed: int | None = None, language: str | None = None
) -> Document:
    """Read a scenario and everything it names, from its file or from a bundle.

    `overrides` are values by path, or texts `units.brimob.count=2`; `seed` replaces the scenario's own;
    `language` is that of the messages. Raises ScenarioError with every problem found.
    """
    path = Path(path)
    spoken = choose_language(language or chosen_language())
    with use_language(spoken):
        try:
            text = read_file(path, path.name or str(path))
            packed = unpack(text) if is_bundle(text) else None
        except (OSError, ValueError) as error:
            raise ScenarioError([_unreadable(path, error)], spoken) from None
    if packed is not None:
        beside = Folder(files=packed.files)
        return _document(packed.text, packed.name, beside, path, overrides, seed, language)
    return _document(text, path.name, Folder(path=path.parent), path, overrides, seed, language)


def load_text(
    text: str | bytes,
    name: str = "scenario.yaml",
    files: Mapping[str, str | bytes] | None = None,
    *,
    overrides: Overrides = (),
    seed: int | None = None,
    language: str | None = None,
) -> Document:
    """Read a scenario given as text, with the files beside it as texts too.

    Raises ScenarioError with every problem found.
    """
    beside = {key: _bytes(value) for key, value in (files or {}).items()}
    return _document(_bytes(text), name, Folder(files=beside), None, overrides, seed, language)


def _bytes(text: str | bytes) -> bytes:
    return text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text


def _unreadable(path: Path, error: Exception) -> Problem:
    if isinstance(error, FileNotFoundError):
        folder = path.parent
        there = [p.name for p in folder.iterdir()] if folder.is_dir() else []
        guess = did_you_mean(path.name, there)
        message = _("no such file")
        fix = None
        if guess is not None:
            fix = _("Did you mean {guess}?").format(guess=shown(guess))
        return Problem(str(path), 1, 1, (), message, fix=fix)
    reason = system_reason(error) if isinstance(error, OSError) else str(error)
    return Problem(str(path), 1, 1, (), _("the file cannot be read: {reason}").format(reason=reason))


def _document(
    text: bytes,
    name: str,
    folder: Folder,
    path: Path | None,
    overrides: Overrides,
    seed: int | None,
    language: str | None,
) -> Document:
    reading = _Reading(text, name, folder)
    with use_language(language or chosen_language() or reading.language()):
        if reading.problems:
            # Read again: these messages came before the language was known.
            reading = _Reading(text, name, folder)
        file = reading.build(overrides, seed)
        problems, spoken = in_order(reading.problems), current_language()
    if file is None or any(problem.severity is Severity.ERROR for problem in problems):
        # Advice about a scenario that cannot be used would only hide why it cannot.
        matter = [problem for problem in problems if problem.severity is not Severity.NOTE]
        if not any(_of_the_file(problem) for problem in matter if problem.severity is Severity.ERROR):
            # What is wrong was set from outside: advice about the file itself was heard before.
            matter = [problem for problem in matter if not _of_the_file(problem)]
        raise ScenarioError(matter, spoken)
    return Document(
        file=file,
        path=path,
        texts=MappingProxyType(dict(reading.texts)),
        sha256=_digest(reading.texts),
        notes=problems,
        overrides=MappingProxyType(dict(reading.set_values)),
        outlines=reading.outlines,
    )


def _of_the_file(problem: Problem) -> bool:
    return not problem.file.startswith("--set ")


def _digest(texts: Mapping[str, bytes]) -> str:
    """Return the SHA-256 over names and contents, in the order of the names."""
    whole = hashlib.sha256()
    for name in sorted(texts):
        # Lengths go in as well, so that no two sets of files run together into the same bytes.
        whole.update(f"{len(name)}:{name}:{len(texts[name])}:".encode())
        whole.update(texts[name])
    return whole.hexdigest()


class _Reading:
    """One scenario being read: its data as it grows, where each part stands, and what is wrong so far."""

    def __init__(self, text: bytes, name: str, folder: Folder) -> None:
        self.text = read(text, name=name)
        self.folder = folder
        self.texts: dict[str, bytes] = {name: text}
        self.problems: list[Problem] = list(self.text.problems)
        self.outlines: tuple[Outline, ...] = ()
        self.roads: RoadData | None = None
        self.set_values: dict[str, Any] = {}
        self.data: Any = self.text.data
        self.where = Whereabouts(self.text)
        self.complete = True

    def language(self) -> str:
        """Return the language to speak, when nobody chose one: the scenario's own, if it names one."""
        word = self.data.get("language") if isinstance(self.data, Mapping) else None
        return choose_language(None, word if word in {"id", "en"} else None)

    def build(self, overrides: Overrides, seed: int | None) -> ScenarioFile | None:
        """Return the scenario, or None; what is wrong is in `problems`."""
        values, problems = parse_overrides(overrides)
        self.problems += problems
        if not self.text.whole:
            return None
        if not isinstance(self.data, Mapping):
            message = _("a scenario is keys and values, such as 'kontijensi: 1'")
            self.problems.append(self.where.problem((), message))
            return None
        self._read_beside()
        self._set(values, seed)
        file, whole = self._validated()
        if file is not None:
            if self.roads is not None and file.area.roads.file is not None:
                file.area.roads.hold(joined(self.roads, file.area.places))
            self.problems += inspect(Survey(file, self.data, self.where, whole=whole and self.complete))
        return file if whole else None

    def _set(self, values: list[Any], seed: int | None) -> None:
        self.data, settings, problems = apply_overrides(self.data, values)
        self.problems += problems
        self.set_values = {value.path: value.value for value in values}
        if seed is not None:
            self.data = {**self.data, "seed": seed}
        self.where = Whereabouts(self.text, self.where.rows, settings)

    def _read_beside(self) -> None:
        """Read the files that the area names, and add their places to those written in the scenario."""
        area = self.data.get("area")
        if not isinstance(area, Mapping):
            return
        content = self._file(area, "area", "places_file")
        if content is not None:
            table = read_places(content, name=str(area["places_file"]))
            self.problems += table.problems
            self._merge(area, table)
            self.complete = not table.problems
        content = self._file(area, "area", "outlines")
        if content is not None:
            self.outlines, problems = read_outlines(content, name=str(area["outlines"]))
            self.problems += problems
        roads = area.get("roads")
        content = self._file(roads, "area", "roads", "file") if isinstance(roads, Mapping) else None
        if content is not None and isinstance(roads, Mapping):
            self.roads, problems = read_network(content, name=str(roads["file"]))
            self.problems += problems
            self.complete = self.complete and self.roads is not None

    def _file(self, section: Mapping[str, Any], *path: str) -> bytes | None:
        """Return the content of the file that a section names, unpacked; keep it with the scenario."""
        name = section.get(path[-1])
        if not isinstance(name, str):
            return None
        try:
            content = unpacked(self.folder.read(name))
        except ValueError as error:
            self.problems.append(self.where.problem(path, str(error)))
            return None
        self.texts[name] = content
        return content

    def _merge(self, area: Mapping[str, Any], table: Table) -> None:
        inline = area.get("places", {})
        if not isinstance(inline, Mapping):
            return
        rows = {key: row for key, row in table.rows.items() if key not in inline}
        for key in table.rows.keys() & inline.keys():
            row = table.rows[key]
            message = _("the place {id} stands in {file}, line {line}, too").format(
                id=shown(key), file=row.file, line=row.line
            )
            fix = _("Delete one of the two, or give one another id.")
            self.problems.append(self.where.problem((*PLACES, key), message, fix=fix, key=True))
        places = {**inline, **{key: table.places[key] for key in rows}}
        self.data = {**self.data, "area": {**area, "places": places}}
        self.where = Whereabouts(self.text, rows)

    def _validated(self) -> tuple[ScenarioFile | None, bool]:
        """Return the scenario and whether it is whole; wrong parts are set aside until the rest holds."""
        data = self.data
        whole = True
        for attempt in range(ROUNDS):
            try:
                return ScenarioFile.model_validate(data), whole
            except ValidationError as error:
                whole = False
                found = findings(error, data)
                if attempt == 0:
                    self.problems += [explain(finding, self.where, data) for finding in found[:MOST]]
                data = _without(data, error)
        return None, False


def _without(data: Any, error: ValidationError) -> Any:
    """Return the data without the parts that an error is about."""
    for entry in error.errors(include_url=False, include_context=False):
        path, _annotation, _key = shape.as_written(entry["loc"], data, ScenarioFile)
        kind = entry["type"]
        if kind == "missing":
            path = path[:-1] if len(path) > 1 else path
        # Positions in a list would shift: the whole list goes instead.
        first = next((i for i, step in enumerate(path) if isinstance(step, int)), len(path))
        data = _cut(data, path[:first], required=kind == "missing")
    return data


def _cut(data: Any, path: Steps, *, required: bool) -> Any:
    """Return a copy without the value at a path; what a scenario cannot be without is replaced instead."""
    if not path or not isinstance(data, Mapping):
        return data
    step, rest = path[0], path[1:]
    if rest and isinstance(data.get(str(step)), Mapping):
        inner = _cut(data[str(step)], rest, required=required)
        return {**data, step: inner}
    if step in _STAND_INS and (required or step in data) and data.get(str(step)) != _STAND_INS[str(step)]:
        return {**data, step: _STAND_INS[str(step)]}
    return {key: value for key, value in data.items() if key != step}
