"""Epstein's civil violence model I, compiled.

Epstein, J. M. (2002). Modeling civil violence: an agent-based computational approach. PNAS 99(3), 7243-7250.
Citizens and cops take turns in a fresh random order; each sees what those before him did. Departures: cops
per active may be floored (NetLogo) or rounded (Mesa), since the raw ratio gives no bursts; a freed person
returns to the cell where he was arrested or, when it is taken, to an empty one in sight of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, hypot, inf, isfinite
from numbers import Integral, Real
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from kontijensi.crowd.board import ACTIVE, COP, EMPTY, QUIET, SETS, Shape, make_board, put_all
from kontijensi.crowd.classic_kernel import Town, limits_of, run
from kontijensi.crowd.decision import RATIO_CODES

NETLOGO: Final[dict[str, Any]] = {
    "width": 40, "height": 40, "citizens": 0.70, "cops": 0.04, "legitimacy": 0.82, "vision": 7,
    "vision_shape": "disc", "ratio": "floor", "jail_max": 30, "moves_first": True, "cop_follows": True,
    "jail_keeps_cell": False,
}  # fmt: skip
"""The settings of NetLogo's Rebellion model."""
MESA: Final[dict[str, Any]] = {
    "width": 40, "height": 40, "citizens": 0.70, "cops": 0.074, "legitimacy": 0.80, "vision": 7,
    "vision_shape": "diamond", "ratio": "round", "jail_max": 1000, "moves_first": False, "cop_follows": False,
    "jail_keeps_cell": True,
}  # fmt: skip
"""The settings of Mesa's shipped example, whose terms end a tick or two later than these."""


@dataclass(frozen=True, slots=True)
class ClassicState:
    """Everybody at one moment; citizens first, then cops."""

    row: NDArray[np.int32]
    """Row of each person, -1 while off the lattice in jail."""
    col: NDArray[np.int32]
    active: NDArray[np.bool_]
    jailed: NDArray[np.bool_]
    cop: NDArray[np.bool_]


class CivilViolence:
    """Epstein's model I; `citizens` and `cops` are densities (float) or numbers (int).

    `activation="simultaneous"` lets citizens decide and cops arrest on what the last tick left, and shows the
    decisions together. It is not the published model: where police hold a town nearly calm it multiplies
    unrest, and is here for that to be seen. A vision may reach past the edges unless they meet (`torus`).
    """

    def __init__(  # the published model's own parameters, all by keyword
        self,
        width: int = 40,
        height: int = 40,
        citizens: float = 0.7,
        cops: float = 0.04,
        legitimacy: float = 0.82,
        k: float = 2.3,
        threshold: float = 0.1,
        vision: int = 7,
        vision_shape: Shape = "disc",
        torus: bool = True,
        ratio: Literal["floor", "round", "raw"] = "floor",
        jail_max: int = 30,
        arrests: bool = True,
        movement: bool = True,
        activation: Literal["random", "simultaneous"] = "random",
        initially_active: bool = False,
        seed: int = 0,
        *,
        moves_first: bool = True,
        cop_follows: bool = True,
        jail_keeps_cell: bool = False,
        hardship: NDArray[np.float64] | None = None,
        risk_aversion: NDArray[np.float64] | None = None,
    ) -> None:
        _check_numbers(legitimacy, k, threshold)
        sizes = {"width": width, "height": height, "vision": vision, "jail_max": jail_max}
        width, height, vision, jail_max = (_whole(name, size) for name, size in sizes.items())
        vision, torus = _checked_vision(width, height, vision, vision_shape, torus)
        n_citizens, n_cops = _numbers(width * height, citizens, cops)
        _check_word("ratio", ratio, tuple(RATIO_CODES))
        _check_word("activation", activation, ("random", "simultaneous"))
        self.width, self.height = width, height
        self.citizens, self.cops = n_citizens, n_cops
        self.legitimacy, self.k, self.threshold, self.ratio = (
            float(legitimacy),
            float(k),
            float(threshold),
            ratio,
        )
        self._flags = np.array(
            [arrests, movement, activation == "simultaneous", moves_first, cop_follows, jail_keeps_cell],
            np.uint8,
        )
        self._jail_max = jail_max
        draws = np.random.default_rng(seed)
        self._key = np.uint64(draws.integers(0, 2**64, dtype=np.uint64))
        self.hardship = _given(draws.random(n_citizens), hardship, "hardship")
        self.risk_aversion = _given(draws.random(n_citizens), risk_aversion, "risk_aversion")
        places = draws.permutation(width * height)[: n_citizens + n_cops].astype(np.int32)
        self._board, self._place = make_board(width, height, vision, vision_shape, torus)
        kinds = np.full(n_citizens + n_cops, ACTIVE if initially_active else QUIET, np.uint8)
        kinds[n_citizens:] = COP
        self._town = self._settle(places, kinds)
        self.ticks = 0

    def _settle(self, cells: NDArray[np.int32], kinds: NDArray[np.uint8]) -> Town:
        """Put everybody in his cell."""
        where = self._place[cells]
        sets = np.full(self._place.size, EMPTY, np.uint8)
        sets[cells] = kinds
        put_all(self._board.words, self._board.images, self._place, sets)
        who = np.full(self._board.words.size * 64 // SETS, -1, np.int32)
        who[where] = np.arange(cells.size)
        limits = np.where(kinds == COP, -1, 0).astype(np.int32)
        if self.ratio != "raw":
            own = limits[: self.citizens]
            limits_of(self.hardship, self.risk_aversion, self.legitimacy, self.k, self.threshold, own)
        return Town(
            where=where.copy(),
            who=who,
            kind=kinds,
            decided=np.full(self.citizens, QUIET, np.uint8),
            jail=np.zeros(cells.size, np.int32),
            limit=limits,
            hardship=self.hardship,
            risk_aversion=self.risk_aversion,
            order=np.zeros(cells.size, np.int32),
        )

    def step(self, n: int = 1) -> NDArray[np.int64]:
        """Advance `n` ticks; returns the number of active citizens after each."""
        if not isinstance(n, Integral) or n < 0:
            msg = f"CivilViolence.step: {n!r} ticks; give a whole number, 0 or more"
            raise ValueError(msg)
        history = np.zeros(n, np.int64)
        rule = (self.legitimacy, self.k, self.threshold, RATIO_CODES[self.ratio], self._jail_max)
        run(*self._board, *self._town, self._flags, rule, self._key, self.ticks, history)
        self.ticks += n
        return history

    @property
    def active_mask(self) -> NDArray[np.bool_]:
        """Who is active, shape (citizens,)."""
        acts: NDArray[np.bool_] = self._town.kind[: self.citizens] == ACTIVE
        return acts

    @property
    def active(self) -> int:
        """Number of active citizens."""
        return int(np.count_nonzero(self.active_mask))

    @property
    def jailed(self) -> int:
        """Number of citizens in jail."""
        return int(np.count_nonzero(self._town.jail))

    @property
    def quiet(self) -> int:
        """Number of citizens neither active nor in jail."""
        return self.citizens - self.active - self.jailed

    def state(self) -> ClassicState:
        """Where everybody is and in what state."""
        town = self._town
        absent = np.full(self.cops, False)
        cell_at = np.full(town.who.size, -1)
        cell_at[self._place] = np.arange(self._place.size)
        cell = np.where(town.where < 0, -1, cell_at[town.where])
        return ClassicState(
            row=np.where(cell < 0, -1, cell // self.width).astype(np.int32),
            col=np.where(cell < 0, -1, cell % self.width).astype(np.int32),
            active=np.concatenate([self.active_mask, absent]),
            jailed=town.jail > 0,
            cop=np.arange(cell.size) >= self.citizens,
        )


def _check_numbers(legitimacy: float, k: float, threshold: float) -> None:
    """Refuse what the rule has no meaning for; NaN is in no range."""
    for name, value, most in (("legitimacy", legitimacy, 1.0), ("k", k, inf), ("threshold", threshold, inf)):
        if not isinstance(value, Real) or not (0.0 <= value <= most and isfinite(value)):
            wanted = "a number from 0 to 1" if most == 1.0 else "a finite number, 0 or more"
            msg = f"CivilViolence: {name} {value!r}; give {wanted}"
            raise ValueError(msg)


def _check_word(name: str, given: str, choices: tuple[str, ...]) -> None:
    if given not in choices:
        msg = f"CivilViolence: {name} {given!r}; use {' or '.join(map(repr, choices))}"
        raise ValueError(msg)


def _whole(name: str, given: int) -> int:
    """Admit a whole number; a jail term may be nil, sides and vision may not."""
    least = 0 if name == "jail_max" else 1
    if isinstance(given, bool) or not isinstance(given, Integral) or given < least:
        msg = f"CivilViolence: {name} {given!r}; give a whole number, {least} or more"
        raise ValueError(msg)
    return int(given)


def _checked_vision(width: int, height: int, vision: int, shape: Shape, torus: bool) -> tuple[int, bool]:
    """Admit a vision that sees each cell once; one that sees all of a torus needs no torus."""
    _check_word("vision_shape", shape, ("disc", "diamond", "square"))
    if not torus:
        # From corner to corner; further than that there is nothing to see.
        furthest = {
            "disc": ceil(hypot(width - 1, height - 1)),
            "diamond": width + height - 2,
            "square": max(width, height) - 1,
        }
        return max(1, min(vision, furthest[shape])), False
    side = min(width, height)
    if 2 * vision + 1 <= side:
        return vision, True
    if shape == "square" and 2 * vision + 1 >= max(width, height):
        return max(width, height), False
    msg = (
        f"CivilViolence: vision {vision} reaches round a torus {side} cells wide; at most {(side - 1) // 2}, "
        "torus=False, or vision_shape='square' with a vision that sees everything"
    )
    raise ValueError(msg)


def _numbers(cells: int, citizens: float, cops: float) -> tuple[int, int]:
    """Turn densities (fractions of the cells) or numbers (whole) into numbers that fit."""
    out: list[int] = []
    for name, given in (("citizens", citizens), ("cops", cops)):
        people = isinstance(given, Integral)
        if isinstance(given, bool) or not isinstance(given, Real) or not 0 <= given <= (inf if people else 1):
            msg = f"CivilViolence: {name} {given!r}; give a density from 0 to 1 (float) or people (int)"
            raise ValueError(msg)
        out.append(int(given) if people else round(float(given) * cells))
    if sum(out) > cells:
        msg = f"CivilViolence: {out[0]} citizens and {out[1]} cops on {cells} cells; one person a cell"
        raise ValueError(msg)
    return out[0], out[1]


def _given(drawn: NDArray[np.float64], given: NDArray[np.float64] | None, name: str) -> NDArray[np.float64]:
    """Take given values in place of drawn ones; the draws are spent all the same."""
    if given is None:
        return drawn
    values = np.ascontiguousarray(given, np.float64)
    if values.shape != drawn.shape or not ((values >= 0.0) & (values <= 1.0)).all():
        msg = f"CivilViolence: {name} must be {drawn.size} numbers from 0 to 1"
        raise ValueError(msg)
    return values
