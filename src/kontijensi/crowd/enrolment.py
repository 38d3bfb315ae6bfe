"""How people come onto a site: who they are, drawn from their serial numbers, and where they find room."""

from __future__ import annotations

import numpy as np

from kontijensi.crowd.hashing import person_tick, uniform
from kontijensi.crowd.layout import (
    AWAY,
    BYSTANDER,
    FOLLOWER,
    INSTIGATOR,
    LEAVING,
    MARSHAL,
    QUIET,
    UNIT16,
    Record,
)
from kontijensi.vocabulary.compiling import compiled

BEFORE_ALL_TICKS = 0xFFFFFFFF
"""The tick number under which a person's own traits are drawn."""
DRAW_HARDSHIP, DRAW_RISK_AVERSION, DRAW_RELUCTANCE, DRAW_ROLE, DRAW_PLACE = range(5)


@compiled
def find_place(stand: np.ndarray, wanted: np.ndarray, standing: np.ndarray, room: int, u: float) -> int:
    """Find a cell with room among the wanted ones, else anywhere; -1 when the site is full."""
    for cells in (wanted, standing):
        first = int(u * cells.size)
        for step in range(cells.size):
            cell = cells[(first + step) % cells.size]
            if stand[cell].occupied < room:
                return int(cell)
    return -1


@compiled
def settle(
    site: Record,
    people: np.ndarray,
    stand: np.ndarray,
    wanted: np.ndarray,
    standing: np.ndarray,
    room: int,
    count: int,
) -> int:
    """Give serial numbers and places to `count` new rows after those present; returns how many found room."""
    for cell in range(site.width * site.depth):
        stand[cell].occupied = 0
    for i in range(site.count):
        if not people[i].flags & AWAY:
            stand[people[i].cell].occupied += 1
    placed = 0
    for i in range(site.count, site.count + count):
        start = person_tick(site.key, site.next_serial, BEFORE_ALL_TICKS)
        cell = find_place(stand, wanted, standing, room, uniform(start, DRAW_PLACE))
        if cell < 0:
            break
        stand[cell].occupied += 1
        people[i].serial = site.next_serial
        people[i].cell = cell
        people[i].credit = 1
        site.next_serial += 1
        placed += 1
    site.count += placed
    site.joined += placed
    return placed


@compiled
def count_site(site: Record, people: np.ndarray, harm: np.ndarray, count: Record, camps: np.ndarray) -> None:
    """Count a site; `camps` has a row a camp (present, quiet, active, violent)."""
    camps[:] = 0
    leaving = away = 0
    for i in range(site.count):
        person = people[i]
        camps[person.camp, 1 + person.state] += 1
        leaving += (person.flags & LEAVING) != 0
        away += (person.flags & AWAY) != 0
    count.leaving, count.away = leaving, away
    count.present, count.quiet, count.active, count.violent = site.count, 0, 0, 0
    for camp in range(camps.shape[0]):
        camps[camp, 0] = camps[camp, 1] + camps[camp, 2] + camps[camp, 3]
        count.quiet += camps[camp, 1]
        count.active += camps[camp, 2]
        count.violent += camps[camp, 3]
    count.joined, count.left, count.arrested = site.joined, site.left, site.arrested
    count.injured, count.departed, count.hurt = site.injured, site.departed, harm.sum()
    count.max_density_pm2 = site.max_occupied / (site.cell_m * site.cell_m)
    count.force, count.indiscriminate = site.force, site.indiscriminate
    count.irritant_used, count.water_used = site.rounds, site.litres


@compiled
def count_sites(
    sites: np.ndarray, members: np.ndarray, harm: np.ndarray, counts: np.ndarray, by_camp: np.ndarray
) -> None:
    """Count every open site as it stands between two ticks."""
    for slot in range(sites.size):
        site = sites[slot]
        if site.open:
            people = members[site.start : site.start + site.room]
            count_site(site, people, harm[slot], counts[slot], by_camp[slot])


@compiled
def draw_people(site: Record, people: np.ndarray, camp: int, shares: np.ndarray, grievance: float) -> None:
    """Draw hardship, risk aversion, second threshold and role of new people, each from his serial number.

    `shares` holds the instigators', marshals' and bystanders' shares, in this order.
    """
    for i in range(people.size):
        person = people[i]
        start = person_tick(site.key, person.serial, BEFORE_ALL_TICKS)
        person.hardship = int(grievance * uniform(start, DRAW_HARDSHIP) * UNIT16)
        person.risk_aversion = int(uniform(start, DRAW_RISK_AVERSION) * UNIT16)
        person.reluctance = int(uniform(start, DRAW_RELUCTANCE) * UNIT16)
        u = uniform(start, DRAW_ROLE)
        role = FOLLOWER
        if u < shares[0]:
            role = INSTIGATOR
        elif u < shares[0] + shares[1]:
            role = MARSHAL
        elif u < shares[0] + shares[1] + shares[2]:
            role = BYSTANDER
        person.role = role
        person.camp = camp
        person.state = QUIET
        person.anger = 0
        person.flags = 0
