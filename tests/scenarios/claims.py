"""The claims of the scenarios: what each says, where it comes from, which test holds it, what was seen.

A test module of this folder lists its claims as `CLAIMS`: (claim, source, name of the test function);
a heading comes from its docstring, to the first colon. Its tests may say what they saw with the fixture
`observed`. `make claims` runs these tests, the slow ones too, and writes the table;
`python -m tests.scenarios.claims klaten` runs those of one module and keeps the other rows.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

REPO = Path(__file__).resolve().parents[2]
TABLE = REPO / "docs" / "reference" / "claims.md"
HEADINGS = ("claim", "source", "check", "result")
HOLDS, FAILS = "holds", "DOES NOT HOLD"
OBSERVED = "observed"
Saw = Callable[[str], None]
"""The fixture `observed`: takes what a check saw, in a few words."""
INTRODUCTION = """\
# Claims of the scenarios

Each scenario stands for what sources say of a real election. Here is every such claim, where it comes from,
the test that holds it, and what that test found. Numbers in the last column are of rehearsals: they depend on
assumed values and are no forecast. Written by `make claims`, which runs the tests.
"""


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim of a scenario and the test that can refute it."""

    module: str
    """Name of the test module without `test_`, for example `klaten`."""
    text: str
    source: str
    test: str

    @property
    def file(self) -> str:
        """The test module's path from the root of the checkout."""
        return f"tests/scenarios/test_{self.module}.py"

    @property
    def node(self) -> str:
        """The test's name for pytest."""
        return f"{self.file}::{self.test}"


@dataclass(frozen=True, slots=True)
class Section:
    """The claims of one scenario."""

    module: str
    title: str
    """How the test module's docstring begins, to its first colon."""
    claims: tuple[Claim, ...]


def modules() -> dict[str, ModuleType]:
    """Return the test modules that list claims, by name without `test_`."""
    found = {}
    for path in sorted(Path(__file__).parent.glob("test_*.py")):
        module = import_module(f"tests.scenarios.{path.stem}")
        if hasattr(module, "CLAIMS"):
            found[path.stem.removeprefix("test_")] = module
    return found


def registry() -> list[Section]:
    """Return every claim, by scenario."""
    return [
        Section(
            name,
            str(module.__doc__).partition(":")[0],
            tuple(Claim(name, *claim) for claim in module.CLAIMS),
        )
        for name, module in modules().items()
    ]


class Watcher:
    """A plugin of pytest that keeps every report of a run."""

    def __init__(self) -> None:
        self.reports: list[pytest.TestReport] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep one report; called by pytest."""
        self.reports.append(report)


def result(claim: Claim, reports: Iterable[pytest.TestReport]) -> str:
    """Say whether a claim holds, with what its test saw; a test that did not run to its end holds nothing."""
    own = [each for each in reports if each.nodeid.partition("[")[0] == claim.node]
    ran = any(each.when == "call" and each.passed for each in own)
    word = HOLDS if ran and all(each.passed for each in own) else FAILS
    seen: dict[str, None] = {}
    for each in own:
        if each.when == "call":
            seen.update(dict.fromkeys(str(value) for name, value in each.user_properties if name == OBSERVED))
    return ": ".join([word, "; ".join(seen)] if seen else [word])


def row(claim: Claim, outcome: str) -> str:
    """Return one line of the table."""
    link = f"[{claim.test.removeprefix('test_').replace('_', ' ')}](../../{claim.file})"
    return (
        "| "
        + " | ".join(cell.replace("|", "\\|") for cell in (claim.text, claim.source, link, outcome))
        + " |"
    )


def page(sections: Sequence[Section], outcomes: Mapping[Claim, str]) -> str:
    """Return the page of all claims in Markdown."""
    parts = [INTRODUCTION]
    for section in sections:
        lines = [row(claim, outcomes[claim]) for claim in section.claims]
        head = ["| " + " | ".join(HEADINGS) + " |", "|---" * len(HEADINGS) + "|"]
        parts.append("\n".join([f"## {section.title}", "", *head, *lines]) + "\n")
    return "\n".join(parts)


def kept(sections: Sequence[Section]) -> dict[Claim, str]:
    """Return the results that stand in the written table."""
    lines = TABLE.read_text(encoding="utf-8").splitlines() if TABLE.exists() else []
    found = {}
    for claim in (claim for section in sections for claim in section.claims):
        start = row(claim, "").removesuffix(" |")
        for line in lines:
            if line.startswith(start):
                found[claim] = line[len(start) :].strip(" |").replace("\\|", "|")
    return found


def main(wanted: Sequence[str]) -> int:
    """Run the checks of all claims or of some modules, write the table, return how many do not hold."""
    sections = registry()
    names = [section.module for section in sections]
    if strange := set(wanted) - set(names):
        sys.exit(f"{', '.join(sorted(strange))}: no such module with claims; choose from {', '.join(names)}")
    outcomes = kept(sections)
    run = [claim for each in sections if not wanted or each.module in wanted for claim in each.claims]
    run += [claim for each in sections for claim in each.claims if claim not in {*run, *outcomes}]
    watcher = Watcher()
    nodes = sorted({claim.node for claim in run})
    pytest.main(["-q", "--rootdir", str(REPO), "-p", "no:cacheprovider", *nodes], plugins=[watcher])
    outcomes |= {claim: result(claim, watcher.reports) for claim in run}
    TABLE.write_text(page(sections, outcomes), encoding="utf-8")
    failed = [claim for claim, outcome in outcomes.items() if outcome.startswith(FAILS)]
    for claim in failed:
        print(f"{claim.node}: does not hold", file=sys.stderr)  # noqa: T201 - a command says what it found
    return len(failed)


if __name__ == "__main__":
    sys.exit(min(main(sys.argv[1:]), 1))
