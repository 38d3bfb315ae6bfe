"""What only a process of its own can show: interrupts, pipes, full devices."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.conftest import SMALL

pytestmark = pytest.mark.skipif(os.name == "nt", reason="POSIX signals, pipes and /dev/full")

ENDLESS = SMALL.replace("14 h", "399 d") + (
    "calls: {quarrel: {rate: 30/min, on_scene: 1 min, patience: 1 min, places: {kinds: [tps]}}}\n"
)


def start(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "kontijensi", *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for(stream_of: subprocess.Popen[str], word: str) -> None:
    assert stream_of.stderr is not None
    for line in stream_of.stderr:
        if word in line:
            return
    raise AssertionError(f"it never said {word!r}")


@pytest.mark.parametrize("presses", [1, 2])
def test_ctrl_c_ends_a_run_cleanly(folder: Path, presses: int) -> None:
    (folder / "long.yaml").write_text(ENDLESS, encoding="utf-8")
    running = start(folder, "run", "long.yaml", "--lang", "en")
    wait_for(running, "Rehearsing")
    for _ in range(presses):
        running.send_signal(signal.SIGINT)
        time.sleep(0.05)
    out, err = running.communicate(timeout=60)
    assert (running.returncode, out) == (130, "")
    assert err.splitlines()[-1] == "interrupted; nothing was written"
    assert "Traceback" not in err
    assert not (folder / "runs").exists()


def test_a_request_to_end_is_heeded(folder: Path) -> None:
    (folder / "long.yaml").write_text(ENDLESS, encoding="utf-8")
    running = start(folder, "run", "long.yaml", "--lang", "en")
    wait_for(running, "Rehearsing")
    running.terminate()
    _out, err = running.communicate(timeout=60)
    assert running.returncode == 143
    assert "Traceback" not in err


def test_a_reader_that_goes_away_is_no_error_message(folder: Path) -> None:
    command = f"{sys.executable} -m kontijensi schema | head -1"
    done = subprocess.run(
        ["sh", "-c", command], cwd=folder, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.stdout, done.stderr) == ("{\n", "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_output_that_cannot_be_written_is_said_in_one_line(folder: Path) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-m", "kontijensi", "schema", "--lang", "en"],
            cwd=folder,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=60,
        )
    assert done.returncode == 1
    assert done.stderr.splitlines() == ["Error: the disk is full"]
