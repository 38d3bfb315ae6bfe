"""How people move on the lattice: towards the gate, home, or away from force, at a speed that falls with density.

Speed law: Weidmann, U. (1993), Transporttechnik der Fussgaenger. People cannot enter walls, full cells, or
the ground behind a police line.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from kontijensi.crowd.acting import DRAW_NOISE, DRAW_RESTLESS, FLEE, HOME, STAY
from kontijensi.crowd.force import danger_m
from kontijensi.crowd.ground import EXIT, WALL
from kontijensi.crowd.hashing import GOLDEN, mix, uniform
from kontijensi.crowd.layout import (
    ACTIVE,
    BYSTANDER,
    CREDIT_UNIT,
    LEFT,
    VIOLENT,
    Lattice,
    Members,
    Record,
    Scratch,
)

FLIGHT_WEIGHT = 2.0
"""How many metres of detour to an exit a fleeing person takes to be one metre further from force."""
NOISE = 0.4
"""Largest random difference between two equally good neighbouring cells, in cells."""


@njit(cache=True, nogil=True)
def walking_speed(density_pm2: float, free_mps: float, gamma_pm2: float, jam_pm2: float) -> float:
    """Speed at a density [m/s]: v0 (1 - exp(-gamma (1/rho - 1/rho_jam))), and 0 from the jam density on."""
    if density_pm2 >= jam_pm2:
        return 0.0
    if density_pm2 <= 0.0:
        return free_mps
    return free_mps * (1.0 - math.exp(-gamma_pm2 * (1.0 / density_pm2 - 1.0 / jam_pm2)))


@njit(cache=True, nogil=True)
def room_in_cell(rule: Record, site: Record, goal: int, state: int) -> int:
    """How full a cell may be, in persons, for this person still to press into it."""
    area = site.cell_m * site.cell_m
    most = int(rule.max_pm2 * area)
    if goal == FLEE:
        return most
    if goal == HOME or state == VIOLENT:
        return max(1, min(most, int(rule.jam_pm2 * area)))
    return max(1, min(most, int((rule.active_pm2 if state == ACTIVE else rule.quiet_pm2) * area)))


@njit(cache=True, nogil=True)
def worth(rule: Record, site: Record, lattice: Lattice, cell: int, goal: int) -> float:
    """How far from his goal a person in this cell is [m]."""
    if goal == STAY:
        return lattice.to_gate_m[site.ground + cell]
    away = lattice.to_exit_m[site.ground + cell]
    if goal == FLEE:
        x, y = (cell % site.width + 0.5) * site.cell_m, (cell // site.width + 0.5) * site.cell_m
        away += FLIGHT_WEIGHT * danger_m(rule, site, x, y)
    return away


@njit(cache=True, nogil=True)
def barred(site: Record, row: int, next_row: int, next_col: int) -> bool:
    """Whether a police line stands between a cell and the next one to the north."""
    if not site.line or next_row > row:
        return False
    x = (next_col + 0.5) * site.cell_m
    return (
        site.west_m <= x <= site.east_m
        and (next_row + 0.5) * site.cell_m < site.front_m
        and (row + 0.5) * site.cell_m >= site.front_m
    )


@njit(cache=True, nogil=True)
def next_cell(
    rule: Record,
    site: Record,
    lattice: Lattice,
    scratch: Scratch,
    cell: int,
    goal: int,
    state: int,
    word: np.uint64,
) -> int:
    """Choose the neighbouring cell that is nearest the goal and has room; -1 when none is better."""
    width, depth = site.width, site.depth
    row, col = cell // width, cell % width
    room = room_in_cell(rule, site, goal, state)
    kind, ground = lattice.kind, site.ground
    here = worth(rule, site, lattice, cell, goal)
    best, best_worth = -1, here
    unit = NOISE * site.cell_m / 255.0
    for dr in range(-1, 2):
        r = row + dr
        if r < 0 or r >= depth:
            continue
        for dc in range(-1, 2):
            c = col + dc
            if c < 0 or c >= width or (dr == 0 and dc == 0):
                continue
            there = r * width + c
            if kind[ground + there] == WALL or scratch.occupied[there] >= room or barred(site, row, r, c):
                continue
            if (
                dr != 0
                and dc != 0
                and (kind[ground + row * width + c] == WALL or kind[ground + r * width + col] == WALL)
            ):
                continue
            slot = np.uint64(8 * ((dr + 1) * 3 + dc + 1) % 64)
            value = worth(rule, site, lattice, there, goal)
            value += unit * float((word >> slot) & np.uint64(255))
            if value < best_worth:
                best, best_worth = there, value
    return best


@njit(cache=True, nogil=True)
def walk(
    rule: Record, site: Record, lattice: Lattice, members: Members, i: int, scratch: Scratch, goal: int,
    dt_s: float, restless: float, start: np.uint64,
) -> None:  # fmt: skip
    """Move one member as far as his speed allows, and off the site when he goes home over an exit."""
    credit = members.credit[i] / CREDIT_UNIT
    if goal == STAY and credit == 0.0 and uniform(start, DRAW_RESTLESS) >= restless:
        return
    cell, state = members.cell[i], members.state[i]
    gap_m = rule.bystander_gap_m if members.role[i] == BYSTANDER else 0.5 * site.cell_m
    density = scratch.occupied[cell] / (site.cell_m * site.cell_m)
    speed = walking_speed(density, rule.free_speed_mps, rule.speed_gamma_pm2, rule.jam_pm2)
    if goal != STAY or state == VIOLENT:
        speed = max(speed, rule.creep_mps)
    credit += speed * dt_s / site.cell_m
    word = mix(start + np.uint64(DRAW_NOISE) * GOLDEN)
    while True:
        at = site.ground + cell
        if (
            goal == HOME
            and lattice.kind[at] == EXIT
            and (not site.enclosed or scratch.passed[cell] < site.exit_pass)
        ):
            scratch.passed[cell] += 1
            scratch.occupied[cell] -= 1
            members.state[i] = LEFT
            return
        if credit < 1.0:
            break
        if goal == STAY and lattice.to_gate_m[at] <= gap_m:
            credit = 0.0
            break
        there = next_cell(rule, site, lattice, scratch, cell, goal, state, word)
        if there < 0:
            credit = 0.0
            break
        straight = there % site.width == cell % site.width or there // site.width == cell // site.width
        cost = 1.0 if straight else 1.4142135
        if credit < cost:
            break
        credit -= cost
        scratch.occupied[cell] -= 1
        scratch.occupied[there] += 1
        cell = there
        word = mix(word + GOLDEN)
    members.cell[i] = cell
    members.credit[i] = int(min(credit * CREDIT_UNIT, 255.0))
