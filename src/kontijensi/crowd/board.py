"""The classic lattice: one person a cell, as bitboards of 8 by 8 tiles.

A cell's window of vision is a mask for each tile near its own, so that counting who is in sight takes a few
words. On a torus whose sides are whole tiles those beyond the edge are simply those at the far edge; on any
other torus a rim repeats the far side, and a cell near an edge is kept equal to its images there.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kontijensi.crowd.bits import popcount, select_bit
from kontijensi.vocabulary.compiling import compiled, compiled_inline

Shape = Literal["disc", "diamond", "square"]
EMPTY, ACTIVE, COP, QUIET = range(4)
"""The four sets of a tile; every cell of the lattice is in one of them. The jailed are among the quiet."""
SETS = 4
UNROLLED = 9
"""Windows that reach over so many tiles at most, the eight around their own, have loops of fixed length."""


class Board(NamedTuple):
    """Sets of cells and the tables to read them; a place is tile * 64 + bit."""

    words: NDArray[np.uint64]
    """Sets, word `tile * SETS + set`; an empty tile comes last."""
    near: NDArray[np.uint32]
    """First word of each tile near each tile, row by row; shape (n_tiles * n_near,)."""
    masks: NDArray[np.uint64]
    """Which cells of each near tile are in sight, by bit of the own cell; shape (64 * n_near,)."""
    images: NDArray[np.int32]
    """Where a place appears again in the rim, then -1; shape (n_places, 8), or (0, 8) without a rim."""
    home: NDArray[np.int32]
    """The place that one in the rim repeats, itself elsewhere; shape (n_places,), or (0,) without a rim."""
    span: tuple[int, ...]
    """As long as `n_near` when that is UNROLLED, else empty: a length that is known when code is compiled."""


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


def make_board(
    width: int, height: int, vision: int, shape: Shape, torus: bool
) -> tuple[Board, NDArray[np.int32]]:
    """Lay out an empty lattice; returns it with the place of each cell, shape (n_cells,)."""
    rim = torus and (width % 8 != 0 or height % 8 != 0)
    reach = -(-vision // 8)
    pad = 8 * reach if rim else 0
    across, down = -(-(width + 2 * pad) // 8), -(-(height + 2 * pad) // 8)
    if not torus:
        reach = min(reach, max(1, across - 1, down - 1))
    row, col = np.divmod(np.arange(width * height), width)

    def place_of(y: NDArray[np.int64], x: NDArray[np.int64]) -> NDArray[np.int64]:
        return ((y // 8) * across + x // 8) * 64 + (y % 8) * 8 + x % 8

    place = place_of(row + pad, col + pad)
    n_places = across * down * 64 if rim else 0
    images = np.full((n_places, 8), -1, np.int64)
    home = np.full(n_places, -1, np.int64)
    if rim:
        turns = [(r, c) for r in (-1, 0, 1) for c in (-1, 0, 1) if (r, c) != (0, 0)]
        for number, (south, east) in enumerate(turns):
            y, x = row + south * height, col + east * width
            seen = (y >= -vision) & (y < height + vision) & (x >= -vision) & (x < width + vision)
            images[place[seen], number] = place_of(y[seen] + pad, x[seen] + pad)
        images = -np.sort(-images, axis=1)
        home[place] = place
        repeated, turn = np.nonzero(images >= 0)
        home[images[repeated, turn]] = repeated
    near = _near(across, down, reach, torus and not rim)
    board = Board(
        words=np.zeros((across * down + 1) * SETS, np.uint64),
        near=near.ravel().astype(np.uint32),
        masks=_masks(in_sight(shape, vision), reach).ravel(),
        images=images.astype(np.int32),
        home=home.astype(np.int32),
        span=(0,) * UNROLLED if near.shape[1] == UNROLLED else (),
    )
    return board, place.astype(np.int32)


def _near(across: int, down: int, reach: int, wraps: bool) -> NDArray[np.int64]:
    """List the first word of each tile up to `reach` tiles away; the empty last tile stands for none."""
    steps = np.arange(-reach, reach + 1)
    y = np.arange(down)[:, None, None, None] + steps[:, None]
    x = np.arange(across)[:, None, None] + steps
    tile = (y % down) * across + x % across
    if not wraps:
        tile = np.where((y >= 0) & (y < down) & (x >= 0) & (x < across), tile, across * down)
    words: NDArray[np.int64] = tile.reshape(across * down, steps.size**2) * SETS
    return words


def _masks(steps: NDArray[np.int64], reach: int) -> NDArray[np.uint64]:
    """Cut the window of each of a tile's 64 places along the tiles; shape (64, n_near)."""
    side = 2 * reach + 1
    out = np.zeros((64, side * side), np.uint64)
    for bit in range(64):
        y, x = bit // 8 + steps[:, 0], bit % 8 + steps[:, 1]
        down, across = y // 8 + reach, x // 8 + reach
        near = (down >= 0) & (down < side) & (across >= 0) & (across < side)
        seen = np.uint64(1) << ((y % 8) * 8 + x % 8).astype(np.uint64)
        np.bitwise_or.at(out[bit], (down * side + across)[near], seen[near])
    return out


@compiled_inline
def flip(words: np.ndarray, place: np.uint64, kind: np.uint64) -> None:
    """Turn one place's membership of a set over."""
    words[((place >> np.uint64(6)) << np.uint64(2)) + kind] ^= np.uint64(1) << (place & np.uint64(63))


@compiled_inline
def toggle(words: np.ndarray, images: np.ndarray, place: np.uint64, kind: np.uint64) -> None:
    """Turn a cell's membership of a set over, in all its images."""
    flip(words, place, kind)
    if images.shape[0] > 0:
        for number in range(8):
            image = images[place, number]
            if image < 0:
                break
            flip(words, np.uint64(image), kind)


@compiled
def put_all(words: np.ndarray, images: np.ndarray, place: np.ndarray, sets: np.ndarray) -> None:
    """Put every cell of an empty lattice into its set."""
    for cell in range(place.size):
        toggle(words, images, np.uint64(place[cell]), np.uint64(sets[cell]))


@compiled_inline
def tiles_in_sight(span: tuple[int, ...], masks: np.ndarray) -> np.uint64:
    """How many tiles a window touches: a constant where the span has a length."""
    return np.uint64(len(span)) if len(span) > 0 else np.uint64(masks.size) >> np.uint64(6)


@compiled_inline
def count_in_sight(
    words: np.ndarray, near: np.ndarray, masks: np.ndarray, tiles: np.uint64, place: np.uint64, kind: int
) -> np.uint64:
    """Count the members of a set in sight of a place."""
    first, own = (place >> np.uint64(6)) * tiles, (place & np.uint64(63)) * tiles
    total = np.uint64(0)
    for number in range(tiles):
        total += popcount(words[near[first + number] + np.uint64(kind)] & masks[own + number])
    return total


@compiled_inline
def count_all_in_sight(
    words: np.ndarray, near: np.ndarray, masks: np.ndarray, tiles: np.uint64, place: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64]:
    """Count the empty cells, the actives and the cops in sight of a place."""
    first, own = (place >> np.uint64(6)) * tiles, (place & np.uint64(63)) * tiles
    empty, actives, cops = np.uint64(0), np.uint64(0), np.uint64(0)
    for number in range(tiles):
        word, mask = np.uint64(near[first + number]), masks[own + number]
        empty += popcount(words[word + np.uint64(EMPTY)] & mask)
        actives += popcount(words[word + np.uint64(ACTIVE)] & mask)
        cops += popcount(words[word + np.uint64(COP)] & mask)
    return empty, actives, cops


@compiled_inline
def pick_in_sight(
    words: np.ndarray, near: np.ndarray, masks: np.ndarray, home: np.ndarray, tiles: np.uint64,
    place: np.uint64, kind: int, rank: np.uint64,
) -> np.uint64:  # fmt: skip
    """Return the member of a set in sight that has `rank` members before it, tile by tile and bit by bit.

    All tiles are counted whichever it is in: a loop that stops at the right one is guessed wrongly too often.
    """
    first, own = (place >> np.uint64(6)) * tiles, (place & np.uint64(63)) * tiles
    total, passed, before = np.uint64(0), np.uint64(0), np.uint64(0)
    for number in range(tiles):
        members = popcount(words[near[first + number] + np.uint64(kind)] & masks[own + number])
        total += members
        beyond = total <= rank
        passed += np.uint64(beyond)
        before += members if beyond else np.uint64(0)
    word = np.uint64(near[first + passed])
    bit = select_bit(words[word + np.uint64(kind)] & masks[own + passed], rank - before)
    found = word * np.uint64(64 // SETS) + bit
    if home.size > 0:
        return np.uint64(home[found])
    return np.uint64(found)
