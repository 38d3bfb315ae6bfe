"""What the report says of rumours, complaints and programmes, in both languages, and when there are none."""

# ruff: noqa: E501 - the lines of a scenario are as long as planners write them

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.scenes import scene

PEOPLE = """\
horizon: 2 d
community:
  channels: {hoax: {kind: hoax, start: 0.1}}
  rumours: {tale: {name: "Kotak <b>kosong</b>", r0: 3, raises: {hoax: 0.3}}}
  intakes: {desk: {name: "Gakkumdu", handlers: 1, handling: 1 h}}
  programmes: {watch: {kind: night_watch, places: {ids: [a]}, times: [2024-11-27 20:00], people: 3}}
triggers:
  begin: {at: [2024-11-27 08:00], places: {ids: [a]}, effects: [{do: start_rumour, rumour: tale}, {do: complain, intake: desk, count: 3}]}
"""


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            [
                "How far rumours came",
                "have heard it",
                "Complaints",
                "handled in time",
                "What programmes cost",
            ],
        ),
        (
            "id",
            [
                "Seberapa jauh kabar beredar",
                "telah mendengar",
                "Pengaduan",
                "selesai tepat waktu",
                "Biaya program",
                "hoaks",
            ],
        ),
    ],
)
def test_they_are_shown_in_both_languages_with_their_names_made_inert(
    language: str, words: list[str], tmp_path: Path
) -> None:
    page = scene(PEOPLE).run().report(tmp_path / "run", language=language).read_text(encoding="utf-8")
    for word in words:
        assert word in page
    assert "Kotak &lt;b&gt;kosong" in page
    assert "<b>kosong" not in page
    assert "Gakkumdu" in page


def test_nothing_is_said_where_there_are_none(tmp_path: Path) -> None:
    page = scene().run().report(tmp_path / "run", language="en").read_text(encoding="utf-8")
    assert "How far rumours came" not in page
    assert "handled in time" not in page
    assert "What programmes cost" not in page
