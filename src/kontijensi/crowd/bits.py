"""Sets of cells as 64-bit words, one word per 8 by 8 tile: counting and picking members of a set in a few steps."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import types
from numba.extending import intrinsic

from kontijensi.crowd.compiling import compiled_inline


@intrinsic  # type: ignore[untyped-decorator]
def popcount(typing_context: Any, word: Any) -> Any:
    """Count the set bits of a 64-bit word with the processor's own instruction."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.ctpop(args[0])

    return types.uint64(types.uint64), emit


@compiled_inline
def select_bit(word: np.uint64, rank: int) -> int:
    """Position of the set bit that has `rank` set bits below it; the word must have more than `rank` bits set."""
    position = 0
    left = np.int64(rank)
    for width in (32, 16, 8, 4, 2, 1):
        low = np.int64(popcount(word & ((np.uint64(1) << np.uint64(width)) - np.uint64(1))))
        if left >= low:
            left -= low
            word >>= np.uint64(width)
            position += width
    return position
