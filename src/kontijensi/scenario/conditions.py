"""Conditions of triggers, such as `tension_hoax >= 0.6 and crowd_active > 50`: read, bounded and evaluated.

A condition is arithmetic, comparisons, `and`, `or` and `not` over a few known names. Python's own parser
reads it, and every node is held against a short list before anything is evaluated: no attribute, call, power,
subscript or text ever comes near an interpreter.
"""

from __future__ import annotations

import ast
import operator
import re
import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from math import inf, isnan, nextafter
from types import CodeType

from kontijensi.scenario.problems import did_you_mean
from kontijensi.vocabulary.words import _, shown

LONGEST = 500
"""Characters of a condition."""
DEEPEST = 24
"""Levels within each other."""

Range = tuple[float, float]
"""Lowest and highest value a name can have, both included."""

COLOURS: Mapping[str, int] = {"green": 0, "yellow": 1, "red": 2}
"""Constants a situation's colour is compared with."""
_CONSTANTS: dict[str, object] = {"__builtins__": {}, **COLOURS}

PLACE_RANGES: Mapping[str, Range] = {
    "tension_max": (0, 1),
    "legitimacy": (0, 1),
    "complaints_in_time": (0, 1e6),
    "complaints_failed": (0, 1e6),
    "crowd_present": (0, 200_000),
    "crowd_active": (0, 200_000),
    "crowd_violent": (0, 200_000),
    "active_share": (0, 1),
    "colour": (0, 2),
}
"""Names whose value belongs to one place; `tension_<channel>` and `rumour_<rumour>` in [0, 1] join them."""

AREA_RANGES: Mapping[str, Range] = {
    "incidents_open": (0, 1e6),
    "incidents_waiting": (0, 1e6),
    "units_free": (0, 1e6),
    "complaints_waiting": (0, 1e6),
    "red_places": (0, 1e6),
    "yellow_places": (0, 1e6),
    "hour": (0, nextafter(24.0, 0.0)),
}
"""Names whose value belongs to the whole area."""

AREA_NAMES = frozenset(AREA_RANGES)

_ARITHMETIC: Mapping[type[ast.AST], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_COMPARISONS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq)
_MIRRORED: Mapping[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.Gt,
    ast.LtE: ast.GtE,
    ast.Gt: ast.Lt,
    ast.GtE: ast.LtE,
    ast.Eq: ast.Eq,
}


def tension_name(channel: str) -> str:
    """Return the name a channel's tension has in a condition: its id, with `_` for what no name may hold."""
    return "tension_" + re.sub(r"\W", "_", channel)


def rumour_name(rumour: str) -> str:
    """Return the name that the share of a village who have heard a rumour has in a condition."""
    return "rumour_" + re.sub(r"\W", "_", rumour)


def known_ranges(channels: Iterable[str], rumours: Iterable[str] = ()) -> dict[str, Range]:
    """Return every name a condition may use in a scenario with these channels and rumours, and its range."""
    own: dict[str, Range] = {tension_name(channel): (0, 1) for channel in channels}
    own |= {rumour_name(rumour): (0, 1) for rumour in rumours}
    return {**own, **PLACE_RANGES, **AREA_RANGES}


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition that was checked; `names` are those it reads, the colours aside."""

    text: str
    names: frozenset[str]

    @property
    def per_place(self) -> bool:
        """Whether it is about one place, and so is asked of each place by itself."""
        return any(name not in AREA_RANGES for name in self.names)

    def evaluate(self, values: Mapping[str, float]) -> bool:
        """Return whether it holds; a division by zero makes it false.

        Values are asked for only as far as the answer needs them. Raises KeyError for a name without one.
        """
        try:
            # The tree was held against the allow-list before it was compiled.
            return bool(eval(_code(self.text), _CONSTANTS, values))
        except NameError as error:
            raise KeyError(error.name) from None
        except (ZeroDivisionError, OverflowError):
            return False

    def possible(self, ranges: Mapping[str, Range]) -> bool:
        """Return False when it cannot hold while each name stays within its range.

        Interval arithmetic: True means that nothing was found against it.
        """
        return _outcomes(_tree(self.text).body, ranges)[0]


def compile_condition(text: str, known: Iterable[str] | None = None) -> Condition:
    """Return the condition in `text`; its names must be among the known ones (any, when None).

    Raises ValueError in plain words.
    """
    plain = " ".join(text.split())
    if len(plain) > LONGEST:
        raise ValueError(
            _("a condition has at most {most} characters; this one has {n}").format(
                most=LONGEST, n=len(plain)
            )
        )
    tree = _tree(plain)
    names = set[str]()
    _check(tree.body, names, depth=0, truth=True)
    names -= COLOURS.keys()
    if known is not None:
        _refuse_unknown(names, frozenset(known))
    return Condition(plain, frozenset(names))


@cache
def _tree(text: str) -> ast.Expression:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return ast.parse(text, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ValueError(
            _("{value}: not a condition; write for example crowd_active > 50 and colour >= yellow").format(
                value=shown(text)
            )
        ) from None


@cache
def _code(text: str) -> CodeType:
    return compile(_tree(text), "<condition>", "eval")


def _refuse_unknown(names: set[str], known: frozenset[str]) -> None:
    for name in sorted(names - known):
        guess = did_you_mean(name, [*known, *COLOURS])
        if guess is not None:
            raise ValueError(
                _("{name}: no such value; did you mean {guess}?").format(name=shown(name), guess=shown(guess))
            )
        raise ValueError(
            _("{name}: no such value; choose from {choices}").format(
                name=shown(name), choices=", ".join(sorted(known))
            )
        )


def _check(node: ast.expr, names: set[str], *, depth: int, truth: bool) -> None:
    """Hold a node against the allow-list; `truth` says whether something true or false is wanted here."""
    if depth > DEEPEST:
        raise ValueError(_("the condition is nested more than {n} deep").format(n=DEEPEST))
    parts: list[ast.expr]
    match node:
        case ast.BoolOp(values=parts):
            gives_truth, wants_truth = True, True
        case ast.UnaryOp(op=ast.Not(), operand=part):
            gives_truth, wants_truth, parts = True, True, [part]
        case ast.Compare(left=left, ops=ops, comparators=others) if all(
            isinstance(op, _COMPARISONS) for op in ops
        ):
            gives_truth, wants_truth, parts = True, False, [left, *others]
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _ARITHMETIC:
            gives_truth, wants_truth, parts = False, False, [left, right]
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=part):
            gives_truth, wants_truth, parts = False, False, [part]
        case ast.Constant(value=int() | float() as number) if _plain(number):
            gives_truth, wants_truth, parts = False, False, []
        case ast.Name(id=name):
            names.add(name)
            gives_truth, wants_truth, parts = False, False, []
        case _:
            raise ValueError(_not_allowed(node))
    if gives_truth != truth:
        raise ValueError(_mixed(node, truth=truth))
    for part in parts:
        _check(part, names, depth=depth + 1, truth=wants_truth)


def _plain(number: float) -> bool:
    return not isinstance(number, bool) and abs(number) < 1e18


def _not_allowed(node: ast.expr) -> str:
    return _(
        "{part} has no place in a condition; use numbers, names, + - * /, comparisons, and, or, not"
    ).format(part=shown(ast.unparse(node)))


def _mixed(node: ast.expr, *, truth: bool) -> str:
    part = shown(ast.unparse(node))
    if truth:
        return _("{part} is a number, not true or false; compare it, for example {part} > 0").format(
            part=part
        )
    return _("{part} is true or false and cannot be reckoned with").format(part=part)


def _outcomes(node: ast.expr, ranges: Mapping[str, Range]) -> tuple[bool, bool]:
    """Return whether a node can be true, and whether it can be false."""
    if isinstance(node, ast.UnaryOp):
        can_hold, can_fail = _outcomes(node.operand, ranges)
        return can_fail, can_hold
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And):
        narrowed = _narrowed(node.values, ranges)
        fails = any(_outcomes(part, ranges)[1] for part in node.values)
        return narrowed is not None and all(_outcomes(part, narrowed)[0] for part in node.values), fails
    if isinstance(node, ast.BoolOp):
        found = [_outcomes(part, ranges) for part in node.values]
        return any(holds for holds, _fails in found), all(fails for _holds, fails in found)
    if not isinstance(node, ast.Compare):
        raise TypeError(ast.dump(node))
    if any(_never_a_number(term, ranges) for term in (node.left, *node.comparators)):
        return False, False
    terms = [_bounds(term, ranges) for term in (node.left, *node.comparators)]
    pairs = [_compared(op, a, b) for op, a, b in zip(node.ops, terms, terms[1:], strict=False)]
    return all(holds for holds, _fails in pairs), any(fails for _holds, fails in pairs)


def _never_a_number(node: ast.expr, ranges: Mapping[str, Range]) -> bool:
    """Return whether a term always divides by zero: what compares it is neither true nor false."""
    return any(
        isinstance(part, ast.BinOp) and isinstance(part.op, ast.Div) and _bounds(part.right, ranges) == (0, 0)
        for part in ast.walk(node)
    )


def _compared(op: ast.cmpop, a: Range, b: Range) -> tuple[bool, bool]:
    if isinstance(op, ast.Gt | ast.GtE):
        return _compared(ast.Lt() if isinstance(op, ast.Gt) else ast.LtE(), b, a)
    if isinstance(op, ast.Lt):
        return a[0] < b[1], a[1] >= b[0]
    if isinstance(op, ast.LtE):
        return a[0] <= b[1], a[1] > b[0]
    meet = a[0] <= b[1] and b[0] <= a[1]
    differ = not (a[0] == a[1] == b[0] == b[1])
    return (meet, differ) if isinstance(op, ast.Eq) else (differ, meet)


def _bounds(node: ast.expr, ranges: Mapping[str, Range]) -> Range:
    """Return the lowest and highest value of an arithmetic node."""
    match node:
        case ast.Constant(value=int() | float() as number):
            return float(number), float(number)
        case ast.Name(id=name):
            if name in COLOURS and name not in ranges:
                return COLOURS[name], COLOURS[name]
            return ranges.get(name, (-inf, inf))
        case ast.UnaryOp(op=op, operand=part):
            low, high = _bounds(part, ranges)
            return (-high, -low) if isinstance(op, ast.USub) else (low, high)
        case ast.BinOp(left=left, op=op, right=right):
            a, b = _bounds(left, ranges), _bounds(right, ranges)
            if isinstance(op, ast.Div) and b[0] <= 0 <= b[1]:
                return -inf, inf
            corners = [
                _ARITHMETIC[type(op)](x, y)
                for x, y in ((a[0], b[0]), (a[0], b[1]), (a[1], b[0]), (a[1], b[1]))
            ]
            if isinstance(op, ast.Sub):
                corners = [a[0] - b[1], a[1] - b[0]]
            return (-inf, inf) if any(map(isnan, corners)) else (min(corners), max(corners))
        case _:
            raise TypeError(ast.dump(node))


def _narrowed(parts: list[ast.expr], ranges: Mapping[str, Range]) -> dict[str, Range] | None:
    """Return the ranges left when every simple comparison in `parts` holds, or None when nothing is left."""
    left = dict(ranges)
    for part in parts:
        if not (isinstance(part, ast.Compare) and len(part.ops) == 1):
            continue
        a, op, b = part.left, type(part.ops[0]), part.comparators[0]
        if isinstance(b, ast.Name) and not isinstance(a, ast.Name) and op in _MIRRORED:
            a, op, b = b, _MIRRORED[op], a
        if not isinstance(a, ast.Name) or a.id in COLOURS or op is ast.NotEq:
            continue
        low, high = _bounds(b, ranges)
        least, most = left.get(a.id, (-inf, inf))
        if op in (ast.Gt, ast.GtE, ast.Eq):
            least = max(least, nextafter(low, inf) if op is ast.Gt else low)
        if op in (ast.Lt, ast.LtE, ast.Eq):
            most = min(most, nextafter(high, -inf) if op is ast.Lt else high)
        if least > most:
            return None
        left[a.id] = (least, most)
    return left
