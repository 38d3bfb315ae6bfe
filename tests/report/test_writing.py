"""From a run folder to `report.html`."""

from __future__ import annotations

from pathlib import Path

import pytest

from kontijensi.report import report
from kontijensi.scenario.problems import ScenarioError
from kontijensi.trace.folder import write_run
from kontijensi.trace.manifest import RunFolderError
from tests.report.sample import SCENARIO, eventful, run_of


def test_a_report_is_written_into_the_folder_and_again_over_itself(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run", run_of(eventful()))
    path = report(folder)
    first = path.read_bytes()
    assert path == folder / "report.html"
    assert b'<html lang="id">' in first
    assert b'<html lang="en">' in report(folder, language="en").read_bytes()
    assert report(folder).read_bytes() == first


def test_a_folder_without_a_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RunFolderError, match=r"manifest\.json"):
        report(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_scenario_this_program_no_longer_reads_is_refused(tmp_path: Path) -> None:
    text = SCENARIO.replace("kontijensi: 1", "kontijensi: 99")
    folder = write_run(tmp_path / "run", run_of(eventful(), text))
    with pytest.raises(ScenarioError, match="kontijensi"):
        report(folder)
    assert not (folder / "report.html").exists()
