"""How people move on the lattice: to the gate, home, or away from force, at a speed that falls with density.

Speed law: Weidmann, U. (1993), Transporttechnik der Fussgaenger. People cannot enter walls, full cells, or
the ground behind a police line.
"""

from __future__ import annotations

import math

import numpy as np

from kontijensi.crowd.acting import DRAW_NOISE, DRAW_RESTLESS, FLEE, HOME, PRESS, STAY
from kontijensi.crowd.bits import rank_of
from kontijensi.crowd.ground import EXIT
from kontijensi.crowd.hashing import GOLDEN, mix, uniform
from kontijensi.crowd.layout import (
    ACTIVE,
    AWAY,
    BYSTANDER,
    CREDIT_UNIT,
    LEFT,
    MOST_IN_TABLE,
    QUIET,
    VIOLENT,
    Record,
)
from kontijensi.vocabulary.compiling import compiled, compiled_inline

FLIGHT_WEIGHT = 2.0
"""How many metres of detour to an exit a fleeing person takes to be one metre further from force."""
NOISE = 0.4
"""Largest random difference between two equally good neighbouring cells, in cells."""
DIAGONAL = math.sqrt(2.0)
CLOSED = (1 << 63) - 1
"""Rank of a cell that cannot be entered: above that of every distance."""


@compiled
def walking_speed(density_pm2: float, free_mps: float, gamma_pm2: float, jam_pm2: float) -> float:
    """Speed at a density [m/s]: v0 (1 - exp(-gamma (1/rho - 1/rho_jam))), and 0 from the jam density on."""
    if density_pm2 >= jam_pm2:
        return 0.0
    if density_pm2 <= 0.0:
        return free_mps
    return free_mps * (1.0 - math.exp(-gamma_pm2 * (1.0 / density_pm2 - 1.0 / jam_pm2)))


@compiled_inline
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
def speed_table(rule: Record, site: Record, speeds: np.ndarray) -> None:
    """Work out the walking speed by the number of people in a cell, unless it is the last site's."""
    if speeds[MOST_IN_TABLE] == site.cell_m:
        return
    area = site.cell_m * site.cell_m
    for people in range(MOST_IN_TABLE):
        speeds[people] = walking_speed(people / area, rule.free_speed_mps, rule.speed_gamma_pm2, rule.jam_pm2)
    speeds[MOST_IN_TABLE] = site.cell_m


@compiled_inline
def speed_in_cell(rule: Record, site: Record, speeds: np.ndarray, people: int) -> float:
    """Speed in a cell that holds so many people [m/s]."""
    if people < MOST_IN_TABLE:
        return float(speeds[people])
    return walking_speed(
        people / (site.cell_m * site.cell_m), rule.free_speed_mps, rule.speed_gamma_pm2, rule.jam_pm2
    )


@compiled_inline
def barred(site: Record, row: int, col: int) -> int:
    """Tell which neighbours a police line keeps somebody in a cell from, one bit each: some to the north."""
    if not (row - 0.5) * site.cell_m < site.front_m <= (row + 0.5) * site.cell_m:
        return 0
    ways = 0
    for step in range(3):
        x = (col + step - 0.5) * site.cell_m
        if site.west_m <= x <= site.east_m:
            ways |= 1 << step
    return ways


@compiled_inline
def next_cell(
    site: Record, ground: np.ndarray, stand: np.ndarray, cell: int, goal: int, room: int, crowding: float,
    word: np.uint64,
) -> int:  # fmt: skip
    """Choose the neighbouring cell that is nearest the goal and has room; -1 when none is better.

    A cell is worth its distance to the goal [m]; who does not press on keeps clear of force. All eight are
    weighed without a branch on what they hold, since nobody can guess which are full or better: the least of
    whole numbers that rank as the worths do, with the number of the neighbour in their last three bits.
    """
    width = site.width
    ways = int(ground[cell].ways)
    if site.line:
        row = cell // width
        ways &= ~barred(site, row, cell - row * width)
    to_gate = goal in (STAY, PRESS)
    fear = FLIGHT_WEIGHT if goal != PRESS and site.any_force else 0.0
    noise = site.noise_m
    away = float(ground[cell].to_gate_m if to_gate else ground[cell].to_exit_m)
    own = rank_of(away + fear * stand[cell].danger_m + crowding * stand[cell].occupied) & ~7
    least = CLOSED
    for number in range(8):
        step = number + (1 if number > 3 else 0)
        is_open = (ways >> number) & 1
        there = np.uint64(cell + ((step // 3 - 1) * width + step % 3 - 1) * is_open)
        people = stand[there].occupied
        away = float(ground[there].to_gate_m if to_gate else ground[there].to_exit_m)
        value = away + fear * stand[there].danger_m + crowding * people
        value += noise * float(np.int64((word >> np.uint64(8 * step % 64)) & np.uint64(255)))
        rank = (rank_of(value) & ~7) | number
        least = min(least, rank if (is_open != 0) & (people < room) else CLOSED)
    if least >= own:
        return -1
    number = int(least & 7)
    step = number + (1 if number > 3 else 0)
    return int(cell + (step // 3 - 1) * width + step % 3 - 1)


@compiled_inline
def walk(
    rule: Record,
    site: Record,
    person: Record,
    ground: np.ndarray,
    stand: np.ndarray,
    speeds: np.ndarray,
    goal: int,
    start: np.uint64,
) -> None:
    """Move one member as far as his speed allows, and over an exit home, or nearby when he flees."""
    credit = person.credit / CREDIT_UNIT
    if goal in (STAY, PRESS) and credit == 0.0 and uniform(start, DRAW_RESTLESS) >= site.restless:
        return
    cell, state = int(person.cell), person.state
    gap_m = rule.bystander_gap_m if person.role == BYSTANDER else 0.5 * site.cell_m
    speed = speed_in_cell(rule, site, speeds, stand[cell].occupied)
    if goal in (HOME, FLEE) or state == VIOLENT:
        speed = max(speed, rule.creep_mps)
    credit += speed * site.dt_s / site.cell_m
    room = room_in_cell(rule, site, goal, state)
    crowding = site.cell_m / room if goal == FLEE else 0.0
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
            there = next_cell(site, ground, stand, cell, goal, room, crowding, word)
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
