"""What can be seen from each cell: counts per cell, summed over the square window of vision."""

from __future__ import annotations

import numpy as np
from numba import njit

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
    Members,
    Record,
    Scratch,
)


@njit(cache=True, nogil=True)
def reach_cells(vision_m: float, cell_m: float) -> int:
    """How many cells a member sees to each side, at least one."""
    return max(1, int(round(vision_m / cell_m)))


@njit(cache=True, nogil=True)
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


@njit(cache=True, nogil=True)
def change_sight(seen: np.ndarray, kind: int, cell: int, by: int, width: int, depth: int, reach: int) -> None:
    """Let everybody in sight of `cell` see `by` more of a kind at once, so that the next to decide knows."""
    row, col = cell // width, cell % width
    for r in range(max(0, row - reach), min(depth, row + reach + 1)):
        for c in range(max(0, col - reach), min(width, col + reach + 1)):
            seen[kind, r * width + c] += by


@njit(cache=True, nogil=True)
def count_members(site: Record, members: Members, scratch: Scratch, camps: int) -> None:
    """Count the members of a site by camp, kind and cell."""
    cells = site.width * site.depth
    scratch.here[: camps * KINDS, :cells] = 0
    scratch.occupied[:cells] = 0
    scratch.passed[:cells] = 0
    here = scratch.here
    for i in range(site.start, site.start + site.count):
        cell = members.cell[i]
        first = members.camp[i] * KINDS
        state = members.state[i]
        role = members.role[i]
        scratch.occupied[cell] += 1
        here[first + PEOPLE, cell] += 1
        if state >= ACTIVE:
            here[first + ACTIVES, cell] += 1
            if role == INSTIGATOR:
                here[first + INSTIGATORS, cell] += 1
            if state == VIOLENT:
                here[first + VIOLENTS, cell] += 1
        if role == MARSHAL and state == QUIET:
            here[first + MARSHALS, cell] += 1


@njit(cache=True, nogil=True)
def look_around(site: Record, rule: Record, scratch: Scratch, camps: int) -> None:
    """Work out what is in sight of every cell: people by camp and kind, and officers."""
    width, depth = site.width, site.depth
    reach = reach_cells(rule.vision_m, site.cell_m)
    for kind in range(camps * KINDS):
        window_sums(scratch.here[kind], scratch.rows, scratch.seen[kind], width, depth, reach)
    sight = (reach + 0.5) * site.cell_m
    west, east, north, south = 0.0, width * site.cell_m, 0.0, depth * site.cell_m
    if site.line:
        west, east, north, south = site.west_m, site.east_m, site.front_m - site.cell_m, site.front_m
    for col in range(width):
        x = (col + 0.5) * site.cell_m
        scratch.along[col] = max(0.0, min(x + sight, east) - max(x - sight, west)) / (east - west)
    for row in range(depth):
        y = (row + 0.5) * site.cell_m
        scratch.across[row] = max(0.0, min(y + sight, south) - max(y - sight, north)) / (south - north)
