"""Sets of cells as 64-bit words, one per 8 by 8 tile: counting and picking members in a few steps."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray

from kontijensi.vocabulary.compiling import compiled_inline


@intrinsic
def _popcount(typing_context: Any, word: Any) -> Any:
    """Count the set bits of a 64-bit word with the processor's own instruction."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.ctpop(args[0])

    return types.uint64(types.uint64), emit


popcount: Any = _popcount
"""Count the set bits of a word; the intrinsic without the typing context that Numba passes itself."""


_EACH_BYTE = np.uint64(0x0101010101010101)
_HIGH_BITS = np.uint64(0x8080808080808080)
_SELECT_IN_BYTE: NDArray[np.uint8] = np.array(
    [([bit for bit in range(8) if byte >> bit & 1] + [0] * 8)[:8] for byte in range(256)], np.uint8
)
"""Position of the set bit of each rank in each byte, shape (256, 8)."""


@compiled_inline
def select_bit(word: np.uint64, rank: int) -> int:
    """Position of the set bit with `rank` set bits below it; the word must have more than `rank` bits set.

    Vigna, S. (2008). Broadword implementation of rank/select queries: no branch depends on the word.
    """
    pairs = word - ((word >> np.uint64(1)) & np.uint64(0x5555555555555555))
    fours = (pairs & np.uint64(0x3333333333333333)) + (
        (pairs >> np.uint64(2)) & np.uint64(0x3333333333333333)
    )
    sums = ((fours + (fours >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)) * _EACH_BYTE
    reached = ((np.uint64(rank) * _EACH_BYTE | _HIGH_BITS) - sums) & _HIGH_BITS
    shift = np.uint64(8) * popcount(reached)
    below = ((sums << np.uint64(8)) >> shift) & np.uint64(255)
    byte = np.int64((word >> shift) & np.uint64(255))
    return int(shift) + int(_SELECT_IN_BYTE[byte, np.int64(np.uint64(rank) - below)])
