"""What can be seen from each cell: counts per cell, summed over the square window of vision."""

from __future__ import annotations

import numpy as np

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
from kontijensi.vocabulary.compiling import compiled


@compiled
def forget(site: Record, here: np.ndarray, held: np.ndarray) -> None:
    """Set the counts of this site's cells back to zero, as the next site to be counted finds them."""
    for number in range(site.held):
        cell = held[number]
        for kind in range(here.shape[1]):
            here[cell, kind] = 0


@compiled
def sum_up(site: Record, here: np.ndarray, table: np.ndarray, flat: np.ndarray) -> None:
    """Sum the counts of every kind over all cells north-west of each in the rectangle that holds people.

    `table` has a row and a column of zeros before those of the rectangle; `flat` is the same memory.
    """
    kinds = here.shape[1]
    breadth = site.east - site.west
    line = (breadth + 1) * kinds
    for item in range(line):
        flat[item] = 0
    for row in range(site.south - site.north):
        cell = (site.north + row) * site.width + site.west
        entry = (row + 1) * (breadth + 1)
        for kind in range(kinds):
            table[entry, kind] = 0
        for col in range(breadth):
            for kind in range(kinds):
                table[entry + col + 1, kind] = table[entry + col, kind] + here[cell + col, kind]
        first = entry * kinds
        for item in range(first, first + line):
            flat[item] += flat[item - line]


@compiled
def change_sight(site: Record, seen: np.ndarray, cell: int, kind: int, by: int) -> None:
    """Let everybody in sight of `cell` see `by` more of a kind at once, so that the next to decide knows."""
    width, reach = site.width, site.reach
    row = cell // width
    col = cell - row * width
    west, east = max(site.west, col - reach), min(site.east, col + reach + 1)
    for r in range(max(site.north, row - reach), min(site.south, row + reach + 1)):
        for there in range(r * width + west, r * width + east):
            seen[there, kind] += by


@compiled
def count_members(
    site: Record, people: np.ndarray, here: np.ndarray, stand: np.ndarray, held: np.ndarray
) -> None:
    """Count the members of a site by camp, kind and cell, and list the cells that hold any."""
    for cell in range(site.width * site.depth):
        stand[cell].occupied = 0
        stand[cell].passed = 0
    cells, any_violent = 0, 0
    for i in range(site.count):
        person = people[i]
        if person.flags & AWAY:
            continue
        cell, first, state = person.cell, person.camp * KINDS, person.state
        held[cells] = cell  # without branches: nobody can guess who is next in the array
        cells += stand[cell].occupied == 0
        stand[cell].occupied += 1
        acts, violent = state >= ACTIVE, state == VIOLENT
        here[cell, first + PEOPLE] += 1
        here[cell, first + ACTIVES] += acts
        here[cell, first + INSTIGATORS] += acts & (person.role == INSTIGATOR)
        here[cell, first + VIOLENTS] += violent
        here[cell, first + MARSHALS] += (person.role == MARSHAL) & (state == QUIET)
        any_violent |= violent
    site.held = cells
    site.any_violent = any_violent
    north, south, west, east = site.depth, 0, site.width, 0
    for number in range(cells):
        row = held[number] // site.width
        col = held[number] - row * site.width
        north, south = min(north, row), max(south, row + 1)
        west, east = min(west, col), max(east, col + 1)
    site.north, site.south, site.west, site.east = north, south, west, east


@compiled
def see_officers(site: Record, around: np.ndarray, held: np.ndarray) -> None:
    """Work out how many officers every cell with people sees: on the line, or all over the site."""
    sight = (site.reach + 0.5) * site.cell_m
    west, east, north, south = 0.0, site.width * site.cell_m, 0.0, site.depth * site.cell_m
    if site.line:
        west, east, north, south = site.west_m, site.east_m, site.front_m - site.cell_m, site.front_m
    share = site.officers / ((east - west) * (south - north))
    for number in range(site.held):
        cell = held[number]
        row = cell // site.width
        y = (row + 0.5) * site.cell_m
        x = (cell - row * site.width + 0.5) * site.cell_m
        across = max(0.0, min(y + sight, south) - max(y - sight, north)) * share
        along = max(0.0, min(x + sight, east) - max(x - sight, west))
        around[cell].officers = across * along


@compiled
def look_around(
    site: Record, here: np.ndarray, table: np.ndarray, flat: np.ndarray, seen: np.ndarray, held: np.ndarray
) -> None:
    """Count who is in sight of every cell with people, by camp and kind.

    A sum over a window is four entries of the summed-area table (Crow 1984), whatever the window's size.
    """
    if site.held == 0:
        return
    sum_up(site, here, table, flat)
    reach, line = site.reach, site.east - site.west + 1
    for number in range(site.held):
        cell = held[number]
        row = cell // site.width
        col = cell - row * site.width
        above = (max(row - reach, site.north) - site.north) * line
        below = (min(row + reach + 1, site.south) - site.north) * line
        left, right = max(col - reach, site.west) - site.west, min(col + reach + 1, site.east) - site.west
        for kind in range(here.shape[1]):
            seen[cell, kind] = (
                table[below + right, kind] - table[below + left, kind]
                - table[above + right, kind] + table[above + left, kind]
            )  # fmt: skip
