"""The strict reader of scenario YAML: plain values, the place of each, and every problem, not only the first.

The language is a small, unambiguous part of YAML: no tags, no merge keys, no words that other readers take
for something else (`no`, `010`, `1_000`), one document, keys that are text. Aliases have a budget.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kontijensi.scenario.marks import Marks
from kontijensi.scenario.problems import Path, Problem, ScenarioError, Severity, in_order
from kontijensi.scenario.yaml_faults import Fault, decode, forbidden_characters
from kontijensi.scenario.yaml_reader import REFUSED, Reader
from kontijensi.vocabulary.words import _

__all__ = ["LARGEST_FILE", "REFUSED", "Text", "read"]

LARGEST_FILE = 64 * 1024 * 1024
"""Bytes of a scenario file; more is refused unread."""


@dataclass(frozen=True, slots=True)
class Text:
    """A document that was read: its values, their places, and what is wrong with it.

    `data` is made of dict, list, str, int, float, bool and None, with REFUSED where a value was refused; what
    aliases name is shared, so it is to be read and not changed. `whole` is False when reading ended early;
    `data` is then None.
    """

    name: str
    data: Any
    marks: Marks
    problems: tuple[Problem, ...]
    whole: bool

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
        """Return a problem at the place of a value, or of its key."""
        mark = self.marks.find_key(path) if key else self.marks.find(path)
        return Problem(self.name, mark.line, mark.column, path, message, severity, why, fix)

    def checked(self) -> Text:
        """Return itself; raises ScenarioError with every problem when there is one."""
        if self.problems:
            raise ScenarioError(self.problems)
        return self


def read(text: bytes | str, *, name: str) -> Text:
    """Read a scenario's YAML; problems are in the result and nothing is raised.

    `name` is the file's name as problems show it.
    """
    if len(text) > LARGEST_FILE:
        return _unreadable(
            name,
            Fault(
                1,
                1,
                _("the file is larger than {n} MB").format(n=LARGEST_FILE // 2**20),
                _("Split the scenario."),
            ),
        )
    decoded = decode(text) if isinstance(text, bytes) else text.removeprefix("\ufeff")
    if isinstance(decoded, Fault):
        return _unreadable(name, decoded)
    if faults := list(forbidden_characters(decoded)):
        return _unreadable(name, *faults)
    reading = Reader(decoded, name).read()
    return Text(name, reading.data, reading.marks, reading.problems, reading.whole)


def _unreadable(name: str, *faults: Fault) -> Text:
    problems = tuple(Problem(name, f.line, f.column, (), f.message, fix=f.fix) for f in faults)
    return Text(name, None, Marks(None), in_order(problems), whole=False)
