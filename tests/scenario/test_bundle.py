"""A scenario with its data in one file."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from kontijensi.scenario import bundle
from kontijensi.scenario.document import load
from kontijensi.scenario.problems import ScenarioError


def archive(**files: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        for name, content in files.items():
            made.writestr(name.replace("__", "/"), content)
    return stream.getvalue()


def test_a_bundle_is_the_same_scenario_as_its_files(repo: Path, tmp_path: Path) -> None:
    loose = load(repo / "scenarios" / "klaten-pilkades-2023.yaml")
    file = tmp_path / "klaten.kontijensi.zip"
    file.write_bytes(bundle.pack("klaten-pilkades-2023.yaml", loose.texts))
    packed = load(file)
    assert (packed.sha256, packed.file, packed.texts) == (loose.sha256, loose.file, loose.texts)


def test_the_same_scenario_makes_the_same_bytes() -> None:
    one = bundle.pack("a.yaml", {"a.yaml": b"x", "b.csv": b"y"})
    assert one == bundle.pack("a.yaml", {"b.csv": b"y", "a.yaml": b"x"})


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (archive(), "found none"),
        (archive(**{"a.yaml": b"", "b.yml": b""}), "found 'a.yaml', 'b.yml'"),
        (archive(**{"in__a.yaml": b""}), "found none"),
        (archive(**{"a.yaml": b"x" * 1000})[:60], "damaged"),
    ],
)
def test_an_archive_that_is_no_bundle_is_refused(content: bytes, message: str, tmp_path: Path) -> None:
    file = tmp_path / "x.zip"
    file.write_bytes(content)
    with pytest.raises(ScenarioError, match=message):
        load(file, language="en")


def test_nothing_outside_the_bundle_is_read(tmp_path: Path) -> None:
    (tmp_path / "places.csv").write_text("id\na\n")
    text = b"kontijensi: 1\narea: {places_file: ../places.csv}\n"
    file = tmp_path / "x.zip"
    file.write_bytes(bundle.pack("s.yaml", {"s.yaml": text}))
    with pytest.raises(ScenarioError, match="leads out of the scenario's folder"):
        load(file, language="en")


def test_a_bundle_that_swells_when_unpacked_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "MOST_BYTES", 1000)
    with pytest.raises(ValueError, match=r"more than|lebih"):
        bundle.unpack(archive(**{"a.yaml": b" " * 2000}))
