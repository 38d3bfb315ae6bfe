"""The manual speaks Indonesian too: a page for each page, with the same code and the same sections."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]
DOCS = REPO / "docs"
PAGES = sorted(
    path.relative_to(DOCS).as_posix() for path in (*(DOCS / "how-to").glob("*.md"), *DOCS.glob("*.md"))
)


SPOKEN = {"tutorial-lists.md"}
"""Pages whose output is shown in each page's own language, and run so by test_snippets.py."""


def code(page: Path) -> list[str]:
    """Every block of code, which is the same in both languages and is run from the English page."""
    text = page.read_text(encoding="utf-8")
    found = re.findall(r"^ *```\w*\n.*?^ *```$", text, re.MULTILINE | re.DOTALL)
    return (
        [re.sub(r"```text.*", "```text", block, flags=re.DOTALL) for block in found]
        if page.name in SPOKEN
        else found
    )


def sections(page: Path) -> list[str]:
    """The levels of the headings, in order."""
    text = re.sub(r"^ *```.*?^ *```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return re.findall(r"^(#+) ", text, re.MULTILINE)


@pytest.mark.parametrize("name", PAGES)
def test_every_page_of_the_manual_has_its_indonesian_twin(name: str) -> None:
    english, indonesian = DOCS / name, DOCS / "id" / name
    assert indonesian.is_file(), f"docs/id/{name} is missing"
    assert code(indonesian) == code(english)
    assert sections(indonesian) == sections(english)
    assert indonesian.read_text(encoding="utf-8") != english.read_text(encoding="utf-8")


def test_no_indonesian_page_has_lost_its_twin() -> None:
    twins = {path.relative_to(DOCS / "id").as_posix() for path in (DOCS / "id").rglob("*.md")}
    assert sorted(twins) == PAGES


@pytest.mark.parametrize("name", PAGES)
def test_links_of_indonesian_pages_lead_somewhere(name: str) -> None:
    page = DOCS / "id" / name
    targets = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    assert [target for target in targets if "://" not in target and not (page.parent / target).exists()] == []
