"""The Indonesian catalogue: what the check finds, what an update keeps, and that our own is in step."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from kontijensi.vocabulary import catalogue


@pytest.fixture
def project(tmp_path: Path) -> tuple[Path, Path]:
    """A catalogue's path and a source folder with two messages, both translated."""
    sources = tmp_path / "src"
    sources.mkdir()
    (sources / "a.py").write_text("_('one {n}')\nngettext('{n} cat', '{n} cats', 2)\nN_('')\n")
    path = tmp_path / "id" / "x.po"
    catalogue.update(path, sources)
    text = path.read_text()
    text = text.replace('msgid "one {n}"\nmsgstr ""', 'msgid "one {n}"\nmsgstr "satu {n}"')
    path.write_text(text.replace('msgstr[0] ""', 'msgstr[0] "{n} kucing"'))
    catalogue.update(path, sources)
    return path, sources


def test_a_finished_catalogue_has_nothing_against_it(project: tuple[Path, Path]) -> None:
    assert catalogue.check(*project) == []


def test_an_update_changes_nothing_the_second_time(project: tuple[Path, Path]) -> None:
    path, sources = project
    before = path.read_bytes(), path.with_suffix(".mo").read_bytes()
    catalogue.update(path, sources)
    assert (path.read_bytes(), path.with_suffix(".mo").read_bytes()) == before


def test_new_and_gone_messages_are_named_and_old_translations_kept(project: tuple[Path, Path]) -> None:
    path, sources = project
    (sources / "a.py").write_text("_('two')\nngettext('{n} cat', '{n} cats', 2)\n")
    assert catalogue.check(path, sources) == ["missing: 'two'", "stale: 'one {n}'"]
    catalogue.update(path, sources)
    assert catalogue.check(path, sources) == ["missing: 'two'"]
    (sources / "a.py").write_text("_('one {n}')\nngettext('{n} cat', '{n} cats', 2)\n")
    catalogue.update(path, sources)
    assert "satu {n}" in path.read_text()


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("satu {n}", "satu {m}", "placeholders differ: 'one {n}'"),
        ("satu {n}", "satu", "placeholders differ: 'one {n}'"),
        ('msgid "one', '#, fuzzy\nmsgid "one', "fuzzy: 'one {n}'"),
    ],
)
def test_translations_that_cannot_be_shown_are_named(
    project: tuple[Path, Path], old: str, new: str, complaint: str
) -> None:
    path, sources = project
    path.write_text(path.read_text().replace(old, new))
    assert complaint in catalogue.check(path, sources)


def test_a_catalogue_that_is_not_compiled_is_named(project: tuple[Path, Path]) -> None:
    path, sources = project
    path.with_suffix(".mo").unlink()
    assert catalogue.check(path, sources) == ["the .mo file is not the compiled .po file"]


def test_templates_are_read_too(project: tuple[Path, Path]) -> None:
    path, sources = project
    (sources / "page.html").write_text("<p>{{ _('in a template') }}</p>")
    assert "missing: 'in a template'" in catalogue.check(path, sources)


def test_wrong_usage_is_told() -> None:
    out = io.StringIO()
    assert catalogue.main(["--chekc"], out) == 2
    assert "usage" in out.getvalue()


def test_the_vocabulary_and_the_reader_speak_indonesian() -> None:
    """What these two layers say is translated; the whole catalogue is checked by `--check`."""
    lines = catalogue.check()
    ours = {
        str(message.id if isinstance(message.id, str) else message.id[0])
        for message in catalogue.collect()
        if any(
            file.startswith(("vocabulary/", "scenario/yaml_", "scenario/problems"))
            for file, _ in message.locations
        )
    }
    assert len(ours) > 50
    assert [line for line in lines for message in ours if line == f"missing: {message!r}"] == []
    assert [line for line in lines if line.startswith(("placeholders", "fuzzy", "the .mo"))] == []
