"""`kontijensi run`: check a scenario, rehearse it once, write its run folder, and say what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kontijensi.analysis.limits import Limit, LimitError, Verdict, judge, parse_limit
from kontijensi.analysis.measure_kinds import MeasureKind
from kontijensi.cli import streams
from kontijensi.cli.asked import Asked
from kontijensi.cli.exits import Exit, Refusal
from kontijensi.cli.folders import run_folder, unwritable
from kontijensi.cli.holdings import holdings, rows, written
from kontijensi.cli.interrupts import stop_if_asked
from kontijensi.cli.problems import as_answer, counted, invalid, lines, load_scenario
from kontijensi.cli.rewrite import REPORT, uri
from kontijensi.scenario.document import Document
from kontijensi.scenario.problems import Problem, Severity, did_you_mean
from kontijensi.vocabulary.words import _, current_language, duration, number, percent, shown, visible

if TYPE_CHECKING:
    from kontijensi.api import Run, Scenario
    from kontijensi.cli.progress import Teller

Regret = dict[str, Any]
"""What `Scenario.regret` returns."""
MOST_WARNINGS = 5
"""Warnings shown before a run; `check` shows them all."""


@dataclass(frozen=True, slots=True)
class Order:
    """What `run` was asked to do."""

    scenario: Path
    seed: int | None
    replication: int
    settings: Sequence[str]
    injects: Sequence[str]
    out: Path | None
    replace: bool
    limits: Sequence[str]
    regret: int | None
    dry_run: bool
    no_report: bool
    quiet: bool
    as_json: bool


def rehearse(order: Order, asked: Asked) -> Exit:
    """Obey an order; returns Exit.CROSSED when a limit was crossed."""
    limits = _limits(order.limits)
    document = load_scenario(order.scenario, order.settings, asked)
    _policies_known(order, document)
    if not order.quiet:
        _warn(order, document)
    from kontijensi.api import Scenario

    scenario = Scenario(document)
    _measures_known(limits, scenario)
    _injects_known(order.injects, scenario)
    if order.dry_run:
        return _dry(order, scenario)
    _folder_free(order, document)
    try:
        run, folder, regret = _rehearsed(order, scenario)
    except KeyboardInterrupt:
        raise Refusal(Exit.INTERRUPTED, _("interrupted; nothing was written")) from None
    verdicts = _judged(limits, run, folder)
    if order.as_json:
        streams.answer(_answer(order, run, folder, verdicts) | ({} if regret is None else {"regret": regret}))
    else:
        _show(order, run, folder, regret)
        for verdict in verdicts:
            if verdict.crossed:
                streams.tell(_crossed(verdict))
    return Exit.CROSSED if any(verdict.crossed for verdict in verdicts) else Exit.DONE


# -- before --------------------------------------------------------------------------------------------------


def _limits(texts: Sequence[str]) -> list[Limit]:
    try:
        return [parse_limit(text) for text in texts]
    except LimitError as error:
        raise Refusal(Exit.USAGE, f"--fail-if: {error}") from None


def _measures_known(limits: Sequence[Limit], scenario: Scenario) -> None:
    """Refuse a limit on a measure that no run of this scenario can have, before the run and not after it."""
    if not limits:
        return
    from kontijensi.analysis.summary import summarise

    nothing = summarise(scenario.world, [])
    for limit in limits:
        try:
            judge(limit, nothing)
        except LimitError as error:
            if not _may_come(limit.path, nothing):
                raise Refusal(Exit.USAGE, f"--fail-if: {error}") from None


def _injects_known(injects: Sequence[str], scenario: Scenario) -> None:
    from kontijensi.storyline.injects import parse_inject

    for text in injects:
        try:
            parse_inject(text, scenario.world)
        except ValueError as error:
            raise Refusal(Exit.USAGE, f"--inject: {error}") from None


def _may_come(path: str, nothing: Any) -> bool:
    """Tell whether a measure that a run without events lacks lies in a group that only events fill."""
    node, steps = nothing, path.split(".")
    while steps and isinstance(node, dict) and node:
        length = next((n for n in range(1, len(steps) + 1) if ".".join(steps[:n]) in node), None)
        if length is None:
            return False
        node, steps = node[".".join(steps[:length])], steps[length:]
    return node == {} and bool(steps)


def _policies_known(order: Order, document: Document) -> None:
    """Refuse policies that nothing answers to; other packages may offer them, so `check` cannot know."""
    from kontijensi.command.dispatching import dispatch_policy
    from kontijensi.command.policies import UnknownPolicyError
    from kontijensi.command.postures import posture_policy

    command = document.file.command
    for key, find, name in (
        ("dispatch", dispatch_policy, command.dispatch),
        ("posture", posture_policy, command.posture),
    ):
        try:
            find(name)
        except UnknownPolicyError as error:
            guess = did_you_mean(name, error.choices)
            fix = _("Choose one of {choices}, or install the package that offers it.")
            problem = Problem(
                order.scenario.name,
                1,
                1,
                ("command", key),
                _("{name}: no such policy").format(name=shown(name))
                + (", " + _("did you mean {guess}?").format(guess=shown(guess)) if guess else ""),
                fix=fix.format(choices=", ".join(error.choices)),
            )
            raise invalid(order.scenario, [problem]) from None


def _warn(order: Order, document: Document) -> None:
    warnings = [problem for problem in document.notes if problem.severity is Severity.WARNING]
    for problem in warnings[:MOST_WARNINGS]:
        streams.tell(lines(order.scenario).head(problem))
    if document.notes:
        hint = _("{counts}; `kontijensi check` says more").format(counts=counted(document.notes))
        streams.tell(click.style(hint, dim=True))


def _folder_free(order: Order, document: Document) -> None:
    """Ask before the work begins whether its run could be written."""
    from kontijensi.trace import RunFolderError, check_free

    folder = _folder(order, document)
    try:
        check_free(folder, replace=order.replace)
    except RunFolderError as error:
        raise Refusal(Exit.FAILED, _with_hint(str(error), order)) from None
    if (barrier := unwritable(folder)) is not None:
        text = _("{folder}: nothing can be written there; choose another folder with --out")
        raise Refusal(Exit.FAILED, text.format(folder=visible(str(barrier), 200)))


def _with_hint(text: str, order: Order) -> str:
    from kontijensi.trace.folder import MANIFEST

    holds_run = order.out is not None and (order.out / MANIFEST).is_file()
    return text + (" (--replace)" if holds_run and not order.replace else "")


def _folder(order: Order, document: Document) -> Path:
    if order.out is not None:
        return order.out
    seed = document.file.seed if order.seed is None else order.seed
    return run_folder(order.scenario, seed, order.replication)


def _dry(order: Order, scenario: Scenario) -> Exit:
    """Compile and say what would be rehearsed."""
    file = scenario.document.file
    seed = file.seed if order.seed is None else order.seed
    world = scenario.world
    folder = _folder(order, scenario.document)
    if order.as_json:
        plan = {
            "seed": seed,
            "replication": order.replication,
            "folder": str(folder),
            "holds": holdings(file),
        }
        done = {"ok": True, "exit_code": 0, "dry_run": True, "scenario": str(order.scenario)}
        streams.answer({**done, **plan, "sha256": scenario.document.sha256, **as_answer(scenario.notes)})
        return Exit.DONE
    click.echo(click.style(visible(file.name, None), bold=True))
    guards = sum(sum(guard.people.values()) for guard in world.guards)
    table = [
        *rows(file),
        (_("guards"), _("{people} people at posts").format(people=number(guards))),
        (_("seed"), _("{seed}, replication {replication}").format(seed=seed, replication=order.replication)),
        (_("folder"), visible(str(folder), None)),
    ]
    click.echo(written(table))
    click.echo()
    click.echo(_("Dry run: checked and compiled, nothing was rehearsed or written."))
    return Exit.DONE


# -- the run -------------------------------------------------------------------------------------------------


def _rehearsed(order: Order, scenario: Scenario) -> tuple[Run, Path, Regret | None]:
    from kontijensi.cli.progress import teller

    with teller(quiet=order.quiet) as tell:
        tell.stage(_("Compiling the area"))
        world = scenario.world
        _say_if_first(tell)
        advance = tell.rehearsing(world)

        def progress(t_s: float) -> None:
            stop_if_asked()
            advance(t_s)

        run = scenario.run(order.seed, order.replication, progress=progress, injects=order.injects)
        tell.stage(_("Measuring"))
        run.summary()
        stop_if_asked()
        regret = _regret(order, scenario, tell) if order.regret else None
        tell.stage(_("Writing the run folder") if order.no_report else _("Writing the report"))
        folder = _kept(order, run, regret)
    return run, folder, regret


def _regret(order: Order, scenario: Scenario, tell: Teller) -> Regret:
    """Rehearse on with what was reported and with a perfect picture, on the same seeds."""
    names = {"reported": _("as reported"), "perfect": _("perfect picture")}
    replications = order.regret or 0

    def step(replication: int, picture: str) -> None:
        stop_if_asked()
        text = _("Rehearsing replication {k} of {n}: {plan} ...")
        tell.stage(text.format(k=replication + 1, n=replications, plan=names[picture]))

    return scenario.regret(order.seed, replications, step=step, injects=order.injects)


def _kept(order: Order, run: Run, regret: Regret | None) -> Path:
    """Write the run folder and return it."""
    from kontijensi.trace import RunFolderError

    while True:
        # Chosen now: another run may have taken the name while this one was rehearsed.
        folder = _folder(order, run.scenario.document)
        try:
            if order.no_report:
                run.write(folder, replace=order.replace, regret=regret)
            else:
                language = str(current_language())
                run.report(folder, language=language, replace=order.replace, regret=regret)
        except RunFolderError as error:
            if order.out is None and folder.exists():
                continue  # taken in this very moment: there is always another name
            raise Refusal(Exit.FAILED, _with_hint(str(error), order)) from None
        return folder


def _say_if_first(tell: Teller) -> None:
    """Say why the first run on a machine takes longer."""
    from kontijensi.vocabulary.compiling import is_compiled

    if not is_compiled("kernel.advance"):
        tell.stage(_("First run here: crowds are compiled once, which takes half a minute"))


# -- after ---------------------------------------------------------------------------------------------------


def _judged(limits: Sequence[Limit], run: Run, folder: Path) -> list[Verdict]:
    try:
        return [judge(limit, run.summary()) for limit in limits]
    except LimitError as error:
        kept = _("the run itself is in {folder}").format(folder=visible(str(folder), 200))
        raise Refusal(Exit.USAGE, f"--fail-if: {error}; {kept}") from None


def _answer(order: Order, run: Run, folder: Path, verdicts: Sequence[Verdict]) -> dict[str, Any]:
    from kontijensi.trace.plain import plain

    report = None if order.no_report else folder / REPORT
    crossed = any(verdict.crossed for verdict in verdicts)
    values = {
        "ok": not crossed,
        "exit_code": int(Exit.CROSSED if crossed else Exit.DONE),
        "scenario": str(order.scenario),
        "sha256": run.scenario.document.sha256,
        "seed": run.seed,
        "replication": run.replication,
        "overrides": dict(run.scenario.document.overrides),
        "injects": list(run.injects),
        "folder": str(folder),
        "report": None if report is None else str(report),
        "report_uri": None if report is None else uri(report),
        "warnings": [problem.as_dict() for problem in run.scenario.notes],
        "limits": [
            {"limit": verdict.limit.text, "observed": verdict.observed, "crossed": verdict.crossed}
            for verdict in verdicts
        ],
        "summary": run.summary(),
    }
    answer = plain(values)
    assert isinstance(answer, dict)
    return answer


def _crossed(verdict: Verdict) -> str:
    observed = _observed(verdict)
    text = _("Limit crossed: {limit} (observed: {observed})")
    return click.style(
        text.format(limit=visible(verdict.limit.text, 120), observed=observed), fg="red", bold=True
    )


def _observed(verdict: Verdict) -> str:
    """Write what was observed as the limit is written: a time with its unit, a share in per cent."""
    if verdict.observed is None:
        return _("not known")
    match verdict.limit.kind:
        case MeasureKind.TIME:
            return duration(round(verdict.observed, 1))
        case MeasureKind.SHARE:
            return percent(verdict.observed, 2)
        case MeasureKind.TRUTH:
            return str(bool(verdict.observed)).lower()
        case _:
            return number(verdict.observed)


def _show(order: Order, run: Run, folder: Path, regret: Regret | None) -> None:
    from kontijensi.cli.summary import show

    show(run)
    if regret is not None:
        from kontijensi.experiment.regret import from_plain
        from kontijensi.report.side_by_side import rows as told
        from kontijensi.report.side_by_side import set_in_columns

        heading = _("What the late and partial picture cost (n = {n})")
        click.echo(click.style(heading.format(n=number(regret["replications"])), bold=True))
        table = told(from_plain(regret), _("as reported"), _("perfect picture"))
        click.echo("\n".join(set_in_columns(table)) + "\n")
    click.echo(_("Run folder: {path}").format(path=visible(str(folder), None)))
    if not order.no_report:
        click.echo(_("Report: {path}").format(path=visible(str(folder / REPORT), None)))
        click.echo(f"  {uri(folder / REPORT)}")
