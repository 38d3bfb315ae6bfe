"""Where each value of a scenario was written: in its YAML, in a row of a table, or on the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kontijensi.scenario.problems import Path, Problem, Severity
from kontijensi.scenario.yaml_text import Text
from kontijensi.vocabulary.words import _

PLACES: Path = ("area", "places")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its file, its line, and the number of each column, from 1."""

    file: str
    line: int
    columns: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Setting:
    """A value set from outside, such as by `--set units.brimob.count=2`."""

    shown: str
    path: Path


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Makes problems at the place where a value was written."""

    text: Text
    rows: Mapping[str, Row] = field(default_factory=dict)
    settings: Sequence[Setting] = ()

    def problem(
        self,
        path: Path,
        message: str,
        *,
        severity: Severity = Severity.ERROR,
        why: str | None = None,
        fix: str | None = None,
        key: bool = False,
    ) -> Problem:
        """Return a problem with the value at a path, or with its key."""
        for setting in reversed(self.settings):
            if path[: len(setting.path)] == setting.path:
                return Problem(setting.shown, 1, 1, path, message, severity, why, fix)
        row = self.rows.get(str(path[2])) if len(path) > 2 and path[:2] == PLACES else None
        if row is None:
            return self.text.problem(path, message, severity=severity, why=why, fix=fix, key=key)
        column = str(path[3]) if len(path) > 3 else "id"
        if len(path) > 3:
            message = _("column {column}: {message}").format(column=column, message=message)
        return Problem(row.file, row.line, row.columns.get(column, 1), path, message, severity, why, fix)
