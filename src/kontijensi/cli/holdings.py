"""What a scenario holds, counted: for `check` and `run --dry-run`, without compiling anything."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from kontijensi.scenario.schema.scenario import ScenarioFile
from kontijensi.vocabulary.words import _, date_time, duration, ngettext, number, visible


def holdings(file: ScenarioFile) -> dict[str, Any]:
    """Return what a scenario holds as plain values."""
    places, roads = file.area.places.values(), file.area.roads.from_file
    own = [(group.count, file.unit_types[group.type].personnel) for group in file.units.values()]
    aid = [(help_.count, file.unit_types[help_.type].personnel) for help_ in file.mutual_aid.values()]
    return {
        "name": file.name,
        "start": file.start.isoformat(sep=" "),
        "end": _end(file).isoformat(sep=" "),
        "zone": str(file.area.zone),
        "horizon_s": file.horizon,
        "places": {
            "n": len(places),
            "by_kind": dict(sorted(Counter(str(place.kind) for place in places).items())),
            "tps": sum(place.stations for place in places),
            "voters": sum(place.voters for place in places),
        },
        "roads": {
            "edges": len(file.area.roads.edges),
            "from_file": 0 if roads is None else len(roads.stretches),
            "synthetic": file.area.roads.synthetic is not None,
        },
        "phases": [
            {"id": phase_id, "kind": str(phase.kind), "start": str(phase.start), "end": str(phase.end)}
            for phase_id, phase in file.phases.items()
        ],
        "units": {"n": sum(n for n, _p in own), "personnel": sum(n * p for n, p in own), "entries": len(own)},
        "mutual_aid": {
            "n": sum(n for n, _p in aid),
            "personnel": sum(n * p for n, p in aid),
            "entries": len(aid),
        },
        "posts": len(file.posts),
        "triggers": len(file.triggers),
        "calls": len(file.calls),
        "standards": len(file.standards),
        "response_targets": len(file.response_targets),
        "camps": len(file.community.camps),
        "observers": len(file.community.observers),
        "programmes": len(file.community.programmes),
        "rumours": len(file.community.rumours),
        "intakes": len(file.community.intakes),
    }


_COMMUNITY = ("camps", "observers", "programmes", "rumours", "intakes")


def rows(file: ScenarioFile) -> list[tuple[str, str]]:
    """Return what a scenario holds as label and text, a row a line."""
    held = holdings(file)
    places, units, aid = held["places"], held["units"], held["mutual_aid"]
    return [
        (_("time"), _span(file)),
        (
            _("places"),
            _("{n}; polling stations {tps}, voters {voters}").format(
                n=number(places["n"]), tps=number(places["tps"]), voters=number(places["voters"])
            ),
        ),
        (_("roads"), _roads(held["roads"])),
        (_("phases"), ", ".join(visible(each.name or key, 40) for key, each in file.phases.items()) or "0"),
        (
            _("units"),
            _("{n} ({people} people); on request {aid} ({aid_people} people)").format(
                n=number(units["n"]),
                people=number(units["personnel"]),
                aid=number(aid["n"]),
                aid_people=number(aid["personnel"]),
            ),
        ),
        (
            _("community"),
            _(
                "synthetic camps {camps}, kinds of observers {observers}, programmes {programmes}, "
                "rumours {rumours}, intakes of complaints {intakes}"
            ).format(**{key: held[key] for key in _COMMUNITY}),
        ),
        (
            _("events"),
            _("triggers {triggers}, streams of ordinary calls {calls}").format(
                triggers=held["triggers"], calls=held["calls"]
            ),
        ),
        (
            _("promises"),
            _("standards of cover {standards}, response targets {targets}").format(
                standards=held["standards"], targets=held["response_targets"]
            ),
        ),
    ]


def written(table: list[tuple[str, str]]) -> str:
    """Return rows as text with the labels in a column."""
    width = max(len(label) for label, _text in table) + 2
    return "\n".join(f"  {label:<{width}}{text}" for label, text in table)


def _span(file: ScenarioFile) -> str:
    start, end = (date_time(moment, str(file.area.zone)) for moment in (file.start, _end(file)))
    return f"{start} – {end} ({duration(file.horizon)})"


def _end(file: ScenarioFile) -> datetime:
    return file.start + timedelta(seconds=file.horizon)


def _roads(roads: dict[str, Any]) -> str:
    n = roads["edges"] + roads["from_file"]
    given = ngettext("{n} stretch given", "{n} stretches given", n).format(n=number(n))
    if not roads["synthetic"]:
        return given
    invented = _("invented between neighbouring places (assumed)")
    return (
        _("{given}; others {invented}").format(given=given, invented=invented) if roads["edges"] else invented
    )
