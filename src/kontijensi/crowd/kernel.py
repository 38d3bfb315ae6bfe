"""The compiled tick: every open site, one after another, in one call.

Members take turns in a fresh random order; each sees what those before him decided in the same tick. What is
in sight is counted where people stood when the tick began.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from kontijensi.crowd.acting import CRUSH, DRAW_CRUSH, DRAW_SEVERITY, GONE, act, hurt, severity_of
from kontijensi.crowd.force import plan_arrests, use_means
from kontijensi.crowd.hashing import TICK, mix, person_tick, shuffle, uniform
from kontijensi.crowd.layout import (
    ARRESTED,
    BASE_L,
    INJURED,
    LEFT,
    NOW_L,
    NOW_S,
    Lattice,
    Members,
    Record,
    Scratch,
)
from kontijensi.crowd.sight import count_members, look_around
from kontijensi.crowd.walking import walk


@njit(cache=True, nogil=True)
def crush(
    rule: Record, site: Record, members: Members, scratch: Scratch, harm: np.ndarray, minutes: float
) -> None:
    """Hurt people in cells denser than the crush density, more so inside a plume."""
    area = site.cell_m * site.cell_m
    for i in range(site.start, site.start + site.count):
        if members.state[i] >= LEFT:
            continue
        cell = members.cell[i]
        excess = scratch.occupied[cell] / area - rule.crush_pm2
        if excess <= 0.0:
            continue
        rate = rule.crush_per_min * excess
        if site.plume > 0.0:
            x, y = (cell % site.width + 0.5) * site.cell_m, (cell // site.width + 0.5) * site.cell_m
            if math.hypot(x - site.plume_x_m, y - site.plume_y_m) <= rule.irritant_radius_m:
                rate *= 1.0 + (rule.crush_irritant_factor - 1.0) * site.plume
        start = person_tick(site.key, members.serial[i], site.tick)
        if uniform(start, DRAW_CRUSH) < 1.0 - math.exp(-rate * minutes):
            level = severity_of(uniform(start, DRAW_SEVERITY), rule.moderate_share, rule.crush_severe_share)
            if hurt(members, i, harm, CRUSH, level):
                members.state[i] = INJURED
                scratch.occupied[cell] -= 1


@njit(cache=True, nogil=True)
def copy_member(members: Members, source: int, target: int) -> None:
    """Copy one row onto another."""
    members.serial[target] = members.serial[source]
    members.cell[target] = members.cell[source]
    members.hardship[target] = members.hardship[source]
    members.risk_aversion[target] = members.risk_aversion[source]
    members.reluctance[target] = members.reluctance[source]
    members.anger[target] = members.anger[source]
    members.camp[target] = members.camp[source]
    members.role[target] = members.role[source]
    members.state[target] = members.state[source]
    members.flags[target] = members.flags[source]
    members.credit[target] = members.credit[source]


@njit(cache=True, nogil=True)
def remove_gone(site: Record, members: Members) -> None:
    """Book those who left, were arrested or were taken away hurt, and close the gaps."""
    i, end = site.start, site.start + site.count
    while i < end:
        state = members.state[i]
        if state < LEFT:
            i += 1
            continue
        if state == LEFT:
            site.left += 1
        elif state == ARRESTED:
            site.arrested += 1
        else:
            site.injured += 1
        end -= 1
        copy_member(members, end, i)
    site.count = end - site.start


@njit(cache=True, nogil=True)
def answer_to_conduct(
    rule: Record, site: Record, traits: np.ndarray, feel: np.ndarray, minutes: float
) -> None:
    """Let legitimacy and identity of each camp answer to the force of this tick, solved exactly over the tick.

    dL/dt = (L0 - L)/tau_L - eta_f F q + eta_n dialogue (1 - q);  ds/dt = kappa F q (1 - s) - s/tau_s.
    A camp's q is the force that landed on its own members who were not violent, as a share of all that landed.
    """
    people = seen = landed = unfair = 0.0
    for camp in range(traits.shape[0]):
        people += feel[camp, 0]
        seen += feel[camp, 1]
        landed += feel[camp, 2]
        unfair += feel[camp, 3]
    site.force = seen / people if people > 0.0 and landed > 0.0 else 0.0
    site.indiscriminate = unfair / landed if landed > 0.0 else 0.0
    fade_l = math.exp(-minutes / rule.tau_l_min)
    for camp in range(traits.shape[0]):
        force = feel[camp, 1] / feel[camp, 0] if feel[camp, 0] > 0.0 else 0.0
        q = feel[camp, 3] / landed if landed > 0.0 else 0.0
        drive = rule.eta_n_per_min * site.dialogue * (1.0 - q) - rule.eta_f_per_min * force * q
        rest = traits[camp, BASE_L] + rule.tau_l_min * drive
        traits[camp, NOW_L] = min(1.0, max(0.0, rest + (traits[camp, NOW_L] - rest) * fade_l))
        growth = rule.kappa_per_min * force * q
        rate = growth + 1.0 / rule.tau_s_min
        rest = growth / rate
        traits[camp, NOW_S] = min(
            1.0, max(0.0, rest + (traits[camp, NOW_S] - rest) * math.exp(-rate * minutes))
        )


@njit(cache=True, nogil=True)
def advance_site(
    rule: Record, site: Record, lattice: Lattice, members: Members, scratch: Scratch, traits: np.ndarray,
    harm: np.ndarray, dt_s: float,
) -> None:  # fmt: skip
    """Advance one site by `dt_s` seconds."""
    camps = traits.shape[0]
    minutes = dt_s / 60.0
    harm[:] = 0
    scratch.feel[:] = 0.0
    count_members(site, members, scratch, camps)
    use_means(rule, site, dt_s, scratch, camps)
    look_around(site, rule, scratch, camps)
    plan_arrests(rule, site, dt_s, scratch, camps)
    flow = rule.exit_flow_pmps * site.cell_m
    site.exit_pass = int(math.floor(flow * (site.elapsed_s + dt_s)) - math.floor(flow * site.elapsed_s))
    reconsiders = 1.0 - math.exp(-dt_s / rule.reconsider_s)
    restless = 1.0 - math.exp(-dt_s / rule.restless_s)
    shuffle(scratch.order, site.count, mix(site.key ^ mix(np.uint64(site.tick) * TICK)))
    for turn in range(site.count):
        i = site.start + scratch.order[turn]
        start = person_tick(site.key, members.serial[i], site.tick)
        goal = act(rule, site, members, i, scratch, traits, harm, minutes, reconsiders, start)
        if goal != GONE:
            walk(rule, site, lattice, members, i, scratch, goal, dt_s, restless, start)
    most = 0
    for cell in range(site.width * site.depth):
        most = max(most, scratch.occupied[cell])
    site.max_occupied = most
    if most > rule.crush_pm2 * site.cell_m * site.cell_m:
        crush(rule, site, members, scratch, harm, minutes)
    remove_gone(site, members)
    answer_to_conduct(rule, site, traits, scratch.feel, minutes)
    site.tick += 1
    site.elapsed_s += dt_s


@njit(cache=True, nogil=True)
def advance(
    rules: np.ndarray, sites: np.ndarray, lattice: Lattice, members: Members, scratch: Scratch, traits: np.ndarray,
    harm: np.ndarray, dt_s: float,
) -> None:  # fmt: skip
    """Advance every open site by `dt_s` seconds; `traits` and `harm` have one leading row a site."""
    for slot in range(sites.shape[0]):
        if sites[slot].open:
            advance_site(rules[0], sites[slot], lattice, members, scratch, traits[slot], harm[slot], dt_s)
