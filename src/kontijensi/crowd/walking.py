"""How people move on the lattice: to the gate, home, or away from force, at a speed that falls with density.

Speed law: Weidmann, U. (1993), Transporttechnik der Fussgaenger. People cannot enter walls, full cells, or
the ground behind a police line.
"""

from __future__ import annotations

import math

import numpy as np

from kontijensi.crowd.acting import DRAW_NOISE, DRAW_RESTLESS, FLEE, HOME, PRESS, STAY
from kontijensi.crowd.ground import EXIT, WALL
from kontijensi.crowd.hashing import GOLDEN, mix, uniform
from kontijensi.crowd.layout import ACTIVE, AWAY, BYSTANDER, CREDIT_UNIT, LEFT, QUIET, VIOLENT, Record
from kontijensi.vocabulary.compiling import compiled

FLIGHT_WEIGHT = 2.0
"""How many metres of detour to an exit a fleeing person takes to be one metre further from force."""
NOISE = 0.4
"""Largest random difference between two equally good neighbouring cells, in cells."""
DIAGONAL = math.sqrt(2.0)


@compiled
def walking_speed(density_pm2: float, free_mps: float, gamma_pm2: float, jam_pm2: float) -> float:
    """Speed at a density [m/s]: v0 (1 - exp(-gamma (1/rho - 1/rho_jam))), and 0 from the jam density on."""
    if density_pm2 >= jam_pm2:
        return 0.0
    if density_pm2 <= 0.0:
        return free_mps
    return free_mps * (1.0 - math.exp(-gamma_pm2 * (1.0 / density_pm2 - 1.0 / jam_pm2)))


@compiled
def room_in_cell(rule: Record, site: Record, goal: int, state: int) -> int:
    """How full a cell may be, in persons, for this person still to press into it.

    In the open people in flight give way to the sides; only held in do they press to the limit.
    """
    area = site.cell_m * site.cell_m
    dense = rule.quiet_pm2
    if goal in (HOME, FLEE) and site.any_force and (site.enclosed or site.contain):
        dense = rule.max_pm2
    elif goal in (HOME, FLEE) or state == VIOLENT:
        dense = min(rule.jam_pm2, rule.max_pm2)
    elif state == ACTIVE:
        dense = rule.active_pm2
    return max(1, int(dense * area))


@compiled
def worth(site: Record, ground: np.ndarray, stand: np.ndarray, cell: int, goal: int) -> float:
    """How far from his goal a person in this cell is [m]; who does not press on keeps clear of force."""
    away = float(ground[cell].to_gate_m if goal in (STAY, PRESS) else ground[cell].to_exit_m)
    if goal != PRESS and site.any_force:
        away += FLIGHT_WEIGHT * stand[cell].danger_m
    return away


@compiled
def barred(site: Record, row: int, next_row: int, next_col: int) -> bool:
    """Whether a police line stands between a cell and the next one to the north."""
    if next_row > row:
        return False
    x = (next_col + 0.5) * site.cell_m
    if x < site.west_m or x > site.east_m:
        return False
    return bool((next_row + 0.5) * site.cell_m < site.front_m <= (row + 0.5) * site.cell_m)


@compiled
def next_cell(
    rule: Record, site: Record, ground: np.ndarray, stand: np.ndarray, cell: int, goal: int, room: int,
    word: np.uint64,
) -> int:  # fmt: skip
    """Choose the neighbouring cell that is nearest the goal and has room; -1 when none is better."""
    width = site.width
    row = cell // width
    col = cell - row * width
    crowding = site.cell_m / room if goal == FLEE else 0.0
    best, best_worth = -1, worth(site, ground, stand, cell, goal) + crowding * stand[cell].occupied
    unit = NOISE * site.cell_m / 255.0
    for r in range(max(0, row - 1), min(site.depth, row + 2)):
        for c in range(max(0, col - 1), min(width, col + 2)):
            there = r * width + c
            if there == cell or stand[there].occupied >= room or ground[there].kind == WALL:
                continue
            if site.line and barred(site, row, r, c):
                continue
            if (
                r != row
                and c != col
                and (ground[row * width + c].kind == WALL or ground[r * width + col].kind == WALL)
            ):
                continue
            value = worth(site, ground, stand, there, goal) + crowding * stand[there].occupied
            if value < best_worth:
                value += unit * float(
                    (word >> np.uint64(8 * ((r - row) * 3 + c - col + 4) % 64)) & np.uint64(255)
                )
                if value < best_worth:
                    best, best_worth = there, value
    return best


@compiled
def walk(
    rule: Record,
    site: Record,
    person: Record,
    ground: np.ndarray,
    stand: np.ndarray,
    goal: int,
    start: np.uint64,
) -> None:
    """Move one member as far as his speed allows, and over an exit home, or nearby when he flees."""
    credit = person.credit / CREDIT_UNIT
    if goal in (STAY, PRESS) and credit == 0.0 and uniform(start, DRAW_RESTLESS) >= site.restless:
        return
    cell, state = int(person.cell), person.state
    gap_m = rule.bystander_gap_m if person.role == BYSTANDER else 0.5 * site.cell_m
    density = stand[cell].occupied / (site.cell_m * site.cell_m)
    speed = walking_speed(density, rule.free_speed_mps, rule.speed_gamma_pm2, rule.jam_pm2)
    if goal in (HOME, FLEE) or state == VIOLENT:
        speed = max(speed, rule.creep_mps)
    credit += speed * site.dt_s / site.cell_m
    room = room_in_cell(rule, site, goal, state)
    word = mix(start + np.uint64(DRAW_NOISE) * GOLDEN)
    settled = False
    while True:
        out = goal in (HOME, FLEE) and ground[cell].kind == EXIT and not site.contain
        if out and (not site.enclosed or stand[cell].passed < site.exit_pass):
            stand[cell].passed += 1
            stand[cell].occupied -= 1
            person.cell = cell
            if goal == HOME:
                person.state = LEFT
            else:
                person.state = QUIET
                person.flags |= AWAY
            return
        if credit < 1.0:
            break
        there = -1
        if goal in (HOME, FLEE) or ground[cell].to_gate_m > gap_m or (goal == STAY and site.any_force):
            there = next_cell(rule, site, ground, stand, cell, goal, room, word)
        if there < 0:
            settled = True
            break
        step = abs(there - cell)
        cost = 1.0 if step in (1, site.width) else DIAGONAL
        if credit < cost:
            break
        credit -= cost
        stand[cell].occupied -= 1
        stand[there].occupied += 1
        cell = there
        word = mix(word + GOLDEN)
    person.cell = cell
    person.credit = 0 if settled else int(min(max(credit * CREDIT_UNIT + 0.5, 1.0), 255.0))
