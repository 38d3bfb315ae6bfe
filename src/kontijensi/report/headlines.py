"""The headline numbers, and the five headings of a Tactical Floor Game as a way into the report."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from kontijensi.analysis.continuity import interruption
from kontijensi.analysis.percentiles import Spread, spread
from kontijensi.analysis.utilisation import together
from kontijensi.report.dossier import Dossier
from kontijensi.report.findings import Tone
from kontijensi.report.moments import NEVER, count, lasting, level, listed, share
from kontijensi.report.naming import named, word
from kontijensi.report.opening import ranked
from kontijensi.report.people_tables import village_name
from kontijensi.report.verdict import fall_tone, followed, furthest_fall, lowest_course
from kontijensi.vocabulary.records import RecordKind
from kontijensi.vocabulary.words import _


@dataclass(frozen=True, slots=True)
class Card:
    """One number, what it is, and what stands beside it."""

    label: str
    value: str
    beside: str
    term: str
    tone: Tone
    link: str


def cards(dossier: Dossier) -> list[Card]:
    """Return the headline numbers."""
    return [
        _effective(dossier),
        _first_arrival(dossier),
        _cover(dossier),
        _disturbances(dossier),
        _hurt(dossier),
        _continuity(dossier),
        _legitimacy(dossier),
        _busy(dossier),
    ]


def _effective(dossier: Dossier) -> Card:
    times = spread([row.effective_response_s for row in dossier.disturbances])
    missing = times.n - times.answered
    if times.n == 0:
        beside = _("no disturbance, so none was owed")
    else:
        beside = _("P90 {p90} · {missing} of {n} never answered").format(
            p90=lasting(times.p90), missing=count(missing), n=count(times.n)
        )
    label, tone = _("Effective response, median"), Tone.SHORT if missing else Tone.PLAIN
    return Card(label, _median_text(times), beside, "effective_response", tone, "chain")


def _median_text(times: Spread) -> str:
    return _("not reached") if times.n and times.median is None else lasting(times.median)


def _first_arrival(dossier: Dossier) -> Card:
    times = spread([row.response_s for row in dossier.responses])
    beside = _("P90 {p90} · everything reported, n = {n}").format(p90=lasting(times.p90), n=count(times.n))
    return Card(
        _("First arrival after the report, median"),
        _median_text(times),
        beside,
        "response_time",
        Tone.PLAIN,
        "chain",
    )


def _cover(dossier: Dossier) -> Card:
    worst = next(iter(ranked(dossier)), None)
    if worst is None:
        return Card(_("Cover"), NEVER, _("no standard set"), "cover", Tone.CARE, "cover")
    standard_id, _found, average = worst
    beside = _("{standard} · standing {standing}").format(
        standard=named(dossier.world.scenario.standards[standard_id], standard_id),
        standing=share(dossier.static[standard_id].average()),
    )
    tone = Tone.SHORT if average < 0.9 else Tone.CARE if average < 0.9995 else Tone.GOOD
    return Card(_("Cover, weakest standard"), share(average), beside, "cover", tone, "cover")


def _disturbances(dossier: Dossier) -> Card:
    worst = Counter(g.worst for g in dossier.gatherings)
    beside = _("yellow: {yellow} · red: {red} · stayed peaceful: {peaceful}").format(
        yellow=count(worst["yellow"]), red=count(worst["red"]), peaceful=count(worst["green"])
    )
    n = worst["yellow"] + worst["red"]
    return Card(
        _("Gatherings that turned"),
        count(n),
        beside,
        "disturbance",
        Tone.SHORT if worst["red"] else Tone.PLAIN,
        "story",
    )


def _hurt(dossier: Dossier) -> Card:
    sides = Counter[str]()
    severe = 0
    for line in dossier.harm:
        sides[line.group] += line.people
        severe += line.people if line.severity == "severe" else 0
    total = sum(sides.values())
    beside = _("{public} public · {officers} officers · {severe} severe").format(
        public=count(sides["public"]), officers=count(sides["officer"]), severe=count(severe)
    )
    tone = Tone.SHORT if severe else Tone.CARE if total else Tone.GOOD
    return Card(_("People hurt"), count(total), beside, "harm", tone, "people")


def _continuity(dossier: Dossier) -> Card:
    total = interruption(dossier.stops)
    beside = _("interruptions: {stops} · voters affected: {voters}").format(
        stops=count(total.stops), voters=count(total.voters_affected)
    )
    tone = Tone.CARE if total.stops else Tone.GOOD
    return Card(_("TPS-minutes interrupted"), count(total.tps_minutes), beside, "tps_minutes", tone, "people")


def _legitimacy(dossier: Dossier) -> Card:
    label = _("Legitimacy, lowest in any village")
    worst, fell = lowest_course(dossier), furthest_fall(dossier)
    if worst is None:
        return Card(label, NEVER, _("not sampled"), "legitimacy", Tone.PLAIN, "people")
    if not followed(dossier):
        beside = _("sampled only once")
        return Card(label, level(worst.extreme), beside, "legitimacy", Tone.PLAIN, "people")
    if fell is None:
        return Card(label, level(worst.extreme), _("fell in no village"), "legitimacy", Tone.GOOD, "people")
    camps = dossier.world.scenario.community.camps
    beside = _("{camp}, {village} · mean of the villages {start} to {end}").format(
        camp=named(camps.get(worst.name), worst.name),
        village=village_name(dossier, worst.at),
        start=level(worst.start),
        end=level(worst.end),
    )
    return Card(label, level(worst.extreme), beside, "legitimacy", fall_tone(fell), "people")


def _busy(dossier: Dossier) -> Card:
    overtime_s = sum(row.overtime_s for row in dossier.units)
    emptied = sum(n for row in dossier.units for n in row.emptied.values())
    beside = _("overtime: {overtime} · times out of stock: {n}").format(
        overtime=lasting(overtime_s), n=count(emptied)
    )
    return Card(
        _("Utilisation of all units"),
        share(together(dossier.units), 1),
        beside,
        "utilisation",
        Tone.PLAIN,
        "units",
    )


@dataclass(frozen=True, slots=True)
class Heading:
    """One of the five headings of a Tactical Floor Game: the answer in a line, and where to read on."""

    name: str
    answer: str
    links: tuple[tuple[str, str], ...]


def floor_game(dossier: Dossier) -> list[Heading]:
    """Return the five headings."""
    return [
        _movement(dossier),
        _placement(dossier),
        _courses(dossier),
        _control(dossier),
        _reporting(dossier),
    ]


def _movement(dossier: Dossier) -> Heading:
    arrived = [row for row in dossier.responses if row.marks.first_arrival is not None]
    travel = spread([row.parts.travel for row in arrived])
    orders = sum(row.orders for row in dossier.units)
    if not arrived:
        answer = _("No unit arrived anywhere; orders to move: {orders}.").format(orders=count(orders))
        return Heading(_("Movement"), answer, (("units", _("units")),))
    answer = _("Orders to move: {orders}. Travel: {median} in the median, P90 {p90}.").format(
        orders=count(orders), median=lasting(travel.median), p90=lasting(travel.p90)
    )
    return Heading(_("Movement"), answer, (("chain", _("response chain")), ("units", _("units"))))


def _placement(dossier: Dossier) -> Heading:
    fleet = [unit for unit in dossier.world.fleet if unit.aid is None]
    people = sum(sum(guard.people.values()) for guard in dossier.world.guards)
    posts = len({guard.place for guard in dossier.world.guards})
    answer = _("Units: {units}, at bases: {bases}. Guards: {people}, at places: {posts}.").format(
        units=count(len(fleet)),
        bases=count(len({unit.base for unit in fleet})),
        people=count(people),
        posts=count(posts),
    )
    return Heading(_("Placement"), answer, (("map", _("map")), ("cover", _("cover"))))


def _courses(dossier: Dossier) -> Heading:
    taken = Counter(str(r.values["posture"]) for r in dossier.records(RecordKind.POSTURE_SET))
    if taken:
        words = [
            f"{word(posture)} {count(n)}×"
            for posture, n in sorted(taken.items(), key=lambda i: (-i[1], i[0]))
        ]
        answer = _("Postures taken: {words}.").format(words=listed(words))
    else:
        answer = _("No posture was called for.")
    return Heading(
        _("Courses of action"), answer, (("story", _("timeline")), ("people", _("force and harm")))
    )


def _control(dossier: Dossier) -> Heading:
    desk = dossier.run.summary.get("desk", {})
    reports, wait = desk.get("reports") or 0, (desk.get("wait") or {}).get("p90")
    links = (("chain", _("response chain")), ("method", _("method")))
    if not reports:
        return Heading(_("Control"), _("No report reached the desk."), links)
    answer = _("Reports at the desk: {n}, nine in ten taken up {wait}.").format(
        n=count(reports),
        wait=_("at once") if wait is not None and wait < 1 else _("within {time}").format(time=lasting(wait)),
    )
    approvals = [row.parts.approval for row in dossier.incidents if (row.parts.approval or 0) > 0]
    if approvals:
        answer += " " + _("Approvals that took time: {n}, {median} in the median.").format(
            n=count(len(approvals)), median=lasting(spread(approvals).median)
        )
    return Heading(_("Control"), answer, links)


def _reporting(dossier: Dossier) -> Heading:
    lost = len(dossier.by_kind.get(RecordKind.REPORT_LOST, ()))
    crowds = [row for row in dossier.responses if row.sort == "crowd"]
    links = (("chain", _("response chain")),)
    if not crowds:
        return Heading(_("Reporting"), _("There was no crowd to report."), links)
    times = spread(
        [None if row.marks.reported is None else row.marks.reported - row.marks.onset for row in crowds]
    )
    answer = _("Crowd situations reported: {answered} of {n}; reports lost: {lost}.").format(
        answered=count(times.answered), n=count(times.n), lost=count(lost)
    )
    if times.median is not None:
        answer += " " + _("Half were known within {median}.").format(median=lasting(times.median))
    return Heading(_("Reporting"), answer, links)
