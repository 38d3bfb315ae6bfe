"""What every section has in common: frozen, strict, no unknown key, and a parameter's pedigree."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema


class Choice(StrEnum):
    """One of a few words. Read from its text, although everything else is read strictly."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Read a member from its word."""
        return core_schema.enum_schema(cls, list(cls), sub_type="str", strict=False)


class Grade(Choice):
    """How well a value is known."""

    MEASURED = "measured"
    LITERATURE = "literature"
    EXPERT = "expert"
    ASSUMED = "assumed"


class Section(BaseModel):
    """A mapping of the scenario file: its keys are fixed, its values strict, and it never changes."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        use_attribute_docstrings=True,
        allow_inf_nan=False,
        arbitrary_types_allowed=False,
    )


def parameter(
    default: float,
    *,
    unit: str,
    low: float,
    high: float,
    grade: Grade = Grade.ASSUMED,
    source: str = "assumed",
) -> Any:
    """Declare a model parameter with its unit, admitted range, evidence grade and source.

    The text under the field is its meaning; the rest travels into the JSON Schema and the report.
    """
    return Field(
        default,
        ge=low,
        le=high,
        json_schema_extra={"unit": unit, "grade": grade.value, "source": source, "range": [low, high]},
    )
