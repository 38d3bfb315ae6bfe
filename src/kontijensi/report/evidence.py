"""How well the values are known on which the rehearsal rests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from kontijensi.report.dossier import Dossier
from kontijensi.report.moments import NEVER
from kontijensi.report.naming import inert, word
from kontijensi.report.table import Column, Table, numbers_of, table, words_of
from kontijensi.vocabulary.words import _, number

GRADES = ("measured", "literature", "expert", "assumed")
_MARKS = {"measured": "●", "literature": "◆", "expert": "◇", "assumed": "○"}


def grade_text(grade: str) -> str:
    """Return a grade with its mark, so that it reads without colour."""
    return f"{_MARKS.get(grade, '○')} {word(grade)}"


def evidence_table(dossier: Dossier) -> Table:
    """List what the scenario says of its own values, the weakest last."""
    columns = words_of(_("value"), _("evidence"), _("source"), _("range"), _("note"))
    sources = dossier.world.scenario.sources
    entries = sorted(
        dossier.world.scenario.evidence.items(), key=lambda item: (GRADES.index(str(item[1].grade)), item[0])
    )
    rows = []
    for path, entry in entries:
        source = NEVER if entry.source is None else inert(sources.get(entry.source, entry.source), 120)
        bounds = NEVER
        if entry.low is not None or entry.high is not None:
            ends = [NEVER if bound is None else number(bound) for bound in (entry.low, entry.high)]
            bounds = "–".join(ends)
        note = inert(entry.note or "", 240) or NEVER
        rows.append([inert(path), grade_text(str(entry.grade)), source, bounds, note])
    return table(_("What the scenario says about its values"), columns, rows, most=80)


def parameter_table(dossier: Dossier) -> Table:
    """List the parameters of the crowd rule in force, with their unit, range, grade and source."""
    columns = (
        *words_of(_("parameter")),
        *numbers_of(_("value")),
        *words_of(_("unit"), _("admitted range"), _("evidence"), _("source")),
    )
    rows = []
    for name, value, extra in parameters(dossier):
        low_high = extra.get("range")
        bounds = NEVER if low_high is None else "–".join(number(bound) for bound in low_high)
        shown = number(value) if isinstance(value, int | float) else inert(value)
        source = str(extra.get("source", ""))
        rows.append(
            [
                f"crowd.{name}",
                shown,
                _unit(str(extra.get("unit", "-"))),
                bounds,
                grade_text(str(extra.get("grade", "assumed"))),
                word("assumed") if source == "assumed" else inert(_(source) if source else "", 160),
            ]
        )
    return table(_("Parameters of the crowd rule"), columns, rows, most=100)


def _unit(unit: str) -> str:
    if unit in {"-", "1"}:
        return NEVER
    return _("people") if unit in {"persons", "people"} else inert(unit)


def parameters(dossier: Dossier) -> Iterator[tuple[str, Any, dict[str, Any]]]:
    """Yield each parameter of the crowd rule: name, value in force, and its pedigree."""
    crowd = dossier.world.scenario.crowd
    for name, field in type(crowd).model_fields.items():
        extra = field.json_schema_extra
        if isinstance(extra, dict):
            yield name, getattr(crowd, name), dict(extra)


def grades(dossier: Dossier) -> Counter[str]:
    """Count the scenario's evidence entries by grade."""
    return Counter(str(entry.grade) for entry in dossier.world.scenario.evidence.values())


def crowd_grades(dossier: Dossier) -> Counter[str]:
    """Count the parameters of the crowd rule by grade."""
    return Counter(str(extra.get("grade", "assumed")) for _name, _value, extra in parameters(dossier))


def run_table(dossier: Dossier) -> Table:
    """State what it takes to make this run again."""
    manifest = dossier.run.manifest
    rows = [
        [_("seed"), str(manifest.seed)],
        [_("replication"), str(manifest.replication)],
        *([_("file {name}, SHA-256").format(name=inert(file.name)), file.sha256] for file in manifest.files),
        *(
            [_("set to"), inert(f"{path} = {value}", 160)]
            for path, value in sorted(manifest.overrides.items())
        ),
        [_("records"), number(len(dossier.run.records), 0)],
        [_("versions"), inert(", ".join(f"{k} {v}" for k, v in sorted(manifest.versions.items())), 400)],
        ["Python", inert(manifest.python)],
    ]
    return table(_("What it takes to make this run again"), (Column(_("what")), Column(_("value"))), rows)
