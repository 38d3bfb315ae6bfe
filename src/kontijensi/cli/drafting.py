"""`kontijensi new --tps`: a scenario drafted from a planner's lists, after a preview."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click

from kontijensi.authoring.drafts import Lists, drafted, places_table
from kontijensi.authoring.patterns import PATTERNS, demand
from kontijensi.authoring.personnel import Personnel, read_personnel
from kontijensi.authoring.sheets import open_sheet
from kontijensi.authoring.stations import ASSUMED, Stations, read_centres, read_stations
from kontijensi.cli import streams
from kontijensi.cli.asked import Asked
from kontijensi.cli.exits import Exit, Refusal
from kontijensi.cli.new import Order, for_editors, told, wanted_file, write_new
from kontijensi.cli.problems import invalid, lines
from kontijensi.scenario.problems import Problem, ScenarioError, Severity, did_you_mean
from kontijensi.scenario.schema.area import Place
from kontijensi.vocabulary.words import _, ngettext, number, shown, visible

STATION_SHEETS = ("tps", "lokasi")
PERSONNEL_SHEETS = ("personel", "personil", "kekuatan", "roll")
SHOWN_ROWS = 5


def draft_from_lists(order: Order, day: date, _asked: Asked) -> Exit:
    """Read the lists, show what they hold, and write the scenario with its table of places."""
    assert order.tps is not None
    pattern = _pattern(order.pattern)
    stations, personnel = _read(order)
    problems = (*stations.problems, *(personnel.problems if personnel is not None else ()))
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    if errors:
        raise invalid(order.tps, problems)
    lists = Lists(stations.places, {} if personnel is None else personnel.roll(), pattern, order.tps.name)
    answer = _answer(lists, stations)
    if not order.as_json:
        _show(lists, stations, personnel, problems, order.tps)
    if order.preview:
        if order.as_json:
            streams.answer({"ok": True, "exit_code": 0, "written": [], **answer})
        else:
            click.echo(_("Nothing was written: this is a preview."))
        return Exit.DONE
    file = wanted_file(order)
    folder = file.with_suffix("")
    title = order.title or file.stem
    text = drafted(lists, title=title, places_file=f"{folder.name}/tps.csv", day=day)
    files = {file: text.encode(), folder / "tps.csv": places_table(stations.places), **for_editors(file)}
    write_new(files)
    return told(order, list(files), answer)


def _pattern(wanted: str) -> str:
    if wanted in PATTERNS:
        return wanted
    guess = did_you_mean(wanted, PATTERNS)
    hint = _("choose from {choices}").format(choices=", ".join(PATTERNS))
    if guess is not None:
        hint = _("did you mean {guess}?").format(guess=shown(guess))
    message = _("--pattern {value}: no such guard pattern; {hint}")
    raise Refusal(Exit.USAGE, message.format(value=shown(wanted), hint=hint))


def _read(order: Order) -> tuple[Stations, Personnel | None]:
    """Read the lists; raises Refusal when a file cannot be read at all."""
    assert order.tps is not None
    at = order.tps
    try:
        centres = None
        if order.centres is not None:
            at = order.centres
            centres = read_centres(open_sheet(at))
        at = order.tps
        stations = read_stations(
            open_sheet(at, order.sheet, STATION_SHEETS), centres=centres, swapped=order.swapped
        )
        if order.personnel is None:
            return stations, None
        at = order.personnel
        return stations, read_personnel(open_sheet(at, None, PERSONNEL_SHEETS))
    except ScenarioError as error:
        raise invalid(at, error.problems) from None


def _answer(lists: Lists, stations: Stations) -> dict[str, Any]:
    zones = Counter(place["zone"] for place in stations.places.values())
    asked_for = demand(_placed(stations), PATTERNS[lists.pattern], lists.roll)
    return {
        "stations": len(stations.places),
        "voters": sum(place.get("voters", 0) for place in stations.places.values()),
        "by_zone": dict(zones),
        "assumed": dict(stations.assumed),
        "totals_passed_over": stations.totals,
        "roll": {agency.value: people for agency, people in lists.roll.items()},
        "pattern": lists.pattern,
        "demand": {
            each.agency.value: {"asked": each.asked, "roll": each.roll, "short": each.short}
            for each in asked_for
        },
    }


def _placed(stations: Stations) -> list[Place]:
    return [Place.model_validate(place) for place in stations.places.values()]


def _show(
    lists: Lists,
    stations: Stations,
    personnel: Personnel | None,
    problems: Sequence[Problem],
    file: Path,
) -> None:
    for problem in problems:
        click.echo(lines(file)(problem), err=True)
    places = stations.places
    click.echo(
        _("{stations}, {districts}, {villages}, {voters} voters").format(
            stations=_counted(len(places), "station"),
            districts=_counted(_different(places, "district"), "district"),
            villages=_counted(_different(places, "village"), "village"),
            voters=number(sum(place.get("voters", 0) for place in places.values())),
        )
    )
    for place_id, place in list(places.items())[:SHOWN_ROWS]:
        where = f"{place.get('lat')}, {place.get('lon')}"
        click.echo(f"  {place_id}: {visible(str(place['name']))} | {where} | {place['zone']}")
    if len(places) > SHOWN_ROWS:
        click.echo(_("  and {n} more").format(n=number(len(places) - SHOWN_ROWS)))
    for reason, text in ASSUMED.items():
        if stations.assumed.get(reason):
            click.echo(_("Assumed: {n} {what}").format(n=number(stations.assumed[reason]), what=_(text)))
    if stations.headings is not None and stations.headings.unused:
        unused = ", ".join(visible(title, 30) for title in stations.headings.unused)
        click.echo(_("Columns not used: {titles}").format(titles=unused))
    if personnel is not None:
        click.echo(
            _("On the roll: {people}").format(
                people=", ".join(f"{agency.value} {number(n)}" for agency, n in personnel.roll().items())
            )
        )
    _show_demand(lists, stations)


def _show_demand(lists: Lists, stations: Stations) -> None:
    pattern = PATTERNS[lists.pattern]
    click.echo(_("Guard pattern {title} asks for:").format(title=_(pattern.title)))
    for each in demand(_placed(stations), pattern, lists.roll):
        line = f"  {each.agency.value}: {number(each.asked)}"
        if each.roll is not None:
            line += " " + _("of {roll} on the roll").format(roll=number(each.roll))
        if each.short:
            line += " " + _("({n} too few: choose another pattern, or post fewer)").format(
                n=number(each.short)
            )
        click.echo(line)


def _different(places: Mapping[str, Mapping[str, Any]], key: str) -> int:
    return len({place[key] for place in places.values() if key in place})


def _counted(n: int, what: str) -> str:
    words = {
        "station": ngettext("{n} station", "{n} stations", n),
        "district": ngettext("{n} district", "{n} districts", n),
        "village": ngettext("{n} village", "{n} villages", n),
    }
    return words[what].format(n=number(n))
