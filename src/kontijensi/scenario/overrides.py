"""Values set from outside, `units.brimob.count=2`: written into a scenario's data before it is checked.

A path's parts are keys, or positions in lists. Ids may hold points, so the longest key that fits is taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from kontijensi.scenario import shape
from kontijensi.scenario.problems import Path, Problem, did_you_mean, some
from kontijensi.scenario.schema.scenario import ScenarioFile
from kontijensi.scenario.whereabouts import Setting
from kontijensi.scenario.yaml_text import read
from kontijensi.vocabulary.words import _, shown

Overrides = Mapping[str, Any] | Iterable[str]
"""Values by path, or texts `path=value`; a value that is text is read as YAML."""


@dataclass(frozen=True, slots=True)
class Override:
    """One value set from outside; `shown` is how problems name it."""

    path: str
    value: Any
    shown: str


def parse_overrides(overrides: Overrides) -> tuple[list[Override], list[Problem]]:
    """Return the overrides with their values read, and what is wrong with the way they are written."""
    found: list[Override] = []
    problems: list[Problem] = []
    pairs: list[tuple[str, Any]] = []
    if isinstance(overrides, Mapping):
        pairs = list(overrides.items())
    else:
        for text in overrides:
            path, equals, value = text.partition("=")
            if equals and path.strip():
                pairs.append((path.strip(), value))
            else:
                message = _("write path=value, for example units.brimob.count=2")
                problems.append(Problem(f"--set {text}", 1, 1, (), message))
    for path, value in pairs:
        if isinstance(value, str) and not value.strip():
            message = _("no value after '='; write for example units.brimob.count=2, or null for none")
            problems.append(Problem(f"--set {path}=", 1, 1, (), message))
            continue
        name = f"--set {path}={value}" if isinstance(value, str) else f"--set {path}"
        if not isinstance(value, str):
            found.append(Override(path, value, name))
            continue
        read_value = read(value, name=name)
        problems += read_value.problems
        if read_value.whole and not read_value.problems:
            found.append(Override(path, read_value.data, name))
    return found, problems


def apply_overrides(data: Any, overrides: Iterable[Override]) -> tuple[Any, list[Setting], list[Problem]]:
    """Return the data with each value set, where each was set, and the paths that lead nowhere.

    The data itself is not changed: what lies on the way is copied.
    """
    settings: list[Setting] = []
    problems: list[Problem] = []
    for override in overrides:
        try:
            path = _steps(override.path, data)
        except _Nowhere as nowhere:
            problems.append(Problem(override.shown, 1, 1, nowhere.path, str(nowhere)))
            continue
        data = _with(data, path, override.value, ScenarioFile)
        settings.append(Setting(override.shown, path))
    return data, settings, problems


class _Nowhere(Exception):  # noqa: N818 - becomes a problem
    """A path that leads nowhere; `path` is the part that does exist."""

    def __init__(self, path: Path, message: str) -> None:
        self.path = path
        super().__init__(message)


def _steps(text: str, data: Any) -> Path:
    """Return the steps of a path; raises _Nowhere with the choices where one does not exist."""
    rest = text.replace("[", ".").replace("]", "")
    at: Any = data
    annotation: Any = ScenarioFile
    path: list[str | int] = []
    while rest:
        annotation = shape.of_value(annotation, at)
        step, rest = _step(rest, at, annotation, tuple(path))
        path.append(step)
        inner = shape.child(annotation, step)
        at = _inside(at, step, annotation)
        annotation = inner
    return tuple(path)


def _step(rest: str, at: Any, annotation: Any, so_far: Path) -> tuple[str | int, str]:
    """Return the first step of what is left of a path, and what is left after it."""
    if isinstance(at, list):
        head, _point, tail = rest.partition(".")
        if head.isascii() and head.isdigit() and int(head) < len(at):
            return int(head), tail
        raise _Nowhere(
            so_far, _("{value}: no such position; the list has {n}").format(value=shown(head), n=len(at))
        )
    known = shape.keys(annotation)
    entries = tuple(str(key) for key in at) if isinstance(at, Mapping) else ()
    free = shape.is_mapping(annotation)
    if not known and not free:
        raise _Nowhere(so_far, _("{value} has no parts; set it as a whole").format(value=shown(at)))
    names = dict.fromkeys((*entries, *(known if not free else shape.choices(_key_type(annotation)))))
    for name in sorted(names, key=len, reverse=True):
        if rest == name or rest.startswith(f"{name}."):
            return name, rest[len(name) + 1 :]
    if (
        free
        and not shape.choices(_key_type(annotation))
        and "." not in rest
        and at is not None
        and _simple(annotation)
    ):
        return rest, ""
    head = rest.partition(".")[0]
    guess = did_you_mean(rest, names) or did_you_mean(head, names)
    if guess is not None:
        raise _Nowhere(
            so_far,
            _("{value}: no such key; did you mean {guess}?").format(value=shown(head), guess=shown(guess)),
        )
    raise _Nowhere(
        so_far,
        _("{value}: no such key; choose from {choices}").format(
            value=shown(head), choices=some(sorted(names), 20) or _("nothing: it is empty")
        ),
    )


def _key_type(annotation: Any) -> Any:
    return shape.parts(annotation)[0]


def _simple(annotation: Any) -> bool:
    """Whether the entries are plain values, so that a new one can be set by its path."""
    inner = shape.parts(annotation)[1]
    return shape.section(inner) is None and not shape.members(inner) and not shape.parts(inner)


def _inside(at: Any, step: str | int, annotation: Any) -> Any:
    """Return what stands under a step: as written, or the default as it would be written."""
    if isinstance(at, list):
        return at[int(step)]
    if isinstance(at, Mapping) and step in at:
        return at[step]
    return _default(annotation, step)


def _default(annotation: Any, step: str | int) -> Any:
    model = shape.section(annotation)
    field = model.model_fields.get(str(step)) if model is not None else None
    if field is None or field.is_required():
        return None
    return _written(field.get_default(call_default_factory=True, validated_data={}))


def _written(value: Any) -> Any:
    """Return a default the way a scenario writes it."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_unset=True)
    if isinstance(value, dict):
        return {str(key): _written(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_written(inner) for inner in value]
    return value


def _with(at: Any, path: Path, value: Any, annotation: Any) -> Any:
    """Return a copy of `at` with the value at a path; defaults on the way are written out."""
    if not path:
        return value
    step, rest = path[0], path[1:]
    annotation = shape.of_value(annotation, at)
    inner = _with(_inside(at, step, annotation), rest, value, shape.child(annotation, step))
    if isinstance(at, list):
        return [inner if i == step else item for i, item in enumerate(at)]
    return {**(at if isinstance(at, Mapping) else {}), step: inner}
