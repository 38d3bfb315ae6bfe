"""Areas too large for every measure: what is left out is said, and only there."""

from __future__ import annotations

import pytest

from kontijensi.api.scenario import Scenario
from kontijensi.scenario.checks import size
from kontijensi.scenario.document import load_text
from tests.scenario.base_scenario import BASE, problems_of


def test_remedies_that_are_left_out_are_told_before_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not any("remedies" in problem.message for problem in problems_of(BASE))
    monkeypatch.setattr(size, "MOST_TRIED", 1)
    (found,) = [problem for problem in problems_of(BASE) if "remedies" in problem.message]
    assert found.path == ("standards",)
    assert "langkah perbaikan" in " ".join(note.message for note in load_text(BASE, language="id").notes)


def test_no_remedy_is_named_where_none_was_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    text = BASE.replace("within: 30 min", "within: 1 s")
    named = Scenario(load_text(text)).run().summary()
    monkeypatch.setattr(size, "MOST_TRIED", 1)
    left_out = Scenario(load_text(text)).run().summary()
    assert named["coverage"].keys() == left_out["coverage"].keys()
    assert left_out["remedies"] == []
    assert all(each["remedy"] is None for each in left_out["coverage"]["cepat"]["shortfalls"])
    assert left_out["coverage"]["cepat"]["average"] == named["coverage"]["cepat"]["average"]
