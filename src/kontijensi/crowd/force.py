"""Where force is at a site: the advancing line, the reach of water, the plume, and who is within them."""

from __future__ import annotations

import math

import numpy as np

from kontijensi.crowd.layout import ACTIVES, KINDS, PEOPLE, VIOLENTS, Record
from kontijensi.vocabulary.compiling import compiled


@compiled
def place_m(site: Record, cell: int) -> tuple[float, float]:
    """Middle of a cell [m], from the north-west corner."""
    row = cell // site.width
    return (cell - row * site.width + 0.5) * site.cell_m, (row + 0.5) * site.cell_m


@compiled
def exposure(rule: Record, site: Record, cell: int) -> tuple[float, float, float, float]:
    """Say what reaches a person in a cell: push, water and irritant landing on him, and the force he sees."""
    x, y = place_m(site, cell)
    push = water = gas = seen = 0.0
    sight = rule.vision_m
    if site.push or site.water:
        aside = max(site.west_m - x, x - site.east_m)
        ahead = y - site.front_m
        if site.push:
            if aside <= 0.0 and 0.0 <= ahead <= rule.contact_m:
                push = 1.0
            if aside <= sight and ahead <= rule.contact_m + sight:
                seen += rule.force_push
        if site.water:
            if aside <= 0.0 and 0.0 <= ahead <= rule.water_reach_m:
                water = rule.water_cover
            if aside <= sight and ahead <= rule.water_reach_m + sight:
                seen += rule.force_water
    if site.plume > 0.01:
        away = math.hypot(x - site.plume_x_m, y - site.plume_y_m)
        if away <= rule.irritant_radius_m:
            gas = site.plume
        if away <= rule.irritant_radius_m + sight:
            seen += rule.force_irritant * site.plume
    return push, water, gas, seen


@compiled
def danger_m(rule: Record, site: Record, cell: int) -> float:
    """How deep a cell lies inside the reach of force, as a distance to run [m]."""
    x, y = place_m(site, cell)
    deep = 0.0
    if (site.push or site.water) and site.west_m <= x <= site.east_m:
        reach = rule.water_reach_m if site.water else rule.contact_m
        deep = max(0.0, site.front_m + reach - y)
    if site.plume > 0.01:
        away = math.hypot(x - site.plume_x_m, y - site.plume_y_m)
        deep = max(deep, rule.irritant_radius_m - away)
    return deep


@compiled
def lay_force(rule: Record, site: Record, stand: np.ndarray) -> None:
    """Work out for every cell what force reaches it; people, and the steps they consider, look it up."""
    for cell in range(site.width * site.depth):
        here = stand[cell]
        here.push, here.water, here.gas, here.sight = exposure(rule, site, cell)
        here.danger_m = danger_m(rule, site, cell)


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
        cell = held[number]
        row = cell // site.width
        for field in range(kind, here.shape[1], KINDS):
            people = here[cell, field]
            count += people
            x += people * (cell - row * site.width + 0.5)
            y += people * (row + 0.5)
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
    rule: Record, site: Record, dt_s: float, here: np.ndarray, stand: np.ndarray, held: np.ndarray
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
        cell = held[number]
        in_sight = stand[cell].officers > 0.0
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
