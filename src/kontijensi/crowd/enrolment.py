"""How people come onto a site: who they are is drawn from their serial number, where they stand from the room left."""

from __future__ import annotations

import numpy as np
from numba import njit

from kontijensi.crowd.hashing import person_tick, uniform
from kontijensi.crowd.layout import (
    BYSTANDER,
    FOLLOWER,
    INSTIGATOR,
    MARSHAL,
    QUIET,
    UNIT16,
    Members,
    Record,
    Scratch,
)

BEFORE_ALL_TICKS = 0xFFFFFFFF
"""The tick number under which a person's own traits are drawn."""
DRAW_HARDSHIP, DRAW_RISK_AVERSION, DRAW_RELUCTANCE, DRAW_ROLE, DRAW_PLACE = range(5)


@njit(cache=True, nogil=True)
def occupy(site: Record, members: Members, scratch: Scratch) -> None:
    """Count who stands where."""
    scratch.occupied[: site.width * site.depth] = 0
    for i in range(site.start, site.start + site.count):
        scratch.occupied[members.cell[i]] += 1


@njit(cache=True, nogil=True)
def find_place(scratch: Scratch, wanted: np.ndarray, standing: np.ndarray, room: int, u: float) -> int:
    """Find a cell with room among the wanted ones, else anywhere; -1 when the site is full."""
    for cells in (wanted, standing):
        first = int(u * cells.size)
        for step in range(cells.size):
            cell = cells[(first + step) % cells.size]
            if scratch.occupied[cell] < room:
                return int(cell)
    return -1


@njit(cache=True, nogil=True)
def settle(
    site: Record,
    members: Members,
    scratch: Scratch,
    wanted: np.ndarray,
    standing: np.ndarray,
    room: int,
    count: int,
) -> int:
    """Give serial numbers and places to `count` new rows after the present ones; returns how many found room."""
    occupy(site, members, scratch)
    placed = 0
    for i in range(site.start + site.count, site.start + site.count + count):
        serial = site.next_serial + placed
        start = person_tick(site.key, serial, BEFORE_ALL_TICKS)
        cell = find_place(scratch, wanted, standing, room, uniform(start, DRAW_PLACE))
        if cell < 0:
            break
        scratch.occupied[cell] += 1
        members.serial[i] = serial
        members.cell[i] = cell
        members.credit[i] = 1
        placed += 1
    site.next_serial += placed
    site.count += placed
    site.joined += placed
    return placed


@njit(cache=True, nogil=True)
def draw_people(
    site: Record, members: Members, first: int, count: int, camp: int, shares: np.ndarray, grievance: float
) -> None:
    """Draw hardship, risk aversion, second threshold and role of new people, each from his serial number.

    `shares` holds the instigators', marshals' and bystanders' shares, in this order.
    """
    for i in range(first, first + count):
        start = person_tick(site.key, members.serial[i], BEFORE_ALL_TICKS)
        members.hardship[i] = int(grievance * uniform(start, DRAW_HARDSHIP) * UNIT16)
        members.risk_aversion[i] = int(uniform(start, DRAW_RISK_AVERSION) * UNIT16)
        members.reluctance[i] = int(uniform(start, DRAW_RELUCTANCE) * UNIT16)
        u = uniform(start, DRAW_ROLE)
        role = FOLLOWER
        if u < shares[0]:
            role = INSTIGATOR
        elif u < shares[0] + shares[1]:
            role = MARSHAL
        elif u < shares[0] + shares[1] + shares[2]:
            role = BYSTANDER
        members.role[i] = role
        members.camp[i] = camp
        members.state[i] = QUIET
        members.anger[i] = 0
        members.flags[i] = 0
