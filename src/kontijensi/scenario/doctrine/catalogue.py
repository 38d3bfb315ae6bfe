"""The built-in catalogue: unit types, stages and authorities, with an evidence grade for each figure.

It is held by the same schema as a scenario, so that whatever is copied from it loads.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any, Self

from pydantic import model_validator

from kontijensi.scenario.schema.command import Authority, Stage
from kontijensi.scenario.schema.distributions import Delay
from kontijensi.scenario.schema.force import UnitType
from kontijensi.scenario.schema.forms import AuthorityPath, Id, Name, Words
from kontijensi.scenario.schema.scenario import Evidence
from kontijensi.scenario.schema.sections import Section
from kontijensi.scenario.yaml_text import read
from kontijensi.vocabulary.words import Language, current_language

CATALOGUE = files("kontijensi.scenario.doctrine") / "catalogue.yaml"
NO_FIGURES = frozenset({"name", "agency", "after"})
"""Fields of a unit type that are no figures: they say what it is."""


class Bilingual(Section):
    """A text in both languages."""

    id: Words
    en: Words

    def __str__(self) -> str:
        """Return it in the language spoken now."""
        return self.id if current_language() is Language.ID else self.en


class _Graded(Section):
    """Something sent by somebody's leave, with an evidence grade for its figures."""

    authority: AuthorityPath
    """Who agrees before it is sent, in order; empty where nobody is asked."""
    evidence: dict[Id, Evidence]


class UnitEntry(_Graded):
    """A kind of unit in the catalogue."""

    name: Bilingual
    about: Bilingual
    """What it is for, in doctrine's words."""
    lead_time: Delay | None = None
    """For help from outside: from the agreement until it is there."""
    type: UnitType


class StageEntry(_Graded):
    """The force that goes with a colour."""

    what: Bilingual
    needs: dict[str, int]
    also: dict[str, int]
    priority: int

    @property
    def stage(self) -> Stage:
        """The stage as a scenario has it."""
        written = {
            "needs": self.needs,
            "also": self.also,
            "authority": self.authority,
            "priority": self.priority,
        }
        return Stage.model_validate(written)


class AuthorityEntry(Section):
    """Someone in the chain of command."""

    title: Name
    what: Bilingual
    delay: Delay

    @property
    def authority(self) -> Authority:
        """The authority as a scenario has it."""
        return Authority(name=self.title, delay=self.delay)


class Catalogue(Section):
    """Everything to copy from."""

    sources: dict[Id, Bilingual]
    usually: dict[Id, Evidence]
    """Grades of figures for which an entry gives none of its own."""
    authorities: dict[Id, AuthorityEntry]
    stages: dict[Id, StageEntry]
    unit_types: dict[Id, UnitEntry]

    def evidence(self, unit_type: str, figure: str) -> Evidence:
        """Return how well a figure of a unit type is known. Raises KeyError where nobody has said."""
        own = self.unit_types[unit_type].evidence
        return own[figure] if figure in own else self.usually[figure]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        """Refuse a figure without a grade, and names that stand for nothing."""
        for key, entry in self.unit_types.items():
            figures = {*entry.type.model_fields_set - NO_FIGURES, "stages", "authority"}
            figures |= set() if entry.lead_time is None else {"lead_time"}
            if bare := sorted(figures - entry.evidence.keys() - self.usually.keys()):
                raise ValueError(f"{key}: no evidence for {', '.join(bare)}")
            if stray := sorted(entry.evidence.keys() - figures):
                raise ValueError(f"{key}: evidence for {', '.join(stray)}, which it does not give")
        entries = (*self.unit_types.values(), *self.stages.values())
        named = {authority for entry in entries for authority in entry.authority}
        if lost := sorted(named - self.authorities.keys()):
            raise ValueError(f"authorities that are not there: {', '.join(lost)}")
        graded = [evidence for entry in entries for evidence in entry.evidence.values()]
        cited = {evidence.source for evidence in (*graded, *self.usually.values())}
        if lost := sorted(str(source) for source in cited - self.sources.keys() - {None}):
            raise ValueError(f"sources that are not there: {', '.join(lost)}")
        return self


@cache
def written() -> dict[str, Any]:
    """Return the catalogue as it is written, before anything is read into it: what a scenario copies."""
    text = read(CATALOGUE.read_bytes(), name="catalogue.yaml")
    assert not text.problems, text.problems
    data = text.data
    assert isinstance(data, dict)
    return data


@cache
def catalogue() -> Catalogue:
    """Return the built-in catalogue."""
    return Catalogue.model_validate(written())
