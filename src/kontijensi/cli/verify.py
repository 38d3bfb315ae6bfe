"""`kontijensi verify`: what theory or paper and pencil give, beside what this program makes of it."""

from __future__ import annotations

import gc
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kontijensi.cli import streams
from kontijensi.cli.exits import Exit, Refusal
from kontijensi.scenario.problems import did_you_mean
from kontijensi.vocabulary.words import _, duration, number, shown, visible

if TYPE_CHECKING:
    from kontijensi.experiment.verification.reading import Case, Reading, Result

SIGNS = {True: "✓", False: "✗"}


def verify_program(
    *,
    cases: Sequence[str],
    quick: bool,
    only_list: bool,
    workers: int,
    manhattan: Path | None,
    quiet: bool,
    as_json: bool,
) -> Exit:
    """Run the cases named, or all, and say how each came out; Exit.FAILED when any was missed."""
    wanted = _chosen(cases)
    if only_list:
        return _list(wanted, as_json=as_json)
    show = None if as_json else lambda result: click.echo(_written(result))
    try:
        results = _run(wanted, show, quick=quick, workers=workers, manhattan=manhattan, quiet=quiet)
    except KeyboardInterrupt:
        results = None
    if results is None:
        # The program ends at once after Ctrl-C: what the processes shared has to be given back before.
        gc.collect()
        raise KeyboardInterrupt
    met = sum(result.met for result in results)
    code = Exit.DONE if met == len(results) else Exit.FAILED
    if as_json:
        done = {"ok": code is Exit.DONE, "exit_code": int(code), "quick": quick}
        streams.answer({**done, "cases": [_as_answer(result) for result in results]})
        return code
    click.echo()
    click.echo(_("{met} of {n} cases agree with what was expected.").format(met=met, n=len(results)))
    if manhattan is None and any(case.name == "grid-roads" for case in wanted):
        left_out = _("Manhattan was left out of grid-roads; {option} says where its files are.")
        click.echo(left_out.format(option="--manhattan"))
    if quick:
        click.echo(_("A quick check: without --quick the same cases are held to narrower errors."))
    return code


def _run(
    cases: Sequence[Case],
    show: Callable[[Result], None] | None,
    *,
    quick: bool,
    workers: int,
    manhattan: Path | None,
    quiet: bool,
) -> list[Result]:
    from kontijensi.experiment.verification import registry, trials

    results: list[Result] = []
    with trials.workers(workers) as spread:
        runs = trials.Trials(quick=quick, manhattan=manhattan, spread=spread)
        for case in cases:
            if not quiet:
                streams.tell(click.style(f"{_(case.title)} ...", dim=True))
            for result in registry.verify([case], runs):
                results.append(result)
                if show is not None:
                    show(result)
    return results


def _list(cases: Sequence[Case], *, as_json: bool) -> Exit:
    if as_json:
        listed = [{"case": case.name, "title": case.title, "source": case.source} for case in cases]
        streams.answer({"ok": True, "exit_code": int(Exit.DONE), "cases": listed})
        return Exit.DONE
    width = max(len(case.name) for case in cases)
    for case in cases:
        click.echo(f"{case.name:<{width}}  {_(case.title)} ({case.source})")
    return Exit.DONE


def _chosen(names: Sequence[str]) -> list[Case]:
    from kontijensi.experiment.verification.registry import UnknownCaseError, chosen
    from kontijensi.experiment.verification.registry import names as known

    try:
        return chosen(names)
    except UnknownCaseError as error:
        guess = did_you_mean(error.name, known())
        text = _("{name}: no such case; {hint}")
        hint = _("choose one of {choices}").format(choices=", ".join(known()))
        if guess is not None:
            hint = _("did you mean {guess}?").format(guess=shown(guess))
        raise Refusal(Exit.USAGE, text.format(name=shown(error.name), hint=hint)) from None


def _written(result: Result) -> str:
    sign = click.style(SIGNS[result.met], fg="green" if result.met else "red", bold=True)
    title = click.style(_(result.case.title), bold=True)
    lines = [f"{sign} {result.case.name}: {title} ({result.case.source}; {duration(result.seconds)})"]
    lines += [f"  {_line(reading)}" for reading in result.readings]
    if result.fault is not None:
        lines.append("  " + _("stopped: {fault}").format(fault=visible(result.fault, 200)))
    return "\n".join(lines)


def _line(reading: Reading) -> str:
    """Return quantity, expected, observed and tolerance on one line."""
    parts = [
        _("expected {value}").format(value=_value(reading.expected)),
        _("observed {value}").format(value=_value(reading.observed)),
    ]
    if reading.tolerance:
        parts.append(f"± {_value(reading.tolerance, 3)}")
    if reading.standard_error is not None:
        parts.append(_("standard error {value}").format(value=_value(reading.standard_error, 3)))
    if reading.n is not None:
        parts.append(f"n = {number(reading.n)}")
    return f"{SIGNS[reading.met]} {_(reading.quantity)}: " + ", ".join(parts)


def _value(value: float | str, digits: int = 7) -> str:
    """Write a value with so many digits that count; what is all but nothing is written as a power of ten."""
    if isinstance(value, str):
        return value
    if not math.isfinite(value):
        return "-"
    if 0 < abs(value) < 1e-4:
        return f"{value:.0e}"
    return number(float(f"{value:.{digits}g}"))


def _as_answer(result: Result) -> dict[str, Any]:
    return {
        "case": result.case.name,
        "title": result.case.title,
        "source": result.case.source,
        "met": result.met,
        "seconds": round(result.seconds, 3),
        "fault": result.fault,
        "readings": [
            {
                "quantity": reading.quantity,
                "expected": reading.expected,
                "observed": _known(reading.observed),
                "tolerance": _known(reading.tolerance),
                "standard_error": _known(reading.standard_error),
                "n": reading.n,
                "met": reading.met,
            }
            for reading in result.readings
        ],
    }


def _known(value: float | str | None) -> float | str | None:
    """JSON has no word for what is not a number: it is null."""
    return value if isinstance(value, str) or value is None or math.isfinite(value) else None
