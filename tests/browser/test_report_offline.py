"""The report in the system's Chromium: opened from disk it asks nobody for anything, and fits any width."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from kontijensi.report import render
from tests.report.sample import eventful, run_of, scenario, world_of

NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next((path for path in map(shutil.which, NAMES) if path), None)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]
BROWSER = "not an origin"
"""What Chromium's log calls the initiator of a request that no page made."""
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--hide-scrollbars",
)


def chromium(page: Path, profile: Path, *options: str) -> str:
    """Open a page from disk and return what Chromium writes."""
    assert CHROMIUM is not None
    command = [CHROMIUM, *QUIET, f"--user-data-dir={profile}", *options, page.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def requests_of(page: Path, tmp_path: Path) -> list[str]:
    """Return the addresses on a network that a page made Chromium ask for."""
    log = tmp_path / "net.json"
    chromium(page, tmp_path / "profile", f"--log-net-log={log}", "--dump-dom")
    urls = []
    for event in json.loads(log.read_text(encoding="utf-8"))["events"]:
        asked = event.get("params", {})
        url = asked.get("url", "")
        # Chromium's own housekeeping has no page behind it.
        housekeeping = asked.get("initiator", BROWSER) == BROWSER
        if url.startswith(("http", "ws", "ftp")) and not housekeeping:
            urls.append(url)
    return urls


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(render(run_of(eventful()), world_of(), scenario()), encoding="utf-8")
    return path


def test_the_report_makes_no_request(page: Path, tmp_path: Path) -> None:
    assert requests_of(page, tmp_path) == []


def test_a_page_that_calls_out_is_caught(tmp_path: Path) -> None:
    caller = tmp_path / "caller.html"
    caller.write_text('<img src="http://127.0.0.1:9/pixel.png">', encoding="utf-8")
    assert "http://127.0.0.1:9/pixel.png" in requests_of(caller, tmp_path)


@pytest.mark.parametrize("width", [390, 768, 1280])
def test_the_page_never_scrolls_sideways(width: int, page: Path, tmp_path: Path) -> None:
    # A frame of the wanted width: a headless window itself cannot be made as narrow as a telephone.
    probe = tmp_path / "probe.html"
    inside = page.read_text(encoding="utf-8")
    inside = inside.replace("default-src 'none';", "default-src 'none'; script-src 'unsafe-inline';")
    report = (
        "<script>addEventListener('load', () => parent.postMessage("
        "[document.documentElement.scrollWidth, innerWidth], '*'))</script></body>"
    )
    (tmp_path / "inside.html").write_text(inside.replace("</body>", report), encoding="utf-8")
    probe.write_text(
        f"<iframe src='inside.html' style='width:{width}px;height:800px;border:0'></iframe>"
        "<p id='out'>none</p>"
        "<script>onmessage = e => { out.textContent = e.data.join(' ') }</script>",
        encoding="utf-8",
    )
    dom = chromium(probe, tmp_path / "profile", "--virtual-time-budget=4000", "--dump-dom")
    measured = dom.split('id="out">')[1].split("<")[0].split()
    assert [int(x) for x in measured] == [width, width]


def test_it_prints_on_a4(page: Path, tmp_path: Path) -> None:
    pdf = tmp_path / "report.pdf"
    chromium(page, tmp_path / "profile", "--no-pdf-header-footer", f"--print-to-pdf={pdf}")
    content = pdf.read_bytes()
    assert content.startswith(b"%PDF")
    assert b"/MediaBox [0 0 594.95996 841.91998]" in content or b"/MediaBox [0 0 595" in content
