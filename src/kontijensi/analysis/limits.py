"""Limits on measures, as `--fail-if` takes them: `coverage.patrol.average < 0.8`.

A limit names a measure by its path in the summary, compares it, and is crossed when the comparison holds. A
measure that is null crosses every limit: what is not known cannot be shown to keep it.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kontijensi.analysis.measure_kinds import MeasureKind, kind_of
from kontijensi.scenario.problems import did_you_mean
from kontijensi.vocabulary.durations import parse_duration
from kontijensi.vocabulary.words import N_, _, shown

_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
}
_LIMIT = re.compile(r"\s*(?P<path>[^<>=!]+?)\s*(?P<sign><=|>=|==|!=|<|>)\s*(?P<value>[^<>=!]+?)\s*")
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")


class LimitError(ValueError):
    """A limit that cannot be read, or a measure that does not exist."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A comparison that must not hold."""

    text: str
    path: str
    sign: str
    value: float
    kind: MeasureKind | None
    """What the measure is; None where no measure has such a path."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A limit held against a summary."""

    limit: Limit
    observed: float | None
    crossed: bool


def parse_limit(text: str) -> Limit:
    """Read a limit such as `responses.all.effective.p90 > 15 min` or `harm.public.severe >= 1`.

    The value is written as the measure asks: a time with its unit, a share from 0 to 1 or with %, a count
    without a unit. Raises LimitError saying what to write instead.
    """
    match = _LIMIT.fullmatch(text)
    if match is None:
        raise LimitError(
            _("{text}: not a limit; write for example 'coverage.patrol.average < 0.8'").format(
                text=shown(text)
            )
        )
    kind = kind_of(match["path"].strip())
    value = _value(match["value"], kind, text)
    return Limit(text=text.strip(), path=match["path"], sign=match["sign"], value=value, kind=kind)


def judge(limit: Limit, summary: Mapping[str, Any]) -> Verdict:
    """Hold a limit against a summary.

    Raises LimitError when there is no such measure, or it is not a number.
    """
    observed = measure(summary, limit.path)
    if isinstance(observed, bool):
        observed = float(observed)
    if observed is not None and not isinstance(observed, (int, float)):
        raise LimitError(_("{path}: this measure is not a number").format(path=shown(limit.path)))
    crossed = observed is None or _COMPARE[limit.sign](float(observed), limit.value)
    return Verdict(limit=limit, observed=observed, crossed=crossed)


def measure(summary: Mapping[str, Any], path: str) -> Any:
    """Return the measure at a path such as `responses.all.effective.p90`; ids within it may hold dots.

    Raises LimitError naming the part that does not exist, the nearest that does, and the choices.
    """
    steps = path.strip().split(".")
    found = list(_walk(summary, steps))
    if found:
        return found[0]
    known, node, left = _as_far_as(summary, steps)
    if not isinstance(node, Mapping):
        raise LimitError(
            _("{path}: {known} is a measure and has no {part}").format(
                path=shown(path), known=known, part=shown(".".join(left))
            )
        )
    where = known or _("the summary")
    guess = did_you_mean(left[0], node) if left else None
    hint = _("did you mean {guess}?").format(guess=shown(guess)) if guess else _choices(node)
    if not left:
        raise LimitError(
            _("{path}: a group of measures; {hint}").format(path=shown(path), hint=_choices(node))
        )
    raise LimitError(
        _("{path}: no {part} in {where}; {hint}").format(
            path=shown(path), part=shown(left[0]), where=where, hint=hint
        )
    )


def measures(summary: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, float | None]]:
    """Yield the path and value of every measure that is a number, true or false, or null; no lists."""
    for key, value in summary.items():
        path = f"{prefix}{key}"
        if isinstance(value, Mapping):
            yield from measures(value, f"{path}.")
        elif value is None or isinstance(value, (bool, int, float)):
            yield path, None if value is None else float(value)


def _walk(node: Any, steps: list[str]) -> Iterator[Any]:
    """Yield what a path leads to; keys with dots in them are tried at every length."""
    if not steps:
        if not isinstance(node, Mapping):
            yield node
        return
    if not isinstance(node, Mapping):
        return
    for length in range(1, len(steps) + 1):
        key = ".".join(steps[:length])
        if key in node:
            yield from _walk(node[key], steps[length:])


def _as_far_as(node: Any, steps: list[str]) -> tuple[str, Any, list[str]]:
    """Return the part of a path that exists, what stands there, and the rest of the path."""
    best: tuple[str, Any, list[str]] = ("", node, steps)
    if not isinstance(node, Mapping):
        return best
    for length in range(1, len(steps) + 1):
        key = ".".join(steps[:length])
        if key in node:
            known, there, left = _as_far_as(node[key], steps[length:])
            if len(left) < len(best[2]):
                best = (f"{key}.{known}" if known else key, there, left)
    return best


def _choices(node: Mapping[str, Any]) -> str:
    names = [str(name) for name in node]
    listed = ", ".join(names[:12]) + (", …" if len(names) > 12 else "")
    return _("choose one of {choices}").format(choices=listed or _("nothing: the group is empty"))


def _value(text: str, kind: MeasureKind | None, whole: str) -> float:
    """Return a value written as the measure's kind asks; a path without a kind is found wrong later."""
    number = float(text) if _NUMBER.fullmatch(text) else None
    part = float(text[:-1]) / 100.0 if text.endswith("%") and _NUMBER.fullmatch(text[:-1].strip()) else None
    match kind:
        case MeasureKind.TIME:
            found = _seconds(text, number)
        case MeasureKind.SHARE:
            found = number if part is None else part
            found = found if found is not None and 0 <= found <= 1 else None
        case MeasureKind.LEVEL | MeasureKind.COUNT | MeasureKind.AMOUNT:
            found = number
        case MeasureKind.TRUTH:
            found = {"true": 1.0, "false": 0.0}.get(text.casefold())
        case None:
            found = next((v for v in (number, part, _seconds(text, None)) if v is not None), None)
    if found is None:
        raise LimitError(f"{shown(whole)}: " + _(_WANTED[kind]).format(value=shown(text)))
    return found


_WANTED: dict[MeasureKind | None, str] = {
    MeasureKind.TIME: N_("{value}: a length of time is needed, for example 20 min"),
    MeasureKind.SHARE: N_("{value}: a share is needed, from 0 to 1 or with %, for example 80%"),
    MeasureKind.LEVEL: N_("{value}: a level is needed, for example 0.6"),
    MeasureKind.COUNT: N_("{value}: a number without a unit is needed, for example 5"),
    MeasureKind.AMOUNT: N_("{value}: a number without a unit is needed (the measure's name says in what)"),
    MeasureKind.TRUTH: N_("{value}: true or false is needed"),
    None: N_("{value} is neither a number, a percentage nor a duration"),
}
"""How a value must be written for a measure of each kind."""


def _seconds(text: str, number: float | None) -> float | None:
    if number is not None:
        return 0.0 if number == 0 else None
    try:
        return parse_duration(text)
    except ValueError:
        return None
