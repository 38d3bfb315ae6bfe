"""Random numbers by counting: a draw is a function of who, when and which, so no result depends on batching.

The mixer is the finaliser of SplitMix64 (Steele, Lea and Flood 2014). A member's draws in one tick start from
`person_tick(key, serial, tick)`; draw number `n` is `uniform(start, n)`.
"""

from __future__ import annotations

import numpy as np

from kontijensi.vocabulary.compiling import compiled, compiled_inline

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
SERIAL = np.uint64(0xD1B54A32D192ED03)
TICK = np.uint64(0xA0761D6478BD642F)
TO_UNIT = 1.0 / 9007199254740992.0


@compiled_inline
def mix(word: np.uint64) -> np.uint64:
    """Scramble 64 bits so that neighbouring inputs share nothing."""
    word = (word ^ (word >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return word ^ (word >> np.uint64(31))


@compiled_inline
def person_tick(key: np.uint64, serial: int, tick: int) -> np.uint64:
    """Where the draws of one person in one tick start."""
    return mix(key + mix(np.uint64(serial) * SERIAL + np.uint64(tick) * TICK))


@compiled_inline
def uniform(start: np.uint64, number: int) -> float:
    """Draw `number` of this start: a float in [0, 1)."""
    return (mix(start + np.uint64(number) * GOLDEN) >> np.uint64(11)) * TO_UNIT


@compiled_inline
def order_start(key: np.uint64, tick: int) -> np.uint64:
    """Where the draws of a tick's order of turns start."""
    return mix(key ^ mix(np.uint64(tick) * TICK))


@compiled
def shuffle(order: np.ndarray, count: int, start: np.uint64) -> None:
    """Put 0 .. count-1 in random order into the head of `order` (inside-out Fisher-Yates)."""
    for i in range(count):
        word = mix(start + np.uint64(i) * GOLDEN) >> np.uint64(32)
        j = np.int64((word * np.uint64(i + 1)) >> np.uint64(32))
        order[i] = order[j]
        order[j] = i
