"""Tables of casualties, hospitals and fires: what became of everybody who was hurt, and of what burned."""

from __future__ import annotations

from collections.abc import Sequence

from kontijensi.analysis.casualties import CARE_PARTS, SEVERITIES, Casualty, Fate, hospital_use
from kontijensi.analysis.percentiles import spread
from kontijensi.report.dossier import Dossier
from kontijensi.report.moments import NEVER, count, minutes, moment
from kontijensi.report.naming import place_name, word
from kontijensi.report.table import Column, Table, numbers_of, table, words_of
from kontijensi.vocabulary.words import _


def casualty_table(dossier: Dossier) -> Table:
    """Tell what became of everybody who was hurt, by severity, also where it is nobody."""
    columns = (
        Column(_("severity")),
        *numbers_of(_("hurt"), *(fate_text(fate) for fate in Fate), _("found every hospital full")),
        *numbers_of(_("median until reached"), _("median until cared for")),
        Column(_("P90 until cared for"), numeric=True, term="percentile"),
    )
    rows = [
        _casualty_row(word(severity), [row for row in dossier.casualties if row.severity == severity])
        for severity in SEVERITIES
    ]
    rows.append(_casualty_row(_("together"), dossier.casualties))
    note = _(
        "Cared for: treated on the spot, or in a hospital bed. Who never was counts as later than any time."
    )
    if dossier.world.scenario.medical is None:
        note = _(
            "The scenario has no section `medical`: those who were hurt are counted above, and nobody is "
            "carried."
        )
    return table(_("What became of those who were hurt; times in minutes"), columns, rows, note=note)


def fate_text(fate: Fate) -> str:
    """Say what had become of a casualty."""
    return _("still waiting") if fate is Fate.WAITING else word(fate)


def _casualty_row(name: str, rows: Sequence[Casualty]) -> list[str]:
    reached = spread([row.until_reached_s for row in rows])
    cared = spread([row.until_care_s for row in rows])
    return [
        name,
        count(len(rows)),
        *(count(sum(row.fate is fate for row in rows)) for fate in Fate),
        count(sum(row.turned_away for row in rows)),
        minutes(reached.median),
        minutes(cared.median),
        minutes(cared.p90),
    ]


def care_steps(rows: Sequence[Casualty]) -> list[tuple[str, float]]:
    """Return the mean length of each step over those cared for [s]; they add up to the whole."""
    if not rows:
        return []
    return [(name, sum(getattr(row.parts, name) or 0.0 for row in rows) / len(rows)) for name in CARE_PARTS]


def cared_for(dossier: Dossier, severity: str) -> list[Casualty]:
    """Return the casualties of a severity who were cared for."""
    return [row for row in dossier.casualties if row.severity == severity and row.until_care_s is not None]


def care_table(dossier: Dossier) -> Table:
    """Give the mean length of each step of care by severity."""
    columns = (
        Column(_("severity")),
        *numbers_of(_("cared for"), *(word(step) for step in CARE_PARTS), _("together")),
    )
    rows = []
    for severity in SEVERITIES:
        found = cared_for(dossier, severity)
        steps = care_steps(found)
        lengths = [minutes(length_s) for _step, length_s in steps] or [NEVER] * len(CARE_PARTS)
        whole = minutes(sum(length_s for _step, length_s in steps)) if steps else NEVER
        rows.append([word(severity), count(len(found)), *lengths, whole])
    return table(_("Steps of care, mean minutes of those who were cared for"), columns, rows)


def hospital_table(dossier: Dossier) -> Table:
    """Tell how each hospital was used; empty where nobody can be carried."""
    columns = (
        Column(_("hospital")),
        *numbers_of(_("beds"), _("admitted"), _("most beds taken"), _("minutes full")),
    )
    if dossier.world.scenario.medical is None:
        return table(_("Hospitals"), columns, [])
    found = hospital_use(dossier.run.records, dossier.world, dossier.end_s)
    rows = [
        [
            place_name(dossier.world, hospital),
            _("no limit") if use.beds is None else count(use.beds),
            count(use.admitted),
            count(use.most_taken),
            minutes(use.full_s, 0),
        ]
        for hospital, use in found.items()
    ]
    return table(_("Hospitals"), columns, rows)


def fire_table(dossier: Dossier) -> Table:
    """List every fire."""
    columns = (
        *words_of(_("place"), _("began"), _("what burned"), _("ended")),
        *numbers_of(
            _("stage reached"),
            _("minutes until water"),
            _("minutes burning"),
            _("litres of water"),
            _("voters whose ballots were lost"),
        ),
    )
    rows = [
        [
            place_name(dossier.world, fire.place),
            moment(dossier.world.calendar, fire.started_s),
            word(fire.burns),
            word(fire.how),
            count(fire.stage),
            minutes(fire.first_water_s),
            minutes(fire.burnt_s),
            count(fire.water),
            count(fire.voters) if fire.materials_lost else NEVER,
        ]
        for fire in dossier.fires
    ]
    return table(_("Fires"), columns, rows)
