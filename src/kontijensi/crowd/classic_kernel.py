"""The compiled turns of the classic model.

With floored or rounded odds the decision depends on a whole number only, so each person's rule is reduced to
the largest odds at which he still acts; it is found with the same `urge` and `arrest_chance` as everywhere.
Functions that run once a turn take plain arrays: handing tuples of arrays down costs more than the work.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kontijensi.crowd.board import (
    ACTIVE,
    COP,
    EMPTY,
    count_all_in_sight,
    count_in_sight,
    count_two_in_sight,
    pick_in_sight,
    toggle,
)
from kontijensi.crowd.decision import FLOOR, RAW, arrest_chance, urge
from kontijensi.crowd.hashing import order_start, person_tick, shuffle, uniform
from kontijensi.vocabulary.compiling import compiled, compiled_inline

MOST_ODDS = 1 << 20
"""Odds that no lattice reaches: a person with this limit acts whatever he sees."""
ARRESTS, MOVEMENT, SIMULTANEOUS, MOVES_FIRST, COP_FOLLOWS, JAIL_KEEPS_CELL = range(6)
DRAW_MOVE, DRAW_SUSPECT, DRAW_TERM, DRAW_RETURN = range(4)


class Town(NamedTuple):
    """Everybody on the lattice; citizens come first, then cops."""

    cell: NDArray[np.int32]
    """Cell of each person, or -2 - cell of arrest while off the lattice; shape (n_people,)."""
    who: NDArray[np.int32]
    """Person in each cell, or -1; shape (n_cells,)."""
    active: NDArray[np.uint8]
    decided: NDArray[np.uint8]
    """What each citizen decided, for simultaneous activation."""
    jail: NDArray[np.int32]
    """Ticks still to serve."""
    limit: NDArray[np.int32]
    """Largest whole odds at which the citizen acts; -1 never."""
    hardship: NDArray[np.float64]
    risk_aversion: NDArray[np.float64]
    order: NDArray[np.int64]


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
def within_limit(cops: int, actives: int, limit: int, ratio: int) -> bool:
    """Whether floored or rounded odds are at most `limit`; halves round to even, as Python rounds."""
    if ratio == FLOOR:
        return cops < (limit + 1) * actives
    twice, bound = 2 * cops, (2 * limit + 1) * actives
    return limit >= 0 and (twice < bound or (twice == bound and limit % 2 == 0))


@compiled_inline
def relocate(
    words: np.ndarray, places: np.ndarray, images: np.ndarray, cell: np.ndarray, who: np.ndarray, i: int,
    target: int, is_cop: bool, listed: bool,
) -> None:  # fmt: skip
    """Move a person to an empty cell, in the set of empty cells and, when he is listed in one, in his own."""
    source = cell[i]
    toggle(words, places, images, source, EMPTY)
    toggle(words, places, images, target, EMPTY)
    if listed:
        kind = COP if is_cop else ACTIVE
        toggle(words, places, images, source, kind)
        toggle(words, places, images, target, kind)
    who[source] = -1
    who[target] = i
    cell[i] = target


@compiled
def serve(
    words: np.ndarray, places: np.ndarray, images: np.ndarray, cell_at: np.ndarray, windows: np.ndarray,
    cell: np.ndarray, who: np.ndarray, jail: np.ndarray, key: np.uint64, tick: int,
) -> None:  # fmt: skip
    """Let a tick of every term pass, and put the freed back on the lattice as quiet people."""
    for i in range(jail.size):
        if jail[i] == 0:
            continue
        jail[i] -= 1
        if jail[i] > 0 or cell[i] >= 0:
            continue
        place = -cell[i] - 2
        if who[place] >= 0:
            free = count_in_sight(words, windows, places[place, 0], EMPTY)
            if free == 0:
                jail[i] = 1
                continue
            rank = int(uniform(person_tick(key, i, tick), DRAW_RETURN) * free)
            place = pick_in_sight(words, windows, cell_at, places[place, 0], EMPTY, rank)
        cell[i] = place
        who[place] = i
        toggle(words, places, images, place, EMPTY)


@compiled_inline
def decides(
    cops: int, others: int, limit: int, hardship: float, risk_aversion: float,
    rule: tuple[float, float, float, int, int],
) -> bool:  # fmt: skip
    """Whether a citizen acts, from the cops and the other actives he sees now."""
    actives = 1 + others
    if rule[3] != RAW:
        return within_limit(cops, actives, limit, rule[3])
    risk = arrest_chance(float(cops), float(actives), rule[1], RAW)
    return urge(hardship, rule[0], risk_aversion, risk) > rule[2]


@compiled_inline
def arrest_one(
    words: np.ndarray, places: np.ndarray, images: np.ndarray, cell_at: np.ndarray, windows: np.ndarray,
    place: int,
    who: np.ndarray, active: np.ndarray, jail: np.ndarray, jail_max: int, start: np.uint64,
) -> int:  # fmt: skip
    """Arrest one active citizen in sight of a place, each as likely; returns his cell, or -1."""
    suspects = count_in_sight(words, windows, place, ACTIVE)
    if suspects == 0:
        return -1
    rank = int(uniform(start, DRAW_SUSPECT) * suspects)
    taken = pick_in_sight(words, windows, cell_at, place, ACTIVE, rank)
    active[who[taken]] = 0
    toggle(words, places, images, taken, ACTIVE)
    jail[who[taken]] = int(uniform(start, DRAW_TERM) * jail_max)
    return taken


@compiled
def take_turns(
    words: np.ndarray, places: np.ndarray, images: np.ndarray, cell_at: np.ndarray, windows: np.ndarray,
    cell: np.ndarray, who: np.ndarray, active: np.ndarray, jail: np.ndarray, limit: np.ndarray,
    hardship: np.ndarray, risk_aversion: np.ndarray, order: np.ndarray,
    flags: np.ndarray, rule: tuple[float, float, float, int, int], key: np.uint64, tick: int,
) -> None:  # fmt: skip
    """Let everybody take one turn: move and act, or act and move."""
    citizens = active.size
    movement, moves_first, simultaneous = (
        flags[MOVEMENT] != 0,
        flags[MOVES_FIRST] != 0,
        flags[SIMULTANEOUS] != 0,
    )
    follows = flags[COP_FOLLOWS] != 0 and movement
    keeps_cell = flags[JAIL_KEEPS_CELL] != 0 or not movement
    for turn in range(cell.size):
        i = order[turn]
        is_cop = i >= citizens
        if not is_cop and jail[i] > 0:
            continue
        start = person_tick(key, i, tick)
        free = -1  # not counted
        for half in range(2):
            place = places[cell[i], 0]
            if (half == 0) == moves_first:
                free = count_in_sight(words, windows, place, EMPTY) if free < 0 else free
                if free > 0 and movement:
                    rank = int(uniform(start, DRAW_MOVE) * free)
                    target = pick_in_sight(words, windows, cell_at, place, EMPTY, rank)
                    listed = is_cop or active[i] != 0
                    relocate(words, places, images, cell, who, i, target, is_cop, listed)
            elif is_cop:
                if flags[ARRESTS]:
                    taken = arrest_one(
                        words, places, images, cell_at, windows, place, who, active, jail, rule[4], start
                    )
                    if taken >= 0 and jail[who[taken]] > 0 and not keeps_cell:
                        cell[who[taken]] = -taken - 2
                        toggle(words, places, images, taken, EMPTY)
                        who[taken] = -1
                        if follows:
                            relocate(words, places, images, cell, who, i, taken, True, True)
            elif not simultaneous:
                cops, others, free = count_all_in_sight(words, windows, place)
                acts = decides(cops, others, limit[i], hardship[i], risk_aversion[i], rule)
                if acts != (active[i] != 0):
                    active[i] = acts
                    toggle(words, places, images, cell[i], ACTIVE)


@compiled
def decide_together(
    words: np.ndarray, places: np.ndarray, windows: np.ndarray, cell: np.ndarray, decided: np.ndarray,
    jail: np.ndarray, limit: np.ndarray, hardship: np.ndarray, risk_aversion: np.ndarray,
    rule: tuple[float, float, float, int, int],
) -> None:  # fmt: skip
    """Let all citizens decide on what the last tick left, showing nobody yet."""
    for i in range(decided.size):
        if jail[i] == 0:
            place = places[cell[i], 0]
            cops, others = count_two_in_sight(words, windows, place, COP, ACTIVE)
            decided[i] = decides(cops, others, limit[i], hardship[i], risk_aversion[i], rule)


@compiled
def show_decisions(
    words: np.ndarray, places: np.ndarray, images: np.ndarray, cell: np.ndarray, active: np.ndarray,
    decided: np.ndarray, jail: np.ndarray,
) -> None:  # fmt: skip
    """Show what those who were not arrested meanwhile have decided."""
    for i in range(active.size):
        if jail[i] == 0 and decided[i] != active[i]:
            active[i] = decided[i]
            toggle(words, places, images, cell[i], ACTIVE)


@compiled
def run(
    words: np.ndarray, places: np.ndarray, images: np.ndarray, cell_at: np.ndarray, windows: np.ndarray,
    cell: np.ndarray, who: np.ndarray, active: np.ndarray, decided: np.ndarray, jail: np.ndarray,
    limit: np.ndarray,
    hardship: np.ndarray, risk_aversion: np.ndarray, order: np.ndarray,
    flags: np.ndarray, rule: tuple[float, float, float, int, int], key: np.uint64, tick: int,
    history: np.ndarray,
) -> None:  # fmt: skip
    """Advance as many ticks as `history` has room for, writing the number of active citizens after each."""
    for step in range(history.size):
        now = tick + step
        if flags[SIMULTANEOUS]:
            decide_together(words, places, windows, cell, decided, jail, limit, hardship, risk_aversion, rule)
        shuffle(order, cell.size, order_start(key, now))
        take_turns(
            words, places, images, cell_at, windows, cell, who, active, jail, limit, hardship, risk_aversion,
            order, flags, rule, key, now,
        )  # fmt: skip
        if flags[SIMULTANEOUS]:
            show_decisions(words, places, images, cell, active, decided, jail)
        if flags[ARRESTS]:
            serve(words, places, images, cell_at, windows, cell, who, jail, key, now)
        history[step] = np.sum(active)
