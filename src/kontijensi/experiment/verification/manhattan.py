"""The road network of Manhattan, written as a scenario: 16,811 places, 24,437 one-way roads.

The files are those of JEMSS.jl (Ridler, Mason and Raith 2022), which states the mean travel times: tables of
nodes and arcs, with the time over each arc in days for two modes. They do not come with this program.
"""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

from kontijensi.scenario.document import load_text
from kontijensi.world import World, compile_world

NODES = "manhattan_nodes.csv.gz"
ARCS = "manhattan_arcs.csv.gz"
DAY_S = 86400.0
MINUTE_S = 60.0

SCENARIO = """\
kontijensi: 1
name: Manhattan
language: en
start: 2023-07-05 00:00
horizon: 1 h
area:
  places: {{{places}}}
  travel: {{modes: {{slow: {{}}}}}}
  roads:
    edges:
{edges}
unit_types:
  patrol: {{agency: police, capabilities: [patrol], personnel: 2, turn_out: 0}}
  slow: {{agency: police, capabilities: [patrol], personnel: 2, turn_out: 0, mode: slow}}
units:
  patrol: {{type: patrol, base: n1}}
  slow: {{type: slow, base: n1}}
calls:
  call: {{known: [{{after: 0, place: n1}}], on_scene: 1 min}}
"""


def manhattan_means(folder: Path) -> tuple[float, float]:
    """Return the mean travel time from the first node to every node in both modes [min].

    Raises OSError when one of the files cannot be read.
    """
    world = manhattan(folder)
    first, second = (
        float(world.ways(mode, None)[0].times_from(0).mean()) / MINUTE_S for mode in ("car", "slow")
    )
    return first, second


def manhattan(folder: Path) -> World:
    """Return the network as a world in which cars take the first mode's times and `slow` the second's."""
    nodes, arcs = _rows(folder / NODES), _rows(folder / ARCS)
    edges = [
        f"      - {{between: [{_name(arc['fromNode'])}, {_name(arc['toNode'])}],"
        f" time: {float(arc['mode_1']) * DAY_S:.12f} s,"
        f" times: {{slow: {float(arc['mode_2']) * DAY_S:.12f} s}}, oneway: true}}"
        for arc in arcs
    ]
    places = ", ".join(f"{_name(node['index'])}: {{}}" for node in nodes)
    text = SCENARIO.format(places=places, edges="\n".join(edges))
    return compile_world(load_text(text).file)


def _name(index: str) -> str:
    return f"n{int(float(index))}"


def _rows(path: Path) -> list[dict[str, str]]:
    """Read the table that follows the file's heading lines."""
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        lines = stream.read().splitlines()
    start = next((n for n, line in enumerate(lines) if line.startswith("index,")), len(lines))
    return [row for row in csv.DictReader(lines[start:]) if row["index"]]
