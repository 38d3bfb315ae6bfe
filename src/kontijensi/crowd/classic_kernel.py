"""The compiled turns of the classic model.

With floored or rounded odds the decision depends on a whole number only, so each person's rule is reduced to
the largest odds at which he still acts; it is found with the same `urge` and `arrest_chance` as everywhere.
A turn takes about as long as five wrong guesses of the processor. So cops and citizens take the same path,
the quiet are a set like the others, and functions that run once a turn take plain arrays, not tuples of them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kontijensi.crowd.board import (
    ACTIVE,
    COP,
    EMPTY,
    QUIET,
    count_all_in_sight,
    count_in_sight,
    pick_in_sight,
    tiles_in_sight,
    toggle,
)
from kontijensi.crowd.decision import FLOOR, RAW, arrest_chance, urge
from kontijensi.crowd.hashing import GOLDEN, SERIAL, TICK, mix, order_start, shuffle
from kontijensi.vocabulary.compiling import compiled, compiled_inline

MOST_ODDS = 1 << 20
"""Odds that no lattice reaches: a person with this limit acts whatever he sees."""
ARRESTS, MOVEMENT, SIMULTANEOUS, MOVES_FIRST, COP_FOLLOWS, JAIL_KEEPS_CELL = range(6)
HALF = np.uint64(32)
LOW = np.uint64(0xFFFFFFFF)


class Town(NamedTuple):
    """Everybody on the lattice; citizens come first, then cops."""

    where: NDArray[np.int32]
    """Place of each person, or -2 - place of arrest while off the lattice; shape (n_people,)."""
    who: NDArray[np.int32]
    """Person at each place, or -1; shape (n_places,)."""
    kind: NDArray[np.uint8]
    """Set each person is in: ACTIVE, COP or QUIET."""
    decided: NDArray[np.uint8]
    """What each citizen decided, for simultaneous activation."""
    jail: NDArray[np.int32]
    """Ticks still to serve; always 0 for cops."""
    limit: NDArray[np.int32]
    """Largest whole odds at which a person acts; -1 never, as for every cop. With raw odds 0 for citizens."""
    hardship: NDArray[np.float64]
    risk_aversion: NDArray[np.float64]
    order: NDArray[np.int32]


@compiled
def limits_of(
    hardship: np.ndarray,
    risk_aversion: np.ndarray,
    legitimacy: float,
    k: float,
    threshold: float,
    out: np.ndarray,
) -> None:
    """Find the largest whole odds C/A at which each person acts."""
    for i in range(hardship.size):
        odds = 0
        while odds < MOST_ODDS:
            risk = arrest_chance(float(odds), 1.0, k, RAW)
            if not urge(hardship[i], legitimacy, risk_aversion[i], risk) > threshold:
                break
            odds = MOST_ODDS if risk >= 1.0 or k == 0.0 else odds + 1
        out[i] = odds if odds == MOST_ODDS else odds - 1


@compiled_inline
def within_limit(cops: np.int64, actives: np.int64, limit: np.int64, ratio: int) -> bool:
    """Whether floored or rounded odds are at most `limit`; halves round to even, as Python rounds.

    One comparison, without a branch on the limit, which nobody could guess.
    """
    if ratio == FLOOR:
        return bool(cops < (limit + 1) * actives)
    even = 1 - (limit & 1)
    return bool(2 * cops < (2 * limit + 1) * actives + even)


@compiled_inline
def draw_start(key: np.uint64, tick: int) -> np.uint64:
    """Where the draws of a tick start."""
    return mix(key + np.uint64(tick) * TICK)


@compiled_inline
def draws_of(start: np.uint64, person: np.uint64) -> np.uint64:
    """Draw the word of one person in one tick.

    Its upper half is for his move, its lower half for whom a cop arrests or where the freed go; `mix` of the
    next word gives the term.
    """
    return mix(start + person * SERIAL)


@compiled_inline
def below(half: np.uint64, count: np.uint64) -> np.uint64:
    """Turn 32 random bits into a number below `count` by multiplication; its bias is under count / 2**32."""
    return ((half & LOW) * count) >> HALF


@compiled_inline
def decides(
    cops: np.uint64, others: np.uint64, i: np.uint64, limit: np.ndarray, hardship: np.ndarray,
    risk_aversion: np.ndarray, rule: tuple[float, float, float, int, int],
) -> bool:  # fmt: skip
    """Whether a person acts, from the cops and the other actives he sees now; a cop never does."""
    actives = np.int64(others) + 1
    if rule[3] != RAW:
        return within_limit(np.int64(cops), actives, np.int64(limit[i]), rule[3])
    if limit[i] < 0:
        return False
    risk = arrest_chance(float(cops), float(actives), rule[1], RAW)
    return urge(hardship[i], rule[0], risk_aversion[i], risk) > rule[2]


@compiled_inline
def relocate(
    words: np.ndarray, images: np.ndarray, where: np.ndarray, who: np.ndarray, i: np.uint64,
    source: np.uint64, target: np.uint64, kind: np.uint64,
) -> None:  # fmt: skip
    """Move a person to an empty cell."""
    toggle(words, images, source, np.uint64(EMPTY))
    toggle(words, images, target, np.uint64(EMPTY))
    toggle(words, images, source, kind)
    toggle(words, images, target, kind)
    who[source] = -1
    who[target] = i
    where[i] = target


@compiled_inline
def turn_into(
    words: np.ndarray, images: np.ndarray, kind: np.ndarray, i: np.uint64, place: np.uint64, wanted: np.uint64
) -> None:
    """Move a person from the set he is in to another."""
    toggle(words, images, place, np.uint64(kind[i]))
    toggle(words, images, place, wanted)
    kind[i] = wanted


@compiled
def serve(
    words: np.ndarray, near: np.ndarray, masks: np.ndarray, images: np.ndarray, home: np.ndarray,
    span: tuple[int, ...], where: np.ndarray, who: np.ndarray, jail: np.ndarray, start: np.uint64,
) -> None:  # fmt: skip
    """Let a tick of every term pass, and put the freed back on the lattice as quiet people."""
    tiles = tiles_in_sight(span, masks)
    for i in range(jail.size):
        if jail[i] == 0:
            continue
        jail[i] -= 1
        if jail[i] > 0 or where[i] >= 0:
            continue
        place = np.uint64(-where[i] - 2)
        if who[place] >= 0:
            free = count_in_sight(words, near, masks, tiles, place, EMPTY)
            if free == 0:
                jail[i] = 1
                continue
            rank = below(draws_of(start, np.uint64(i)), free)
            place = pick_in_sight(words, near, masks, home, tiles, place, EMPTY, rank)
        where[i] = place
        who[place] = i
        toggle(words, images, place, np.uint64(EMPTY))
        toggle(words, images, place, np.uint64(QUIET))


@compiled
def take_turns(
    words: np.ndarray, near: np.ndarray, masks: np.ndarray, images: np.ndarray, home: np.ndarray,
    span: tuple[int, ...], where: np.ndarray, who: np.ndarray, kind: np.ndarray, jail: np.ndarray,
    limit: np.ndarray, hardship: np.ndarray, risk_aversion: np.ndarray, order: np.ndarray,
    flags: np.ndarray, rule: tuple[float, float, float, int, int], start: np.uint64,
) -> None:  # fmt: skip
    """Let everybody take one turn: move and act, or act and move."""
    tiles = tiles_in_sight(span, masks)
    citizens = hardship.size
    arrests, simultaneous = flags[ARRESTS] != 0, flags[SIMULTANEOUS] != 0
    moves_first = flags[MOVEMENT] != 0 and flags[MOVES_FIRST] != 0
    moves_last = flags[MOVEMENT] != 0 and flags[MOVES_FIRST] == 0
    keeps_cell = flags[JAIL_KEEPS_CELL] != 0 or flags[MOVEMENT] == 0
    for turn in range(where.size):
        i = np.uint64(order[turn])
        is_cop = i >= np.uint64(citizens)
        if jail[i] > 0:
            continue
        word = draws_of(start, i)
        place = np.uint64(where[i])
        if moves_first:
            free = count_in_sight(words, near, masks, tiles, place, EMPTY)
            if free > 0:
                rank = below(word >> HALF, free)
                target = pick_in_sight(words, near, masks, home, tiles, place, EMPTY, rank)
                relocate(words, images, where, who, i, place, target, np.uint64(kind[i]))
                place = target
        free, others, cops = count_all_in_sight(words, near, masks, tiles, place)
        wanted = np.uint64(kind[i])
        if not simultaneous:
            acts = decides(cops, others, i, limit, hardship, risk_aversion, rule)
            wanted = np.uint64(ACTIVE) if acts else (np.uint64(COP) if is_cop else np.uint64(QUIET))
            if wanted != kind[i]:
                turn_into(words, images, kind, i, place, wanted)
        if others > 0 and is_cop and arrests:  # in this order: nobody can guess whether it is a cop
            taken = pick_in_sight(words, near, masks, home, tiles, place, ACTIVE, below(word, others))
            suspect = np.uint64(who[taken])
            turn_into(words, images, kind, suspect, taken, np.uint64(QUIET))
            jail[suspect] = below(mix(word + GOLDEN), np.uint64(rule[4]))
            if jail[suspect] > 0 and not keeps_cell:
                where[suspect] = -2 - np.int64(taken)
                who[taken] = -1
                toggle(words, images, taken, np.uint64(QUIET))
                toggle(words, images, taken, np.uint64(EMPTY))
                if flags[COP_FOLLOWS]:
                    relocate(words, images, where, who, i, place, taken, np.uint64(COP))
                    place = taken
                free = count_in_sight(words, near, masks, tiles, place, EMPTY)
        if moves_last and free > 0:
            rank = below(word >> HALF, free)
            target = pick_in_sight(words, near, masks, home, tiles, place, EMPTY, rank)
            relocate(words, images, where, who, i, place, target, wanted)


@compiled
def decide_together(
    words: np.ndarray, near: np.ndarray, masks: np.ndarray, span: tuple[int, ...], where: np.ndarray,
    decided: np.ndarray, jail: np.ndarray, limit: np.ndarray, hardship: np.ndarray, risk_aversion: np.ndarray,
    rule: tuple[float, float, float, int, int],
) -> None:  # fmt: skip
    """Let all citizens decide on what the last tick left, showing nobody yet."""
    tiles = tiles_in_sight(span, masks)
    for i in range(decided.size):
        if jail[i] == 0:
            _, others, cops = count_all_in_sight(words, near, masks, tiles, np.uint64(where[i]))
            acts = decides(cops, others, np.uint64(i), limit, hardship, risk_aversion, rule)
            decided[i] = ACTIVE if acts else QUIET


@compiled
def show_decisions(
    words: np.ndarray, images: np.ndarray, where: np.ndarray, kind: np.ndarray, decided: np.ndarray,
    jail: np.ndarray,
) -> None:  # fmt: skip
    """Show what those who were not arrested meanwhile have decided."""
    for i in range(decided.size):
        if jail[i] == 0 and decided[i] != kind[i]:
            turn_into(words, images, kind, np.uint64(i), np.uint64(where[i]), np.uint64(decided[i]))


@compiled
def run(
    words: np.ndarray, near: np.ndarray, masks: np.ndarray, images: np.ndarray, home: np.ndarray,
    span: tuple[int, ...], where: np.ndarray, who: np.ndarray, kind: np.ndarray, decided: np.ndarray,
    jail: np.ndarray, limit: np.ndarray, hardship: np.ndarray, risk_aversion: np.ndarray, order: np.ndarray,
    flags: np.ndarray, rule: tuple[float, float, float, int, int], key: np.uint64, tick: int,
    history: np.ndarray,
) -> None:  # fmt: skip
    """Advance as many ticks as `history` has room for, writing the number of active citizens after each."""
    for step in range(history.size):
        start = draw_start(key, tick + step)
        if flags[SIMULTANEOUS]:
            decide_together(
                words, near, masks, span, where, decided, jail, limit, hardship, risk_aversion, rule
            )
        shuffle(order, where.size, order_start(key, tick + step))
        take_turns(
            words, near, masks, images, home, span, where, who, kind, jail, limit, hardship, risk_aversion,
            order, flags, rule, start,
        )  # fmt: skip
        if flags[SIMULTANEOUS]:
            show_decisions(words, images, where, kind, decided, jail)
        if flags[ARRESTS]:
            serve(words, near, masks, images, home, span, where, who, jail, start)
        active = 0
        for i in range(jail.size):
            active += kind[i] == ACTIVE
        history[step] = active
