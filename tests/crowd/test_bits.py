"""Sets of cells in words: picking a member against counting by hand."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kontijensi.crowd.bits import popcount, select_bit, select_bit_anywhere
from kontijensi.vocabulary.compiling import compiled


@compiled
def pick(word: np.uint64, rank: int) -> int:
    return int(select_bit(word, np.uint64(rank)))


@compiled
def pick_anywhere(word: np.uint64, rank: int) -> int:
    return int(select_bit_anywhere(word, np.uint64(rank)))


@compiled
def count(word: np.uint64) -> int:
    return int(popcount(word))


@given(st.integers(1, 2**64 - 1))
def test_the_member_of_each_rank_is_the_one_with_so_many_before_it(word: int) -> None:
    members = [bit for bit in range(64) if word >> bit & 1]
    assert count(np.uint64(word)) == len(members)
    assert [pick(np.uint64(word), rank) for rank in range(len(members))] == members
    assert [pick_anywhere(np.uint64(word), rank) for rank in range(len(members))] == members
