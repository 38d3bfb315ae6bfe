"""Sets of cells as 64-bit words, one per 8 by 8 tile: counting and picking members in a few steps."""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import binding, ir  # type: ignore[import-untyped]
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic
from numpy.typing import NDArray

from kontijensi.vocabulary.compiling import compiled_inline, settings

WORD = ir.IntType(64)


@intrinsic
def _popcount(typing_context: Any, word: Any) -> Any:
    """Count the set bits of a 64-bit word with the processor's own instruction."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.ctpop(args[0])

    return types.uint64(types.uint64), emit


@intrinsic
def _select_bit(typing_context: Any, word: Any, rank: Any) -> Any:
    """Find a set bit by its rank: spread one bit over the word's set bits, and count the zeros below it."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        declare: Any = cgutils.get_or_insert_function
        deposit = declare(builder.module, ir.FunctionType(WORD, [WORD, WORD]), "llvm.x86.bmi.pdep.64")
        alone = builder.call(deposit, [builder.shl(ir.Constant(WORD, 1), args[1]), args[0]])
        return builder.cttz(alone, ir.Constant(ir.IntType(1), 1))

    return types.uint64(types.uint64, types.uint64), emit


@intrinsic
def _rank_of(typing_context: Any, value: Any) -> Any:
    """Read a float that is not negative as a whole number; the larger float is the larger number."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.bitcast(args[0], WORD)

    return types.int64(types.float64), emit


rank_of: Any = _rank_of
"""A float that is not negative as a whole number in the same order; for choosing without a branch."""

popcount: Any = _popcount
"""Count the set bits of a word; the intrinsic without the typing context that Numba passes itself."""


_EACH_BYTE = np.uint64(0x0101010101010101)
_HIGH_BITS = np.uint64(0x8080808080808080)
_SELECT_IN_BYTE: NDArray[np.uint8] = np.array(
    [([bit for bit in range(8) if byte >> bit & 1] + [0] * 8)[:8] for byte in range(256)], np.uint8
)
"""Position of the set bit of each rank in each byte, shape (256, 8)."""


@compiled_inline
def select_bit_anywhere(word: np.uint64, rank: np.uint64) -> np.uint64:
    """Do what `select_bit` does, on any processor.

    Vigna, S. (2008). Broadword implementation of rank/select queries: no branch depends on the word.
    """
    pairs = word - ((word >> np.uint64(1)) & np.uint64(0x5555555555555555))
    fours = (pairs & np.uint64(0x3333333333333333)) + (
        (pairs >> np.uint64(2)) & np.uint64(0x3333333333333333)
    )
    sums = ((fours + (fours >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)) * _EACH_BYTE
    reached = ((rank * _EACH_BYTE | _HIGH_BITS) - sums) & _HIGH_BITS
    shift = np.uint64(8) * popcount(reached)
    below = ((sums << np.uint64(8)) >> shift) & np.uint64(255)
    byte = (word >> shift) & np.uint64(255)
    return np.uint64(shift + np.uint64(_SELECT_IN_BYTE[byte, rank - below]))


def _deposits_bits() -> bool:
    """Whether code is compiled for a processor that deposits bits, and does so in a few cycles."""
    if settings.CPU_FEATURES is not None:
        return "+bmi2" in settings.CPU_FEATURES
    microcoded = ("znver1", "znver2")
    host = binding.get_host_cpu_name() not in microcoded and binding.get_host_cpu_features().get("bmi2")
    return bool(host) and settings.CPU_NAME != "generic"


select_bit: Any = _select_bit if _deposits_bits() else select_bit_anywhere
"""Position of the set bit with `rank` set bits below it; the word must have more than `rank` bits set."""
