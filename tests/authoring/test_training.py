"""The training town shows every part of the scenario language, is read in ten minutes and runs in seconds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from kontijensi.api import load
from kontijensi.authoring.drafts import template
from kontijensi.scenario import shape
from kontijensi.scenario.reference import sections
from kontijensi.scenario.schema.crowd import CrowdParameters
from kontijensi.scenario.schema.scenario import ScenarioFile
from kontijensi.vocabulary.words import use_language

SCENARIO = Path("scenarios") / "training-town.yaml"
FILES = "names a file beside the scenario, and this one stands alone: docs/how-to"
NOT_SHOWN = {
    ("Area", "places_file"): FILES,
    ("Area", "outlines"): FILES,
    ("Roads", "file"): FILES,
    ("March", "to"): "stands in the place of `to_kind`, which is shown",
}
"""What the town leaves out, and why."""
CROWD_SHOWN = 2
"""So many of the crowd's parameters are enough: all are of one form, and the reference lists them."""
WORDS_A_MINUTE = 200


def name_of(model: type) -> str:
    return model.__name__.partition("[")[0]


def shown_keys(annotation: Any, value: object) -> Iterator[tuple[str, str]]:
    """Yield (section, key) for every key a scenario writes."""
    annotation = shape.of_value(annotation, value)
    if isinstance(value, Mapping):
        model = shape.section(annotation)
        for key, inner in value.items():
            if model is not None:
                yield name_of(model), key
                yield from shown_keys(model.model_fields[key].annotation, inner)
            else:
                yield from shown_keys(shape.parts(annotation)[-1], inner)
    elif isinstance(value, list):
        for inner in value:
            yield from shown_keys(shape.parts(annotation)[-1], inner)


@pytest.fixture(scope="module")
def text(repo: Path) -> str:
    """The town as it stands in the library."""
    return (repo / SCENARIO).read_text(encoding="utf-8")


def test_the_town_is_what_new_writes_in_indonesian(text: str) -> None:
    with use_language("id"):
        assert text == template("training")


def test_it_shows_every_section_and_key_of_the_language(text: str) -> None:
    written = yaml.load(text, Loader=yaml.BaseLoader)
    shown = set(shown_keys(ScenarioFile, written))
    wanted = {
        (name_of(model), key)
        for _title, model in sections()
        if model is not CrowdParameters
        for key in model.model_fields
    }
    missing = sorted(wanted - shown - set(NOT_SHOWN))
    assert missing == [], "write a line in training.yaml.jinja for each, or say in NOT_SHOWN why not"
    assert not set(NOT_SHOWN) & shown
    assert set(NOT_SHOWN) <= wanted
    assert sum(section == "CrowdParameters" for section, _key in shown) >= CROWD_SHOWN


def test_no_stretch_goes_unexplained(text: str) -> None:
    bare = 0
    for number, line in enumerate(text.splitlines(), 1):
        bare = 0 if "#" in line or not line.strip() else bare + 1
        assert bare <= 8, f"line {number}: nothing has been explained for {bare} lines"


@pytest.mark.parametrize("language", ["id", "en"])
def test_its_words_are_read_in_ten_minutes(language: str) -> None:
    with use_language(language):
        written = template("training")
    words = sum(len(part.split()) for part in re.findall(r"#(.*)$", written, re.MULTILINE))
    words += sum(len(part.split()) for part in re.findall(r'(?:name|description|note): "([^"]*)"', written))
    assert words <= 10 * WORDS_A_MINUTE


def test_it_runs_and_shows_what_it_promises(repo: Path) -> None:
    run = load(repo / SCENARIO).run()
    fired = {record.entity for record in run.log if record.kind.value == "trigger_fired"}
    assert fired >= {"syukuran", "isu", "himbauan", "keberatan", "ricuh"}
    kinds = {record.kind.value for record in run.log}
    assert kinds >= {
        "crowd_marched", "crowd_joined", "talks_held", "fire_started", "casualty_hurt", "complaint_settled",
        "rumour_clarified",
    }  # fmt: skip


def test_its_injects_can_be_called(repo: Path) -> None:
    scenario = load(repo / SCENARIO)
    run = scenario.run(injects=["hujan@2029-02-14 13:30", "tunda@2029-02-14 15:00"])
    kinds = [record.kind.value for record in run.log]
    assert "road_closed" in kinds
    assert run.log[-1].kind.value == "run_ended"
