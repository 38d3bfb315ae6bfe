"""What can be seen from each cell: counts per cell, summed over the square window of vision."""

from __future__ import annotations

import numpy as np

from kontijensi.crowd.compiling import compiled
from kontijensi.crowd.layout import (
    ACTIVE,
    ACTIVES,
    INSTIGATOR,
    INSTIGATORS,
    KINDS,
    MARSHAL,
    MARSHALS,
    PEOPLE,
    QUIET,
    VIOLENT,
    VIOLENTS,
    Record,
)


@compiled
def window_sums(
    source: np.ndarray, rows: np.ndarray, out: np.ndarray, width: int, depth: int, reach: int
) -> None:
    """Sum `source` over the square of `reach` cells to each side of every cell, cut off at the edges."""
    for row in range(depth):
        first = row * width
        total = 0
        for col in range(min(reach, width)):
            total += source[first + col]
        for col in range(width):
            if col + reach < width:
                total += source[first + col + reach]
            if col - reach - 1 >= 0:
                total -= source[first + col - reach - 1]
            rows[first + col] = total
    for col in range(width):
        out[col] = 0
    for row in range(min(reach + 1, depth)):
        for col in range(width):
            out[col] += rows[row * width + col]
    for row in range(1, depth):
        first = row * width
        for col in range(width):
            out[first + col] = out[first + col - width]
        if row + reach < depth:
            ahead = (row + reach) * width
            for col in range(width):
                out[first + col] += rows[ahead + col]
        if row - reach - 1 >= 0:
            behind = (row - reach - 1) * width
            for col in range(width):
                out[first + col] -= rows[behind + col]


@compiled
def change_sight(seen: np.ndarray, kind: int, cell: int, by: int, width: int, depth: int, reach: int) -> None:
    """Let everybody in sight of `cell` see `by` more of a kind at once, so that the next to decide knows."""
    row, col = cell // width, cell % width
    for r in range(max(0, row - reach), min(depth, row + reach + 1)):
        for c in range(max(0, col - reach), min(width, col + reach + 1)):
            seen[kind, r * width + c] += by


@compiled
def count_members(site: Record, people: np.ndarray, here: np.ndarray, stand: np.ndarray) -> None:
    """Count the members of a site by camp, kind and cell."""
    for cell in range(site.width * site.depth):
        stand[cell].occupied = 0
        stand[cell].passed = 0
    here[:, : site.width * site.depth] = 0
    for i in range(site.count):
        person = people[i]
        cell, first, state = person.cell, person.camp * KINDS, person.state
        stand[cell].occupied += 1
        here[first + PEOPLE, cell] += 1
        if state >= ACTIVE:
            here[first + ACTIVES, cell] += 1
            if person.role == INSTIGATOR:
                here[first + INSTIGATORS, cell] += 1
            if state == VIOLENT:
                here[first + VIOLENTS, cell] += 1
        elif person.role == MARSHAL and state == QUIET:
            here[first + MARSHALS, cell] += 1


@compiled
def look_around(site: Record, here: np.ndarray, rows: np.ndarray, seen: np.ndarray, span: np.ndarray) -> None:
    """Work out what is in sight of every cell: people by camp and kind, and officers."""
    width, depth = site.width, site.depth
    for kind in range(here.shape[0]):
        window_sums(here[kind], rows, seen[kind], width, depth, site.reach)
    sight = (site.reach + 0.5) * site.cell_m
    west, east, north, south = 0.0, width * site.cell_m, 0.0, depth * site.cell_m
    if site.line:
        west, east, north, south = site.west_m, site.east_m, site.front_m - site.cell_m, site.front_m
    for col in range(width):
        x = (col + 0.5) * site.cell_m
        span[0, col] = max(0.0, min(x + sight, east) - max(x - sight, west)) / (east - west)
    for row in range(depth):
        y = (row + 0.5) * site.cell_m
        span[1, row] = max(0.0, min(y + sight, south) - max(y - sight, north)) / (south - north)
