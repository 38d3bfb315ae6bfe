"""The crowds of a run: who gathers where, and the one clock that advances all of them together."""

from __future__ import annotations

from collections.abc import Callable, Generator
from functools import partial
from math import floor
from typing import Any

import numpy as np
import simpy

from kontijensi.command.field import FieldCommand
from kontijensi.command.postures import posture_policy
from kontijensi.command.situation import COLOURS, LEVEL, ColourTracker
from kontijensi.crowd import CampTraits, Ground, Joining, Party
from kontijensi.crowd.agents import CampLeader, Crowd
from kontijensi.engine.crowded_roads import RoadCrowding
from kontijensi.engine.episode import Episode
from kontijensi.engine.scene import Scene
from kontijensi.scenario.schema.force import Colour
from kontijensi.scenario.schema.storyline import GatherCrowd, SecondWave
from kontijensi.vocabulary.records import RecordKind

PARTIES = 12
"""Parties that people arrive in, at most."""


class Gatherings:
    """Every crowd that is somewhere now."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.episodes: dict[str, Episode] = {}
        self.on_look: list[Callable[[int], None]] = []
        """Called with a place whose crowd, or the conduct of the units there, may have changed."""
        self._clock_runs = False
        self._crowding = RoadCrowding(scene)
        self._policy = posture_policy(scene.around.world.scenario.command.posture)

    # -- what may be asked -----------------------------------------------------------------------------------

    def at(self, place: int) -> Episode | None:
        """Return the crowd at a place, None where there is none."""
        return next((each for each in self.episodes.values() if each.place == place), None)

    def worst_colour_at(self, place: int) -> Colour:
        """Worst true colour of the crowds at a place."""
        levels = [LEVEL[each.colour] for each in self.episodes.values() if each.place == place]
        return COLOURS[max(levels, default=0)]

    def places_at(self, level: int) -> int:
        """Count the places whose situation has this colour."""
        return len({each.place for each in self.episodes.values() if each.tracker.level == level})

    # -- people come and go ----------------------------------------------------------------------------------

    def gather(
        self, name: str, place: int, people: GatherCrowd | SecondWave, size: int, parent: int
    ) -> Episode:
        """Let people gather at a place, in parties spread over time; they join who is there."""
        episode = self.at(place) or self._new(name, place, parent, size)
        parties = min(PARTIES, size)
        numbers = np.diff(np.round(np.linspace(0, size, parties + 1))).astype(int)
        episode.pending += parties
        for i, number in enumerate(numbers):
            comes = partial(self._party_comes, episode, people, int(number), parent)
            self.scene.later(people.over * i / parties, comes)
        return episode

    def marchers_arrive(self, name: str, place: int, party: Party, parent: int) -> Episode:
        """Let people who have marched arrive; they join who is there."""
        episode = self.at(place) or self._new(name, place, parent, party.count)
        placed = self.scene.masses.arrive(episode.crowd.slot, party)
        self._write_joined(episode, parent, party.count, placed, "march")
        return episode

    def stay(self, episode: Episode, stays_s: float) -> None:
        """Let a crowd mean to stay so long from now; it goes home when the last of its waves means to."""
        until_s = self.scene.now_s + stays_s
        if until_s > episode.stays_until_s:
            episode.stays_until_s = until_s
            self.scene.masses.stay(episode.crowd.slot)
            self.scene.later(stays_s, partial(self._send_home, episode, until_s))

    def _send_home(self, episode: Episode, until_s: float) -> None:
        if self.episodes.get(episode.id) is episode and episode.stays_until_s == until_s:
            self.scene.masses.disperse(episode.crowd.slot)

    def finish(self) -> None:
        """Write down, at the end of the run, how the crowds stand that are still there."""
        for episode in self.episodes.values():
            episode.sample()

    def _party_comes(
        self, episode: Episode, people: GatherCrowd | SecondWave, number: int, parent: int
    ) -> None:
        if self.episodes.get(episode.id) is not episode:
            return
        episode.pending -= 1
        community = self.scene.around.world.scenario.community
        shares = people.camps or {camp: plan.share for camp, plan in community.camps.items()}
        tension = self.scene.people.tension.highest_at(episode.place)
        grievance = people.grievance + (1.0 - people.grievance) * community.tension_to_grievance * tension
        camps, placed = list(community.camps), 0
        for camp, count in _split(number, shares, self.scene.around.streams.of("crowd.camps", episode.id)):
            party = Joining(
                camp=camps.index(camp),
                count=count,
                instigator_share=people.roles.instigator,
                marshal_share=people.roles.marshal,
                bystander_share=people.roles.bystander,
                grievance=grievance,
            )
            joined = self.scene.masses.join(episode.crowd.slot, party)
            episode.crowd.welcomed(party.camp, count, joined)
            placed += joined
        wave = "second" if isinstance(people, SecondWave) else "first"
        self._write_joined(episode, parent, number, placed, wave)

    def _write_joined(self, episode: Episode, parent: int, came: int, placed: int, wave: str) -> None:
        """Write who joined, and how many found no room and went home."""
        episode.turned_away += came - placed
        self.scene.write(
            RecordKind.CROWD_JOINED,
            episode.id,
            episode.place,
            parent,
            people=placed,
            wave=wave,
            turned_away=came - placed,
        )

    # -- a crowd's beginning, ticks and end ------------------------------------------------------------------

    def _new(self, name: str, place: int, parent: int, expected: int) -> Episode:
        scene, world = self.scene, self.scene.around.world
        entry, place_id = world.places.entries[place], world.places.ids[place]
        name = scene.name(name)
        camps = world.scenario.community.camps
        felt = scene.people.legitimacy.of_place(place)
        traits = [
            CampTraits(float(legitimacy), plan.identity)
            for legitimacy, plan in zip(felt, camps.values(), strict=True)
        ]
        ground = Ground.rectangle(entry.width_m, entry.depth_m, max(entry.exits, 1), entry.enclosed)
        slot = scene.masses.open(ground, traits, scene.around.streams.key("crowd.rule", name))
        leaders = [
            CampLeader(scene.model, place_id, i, float(willing))
            for i, willing in enumerate(scene.people.willingness.of_place(place))
        ]
        record = scene.write(
            RecordKind.CROWD_GATHERED, name, place, parent, expected=expected, camps=list(camps)
        )
        episode = Episode(
            scene=scene,
            id=name,
            place=place,
            crowd=Crowd(scene.model, place_id, slot, tuple(range(len(camps)))),
            field_command=FieldCommand(
                scene.around,
                name,
                place,
                leaders,
                entry.enclosed,
                self._policy,
                partial(self._answered, name),
            ),
            tracker=ColourTracker(world.scenario.command.situation),
            parent=record,
            on_colour=self._colour_changed,
            on_conduct=self._look,
            on_end=self._ended,
            colour_s=scene.now_s,
        )
        self.episodes[name] = episode
        episode.open_incident()
        episode.review()
        if not self._clock_runs:
            self._clock_runs = True
            scene.around.env.process(self._advance())
        return episode

    def _advance(self) -> Generator[simpy.Event, Any, None]:
        """Advance all crowds together, at whole multiples of the tick, as long as any is there."""
        env, tick_s = self.scene.around.env, self.scene.around.world.scenario.crowd_tick
        due_s = (floor(env.now / tick_s) + 1) * tick_s
        while self.episodes:
            yield env.timeout(due_s - env.now)
            self.scene.masses.tick(tick_s)
            for episode in list(self.episodes.values()):
                episode.observe(tick_s)
                self._look(episode.place)
                self._crowding.look(episode.id, episode.place, episode.present, episode.parent)
            self.scene.notice([episode.place for episode in self.episodes.values()])
            due_s += tick_s
        self._clock_runs = False

    def _colour_changed(self, place: int) -> None:
        self.scene.continuity.colour_changed(place, self.worst_colour_at(place), self.scene.now_s)
        self._look(place)

    def _look(self, place: int) -> None:
        for tell in self.on_look:
            tell(place)

    def _answered(self, name: str) -> None:
        episode = self.episodes.get(name)
        if episode is not None:
            episode.answered()

    def _ended(self, episode: Episode) -> None:
        del self.episodes[episode.id]
        self.scene.masses.close(episode.crowd.slot)
        for leader in episode.field_command.leaders:
            leader.remove()
        episode.crowd.remove()
        self._colour_changed(episode.place)
        self.scene.notice([episode.place])


def _split(number: int, shares: dict[str, float], rng: np.random.Generator) -> list[tuple[str, int]]:
    """Divide a party among the camps at random in the given proportions."""
    if len(shares) == 1:
        return [(next(iter(shares)), number)]
    counts = rng.multinomial(number, list(shares.values()))
    return [(camp, int(count)) for camp, count in zip(shares, counts, strict=True) if count > 0]
