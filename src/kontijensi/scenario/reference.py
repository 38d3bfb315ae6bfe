"""The reference of the scenario language, generated from its schema: for readers, and for editors."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from inspect import get_annotations
from typing import Annotated, Any, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt, MaxLen, MinLen
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from kontijensi.scenario import shape
from kontijensi.scenario.schema import forms
from kontijensi.scenario.schema.scenario import ScenarioFile, json_schema
from kontijensi.scenario.schema.sections import Section
from kontijensi.vocabulary.durations import format_duration

_NAMED: Mapping[str, str] = {
    "Id": "id",
    "Words": "text",
    "Duration": "duration",
    "Clock": "clock time",
    "LocalTime": "date and time",
    "Rate": "rate",
    "RateOrNone": "rate, or 0/h",
    "Share": "share",
    "Delay": "duration or distribution",
    "Size": "number or distribution",
    "Occurrence": "rate, or rates by hour",
}
"""Forms of the language, by the name the schema gives their annotated types."""

_PLAIN: Mapping[object, str] = {str: "text", int: "whole number", float: "number", bool: "true or false"}

_HEAD = (
    "| key | type | unit | default | range | grade | source | meaning |\n|---|---|---|---|---|---|---|---|"
)


def reference() -> str:
    """Return the reference as Markdown: a table for each section, from the scenario's own keys down."""
    parts = [
        "# The scenario language, version 1",
        "Generated from the schema. A key without a default is needed. Grades say how well a default is "
        "known: `measured`, `literature`, `expert` or `assumed`.",
    ]
    for title, model in sections():
        rows = [_row(name, field, model) for name, field in model.model_fields.items()]
        parts.append(f"## {title}\n\n{_plain(model.__doc__ or '')}\n\n{_HEAD}\n" + "\n".join(rows))
    return "\n\n".join(parts) + "\n"


def schema_text() -> str:
    """Return the JSON Schema of the language as the text of a file."""
    return json.dumps(json_schema(), indent=2) + "\n"


def sections() -> Iterator[tuple[str, type[Section]]]:
    """Yield every section of the language once, with the path or the word it is found under."""
    seen: set[str] = set()
    waiting: list[tuple[str, type[Section]]] = [("The scenario", ScenarioFile)]
    while waiting:
        title, model = waiting.pop(0)
        name = model.__name__.split("[")[0]
        if name in seen:
            continue
        seen.add(name)
        yield title, model
        path = "" if model is ScenarioFile else title.strip("`")
        for key, field in model.model_fields.items():
            waiting += _inner(f"{path}.{key}" if path else key, field.annotation)


def _inner(path: str, annotation: Any) -> Iterator[tuple[str, type[Section]]]:
    annotation = shape.bare(annotation)
    if (model := shape.section(annotation)) is not None:
        yield f"`{path}`", model
    for word, member in shape.members(annotation).items():
        if (model := shape.section(member)) is not None:
            marker = shape.marker(annotation)
            # The seven distributions stand in many places: they are known by their word.
            yield (
                (
                    f"`{path}`"
                    if marker is None
                    else f"`{marker}: {word}`"
                    if marker == "dist"
                    else f"`{path}` with `{marker}: {word}`"
                ),
                model,
            )
    inner = shape.parts(annotation)
    if inner:
        yield from _inner(f"{path}.<id>" if len(inner) == 2 else f"{path}[]", inner[-1])


def _row(name: str, field: FieldInfo, model: type[Section]) -> str:
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    form = _name_of_form(name, model)
    cells = (
        f"`{name}`",
        form or _type(field.annotation),
        str(extra.get("unit", "")),
        _default(field, form),
        _range(field),
        str(extra.get("grade", "")),
        str(extra.get("source", "")),
        _plain(field.description or ""),
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _name_of_form(name: str, model: type[Section]) -> str | None:
    """Return what a form of the language is called, when the schema writes a field with one."""
    for owner in model.__mro__:
        written = get_annotations(owner).get(name)
        if written is not None:
            return _NAMED.get(str(written).split(" |")[0])
    return None


def _type(annotation: Any) -> str:
    """Return what may be written where there is no form of its own."""
    annotation = shape.bare(annotation)
    inner = shape.parts(annotation)
    if words := shape.choices(annotation):
        return " / ".join(f"`{word}`" for word in words)
    if shape.section(annotation) is not None:
        return "section"
    if len(inner) == 2:
        return f"mapping of {_element(inner[0])} to {_element(inner[1])}"
    if inner:
        return f"list of {_element(inner[0])}"
    if sections_of := shape.members(annotation):
        return "one of: " + ", ".join(sections_of)
    return _PLAIN.get(annotation, "value")


def _element(annotation: Any) -> str:
    named = (word for name, word in _NAMED.items() if getattr(forms, name, None) == annotation)
    return next(named, None) or _type(annotation)


def _default(field: FieldInfo, form: str | None) -> str:
    if field.is_required():
        return "needed"
    value = field.get_default(call_default_factory=True, validated_data={})
    if value is None:
        return "none"
    if form == "duration" and isinstance(value, int | float):
        return format_duration(value)
    return _written(value) if value not in ("", [], {}) else "empty"


def _written(value: object) -> str:
    match value:
        case BaseModel():
            written = value.model_dump(mode="json", exclude_unset=True)
            return f"`{written}`" if written else "its defaults"
        case dict():
            return ", ".join(f"{key}: {_written(inner)}" for key, inner in value.items())
        case list():
            return ", ".join(map(_written, value))
        case bool():
            return f"`{str(value).lower()}`"
        case _:
            return f"`{value}`"


def _range(field: FieldInfo) -> str:
    signs: list[str] = []
    for limit in _limits(field):
        match limit:
            case Ge():
                signs.append(f"≥ {limit.ge:.15g}")
            case Gt():
                signs.append(f"> {limit.gt:.15g}")
            case Le():
                signs.append(f"≤ {limit.le:.15g}")
            case Lt():
                signs.append(f"< {limit.lt:.15g}")
            case MinLen():
                signs.append(f"at least {limit.min_length}")
            case MaxLen():
                signs.append(f"at most {limit.max_length}")
            case _:
                pass
    return ", ".join(signs)


def _limits(field: FieldInfo) -> Iterator[object]:
    yield from field.metadata
    # `Annotated[int, ...] | None` keeps its limits inside.
    for member in get_args(field.annotation):
        if get_origin(member) is Annotated:
            for part in get_args(member)[1:]:
                yield from part.metadata if isinstance(part, FieldInfo) else (part,)


def _plain(text: str) -> str:
    return " ".join(text.split())


__all__ = ["json_schema", "reference", "schema_text", "sections"]
