"""The table of claims lists every claim with a check that exists, and says so when one does not hold."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import pytest

from tests.scenarios.claims import FAILS, HOLDS, OBSERVED, TABLE, Claim, modules, page, registry, result, row

CLAIM = Claim("klaten", "a claim | with a bar", "press", "test_it")


def report(
    when: str = "call", outcome: str = "passed", *seen: str, node: str = CLAIM.node
) -> pytest.TestReport:
    return pytest.TestReport(
        nodeid=node,
        location=("", 0, ""),
        keywords={},
        outcome=outcome,  # type: ignore[arg-type]
        longrepr=None,
        when=when,  # type: ignore[arg-type]
        user_properties=[(OBSERVED, text) for text in seen],
    )


def test_every_claim_names_a_source_and_a_test_that_exists() -> None:
    held = modules()
    for section in registry():
        for claim in section.claims:
            assert claim.text, claim
            assert claim.source, claim
            assert inspect.isfunction(getattr(held[claim.module], claim.test, None)), claim.node
            assert claim.test.startswith("test_"), claim.node


def test_no_claim_is_made_twice() -> None:
    claims = [claim for section in registry() for claim in section.claims]
    assert len({(claim.module, claim.text) for claim in claims}) == len(claims)


def test_the_written_table_lists_exactly_the_claims_and_all_of_them_hold() -> None:
    lines = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    lines = [line for line in lines if not line.startswith("| claim |")]
    starts = [row(claim, "").removesuffix(" |") for section in registry() for claim in section.claims]
    assert [line[: len(start)] for line, start in zip(lines, starts, strict=True)] == starts
    assert all(line[len(start) :].startswith(HOLDS) for line, start in zip(lines, starts, strict=True))


def test_links_of_the_table_lead_to_files(repo: Path) -> None:
    links = set(re.findall(r"\]\((.+?)\)", TABLE.read_text(encoding="utf-8")))
    assert links
    assert [link for link in links if not (TABLE.parent / link).is_file()] == []


@pytest.mark.parametrize(
    ("reports", "expected"),
    [
        ([report("setup"), report("call", "passed", "3 of 4"), report("teardown")], f"{HOLDS}: 3 of 4"),
        ([report("setup"), report()], HOLDS),
        ([report("setup"), report("call", "failed", "0 of 4")], f"{FAILS}: 0 of 4"),
        ([report("setup", "failed")], FAILS),
        ([report("setup"), report(), report("teardown", "failed")], FAILS),
        ([report("setup"), report("call", "skipped")], FAILS),
        ([], FAILS),
        ([report(node="tests/scenarios/test_klaten.py::test_it_not")], FAILS),
        ([report(node=CLAIM.node + "[1]"), report("call", "failed", node=CLAIM.node + "[2]")], FAILS),
    ],
    ids=["seen", "silent", "refuted", "no setup", "no end", "skipped", "not run", "another", "one of two"],
)
def test_a_claim_holds_only_when_its_check_ran_and_passed(reports: list[Any], expected: str) -> None:
    assert result(CLAIM, reports) == expected


def test_a_bar_in_a_claim_does_not_break_the_table() -> None:
    assert row(CLAIM, "holds").count(" | ") == 3
    assert r"a claim \| with a bar" in row(CLAIM, "holds")


def test_a_page_has_a_heading_a_scenario() -> None:
    sections = registry()
    written = page(sections, {claim: HOLDS for section in sections for claim in section.claims})
    assert [line[3:] for line in written.splitlines() if line.startswith("## ")] == [
        section.title for section in sections
    ]
