"""What the words of a report mean: one sentence each, shown beside the numbers and listed at the end."""

from __future__ import annotations

from dataclasses import dataclass

from kontijensi.vocabulary.words import N_, _


@dataclass(frozen=True, slots=True)
class Definition:
    """A term, its meaning, and the number of its footnote."""

    key: str
    term: str
    meaning: str
    number: int


_TERMS: tuple[tuple[str, str, str], ...] = (
    (
        "disturbance",
        N_("Disturbance"),
        N_(
            "A gathering that has turned yellow (disorderly) or red (law-breaking). A green "
            "gathering is lawful "
            "assembly and not a disturbance."
        ),
    ),
    (
        "effective_response",
        N_("Effective response"),
        N_(
            "Time from the onset of an incident until the minimum formation with the right "
            "capability and authority "
            "stands there. Two people who arrive first are not yet a response."
        ),
    ),
    (
        "response_time",
        N_("Response time"),
        N_("Time from the report's arrival at the command post until the first unit is on the spot."),
    ),
    (
        "percentile",
        N_("Median and percentiles"),
        N_(
            "Half of the incidents were answered within the median, nine in ten within P90. An "
            "incident never "
            "answered counts as later than any time and is never left out."
        ),
    ),
    (
        "cover",
        N_("Cover"),
        N_(
            "A place is covered while enough free units with the capability can reach it in time "
            "under the roads as "
            "they are. Units on a task or on the way back do not count. Shares weigh places as the "
            "standard says."
        ),
    ),
    (
        "standing",
        N_("Standing cover"),
        N_(
            "Cover with every unit free at its base and all roads open. What is missing there is a matter of "
            "placement; what is missing beyond it was used up by the day's events."
        ),
    ),
    (
        "harm",
        N_("People hurt"),
        N_(
            "People hurt by any cause, the public and officers apart, minor, moderate and severe "
            "(deaths included). "
            "Never netted against anything."
        ),
    ),
    (
        "indiscriminate",
        N_("Fell on people not violent"),
        N_("Share of the force used that fell on people who were not violent, weighed by time."),
    ),
    (
        "tps_minutes",
        N_("TPS-minutes interrupted"),
        N_("Polling stations times minutes in which voting or counting stood still because it was not safe."),
    ),
    (
        "legitimacy",
        N_("Legitimacy"),
        N_(
            "Readiness of a camp to accept the authorities, from 0 to 1. It falls when force lands "
            "on people who are "
            "not violent, and recovers with dialogue and time."
        ),
    ),
    (
        "utilisation",
        N_("Utilisation"),
        N_("Time ordered until released over time on duty. The way back is not counted as a task."),
    ),
)


def definitions() -> dict[str, Definition]:
    """Return every definition in the current language, by key, in the order of their footnotes."""
    return {
        key: Definition(key, _(term), _(meaning), number)
        for number, (key, term, meaning) in enumerate(_TERMS, start=1)
    }
