"""The people: legitimacy at which nobody could act, crowds nobody would notice, and what is assumed."""

from __future__ import annotations

from collections.abc import Iterator

from kontijensi.scenario import shape
from kontijensi.scenario.checks.survey import Survey, no_such
from kontijensi.scenario.problems import Problem, some
from kontijensi.scenario.schema.scenario import ScenarioFile
from kontijensi.scenario.schema.sections import Grade
from kontijensi.vocabulary.words import _, ngettext, shown

DECIDING = (
    "community.camps",
    "community.tension_to_grievance",
    "crowd.violence_threshold",
    "crowd.social_proof",
    "crowd.eta_f_per_min",
    "crowd.calm_leave_per_h",
)
"""Parameters nobody has measured on which the course of a crowd depends most."""


def check(survey: Survey) -> Iterator[Problem]:
    """Find legitimacy out of reach of any grievance, unwatched crowds, and evidence that leads nowhere."""
    yield from _legitimacy(survey)
    yield from _unnoticed(survey)
    yield from _no_signal(survey)
    yield from _empty_choices(survey)
    yield from _evidence(survey)
    yield from _assumed(survey)


def _legitimacy(survey: Survey) -> Iterator[Problem]:
    threshold = survey.file.crowd.threshold
    for key, camp in survey.file.community.camps.items():
        # Grievance is at most 1 - L, and must exceed T (Epstein 2002).
        if 1 - camp.legitimacy <= threshold + 1e-12:
            yield survey.warning(
                ("community", "camps", key, "legitimacy"),
                _("legitimacy {value} is so high that nobody of this camp can ever act").format(
                    value=camp.legitimacy
                ),
                why=_(
                    "Grievance is at most {most}, and acting takes more than {threshold} (crowd.threshold)."
                ).format(most=round(1 - camp.legitimacy, 6), threshold=threshold),
                fix=_("Choose a legitimacy below {limit}.").format(limit=round(1 - threshold, 6)),
            )


def _unnoticed(survey: Survey) -> Iterator[Problem]:
    file = survey.file
    if survey.crowds() and not file.community.observers and file.command.picture == "reported":
        yield survey.warning(
            ("community", "observers"),
            _("crowds gather, but nobody is there to notice and report them"),
            why=_("Command never learns of an incident, and sends nobody."),
            fix=_("Name observers, such as `kind: citizen`, or set `command.picture: perfect`."),
        )


def _no_signal(survey: Survey) -> Iterator[Problem]:
    for key, watch in survey.file.community.observers.items():
        silent = [name for name, place in survey.chosen(watch.places).items() if not place.signal]
        if silent and watch.no_signal_delay is None:
            yield survey.warning(
                ("community", "observers", key),
                _("their reports are lost where telephones do not reach: {places}").format(
                    places=some(silent)
                ),
                fix=_("Give `no_signal_delay`, the time by radio or runner, if there is a way."),
                key=True,
            )


def _empty_choices(survey: Survey) -> Iterator[Problem]:
    community = survey.file.community
    parts = [(("community", "observers", k), o.places) for k, o in community.observers.items()]
    parts += [(("community", "programmes", k), p.places) for k, p in community.programmes.items()]
    posts = [(("posts", k), p.places) for k, p in survey.file.posts.items()]
    posts += [(("roll_claims", k), c.places) for k, c in survey.file.roll_claims.items()]
    calls = [(("calls", k), c.places) for k, c in survey.file.calls.items() if c.rate is not None]
    for path, choice in (*parts, *posts, *calls):
        if survey.written(*path, "places") and survey.empty(choice):
            yield survey.error(
                (*path, "places"),
                _("no place is meant by this choice"),
                fix=_("Loosen the choice: each list narrows it further."),
            )


def _evidence(survey: Survey) -> Iterator[Problem]:
    for text, evidence in survey.file.evidence.items():
        path = ("evidence", text)
        if wrong := _lost(survey, text):
            yield survey.warning(
                path, wrong, fix=_("Write the path of a value, such as units.brimob.count."), key=True
            )
        if evidence.low is not None and evidence.high is not None and evidence.low > evidence.high:
            message = _("low {low} is above high {high}").format(low=evidence.low, high=evidence.high)
            yield survey.error((*path, "low"), message)


def _lost(survey: Survey, text: str) -> str | None:
    """Return what is wrong with the path of a value, or None when it leads to one."""
    annotation: object = ScenarioFile
    at: object = survey.file
    rest = text.replace("[", ".").replace("]", "")
    while rest:
        if isinstance(at, list):
            head, _point, rest = rest.partition(".")
            if not (head.isascii() and head.isdigit() and int(head) < len(at)):
                return _("{value}: no such position; the list has {n}").format(value=shown(head), n=len(at))
            at = at[int(head)]
            continue
        keys = tuple(map(str, at)) if isinstance(at, dict) else shape.keys(type(at))
        fits = [key for key in keys if rest == key or rest.startswith(f"{key}.")]
        if not fits:
            return no_such(rest.partition(".")[0], _("key"), keys)
        step = max(fits, key=len)
        rest = rest[len(step) + 1 :]
        at = at[step] if isinstance(at, dict) else getattr(at, step)
    del annotation
    return None


def _assumed(survey: Survey) -> Iterator[Problem]:
    """Name the assumptions that decide, and those that no range lets anyone vary."""
    evidence = survey.file.evidence
    bare = [k for k, e in evidence.items() if e.grade is Grade.ASSUMED and (e.low is None or e.high is None)]
    if bare:
        n = len(bare)
        yield survey.note(
            ("evidence", bare[0]),
            ngettext(
                "{n} assumed value has no range: {values}", "{n} assumed values have no range: {values}", n
            ).format(n=n, values=some(bare)),
            why=_("Without `low` and `high` nobody can see whether a conclusion hangs on it."),
            fix=_("Give the range it may have."),
        )
    graded = [
        name for name in DECIDING if not any(key == name or key.startswith(f"{name}.") for key in evidence)
    ]
    if survey.crowds() and graded:
        yield survey.note(
            ("crowd",),
            _("the course of a crowd hangs on values that nobody has measured: {values}").format(
                values=some(graded, len(graded))
            ),
            why=_("They are assumed; a conclusion that changes within their range is none."),
            fix=_("Vary them before relying on a result, and write what you know under `evidence`."),
        )
