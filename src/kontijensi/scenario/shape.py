"""The schema as a map: which section, mapping or list stands at a path, and what may be written there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import Tag

from kontijensi.scenario.problems import Path
from kontijensi.scenario.schema.sections import Section

Annotation = Any
"""A type as the schema writes it: a section, dict[...], list[...], a union of sections, or a plain type."""

MARKERS = ("do", "dist")
"""Keys whose word tells which of several sections is meant."""


def _origin(annotation: Annotation) -> Any:
    return get_origin(annotation)


def bare(annotation: Annotation) -> Annotation:
    """Return an annotation without `Annotated` and without `None`."""
    while _origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if _origin(annotation) in (Union, UnionType):
        members = [member for member in get_args(annotation) if member is not NoneType]
        if len(members) == 1:
            return bare(members[0])
    return annotation


def section(annotation: Annotation) -> type[Section] | None:
    """Return the section that an annotation names, or None when it names something else."""
    annotation = bare(annotation)
    return annotation if isinstance(annotation, type) and issubclass(annotation, Section) else None


def members(annotation: Annotation) -> dict[str, Annotation]:
    """Return the sections of a union by the word that tells them apart; empty when it is no union."""
    annotation = bare(annotation)
    if _origin(annotation) not in (Union, UnionType):
        return {}
    found: dict[str, Annotation] = {}
    for member in get_args(annotation):
        if word := _word(member):
            found[word] = member
    return found


def _word(member: Annotation) -> str | None:
    """Return the word that tells a union's member apart: of its `do` or `dist`, or its tag."""
    model = section(member)
    if model is not None:
        for marker in MARKERS:
            if marker in model.model_fields:
                return str(get_args(model.model_fields[marker].annotation)[0])
    for extra in get_args(member)[1:] if _origin(member) is Annotated else ():
        if isinstance(extra, Tag):
            return extra.tag
    return None


def marker(annotation: Annotation) -> str | None:
    """Return the key (`do` or `dist`) that tells a union's sections apart, or None."""
    for member in members(annotation).values():
        model = section(member)
        for name in MARKERS:
            if model is not None and name in model.model_fields:
                return name
    return None


def of_value(annotation: Annotation, value: object) -> Annotation:
    """Return the member of a union that a value is meant for; the annotation itself when it is no union."""
    choices = members(annotation)
    if not choices:
        return bare(annotation)
    key = marker(annotation)
    if key is None:
        return bare(choices["by_hour"] if isinstance(value, Mapping) else choices["steady"])
    word = value.get(key) if isinstance(value, Mapping) else None
    return bare(choices[word]) if isinstance(word, str) and word in choices else bare(annotation)


def child(annotation: Annotation, step: str | int) -> Annotation | None:
    """Return what stands under a key or position, or None when there is no such thing."""
    annotation = bare(annotation)
    model = section(annotation)
    if model is not None:
        field = model.model_fields.get(step) if isinstance(step, str) else None
        return None if field is None else field.annotation
    origin, inner = _origin(annotation), get_args(annotation)
    if origin is dict and isinstance(step, str):
        return inner[1]
    if origin is list and isinstance(step, int):
        return inner[0]
    return None


def keys(annotation: Annotation) -> tuple[str, ...]:
    """Return the keys that may stand in a section; of all its sections together for a union."""
    models = [section(annotation), *map(section, members(annotation).values())]
    return tuple(dict.fromkeys(name for model in models if model is not None for name in model.model_fields))


def parts(annotation: Annotation) -> tuple[Annotation, ...]:
    """Return the types of a mapping's keys and entries, or of a list's items; empty otherwise."""
    annotation = bare(annotation)
    return get_args(annotation) if _origin(annotation) in (dict, list) else ()


def is_mapping(annotation: Annotation) -> bool:
    """Whether the keys are free: entries by id."""
    return _origin(bare(annotation)) is dict


def choices(annotation: Annotation) -> tuple[str, ...]:
    """Return the words that may be written where there is a choice of words; empty otherwise."""
    annotation = bare(annotation)
    if _origin(annotation) is Literal:
        return tuple(str(word) for word in get_args(annotation))
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return tuple(str(member.value) for member in annotation)
    return ()


def as_written(
    location: Iterable[str | int], data: object, root: type[Section]
) -> tuple[Path, Annotation, bool]:
    """Return the document's path for a validator's location, what stands there, and whether its key is meant.

    A validator names the member of a union on the way; the document does not.
    """
    annotation: Annotation = root
    at = data
    path: list[str | int] = []
    steps = list(location)
    key = bool(steps) and steps[-1] == "[key]"
    for step in steps[:-2] if key else steps:
        if (union := members(annotation)) and step in union:
            annotation = union[str(step)]
            continue
        if not isinstance(at, Mapping | list):
            break  # a bare value that stands for a section: `turn_out: 5 min`
        path.append(step)
        if isinstance(at, Mapping):
            at = at.get(str(step))
        else:
            at = at[step] if isinstance(step, int) and step < len(at) else None
        annotation = child(annotation, step)
    # What belongs at a key is told by the mapping that it stands in.
    return (*path, *steps[-2:-1]) if key else tuple(path), annotation, key
