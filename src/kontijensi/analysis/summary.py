"""Every measure of a run under stable names: what summary.json holds and what limits are set on.

Times are in seconds unless a name says otherwise; null is what is not known, or has no meaning without a
case.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import asdict
from math import fsum
from typing import Any, TypeVar

import numpy as np

from kontijensi.analysis.aid import aid
from kontijensi.analysis.beliefs import beliefs
from kontijensi.analysis.casualties import casualties, casualty_measures, hospital_use
from kontijensi.analysis.continuity import interruption, stops
from kontijensi.analysis.cover_parts import NONE, CoverBy, CoverPart, cover_parts
from kontijensi.analysis.coverage import Coverage, Reason, coverage, static_coverage
from kontijensi.analysis.escalations import changes, escalation, outcomes
from kontijensi.analysis.fires import fire_measures, fires
from kontijensi.analysis.force import arrested, crush_warnings, force_ledger, harm_ledger
from kontijensi.analysis.legitimacy import Course, legitimacy, tension
from kontijensi.analysis.outreach import complaints, programmes, rumours
from kontijensi.analysis.percentiles import part_measures, spread
from kontijensi.analysis.queueing import Stream, stream, streams
from kontijensi.analysis.remedies import Remedies
from kontijensi.analysis.remedy import Effect, Hole, Remedy
from kontijensi.analysis.response_parts import ResponseBy, held, in_time, response_groups, was_there
from kontijensi.analysis.responses import PARTS, Response, check_parts, responses
from kontijensi.analysis.shortage import Amount
from kontijensi.analysis.situation import COUNTS, situation
from kontijensi.analysis.talks import rounds
from kontijensi.analysis.talks import together as all_rounds
from kontijensi.analysis.timeline import end_of_run
from kontijensi.analysis.utilisation import State, UnitTime, together, unit_times
from kontijensi.scenario.schema.service import ResponseTarget
from kontijensi.vocabulary.records import Record, RecordKind
from kontijensi.vocabulary.words import N_, _
from kontijensi.world.world import World

NOTICE = N_(
    "A rehearsal, not a forecast: it shows how a plan works under stated assumptions, not what will happen."
)
MOST_LISTED = 50
"""Shortfalls and worst places listed in a summary; the run's tables hold them all."""

Row = TypeVar("Row")


def summarise(world: World, records: Sequence[Record], *, remedies: bool = True) -> dict[str, Any]:
    """Return every measure of a run as plain values, ready for JSON.

    `remedies=False` leaves out what would have closed the shortfalls of cover, which comparisons do not need.

    Raises PartsError when the parts of a response do not add up: such a log must not be reported on.
    """
    rows = responses(records, world)
    check_parts(rows)
    end_s = end_of_run(records, world)
    found = coverage(records, world)
    past = Remedies(records, world, found) if remedies else None
    return {
        "notice": _(NOTICE),
        "run": _run(records, end_s),
        "responses": _responses(rows),
        "targets": _targets(rows, world.scenario.response_targets),
        "coverage": _coverage(found, world, end_s, past),
        "remedies": [_effect(effect) for effect in past.best(10, 3)] if past is not None else [],
        "harm": _harm(records),
        "force": _force(records),
        "casualties": {
            **casualty_measures(casualties(records)),
            "hospitals": {key: asdict(use) for key, use in hospital_use(records, world, end_s).items()},
        },
        "fires": fire_measures(fires(records, rows, end_s)),
        "talks": _talks(records),
        "beliefs": asdict(beliefs(records, end_s)),
        "legitimacy": {course.name: _course(course, "lowest") for course in legitimacy(records)},
        "tension": {course.name: _course(course, "highest") for course in tension(records)},
        **_outreach(records, world),
        "continuity": _continuity(records, world),
        "units": _units(unit_times(records, world)),
        "calls": _calls(rows),
        "desk": _desk(rows, world, end_s),
        "escalations": _escalations(records, world),
        "crowds": _crowds(records, end_s),
        "aid": {entry: _aid_of(found) for entry, found in aid(records, world.scenario.mutual_aid).items()},
    }


def _run(records: Sequence[Record], end_s: float) -> dict[str, Any]:
    began = next((r for r in records if r.kind is RecordKind.RUN_BEGAN), None)
    ended = next((r for r in reversed(records) if r.kind is RecordKind.RUN_ENDED), None)
    return {
        "seed": None if began is None else began.values.get("seed"),
        "replication": None if began is None else began.values.get("replication"),
        "n_records": len(records),
        "outcome": None if ended is None else ended.values.get("outcome"),
        "end_s": end_s,
    }


# -- responses -----------------------------------------------------------------------------------------------


def _responses(rows: Sequence[Response]) -> dict[str, Any]:
    return {
        "all": _response_measures(rows),
        **{
            f"by_{by}": {name: _response_measures(group) for name, group in response_groups(rows, by).items()}
            for by in ResponseBy
        },
    }


def _response_measures(rows: Sequence[Response]) -> dict[str, Any]:
    parts: dict[str, Any] = {}
    for name in (*PARTS, "desk"):
        lengths = [length for row in rows if (length := getattr(row.parts, name)) is not None]
        parts[name] = part_measures(lengths)
    return {
        "n": len(rows),
        "unanswered": dict(sorted(Counter(row.why for row in rows if row.why is not None).items())),
        "interrupted": {
            "n": sum(row.interruptions > 0 for row in rows),
            "seconds": fsum(row.interrupted_s for row in rows),
        },
        "response": spread([row.response_s for row in rows]).as_dict(),
        "effective": spread([row.effective_response_s for row in rows if was_there(row)]).as_dict(),
        "parts": parts,
    }


def _targets(rows: Sequence[Response], targets: Mapping[str, ResponseTarget]) -> dict[str, Any]:
    result = {}
    for target_id, target in targets.items():
        concerned, reached = held(rows, target), in_time(rows, target)
        result[target_id] = {
            **reached.as_dict(),
            "within_s": target.within,
            "promised": target.share,
            "met": None if reached.share is None else reached.share >= target.share - 1e-12,
            **{
                f"by_{by}": {
                    name: in_time(group, target).as_dict()
                    for name, group in response_groups(concerned, by).items()
                }
                for by in (ResponseBy.PHASE, ResponseBy.ZONE, ResponseBy.DISTRICT, ResponseBy.UNIT_TYPE)
            },
        }
    return result


# -- cover ---------------------------------------------------------------------------------------------------


def _coverage(
    found: Mapping[str, Coverage], world: World, end_s: float, past: Remedies | None
) -> dict[str, Any]:
    still = static_coverage(world, end_s)
    return {standard: _cover(found[standard], still[standard], world, past) for standard in found}


def _cover(found: Coverage, still: Coverage, world: World, past: Remedies | None) -> dict[str, Any]:
    known = ~np.isnan(found.share)
    lowest = int(np.nanargmin(found.share)) if known.any() else None
    lost, place_s = found.lost(), found.short_s.sum(axis=0)
    return {
        "average": found.average(),
        "static": still.average(),
        "lowest": None if lowest is None else float(found.share[lowest]),
        "lowest_at_s": None if lowest is None else float(found.time_s[lowest]),
        "held_s": found.held_s,
        "n_places": len(found.places),
        "by_phase": {p.id: found.average(max(p.start_s, 0.0), p.end_s) for p in world.phases},
        **_part_measures(cover_parts(found, still, world, CoverBy.STANDARD)[found.standard]),
        "parts": {
            str(by): {
                name: {
                    "average": part.share,
                    "static": part.static,
                    "held_s": part.held_s,
                    "n_places": part.n_places,
                    **_part_measures(part),
                }
                for name, part in cover_parts(found, still, world, by).items()
            }
            for by in (CoverBy.PHASE, CoverBy.DISTRICT, CoverBy.ZONE)
        },
        "reasons": {
            str(reason): {"share": lost[reason], "place_s": float(place_s[i])}
            for i, reason in enumerate(Reason)
        },
        "worst_places": _worst_places(found),
        "n_shortfalls": len(found.shortfalls),
        "shortfalls": _longest_shortfalls(found, past),
    }


def _part_measures(part: CoverPart) -> dict[str, float]:
    return {
        "place_minutes": part.short_s / 60,
        "static_place_minutes": part.static_short_s / 60,
        "voter_minutes": part.voter_s / 60,
    }


def _worst_places(found: Coverage) -> list[dict[str, Any]]:
    short_s = found.short_s.sum(axis=1)
    order = [int(i) for i in np.argsort(-short_s, kind="stable")[:MOST_LISTED] if short_s[i] > 0]
    reasons = tuple(Reason)
    return [
        {
            "place": found.places[i],
            "short_s": float(short_s[i]),
            "share": float(short_s[i]) / found.held_s,
            "reason": str(reasons[int(found.short_s[i].argmax())]),
        }
        for i in order
    ]


def _longest_shortfalls(found: Coverage, past: Remedies | None) -> list[dict[str, Any]]:
    """List the shortfalls that weigh most: length times places; the first of equals in time."""
    ranked = sorted(found.shortfalls, key=lambda s: -(s.end_s - s.start_s) * len(s.places))[:MOST_LISTED]
    holes = [Hole(found.standard, (short,)) for short in ranked]
    smallest = [None] * len(holes) if past is None else past.smallest(holes)
    return [
        {
            "start_s": short.start_s,
            "end_s": short.end_s,
            "reason": str(short.reason),
            "n_places": len(short.places),
            "places": list(short.places[:MOST_LISTED]),
            "remedy": None if remedy is None else _remedy(remedy),
        }
        for short, remedy in zip(ranked, smallest, strict=True)
    ]


def _remedy(remedy: Remedy) -> dict[str, Any]:
    return {
        "kind": str(remedy.kind),
        "of": remedy.of,
        "from": remedy.start,
        "units": [
            {"type": each.type_id, "at": each.post, "count": each.count, "hours_of": each.group}
            for each in remedy.placed
        ],
        "left": list(remedy.left),
    }


def _effect(effect: Effect) -> dict[str, Any]:
    def amount(what: Amount) -> dict[str, float]:
        return {"place_minutes": what.place_s / 60, "voter_minutes": what.voter_s / 60}

    return {
        **_remedy(effect.remedy),
        "closes": amount(effect.closed),
        "opens": amount(effect.opened),
        "standards": list(effect.standards),
    }


# -- people --------------------------------------------------------------------------------------------------


def _harm(records: Sequence[Record]) -> dict[str, Any]:
    lines = harm_ledger(records)

    def count(key: Callable[[Any], str]) -> dict[str, int]:
        people: Counter[str] = Counter()
        for line in lines:
            people[key(line)] += line.people
        return dict(sorted(people.items()))

    def of_group(group: str) -> dict[str, int]:
        severities = dict.fromkeys(("minor", "moderate", "severe"), 0)
        for line in lines:
            if line.group == group:
                severities[line.severity] = severities.get(line.severity, 0) + line.people
        return {"people": sum(severities.values()), **severities}

    return {
        "people": sum(line.people for line in lines),
        "public": of_group("public"),
        "officer": of_group("officer"),
        "by_cause": {
            cause: {
                "people": n,
                "public": sum(x.people for x in lines if x.cause == cause and x.group == "public"),
                "officer": sum(x.people for x in lines if x.cause == cause and x.group == "officer"),
                "severe": sum(x.people for x in lines if x.cause == cause and x.severity == "severe"),
            }
            for cause, n in count(lambda line: line.cause).items()
        },
        "by_place": count(lambda line: line.place or NONE),
    }


def _force(records: Sequence[Record]) -> dict[str, Any]:
    lines = force_ledger(records)
    seconds = fsum(line.seconds for line in lines)
    fell = fsum(line.seconds * (line.indiscriminate or 0.0) for line in lines)
    return {
        "uses": sum(line.uses for line in lines),
        "seconds": seconds,
        "indiscriminate": fell / seconds if seconds > 0 else None,
        "by_means": {
            line.means: {"uses": line.uses, "seconds": line.seconds, "indiscriminate": line.indiscriminate}
            for line in lines
        },
        "arrested": arrested(records),
        "crush_warnings": asdict(crush_warnings(records)),
    }


def _talks(records: Sequence[Record]) -> dict[str, Any]:
    found = rounds(records)
    by_camp = {camp: asdict(each) for camp, each in found.items()}
    return {**asdict(all_rounds(found.values())), "by_camp": by_camp}


def _course(course: Course, worst: str) -> dict[str, Any]:
    return {
        "start": course.start,
        "end": course.end,
        "change": course.change,
        worst: course.extreme,
        f"{worst}_at": course.at,
        "moved_by_events": course.moved_by_events,
    }


def _outreach(records: Sequence[Record], world: World) -> dict[str, Any]:
    community = world.scenario.community
    costs = programmes(records, community.programmes)
    return {
        "rumours": {name: asdict(course) for name, course in rumours(records, community.rumours).items()},
        "complaints": {
            name: found.as_dict() for name, found in complaints(records, community.intakes).items()
        },
        "programmes": {
            "held": sum(cost.held for cost in costs.values()),
            "person_hours": fsum(cost.person_hours for cost in costs.values()),
            "by_programme": {name: asdict(cost) for name, cost in costs.items()},
        },
    }


def _continuity(records: Sequence[Record], world: World) -> dict[str, Any]:
    found = stops(records, world)
    kinds = {"voting": [], "counting": [], **grouped(found, lambda stop: stop.phase_kind)}
    return {
        "all": asdict(interruption(found)),
        **{kind: asdict(interruption(rows)) for kind, rows in kinds.items()},
    }


def _escalations(records: Sequence[Record], world: World) -> dict[str, Any]:
    found, ended = changes(records, world), outcomes(records)
    gathered = [r for r in records if r.kind is RecordKind.CROWD_GATHERED]
    return {
        **asdict(escalation(found)),
        "crowds": len(gathered),
        "crowds_red": len({change.crowd for change in found if change.colour == "red"}),
        "unaided": ended.get("unaided", 0),
        "by_phase": {k: asdict(escalation(v)) for k, v in grouped(found, lambda c: c.phase).items()},
        "by_phase_kind": {
            k: asdict(escalation(v)) for k, v in grouped(found, lambda c: c.phase_kind).items()
        },
        "outcomes": ended,
    }


def _crowds(records: Sequence[Record], end_s: float) -> dict[str, Any]:
    found = situation(records)
    result: dict[str, Any] = {}
    for count in COUNTS:
        people, at_s = found.peak(count)
        result[count] = {"peak": people, "peak_at_s": at_s, "person_hours": found.person_hours(count, end_s)}
    # People who came and found no room on the ground. They went home and are in none of the counts.
    result["turned_away"] = sum(
        int(r.values.get("turned_away") or 0) for r in records if r.kind is RecordKind.CROWD_JOINED
    )
    return result


# -- units and calls -----------------------------------------------------------------------------------------


def _units(rows: Sequence[UnitTime]) -> dict[str, Any]:
    return {
        "all": _unit_group(rows),
        "by_type": {k: _unit_group(v) for k, v in grouped(rows, lambda row: row.type_id).items()},
        "by_group": {k: _unit_group(v) for k, v in grouped(rows, lambda row: row.group).items()},
        "by_unit": {
            row.unit: {
                "utilisation": row.utilisation,
                "assigned_s": row.assigned_s,
                "duty_s": row.duty_s,
                "overtime_s": row.overtime_s,
                "orders": row.orders,
                "states_s": {str(state): seconds for state, seconds in row.state_s.items()},
                "used": row.used,
                "emptied": row.emptied,
            }
            for row in rows
        },
    }


def _unit_group(rows: Sequence[UnitTime]) -> dict[str, Any]:
    used: dict[str, float] = defaultdict(float)
    emptied: Counter[str] = Counter()
    for row in rows:
        for stock, amount in row.used.items():
            used[stock] += amount
        emptied.update(row.emptied)
    return {
        "n": len(rows),
        "utilisation": together(rows),
        "assigned_s": fsum(row.assigned_s for row in rows),
        "duty_s": fsum(row.duty_s for row in rows),
        "overtime_s": fsum(row.overtime_s for row in rows),
        "lost_s": fsum(row.state_s[State.LOST] for row in rows),
        "orders": sum(row.orders for row in rows),
        "used": dict(sorted(used.items())),
        "emptied": dict(sorted(emptied.items())),
    }


def _calls(rows: Sequence[Response]) -> dict[str, Any]:
    return {
        "all": _stream(stream(rows)),
        "by_stream": {name: _stream(found) for name, found in streams(rows).items()},
    }


def _stream(found: Stream) -> dict[str, Any]:
    return {
        "calls": found.calls,
        "answered": found.answered,
        "waiting": found.waiting,
        "abandoned": found.abandoned,
        "lost": found.lost,
        "on_scene": found.on_scene,
        "blocking": found.blocking,
        "desk_wait": found.desk_wait.as_dict(),
        "unit_wait": found.unit_wait.as_dict(),
        "in_system": found.in_system.as_dict(),
    }


def _desk(rows: Sequence[Response], world: World, end_s: float) -> dict[str, Any]:
    """Measure the posko's desk: reports of every sort queue for the same operators."""
    reports = [row for row in rows if row.marks.reported is not None and not _passed_by_desk(row)]
    busy_s = fsum(row.parts.handling or 0.0 for row in reports)
    operators = world.scenario.command.operators
    return {
        "reports": len(reports),
        "wait": spread([row.parts.queueing for row in reports]).as_dict(),
        "handling": spread([row.parts.handling for row in reports]).as_dict(),
        "utilisation": busy_s / (operators * end_s) if end_s > 0 else None,
    }


def _passed_by_desk(row: Response) -> bool:
    return row.marks.handled is not None and row.marks.desk_began is None


def _aid_of(found: Any) -> dict[str, Any]:
    return {**asdict(found), "delay_s": found.delay_s}


def grouped(rows: Iterable[Row], key: Callable[[Row], Hashable | None]) -> dict[str, list[Row]]:
    """Return rows by a key, in the order of the keys; what has no key stands under `(none)`."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        word = key(row)
        groups[NONE if word is None else str(word)].append(row)
    return dict(sorted(groups.items()))
