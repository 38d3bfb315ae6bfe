"""The how-to's own code, run as it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "calibrate-a-crowd.md"


def test_the_calibration_shown_works_and_says_what_it_cannot_tell(capsys: pytest.CaptureFixture[str]) -> None:
    code = "".join(re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.M | re.S))
    space: dict[str, object] = {}
    exec(compile(code, PAGE.name, "exec"), space)
    best, ranges, *open_questions = capsys.readouterr().out.splitlines()
    assert "fatigue_leave_per_h" in best
    assert "calm_leave_per_h" in ranges
    assert open_questions
