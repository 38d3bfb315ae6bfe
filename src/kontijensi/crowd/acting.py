"""One member's turn: what reaches him, what he decides, what he does to others, whether he goes home.

Departs from Epstein (2002) where the classic rule is silent: force that lands on a person adds to the risk he
perceives, turns to anger if he was not violent, and a second threshold leads from active to violent.
With no force, no roles, no identity and no rivals the decision is the classic one.
"""

from __future__ import annotations

import math

import numpy as np

from kontijensi.crowd.decision import arrest_chance, urge
from kontijensi.crowd.hashing import uniform
from kontijensi.crowd.layout import (
    ACTIVE,
    ACTIVES,
    ARRESTED,
    BYSTANDER,
    HURT_MASK,
    INJURED,
    INSTIGATOR,
    INSTIGATORS,
    KINDS,
    LEAVING,
    LEFT,
    MARSHAL,
    MARSHALS,
    PEOPLE,
    QUIET,
    UNIT16,
    VIOLENT,
    VIOLENTS,
    Record,
)
from kontijensi.crowd.sight import change_sight
from kontijensi.vocabulary.compiling import compiled, compiled_inline

STAY, HOME, FLEE, PRESS, GONE = range(5)
"""What a member wants from his walk: to stand at the gate, go home, get away from force, or press on through
it to the gate; GONE is no longer there."""

VIOLENCE_PUBLIC, VIOLENCE_OFFICER, CRUSH, WATER, IRRITANT, BATON, ARREST = range(7)
"""Columns of the harm array, in the order of harm.CAUSES."""

(
    DRAW_RECONSIDER,
    DRAW_ARREST,
    DRAW_ARREST_HARM,
    DRAW_OFFICER,
    DRAW_OFFICER_SEVERITY,
    DRAW_ATTACKED,
    DRAW_ATTACKED_SEVERITY,
    DRAW_BATON,
    DRAW_BATON_SEVERITY,
    DRAW_WATER,
    DRAW_WATER_SEVERITY,
    DRAW_IRRITANT,
    DRAW_IRRITANT_SEVERITY,
    DRAW_LEAVE,
    DRAW_RESTLESS,
    DRAW_NOISE,
    DRAW_CRUSH,
    DRAW_CRUSH_SEVERITY,
    DRAW_REGROUP,
) = range(19)
"""What each numbered draw of a member's tick is for."""


@compiled
def severity_of(u: float, moderate_share: float, severe_share: float) -> int:
    """Split an injury by severity: 0 minor, 1 moderate, 2 severe."""
    if u < severe_share:
        return 2
    return 1 if u < severe_share + moderate_share else 0


@compiled
def hurt(person: Record, harm: np.ndarray, cause: int, severity: int) -> bool:
    """Enter an injury unless the person already bears as bad a one; true when he has to be taken away."""
    if severity + 1 <= person.flags & HURT_MASK:
        return False
    person.flags = (person.flags & ~HURT_MASK) | (severity + 1)
    harm[person.camp, cause, severity] += 1
    return severity >= 1


@compiled
def enter_state(site: Record, person: Record, seen: np.ndarray, state: int) -> None:
    """Change a member's state and let those who see him know at once."""
    before = person.state
    if before == state:
        return
    person.state = state
    first = person.camp * KINDS
    acted, acts = before in (ACTIVE, VIOLENT), state in (ACTIVE, VIOLENT)
    if acted != acts:
        by = 1 if acts else -1
        change_sight(site, seen, person.cell, first + ACTIVES, by)
        if person.role == INSTIGATOR:
            change_sight(site, seen, person.cell, first + INSTIGATORS, by)
    if (before == VIOLENT) != (state == VIOLENT):
        by = 1 if state == VIOLENT else -1
        change_sight(site, seen, person.cell, first + VIOLENTS, by)


@compiled_inline
def mood(
    rule: Record, person: Record, seen: np.ndarray, camps: np.ndarray, officers: float, landed: float
) -> int:
    """Decide between quiet, active and violent from what is in sight."""
    camp, role, cell = person.camp, person.role, person.cell
    first = camp * KINDS
    legitimacy, identity = camps[camp].legitimacy, camps[camp].identity
    anger = person.anger / UNIT16
    actives = float(seen[cell, first + ACTIVES] + (1 if person.state == QUIET else 0))
    risk = 1.0 - (1.0 - arrest_chance(officers, actives, rule.k, rule.ratio)) * (1.0 - landed)
    wish = urge(person.hardship / UNIT16, legitimacy, person.risk_aversion / UNIT16 * (1.0 - anger), risk)
    if wish <= rule.threshold_floor:
        return QUIET
    people = rival_active = rival_violent = 0
    for other in range(camps.size):
        people += seen[cell, other * KINDS + PEOPLE]
        if other != camp:
            rival_active += seen[cell, other * KINDS + ACTIVES]
            rival_violent += seen[cell, other * KINDS + VIOLENTS]
    carried = min(1.0, seen[cell, first + INSTIGATORS] * rule.instigator_span / people)
    held = min(1.0, seen[cell, first + MARSHALS] * rule.marshal_span / people)
    bar = rule.threshold - rule.identity_pull * identity - rule.rivalry * min(1.0, rival_active / actives)
    bar += rule.marshal_calm * held * (1.0 - identity) * legitimacy
    bar -= rule.instigator_pull * carried * (1.0 + identity)
    if role == INSTIGATOR:
        bar -= rule.instigator_push
    elif role == BYSTANDER:
        bar += rule.bystander_reserve
    bar = max(bar, rule.threshold_floor)
    if wish <= bar:
        return QUIET
    if role == MARSHAL:
        return ACTIVE
    ready = (wish - bar) * (1.0 + (rule.instigator_violence if role == INSTIGATOR else 0.0))
    others = seen[cell, first + VIOLENTS] - (1 if person.state == VIOLENT else 0)
    ready += rule.social_proof * min(1.0, others / actives)
    ready += rule.anger_violence * anger + rule.identity_violence * identity
    ready += rule.rivalry_violence * min(1.0, rival_violent / actives)
    second = rule.violence_threshold + rule.violence_spread * (2.0 * person.reluctance / UNIT16 - 1.0)
    return VIOLENT if ready > second else ACTIVE


@compiled_inline
def suffer_force(
    rule: Record, site: Record, person: Record, harm: np.ndarray, start: np.uint64,
    push: float, water: float, gas: float, landed: float,
) -> bool:  # fmt: skip
    """Draw the injuries of the means that reach a person; true when he has to be taken away.

    All three are drawn whether they reach him or not: that costs less than guessing who is where.
    """
    minutes = site.minutes
    struck = uniform(start, DRAW_BATON) < rule.baton_harm_per_min * push * minutes
    soaked = uniform(start, DRAW_WATER) < rule.water_harm_per_min * water * minutes
    choked = uniform(start, DRAW_IRRITANT) < rule.irritant_harm_per_min * gas * minutes
    if not ((landed > 0.0) & (struck | soaked | choked)):
        return False
    out = False
    if struck:
        level = severity_of(uniform(start, DRAW_BATON_SEVERITY), rule.moderate_share, rule.severe_share)
        out |= hurt(person, harm, BATON, level)
    if soaked:
        level = severity_of(uniform(start, DRAW_WATER_SEVERITY), rule.moderate_share, rule.severe_share)
        out |= hurt(person, harm, WATER, level)
    if choked:
        u = uniform(start, DRAW_IRRITANT_SEVERITY)
        level = severity_of(u, rule.irritant_moderate_share, rule.irritant_severe_share)
        out |= hurt(person, harm, IRRITANT, level)
    return out


@compiled_inline
def fight(
    rule: Record,
    site: Record,
    person: Record,
    seen: np.ndarray,
    officers: float,
    harm: np.ndarray,
    start: np.uint64,
) -> bool:
    """Draw the harm the violent do: to officers in sight, and to this person; true when he is taken away."""
    facing = rule.officer_target_share if officers >= 0.5 else 0.0
    reach = rule.violence_harm_per_min * site.minutes
    camps = harm.shape[0] - 1
    if person.state == VIOLENT and facing > 0.0 and uniform(start, DRAW_OFFICER) < reach * facing:
        level = severity_of(uniform(start, DRAW_OFFICER_SEVERITY), rule.moderate_share, rule.severe_share)
        harm[camps, VIOLENCE_OFFICER, level] += 1
    attackers, people = 0.0, 0
    for other in range(camps):
        violent = seen[person.cell, other * KINDS + VIOLENTS]
        attackers += violent * (rule.own_camp_harm_share if other == person.camp else 1.0)
        people += seen[person.cell, other * KINDS + PEOPLE]
    if attackers <= 0.0 or uniform(start, DRAW_ATTACKED) >= reach * (1.0 - facing) * attackers / people:
        return False
    level = severity_of(uniform(start, DRAW_ATTACKED_SEVERITY), rule.moderate_share, rule.severe_share)
    return hurt(person, harm, VIOLENCE_PUBLIC, level)


@compiled
def leave_chance(rule: Record, site: Record, state: int, legitimacy: float) -> float:
    """Chance that somebody in a state decides in this tick to go home, force apart."""
    rate = rule.fatigue_leave_per_h * site.elapsed_s / (3600.0 * rule.fatigue_h)
    if state == QUIET:
        rate += rule.calm_leave_per_h * legitimacy
    if site.released:
        rate += rule.controlled_leave_per_h * (rule.violent_leave_share if state == VIOLENT else 1.0)
    return 1.0 - math.exp(-rate / 60.0 * site.minutes)


@compiled_inline
def gives_up(
    rule: Record, site: Record, person: Record, camp: Record, landed: float, start: np.uint64
) -> bool:
    """Draw whether a person decides in this tick to go home; force he fears makes him run."""
    chance = camp.quiet_leaves
    if person.state != QUIET:
        chance = camp.active_leaves if person.state == ACTIVE else camp.violent_leaves
    u = uniform(start, DRAW_LEAVE)
    if site.any_force:
        fear = person.risk_aversion / UNIT16 * (1.0 - person.anger / UNIT16)
        flight = rule.flight_per_min * landed * fear * site.minutes
        if u >= chance + flight:  # 1 - exp(-x) is below x: few need the exponential
            return False
        if landed > 0.0:
            chance = 1.0 - (1.0 - chance) * math.exp(-flight)
    return bool(u < chance)


@compiled_inline
def stir_anger(rule: Record, site: Record, person: Record, here: Record, unfair: bool, held_in: bool) -> None:
    """Let anger fade, or grow with force borne without having been violent and with being held in."""
    anger = person.anger / UNIT16
    grown, faded = anger + (1.0 - anger) * (1.0 - here.calm), anger * site.anger_fade
    if held_in:
        calm = here.calm if unfair else 1.0
        calm *= math.exp(-rule.contain_anger_per_min * site.minutes)
        grown = faded = anger + (1.0 - anger) * (1.0 - calm)
    person.anger = int((grown if unfair else faded) * UNIT16)


@compiled_inline
def arrested(
    rule: Record, site: Record, person: Record, camp: Record, harm: np.ndarray, start: np.uint64
) -> bool:
    """Draw whether this person, seen acting by officers, is arrested, and whether that hurts him."""
    violent = person.state == VIOLENT
    if uniform(start, DRAW_ARREST) >= (site.arrest_violent if violent else site.arrest_active):
        return False
    camp.aimed += rule.force_arrest
    camp.unfair += 0.0 if violent else rule.force_arrest
    u = uniform(start, DRAW_ARREST_HARM)
    if u < rule.arrest_harm_share:
        hurt(
            person,
            harm,
            ARREST,
            severity_of(u / rule.arrest_harm_share, rule.moderate_share, rule.severe_share),
        )
    return True


@compiled_inline
def bear(
    rule: Record, site: Record, person: Record, camp: Record, here: Record
) -> tuple[float, float, float, float]:
    """Enter the force a person sees and bears into his camp's sums; returns push, water, irritant and all."""
    push = water = gas = sight = landed = aimed = 0.0
    violent = person.state == VIOLENT
    if site.any_force:
        push, water, gas, sight, aimed = here.push, here.water, here.gas, here.sight, here.aimed
        landed = aimed if violent else here.landed
        reached = 1.0 if violent else 1.0 - site.discrimination
        push *= reached
        water *= reached
    held = rule.force_contain if site.contain else 0.0
    if here.officers > 0.0 and site.arrest_violent + site.arrest_active > 0.0:
        sight += rule.force_arrest
    camp.people += 1.0
    camp.seen += min(1.0, sight + held)
    camp.aimed += min(1.0, aimed + held)
    camp.unfair += 0.0 if violent else min(1.0, landed + held)
    held_in = site.contain != 0 and (person.flags & LEAVING) != 0
    if site.any_force or person.anger or held_in:
        stir_anger(rule, site, person, here, landed > 0.0 and not violent, held_in)
    return push, water, gas, landed


@compiled
def wait_out(
    rule: Record, site: Record, people: np.ndarray, aside: np.ndarray, camps: np.ndarray, starts: np.ndarray
) -> None:
    """Let those who ran off and wait nearby decide while there is force: to go on waiting, or to go home."""
    for number in range(site.aside):
        i = aside[number]
        if regroup(rule, site, people[i], camps, starts[i]) == HOME:
            people[i].state = LEFT


@compiled_inline
def regroup(rule: Record, site: Record, person: Record, camps: np.ndarray, start: np.uint64) -> int:
    """Let somebody who ran off and waits nearby decide, once force is over, to come back (STAY) or go (HOME).

    Returns FLEE while he goes on waiting. He comes back when his grievance outweighs the fear he has left.
    """
    anger = person.anger / UNIT16
    person.anger = int(anger * site.anger_fade * UNIT16)
    if uniform(start, DRAW_REGROUP) >= (site.regroups if not site.any_force else 0.1 * site.regroups):
        return FLEE
    fear = person.risk_aversion / UNIT16 * (1.0 - anger)
    comes_back = urge(person.hardship / UNIT16, camps[person.camp].legitimacy, fear, rule.flight_memory) > 0.0
    return STAY if comes_back and not site.any_force and not site.released else HOME


@compiled_inline
def act(
    rule: Record, site: Record, person: Record, seen: np.ndarray, here: Record, camps: np.ndarray,
    harm: np.ndarray, start: np.uint64,
) -> int:  # fmt: skip
    """Take one member's turn up to his walk; returns what he wants to walk for."""
    camp = camps[person.camp]
    officers = here.officers
    push, water, gas, landed = bear(rule, site, person, camp, here)
    leaving = (person.flags & LEAVING) != 0
    if (not leaving or site.contain) and uniform(start, DRAW_RECONSIDER) < site.reconsiders:
        enter_state(site, person, seen, mood(rule, person, seen, camps, officers, landed))
    sought = person.state == VIOLENT and site.violent_only
    acting = person.state != QUIET and (sought or officers > 0.0)
    if site.arrest and acting and arrested(rule, site, person, camp, harm, start):
        enter_state(site, person, seen, ARRESTED)
        return GONE
    taken = False
    if site.any_force:
        taken = suffer_force(rule, site, person, harm, start, push, water, gas, landed)
    if not taken and site.any_violent:
        taken = fight(rule, site, person, seen, officers, harm, start)
    if taken:
        enter_state(site, person, seen, INJURED)
        return GONE
    if not leaving and gives_up(rule, site, person, camp, landed, start):
        person.flags |= LEAVING
        leaving = True
        enter_state(site, person, seen, QUIET)
    if leaving and not site.contain:
        return HOME
    stands = gas < 0.2 or person.risk_aversion < rule.irritant_stand_share * UNIT16
    if person.state != QUIET and stands:
        return PRESS
    return FLEE if landed > 0.0 else STAY
