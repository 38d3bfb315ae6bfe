"""Where force is at a site: the advancing line, the reach of water, the plume, and who is within them."""

from __future__ import annotations

import math

import numpy as np

from kontijensi.crowd.layout import ACTIVES, CLEAR_OUT, CLEAR_TO_GATE, KINDS, PEOPLE, VIOLENTS, Record
from kontijensi.vocabulary.compiling import compiled

FLIGHT_WEIGHT = 2.0
"""How many metres of detour to an exit a fleeing person takes to be one metre further from force."""
FAR_M = 1e9
"""Further than any site reaches."""


@compiled
def place_m(site: Record, cell: int) -> tuple[float, float]:
    """Middle of a cell [m], from the north-west corner."""
    row = cell // site.width
    return (cell - row * site.width + 0.5) * site.cell_m, (row + 0.5) * site.cell_m


@compiled
def lay_danger(rule: Record, site: Record, worth: np.ndarray) -> None:
    """Add to the worth of every cell how deep it lies inside the reach of force, as a distance to run [m]."""
    reach = -FAR_M
    if site.push or site.water:
        reach = rule.water_reach_m if site.water else rule.contact_m
    cell_m, west_m, east_m, radius = site.cell_m, site.west_m, site.east_m, rule.irritant_radius_m
    plume_x, plume_y, plumed = site.plume_x_m, site.plume_y_m, site.plume > 0.01
    for row in range(site.depth):
        y = (row + 0.5) * cell_m
        ahead = max(0.0, site.front_m + reach - y)
        near = plumed and abs(y - plume_y) < radius
        if ahead <= 0.0 and not near:
            continue
        clear_in = worth[CLEAR_TO_GATE, row * site.width : (row + 1) * site.width]
        clear_out = worth[CLEAR_OUT, row * site.width : (row + 1) * site.width]
        for col in range(clear_in.size):
            x = (col + 0.5) * cell_m
            deep = ahead if west_m <= x <= east_m else 0.0
            if near:
                deep = max(deep, radius - math.sqrt((x - plume_x) ** 2 + (y - plume_y) ** 2))
            clear_in[col] += FLIGHT_WEIGHT * deep
            clear_out[col] += FLIGHT_WEIGHT * deep


@compiled
def lay_force(rule: Record, site: Record, around: np.ndarray, held: np.ndarray) -> None:
    """Work out for every cell with people what force reaches it."""
    sight = rule.vision_m
    push_reach = rule.contact_m if site.push else -FAR_M
    water_reach = rule.water_reach_m if site.water else -FAR_M
    spared = 1.0 - site.discrimination
    landed, calm = 0.0, 1.0
    for number in range(site.held):
        here = around[held[number].cell]
        x, y = (held[number].col + 0.5) * site.cell_m, (held[number].row + 0.5) * site.cell_m
        ahead = y - site.front_m
        aside = max(site.west_m - x, x - site.east_m)
        facing = aside <= 0.0 and ahead >= 0.0
        push = 1.0 if facing and ahead <= push_reach else 0.0
        water = rule.water_cover if facing and ahead <= water_reach else 0.0
        seen = rule.force_push if aside <= sight and ahead <= push_reach + sight else 0.0
        if aside <= sight and ahead <= water_reach + sight:
            seen += rule.force_water
        gas = 0.0
        if site.plume > 0.01:
            away = math.sqrt((x - site.plume_x_m) ** 2 + (y - site.plume_y_m) ** 2)
            if away <= rule.irritant_radius_m:
                gas = site.plume
            if away <= rule.irritant_radius_m + sight:
                seen += rule.force_irritant * site.plume
        here.push, here.water, here.gas, here.sight = push, water, gas, seen
        here.aimed = min(1.0, rule.force_push * push + rule.force_water * water + rule.force_irritant * gas)
        here.landed = min(
            1.0,
            rule.force_push * (push * spared)
            + rule.force_water * (water * spared)
            + rule.force_irritant * gas,
        )
        if here.landed != landed:  # it is the same for most neighbours
            landed = here.landed
            calm = math.exp(-rule.anger_per_min * landed * site.minutes)
        here.calm = calm


@compiled
def advance_line(rule: Record, site: Record, dt_s: float, stand: np.ndarray) -> None:
    """Move a pushing line forward, unless the people ahead of it have no room left."""
    cell = site.cell_m
    first = max(0, math.floor(site.front_m / cell))
    last = min(site.depth, (math.ceil((site.front_m + rule.contact_m) / cell)))
    west, east = math.floor(site.west_m / cell), min(site.width, (math.ceil(site.east_m / cell)))
    people, cells = 0, 0
    for row in range(first, last):
        for col in range(west, east):
            people += stand[row * site.width + col].occupied
            cells += 1
    if cells > 0 and people < rule.push_halt_pm2 * cells * cell * cell:
        site.front_m = min(site.front_m + rule.push_mps * dt_s, (site.depth - 1) * cell)


@compiled
def nearest_m(site: Record, stand: np.ndarray) -> float:
    """Distance from the gate's side to the nearest people in the breadth of the line [m]."""
    cell = site.cell_m
    west, east = math.floor(site.west_m / cell), min(site.width, (math.ceil(site.east_m / cell)))
    for row in range(site.depth):
        for col in range(west, east):
            if stand[row * site.width + col].occupied > 0:
                return float(row * cell)
    return float(site.depth * cell)


@compiled
def centre_of(site: Record, here: np.ndarray, held: np.ndarray, kind: int) -> tuple[float, float, int]:
    """Mean place of one kind of people over all camps, and how many they are."""
    x = y = 0.0
    count = 0
    for number in range(site.held):
        for field in range(kind, here.shape[1], KINDS):
            people = here[held[number].cell, field]
            count += people
            x += people * (held[number].col + 0.5)
            y += people * (held[number].row + 0.5)
    if count:
        x, y = x / count * site.cell_m, y / count * site.cell_m
    return x, y, count


@compiled
def use_means(
    rule: Record, site: Record, dt_s: float, here: np.ndarray, stand: np.ndarray, held: np.ndarray
) -> None:
    """Advance what responders use: the line, litres of water, rounds of irritant and the plume they make."""
    site.rounds = 0.0
    site.litres = 0.0
    if site.push:
        advance_line(rule, site, dt_s, stand)
        # It pushes from the gate outwards and passes nobody: whoever is behind it could not give way.
        site.front_m = min(site.front_m, nearest_m(site, stand))
    if site.plume > 0.0:
        clear_s = 60.0 * rule.irritant_clear_min * (rule.irritant_enclosed_factor if site.enclosed else 1.0)
        site.plume *= math.exp(-dt_s / clear_s)
        if site.plume < 0.01:
            site.plume = 0.0
    if site.count > 0 and site.water:
        site.litres = rule.water_lps * dt_s
    if site.count > 0 and site.irritant:
        x, y, aimed = centre_of(site, here, held, VIOLENTS)
        if not aimed:
            x, y, aimed = centre_of(site, here, held, ACTIVES)
        if not aimed:
            x, y, aimed = centre_of(site, here, held, PEOPLE)
        site.plume_x_m, site.plume_y_m = x, y
        site.rounds = rule.irritant_rounds_per_min * dt_s / 60.0
        site.plume = 1.0 - (1.0 - site.plume) * 0.5**site.rounds
    site.any_force = site.push or site.water or site.plume > 0.0


@compiled
def plan_arrests(
    rule: Record, site: Record, dt_s: float, here: np.ndarray, around: np.ndarray, held: np.ndarray
) -> None:
    """Share the officers' capacity for arrests among those they mean.

    Teams go in to the violent wherever they are on the site; whoever is taken by mistake is in an officer's
    sight, and so is everybody when arrests are not limited to the violent.
    """
    site.arrest_violent = 0.0
    site.arrest_active = 0.0
    if not site.arrest:
        return
    violent, active = 0, 0
    for number in range(site.held):
        cell = held[number].cell
        in_sight = around[cell].officers > 0.0
        for first in range(0, here.shape[1], KINDS):
            if in_sight or site.violent_only:
                violent += here[cell, first + VIOLENTS]
            if in_sight:
                active += here[cell, first + ACTIVES] - here[cell, first + VIOLENTS]
    able = site.officers * rule.arrest_per_officer_min * dt_s / 60.0
    if not site.violent_only:
        site.arrest_violent = site.arrest_active = min(1.0, able / max(1, violent + active))
    elif violent > 0:
        site.arrest_violent = min(1.0, able * (1.0 - rule.arrest_error_share) / violent)
        site.arrest_active = min(1.0, able * rule.arrest_error_share / max(1, active))
