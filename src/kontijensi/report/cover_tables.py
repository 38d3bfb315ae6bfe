"""Tables of cover: each standard, the shortfalls that weigh most, and the places hit hardest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kontijensi.analysis.cover_parts import NONE, CoverBy, cover_parts
from kontijensi.analysis.coverage import Coverage, Reason, Shortfall
from kontijensi.report.dossier import Dossier
from kontijensi.report.figures.cover import short_places, worst_hour
from kontijensi.report.moments import NEVER, count, lasting, listed, minutes, share, span
from kontijensi.report.naming import inert, named, place_name, word
from kontijensi.report.table import Column, Table, numbers_of, table, words_of
from kontijensi.vocabulary.words import _


def standard_text(dossier: Dossier, standard_id: str) -> str:
    """Say what a standard promises."""
    standard = dossier.world.scenario.standards[standard_id]
    return _("{units} × {capability} within {within}").format(
        units=count(standard.units), capability=word(standard.capability), within=lasting(standard.within)
    )


def main_reason(cover: Coverage) -> Reason | None:
    """Return what cost a standard most cover; None when nothing was lost."""
    lost = cover.lost()
    worst = max(lost, key=lambda reason: lost[reason])
    return worst if lost[worst] > 1e-9 else None


def standard_table(dossier: Dossier) -> Table:
    """Compare cover under each standard with what stands without demand."""
    columns = (
        *words_of(_("standard"), _("promise")),
        *numbers_of(_("places")),
        Column(_("cover"), numeric=True, term="cover"),
        Column(_("standing cover"), numeric=True, term="standing"),
        *numbers_of(_("lowest hour")),
        *words_of(_("when"), _("main reason")),
    )
    rows = []
    for standard_id, cover in dossier.coverage.items():
        hour, reason = worst_hour(cover, dossier), main_reason(cover)
        short = hour is not None and hour[2] < 1
        rows.append(
            [
                named(dossier.world.scenario.standards[standard_id], standard_id),
                standard_text(dossier, standard_id),
                count(len(cover.places)),
                share(cover.average(), 1),
                share(dossier.static[standard_id].average(), 1),
                share(hour[2]) if hour is not None else NEVER,
                span(dossier.world.calendar, hour[0], hour[1]) if hour is not None and short else NEVER,
                word(reason) if reason else NEVER,
            ]
        )
    return table(_("Cover under each standard"), columns, rows)


def part_table(dossier: Dossier, by: CoverBy) -> Table:
    """Break cover down by phase, district or zone, the worst of each standard first."""
    names: dict[CoverBy, tuple[str, str, Callable[[str], str]]] = {
        CoverBy.PHASE: (
            _("Cover by phase"),
            _("phase"),
            lambda key: named(next((p.phase for p in dossier.world.phases if p.id == key), None), key),
        ),
        CoverBy.DISTRICT: (_("Cover by district"), _("district"), district_name),
        CoverBy.ZONE: (_("Cover by zone"), _("zone"), lambda key: zone_name(dossier, key)),
    }
    caption, heading, name_of = names[by]
    columns = (
        *words_of(_("standard"), heading),
        *numbers_of(_("places")),
        Column(_("cover"), numeric=True, term="cover"),
        Column(_("standing cover"), numeric=True, term="standing"),
        *numbers_of(_("place-minutes short"), _("at rest"), _("voter-hours short")),
    )
    rows = []
    for standard_id, cover in dossier.coverage.items():
        parts = cover_parts(cover, dossier.static[standard_id], dossier.world, by)
        held = [(name, part) for name, part in parts.items() if part.held_s > 0]
        if by is not CoverBy.PHASE:
            held.sort(key=lambda item: (2.0 if item[1].share is None else item[1].share, item[0]))
        rows += [
            [
                named(dossier.world.scenario.standards[standard_id], standard_id),
                _("none") if name == NONE else name_of(name),
                count(part.n_places),
                share(part.share, 1),
                share(part.static, 1),
                minutes(part.short_s, 0),
                minutes(part.static_short_s, 0),
                count(part.voter_s / 3600),
            ]
            for name, part in held
        ]
    return table(caption, columns, rows, most=200)


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch in which one place missed one standard for one reason, small breaks bridged."""

    standard: str
    places: tuple[str, ...]
    reason: Reason
    start_s: float
    end_s: float
    short_s: float

    @property
    def place_s(self) -> float:
        """Time not covered, summed over the places [s]."""
        return self.short_s * len(self.places)


BRIDGE_S = 900.0
"""Two gaps of one place for one reason less than this apart are told as one."""


def gaps(dossier: Dossier) -> list[Gap]:
    """Return the gaps in cover, those that weigh most first; places that share one stand together."""
    found: list[Gap] = []
    for standard_id, cover in dossier.coverage.items():
        by_place: dict[tuple[str, Reason], list[Shortfall]] = {}
        for short in cover.shortfalls:
            for place in short.places:
                by_place.setdefault((place, short.reason), []).append(short)
        alike: dict[tuple[Reason, float, float, float], list[str]] = {}
        for (place, reason), spans in by_place.items():
            for start_s, end_s, short_s in _bridged(spans):
                alike.setdefault((reason, start_s, end_s, round(short_s, 3)), []).append(place)
        found += [
            Gap(standard_id, tuple(places), reason, start_s, end_s, short_s)
            for (reason, start_s, end_s, short_s), places in alike.items()
        ]
    return sorted(found, key=lambda gap: (-gap.place_s, gap.start_s, gap.standard, gap.places))


def _bridged(spans: list[Shortfall]) -> list[tuple[float, float, float]]:
    merged: list[tuple[float, float, float]] = []
    for short in sorted(spans, key=lambda s: s.start_s):
        length_s = short.end_s - short.start_s
        if merged and short.start_s - merged[-1][1] <= BRIDGE_S:
            start_s, _end_s, so_far_s = merged[-1]
            merged[-1] = (start_s, short.end_s, so_far_s + length_s)
        else:
            merged.append((short.start_s, short.end_s, length_s))
    return merged


def gap_table(dossier: Dossier, found: list[Gap], most: int = 24) -> Table:
    """List where and when which standard was missed, and why."""
    columns = (
        *words_of(_("place"), _("standard"), _("from–until")),
        *numbers_of(_("minutes short")),
        Column(_("reason")),
    )
    standards = dossier.world.scenario.standards
    rows = [
        [
            places_text(dossier, gap.places),
            named(standards[gap.standard], gap.standard),
            span(dossier.world.calendar, gap.start_s, gap.end_s),
            minutes(gap.short_s, 0),
            word(gap.reason),
        ]
        for gap in found
    ]
    return table(
        _("Shortfalls of cover, those that weigh most first"),
        columns,
        rows,
        most=most,
        note=_("Gaps less than 15 minutes apart are told as one; the minutes count only the time short."),
    )


def places_text(dossier: Dossier, places: tuple[str, ...], most: int = 4) -> str:
    """Name places, the first few one by one."""
    names = [place_name(dossier.world, place) for place in places[:most]]
    if len(places) > most:
        return _("{names} and {n} more").format(names=", ".join(names), n=count(len(places) - most))
    return listed(names)


def place_table(dossier: Dossier) -> Table:
    """List the places hit hardest, with the time each was short over all standards."""
    columns = (*words_of(_("place"), _("district"), _("zone")), *numbers_of(_("voters"), _("minutes short")))
    places = dossier.world.places
    rows = []
    for place, seconds in short_places(dossier):
        row = places.index[place]
        rows.append(
            [
                place_name(dossier.world, place),
                district_name(places.district[row]),
                zone_name(dossier, places.zone[row]),
                count(int(places.voters[row])),
                minutes(seconds, 0),
            ]
        )
    return table(_("Places by time short, all standards together"), columns, rows, most=40)


def reason_table(dossier: Dossier) -> Table:
    """Show what each standard lost to each reason."""
    columns = (Column(_("standard")), *numbers_of(_("covered"), *(word(reason) for reason in Reason)))
    rows = []
    for standard_id, cover in dossier.coverage.items():
        lost = cover.lost()
        name = named(dossier.world.scenario.standards[standard_id], standard_id)
        rows.append([name, share(cover.average(), 1), *(share(lost[reason], 1) for reason in Reason)])
    return table(_("Share of place-time covered, and lost to each reason"), columns, rows)


def hour_table(dossier: Dossier) -> Table:
    """Give cover hour by hour: the chart's twin."""
    names = [named(dossier.world.scenario.standards[key], key) for key in dossier.coverage]
    columns = (Column(_("hour")), *numbers_of(*names))
    calendar = dossier.world.calendar
    rows = []
    at_s = -(calendar.second_of_day(0.0) % 3600.0)
    while at_s < dossier.end_s:
        low_s, high_s = max(at_s, 0.0), min(at_s + 3600.0, dossier.end_s)
        values = [cover.average(low_s, high_s) for cover in dossier.coverage.values()]
        if any(value is not None for value in values):
            rows.append([span(calendar, low_s, high_s), *(share(value, 1) for value in values)])
        at_s += 3600.0
    return table(_("Cover by the hour"), columns, rows)


def district_name(district: str | None) -> str:
    """Return a district's name; ids carry hyphens for spaces."""
    return NEVER if district is None else inert(district.replace("-", " ").replace("_", " "))


def zone_name(dossier: Dossier, zone: str | None) -> str:
    """Return what a zone is called."""
    return NEVER if zone is None else named(dossier.world.scenario.area.zones.get(zone), zone)
