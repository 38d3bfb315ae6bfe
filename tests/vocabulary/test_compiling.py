"""Compiled code is kept where it can be, and its absence is never a failure."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from kontijensi.vocabulary import compiling

PROGRAM = """
from kontijensi.crowd import Ground
from kontijensi.vocabulary.compiling import cache_folder, is_compiled
print(Ground.rectangle(8.0, 8.0).to_exit_m.max(), cache_folder(), is_compiled("kernel.advance"))
"""


def run(cache: Path) -> str:
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(cache)}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return done.stdout


def test_where_nothing_can_be_written_everything_works_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert run(tmp_path / "file" / "below").split()[1:] == ["None", "False"]


def test_compiled_code_is_kept_by_the_version_of_its_sources(tmp_path: Path) -> None:
    distance, folder, ready = run(tmp_path).split()
    assert float(distance) > 0.0
    assert Path(folder).parent == tmp_path
    assert ready == "False"
    assert list(Path(folder).rglob("ground.spread*.nbc"))
    assert not list(Path(folder).rglob("kernel.advance*.nbc"))


def test_old_versions_are_forgotten(tmp_path: Path) -> None:
    for number in range(compiling.KEPT_VERSIONS + 3):
        folder = tmp_path / f"compiled-{number}" / "inner"
        folder.mkdir(parents=True)
        (folder / "kernel.nbc").touch()
        os.utime(folder.parent, (number, number))
    compiling._forget_old_versions(tmp_path)
    left = sorted(int(folder.name.split("-")[1]) for folder in tmp_path.glob("compiled-*"))
    assert left == list(range(3, compiling.KEPT_VERSIONS + 3))
