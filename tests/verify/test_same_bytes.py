"""The same scenario and seed give the same bytes: in one process, in two, and whatever ran before."""

from __future__ import annotations

import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import kontijensi
from kontijensi.trace.columns import records_to_parquet

KLATEN = Path(__file__).parents[2] / "scenarios" / "klaten-pilkades-2023.yaml"
SEED = 3
PROGRAM = """
import sys, hashlib, kontijensi
from kontijensi.trace.columns import records_to_parquet
run = kontijensi.load(sys.argv[1]).run(seed=int(sys.argv[2]), crowds=False)
print(hashlib.sha256(records_to_parquet(run.log)).hexdigest())
"""


def digest(seed: int) -> str:
    return sha256(records_to_parquet(kontijensi.load(KLATEN).run(seed=seed, crowds=False).log)).hexdigest()


def test_a_seed_gives_the_same_records_twice_and_in_another_process() -> None:
    first = digest(SEED)
    assert digest(SEED + 1) != first
    assert digest(SEED) == first
    command = [sys.executable, "-c", PROGRAM, str(KLATEN), str(SEED)]
    other = subprocess.run(command, capture_output=True, text=True, check=True)
    assert other.stdout.strip() == first
