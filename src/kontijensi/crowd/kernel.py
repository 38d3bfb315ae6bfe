"""The compiled tick: every open site, one after another, in one call.

Members take turns in a fresh random order; each sees what those before him decided in the same tick. What is
in sight is counted where people stood when the tick began.
"""

from __future__ import annotations

import math

import numpy as np

from kontijensi.crowd.acting import (
    CRUSH,
    DRAW_CRUSH,
    DRAW_CRUSH_SEVERITY,
    GONE,
    HOME,
    STAY,
    act,
    hurt,
    leave_chance,
    regroup,
    severity_of,
    wait_out,
)
from kontijensi.crowd.enrolment import count_site
from kontijensi.crowd.force import lay_danger, lay_force, place_m, plan_arrests, use_means
from kontijensi.crowd.hashing import order_start, person_tick, shuffle, uniform
from kontijensi.crowd.layout import (
    ACTIVE,
    ARRESTED,
    AWAY,
    INJURED,
    LEFT,
    MOST_COUNTED,
    QUIET,
    VIOLENT,
    Record,
)
from kontijensi.crowd.sight import count_members, forget, look_around, see_officers
from kontijensi.crowd.walking import enter_cell, lay_people, lay_ways, plan_walks, walk, walking_tables
from kontijensi.vocabulary.compiling import compiled


@compiled
def crush(rule: Record, site: Record, people: np.ndarray, stand: np.ndarray, harm: np.ndarray) -> None:
    """Hurt people in cells denser than the crush density, more so inside a plume."""
    area = site.cell_m * site.cell_m
    for i in range(site.count):
        person = people[i]
        excess = stand[person.cell].occupied / area - rule.crush_pm2
        if person.state >= LEFT or person.flags & AWAY or excess <= 0.0:
            continue
        rate = rule.crush_per_min * excess
        if site.plume > 0.0:
            x, y = place_m(site, person.cell)
            if math.hypot(x - site.plume_x_m, y - site.plume_y_m) <= rule.irritant_radius_m:
                rate *= 1.0 + (rule.crush_irritant_factor - 1.0) * site.plume
        start = person_tick(site.key, person.serial, site.tick)
        if uniform(start, DRAW_CRUSH) < 1.0 - math.exp(-rate * site.minutes):
            level = severity_of(
                uniform(start, DRAW_CRUSH_SEVERITY), rule.moderate_share, rule.crush_severe_share
            )
            if hurt(person, harm, CRUSH, level):
                person.state = INJURED
                stand[person.cell].occupied -= 1


@compiled
def remove_gone(site: Record, people: np.ndarray) -> None:
    """Book those who left, were arrested or were taken away hurt, and close the gaps."""
    i, end = 0, site.count
    while i < end:
        state = people[i].state
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
        people[i] = people[end]
    site.count = end


@compiled
def answer_to_conduct(rule: Record, site: Record, camps: np.ndarray) -> None:
    """Let legitimacy and identity of each camp answer to the force of this tick, exactly over the tick.

    dL/dt = (L0 - L)/tau_L - eta_f F q + eta_n dialogue (1 - q);  ds/dt = kappa F q (1 - s) - s/tau_s.
    A camp's q is the force that landed on its members who were not violent, as a share of all that was aimed
    at people: what is spared them, because officers tell people apart, counts in F but not in q.
    """
    people = seen = aimed = unfair = 0.0
    for number in range(camps.size):
        camp = camps[number]
        people += camp.people
        seen += camp.seen
        aimed += camp.aimed
        unfair += camp.unfair
    site.force = seen / people if people > 0.0 and aimed > 0.0 else 0.0
    site.indiscriminate = unfair / aimed if aimed > 0.0 else 0.0
    fade_l = math.exp(-site.minutes / rule.tau_l_min)
    for number in range(camps.size):
        camp = camps[number]
        force = camp.seen / camp.people if camp.people > 0.0 else 0.0
        q = camp.unfair / aimed if aimed > 0.0 else 0.0
        drive = rule.eta_n_per_min * site.dialogue * (1.0 - q) - rule.eta_f_per_min * force * q
        rest = camp.base_legitimacy + rule.tau_l_min * drive
        camp.legitimacy = min(1.0, max(0.0, rest + (camp.legitimacy - rest) * fade_l))
        growth = rule.kappa_per_min * force * q
        rate = growth + 1.0 / rule.tau_s_min
        rest = growth / rate
        camp.identity = min(1.0, max(0.0, rest + (camp.identity - rest) * math.exp(-rate * site.minutes)))


@compiled
def prepare(rule: Record, site: Record, camps: np.ndarray, dt_s: float) -> None:
    """Work out what is the same for everybody in this tick."""
    site.dt_s = dt_s
    site.minutes = dt_s / 60.0
    site.reconsiders = 1.0 - math.exp(-dt_s / rule.reconsider_s)
    site.restless = 1.0 - math.exp(-dt_s / rule.restless_s)
    site.regroups = 1.0 - math.exp(-site.minutes * rule.regroup_per_min)
    site.anger_fade = math.exp(-site.minutes / rule.anger_decay_min)
    flow = rule.exit_flow_pmps * site.cell_m
    passed = math.floor(flow * (site.elapsed_s + dt_s)) - math.floor(flow * site.elapsed_s)
    site.exit_pass = min(passed, MOST_COUNTED)
    for number in range(camps.size):
        camp = camps[number]
        camp.people = camp.seen = camp.aimed = camp.unfair = 0.0
        camp.quiet_leaves = leave_chance(rule, site, QUIET, camp.legitimacy)
        camp.active_leaves = leave_chance(rule, site, ACTIVE, camp.legitimacy)
        camp.violent_leaves = leave_chance(rule, site, VIOLENT, camp.legitimacy)


@compiled
def most_in_a_cell(site: Record, people: np.ndarray, stand: np.ndarray) -> int:
    """Count the people in the fullest cell."""
    most = 0
    for i in range(site.count):
        most = max(most, stand[people[i].cell].occupied)
    return most


@compiled
def line_up(site: Record, people: np.ndarray, starts: np.ndarray, order: np.ndarray) -> int:
    """Draw the order of turns, and where each member's draws start; returns how many turns there are.

    While there is force those who have run off have no turn among the others: none of them comes back.
    """
    for i in range(site.count):
        starts[i] = person_tick(site.key, people[i].serial, site.tick)
    shuffle(order, site.count, order_start(site.key, site.tick))
    if not site.any_force or site.aside == 0:
        return int(site.count)
    turns = 0
    for number in range(site.count):
        who = order[number]
        order[turns] = who
        turns += (people[who].flags & AWAY) == 0
    return turns


@compiled
def take_turns(
    rule: Record, site: Record, people: np.ndarray, seen: np.ndarray, standing: np.ndarray, stand: np.ndarray,
    worth: np.ndarray, around: np.ndarray, starts: np.ndarray, order: np.ndarray, camps: np.ndarray,
    harm: np.ndarray, strides: np.ndarray, noises: np.ndarray, turns: int,
) -> None:  # fmt: skip
    """Let everybody at a site act and walk, in random order."""
    for turn in range(turns):
        who = order[turn]
        person, start = people[who], starts[who]
        if person.flags & AWAY:
            goal = regroup(rule, site, person, camps, start)
            if goal == HOME:
                person.state = LEFT
            elif goal == STAY and stand[person.cell].occupied < rule.quiet_pm2 * site.cell_m * site.cell_m:
                person.flags &= ~AWAY
                enter_cell(site, stand, worth, person.cell, 1)
            continue
        goal = act(rule, site, person, seen, around[person.cell], camps, harm, start)
        if goal == GONE:
            enter_cell(site, stand, worth, person.cell, -1)
        else:
            walk(rule, site, person, standing, stand, worth, strides, noises, goal, start)


@compiled
def advance(
    rules: np.ndarray, sites: np.ndarray, lattice: np.ndarray, members: np.ndarray, all_camps: np.ndarray,
    all_harm: np.ndarray, counts: np.ndarray, by_camp: np.ndarray, dt_s: float, here: np.ndarray,
    here_flat: np.ndarray, seen: np.ndarray, seen_flat: np.ndarray, down: np.ndarray, along: np.ndarray,
    standing: np.ndarray, worth: np.ndarray, around: np.ndarray, held: np.ndarray, starts: np.ndarray,
    order: np.ndarray, aside: np.ndarray, strides: np.ndarray, noises: np.ndarray,
) -> None:  # fmt: skip
    """Advance every open site by `dt_s` seconds; `all_camps` and `all_harm` have one leading row a site."""
    rule = rules[0]
    for slot in range(sites.shape[0]):
        site = sites[slot]
        if not site.open:
            continue
        harm, camps = all_harm[slot], all_camps[slot]
        people = members[site.start : site.start + site.room]
        ground = lattice[site.ground : site.ground + site.width * site.depth]
        margin = site.width + 1
        stand = standing[margin:]
        harm[:] = 0
        count_members(site, people, here_flat, here.shape[1], stand, held, aside)
        prepare(rule, site, camps, dt_s)
        walking_tables(rule, site, strides, noises)
        use_means(rule, site, dt_s, here, stand, held)
        look_around(site, here_flat, here.shape[1], down, along, seen_flat)
        see_officers(site, around, held)
        plan_walks(rule, site)
        lay_ways(site, ground, stand, worth[:, margin:])
        if site.any_force:
            lay_danger(rule, site, worth[:, margin:])
            lay_people(site, stand, worth[:, margin:])
            lay_force(rule, site, around, held)
        plan_arrests(rule, site, dt_s, here, around, held)
        forget(site, here, held)
        turns = line_up(site, people, starts, order)
        if site.any_force:
            wait_out(rule, site, people, aside, camps, starts)
        take_turns(
            rule,
            site,
            people,
            seen,
            standing,
            stand,
            worth,
            around,
            starts,
            order,
            camps,
            harm,
            strides,
            noises,
            turns,
        )
        site.max_occupied = most_in_a_cell(site, people, stand)
        if site.max_occupied > rule.crush_pm2 * site.cell_m * site.cell_m:
            crush(rule, site, people, stand, harm)
        remove_gone(site, people)
        answer_to_conduct(rule, site, camps)
        site.tick += 1
        site.elapsed_s += dt_s
        count_site(site, people, harm, counts[slot], by_camp[slot])
