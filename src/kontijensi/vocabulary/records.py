"""The log of a run: what kinds of record there are, and what each carries.

A record is a line of the log. Its `parent` is the record that caused it. `values` holds what the table below
names for its kind; times are seconds from the scenario's start.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, NamedTuple


class RecordKind(StrEnum):
    """Everything that is written down. The comment beside or above names the entity, and the values."""

    RUN_BEGAN = "run_began"  # scenario: seed, replication
    RUN_ENDED = "run_ended"  # scenario: outcome (None at the horizon)
    PHASE_BEGAN = "phase_began"  # phase
    PHASE_ENDED = "phase_ended"  # phase
    # channel: mean, highest, at (village); once a day and at phase bounds
    TENSION_SAMPLED = "tension_sampled"
    # camp: mean, lowest, at (village); once a day and at phase bounds
    LEGITIMACY_SAMPLED = "legitimacy_sampled"
    PROGRAMME_HELD = "programme_held"  # programme, place: person_hours
    RUMOUR_STARTED = "rumour_started"  # rumour, place: people (who begin to tell it)
    # rumour: heard (share of all people), telling (people), villages (where anybody heard it); hourly
    RUMOUR_SAMPLED = "rumour_sampled"
    RUMOUR_CLARIFIED = "rumour_clarified"  # rumour, place: faster, reach, until_s
    RUMOUR_ENDED = "rumour_ended"  # rumour: heard  (nobody tells it any more)
    COMPLAINT_FILED = "complaint_filed"  # complaint, place: intake
    COMPLAINT_TAKEN_UP = "complaint_taken_up"  # complaint, place: intake
    COMPLAINT_LATE = "complaint_late"  # complaint, place: intake  (the deadline has passed)
    # complaint, place: intake, outcome (in_time, late, refused, turned_away)
    COMPLAINT_SETTLED = "complaint_settled"
    # trigger, place: by (inject) where the trainer called it
    TRIGGER_FIRED = "trigger_fired"
    TENSION_RAISED = "tension_raised"  # channel, place: by, reach
    LEGITIMACY_CUT = "legitimacy_cut"  # camp, place: by, reach
    CROWD_GATHERED = "crowd_gathered"  # crowd, place: expected (people), camps
    # crowd, place: people, wave (first, second, march), turned_away (people who found no room and went home)
    CROWD_JOINED = "crowd_joined"
    CROWD_MARCHED = "crowd_marched"  # crowd, place: to, people, arrives_s
    # crowd, place (junction): to, people, arrives_s (None while no way is open)
    MARCH_REROUTED = "march_rerouted"
    # crowd, place: present, quiet, active, violent, left, arrested, density_pm2,
    #   legitimacy and identity [by camp]
    CROWD_SAMPLED = "crowd_sampled"
    CROWD_ENDED = "crowd_ended"  # crowd, place: joined, left, arrested, injured, departed, turned_away
    COLOUR_CHANGED = "colour_changed"  # crowd, place: colour, was  (what is true)
    ROAD_CLOSED = "road_closed"  # road (a|b), place: until_s
    ROAD_OPENED = "road_opened"  # road (a|b)
    # crowd, place: present, factor (on the time over roads that touch the place), blocks (traffic past it)
    ROADS_CROWDED = "roads_crowded"
    ROADS_CLEARED = "roads_cleared"  # crowd, place
    CHANNEL_LOST = "channel_lost"  # observers, place: until_s
    CHANNEL_RESTORED = "channel_restored"  # observers, place
    # incident, place: sort (crowd, call, false, casualties, fire), of (crowd, call stream or fire), colour
    #   (None for what has none), priority, needs {capability: units}, follows (incident it grew out of)
    INCIDENT_OPENED = "incident_opened"
    INCIDENT_DETECTED = (
        "incident_detected"  # incident, place: by (kind of observer, posts, field, caller, perfect)
    )
    REPORT_LOST = "report_lost"  # incident, place: by
    # incident, place: by; of a crowd also colour and people as they were judged (None when not counted)
    INCIDENT_REPORTED = "incident_reported"
    # incident, place: colour, was, people, by  (what command believes; COLOUR_CHANGED has what is true)
    BELIEF_CHANGED = "belief_changed"
    DESK_BEGAN = "desk_began"  # incident, place   (an operator takes it up: queueing ends)
    INCIDENT_HANDLED = "incident_handled"  # incident, place
    APPROVAL_ASKED = "approval_asked"  # incident, place: authority
    INCIDENT_APPROVED = "incident_approved"  # incident, place: authority (None where nobody had to agree)
    UNIT_ORDERED = "unit_ordered"  # unit, place: incident, capability, from (place)
    # unit, place (where from): incident (None when going home), to, travel_s, path
    UNIT_DEPARTED = "unit_departed"
    UNIT_REROUTED = "unit_rerouted"  # unit, place (next junction): to, travel_s, path
    UNIT_ARRIVED = "unit_arrived"  # unit, place: incident (None at home)
    NEEDS_CHANGED = "needs_changed"  # incident, place: needs {capability: units}, priority
    INCIDENT_FORMED = "incident_formed"  # incident, place: units [ids]
    # crowd, place: camp, outcome (accepted, refused, broken_off), odds, audience (an official could answer),
    #   units [ids]; at the end of each round, where talks are held in rounds
    TALKS_HELD = "talks_held"
    # incident, place: posture (withdraw, presence, dialogue, line, push, water, irritant, arrest),
    #   dialogue (0..1), officers, line, push, water, irritant, arrest, units [ids]
    POSTURE_SET = "posture_set"
    # incident, place: by (the graver incident, or None when a unit was lost), unit, left_s (time on the spot
    #   still to come; None where there is no set time)
    INCIDENT_INTERRUPTED = "incident_interrupted"
    INCIDENT_RESUMED = "incident_resumed"  # incident, place: left_s, units [ids]
    INCIDENT_CONTROLLED = "incident_controlled"  # incident, place
    # incident, place: outcome (controlled, unaided, escalated, served, lost, abandoned, false);
    #   an incident that is open at the end is never closed
    INCIDENT_CLOSED = "incident_closed"
    # incident, place: why (command.unanswered.Hindrance), missing (capability or None), reached (whether any
    #   unit came); for each incident that is over, or open at the end, without its formation
    INCIDENT_UNANSWERED = "incident_unanswered"
    RELIEF_ASKED = "relief_asked"  # unit, place: incident, why (tired, shift)
    UNIT_RELEASED = "unit_released"  # unit, place: incident
    UNIT_READY = "unit_ready"  # unit, place   (available from now on)
    UNIT_RESTING = "unit_resting"  # unit, place: until_s
    UNIT_RESUPPLYING = "unit_resupplying"  # unit, place: until_s
    UNIT_ON_SHIFT = "unit_on_shift"  # unit, place
    UNIT_OFF_SHIFT = "unit_off_shift"  # unit, place
    UNIT_LOST = "unit_lost"  # unit, place: until_s; why (breakdown) where the unit itself gave out
    UNIT_RESTORED = "unit_restored"  # unit, place
    STOCK_USED = "stock_used"  # unit, place: stock, amount, left
    STOCK_EMPTY = "stock_empty"  # unit, place: stock
    SUPPLY_SENT = "supply_sent"  # unit, place: arrives_s   (a supply run to where it stands)
    STOCK_FILLED = "stock_filled"  # unit, place
    AID_ASKED = "aid_asked"  # aid entry, place: incident
    AID_AGREED = "aid_agreed"  # aid entry, place: arrives_s
    AID_REFUSED = "aid_refused"  # aid entry, place: why
    AID_ARRIVED = "aid_arrived"  # aid entry, place: units [ids]
    # crowd, place: means (push, water, irritant, arrest), seconds, indiscriminate (0..1)
    FORCE_USED = "force_used"
    HARM = "harm"  # crowd, place: cause, group (public, officer), severity (minor, moderate, severe), people
    # casualty, place: of (crowd, trigger, fire or stream of calls), cause, group, severity
    CASUALTY_HURT = "casualty_hurt"
    CASUALTY_REPORTED = "casualty_reported"  # casualty, place
    # casualty, place: unit, incident; when that unit was ordered_s, at the edge_s, and went in_s
    CASUALTY_REACHED = "casualty_reached"
    CASUALTY_LEFT = "casualty_left"  # casualty, place: unit (out of action, or called away); he waits again
    CASUALTY_TREATED = "casualty_treated"  # casualty, place: unit  (the end of it: nothing more is needed)
    CASUALTY_LOADED = "casualty_loaded"  # casualty, place: unit
    # casualty, place: unit, why (full, none), to (hospital that holds him at its door, None: out of the area)
    CASUALTY_TURNED_AWAY = "casualty_turned_away"
    CASUALTY_BROUGHT = "casualty_brought"  # casualty, hospital: unit
    CASUALTY_ADMITTED = "casualty_admitted"  # casualty, hospital: unit
    CASUALTY_DISCHARGED = "casualty_discharged"  # casualty, hospital
    APPROACH_HELD = "approach_held"  # unit, place: incident  (it waits at the edge until the place is safe)
    APPROACH_CLEARED = "approach_cleared"  # unit, place: incident, held_s
    FIRE_STARTED = "fire_started"  # fire, place: of (trigger or crowd), burns
    FIRE_GREW = "fire_grew"  # fire, place: stage (2, 3 ...)
    FIRE_FOUGHT = "fire_fought"  # fire, place: units (number that put water on it now), water (litres so far)
    FIRE_ENDED = "fire_ended"  # fire, place: how (put_out, burnt_out), stage, burnt_s, water (litres)
    MATERIALS_LOST = "materials_lost"  # fire, place: voters
    ARRESTED = "arrested"  # crowd, place: people
    CRUSH_WARNING = "crush_warning"  # crowd, place: density_pm2, enclosed
    VOTING_STOPPED = "voting_stopped"  # phase, place: voters
    VOTING_RESUMED = "voting_resumed"  # phase, place: stopped_s


class Record(NamedTuple):
    """A line of the log."""

    id: int
    parent: int | None
    time_s: float
    kind: RecordKind
    entity: str
    place: str | None
    values: dict[str, Any]
