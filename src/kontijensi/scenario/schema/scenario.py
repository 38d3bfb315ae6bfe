"""The scenario as a whole: one YAML file, version 1 of the language."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, field_validator

from kontijensi.scenario.schema.area import Area
from kontijensi.scenario.schema.command import Command
from kontijensi.scenario.schema.community import Community
from kontijensi.scenario.schema.crowd import CrowdParameters
from kontijensi.scenario.schema.fires import Fires
from kontijensi.scenario.schema.force import Agency, MutualAid, Posts, RollClaim, UnitGroup, UnitType
from kontijensi.scenario.schema.forms import Duration, Id, LocalTime, Name, Words
from kontijensi.scenario.schema.medical import Medical
from kontijensi.scenario.schema.phases import Phase
from kontijensi.scenario.schema.sections import Grade, Section
from kontijensi.scenario.schema.service import Calls, ResponseTarget, Standard
from kontijensi.scenario.schema.storyline import Trigger
from kontijensi.vocabulary.words import _


class Evidence(Section):
    """How well one value of this scenario is known."""

    grade: Grade
    """`measured`, `literature`, `expert` or `assumed`."""
    source: Words | None = None
    """Where it comes from."""
    low: float | None = None
    """Low end of the range it may have."""
    high: float | None = None
    """High end of that range."""
    note: Words | None = None
    """Anything a reader should know about it."""


class ScenarioFile(Section):
    """A scenario: an area, an election's phases, what can go wrong, and who is on duty."""

    kontijensi: Literal[1]
    """Version of the scenario language."""
    name: Name
    """Title of the rehearsal."""
    description: Words = ""
    """What it rehearses, for the reader of the report."""
    language: Literal["id", "en"] = "id"
    """Language of the report and the messages; `--lang` overrides it."""
    sources: dict[Id, Words] = {}
    """Sources that `evidence` may name."""
    seed: Annotated[int, Field(ge=0, le=2**63 - 1)] = 1
    """Seed of the random streams; `--seed` overrides it."""
    start: LocalTime
    """When the rehearsal begins, on the area's own clock."""
    horizon: Duration
    """How long it lasts."""
    crowd_tick: Duration = 10.0
    """Time step of crowds that are present, 1 s to 60 s."""
    area: Area
    """Places and roads."""
    phases: dict[Id, Phase] = {}
    """The election's phases, in order."""
    community: Community = Community()
    """Tension, legitimacy, camps, observers, programmes."""
    crowd: CrowdParameters = CrowdParameters()
    """Parameters of the crowd rule."""
    triggers: dict[Id, Trigger] = {}
    """What can go wrong, by id."""
    unit_types: dict[Id, UnitType] = {}
    """Kinds of units, by id."""
    units: dict[Id, UnitGroup] = {}
    """The roster, by id."""
    posts: dict[Id, Posts] = {}
    """Guards posted at places, by id."""
    roll: dict[Agency, Annotated[int, Field(ge=0, le=1_000_000)]] = {}
    """People there are, by agency: what posts and units may draw on."""
    roll_claims: dict[Id, RollClaim] = {}
    """What sources say of the roll, by id, such as two Linmas a station: held against roll and stations."""
    mutual_aid: dict[Id, MutualAid] = {}
    """Help that may be asked for, by id."""
    command: Command = Command()
    """How command works."""
    calls: dict[Id, Calls] = {}
    """Ordinary calls, by id."""
    medical: Medical | None = None
    """What becomes of those who are hurt; nobody is carried when left out."""
    fires: Fires = Fires()
    """How fires behave that triggers or red situations set."""
    standards: dict[Id, Standard] = {}
    """Standards of cover, by id."""
    response_targets: dict[Id, ResponseTarget] = {}
    """Targets of response, by id."""
    evidence: dict[Words, Evidence] = {}
    """How well values are known: the path of a value, such as `units.brimob.count`, and its evidence."""

    # Each by itself, so that a problem stands at its own line.
    @field_validator("horizon")
    @classmethod
    def _some_time(cls, horizon_s: float) -> float:
        if not 0 < horizon_s <= 400 * 86400:
            raise ValueError(_("the horizon must be above 0 and at most 400 days"))
        return horizon_s

    @field_validator("crowd_tick")
    @classmethod
    def _small_step(cls, tick_s: float) -> float:
        if not 1 <= tick_s <= 60:
            raise ValueError(_("the crowd tick must be between 1 s and 60 s"))
        return tick_s


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of the scenario language, for editors."""
    schema = ScenarioFile.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "kontijensi scenario, version 1"
    return schema
