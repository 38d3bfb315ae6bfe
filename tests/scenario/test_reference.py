"""The reference and the JSON Schema say what the schema says; checking a scenario loads nothing heavy."""

from __future__ import annotations

import json
import subprocess
import sys

from kontijensi.scenario.reference import json_schema, reference, sections
from kontijensi.scenario.schema.area import Place
from kontijensi.scenario.schema.crowd import CrowdParameters
from kontijensi.scenario.schema.scenario import ScenarioFile
from kontijensi.scenario.schema.sections import Grade


def row(text: str, key: str) -> list[str]:
    line = next(line for line in text.splitlines() if line.startswith(f"| `{key}` |"))
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_every_key_of_every_section_has_its_row_and_meaning() -> None:
    text = reference()
    for _title, model in sections():
        for key, field in model.model_fields.items():
            assert f"| `{key}` |" in text
            if key not in {"do", "dist", "mean", "value", "values", "low", "mode", "high"}:
                assert field.description, f"{model.__name__}.{key} has no text under it"
    assert {ScenarioFile, Place, CrowdParameters} <= {model for _title, model in sections()}


def test_a_row_gives_type_unit_default_range_grade_source_and_meaning() -> None:
    assert row(reference(), "k")[1:7] == [
        "number",
        "-",
        "`2.3`",
        "≥ 0, ≤ 20",
        "literature",
        "Epstein 2002, Modeling civil violence",
    ]
    assert row(reference(), "lat")[1:5] == ["number", "", "none", "≥ -90, ≤ 90"]
    assert row(reference(), "horizon")[1:4] == ["duration", "", "needed"]
    assert row(reference(), "crowd_tick")[3] == "10 s"


def test_no_number_of_the_crowd_rule_lacks_meaning_unit_default_range_grade_or_source() -> None:
    table = reference().split("\n## `crowd`\n")[1].split("\n## ")[0]
    for key in CrowdParameters.model_fields:
        _key, _kind, unit, default, bounds, grade, source, meaning = row(table, key)
        assert unit
        assert source
        assert len(meaning) > 20
        assert grade in list(Grade)
        if key == "ratio":
            continue
        low, high = (float(bound.strip().lstrip("≥≤")) for bound in bounds.split(","))
        assert low <= float(default.strip("`")) <= high
        # What is known from somewhere says from where.
        assert grade == Grade.ASSUMED or source != "assumed"


def test_the_json_schema_knows_the_keys_and_the_texts_under_them() -> None:
    schema = json_schema()
    json.dumps(schema)
    assert schema["additionalProperties"] is False
    assert set(schema["required"]) == {"kontijensi", "name", "start", "horizon", "area"}
    assert schema["$defs"]["UnitGroup"]["properties"]["count"]["description"] == "How many of them."


def test_checking_a_scenario_loads_no_heavy_library() -> None:
    code = (
        "import sys, kontijensi.scenario.document, kontijensi.scenario.reference; "
        "heavy = {'mesa', 'pandas', 'scipy', 'matplotlib', 'numba', 'simpy'}; "
        "print(sorted(heavy & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
