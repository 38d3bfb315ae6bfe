"""Where a run goes when nobody says: `runs/<name>-s<seed>-r<replication>`, never over another run."""

from __future__ import annotations

import os
import re
import unicodedata
from itertools import count
from pathlib import Path

from kontijensi.scenario.schema.forms import RESERVED_FILE_NAMES

RUNS = "runs"
LONGEST_NAME = 60


def slug(name: str) -> str:
    """Return a name as a folder may be called on every system: small letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    short = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_NAME].strip("-")
    if not short:
        return "run"
    return f"run-{short}" if short in RESERVED_FILE_NAMES else short


def run_folder(scenario: Path, seed: int, replication: int) -> Path:
    """Return a run folder that does not exist yet, in the working folder."""
    name = f"{slug(scenario.stem)}-s{seed}-r{replication}"
    for number in count(1):
        folder = Path(RUNS) / (name if number == 1 else f"{name}-{number}")
        if not folder.exists() and not folder.is_symlink():
            return folder
    raise AssertionError("there are always more numbers")


def unwritable(folder: Path) -> Path | None:
    """Return the folder that stands in the way of writing there, None when none seems to."""
    for parent in folder.absolute().parents:
        if parent.exists():
            return None if parent.is_dir() and os.access(parent, os.W_OK | os.X_OK) else parent
    return None
