"""All members of all crowds, advanced together: the object through which the program holds them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from kontijensi.crowd.conduct import CampTraits, Conduct, Joining, Party, Sample, Tally
from kontijensi.crowd.enrolment import count_sites, draw_people, settle
from kontijensi.crowd.ground import EXIT, WALL, Ground
from kontijensi.crowd.hashing import GOLDEN, SERIAL, TICK
from kontijensi.crowd.kernel import advance
from kontijensi.crowd.layout import (
    AWAY,
    CAMP,
    CELL,
    COUNT,
    LEAVING,
    PERSON,
    SITE,
    Record,
    Scratch,
    harm_shape,
    rule_record,
)
from kontijensi.scenario.schema.crowd import CrowdParameters

MAX_CAMPS = 8


def with_slack(rows: int, least: int = 64) -> int:
    """Room to make for so many rows: more, so that a trickle of arrivals does not move rows every time."""
    return rows + max(least, rows // 16)


class Masses:
    """Members of every open site as parallel arrays; `tick` advances all of them in one compiled call.

    Results at a site depend on its key, its ground and what is done to it, not on its slot or on other sites.
    Everybody who joined is present, left, arrested, injured (taken away) or departed.
    """

    def __init__(self, rule: CrowdParameters, camps: int) -> None:
        if not 1 <= camps <= MAX_CAMPS:
            msg = f"Masses: {camps} camps; give 1 to {MAX_CAMPS}"
            raise ValueError(msg)
        self.rule = rule
        self.camps = camps
        self._rules = rule_record(rule)
        self._members = np.zeros(0, PERSON)
        self._used = 0
        self._grounds: list[Ground | None] = []
        self._offsets: dict[int, int] = {}
        self._known: list[Ground] = []
        self._lattice = np.zeros(0, CELL)
        self._sites: NDArray[np.void] = np.zeros(0, SITE)
        self._felt = np.zeros((0, camps), CAMP)
        self._harm = np.zeros((0, *harm_shape(camps)), np.int32)
        self._scratch = Scratch(camps, 1, 1, 1)
        self._counts = np.zeros(0, COUNT)
        self._by_camp = np.zeros((0, camps, 4), np.int32)
        self._counted = False
        """Whether these two hold what is so now: after a tick, until somebody comes or goes."""
        self._tallies: dict[int, Tally] | None = None
        """The same of all open sites as values, once somebody has asked for one."""

    # -- sites -----------------------------------------------------------------------------------------------

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
        site["reach"] = max(1, round(self.rule.vision_m / ground.cell_m))
        site["open"] = 1
        camps = self._felt[slot]
        camps["base_legitimacy"] = camps["legitimacy"] = [felt.legitimacy for felt in traits]
        camps["identity"] = [felt.identity for felt in traits]
        self._harm[slot] = 0
        self._fit_scratch(slot)
        self._forget_counts()
        return slot

    def close(self, slot: int) -> None:
        """Close a site; its members are no longer counted and its slot may be used again."""
        self._site(slot)["open"] = 0
        self._grounds[slot] = None
        if self._tallies is not None:
            self._tallies.pop(slot, None)

    @property
    def open_slots(self) -> tuple[int, ...]:
        """Slots of the open sites, in ascending order."""
        return tuple(int(slot) for slot in np.flatnonzero(self._sites["open"]))

    @property
    def member_bytes(self) -> int:
        """Memory one member takes in the arrays."""
        return int(self._members.dtype.itemsize)

    @property
    def total_bytes(self) -> int:
        """Memory of everything held: members with headroom, sites, lattices and scratch."""
        held = (self._members, self._lattice, *self._scratch.arrays, self._sites, self._felt, self._harm)
        return sum(array.nbytes for array in held if array.base is None)

    # -- people ----------------------------------------------------------------------------------------------

    def join(self, slot: int, party: Joining, at: Literal["edge", "spread"] = "edge") -> int:
        """Let a party come to a site; returns how many found room there."""
        if party.camp >= self.camps:
            msg = f"Masses.join: camp {party.camp}; this model has camps 0 to {self.camps - 1}"
            raise ValueError(msg)
        rows = self._settle(slot, party.count, at)
        shares = np.array([party.instigator_share, party.marshal_share, party.bystander_share])
        draw_people(self._site(slot), self._members[rows], party.camp, shares, party.grievance)
        return int(rows.stop - rows.start)

    def depart(self, slot: int, share: float, camp: int | None = None) -> Party:
        """Let a share of those present (of one camp) set out for another place; they vanish from here."""
        if not 0.0 <= share <= 1.0:
            msg = f"Masses.depart: share {share!r}; give a number from 0 to 1"
            raise ValueError(msg)
        site = self._site(slot)
        people = self._people(slot)
        wanted = (people["flags"] & (LEAVING | AWAY)) == 0
        if camp is not None:
            wanted &= people["camp"] == camp
        candidates = np.flatnonzero(wanted)
        count = round(share * candidates.size)
        chosen = np.zeros(people.size, np.bool_)
        chosen[candidates[np.argsort(self._ranks(slot)[candidates], kind="stable")[:count]]] = True
        party = Party(people[chosen], tuple(self.traits(slot)))
        kept = people[~chosen]
        people[: kept.size] = kept
        site["count"] = kept.size
        site["departed"] += count
        self._forget_counts()
        return party

    def arrive(self, slot: int, party: Party) -> int:
        """Let people on the march arrive; what their camps felt mixes with what is felt here, by numbers."""
        if party.count and int(party.people["camp"].max()) >= self.camps:
            camp = int(party.people["camp"].max())
            msg = f"Masses.arrive: camp {camp}; this model has camps 0 to {self.camps - 1}"
            raise ValueError(msg)
        before = np.bincount(self._people(slot)["camp"], minlength=self.camps)
        rows = self._settle(slot, party.count, "edge")
        came = party.people[: rows.stop - rows.start]
        for name in ("camp", "role", "state", "flags", "hardship", "risk_aversion", "reluctance", "anger"):
            self._members[rows][name] = came[name]
        for camp, count in enumerate(np.bincount(came["camp"], minlength=self.camps)):
            if count:
                weight = count / (count + before[camp])
                felt = self._felt[slot, camp]
                felt["legitimacy"] += weight * (party.traits[camp].legitimacy - felt["legitimacy"])
                felt["identity"] += weight * (party.traits[camp].identity - felt["identity"])
        return int(came.size)

    # -- what is done to them --------------------------------------------------------------------------------

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

    def stay(self, slot: int) -> None:
        """Let the crowd mean to stay again, since more people have come; who is on his way home goes on."""
        self._site(slot)["released"] = 0

    def tick(self, dt_s: float) -> None:
        """Advance every open site by `dt_s` seconds."""
        if not 0.0 < dt_s <= 600.0:
            msg = f"Masses.tick: dt_s {dt_s!r}; give more than 0 and at most 600 s"
            raise ValueError(msg)
        held = (self._rules, self._sites, self._lattice, self._members, self._felt, self._harm)
        advance(*held, self._counts, self._by_camp, float(dt_s), *self._scratch.arrays)
        self._counted, self._tallies = True, None

    # -- what can be known -----------------------------------------------------------------------------------

    def tally(self, slot: int) -> Tally:
        """Count a site as it stands after the last tick."""
        if self._tallies is None:
            self._tallies = self._count()
        if slot not in self._tallies:
            self._site(slot)
        return self._tallies[slot]

    def _count(self) -> dict[int, Tally]:
        """Count all open sites at once: after a tick somebody asks for each of them."""
        if not self._counted:
            count_sites(self._sites, self._members, self._harm, self._counts, self._by_camp)
            self._counted = True
        legitimacy, identity = self._felt["legitimacy"].tolist(), self._felt["identity"].tolist()
        parts = zip(
            self._counts.tolist(), self._by_camp.copy(), self._harm.copy(), legitimacy, identity, strict=True
        )
        is_open = self._sites["open"].tolist()
        return {slot: Tally._make((*part[0], *part[1:])) for slot, part in enumerate(parts) if is_open[slot]}

    def traits(self, slot: int) -> list[CampTraits]:
        """Legitimacy and shared identity now, by camp."""
        self._site(slot)
        felt = self._felt[slot]
        levels = zip(felt["legitimacy"].tolist(), felt["identity"].tolist(), strict=True)
        return [CampTraits(*pair) for pair in levels]

    def sample(self, slot: int) -> Sample:
        """Say where everybody on the ground stands and in what state, spread within the cells to be seen."""
        ground, people = self._ground(slot), self._people(slot)
        people = people[(people["flags"] & AWAY) == 0]
        people = people[np.argsort(people["serial"], kind="stable")]
        row, col = np.divmod(people["cell"].astype(np.int64), ground.width)
        spot = people["serial"].astype(np.float64)
        return Sample(
            x_m=((col + (spot * 0.7548776662) % 1.0) * ground.cell_m).astype(np.float32),
            y_m=((row + (spot * 0.5698402910) % 1.0) * ground.cell_m).astype(np.float32),
            state=people["state"].copy(),
            camp=people["camp"].copy(),
            role=people["role"].copy(),
        )

    # -- housekeeping ----------------------------------------------------------------------------------------

    def _forget_counts(self) -> None:
        self._counted, self._tallies = False, None

    def _site(self, slot: int) -> Record:
        if not 0 <= slot < self._sites.size or not self._sites[slot]["open"]:
            msg = f"Masses: slot {slot} is not open; open are {list(self.open_slots)}"
            raise ValueError(msg)
        return self._sites[slot]

    def _ground(self, slot: int) -> Ground:
        ground = self._grounds[slot]
        if ground is None:
            msg = f"Masses: slot {slot} is not open"
            raise ValueError(msg)
        return ground

    def _people(self, slot: int) -> NDArray[np.void]:
        """Give a view of the members present, one record a person."""
        site = self._site(slot)
        return self._members[int(site["start"]) : int(site["start"] + site["count"])]

    def _ranks(self, slot: int) -> NDArray[np.uint64]:
        """Random rank of each member present, from his serial and the tick."""
        site = self._site(slot)
        word = self._people(slot)["serial"].astype(np.uint64) * SERIAL
        word += np.array(site["tick"], np.uint64)[None] * TICK + np.array(site["key"], np.uint64)[None]
        word += GOLDEN * np.array([77], np.uint64)
        for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
            word = (word ^ (word >> np.uint64(shift))) * np.uint64(factor)
        ranks: NDArray[np.uint64] = word ^ (word >> np.uint64(31))
        return ranks

    def _settle(self, slot: int, count: int, at: str) -> slice:
        """Place up to `count` new people and return their rows; their traits are still to be written."""
        ground = self._ground(slot)
        self._forget_counts()
        self._make_room(slot, count)
        site = self._site(slot)
        kind = ground.kind.ravel()
        standing = np.flatnonzero(kind != WALL)
        wanted = np.flatnonzero(kind == EXIT) if at == "edge" else standing
        room = max(1, int(min(self.rule.jam_pm2, self.rule.max_pm2) * ground.cell_m**2))
        start = int(site["start"])
        people = self._members[start : start + int(site["room"])]
        placed = settle(site, people, self._scratch.stand, wanted, standing, room, count)
        end = start + int(site["count"])
        return slice(end - int(placed), end)

    def _make_room(self, slot: int, extra: int) -> None:
        site = self._site(slot)
        needed = int(site["count"]) + extra
        if needed > site["room"]:
            room = with_slack(needed)
            if self._used + room > self._members.size:
                self._repack(slot, room)
            else:
                self._move(self._members, slot, self._used, room)
                self._used += room
        self._fit_scratch(slot)

    def _move(self, target: NDArray[np.void], slot: int, start: int, room: int) -> None:
        site = self._sites[slot]
        old, count = int(site["start"]), int(site["count"])
        target[start : start + count] = self._members[old : old + count]
        site["start"], site["room"] = start, room

    def _repack(self, slot: int, room: int) -> None:
        """Lay every open site out anew, one after another, in larger arrays."""
        rooms = {s: room if s == slot else with_slack(int(self._sites[s]["count"])) for s in self.open_slots}
        target = np.zeros(with_slack(sum(rooms.values()), 1024), PERSON)
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
        for name in ("_sites", "_felt", "_harm", "_counts", "_by_camp"):
            array = getattr(self, name)
            grown = np.zeros((size, *array.shape[1:]), array.dtype)
            grown[:old] = array
            setattr(self, name, grown)
        self._grounds += [None] * (size - old)
        return old

    def _lay_out(self, ground: Ground) -> int:
        """Offset of a ground's cells in the lattice, which holds each distinct ground once."""
        if id(ground) not in self._offsets:
            self._offsets[id(ground)] = self._lattice.size
            self._known.append(ground)
            cells = np.zeros(ground.cells, CELL)
            for name in CELL.names or ():
                cells[name] = getattr(ground, name).ravel()
            self._lattice = np.concatenate([self._lattice, cells])
        return self._offsets[id(ground)]

    def _fit_scratch(self, slot: int) -> None:
        ground, site = self._ground(slot), self._site(slot)
        have, cells = self._scratch, ground.cells + 2 * (ground.width + 1)
        if cells > have.cells or ground.width > have.widest or site["room"] > have.people:
            self._scratch = Scratch(
                self.camps,
                max(have.cells, cells),
                max(have.widest, ground.width),
                max(have.people, int(site["room"])),
            )
