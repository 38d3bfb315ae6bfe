"""A crowd episode: one crowd at one place, from the first who come to the last who go.

The truth is kept here (counts, colour, harm); what command learns of it goes through reports.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from math import inf

import numpy as np

from kontijensi.command.belief import Sighting, miscounted, misjudged
from kontijensi.command.field import FieldCommand
from kontijensi.command.incident import Incident, Outcome, Sort
from kontijensi.command.situation import LEVEL, ColourTracker
from kontijensi.community.observers import Observers, Watch, watch
from kontijensi.crowd import Cause, Severity, Tally
from kontijensi.crowd.agents import Crowd
from kontijensi.engine.scene import Harm, Scene
from kontijensi.responders.unit import Unit
from kontijensi.scenario.schema.force import Colour, Stock
from kontijensi.vocabulary.records import RecordKind

SAMPLE_S = 60.0
"""Time between two samples of a crowd's counts and positions."""
REVIEW_S = 60.0
"""Command on the spot looks again at least this often."""
CRUSH_PM2 = 5.0
"""Density from which a warning of crush is written."""
CRUSH_STEP_PM2 = 0.25
"""Another warning is written when it has grown by so much."""
OFFICER_CAUSES = frozenset({Cause.CROWD_VIOLENCE_OFFICER})


@dataclass(eq=False, slots=True)
class Episode:
    """The state of one crowd at one place."""

    scene: Scene
    id: str
    place: int
    crowd: Crowd
    field_command: FieldCommand
    tracker: ColourTracker
    parent: int
    on_colour: Callable[[int], None]
    """Called with the place when the colour has changed."""
    on_conduct: Callable[[int], None]
    """Called with the place when command on the spot has decided anew."""
    on_end: Callable[[Episode], None]
    pending: int = 0
    """Parties still to come."""
    colour_s: float = 0.0
    """When the present colour was taken."""
    incident: Incident | None = None
    """The incident of the highest colour that is open."""
    watches: dict[Incident, Watch] = field(default_factory=dict)
    counted: dict[Colour, int] = field(default_factory=lambda: defaultdict(int))
    used_s: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    astray_s: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    arrested: int = 0
    written: Colour = "green"
    """Colour last written down."""
    densest_pm2: float = 0.0
    """Density of the last warning of crush."""
    turned_away: int = 0
    """People who found no room."""
    calm_since_s: float | None = None
    stays_until_s: float = 0.0
    """When the last of its waves means to go home."""
    next_sample_s: float = 0.0
    next_review_s: float = 0.0
    next_look_s: float = inf
    """When guards on their round come by."""
    looked_in: bool = False
    """Whether they have come by, and stayed."""

    @property
    def colour(self) -> Colour:
        """True colour now."""
        return self.tracker.colour

    @property
    def present(self) -> int:
        """People there at the last tick."""
        return 0 if self.crowd.last is None else self.crowd.last.present

    # -- at each crowd tick ----------------------------------------------------------------------------------

    def observe(self, dt_s: float) -> None:
        """Take in what the last tick brought."""
        tally = self.scene.masses.tally(self.crowd.slot)
        self.crowd.seen(tally)
        now = self.scene.now_s
        if self.tracker.update(now, tally.present, tally.active + tally.violent, tally.violent):
            self._colour_changed()
        self._write_harm(tally, dt_s)
        if now >= self.next_look_s:
            self._look_in()
        self._be_noticed(dt_s, tally.present)
        if now >= self.next_review_s:
            self.review()
        if now >= self.next_sample_s:
            self.sample()
        self._stand_down()
        if tally.present == 0 and self.pending == 0:
            self.end()

    def review(self) -> None:
        """Let command on the spot decide anew."""
        self.next_review_s = self.scene.now_s + REVIEW_S
        guards = self.scene.guards_at(self.place)
        conduct = self.field_command.review(self.colour, self.colour_s, guards, self.crowd.last)
        self.scene.masses.conduct(self.crowd.slot, conduct)
        self.on_conduct(self.place)

    def answered(self) -> None:
        """A round of talks has ended: a disorderly crowd whose delegates were heard and agree goes home."""
        talks, tally = self.field_command.talks, self.crowd.last
        heard = tally is not None and talks.somebody_answers and talks.agreed(tally)
        if heard and self.colour != "green":  # an orderly assembly is nobody's to end
            self.scene.masses.disperse(self.crowd.slot)
        self.review()

    def sample(self) -> None:
        """Write the counts down, and where everybody stands."""
        tally, now = self.crowd.last, self.scene.now_s
        self.next_sample_s = now + SAMPLE_S
        if tally is None:
            return
        self._flush_force()
        self.scene.write(
            RecordKind.CROWD_SAMPLED,
            self.id,
            self.place,
            self.parent,
            present=tally.present,
            quiet=tally.quiet,
            active=tally.active,
            violent=tally.violent,
            left=tally.left,
            arrested=tally.arrested,
            density_pm2=round(tally.max_density_pm2, 3),
            legitimacy=[round(felt.legitimacy, 4) for felt in tally.traits],
            identity=[round(felt.identity, 4) for felt in tally.traits],
        )
        if self.scene.watch_crowd is not None and tally.present > 0:
            place = self.scene.around.place_id(self.place)
            self.scene.watch_crowd(now, self.id, place, self.scene.masses.sample(self.crowd.slot))

    def end(self) -> None:
        """Everybody has gone."""
        if self.next_sample_s != self.scene.now_s + SAMPLE_S:
            self.sample()
        tally = self.crowd.last
        assert tally is not None
        self.field_command.talks.closed = True
        for incident in list(self.field_command.incidents):
            if incident.open:
                if incident.formed and not incident.controlled:
                    self.scene.control(incident)
                self.scene.posko.close(incident, Outcome.CONTROLLED if incident.formed else Outcome.UNAIDED)
        self.scene.write(
            RecordKind.CROWD_ENDED,
            self.id,
            self.place,
            self.parent,
            joined=tally.joined,
            left=tally.left,
            arrested=tally.arrested,
            injured=tally.injured,
            departed=tally.departed,
            turned_away=self.turned_away,
        )
        self._carry_feelings_home(tally)
        self.on_end(self)

    # -- colour, incidents and who notices -------------------------------------------------------------------

    def open_incident(self) -> None:
        """Enter an incident for the present colour, when that colour calls for anything.

        What flares up again while an incident of this colour or a graver one is open belongs to that one.
        """
        level = LEVEL[self.colour]
        if any(each.open and LEVEL[each.colour or "green"] >= level for each in self.field_command.incidents):
            return
        stage = self.scene.around.world.scenario.command.stages.at(self.colour)
        needs = stage.formation
        if not needs:
            return
        self.counted[self.colour] += 1
        number = self.counted[self.colour]
        before = self.incident if self.incident is not None and self.incident.open else None
        incident = Incident(
            id=f"{self.id}:{self.colour}" + (f"-{number}" if number > 1 else ""),
            sort=Sort.CROWD,
            of=self.id,
            place=self.place,
            priority=stage.priority,
            needs=needs,
            also=stage.also,
            record=self.parent,
            colour=self.colour,
            follows=before,
            on_formed=self._formed,
            on_broken=self._broken,
            on_resumed=self._stands_again,
            on_change=self._units_changed,
        )
        self.incident = incident
        self.field_command.incidents.append(incident)
        self.scene.open_incident(incident, self.parent)
        self._begin_watch(incident)

    def _colour_changed(self) -> None:
        was, now_level = self.written, LEVEL[self.colour]
        self.written = self.colour
        self.colour_s = self.scene.now_s
        self.scene.write(
            RecordKind.COLOUR_CHANGED, self.id, self.place, self.parent, colour=self.colour, was=was
        )
        if now_level > LEVEL[was]:
            self.field_command.talks.grow_worse()
            self.calm_since_s, before = None, self.incident
            self.open_incident()
            if self.incident is before:
                self._report_change()  # it has flared up again
        else:
            self._report_change()
            for incident in self.field_command.incidents:
                calmer = LEVEL[incident.colour or "green"] > now_level
                if incident.open and calmer and incident.formed and not incident.controlled:
                    self.scene.control(incident)
            self.calm_since_s = self.scene.now_s
        self.on_colour(self.place)
        self.review()

    def _report_change(self) -> None:
        """Let those on the spot report that an incident already known has eased, or flared up again."""
        incident, colour, posko = self.incident, self.colour, self.scene.posko
        if incident is None or not incident.open:
            return
        if self.scene.around.world.scenario.command.picture == "perfect":
            posko.hear_of_change(incident, colour)
        elif self.field_command.units():
            tell = partial(posko.hear_of_change, incident, colour)
            self.scene.field_reports.send(self.place, tell, "command.change_report")

    def _begin_watch(self, incident: Incident) -> None:
        if self.scene.around.world.scenario.command.picture == "perfect":
            self.scene.detect(incident, "perfect")
            self.scene.posko.receive_report(incident, "perfect", self._seen_on_the_spot(incident))
            return
        rounds_s = self.scene.rounds_s(self.place)
        if rounds_s == 0 or (rounds_s is not None and self.looked_in) or self.field_command.units():
            self.scene.detect(incident, "field" if self.field_command.units() else "posts")
            self._report_from_field(incident)
            return
        if rounds_s is not None:
            rng = self.scene.around.streams.of("command.rounds", incident.id)
            self.next_look_s = self.scene.now_s + float(rng.uniform(0.0, rounds_s))
        observers = self.scene.people.watching(self.place, self.scene.phase_id())
        self.watches[incident] = watch(
            observers, self.scene.around.streams.of("community.notice", incident.id)
        )

    def be_seen_by_crew(self) -> None:
        """A crew that waits at the edge tells the posko of what keeps it there."""
        incident = self.incident
        if incident is not None and incident.open and incident.reported_s is None:
            self.scene.detect(incident, "field")
            self._report_from_field(incident)

    def _look_in(self) -> None:
        """Guards who share several stations come by on their round, and stay with what they find."""
        self.next_look_s = inf
        incident = self.incident
        if self.scene.guards_at(self.place) > 0 and incident is not None and incident.open:
            self.looked_in = True
            if incident.reported_s is None:
                self.scene.detect(incident, "posts")
                self._report_from_field(incident)

    def _be_noticed(self, dt_s: float, present: int) -> None:
        for incident, watching in list(self.watches.items()):
            observer = watching.pass_time(dt_s, present)
            if observer is None:
                continue
            self.scene.detect(incident, observer.plan.kind.value)
            rng = self.scene.around.streams.of("community.report", incident.id, observer.entry)
            sighting = self._judged_by(observer, incident, present)
            told = partial(self._told, incident, observer, sighting)
            observer.tell(
                self.scene.around.env,
                rng,
                told,
                self.scene.relay_s(observer.plan, incident.id, observer.entry),
            )
            if self._heard_enough(incident):
                del self.watches[incident]

    def _judged_by(self, observer: Observers, incident: Incident, present: int) -> Sighting:
        """Return what an observer makes of what he sees: perhaps one colour off, perhaps miscounted."""
        assert incident.colour is not None
        plan, rng = (
            observer.plan,
            self.scene.around.streams.of("community.judge", incident.id, observer.entry),
        )
        colour = misjudged(incident.colour, min(1.0, plan.misjudged_share / plan.training), rng)
        return Sighting(colour, miscounted(present, plan.size_error, rng))

    def _seen_on_the_spot(self, incident: Incident) -> Sighting:
        assert incident.colour is not None
        tally = self.crowd.last
        return Sighting(incident.colour, None if tally is None else tally.present, on_the_spot=True)

    def _heard_enough(self, incident: Incident) -> bool:
        """Tell whether further reports would tell nothing new: where nobody errs, the first says it all."""
        if incident.reported_s is None:
            return not incident.open
        observers = self.scene.around.world.scenario.community.observers.values()
        unsure = any(plan.misjudged_share > 0 or plan.size_error > 0 for plan in observers)
        return not incident.open or not unsure or (incident.belief is not None and incident.belief.settled)

    def _report_from_field(self, incident: Incident) -> None:
        """Let those on the spot report what they see there."""
        self.scene.field_reports.send(
            self.place,
            lambda: self.scene.posko.receive_report(incident, "field", self._seen_on_the_spot(incident)),
        )

    def _told(
        self, incident: Incident, observer: Observers | None, sighting: Sighting, by: str | None
    ) -> None:
        if by is None:
            incident.report_lost = True
            self.scene.write(RecordKind.REPORT_LOST, incident.id, self.place, incident.record, by="observers")
            if observer is not None and incident in self.watches:
                rng = self.scene.around.streams.of("community.notice", incident.id)
                self.watches[incident].watch_on(observer, rng)
        else:
            self.scene.posko.receive_report(incident, by, sighting)
            if self._heard_enough(incident):
                self.watches.pop(incident, None)

    # -- formation, control and relief -----------------------------------------------------------------------

    def _formed(self, incident: Incident) -> None:
        self.scene.form(incident)
        self.field_command.formed_s = self.scene.now_s
        before = incident.follows
        if before is not None and before.open:
            if self.scene.around.world.scenario.command.relieved == "second_layer":
                self._form_second_layer(before, incident)
            self.scene.posko.close(before, Outcome.ESCALATED)
        self.scene.posko.look_again()
        if LEVEL[incident.colour or "green"] > LEVEL[self.colour]:
            self.scene.control(incident)
            self.calm_since_s = self.scene.now_s
        self.review()

    def _form_second_layer(self, before: Incident, incident: Incident) -> None:
        """Keep the earlier stage's units behind the graver formation until it is over."""
        for unit, capability in list(before.units.items()):
            if unit.on_the_spot:
                incident.units[unit] = capability
                unit.transfer(incident, capability, incident.record)

    def _broken(self, incident: Incident, unit: Unit, to: str | None) -> None:
        """Those who are left are exposed again, and only talk."""
        self.scene.interrupt(incident, unit, to)

    def _stands_again(self, incident: Incident) -> None:
        self.scene.resume(incident)
        self.field_command.formed_s = self.scene.now_s
        self.review()

    def _units_changed(self, incident: Incident) -> None:
        """Look again when units have come or gone, and tell the posko what those who came see."""
        if incident.open and incident.arrived and incident.reported_s is None:
            self._told(incident, None, self._seen_on_the_spot(incident), "field")
        elif incident.open and incident.arrived and incident.seen_as != incident.colour:
            self._report_from_field(incident)  # they see what others misjudged
        self.next_review_s = self.scene.now_s
        self.scene.posko.look_again()  # the next colour's incident may take over whoever has come

    def _stand_down(self) -> None:
        """Some time after calm has returned, let go whom a calm crowd does not need."""
        patience_s = self.scene.around.world.scenario.command.stand_down
        if (
            self.calm_since_s is None
            or self.colour != "green"
            or self.scene.now_s - self.calm_since_s < patience_s
        ):
            return
        self.calm_since_s = None
        for incident in self.field_command.incidents:
            if incident.open and incident.colour != "green":
                self.scene.posko.close(incident, Outcome.CONTROLLED if incident.formed else Outcome.UNAIDED)

    # -- what it cost ----------------------------------------------------------------------------------------

    def _write_harm(self, tally: Tally, dt_s: float) -> None:
        for (cause, severity), people in sorted(tally.harm.items()):
            self._harm(cause, severity, people)
        arrests = tally.arrested - self.arrested
        if arrests > 0:
            self.scene.write(RecordKind.ARRESTED, self.id, self.place, self.parent, people=arrests)
            self.arrested = tally.arrested
        if tally.max_density_pm2 >= max(CRUSH_PM2, self.densest_pm2 + CRUSH_STEP_PM2):
            self.densest_pm2 = tally.max_density_pm2
            self.scene.write(
                RecordKind.CRUSH_WARNING,
                self.id,
                self.place,
                self.parent,
                density_pm2=round(tally.max_density_pm2, 2),
                enclosed=self.field_command.enclosed,
            )
        self._count_force(tally, dt_s, arrests)

    def _harm(self, cause: Cause, severity: Severity, people: int) -> None:
        group = "officer" if cause in OFFICER_CAUSES else "public"
        self.scene.harm(Harm(self.id, self.place, cause.value, group, severity.value, people), self.parent)

    def _count_force(self, tally: Tally, dt_s: float, arrests: int) -> None:
        """Count the time in which means were used; arrest teams that stand by use none."""
        posture = self.field_command.posture
        for means in ("push", "water", "irritant", "arrest"):
            if getattr(posture, means) and (means != "arrest" or arrests > 0):
                self.used_s[means] += dt_s
                self.astray_s[means] += dt_s * tally.indiscriminate
        spent: dict[Stock, float] = {"irritant": tally.irritant_used, "water": tally.water_used}
        for name, used in spent.items():
            if used > 0:
                self.field_command.use_stock(name, used)
                if self.field_command.stock_left(name) <= 0:
                    self.review()

    def _flush_force(self) -> None:
        for means, seconds in sorted(self.used_s.items()):
            self.scene.write(
                RecordKind.FORCE_USED,
                self.id,
                self.place,
                self.parent,
                means=means,
                seconds=seconds,
                indiscriminate=round(self.astray_s[means] / seconds, 4),
            )
        self.used_s.clear()
        self.astray_s.clear()

    def _carry_feelings_home(self, tally: Tally) -> None:
        """Move the village's legitimacy towards what its people felt here, by their share of its voters."""
        if tally.joined == 0:
            return
        legitimacy = self.scene.people.legitimacy
        at_home = legitimacy.of_place(self.place)
        felt = np.array([each.legitimacy for each in tally.traits])
        share = min(
            1.0, tally.joined / max(int(self.scene.around.world.places.voters[self.place]), tally.joined)
        )
        moved = at_home + share * (felt - at_home)
        for camp, row in legitimacy.rows.items():
            change = float(moved[row] - at_home[row])
            if abs(change) > 1e-6:
                self.scene.write(
                    RecordKind.LEGITIMACY_CUT, camp, self.place, self.parent, by=-change, reach="place"
                )
        legitimacy.set_at(self.place, moved)
