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
    APART,
    AWAY,
    BYSTANDER,
    CLEAR_OUT,
    CLEAR_TO_GATE,
    CREDIT_UNIT,
    LEFT,
    MOST_IN_TABLE,
    QUIET,
    TO_GATE,
    VIOLENT,
    Record,
)
from kontijensi.vocabulary.compiling import compiled, compiled_inline

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


@compiled
def plan_walks(rule: Record, site: Record) -> None:
    """Work out how full a cell may be, in persons, for people in each state still to enter it.

    In the open people in flight give way to the sides; only held in do they press to the limit.
    """
    area = site.cell_m * site.cell_m
    pressed = min(rule.jam_pm2, rule.max_pm2)
    held_in = site.any_force and (site.enclosed or site.contain)
    site.quiet_room = max(1, int(rule.quiet_pm2 * area))
    site.active_room = max(1, int(rule.active_pm2 * area))
    site.violent_room = max(1, int(pressed * area))
    site.flight_room = max(1, int(rule.max_pm2 * area)) if held_in else site.violent_room
    site.crowding_m = site.cell_m / site.flight_room
    site.creep = rule.creep_mps * site.dt_s / site.cell_m


@compiled
def walking_tables(rule: Record, site: Record, strides: np.ndarray, noises: np.ndarray) -> None:
    """Work out strides by the number of people in a cell, and noise, unless they are the last site's."""
    if strides[MOST_IN_TABLE] == site.cell_m and strides[MOST_IN_TABLE + 1] == site.dt_s:
        return
    for people in range(MOST_IN_TABLE):
        strides[people] = stride(rule, site, people)
    noise_m = NOISE * site.cell_m / 255.0
    for bits in range(noises.size):
        noises[bits] = noise_m * bits
    strides[MOST_IN_TABLE], strides[MOST_IN_TABLE + 1] = site.cell_m, site.dt_s


@compiled
def stride(rule: Record, site: Record, people: int) -> float:
    """How many cells one walks in this tick from a cell that holds so many people."""
    density_pm2 = people / (site.cell_m * site.cell_m)
    speed = walking_speed(density_pm2, rule.free_speed_mps, rule.speed_gamma_pm2, rule.jam_pm2)
    return float(speed * site.dt_s / site.cell_m)


@compiled
def barred(site: Record, col: int) -> int:
    """Tell which neighbours, all to the north, the line keeps somebody before it from; one bit each."""
    ways = 0
    for step in range(3):
        x = (col + step - 0.5) * site.cell_m
        if site.west_m <= x <= site.east_m:
            ways |= 1 << step
    return ways


@compiled
def lay_ways(site: Record, ground: np.ndarray, stand: np.ndarray, worth: np.ndarray) -> None:
    """Lay out for this tick where each cell leads and how far it is from what people aim for."""
    for cell in range(site.width * site.depth):
        there = ground[cell]
        stand[cell].passed, stand[cell].kind, stand[cell].ways = 0, there.kind, there.ways
        worth[TO_GATE, cell] = worth[CLEAR_TO_GATE, cell] = there.to_gate_m
        worth[CLEAR_OUT, cell] = there.to_exit_m
    if not site.line:
        return
    for row in range(site.depth):
        if (row - 0.5) * site.cell_m < site.front_m <= (row + 0.5) * site.cell_m:
            for col in range(site.width):
                stand[row * site.width + col].ways &= ~barred(site, col)


@compiled
def lay_people(site: Record, stand: np.ndarray, worth: np.ndarray) -> None:
    """Add to what each cell is worth to those who flee how many stand there."""
    for cell in range(site.width * site.depth):
        worth[APART, cell] = worth[CLEAR_OUT, cell] + site.crowding_m * stand[cell].occupied


@compiled_inline
def enter_cell(site: Record, stand: np.ndarray, worth: np.ndarray, cell: int, by: int) -> None:
    """Let somebody into a cell, or (`by` -1) out of it."""
    people = stand[cell].occupied + by
    stand[cell].occupied = people
    there = cell + site.width + 1
    worth[APART, there] = worth[CLEAR_OUT, there] + site.crowding_m * people


@compiled_inline
def next_cell(
    site: Record, standing: np.ndarray, aim: np.ndarray, noises: np.ndarray, cell: int, room: int,
    word: np.uint64,
) -> int:  # fmt: skip
    """Choose the neighbouring cell that is nearest the aim and has room; -1 when none is better.

    `standing` and `aim` have a margin of `width + 1` before the first cell. All eight are weighed without a
    branch on what they hold, since nobody can guess which are full or better: the least of whole numbers that
    rank as the worths do, with the number of the neighbour in their last three bits.
    """
    width = site.width
    here = np.uint64(cell + width + 1)
    ways = int(standing[here].ways)
    own = rank_of(aim[here]) & ~7
    least = CLOSED
    for number in range(8):
        step = number + (1 if number > 3 else 0)
        there = np.uint64(cell + step // 3 * width + step % 3)
        people = standing[there].occupied
        value = aim[there] + noises[(word >> np.uint64(8 * step % 64)) & np.uint64(255)]
        rank = (rank_of(value) & ~7) | number
        least = min(least, rank if ((ways >> number) & 1 != 0) & (people < room) else CLOSED)
    if least >= own:
        return -1
    number = int(least & 7)
    step = number + (1 if number > 3 else 0)
    return int(cell + (step // 3 - 1) * width + step % 3 - 1)


@compiled_inline
def aim_of(goal: int) -> int:
    """Say which worth of cells a goal looks at."""
    if goal == STAY:
        return CLEAR_TO_GATE
    if goal == PRESS:
        return TO_GATE
    return APART if goal == FLEE else CLEAR_OUT


@compiled_inline
def room_for(site: Record, goal: int, state: int) -> int:
    """How full a cell may be, in persons, for somebody with this goal and state to enter it."""
    if goal in (HOME, FLEE):
        return int(site.flight_room)
    if state == QUIET:
        return int(site.quiet_room)
    return int(site.violent_room if state == VIOLENT else site.active_room)


@compiled_inline
def walk(
    rule: Record, site: Record, person: Record, standing: np.ndarray, stand: np.ndarray, worth: np.ndarray,
    strides: np.ndarray, noises: np.ndarray, goal: int, start: np.uint64,
) -> None:  # fmt: skip
    """Move one member as far as his speed allows, and over an exit home, or nearby when he flees."""
    credit = person.credit / CREDIT_UNIT
    if goal in (STAY, PRESS) and credit == 0.0 and uniform(start, DRAW_RESTLESS) >= site.restless:
        return
    cell, state = int(person.cell), person.state
    gap_m = rule.bystander_gap_m if person.role == BYSTANDER else 0.5 * site.cell_m
    people = stand[cell].occupied
    reach = strides[people] if people < MOST_IN_TABLE else stride(rule, site, people)
    room = room_for(site, goal, state)
    if goal in (HOME, FLEE) or state == VIOLENT:
        reach = max(reach, site.creep)
    credit += reach
    aim = worth[aim_of(goal)]
    word = mix(start + np.uint64(DRAW_NOISE) * GOLDEN)
    moves = goal in (HOME, FLEE) or (goal == STAY and site.any_force)
    settled = False
    while True:
        out = goal in (HOME, FLEE) and stand[cell].kind == EXIT and not site.contain
        if out and (not site.enclosed or stand[cell].passed < site.exit_pass):
            stand[cell].passed += site.enclosed
            enter_cell(site, stand, worth, cell, -1)
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
        if moves or worth[TO_GATE, cell + site.width + 1] > gap_m:
            there = next_cell(site, standing, aim, noises, cell, room, word)
        if there < 0:
            settled = True
            break
        step = abs(there - cell)
        cost = 1.0 if step in (1, site.width) else DIAGONAL
        if credit < cost:
            break
        credit -= cost
        enter_cell(site, stand, worth, cell, -1)
        enter_cell(site, stand, worth, there, 1)
        cell = there
        word = mix(word + GOLDEN)
    person.cell = cell
    person.credit = 0 if settled else int(min(max(credit * CREDIT_UNIT + 0.5, 1.0), 255.0))
