"""A policy of one's own, as docs/how-to/plug-in-a-policy.md shows it, offered by a real entry point."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from kontijensi.command.dispatching import Candidate, expected_coverage
from tests.engine.scenes import of, rehearse

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to" / "plug-in-a-policy.md"
TWO = """\
unit_types:
  heavy: {agency: police, capabilities: [patrol, water], personnel: 2, turn_out: 0 s, stock: {water: 100}}
  light: {agency: police, capabilities: [patrol], personnel: 2, turn_out: 0 s}
units: {heavy: {type: heavy, base: a}, light: {type: light, base: pos}}
calls: {quarrel: {known: [{after: 0 s, place: b}], on_scene: 5 min}}
"""


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lay the manual's package out as an installer does: a module, and its metadata beside it."""
    text = HOW_TO.read_text(encoding="utf-8")
    functions = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    offers = re.search(r"^```toml\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert offers is not None
    (tmp_path / "my_policies.py").write_text("\n".join(functions), encoding="utf-8")
    metadata = tmp_path / "my_policies-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: my-policies\nVersion: 1.0\n")
    groups = re.sub(r'\[project\.entry-points\."([^"]+)"\]', r"[\1]", offers[1]).replace('"', "")
    (metadata / "entry_points.txt").write_text(groups)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "my_policies", raising=False)


@pytest.mark.usefixtures("installed")
def test_the_policy_of_the_manual_is_found_by_its_name_and_decides() -> None:
    command = "command: {handling: 0 s, dispatch: spare_the_heavy, posture: talk_only}\n"
    assert [r.entity for r in of(rehearse(TWO + command), "unit_ordered")] == ["light"]
    assert [r.entity for r in of(rehearse(TWO), "unit_ordered")] == ["heavy"], "it is nearer"


@dataclass(frozen=True)
class Car:
    """A unit of which only the reach matters [s]."""

    name: str
    reach_s: tuple[float, float]


def test_expected_cover_weighs_the_second_unit_by_how_busy_all_are() -> None:
    """A covers 100 people alone; B covers 1,000 with C. The busier all are, the more B is worth."""
    near, far = 0.0, 9e9
    a, b, c = Car("a", (near, far)), Car("b", (far, near)), Car("c", (far, near))
    free = [a, b, c, *(Car(f"idle-{i}", (far, far)) for i in range(18))]

    def sent(on_duty: int) -> str:
        roster: Any = SimpleNamespace(
            world=SimpleNamespace(places=SimpleNamespace(voters=np.array([99, 999]))),
            free_with=lambda _capability: free,
            all_with=lambda _capability: on_duty,
            reach_s=lambda unit: np.array(unit.reach_s),
        )
        candidates: Any = [Candidate(unit, eta_s) for unit, eta_s in ((a, 60.0), (b, 80.0))]  # type: ignore[arg-type]
        nothing: Any = None
        chosen: Any = expected_coverage(candidates, nothing, roster, nothing)
        return str(chosen.unit.name)

    # A costs (1 - q) 100 and B (1 - q) q 1000, with q = 1 - 20 / on duty: B is the cheaper below q = 0.1.
    assert [sent(21), sent(22), sent(23), sent(60)] == ["b", "b", "a", "a"]
