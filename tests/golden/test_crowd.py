"""Small crowds word for word: conducts, camps and grounds crossed, ten minutes of each.

A change for speed must leave every digest as it was. Where results are meant to change, say so in the
CHANGELOG and write them anew: `python tests/golden/test_crowd.py`.
"""

from __future__ import annotations

import json
from hashlib import sha256
from itertools import product
from pathlib import Path

import numpy as np

from kontijensi.crowd import CampTraits, Conduct, Ground, Joining, Masses
from kontijensi.scenario.schema.crowd import CrowdParameters

WRITTEN = Path(__file__).with_name("crowd.json")
TICKS = 120
CONDUCTS = {
    "nobody there": Conduct(),
    "line and talks": Conduct(officers=20, line=True, dialogue=0.4),
    "held in, irritant": Conduct(officers=12, contain=True, irritant=True),
    "arrest of anybody acting": Conduct(officers=30, arrest=True, arrest_violent_only=False),
    "all means": Conduct(
        officers=25, dialogue=0.2, push=True, water=True, irritant=True, arrest=True, discrimination=0.4
    ),
}
GROUNDS = {
    "open": Ground.rectangle(36, 30),
    "enclosed": Ground.rectangle(30, 26, exits=2, enclosed=True),
    "fine cells": Ground.rectangle(17, 15, cell_m=1.0),
    "walls": Ground.drawn(
        ["###GG#####", "#.......##", "#..##....E", "#..##....E", "#........#", "E....##..#", "####EE####"],
        3.0,
    ),
}


def digest(conduct: Conduct, camps: int, ground: Ground) -> str:
    """Run a crowd through calm, conduct, a withdrawal and its end; digest all that can be known of it."""
    masses = Masses(CrowdParameters(), camps)
    slot = masses.open(
        ground, [CampTraits(0.62 - 0.2 * camp, 0.1 * camp) for camp in range(camps)], 20 + camps
    )
    for camp in range(camps):
        masses.join(slot, Joining(camp, 90, instigator_share=0.05), at="spread" if camp else "edge")
    told = sha256()
    for tick in range(TICKS):
        if tick == 20:
            masses.conduct(slot, conduct)
        if tick == 70:
            masses.conduct(slot, Conduct(officers=conduct.officers))
            masses.join(slot, Joining(0, 30))
        if tick == 90:
            masses.disperse(slot)
        masses.tick(5.0)
        tally, sample = masses.tally(slot), masses.sample(slot)
        counts = [tally.joined, tally.left, tally.arrested, tally.injured, tally.leaving, tally.away]
        told.update(np.array(counts, np.int64).tobytes())
        for part in (tally.by_camp, tally.harm_by_group, sample.x_m, sample.y_m):
            told.update(part.tobytes())
        felt = [round(level, 9) for camp in tally.traits for level in camp]
        told.update(repr((felt, tally.max_density_pm2, round(tally.force, 9))).encode())
    return told.hexdigest()[:16]


def digests() -> dict[str, str]:
    """Run every case; keys name it."""
    cases = product(CONDUCTS.items(), (1, 2, 3), GROUNDS.items())
    return {
        f"{done}, {camps} camps, {where}": digest(conduct, camps, ground)
        for (done, conduct), camps, (where, ground) in cases
    }


def test_every_crowd_is_as_it_was_written_down() -> None:
    found, written = digests(), json.loads(WRITTEN.read_text())
    assert len(set(found.values())) == len(found)
    assert {case for case in found if found[case] != written.get(case)} == set()
    assert found.keys() == written.keys()


if __name__ == "__main__":
    WRITTEN.write_text(json.dumps(digests(), indent=1) + "\n")
