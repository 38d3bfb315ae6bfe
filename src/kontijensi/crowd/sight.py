"""What can be seen from each cell: counts per cell, summed over the square window of vision."""

from __future__ import annotations

import numpy as np

from kontijensi.crowd.compiling import compiled
from kontijensi.crowd.layout import (
    ACTIVE,
    ACTIVES,
    AWAY,
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
def sum_rows(here: np.ndarray, rows: np.ndarray, width: int, depth: int, reach: int) -> None:
    """Sum the counts of every kind over `reach` cells to the west and east, cut off at the edges."""
    kinds = here.shape[1]
    for row in range(depth):
        first = row * width
        for kind in range(kinds):
            rows[first, kind] = 0
        for col in range(min(reach + 1, width)):
            for kind in range(kinds):
                rows[first, kind] += here[first + col, kind]
        for cell in range(first + 1, first + width):
            ahead, behind = cell + reach, cell - reach - 1
            for kind in range(kinds):
                rows[cell, kind] = rows[cell - 1, kind]
            if ahead < first + width:
                for kind in range(kinds):
                    rows[cell, kind] += here[ahead, kind]
            if behind >= first:
                for kind in range(kinds):
                    rows[cell, kind] -= here[behind, kind]


@compiled
def sum_columns(source: np.ndarray, target: np.ndarray, line: int, depth: int, reach: int) -> None:
    """Sum row sums over `reach` rows to the north and south, cut off at the edges; a row has `line` items."""
    target[:line] = 0
    for row in range(min(reach + 1, depth)):
        for item in range(line):
            target[item] += source[row * line + item]
    for row in range(1, depth):
        first = row * line
        for item in range(line):
            target[first + item] = target[first + item - line]
        if row + reach < depth:
            ahead = (row + reach) * line
            for item in range(line):
                target[first + item] += source[ahead + item]
        if row - reach - 1 >= 0:
            behind = (row - reach - 1) * line
            for item in range(line):
                target[first + item] -= source[behind + item]


@compiled
def change_sight(site: Record, seen: np.ndarray, cell: int, kind: int, by: int) -> None:
    """Let everybody in sight of `cell` see `by` more of a kind at once, so that the next to decide knows."""
    width, reach = site.width, site.reach
    row = cell // width
    col = cell - row * width
    west, east = max(0, col - reach), min(width, col + reach + 1)
    for r in range(max(0, row - reach), min(site.depth, row + reach + 1)):
        for there in range(r * width + west, r * width + east):
            seen[there, kind] += by


@compiled
def count_members(site: Record, people: np.ndarray, here: np.ndarray, stand: np.ndarray) -> None:
    """Count the members of a site by camp, kind and cell."""
    cells = site.width * site.depth
    here[:cells] = 0
    for cell in range(cells):
        stand[cell].occupied = 0
        stand[cell].passed = 0
    for i in range(site.count):
        person = people[i]
        if person.flags & AWAY:
            continue
        cell, first, state = person.cell, person.camp * KINDS, person.state
        stand[cell].occupied += 1
        here[cell, first + PEOPLE] += 1
        if state >= ACTIVE:
            here[cell, first + ACTIVES] += 1
            if person.role == INSTIGATOR:
                here[cell, first + INSTIGATORS] += 1
            if state == VIOLENT:
                here[cell, first + VIOLENTS] += 1
        elif person.role == MARSHAL and state == QUIET:
            here[cell, first + MARSHALS] += 1


@compiled
def see_officers(site: Record, stand: np.ndarray) -> None:
    """Work out how many officers are in sight of every cell: on the line, or spread over the site."""
    sight = (site.reach + 0.5) * site.cell_m
    west, east, north, south = 0.0, site.width * site.cell_m, 0.0, site.depth * site.cell_m
    if site.line:
        west, east, north, south = site.west_m, site.east_m, site.front_m - site.cell_m, site.front_m
    share = site.officers / ((east - west) * (south - north))
    for row in range(site.depth):
        y = (row + 0.5) * site.cell_m
        across = max(0.0, min(y + sight, south) - max(y - sight, north)) * share
        for col in range(site.width):
            x = (col + 0.5) * site.cell_m
            along = max(0.0, min(x + sight, east) - max(x - sight, west))
            stand[row * site.width + col].officers = across * along


@compiled
def look_around(
    site: Record,
    here: np.ndarray,
    rows: np.ndarray,
    flat_rows: np.ndarray,
    flat_seen: np.ndarray,
    stand: np.ndarray,
) -> None:
    """Work out what is in sight of every cell: people by camp and kind, and officers."""
    sum_rows(here, rows, site.width, site.depth, site.reach)
    sum_columns(flat_rows, flat_seen, site.width * here.shape[1], site.depth, site.reach)
    see_officers(site, stand)
