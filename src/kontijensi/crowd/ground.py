"""The ground of one site: a lattice of cells with walls, a gate to protect and ways out.

Row 0 is the north side. Distances are walking distances over the eight neighbours, never through a wall or
around its corner.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from kontijensi.vocabulary.compiling import compiled

OPEN, WALL, GATE, EXIT = 0, 1, 2, 3
GLYPHS = {".": OPEN, "#": WALL, "G": GATE, "E": EXIT}
NEIGHBOURS = ((-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1))
"""Steps (rows, columns) to the eight neighbours of a cell."""
MAX_CELLS = 1 << 20
FAR = np.float32(1e9)


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """The lattice of one site; build it with `rectangle` or `drawn`. Grounds are equal when they are one."""

    cell_m: float
    kind: NDArray[np.uint8]
    """Kind of each cell (OPEN, WALL, GATE, EXIT), shape (depth, width)."""
    enclosed: bool
    to_gate_m: NDArray[np.float32] = field(repr=False)
    """Walking distance to the gate, shape (depth, width) [m]."""
    to_exit_m: NDArray[np.float32] = field(repr=False)
    """Walking distance to the nearest way out, shape (depth, width) [m]."""
    ways: NDArray[np.uint8] = field(repr=False)
    """To which neighbours one can step, one bit each in the order of NEIGHBOURS, shape (depth, width)."""

    @property
    def width(self) -> int:
        """Cells from west to east."""
        return int(self.kind.shape[1])

    @property
    def depth(self) -> int:
        """Cells from north to south."""
        return int(self.kind.shape[0])

    @property
    def cells(self) -> int:
        """Cells, walls included."""
        return int(self.kind.size)

    @property
    def area_m2(self) -> float:
        """Area people can stand on."""
        return float(np.count_nonzero(self.kind != WALL)) * self.cell_m**2

    @property
    def exit_width_m(self) -> float:
        """Width of all exits together."""
        return float(np.count_nonzero(self.kind == EXIT)) * self.cell_m

    @staticmethod
    def rectangle(
        width_m: float,
        depth_m: float,
        exits: int = 2,
        enclosed: bool = False,
        cell_m: float = 2.0,
        exit_width_m: float = 4.0,
    ) -> Ground:
        """Lay out a yard with the gate in the middle of the north side.

        Open ground is left over any cell of its east, south and west edges; enclosed ground has a wall all
        around and `exits` openings of `exit_width_m` spread over those three sides.
        """
        if not (cell_m > 0 and width_m >= 3 * cell_m and depth_m >= 3 * cell_m):
            msg = (
                f"Ground: {width_m:g} m by {depth_m:g} m in cells of {cell_m:g} m; at least 3 cells each way"
            )
            raise ValueError(msg)
        if enclosed and exits < 1:
            msg = f"Ground: enclosed with {exits} exits; an enclosed site needs at least 1"
            raise ValueError(msg)
        return _rectangle(
            round(width_m / cell_m),
            round(depth_m / cell_m),
            exits,
            enclosed,
            cell_m,
            max(1, round(exit_width_m / cell_m)),
        )

    @staticmethod
    def drawn(rows: Sequence[str], cell_m: float = 2.0) -> Ground:
        """Read a ground from a drawing: `.` open, `#` wall, `G` gate, `E` exit; only exits lead out."""
        if len({len(row) for row in rows}) != 1:
            msg = f"Ground: rows of a drawing must be equally long, not {sorted({len(row) for row in rows})}"
            raise ValueError(msg)
        unknown = sorted({glyph for row in rows for glyph in row} - GLYPHS.keys())
        if unknown:
            msg = f"Ground: {unknown} in the drawing; use {' '.join(GLYPHS)}"
            raise ValueError(msg)
        return from_kinds(
            np.array([[GLYPHS[glyph] for glyph in row] for row in rows], np.uint8), True, cell_m
        )


def from_kinds(kind: NDArray[np.uint8], enclosed: bool, cell_m: float) -> Ground:
    """Work out the distances of a ground from the kinds of its cells."""
    if kind.size > MAX_CELLS:
        msg = (
            f"Ground: {kind.shape[1]} by {kind.shape[0]} cells; at most {MAX_CELLS} in all: use larger cells"
        )
        raise ValueError(msg)
    if not (kind == EXIT).any():
        msg = "Ground: no way out; mark at least one exit"
        raise ValueError(msg)
    wall = kind == WALL
    to_exit = distances(wall, kind == EXIT, cell_m)
    to_gate = distances(wall, kind == GATE, cell_m) if (kind == GATE).any() else np.zeros_like(to_exit)
    ways = ways_of(wall)
    for array in (kind, to_gate, to_exit, ways):
        array.setflags(write=False)
    return Ground(cell_m, kind, enclosed, to_gate, to_exit, ways)


def ways_of(wall: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Say to which neighbours one can step from each cell: not into a wall, nor around its corner."""
    depth, width = wall.shape
    closed = np.pad(wall, 1, constant_values=True)
    ways = np.zeros(wall.shape, np.uint8)
    for bit, (down, across) in enumerate(NEIGHBOURS):
        passed = [closed[1 + r : 1 + r + depth, 1 + c : 1 + c + width]
                  for r, c in ((down, across), (down, 0), (0, across)) if (r, c) != (0, 0)]  # fmt: skip
        ways |= (~np.logical_or.reduce(passed)).astype(np.uint8) << np.uint8(bit)
    return ways


@lru_cache(maxsize=256)
def _rectangle(width: int, depth: int, exits: int, enclosed: bool, cell_m: float, exit_cells: int) -> Ground:
    """Build a rectangle once; many sites share one shape."""
    kind = np.full((depth, width), OPEN, np.uint8)
    rim = [(row, 0) for row in range(1, depth)]
    rim += [(depth - 1, col) for col in range(1, width - 1)]
    rim += [(row, width - 1) for row in range(depth - 1, 0, -1)]
    if enclosed:
        kind[0, :] = kind[-1, :] = WALL
        kind[:, 0] = kind[:, -1] = WALL
        for number in range(exits):
            middle = round((number + 0.5) * len(rim) / exits)
            for step in range(exit_cells):
                kind[rim[(middle - exit_cells // 2 + step) % len(rim)]] = EXIT
    else:
        for place in rim:
            kind[place] = EXIT
    kind[0, (width - 1) // 2 : width // 2 + 1] = GATE
    return from_kinds(kind, enclosed, cell_m)


@compiled
def shortest_step(wall: np.ndarray, out: np.ndarray, row: int, col: int, cell_m: float) -> float:
    """Distance of a cell as its neighbours have it, or as it stands when that is less."""
    depth, width = wall.shape
    best = out[row, col]
    for r in range(max(0, row - 1), min(depth, row + 2)):
        for c in range(max(0, col - 1), min(width, col + 2)):
            across = r != row and c != col
            if wall[r, c] or (across and (wall[row, c] or wall[r, col])):
                continue
            best = min(best, out[r, c] + np.float32(cell_m * (1.4142135 if across else 1.0)))
    return float(best)


def distances(wall: NDArray[np.bool_], source: NDArray[np.bool_], cell_m: float) -> NDArray[np.float32]:
    """Walking distance from every cell to the nearest source, same shape as `wall` [m]; FAR behind walls."""
    out = np.where(source, np.float32(0.0), FAR).astype(np.float32)
    spread(wall, out, cell_m)
    return out


@compiled
def spread(wall: np.ndarray, out: np.ndarray, cell_m: float) -> None:
    """Shorten the distances in `out` along neighbours until none can be shortened."""
    depth, width = wall.shape
    changed = True
    forth = True
    while changed:
        changed = False
        for index in range(depth * width):
            place = index if forth else depth * width - 1 - index
            row, col = place // width, place % width
            if not wall[row, col]:
                best = np.float32(shortest_step(wall, out, row, col, cell_m))
                if best < out[row, col]:
                    out[row, col] = best
                    changed = True
        forth = not forth
