"""One member's turn: what reaches him, what he decides, what he does to others, whether he goes home.

Departs from Epstein (2002) where the classic rule is silent: force that lands on a person adds to the risk he
perceives, turns to anger if he was not violent, and a second threshold leads from active to violent.
With no force, no roles, no identity and no rivals the decision is the classic one.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from kontijensi.crowd.decision import arrest_chance, urge
from kontijensi.crowd.force import exposure
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
    MARSHAL,
    MARSHALS,
    NOW_L,
    NOW_S,
    PEOPLE,
    QUIET,
    UNIT16,
    VIOLENT,
    VIOLENTS,
    Members,
    Record,
    Scratch,
)
from kontijensi.crowd.sight import change_sight, reach_cells

STAY, HOME, FLEE, GONE = range(4)
"""What a member wants from his turn's walk; GONE is no longer there."""

VIOLENCE_PUBLIC, VIOLENCE_OFFICER, CRUSH, WATER, IRRITANT, BATON, ARREST = range(7)
"""Columns of the harm array, in the order of harm.CAUSES."""

(
    DRAW_RECONSIDER,
    DRAW_ANGER,
    DRAW_ARREST,
    DRAW_ARREST_HARM,
    DRAW_OFFICER,
    DRAW_OFFICER_SEVERITY,
    DRAW_ATTACKED,
    DRAW_BATON,
    DRAW_WATER,
    DRAW_IRRITANT,
    DRAW_SEVERITY,
    DRAW_LEAVE,
    DRAW_RESTLESS,
    DRAW_NOISE,
    DRAW_CRUSH,
) = range(15)
"""What each numbered draw of a member's tick is for."""


@njit(cache=True, nogil=True)
def severity_of(u: float, moderate_share: float, severe_share: float) -> int:
    """Split an injury by severity: 0 minor, 1 moderate, 2 severe."""
    if u < severe_share:
        return 2
    return 1 if u < severe_share + moderate_share else 0


@njit(cache=True, nogil=True)
def hurt(members: Members, i: int, harm: np.ndarray, cause: int, severity: int) -> bool:
    """Enter an injury unless the person already bears as bad a one; true when he has to be taken away."""
    worst = members.flags[i] & HURT_MASK
    if severity + 1 <= worst:
        return False
    members.flags[i] = (members.flags[i] & ~np.uint8(HURT_MASK)) | np.uint8(severity + 1)
    harm[members.camp[i], cause, severity] += 1
    return severity >= 1


@njit(cache=True, nogil=True)
def enter_state(rule: Record, site: Record, members: Members, i: int, scratch: Scratch, state: int) -> None:
    """Change a member's state and let those who see him know at once."""
    before = members.state[i]
    if before == state:
        return
    members.state[i] = state
    first = members.camp[i] * KINDS
    cell, width, depth = members.cell[i], site.width, site.depth
    reach = reach_cells(rule.vision_m, site.cell_m)
    acted, acts = before == ACTIVE or before == VIOLENT, state == ACTIVE or state == VIOLENT
    if acted != acts:
        by = 1 if acts else -1
        change_sight(scratch.seen, first + ACTIVES, cell, by, width, depth, reach)
        if members.role[i] == INSTIGATOR:
            change_sight(scratch.seen, first + INSTIGATORS, cell, by, width, depth, reach)
    if (before == VIOLENT) != (state == VIOLENT):
        change_sight(scratch.seen, first + VIOLENTS, cell, 1 if state == VIOLENT else -1, width, depth, reach)


@njit(cache=True, nogil=True)
def mood(
    rule: Record,
    members: Members,
    i: int,
    seen: np.ndarray,
    traits: np.ndarray,
    officers: float,
    landed: float,
) -> int:
    """Decide between quiet, active and violent from what is in sight."""
    camp, role, cell = members.camp[i], members.role[i], members.cell[i]
    first = camp * KINDS
    legitimacy, identity = traits[camp, NOW_L], traits[camp, NOW_S]
    people = rival_active = rival_violent = 0
    for other in range(traits.shape[0]):
        people += seen[other * KINDS + PEOPLE, cell]
        if other != camp:
            rival_active += seen[other * KINDS + ACTIVES, cell]
            rival_violent += seen[other * KINDS + VIOLENTS, cell]
    actives = float(seen[first + ACTIVES, cell] + (1 if members.state[i] == QUIET else 0))
    anger = members.anger[i] / UNIT16
    reach_out = min(1.0, seen[first + INSTIGATORS, cell] * rule.instigator_span / people)
    held = min(1.0, seen[first + MARSHALS, cell] * rule.marshal_span / people)
    bar = rule.threshold - rule.identity_pull * identity - rule.rivalry * min(1.0, rival_active / actives)
    bar += rule.marshal_calm * held * (1.0 - identity) * legitimacy
    bar -= rule.instigator_pull * reach_out * (1.0 + identity)
    if role == INSTIGATOR:
        bar -= rule.instigator_push
    elif role == BYSTANDER:
        bar += rule.bystander_reserve
    bar = max(bar, rule.threshold_floor)
    risk = 1.0 - (1.0 - arrest_chance(officers, actives, rule.k, rule.ratio)) * (1.0 - landed)
    wish = urge(
        members.hardship[i] / UNIT16, legitimacy, members.risk_aversion[i] / UNIT16 * (1.0 - anger), risk
    )
    if wish <= bar:
        return QUIET
    if role == MARSHAL:
        return ACTIVE
    ready = (wish - bar) * (1.0 + (rule.instigator_violence if role == INSTIGATOR else 0.0))
    others = seen[first + VIOLENTS, cell] - (1 if members.state[i] == VIOLENT else 0)
    ready += rule.social_proof * min(1.0, others / actives)
    ready += rule.anger_violence * anger + rule.identity_violence * identity
    ready += rule.rivalry_violence * min(1.0, rival_violent / actives)
    second = rule.violence_threshold + rule.violence_spread * (2.0 * members.reluctance[i] / UNIT16 - 1.0)
    return VIOLENT if ready > second else ACTIVE


@njit(cache=True, nogil=True)
def suffer_force(
    rule: Record, members: Members, i: int, minutes: float, start: np.uint64, harm: np.ndarray,
    push: float, water: float, gas: float,
) -> bool:  # fmt: skip
    """Draw the injuries of the means that reach a person; true when he has to be taken away."""
    out = False
    if push > 0.0 and uniform(start, DRAW_BATON) < rule.baton_harm_per_min * push * minutes:
        level = severity_of(uniform(start, DRAW_SEVERITY), rule.moderate_share, rule.severe_share)
        out |= hurt(members, i, harm, BATON, level)
    if water > 0.0 and uniform(start, DRAW_WATER) < rule.water_harm_per_min * water * minutes:
        level = severity_of(uniform(start, DRAW_SEVERITY), rule.moderate_share, rule.severe_share)
        out |= hurt(members, i, harm, WATER, level)
    if gas > 0.0 and uniform(start, DRAW_IRRITANT) < rule.irritant_harm_per_min * gas * minutes:
        level = severity_of(
            uniform(start, DRAW_SEVERITY), rule.irritant_moderate_share, rule.irritant_severe_share
        )
        out |= hurt(members, i, harm, IRRITANT, level)
    return out


@njit(cache=True, nogil=True)
def fight(
    rule: Record, members: Members, i: int, seen: np.ndarray, camps: int, minutes: float, officers: float,
    start: np.uint64, harm: np.ndarray,
) -> bool:  # fmt: skip
    """Draw the harm the violent do: to officers in sight, and to this person; true when he is taken away."""
    camp, cell = members.camp[i], members.cell[i]
    facing = rule.officer_target_share if officers >= 0.5 else 0.0
    if members.state[i] == VIOLENT and facing > 0.0:
        if uniform(start, DRAW_OFFICER) < rule.violence_harm_per_min * facing * minutes:
            level = severity_of(uniform(start, DRAW_OFFICER_SEVERITY), rule.moderate_share, rule.severe_share)
            harm[camps, VIOLENCE_OFFICER, level] += 1
    attackers, people = 0.0, 0
    for other in range(camps):
        violent = seen[other * KINDS + VIOLENTS, cell]
        attackers += violent * (rule.own_camp_harm_share if other == camp else 1.0)
        people += seen[other * KINDS + PEOPLE, cell]
    if attackers <= 0.0:
        return False
    if (
        uniform(start, DRAW_ATTACKED)
        < rule.violence_harm_per_min * (1.0 - facing) * attackers / people * minutes
    ):
        level = severity_of(uniform(start, DRAW_SEVERITY), rule.moderate_share, rule.severe_share)
        return hurt(members, i, harm, VIOLENCE_PUBLIC, level)
    return False


@njit(cache=True, nogil=True)
def gives_up(
    rule: Record, site: Record, members: Members, i: int, legitimacy: float, minutes: float, landed: float,
    start: np.uint64,
) -> bool:  # fmt: skip
    """Draw whether a person decides in this tick to go home."""
    state = members.state[i]
    rate = rule.fatigue_leave_per_h * site.elapsed_s / (3600.0 * rule.fatigue_h)
    if state == QUIET:
        rate += rule.calm_leave_per_h * legitimacy
    if site.released:
        rate += rule.controlled_leave_per_h * (rule.violent_leave_share if state == VIOLENT else 1.0)
    rate /= 60.0
    if landed > 0.0:
        fear = members.risk_aversion[i] / UNIT16 * (1.0 - members.anger[i] / UNIT16)
        rate += rule.flight_per_min * landed * fear
    return rate > 0.0 and uniform(start, DRAW_LEAVE) < 1.0 - math.exp(-rate * minutes)


@njit(cache=True, nogil=True)
def take_away(rule: Record, site: Record, members: Members, i: int, scratch: Scratch, state: int) -> int:
    """Remove a member from the scene as arrested or injured."""
    enter_state(rule, site, members, i, scratch, state)
    scratch.occupied[members.cell[i]] -= 1
    return GONE


@njit(cache=True, nogil=True)
def stir_anger(
    rule: Record, site: Record, members: Members, i: int, minutes: float, unfair: float, held_in: bool
) -> None:
    """Let anger fade, or grow with force borne without having been violent and with being held in."""
    anger = members.anger[i] / UNIT16
    if unfair > 0.0 or held_in:
        gain = rule.anger_per_min * unfair + (rule.contain_anger_per_min if held_in else 0.0)
        anger += (1.0 - anger) * (1.0 - math.exp(-gain * minutes))
    elif anger > 0.0:
        anger *= math.exp(-minutes / rule.anger_decay_min)
    members.anger[i] = int(anger * UNIT16)


@njit(cache=True, nogil=True)
def act(
    rule: Record, site: Record, members: Members, i: int, scratch: Scratch, traits: np.ndarray,
    harm: np.ndarray, minutes: float, reconsiders: float, start: np.uint64,
) -> int:  # fmt: skip
    """Take one member's turn up to his walk; returns what he wants to walk for (STAY, HOME, FLEE or GONE)."""
    camps = traits.shape[0]
    camp, cell = members.camp[i], members.cell[i]
    row, col = cell // site.width, cell % site.width
    officers = site.officers * scratch.along[col] * scratch.across[row]
    push = water = gas = seen = landed = 0.0
    violent = members.state[i] == VIOLENT
    if site.push or site.water or site.plume > 0.0:
        push, water, gas, seen = exposure(rule, site, (col + 0.5) * site.cell_m, (row + 0.5) * site.cell_m)
        if not violent:
            push *= 1.0 - site.discrimination
            water *= 1.0 - site.discrimination
        landed = min(1.0, rule.force_push * push + rule.force_water * water + rule.force_irritant * gas)
    felt = landed
    if site.contain:
        seen += rule.force_contain
        felt = min(1.0, felt + rule.force_contain)
    if site.arrest and officers > 0.0 and (site.arrest_violent > 0.0 or site.arrest_active > 0.0):
        seen += rule.force_arrest
    feel = scratch.feel[camp]
    feel[0] += 1.0
    feel[1] += min(1.0, seen)
    feel[2] += felt
    feel[3] += 0.0 if violent else felt
    leaving = (members.flags[i] & LEAVING) != 0
    held_in = leaving and site.contain != 0
    if members.anger[i] or landed > 0.0 or held_in:
        stir_anger(rule, site, members, i, minutes, 0.0 if violent else landed, held_in)
    if (not leaving or held_in) and uniform(start, DRAW_RECONSIDER) < reconsiders:
        enter_state(
            rule, site, members, i, scratch, mood(rule, members, i, scratch.seen, traits, officers, landed)
        )
    if site.arrest and members.state[i] != QUIET and officers > 0.0:
        chance = site.arrest_violent if members.state[i] == VIOLENT else site.arrest_active
        if uniform(start, DRAW_ARREST) < chance:
            feel[2] += rule.force_arrest
            feel[3] += 0.0 if members.state[i] == VIOLENT else rule.force_arrest
            u = uniform(start, DRAW_ARREST_HARM)
            if u < rule.arrest_harm_share:
                level = severity_of(u / rule.arrest_harm_share, rule.moderate_share, rule.severe_share)
                hurt(members, i, harm, ARREST, level)
            return take_away(rule, site, members, i, scratch, ARRESTED)
    if landed > 0.0 and suffer_force(rule, members, i, minutes, start, harm, push, water, gas):
        return take_away(rule, site, members, i, scratch, INJURED)
    if fight(rule, members, i, scratch.seen, camps, minutes, officers, start, harm):
        return take_away(rule, site, members, i, scratch, INJURED)
    if not leaving and gives_up(rule, site, members, i, traits[camp, NOW_L], minutes, landed, start):
        members.flags[i] |= np.uint8(LEAVING)
        enter_state(rule, site, members, i, scratch, QUIET)
        leaving = True
    if leaving and not site.contain:
        return HOME
    return FLEE if landed > 0.0 and members.state[i] != VIOLENT else STAY
