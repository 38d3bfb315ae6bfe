"""The verdict: what a planner must know in a minute, in plain sentences made from the measures.

Nothing here speaks of fewer people assembling: peaceful gatherings are counted among what went well. What was
never answered is said first, not left out, and harm is stated also when it is zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kontijensi.analysis.continuity import interruption
from kontijensi.analysis.coverage import Coverage, Reason
from kontijensi.analysis.legitimacy import Course
from kontijensi.analysis.percentiles import spread
from kontijensi.report.cover_tables import district_name, gaps, main_reason, places_text
from kontijensi.report.dossier import Dossier
from kontijensi.report.evidence import crowd_grades, grades
from kontijensi.report.figures.cover import worst_hour
from kontijensi.report.moments import count, lasting, level, listed, share, span
from kontijensi.report.naming import named, place_name, word
from kontijensi.report.people_tables import village_name
from kontijensi.report.response_tables import mean_steps, target_text
from kontijensi.vocabulary.records import RecordKind
from kontijensi.vocabulary.words import _, ngettext


class Tone(StrEnum):
    """How a sentence is marked; each has a sign of its own."""

    SHORT = "short"
    CARE = "care"
    GOOD = "good"
    PLAIN = "plain"


SIGNS = {Tone.SHORT: "▲", Tone.CARE: "◆", Tone.GOOD: "●", Tone.PLAIN: "–"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence of the verdict."""

    tone: Tone
    text: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict, question by question."""

    headline: Finding
    speed: tuple[Finding, ...]
    cover: tuple[Finding, ...]
    cost: tuple[Finding, ...]
    well: tuple[Finding, ...]
    care: tuple[Finding, ...]


def verdict(dossier: Dossier) -> Verdict:
    """Return the verdict on a run in the current language."""
    return Verdict(
        headline=_headline(dossier),
        speed=tuple(_speed(dossier)),
        cover=tuple(_cover(dossier)),
        cost=tuple(_cost(dossier)),
        well=tuple(_well(dossier)),
        care=tuple(_care(dossier)),
    )


def reason_text(reason: Reason) -> str:
    """Say in a clause why a place was not covered."""
    return {
        Reason.NONE_FREE: lambda: _("the units in reach were busy with other tasks"),
        Reason.TOO_FAR: lambda: _("no suitable unit is based near enough"),
        Reason.FORMATION_SHORT: lambda: _("units are in reach, but fewer than the standard asks for"),
        Reason.ROAD_CLOSED: lambda: _("a closed road cut it off"),
        Reason.OFF_SHIFT_OR_RESTING: lambda: _("the units in reach were off shift or resting"),
        Reason.STOCK_EMPTY: lambda: _("the units in reach had used up their stock"),
        Reason.APPROVAL_MISSING: lambda: _("it hung on help that had not been approved or had not come"),
    }[reason]()


def ranked(dossier: Dossier) -> list[tuple[str, Coverage, float]]:
    """Return the standards that held at any time, the worst covered first, with their average."""
    known = [(key, cover, cover.average()) for key, cover in dossier.coverage.items()]
    return sorted(
        ((key, cover, average) for key, cover, average in known if average is not None),
        key=lambda item: item[2],
    )


def _missed(dossier: Dossier) -> list[str]:
    return [key for key, found in dossier.run.summary.get("targets", {}).items() if found["met"] is False]


def _headline(dossier: Dossier) -> Finding:
    worst = next(iter(ranked(dossier)), None)
    missed = _missed(dossier)
    if worst is not None and worst[2] < 0.995:
        return Finding(Tone.SHORT, _short(dossier, *worst))
    if missed:
        text = ngettext(
            "Cover held, but {n} target of response was missed.",
            "Cover held, but {n} targets of response were missed.",
            len(missed),
        )
        return Finding(Tone.CARE, text.format(n=count(len(missed))))
    return Finding(
        Tone.GOOD, _("In this rehearsal the plan held: every standard of cover and every target was met.")
    )


def _short(dossier: Dossier, standard_id: str, cover: Coverage, average: float) -> str:
    """Say on which standard the plan runs short, and when, where and why."""
    reason, hour = main_reason(cover), worst_hour(cover, dossier)
    # Where every hour is as bad as the worst, naming one would mislead.
    if hour is None or hour[2] > average - 0.01:
        when = _("at all hours alike")
    else:
        when = _("lowest {span}").format(span=span(dossier.world.calendar, hour[0], hour[1]))
    return _(
        "The plan runs short on “{standard}”: met for {share} of place-time, {when}, above all around "
        "{where}; {why}."
    ).format(
        standard=named(dossier.world.scenario.standards[standard_id], standard_id),
        share=share(average),
        when=when,
        where=hardest(dossier, cover),
        why="" if reason is None else reason_text(reason),
    )


def hardest(dossier: Dossier, cover: Coverage, most: int = 3) -> str:
    """Name where a standard was missed longest: the places where they are few, else their districts."""
    places = dossier.world.places
    short = tuple(place for place, s in zip(cover.places, cover.short_s.sum(axis=1), strict=True) if s > 0)
    if len(short) <= most:
        return places_text(dossier, short)
    lost: dict[str, float] = {}
    by_place = zip(cover.places, cover.short_s.sum(axis=1), cover.weight, strict=True)
    for place, seconds, weight in by_place:
        if seconds > 0:
            district = places.district[places.index[place]]
            name = place_name(dossier.world, place) if district is None else district_name(district)
            lost[name] = lost.get(name, 0.0) + float(seconds) * float(weight)
    names = sorted(lost, key=lambda name: (-lost[name], name))
    return listed(names[:most])


def _speed(dossier: Dossier) -> list[Finding]:
    rows = dossier.disturbances
    found: list[Finding] = []
    if not rows:
        found.append(Finding(Tone.GOOD, _("No gathering turned yellow or red, so no formation was owed.")))
    else:
        times = spread([row.effective_response_s for row in rows])
        text = _("{answered} of {n} disturbances got a full formation.").format(
            answered=count(times.answered), n=count(times.n)
        )
        if times.median is not None:
            text += " " + _("Half were answered within {median} of the onset").format(
                median=lasting(times.median)
            )
            if times.p90 is not None:
                text += _(", nine in ten within {p90}.").format(p90=lasting(times.p90))
            else:
                text += _(
                    "; nine in ten was not reached at any time, as the unanswered count as later "
                    "than any time."
                )
        else:
            text += " " + _("The median falls among the unanswered, which count as later than any time.")
        found.append(Finding(Tone.PLAIN if times.answered == times.n else Tone.CARE, text))
        found += _unanswered(dossier)
    steps = mean_steps(rows or dossier.responses)
    if steps and sum(length for _step, length in steps) > 0:
        whole_s = sum(length for _step, length in steps)
        text = _("Most of the time went into {step}: {mean} of {whole} on average.").format(
            step=word(steps[0][0]), mean=lasting(steps[0][1]), whole=lasting(whole_s)
        )
        found.append(Finding(Tone.PLAIN, text))
    for target_id, reached in dossier.run.summary.get("targets", {}).items():
        target = dossier.world.scenario.response_targets.get(target_id)
        if target is not None and reached["met"] is not None:
            text = _("met") if reached["met"] else _("missed")
            line = _("Target {result}: {target}; {share} of {n}, promised {promised}.").format(
                result=text,
                target=target_text(dossier, target),
                share=share(reached["share"]),
                n=count(reached["n"]),
                promised=share(reached["promised"]),
            )
            found.append(Finding(Tone.GOOD if reached["met"] else Tone.SHORT, line))
    return found


def _unanswered(dossier: Dossier) -> list[Finding]:
    missing = [row for row in dossier.disturbances if row.marks.formed is None]
    if not missing:
        return []
    alone = sum(row.outcome in {"unaided", "escalated"} for row in missing)
    places = tuple(dict.fromkeys(str(row.place) for row in missing if row.place is not None))
    text = ngettext(
        "{n} disturbance was never answered by a full formation: {places}.",
        "{n} disturbances were never answered by a full formation: {places}.",
        len(missing),
    ).format(n=count(len(missing)), places=places_text(dossier, places, 3))
    if alone:
        text += " " + _("Ended by themselves or changed colour before one stood: {n}.").format(n=count(alone))
    return [Finding(Tone.SHORT, text)]


def _cover(dossier: Dossier) -> list[Finding]:
    found: list[Finding] = []
    order = ranked(dossier)
    if not order:
        return [Finding(Tone.CARE, _("The scenario sets no standard of cover, so none could be checked."))]
    for standard_id, cover, average in order:
        if average >= 0.9995:
            continue
        name = named(dossier.world.scenario.standards[standard_id], standard_id)
        standing = dossier.static[standard_id].average()
        text = _("{standard}: {share} covered").format(standard=name, share=share(average))
        if standing is not None and standing < 0.9995:
            text += _("; even with every unit free at its base only {standing}").format(
                standing=share(standing)
            )
        reason = main_reason(cover)
        if reason is not None:
            text += f". {_sentence(reason_text(reason))}"
        found.append(Finding(Tone.SHORT if average < 0.9 else Tone.CARE, text + "."))
    worst = gaps(dossier)[:1]
    for gap in worst:
        text = _("The gap that weighs most: {places}, {span}.").format(
            places=places_text(dossier, gap.places, 3),
            span=span(dossier.world.calendar, gap.start_s, gap.end_s),
        )
        found.append(Finding(Tone.PLAIN, text))
    if not found:
        found.append(Finding(Tone.GOOD, _("Every place was covered under every standard, all the time.")))
    return found


def _sentence(clause: str) -> str:
    return clause[:1].upper() + clause[1:]


def _cost(dossier: Dossier) -> list[Finding]:
    return [*_harm(dossier), *_interrupted(dossier), *_legitimacy(dossier)]


def _harm(dossier: Dossier) -> list[Finding]:
    public = sum(line.people for line in dossier.harm if line.group == "public")
    officers = sum(line.people for line in dossier.harm if line.group == "officer")
    severe = sum(line.people for line in dossier.harm if line.severity == "severe")
    forced = sum(
        line.people for line in dossier.harm if line.cause.startswith("force") or line.cause == "arrest"
    )
    if public + officers == 0:
        found = [Finding(Tone.GOOD, _("Nobody was hurt: 0 of the public, 0 officers."))]
    else:
        text = _(
            "Hurt: {public} of the public and {officers} of the officers; severely: {severe}; "
            "by force itself: {forced}."
        )
        found = [
            Finding(
                Tone.SHORT if severe else Tone.CARE,
                text.format(
                    public=count(public), officers=count(officers), severe=count(severe), forced=count(forced)
                ),
            )
        ]
    used = [line for line in dossier.force if line.uses]
    if used:
        means = listed([f"{word(line.means)} ({lasting(line.seconds)})" for line in used])
        text = _("Force used: {means}; {n} people arrested.").format(means=means, n=count(dossier.arrested))
        found.append(Finding(Tone.CARE, text))
    else:
        found.append(
            Finding(
                Tone.PLAIN, _("No force was used; {n} people arrested.").format(n=count(dossier.arrested))
            )
        )
    if dossier.crush.n:
        text = _("Crush warnings: {n}, densest at {place}.").format(
            n=count(dossier.crush.n), place=place_name(dossier.world, dossier.crush.at)
        )
        found.append(Finding(Tone.SHORT, text))
    return found


def _interrupted(dossier: Dossier) -> list[Finding]:
    total = interruption(dossier.stops)
    if not total.stops:
        return [Finding(Tone.GOOD, _("Voting and counting were never interrupted: 0 TPS-minutes."))]
    kinds = {
        kind: interruption(stop for stop in dossier.stops if stop.phase_kind == kind)
        for kind in ("voting", "counting")
    }
    text = _(
        "Interrupted: {voting} TPS-minutes of voting and {counting} of counting; {voters} voters affected."
    )
    return [
        Finding(
            Tone.CARE,
            text.format(
                voting=count(kinds["voting"].tps_minutes),
                counting=count(kinds["counting"].tps_minutes),
                voters=count(total.voters_affected),
            ),
        )
    ]


def _legitimacy(dossier: Dossier) -> list[Finding]:
    worst = lowest_course(dossier)
    if worst is None:
        return []
    if worst.extreme > worst.start - 0.005:
        return [Finding(Tone.GOOD, _("Legitimacy fell in no village."))]
    camps = dossier.world.scenario.community.camps
    text = _("Legitimacy fell lowest with {camp} in {village}: {low}; mean of the villages {start} to {end}.")
    return [
        Finding(
            Tone.CARE if worst.extreme < worst.start - 0.05 else Tone.PLAIN,
            text.format(
                camp=named(camps.get(worst.name), worst.name),
                village=village_name(dossier, worst.at),
                low=level(worst.extreme),
                start=level(worst.start),
                end=level(worst.end),
            ),
        )
    ]


def lowest_course(dossier: Dossier) -> Course | None:
    """Return the camp whose legitimacy fell furthest below its start anywhere; None when not sampled."""
    return min(dossier.legitimacy, key=lambda course: course.extreme - course.start, default=None)


def _well(dossier: Dossier) -> list[Finding]:
    found = []
    peaceful = [g for g in dossier.gatherings if g.worst == "green"]
    if peaceful:
        text = _("{n} of {of} gatherings went peacefully from beginning to end.")
        found.append(text.format(n=count(len(peaceful)), of=count(len(dossier.gatherings))))
    full = [key for key, _cover_, average in ranked(dossier) if average >= 0.9995]
    if full and len(full) < len(dossier.coverage):
        names = [named(dossier.world.scenario.standards[key], key) for key in full]
        found.append(_("Always covered: {standards}.").format(standards=listed(names)))
    calm = [row for row in dossier.disturbances if row.marks.controlled is not None]
    if calm:
        text = _("{n} of {of} disturbances were brought under control.")
        found.append(text.format(n=count(len(calm)), of=count(len(dossier.disturbances))))
    talked = _talked_down(dossier)
    if talked:
        text = ngettext(
            "{n} place with a disturbance saw no force at all.",
            "{n} places with a disturbance saw no force at all.",
            talked,
        )
        found.append(text.format(n=count(talked)))
    if dossier.gatherings and not any(line.severity == "severe" for line in dossier.harm):
        found.append(_("Nobody was severely hurt."))
    return [Finding(Tone.GOOD, text) for text in found]


def _talked_down(dossier: Dossier) -> int:
    forced = {record.place for record in dossier.records(RecordKind.FORCE_USED)}
    return len({row.place for row in dossier.disturbances} - forced)


def _care(dossier: Dossier) -> list[Finding]:
    manifest = dossier.run.manifest
    text = _(
        "This is one rehearsal (seed {seed}, replication {replication}). Another draw of chance "
        "gives other incidents: "
        "compare many replications before a decision."
    )
    found = [text.format(seed=manifest.seed, replication=manifest.replication)]
    known, rule = grades(dossier), crowd_grades(dossier)
    assumed, whole = known["assumed"] + rule["assumed"], sum(known.values()) + sum(rule.values())
    if assumed:
        text = _("{n} of {of} graded values are assumed; no source gives rates for crowds.")
        found.append(text.format(n=count(assumed), of=count(whole)))
    found.append(_("Camps are synthetic and stand for no party, faith, people or person."))
    return [Finding(Tone.PLAIN, text) for text in found]
