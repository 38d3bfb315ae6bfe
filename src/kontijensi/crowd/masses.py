"""All members of all crowds, advanced together: the one object the rest of the program holds of this package."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from kontijensi.crowd.conduct import CampTraits, Conduct, Joining, Party, Sample, Tally
from kontijensi.crowd.enrolment import draw_people, settle
from kontijensi.crowd.ground import EXIT, WALL, Ground
from kontijensi.crowd.harm import CAUSES, SEVERITIES
from kontijensi.crowd.hashing import GOLDEN, SERIAL, TICK
from kontijensi.crowd.kernel import advance
from kontijensi.crowd.layout import (
    BASE_L,
    KINDS,
    LEAVING,
    NOW_L,
    NOW_S,
    SITE,
    Lattice,
    Members,
    Scratch,
    harm_shape,
    rule_record,
)
from kontijensi.scenario.schema.crowd import CrowdParameters

MAX_CAMPS = 8
HEADROOM = 1.25
"""How much more room is made than asked for, so that a trickle of arrivals does not move rows every time."""


class Masses:
    """Members of every open site as parallel arrays; `tick` advances all of them in one compiled call.

    Results at a site depend on its key, its ground and what is done to it, never on its slot or on other sites.
    Everybody who joined is present, left, arrested, injured (taken away) or departed.
    """

    def __init__(self, rule: CrowdParameters, camps: int) -> None:
        if not 1 <= camps <= MAX_CAMPS:
            msg = f"Masses: {camps} camps; give 1 to {MAX_CAMPS}"
            raise ValueError(msg)
        self.rule = rule
        self.camps = camps
        self._rules = rule_record(rule)
        self._members = Members.room(0)
        self._used = 0
        self._grounds: list[Ground | None] = []
        self._offsets: dict[int, int] = {}
        self._known: list[Ground] = []
        self._lattice = Lattice(np.zeros(0, np.uint8), np.zeros(0, np.float32), np.zeros(0, np.float32))
        self._sites: NDArray[np.void] = np.zeros(0, SITE)
        self._traits = np.zeros((0, camps, 3))
        self._harm = np.zeros((0, *harm_shape(camps)), np.int32)
        self._scratch = self._new_scratch(1, 1, 1)

    # -- sites -------------------------------------------------------------------------------------------------

    def open(self, ground: Ground, traits: Sequence[CampTraits], key: int) -> int:
        """Open a site and return its slot; `key` alone decides its random draws."""
        if len(traits) != self.camps:
            msg = f"Masses.open: traits of {len(traits)} camps; this model has {self.camps}"
            raise ValueError(msg)
        for camp, felt in enumerate(traits):
            if not (0.0 <= felt.legitimacy <= 1.0 and 0.0 <= felt.identity <= 1.0):
                msg = f"Masses.open: camp {camp}: {felt}; legitimacy and identity go from 0 to 1"
                raise ValueError(msg)
        slot = self._free_slot()
        self._grounds[slot] = ground
        self._sites[slot] = np.zeros((), SITE)
        site = self._sites[slot]
        site["key"] = np.uint64(key & 0xFFFFFFFFFFFFFFFF)
        site["ground"] = self._lay_out(ground)
        site["width"], site["depth"], site["cell_m"] = ground.width, ground.depth, ground.cell_m
        site["enclosed"] = ground.enclosed
        site["open"] = 1
        self._traits[slot, :, BASE_L] = self._traits[slot, :, NOW_L] = [felt.legitimacy for felt in traits]
        self._traits[slot, :, NOW_S] = [felt.identity for felt in traits]
        self._harm[slot] = 0
        self._fit_scratch(slot)
        return slot

    def close(self, slot: int) -> None:
        """Close a site; its members are no longer counted and its slot may be used again."""
        self._site(slot)["open"] = 0
        self._grounds[slot] = None

    @property
    def open_slots(self) -> tuple[int, ...]:
        """Slots of the open sites, in ascending order."""
        return tuple(int(slot) for slot in np.flatnonzero(self._sites["open"]))

    @property
    def member_bytes(self) -> int:
        """Memory one member takes in the arrays."""
        return sum(array.dtype.itemsize for array in self._members)

    @property
    def total_bytes(self) -> int:
        """Memory of everything held: members with headroom, sites, lattices and scratch."""
        held = (*self._members, *self._lattice, *self._scratch, self._sites, self._traits, self._harm)
        return sum(array.nbytes for array in held)

    # -- people ------------------------------------------------------------------------------------------------

    def join(self, slot: int, party: Joining, at: Literal["edge", "spread"] = "edge") -> int:
        """Let a party come to a site; returns how many found room there."""
        if party.camp >= self.camps:
            msg = f"Masses.join: camp {party.camp}; this model has camps 0 to {self.camps - 1}"
            raise ValueError(msg)
        site = self._site(slot)
        first, placed = self._settle(slot, party.count, at)
        shares = np.array([party.instigator_share, party.marshal_share, party.bystander_share])
        draw_people(site, self._members, first, placed, party.camp, shares, party.grievance)
        return placed

    def depart(self, slot: int, share: float, camp: int | None = None) -> Party:
        """Let a share of those present (of one camp) set out for another place; they vanish from this site."""
        if not 0.0 <= share <= 1.0:
            msg = f"Masses.depart: share {share!r}; give a number from 0 to 1"
            raise ValueError(msg)
        site = self._site(slot)
        rows = self._rows(slot)
        staying = (self._members.flags[rows] & LEAVING) != 0
        wanted = ~staying if camp is None else ~staying & (self._members.camp[rows] == camp)
        candidates = np.flatnonzero(wanted)
        count = round(share * candidates.size)
        draws = self._ranks(slot)[candidates]
        chosen = np.sort(candidates[np.argsort(draws, kind="stable")[:count]])
        m = self._members
        party = Party(
            *(array[rows][chosen].copy() for array in (m.camp, m.role, m.state, m.flags)),
            *(array[rows][chosen].copy() for array in (m.hardship, m.risk_aversion, m.reluctance, m.anger)),
            traits=tuple(self.traits(slot)),
        )
        kept = np.setdiff1d(np.arange(rows.stop - rows.start), chosen, assume_unique=True)
        for array in m:
            array[rows.start : rows.start + kept.size] = array[rows][kept]
        site["count"] = kept.size
        site["departed"] += count
        return party

    def arrive(self, slot: int, party: Party) -> int:
        """Let people on the march arrive; what their camps felt mixes with what is felt here, by numbers."""
        if party.count and int(party.camp.max()) >= self.camps:
            msg = f"Masses.arrive: camp {int(party.camp.max())}; this model has camps 0 to {self.camps - 1}"
            raise ValueError(msg)
        rows = self._rows(slot)
        before = np.bincount(self._members.camp[rows], minlength=self.camps)
        first, placed = self._settle(slot, party.count, "edge")
        came = party.head(placed)
        for name in ("camp", "role", "state", "flags", "hardship", "risk_aversion", "reluctance", "anger"):
            getattr(self._members, name)[first : first + placed] = getattr(came, name)
        for camp, count in enumerate(np.bincount(came.camp, minlength=self.camps)):
            if count:
                weight = count / (count + before[camp])
                felt = self._traits[slot, camp]
                for column, value in (
                    (NOW_L, party.traits[camp].legitimacy),
                    (NOW_S, party.traits[camp].identity),
                ):
                    felt[column] += weight * (value - felt[column])
        return placed

    # -- what is done to them ----------------------------------------------------------------------------------

    def conduct(self, slot: int, conduct: Conduct) -> None:
        """Set what responders do at a site from now on."""
        site, ground = self._site(slot), self._ground(slot)
        for name in (
            "officers",
            "dialogue",
            "discrimination",
            "push",
            "water",
            "irritant",
            "arrest",
            "contain",
        ):
            site[name] = getattr(conduct, name)
        site["violent_only"] = conduct.arrest_violent_only
        line = conduct.line or conduct.push
        breadth = min(
            ground.width * ground.cell_m, max(ground.cell_m, conduct.officers * self.rule.line_spacing_m)
        )
        middle = 0.5 * ground.width * ground.cell_m
        site["west_m"], site["east_m"] = middle - breadth / 2, middle + breadth / 2
        if not (line and site["line"]):
            site["front_m"] = min(self.rule.line_standoff_m, (ground.depth - 1) * ground.cell_m)
        site["line"] = line

    def disperse(self, slot: int) -> None:
        """Let the crowd decide, or agree, to go home: those who are not violent leave by and by."""
        self._site(slot)["released"] = 1

    def tick(self, dt_s: float) -> None:
        """Advance every open site by `dt_s` seconds."""
        if not 0.0 < dt_s <= 600.0:
            msg = f"Masses.tick: dt_s {dt_s!r}; give more than 0 and at most 600 s"
            raise ValueError(msg)
        advance(
            self._rules,
            self._sites,
            self._lattice,
            self._members,
            self._scratch,
            self._traits,
            self._harm,
            float(dt_s),
        )

    # -- what can be known -------------------------------------------------------------------------------------

    def tally(self, slot: int) -> Tally:
        """Count a site as it stands after the last tick."""
        site, rows = self._site(slot), self._rows(slot)
        state = self._members.state[rows]
        kinds = self._members.camp[rows].astype(np.int64) * 3 + state
        table = np.bincount(kinds, minlength=3 * self.camps).reshape(self.camps, 3)
        by_camp = np.column_stack([table.sum(axis=1), table]).astype(np.int32)
        harm = self._harm[slot].copy()
        total = harm.sum(axis=0)
        present, quiet, active, violent = (int(n) for n in by_camp.sum(axis=0))
        return Tally(
            present=present,
            quiet=quiet,
            active=active,
            violent=violent,
            by_camp=by_camp,
            joined=int(site["joined"]),
            left=int(site["left"]),
            arrested=int(site["arrested"]),
            injured=int(site["injured"]),
            departed=int(site["departed"]),
            leaving=int(np.count_nonzero(self._members.flags[rows] & LEAVING)),
            harm={(CAUSES[c], SEVERITIES[s]): int(total[c, s]) for c, s in np.argwhere(total)},
            harm_by_group=harm,
            max_density_pm2=float(site["max_occupied"]) / float(site["cell_m"]) ** 2,
            force=float(site["force"]),
            indiscriminate=float(site["indiscriminate"]),
            irritant_used=float(site["rounds"]),
            water_used=float(site["litres"]),
            traits=tuple(self.traits(slot)),
        )

    def traits(self, slot: int) -> list[CampTraits]:
        """Legitimacy and shared identity now, by camp."""
        self._site(slot)
        return [CampTraits(float(row[NOW_L]), float(row[NOW_S])) for row in self._traits[slot]]

    def sample(self, slot: int) -> Sample:
        """Say where everybody present stands and in what state, spread within the cells so that none hides another."""
        rows, ground = self._rows(slot), self._ground(slot)
        m = self._members
        row, col = np.divmod(m.cell[rows].astype(np.int64), ground.width)
        spot = m.serial[rows].astype(np.float64)
        x = (col + (spot * 0.7548776662) % 1.0) * ground.cell_m
        y = (row + (spot * 0.5698402910) % 1.0) * ground.cell_m
        order = np.argsort(m.serial[rows], kind="stable")
        return Sample(
            x[order].astype(np.float32),
            y[order].astype(np.float32),
            m.state[rows][order],
            m.camp[rows][order],
            m.role[rows][order],
        )

    # -- housekeeping ------------------------------------------------------------------------------------------

    def _site(self, slot: int) -> np.void:
        if not 0 <= slot < self._sites.size or not self._sites[slot]["open"]:
            msg = f"Masses: slot {slot} is not open; open are {list(self.open_slots)}"
            raise ValueError(msg)
        site: np.void = self._sites[slot]
        return site

    def _ground(self, slot: int) -> Ground:
        ground = self._grounds[slot]
        if ground is None:
            msg = f"Masses: slot {slot} is not open"
            raise ValueError(msg)
        return ground

    def _rows(self, slot: int) -> slice:
        site = self._site(slot)
        return slice(int(site["start"]), int(site["start"] + site["count"]))

    def _ranks(self, slot: int) -> NDArray[np.uint64]:
        """Random rank of each member present, from his serial and the tick."""
        site = self._site(slot)
        word = self._members.serial[self._rows(slot)].astype(np.uint64) * SERIAL
        word += np.array(site["tick"], np.uint64)[None] * TICK + np.array(site["key"], np.uint64)[None]
        word += GOLDEN * np.array([77], np.uint64)
        for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
            word = (word ^ (word >> np.uint64(shift))) * np.uint64(factor)
        ranks: NDArray[np.uint64] = word ^ (word >> np.uint64(31))
        return ranks

    def _settle(self, slot: int, count: int, at: str) -> tuple[int, int]:
        """Place up to `count` new rows; returns the first of them and how many were placed."""
        ground = self._ground(slot)
        self._make_room(slot, count)
        site = self._site(slot)
        first = int(site["start"] + site["count"])
        kind = ground.kind.ravel()
        standing = np.flatnonzero(kind != WALL)
        wanted = np.flatnonzero(kind == EXIT) if at == "edge" else standing
        room = max(1, int(self.rule.jam_pm2 * ground.cell_m**2))
        room = min(room, max(1, int(self.rule.max_pm2 * ground.cell_m**2)))
        placed = settle(site, self._members, self._scratch, wanted, standing, room, count)
        return first, int(placed)

    def _make_room(self, slot: int, extra: int) -> None:
        site = self._site(slot)
        needed = int(site["count"]) + extra
        if needed > site["room"]:
            room = max(16, int(needed * HEADROOM))
            if self._used + room > self._members.serial.size:
                self._repack(slot, room)
            else:
                self._move(self._members, slot, self._used, room)
                self._used += room
        self._fit_scratch(slot)

    def _move(self, target: Members, slot: int, start: int, room: int) -> None:
        site = self._sites[slot]
        old, count = int(site["start"]), int(site["count"])
        for source, array in zip(self._members, target, strict=True):
            array[start : start + count] = source[old : old + count]
        site["start"], site["room"] = start, room

    def _repack(self, slot: int, room: int) -> None:
        """Lay every open site out anew, one after another, in larger arrays."""
        rooms = {
            s: room if s == slot else max(16, int(self._sites[s]["count"] * HEADROOM))
            for s in self.open_slots
        }
        target = Members.room(int(sum(rooms.values()) * HEADROOM))
        used = 0
        for open_slot, its_room in rooms.items():
            self._move(target, open_slot, used, its_room)
            used += its_room
        self._members, self._used = target, used

    def _free_slot(self) -> int:
        closed = np.flatnonzero(self._sites["open"] == 0)
        if closed.size:
            return int(closed[0])
        old = self._sites.size
        size = max(4, 2 * old)
        for name in ("_sites", "_traits", "_harm"):
            array = getattr(self, name)
            grown = np.zeros((size, *array.shape[1:]), array.dtype)
            grown[:old] = array
            setattr(self, name, grown)
        self._grounds += [None] * (size - old)
        return old

    def _lay_out(self, ground: Ground) -> int:
        """Offset of a ground's cells in the lattice, which holds each distinct ground once."""
        if id(ground) not in self._offsets:
            self._offsets[id(ground)] = int(self._lattice.kind.size)
            self._known.append(ground)
            parts = (ground.kind, ground.to_gate_m, ground.to_exit_m)
            self._lattice = Lattice(
                *(
                    np.concatenate([have, part.ravel()])
                    for have, part in zip(self._lattice, parts, strict=True)
                )
            )
        return self._offsets[id(ground)]

    def _fit_scratch(self, slot: int) -> None:
        ground, site = self._ground(slot), self._site(slot)
        have = self._scratch
        cells, people = have.rows.size, have.order.size
        side = have.along.size
        need_side = max(ground.width, ground.depth)
        if ground.cells > cells or site["room"] > people or need_side > side:
            self._scratch = self._new_scratch(
                max(cells, ground.cells), max(people, int(site["room"])), max(side, need_side)
            )

    def _new_scratch(self, cells: int, people: int, side: int) -> Scratch:
        kinds = self.camps * KINDS
        return Scratch(
            here=np.zeros((kinds, cells), np.int32),
            seen=np.zeros((kinds, cells), np.int32),
            rows=np.zeros(cells, np.int32),
            occupied=np.zeros(cells, np.int32),
            passed=np.zeros(cells, np.int32),
            order=np.zeros(people, np.int64),
            along=np.zeros(side),
            across=np.zeros(side),
            feel=np.zeros((self.camps, 4)),
        )
