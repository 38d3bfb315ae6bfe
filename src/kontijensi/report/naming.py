"""What things are called in a report: names from the scenario made inert, and words for every kind."""

from __future__ import annotations

import re

from kontijensi.vocabulary.words import N_, _
from kontijensi.world.world import World

LONGEST_NAME = 80
"""A name is cut to this many characters."""

# Escape sequences go as a whole, so that no "[31m" is left behind.
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_]?)")


def inert(text: object, limit: int | None = LONGEST_NAME) -> str:
    """Return text on one line without anything that steers a screen, hides or turns the reading order."""
    whole = _ESCAPES.sub("", str(text))
    kept = "".join(c if c.isprintable() else " " if c.isspace() else "" for c in whole)
    kept = re.sub(r" {2,}", " ", kept).strip()
    if limit is None or len(kept) <= limit:
        return kept
    cut = kept[: limit - 1]
    # At a word where one ends near by, so that nothing reads as another word than it is.
    at = cut.rfind(" ") if kept[limit - 1] != " " else len(cut)
    return (cut[:at] if at >= limit // 2 else cut).rstrip(" ,;:(") + "…"


def place_name(world: World, place: str | None) -> str:
    """Return what people call a place."""
    if place is None:
        return _("somewhere")
    row = world.places.index.get(place)
    entry = None if row is None else world.places.entries[row]
    return inert(place if entry is None or entry.name is None else entry.name)


def unit_name(world: World, unit: str) -> str:
    """Return what people call a unit: its group's name, numbered where the group has several."""
    spec = next((spec for spec in world.fleet if spec.id == unit), None)
    if spec is None:
        return inert(unit)
    file = world.scenario
    entry = file.mutual_aid.get(spec.group) if spec.aid else file.units.get(spec.group)
    if entry is not None and entry.name:
        name = inert(entry.name)
    else:
        name = f"{named(spec.type, spec.type_id)} · {place_name(world, world.places.ids[spec.base])}"
    if sum(other.group == spec.group for other in world.fleet) == 1:
        return name
    number = unit.removeprefix(spec.group).lstrip("-") or "1"
    return f"{name} {number}"


def named(entry: object, entry_id: str) -> str:
    """Return the name a section of the scenario gives itself, else its id."""
    name = getattr(entry, "name", None)
    return inert(name or entry_id)


def word(kind: object) -> str:
    """Return a kind, a colour, a cause or a step as people say it; what is not listed stays as it is."""
    key = str(kind)
    return _(WORDS[key]) if key in WORDS else inert(key.replace("_", " "))


WORDS: dict[str, str] = {
    # situation colours
    "green": N_("green"),
    "yellow": N_("yellow"),
    "red": N_("red"),
    # steps of the response chain
    "detection": N_("detection"),
    "relay": N_("report"),
    "queueing": N_("queue at the desk"),
    "handling": N_("handling at the desk"),
    "desk": N_("desk"),
    "approval": N_("approval"),
    "waiting": N_("waiting for a unit"),
    "turnout": N_("turn-out"),
    "travel": N_("travel"),
    "assembly": N_("formation"),
    "control": N_("control"),
    # why cover falls short
    "none_free": N_("none free"),
    "too_far": N_("too far"),
    "formation_short": N_("too few in reach"),
    "road_closed": N_("road closed"),
    "off_shift_or_resting": N_("off shift or resting"),
    "stock_empty": N_("stock empty"),
    "approval_missing": N_("help not yet approved"),
    # why an incident was never answered
    "not_noticed": N_("nobody noticed"),
    "report_lost": N_("report lost"),
    "not_reported": N_("report still on its way"),
    "at_the_desk": N_("still at the desk"),
    "approval_pending": N_("approval not yet given"),
    "no_such_unit": N_("no unit can do it"),
    "help_not_here": N_("help had not come"),
    "unit_off_shift": N_("nobody on shift"),
    "out_of_action": N_("units out of action"),
    "no_road": N_("no open road"),
    "held_back": N_("held back as reserve"),
    "misjudged": N_("taken for something else"),
    "under_way": N_("units still on the way"),
    # how incidents end
    "controlled": N_("brought under control"),
    "unaided": N_("settled by itself"),
    "escalated": N_("escalated"),
    "served": N_("served"),
    "lost": N_("lost"),
    "abandoned": N_("given up"),
    "false": N_("false report"),
    "open": N_("still open"),
    "crowd": N_("crowd"),
    "call": N_("ordinary call"),
    # what units do
    "ready": N_("ready"),
    "travelling": N_("on the way"),
    "on_scene": N_("on the spot"),
    "returning": N_("on the way back"),
    "resting": N_("resting"),
    "resupplying": N_("refilling"),
    "absent": N_("not there"),
    "off_shift": N_("off shift"),
    # means and causes
    "presence": N_("presence"),
    "dialogue": N_("dialogue"),
    "mediation": N_("mediation"),
    "audience": N_("hearing with delegates"),
    "withdraw": N_("lower profile"),
    "accepted": N_("accepted"),
    "refused": N_("refused"),
    "broken_off": N_("broken off"),
    "line": N_("line"),
    "push": N_("push"),
    "water": N_("water"),
    "irritant": N_("irritant"),
    "arrest": N_("arrest"),
    "accident": N_("accident"),
    "collapse": N_("collapse"),
    "burn": N_("burns"),
    # what becomes of the hurt, and the steps until then
    "casualties": N_("casualties"),
    "treated": N_("treated on the spot"),
    "admitted": N_("admitted to hospital"),
    "on_the_way": N_("being carried"),
    "turned_away": N_("turned away"),
    "reporting": N_("report"),
    "dispatching": N_("desk and waiting for a unit"),
    "approach": N_("turn-out and travel"),
    "safety": N_("waiting for safety"),
    "turn": N_("after those worse off"),
    "care": N_("care on the spot"),
    "carrying": N_("carrying"),
    "handover": N_("hand-over"),
    # fires
    "tyres": N_("tyres"),
    "vehicle": N_("vehicle"),
    "building": N_("building"),
    "ballots": N_("ballots"),
    "put_out": N_("put out"),
    "burnt_out": N_("burnt out"),
    "burning": N_("still burning"),
    "contain": N_("containment"),
    "medical": N_("medical"),
    "fire": N_("fire"),
    "patrol": N_("patrol"),
    "traffic": N_("traffic"),
    "crowd_violence_public": N_("violence in the crowd"),
    "crowd_violence_officer": N_("violence against officers"),
    "crush": N_("crush"),
    "force_water": N_("force: water"),
    "force_irritant": N_("force: irritant"),
    "force_baton": N_("force: pushing line"),
    "public": N_("public"),
    "officer": N_("officers"),
    "minor": N_("minor"),
    "moderate": N_("moderate"),
    "severe": N_("severe"),
    # phases
    "registration": N_("registration"),
    "campaign": N_("campaign"),
    "quiet": N_("quiet period"),
    "voting": N_("voting"),
    "counting": N_("counting"),
    "tabulation": N_("tabulation"),
    "other": N_("other"),
    # kinds of tension
    "rivalry": N_("rivalry of camps"),
    "identity": N_("identity issues (SARA)"),
    "money_politics": N_("money politics"),
    "hoax": N_("hoax"),
    "neutrality": N_("neutrality of officials"),
    # evidence
    "measured": N_("measured"),
    "literature": N_("literature"),
    "expert": N_("expert"),
    "assumed": N_("assumed"),
    # kinds of place
    "tps": N_("polling station"),
    "kpu": N_("election commission"),
    "ppk": N_("district election committee"),
    "pps": N_("village election committee"),
    "bawaslu": N_("election supervisors"),
    "village_office": N_("village office"),
    "district_office": N_("district office"),
    "regency_office": N_("regency office"),
    "ballot_store": N_("ballot store"),
    "square": N_("square"),
    "polres": N_("regency police"),
    "polsek": N_("sector police"),
    "brimob_base": N_("Brimob base"),
    "kodim": N_("military district command"),
    "koramil": N_("military sector command"),
    "posko": N_("command post"),
    "hospital": N_("hospital or health centre"),
    "fire_station": N_("fire station"),
    "base": N_("base"),
}
