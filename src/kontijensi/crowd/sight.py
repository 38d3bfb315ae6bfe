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
        cell = held[number].cell
        for kind in range(here.shape[1]):
            here[cell, kind] = 0


@compiled
def change_sight(site: Record, seen: np.ndarray, cell: int, kind: int, by: int) -> None:
    """Let everybody in sight of `cell` see `by` more of a kind at once, so that the next to decide knows."""
    width, reach = site.width, site.reach
    row = cell // width
    col = cell - row * width
    west, east = max(site.west, col - reach), min(site.east, col + reach + 1)
    for r in range(max(site.north, row - reach), min(site.south, row + reach + 1)):
        cells = seen[r * width + west : r * width + east]
        for there in range(east - west):
            cells[there, kind] += by


@compiled
def count_members(
    site: Record, people: np.ndarray, here: np.ndarray, kinds: int, stand: np.ndarray, held: np.ndarray,
    aside: np.ndarray,
) -> None:  # fmt: skip
    """Count the members of a site by camp, kind and cell, and list those who have run off.

    `here` is flat. Without branches on what a member is: nobody can guess who is next in the array.
    """
    for cell in range(site.width * site.depth):
        stand[cell].occupied = 0
    away_all, any_violent = 0, 0
    for i in range(site.count):
        person = people[i]
        cell, state = person.cell, person.state
        counts = here[np.uint64(cell * kinds + person.camp * KINDS) :]
        away = (person.flags & AWAY) != 0
        aside[away_all] = i
        away_all += away
        stand[cell].occupied += not away
        acts, violent = state >= ACTIVE, state == VIOLENT
        counts[PEOPLE] += not away
        counts[ACTIVES] += acts
        counts[VIOLENTS] += violent
        counts[INSTIGATORS] += acts & (person.role == INSTIGATOR)
        counts[MARSHALS] += (person.role == MARSHAL) & (state == QUIET) & (not away)
        any_violent |= violent
    site.any_violent = any_violent
    site.aside = away_all
    list_held(site, stand, held)


@compiled
def list_held(site: Record, stand: np.ndarray, held: np.ndarray) -> None:
    """List the cells that hold people, row by row, and bound the rectangle they lie in."""
    cells = 0
    north, south, west, east = site.depth, 0, site.width, 0
    for row in range(site.depth):
        before = cells
        for col in range(site.width):
            here = held[cells]
            here.cell, here.row, here.col = row * site.width + col, row, col
            cells += stand[row * site.width + col].occupied > 0
        if cells > before:
            north, south = min(north, row), row + 1
            west, east = min(west, held[before].col), max(east, held[cells - 1].col + 1)
    site.held = cells
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
        y = (held[number].row + 0.5) * site.cell_m
        x = (held[number].col + 0.5) * site.cell_m
        across = max(0.0, min(y + sight, south) - max(y - sight, north)) * share
        along = max(0.0, min(x + sight, east) - max(x - sight, west))
        around[held[number].cell].officers = across * along


@compiled
def look_around(
    site: Record, here: np.ndarray, kinds: int, down: np.ndarray, along: np.ndarray, seen: np.ndarray
) -> None:
    """Count who is in sight of every cell of the rectangle that holds people, by camp and kind.

    `down` has the sums over the rows in sight of a row, kept from row to row; `along` these added up from
    the west, so that a window is a difference of two. All are flat: a row is a run of equal steps.
    """
    breadth = site.east - site.west
    reach, items = min(site.reach, breadth), breadth * kinds
    window, rest = (2 * reach + 1) * kinds, (breadth + reach + 1) * kinds
    down[:items] = 0
    along[: (reach + 1) * kinds] = 0
    for row in range(site.north - site.reach, site.south):
        if row + site.reach < site.south:
            entering = here[((row + site.reach) * site.width + site.west) * kinds :]
            for item in range(items):
                down[item] += entering[item]
        if row < site.north:
            continue
        if row - site.reach > site.north:
            leaving = here[((row - site.reach - 1) * site.width + site.west) * kinds :]
            for item in range(items):
                down[item] -= leaving[item]
        for kind in range(kinds):
            total = np.int32(0)
            for item in range(kind, items, kinds):
                total += down[item]
                along[np.uint64(window - reach * kinds + item)] = total
            for item in range(rest + kind, rest + reach * kinds, kinds):
                along[np.uint64(item)] = total
        out = seen[(row * site.width + site.west) * kinds :]
        further = along[window:]
        for item in range(items):
            out[item] = further[item] - along[item]
