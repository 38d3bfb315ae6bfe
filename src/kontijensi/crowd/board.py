"""The classic lattice: one person a cell, as bitboards of 8 by 8 tiles with a rim that repeats the far side.

A cell's window of vision is a list of (tile, mask) pairs, so that counting who is in sight takes a few words.
On a torus every cell near an edge has images in the rim, kept equal, and windows never wrap.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kontijensi.crowd.bits import popcount, select_bit
from kontijensi.vocabulary.compiling import compiled_inline

Shape = Literal["disc", "diamond", "square"]
EMPTY, ACTIVE, COP, STRIDE = 0, 1, 2, 4
"""The three sets of a tile lie next to each other; a fourth word keeps them aligned."""


class Board(NamedTuple):
    """Sets of cells and the tables to read them; compiled code takes the arrays one by one: it is quicker."""

    words: NDArray[np.uint64]
    """Sets, word `tile * STRIDE + set`."""
    places: NDArray[np.int32]
    """Where each cell lies as tile * 64 + bit, and its row in `images` or -1; shape (n_cells, 2)."""
    images: NDArray[np.int32]
    """Where cells near an edge appear again in the rim, then -1; shape (n_cells_with_images, 9)."""
    cell_at: NDArray[np.int32]
    """The cell that a padded place stands for, or -1; shape (n_tiles * 64,)."""
    windows: NDArray[np.uint64]
    """By bit: how many tiles a window touches, then pairs of relative word and mask; shape (64, 1 + 2 n)."""


def in_sight(shape: Shape, vision: int) -> NDArray[np.int64]:
    """List the (row, column) steps to every cell in sight, the own cell left out; shape (n, 2)."""
    step = np.arange(-vision, vision + 1)
    row, col = (grid.ravel() for grid in np.meshgrid(step, step, indexing="ij"))
    inside = {
        "disc": row**2 + col**2 <= vision**2,
        "diamond": np.abs(row) + np.abs(col) <= vision,
        "square": np.full(row.shape, True),
    }[shape]
    inside &= (row != 0) | (col != 0)
    steps: NDArray[np.int64] = np.column_stack([row, col])[inside]
    return steps


def make_board(width: int, height: int, vision: int, shape: Shape, torus: bool) -> Board:
    """Lay out an empty lattice."""
    pad = -(-vision // 8) * 8
    tiles_across, tiles_down = -(-(width + 2 * pad) // 8), -(-(height + 2 * pad) // 8)
    cells = np.arange(width * height)
    places = np.full((cells.size, 10), -1, np.int32)
    turns = [(0, 0)] + [(r, c) for r in (-1, 0, 1) for c in (-1, 0, 1) if torus and (r, c) != (0, 0)]
    for number, (down, across) in enumerate(turns):
        y = cells // width + down * height + pad
        x = cells % width + across * width + pad
        seen = (
            (y >= pad - vision)
            & (y < pad + height + vision)
            & (x >= pad - vision)
            & (x < pad + width + vision)
        )
        place = ((y // 8) * tiles_across + x // 8) * 64 + (y % 8) * 8 + x % 8
        places[seen, number] = place[seen]
    places[:, 1:] = -np.sort(-places[:, 1:], axis=1)
    mirrored = np.flatnonzero(places[:, 1] >= 0)
    own = np.column_stack([places[:, 0], np.full(cells.size, -1)]).astype(np.int32)
    own[mirrored, 1] = np.arange(mirrored.size)
    cell_at = np.full(tiles_across * tiles_down * 64, -1, np.int32)
    for column in range(places.shape[1]):
        used = places[:, column] >= 0
        cell_at[places[used, column]] = cells[used]
    return Board(
        words=np.zeros(tiles_across * tiles_down * STRIDE, np.uint64),
        places=own,
        images=np.ascontiguousarray(places[mirrored, 1:]),
        cell_at=cell_at,
        windows=_windows(in_sight(shape, vision), tiles_across),
    )


def _windows(steps: NDArray[np.int64], tiles_across: int) -> NDArray[np.uint64]:
    """Cut the window of each of a tile's 64 places along the tiles."""
    found: list[dict[tuple[int, int], int]] = []
    for bit in range(64):
        masks: dict[tuple[int, int], int] = {}
        for down, across in steps:
            y, x = bit // 8 + int(down), bit % 8 + int(across)
            tile = (y // 8, x // 8)
            masks[tile] = masks.get(tile, 0) | 1 << ((y % 8) * 8 + x % 8)
        found.append(dict(sorted(masks.items())))
    out = np.zeros((64, 1 + 2 * max(len(masks) for masks in found)), np.uint64)
    for bit, masks in enumerate(found):
        out[bit, 0] = len(masks)
        for number, ((down, across), word) in enumerate(masks.items()):
            out[bit, 1 + 2 * number] = (down * tiles_across + across) * STRIDE & 0xFFFFFFFFFFFFFFFF
            out[bit, 2 + 2 * number] = word
    return out


@compiled_inline
def toggle(words: np.ndarray, places: np.ndarray, images: np.ndarray, cell: int, kind: int) -> None:
    """Turn a cell's membership of a set over, in all its images."""
    place = places[cell, 0]
    row = places[cell, 1]
    number = -1
    while place >= 0:
        words[(place >> 6) * STRIDE + kind] ^= np.uint64(1) << np.uint64(place & 63)
        if row < 0:
            break
        number += 1
        place = images[row, number]


@compiled_inline
def first_word(place: int) -> np.uint64:
    """First word of the tile a place lies in, unsigned: an index that cannot be negative needs no check."""
    return (np.uint64(place) >> np.uint64(6)) * np.uint64(STRIDE)


@compiled_inline
def count_in_sight(words: np.ndarray, windows: np.ndarray, place: int, kind: int) -> int:
    """Count the members of a set in sight of a place."""
    window = windows[np.uint64(place) & np.uint64(63)]
    tile = first_word(place) + np.uint64(kind)
    total = np.uint64(0)
    for number in range(windows.shape[1] >> 1):
        total += popcount(words[tile + window[1 + 2 * number]] & window[2 + 2 * number])
    return int(total)


@compiled_inline
def count_two_in_sight(
    words: np.ndarray, windows: np.ndarray, place: int, kind: int, other: int
) -> tuple[int, int]:
    """Count the members of two sets in sight of a place."""
    window = windows[np.uint64(place) & np.uint64(63)]
    tile = first_word(place)
    total, others = np.uint64(0), np.uint64(0)
    for number in range(windows.shape[1] >> 1):
        word, mask = tile + window[1 + 2 * number], window[2 + 2 * number]
        total += popcount(words[word + np.uint64(kind)] & mask)
        others += popcount(words[word + np.uint64(other)] & mask)
    return int(total), int(others)


@compiled_inline
def count_all_in_sight(words: np.ndarray, windows: np.ndarray, place: int) -> tuple[int, int, int]:
    """Count the cops, the actives and the empty cells in sight of a place."""
    window = windows[np.uint64(place) & np.uint64(63)]
    tile = first_word(place)
    cops, actives, empty = np.uint64(0), np.uint64(0), np.uint64(0)
    for number in range(windows.shape[1] >> 1):
        word, mask = tile + window[1 + 2 * number], window[2 + 2 * number]
        cops += popcount(words[word + np.uint64(COP)] & mask)
        actives += popcount(words[word + np.uint64(ACTIVE)] & mask)
        empty += popcount(words[word + np.uint64(EMPTY)] & mask)
    return int(cops), int(actives), int(empty)


@compiled_inline
def pick_in_sight(
    words: np.ndarray, windows: np.ndarray, cell_at: np.ndarray, place: int, kind: int, rank: int
) -> int:
    """Return the member of a set in sight that has `rank` members before it, tile by tile and bit by bit."""
    window = windows[np.uint64(place) & np.uint64(63)]
    tile = first_word(place)
    left = np.uint64(rank)
    for number in range(np.int64(window[0])):
        there = tile + window[1 + 2 * number]
        word = words[there + np.uint64(kind)] & window[2 + 2 * number]
        inside = popcount(word)
        if left < inside:
            spot = there * np.uint64(64 // STRIDE) + np.uint64(select_bit(word, int(left)))
            return int(cell_at[spot])
        left -= inside
    return -1
