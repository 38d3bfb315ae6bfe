"""How crowds lie in memory: one row a member in parallel arrays, one record a site, scratch shared by all sites."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kontijensi.crowd.decision import RATIO_CODES
from kontijensi.crowd.harm import CAUSES, SEVERITIES
from kontijensi.scenario.schema.crowd import CrowdParameters

QUIET, ACTIVE, VIOLENT, LEFT, ARRESTED, INJURED = range(6)
"""States of a member; from LEFT on he is no longer present."""
FOLLOWER, INSTIGATOR, BYSTANDER, MARSHAL = range(4)
"""Roles of a member."""
HURT_MASK, LEAVING = 0x03, 0x04
"""Flags of a member: worst harm so far (0 none, 1 minor), and whether he is on his way home."""
PEOPLE, ACTIVES, VIOLENTS, INSTIGATORS, MARSHALS, KINDS = range(6)
"""Counted kinds, per camp and cell; ACTIVES include VIOLENTS."""
BASE_L, NOW_L, NOW_S = range(3)
"""Columns of the camps' traits."""
Record = Any
"""One element of a structured array, as compiled code sees it; NumPy's types cannot name its fields."""
UNIT16: Final = 65535.0
CREDIT_UNIT: Final = 128.0
"""A member's unspent walking distance is kept in 1/128 of a cell."""


class Members(NamedTuple):
    """Everybody at every site, row i is person i; shares are stored as n/65535. 21 bytes a member."""

    serial: NDArray[np.uint32]
    cell: NDArray[np.int32]
    hardship: NDArray[np.uint16]
    risk_aversion: NDArray[np.uint16]
    reluctance: NDArray[np.uint16]
    """Place of the person's second threshold within its spread."""
    anger: NDArray[np.uint16]
    camp: NDArray[np.uint8]
    role: NDArray[np.uint8]
    state: NDArray[np.uint8]
    flags: NDArray[np.uint8]
    credit: NDArray[np.uint8]

    @classmethod
    def room(cls, count: int) -> Members:
        """Make room for `count` members."""
        return cls(
            serial=np.zeros(count, np.uint32),
            cell=np.zeros(count, np.int32),
            hardship=np.zeros(count, np.uint16),
            risk_aversion=np.zeros(count, np.uint16),
            reluctance=np.zeros(count, np.uint16),
            anger=np.zeros(count, np.uint16),
            camp=np.zeros(count, np.uint8),
            role=np.zeros(count, np.uint8),
            state=np.zeros(count, np.uint8),
            flags=np.zeros(count, np.uint8),
            credit=np.zeros(count, np.uint8),
        )


class Lattice(NamedTuple):
    """The cells of every distinct ground in use, one after another."""

    kind: NDArray[np.uint8]
    to_gate_m: NDArray[np.float32]
    to_exit_m: NDArray[np.float32]


class Scratch(NamedTuple):
    """Working arrays as large as the largest site; nothing in them outlives the work on one site."""

    here: NDArray[np.int32]
    """Counts in each cell, shape (n_camps * KINDS, n_cells)."""
    seen: NDArray[np.int32]
    """Counts within sight of each cell, same shape."""
    rows: NDArray[np.int32]
    """Row sums on the way to `seen`, shape (n_cells,)."""
    occupied: NDArray[np.int32]
    """People in each cell, shape (n_cells,)."""
    passed: NDArray[np.int32]
    """People who left by each cell in this tick, shape (n_cells,)."""
    order: NDArray[np.int64]
    """Order in which members take their turn, shape (n_members,)."""
    along: NDArray[np.float64]
    """Share of the officers' west-east span in sight of each column."""
    across: NDArray[np.float64]
    """Share of the officers' north-south span in sight of each row."""
    feel: NDArray[np.float64]
    """Per camp: people, sum of force seen, force landed, force landed on people not violent; shape (n_camps, 4)."""


SITE = np.dtype(
    [
        ("key", "u8"),
        ("tick", "i8"),
        ("start", "i8"),
        ("count", "i8"),
        ("room", "i8"),
        ("next_serial", "i8"),
        ("ground", "i8"),
        ("width", "i8"),
        ("depth", "i8"),
        ("cell_m", "f8"),
        ("elapsed_s", "f8"),
        ("officers", "f8"),
        ("dialogue", "f8"),
        ("discrimination", "f8"),
        ("front_m", "f8"),
        ("west_m", "f8"),
        ("east_m", "f8"),
        ("plume", "f8"),
        ("plume_x_m", "f8"),
        ("plume_y_m", "f8"),
        ("force", "f8"),
        ("indiscriminate", "f8"),
        ("rounds", "f8"),
        ("litres", "f8"),
        ("arrest_violent", "f8"),
        ("arrest_active", "f8"),
        ("max_occupied", "i8"),
        ("exit_pass", "i8"),
        ("joined", "i8"),
        ("left", "i8"),
        ("arrested", "i8"),
        ("injured", "i8"),
        ("departed", "i8"),
        ("open", "i8"),
        ("enclosed", "i8"),
        ("released", "i8"),
        ("line", "i8"),
        ("push", "i8"),
        ("water", "i8"),
        ("irritant", "i8"),
        ("arrest", "i8"),
        ("violent_only", "i8"),
        ("contain", "i8"),
    ]
)
"""One site: who it is, where its members and cells lie, what responders do there, and its running totals."""


def rule_record(parameters: CrowdParameters) -> NDArray[np.void]:
    """Lay the parameters out for compiled code: one record whose fields have the parameters' own names."""
    values = parameters.model_dump()
    values["ratio"] = RATIO_CODES[parameters.ratio]
    dtype = np.dtype([(name, "i8" if name == "ratio" else "f8") for name in values])
    return np.array([tuple(values.values())], dtype)


def harm_shape(camps: int) -> tuple[int, int, int]:
    """Shape of one site's new harm: groups (camps, then officers), causes, severities."""
    return camps + 1, len(CAUSES), len(SEVERITIES)
