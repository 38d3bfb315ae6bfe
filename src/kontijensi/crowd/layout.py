"""How crowds lie in memory: one record a person, one a cell, one a site, and scratch for all."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kontijensi.crowd.decision import RATIO_CODES
from kontijensi.crowd.harm import CAUSES, SEVERITIES
from kontijensi.scenario.schema.crowd import CrowdParameters

QUIET, ACTIVE, VIOLENT, LEFT, ARRESTED, INJURED = range(6)
"""States of a member; from LEFT on he is no longer present."""
FOLLOWER, INSTIGATOR, BYSTANDER, MARSHAL = range(4)
"""Roles of a member."""
HURT_MASK, LEAVING, AWAY = 0x03, 0x04, 0x08
"""Flags of a member: worst harm so far (0 none, 1 minor), whether he is on his way home, and whether he has
run off the ground and waits nearby."""
PEOPLE, ACTIVES, VIOLENTS, INSTIGATORS, MARSHALS, KINDS = range(6)
"""Counted kinds, per camp and cell; ACTIVES include VIOLENTS."""
Record = Any
"""One element of a structured array, as compiled code sees it; NumPy's types cannot name its fields."""
UNIT16: Final = 65535.0
CREDIT_UNIT: Final = 128.0
"""A member's unspent walking distance is kept in 1/128 of a cell; 0 is for one who has settled."""


MOST_IN_TABLE: Final = 256
"""Cells that hold so many or more people have their walking speed worked out each time."""

PERSON = np.dtype(
    [
        ("serial", "u4"),
        ("cell", "i4"),
        ("hardship", "u2"),
        ("risk_aversion", "u2"),
        ("reluctance", "u2"),
        ("anger", "u2"),
        ("camp", "u1"),
        ("role", "u1"),
        ("state", "u1"),
        ("flags", "u1"),
        ("credit", "u1"),
    ],
    align=True,
)
"""One member: 24 bytes. Shares are stored as n/65535; `reluctance` is the place of the person's second
threshold within its spread; `credit` is walking distance not yet spent. One record a person, not one array a
trait: turns come in random order, so a turn touches one cache line, and one pointer is handed on."""

CELL = np.dtype([("to_gate_m", "f4"), ("to_exit_m", "f4"), ("kind", "u1"), ("ways", "u1")], align=True)
"""One cell of a ground: walking distances to the gate and to the nearest way out, what it is, and to which
of its eight neighbours one can step (see `ground.ways_of`)."""

STAND = np.dtype([("occupied", "i4"), ("passed", "u2"), ("kind", "u1"), ("ways", "u1")])
"""One cell during a tick, as those who walk see it: how many stand there, how many left the site by it when
its ways out are counted, what it is, and to which neighbours one can step past the police line."""
MOST_COUNTED: Final = 65535
"""More people than that do not leave by one cell in one tick."""
TO_GATE, CLEAR_TO_GATE, CLEAR_OUT, APART, AIMS = range(5)
"""What a cell is worth to somebody: nearness to the gate; to the gate or a way out, clear of force; or to a
way out, clear of force and of others."""

AROUND = np.dtype(
    [
        ("officers", "f8"),
        ("push", "f8"),
        ("water", "f8"),
        ("gas", "f8"),
        ("sight", "f8"),
        ("aimed", "f8"),
        ("landed", "f8"),
        ("calm", "f8"),
    ]
)
"""One cell during a tick, as those who stand in it when it begins feel it: officers in sight of it; while
there is force, what of it lands there, how much is seen from there, how much is aimed at people there, how
much of that lands on those who are not violent, and what share of their calm this leaves them."""

HELD = np.dtype([("cell", "i4"), ("row", "i4"), ("col", "i4")])
"""One cell that holds people when the tick begins."""

CAMP = np.dtype(
    [
        ("base_legitimacy", "f8"),
        ("legitimacy", "f8"),
        ("identity", "f8"),
        ("people", "f8"),
        ("seen", "f8"),
        ("aimed", "f8"),
        ("unfair", "f8"),
        ("quiet_leaves", "f8"),
        ("active_leaves", "f8"),
        ("violent_leaves", "f8"),
    ]
)
"""One camp at one site: what it feels; sums over this tick (people, force seen, force aimed at people, force
that landed on people not violent); and the chance in this tick that somebody in each state goes home."""


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
        ("reach", "i8"),
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
        ("dt_s", "f8"),
        ("minutes", "f8"),
        ("reconsiders", "f8"),
        ("restless", "f8"),
        ("crowding_m", "f8"),
        ("anger_fade", "f8"),
        ("regroups", "f8"),
        ("max_occupied", "i8"),
        ("exit_pass", "i8"),
        ("quiet_room", "i8"),
        ("active_room", "i8"),
        ("violent_room", "i8"),
        ("flight_room", "i8"),
        ("creep", "f8"),
        ("any_force", "i8"),
        ("any_violent", "i8"),
        ("aside", "i8"),
        ("held", "i8"),
        ("north", "i8"),
        ("south", "i8"),
        ("west", "i8"),
        ("east", "i8"),
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
"""One site: who it is, where its members and cells lie, what responders do there, and its running totals.
While it is advanced also how many cells hold people, and the rectangle of rows and columns they lie in."""


COUNT = np.dtype(
    [
        ("present", "i8"),
        ("quiet", "i8"),
        ("active", "i8"),
        ("violent", "i8"),
        ("joined", "i8"),
        ("left", "i8"),
        ("arrested", "i8"),
        ("injured", "i8"),
        ("departed", "i8"),
        ("leaving", "i8"),
        ("away", "i8"),
        ("hurt", "i8"),
        ("max_density_pm2", "f8"),
        ("force", "f8"),
        ("indiscriminate", "f8"),
        ("irritant_used", "f8"),
        ("water_used", "f8"),
    ]
)
"""What is known of one site as a whole, as `conduct.Tally` has it."""


def rule_record(parameters: CrowdParameters) -> NDArray[np.void]:
    """Lay the parameters out for compiled code: one record whose fields have the parameters' own names."""
    values = parameters.model_dump()
    values["ratio"] = RATIO_CODES[parameters.ratio]
    dtype = np.dtype([(name, "i8" if name == "ratio" else "f8") for name in values])
    return np.array([tuple(values.values())], dtype)


def harm_shape(camps: int) -> tuple[int, int, int]:
    """Shape of one site's new harm: groups (camps, then officers), causes, severities."""
    return camps + 1, len(CAUSES), len(SEVERITIES)


class Scratch:
    """Working arrays as large as the largest site; nothing in them outlives the work on one site."""

    def __init__(self, camps: int, cells: int, widest: int, people: int) -> None:
        self.cells, self.widest, self.people = cells, widest, people
        self.seen = np.zeros((cells, camps * KINDS), np.int32)
        """Counts of each kind of each camp in sight of each cell with people; others hold old numbers."""
        self.here = np.zeros((cells, camps * KINDS), np.int32)
        """The same in each cell; all zero between the work on two sites."""
        self.down = np.zeros(widest * camps * KINDS, np.int32)
        """Sums of `here` over the rows in sight of one row."""
        self.along = np.zeros((3 * widest + 1) * camps * KINDS, np.int32)
        """The same, added up from the west, with a margin as wide as the row on either side."""
        self.stand = np.zeros(cells, STAND)
        """Of a site from cell `width + 1` on, so that whoever looks around at an edge stays within."""
        self.worth = np.zeros((AIMS, cells))
        """How far each cell is from each aim, force counted as a detour [m]; laid out as `stand`."""
        self.around = np.zeros(cells, AROUND)
        """Of cells with people; others hold old numbers."""
        self.held = np.zeros(cells + 1, HELD)
        """Cells with people when the tick began, row by row."""
        self.starts = np.zeros(people, np.uint64)
        """Where the draws of each member in this tick start."""
        self.order = np.zeros(people, np.int32)
        """Order in which members take their turn."""
        self.aside = np.zeros(people + 1, np.int32)
        """Members who have run off and wait nearby."""
        self.noises = np.zeros(256)
        """What eight random bits add to the worth of a neighbouring cell [m], of the site of `strides`."""
        self.strides = np.zeros(MOST_IN_TABLE + 2)
        """Cells walked in a tick by the number of people in the cell; last, the side of the cells [m] and the
        time [s] it is for."""

    @property
    def arrays(self) -> tuple[NDArray[Any], ...]:
        """The arrays in the order in which the kernel takes them."""
        return (
            self.here, self.here.reshape(-1), self.seen, self.seen.reshape(-1), self.down, self.along,
            self.stand, self.worth, self.around, self.held, self.starts, self.order, self.aside, self.strides,
            self.noises,
        )  # fmt: skip
