"""Sets of cells as 64-bit words, one per 8 by 8 tile: counting and picking members in a few steps."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import types
from numba.extending import intrinsic

from kontijensi.crowd.compiling import compiled_inline


@intrinsic
def _popcount(typing_context: Any, word: Any) -> Any:
    """Count the set bits of a 64-bit word with the processor's own instruction."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.ctpop(args[0])

    return types.uint64(types.uint64), emit


popcount: Any = _popcount
"""Count the set bits of a word; the intrinsic without the typing context that Numba passes itself."""


@compiled_inline
def select_bit(word: np.uint64, rank: int) -> int:
    """Position of the set bit with `rank` set bits below it; the word must have more than `rank` bits set."""
    position = 0
    left = np.int64(rank)
    for width in (32, 16, 8, 4, 2, 1):
        low = np.int64(popcount(word & ((np.uint64(1) << np.uint64(width)) - np.uint64(1))))
        if left >= low:
            left -= low
            word >>= np.uint64(width)
            position += width
    return position
