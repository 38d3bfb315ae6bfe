"""The verdict: what a planner must know in a minute, in plain sentences made from the measures.

Nothing here speaks of fewer people assembling: peaceful gatherings are counted among what went well. What was
never answered is said first, not left out, and harm is stated also when it is zero.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from kontijensi.analysis.casualties import Fate
from kontijensi.analysis.continuity import interruption
from kontijensi.analysis.legitimacy import Course
from kontijensi.analysis.percentiles import spread
from kontijensi.report.care_tables import fate_text
from kontijensi.report.cover_tables import gaps, main_reason, places_text
from kontijensi.report.dossier import Dossier
from kontijensi.report.evidence import crowd_grades, grades
from kontijensi.report.findings import Finding, Tone
from kontijensi.report.moments import apart, count, lasting, level, listed, share, span
from kontijensi.report.naming import named, place_name, word
from kontijensi.report.opening import happened, opening, ranked, reason_text
from kontijensi.report.people_tables import village_name
from kontijensi.report.remedy_tables import remedy_text, smallest_for
from kontijensi.report.response_tables import hindrance_text, mean_steps, target_text
from kontijensi.vocabulary.records import RecordKind
from kontijensi.vocabulary.words import _, ngettext, number


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
        headline=opening(dossier),
        speed=tuple(_speed(dossier)),
        cover=tuple(_cover(dossier)),
        cost=tuple(_cost(dossier)),
        well=tuple(_well(dossier)),
        care=tuple(_care(dossier)),
    )


def _speed(dossier: Dossier) -> list[Finding]:
    rows = dossier.disturbances
    found: list[Finding] = []
    if not rows:
        tone = Tone.GOOD if happened(dossier) else Tone.PLAIN
        found.append(Finding(tone, _("No gathering turned yellow or red, so no formation was owed.")))
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
    found += _others_unanswered(dossier)
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
            shares = apart(reached["share"], reached["promised"], met=reached["met"])
            line = _("Target {result}: {target}; {share} of {n}, promised {promised}.").format(
                result=text,
                target=target_text(dossier, target),
                share=shares[0],
                n=count(reached["n"]),
                promised=shares[1],
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


def _others_unanswered(dossier: Dossier) -> list[Finding]:
    """Say how many calls, casualties and fires never got all they needed, and what stood in the way most."""
    rows = [row for row in dossier.responses if row.sort not in {"crowd", "false"}]
    why = Counter(row.why for row in rows if row.why is not None)
    if not why:
        return []
    reasons = [f"{hindrance_text(reason)} ({count(n)})" for reason, n in why.most_common(2)]
    text = _(
        "Calls, casualties and fires that never got all they needed: {n} of {of}; mostly: {reasons}."
    ).format(n=count(why.total()), of=count(len(rows)), reasons=listed(reasons))
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
        text = _("The gap that weighs most: {standard} at {places}, {span}.").format(
            standard=named(dossier.world.scenario.standards[gap.standard], gap.standard),
            places=places_text(dossier, gap.places, 3),
            span=span(dossier.world.calendar, gap.start_s, gap.end_s),
        )
        remedy = smallest_for(dossier, gap)
        if remedy is None:
            text += " " + _("No single remedy would have closed it.")
        else:
            clause = _("The smallest remedy that would have closed it, with the same demand: {remedy}.")
            if remedy.left:
                clause = _(
                    "No base reaches all of it; the smallest remedy for the rest, with the same demand: "
                    "{remedy}. Still short: {places}."
                )
            text += " " + clause.format(
                remedy=remedy_text(dossier, remedy), places=places_text(dossier, remedy.left, 3)
            )
        found.append(Finding(Tone.PLAIN, text))
    if not found:
        found.append(Finding(Tone.GOOD, _("Every place was covered under every standard, all the time.")))
    return found


def _sentence(clause: str) -> str:
    return clause[:1].upper() + clause[1:]


def _cost(dossier: Dossier) -> list[Finding]:
    return [
        *_harm(dossier),
        *_cared_for(dossier),
        *_burnt(dossier),
        *_interrupted(dossier),
        *_legitimacy(dossier),
    ]


def _cared_for(dossier: Dossier) -> list[Finding]:
    """Say what became of those who were hurt, where the scenario cares for them; who had no care is named."""
    rows = dossier.casualties
    if not rows:
        return []
    number_of = {fate: sum(row.fate is fate for row in rows) for fate in Fate}
    times = spread([row.until_care_s for row in rows])
    text = _("Casualties: {n}; treated on the spot: {treated}, admitted to hospital: {admitted}").format(
        n=count(len(rows)),
        treated=count(number_of[Fate.TREATED]),
        admitted=count(number_of[Fate.ADMITTED]),
    )
    left = [fate for fate in (Fate.WAITING, Fate.ON_THE_WAY, Fate.TURNED_AWAY) if number_of[fate]]
    if left:
        rest = listed([f"{fate_text(fate)}: {count(number_of[fate])}" for fate in left])
        text += _("; at the end {rest}").format(rest=rest)
    if times.median is not None:
        text += _("; half of them within {median}").format(median=lasting(times.median))
    return [Finding(Tone.SHORT if left else Tone.PLAIN, text + ".")]


def _burnt(dossier: Dossier) -> list[Finding]:
    """Say what burned, if anything did."""
    fires = dossier.fires
    if not fires:
        return []
    out = sum(fire.how == "put_out" for fire in fires)
    text = ngettext(
        "{n} fire burned for {minutes} in all; put out: {out}.",
        "{n} fires burned for {minutes} in all; put out: {out}.",
        len(fires),
    ).format(n=count(len(fires)), minutes=lasting(sum(fire.burnt_s for fire in fires)), out=count(out))
    voters = sum(fire.voters for fire in fires)
    if any(fire.materials_lost for fire in fires):
        text += " " + _("Ballots of {voters} voters were lost.").format(voters=count(voters))
    return [Finding(Tone.SHORT, text)]


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
        text = _("Crush warnings: {n}, densest at {place} with {density} people on a square metre.").format(
            n=count(dossier.crush.n),
            place=place_name(dossier.world, dossier.crush.at),
            density=number(dossier.crush.highest_pm2 or 0.0, 1),
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
    worst, fell = lowest_course(dossier), furthest_fall(dossier)
    if worst is None:
        return []
    if not followed(dossier):
        text = _("Legitimacy was sampled only once: what the run did to it is not known.")
        return [Finding(Tone.CARE, text)]
    if fell is None:
        return [Finding(Tone.GOOD, _("Legitimacy fell in no village."))]
    camps = dossier.world.scenario.community.camps
    text = _("Legitimacy was lowest with {camp} in {village}: {low}; mean of the villages {start} to {end}.")
    line = text.format(
        camp=named(camps.get(worst.name), worst.name),
        village=village_name(dossier, worst.at),
        low=level(worst.extreme),
        start=level(worst.start),
        end=level(worst.end),
    )
    if fell.name != worst.name:
        text = _("It fell furthest with {camp} in {village}: from {start} to {low}.")
        line += " " + text.format(
            camp=named(camps.get(fell.name), fell.name),
            village=village_name(dossier, fell.at),
            start=level(fell.start),
            low=level(fell.extreme),
        )
    return [Finding(fall_tone(fell), line)]


def followed(dossier: Dossier) -> bool:
    """Tell whether legitimacy was sampled again after the start, so that a fall would show."""
    return any(course.samples > 1 for course in dossier.legitimacy)


def lowest_course(dossier: Dossier) -> Course | None:
    """Return the camp whose legitimacy was lowest in any village; None when not sampled."""
    return min(dossier.legitimacy, key=lambda course: course.extreme, default=None)


def furthest_fall(dossier: Dossier) -> Course | None:
    """Return the camp whose legitimacy fell furthest below its start anywhere; None where none fell."""
    fell = min(dossier.legitimacy, key=lambda course: course.extreme - course.start, default=None)
    return None if fell is None or fell.extreme > fell.start - 0.005 else fell


def fall_tone(fell: Course) -> Tone:
    """Return how a fall of legitimacy is marked."""
    return Tone.CARE if fell.extreme < fell.start - 0.05 else Tone.PLAIN


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
    no_room = _no_room(dossier)
    known, rule = grades(dossier), crowd_grades(dossier)
    assumed, whole = known["assumed"] + rule["assumed"], sum(known.values()) + sum(rule.values())
    if assumed:
        text = _("{n} of {of} graded values are assumed; no source gives rates for crowds.")
        found.append(text.format(n=count(assumed), of=count(whole)))
    found.append(_("Camps are synthetic and stand for no party, faith, people or person."))
    return [*no_room, *(Finding(Tone.PLAIN, text) for text in found)]


def _no_room(dossier: Dossier) -> list[Finding]:
    """Warn when more people came than the ground holds: the rehearsal is then smaller than was meant."""
    full = [gathering for gathering in dossier.gatherings if gathering.turned_away]
    if not full:
        return []
    people = sum(gathering.turned_away for gathering in full)
    places = tuple(dict.fromkeys(str(gathering.place) for gathering in full if gathering.place is not None))
    text = _(
        "{people} people found no room and went home: the ground at {places} holds no more. "
        "The gatherings were smaller than the scenario means them to be."
    )
    return [Finding(Tone.CARE, text.format(people=count(people), places=places_text(dossier, places, 3)))]
