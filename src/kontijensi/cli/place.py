"""`kontijensi place`: units where an optimiser would put them, rehearsed against today's plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kontijensi.cli import streams
from kontijensi.cli.asked import Asked
from kontijensi.cli.exits import Exit, Refusal
from kontijensi.cli.interrupts import stop_if_asked
from kontijensi.cli.problems import load_scenario
from kontijensi.scenario.problems import did_you_mean
from kontijensi.scenario.schema.area import PlaceKind
from kontijensi.scenario.schema.force import Capability
from kontijensi.vocabulary.durations import parse_duration
from kontijensi.vocabulary.words import _, duration, number, percent, shown, visible

if TYPE_CHECKING:
    from kontijensi.experiment.placement.proposal import Proposal, Question
    from kontijensi.experiment.side_by_side import Line

MOST_MOVES = 20
"""Moves shown one by one; `--json` lists them all."""


@dataclass(frozen=True, slots=True)
class Order:
    """What `place` was asked to do."""

    scenario: Path
    settings: Sequence[str]
    capability: str
    units: int | None
    method: str
    within: str | None
    busy: float
    type_id: str | None
    kinds: Sequence[str]
    at_least: Sequence[str]
    at_most: Sequence[str]
    replications: int
    seed: int | None
    quiet: bool
    as_json: bool


def place_units(order: Order, asked: Asked) -> Exit:
    """Propose, rehearse both plans and print them side by side."""
    document = load_scenario(order.scenario, order.settings, asked)
    from kontijensi.experiment.placement.location import PlacementError
    from kontijensi.experiment.placement.proposal import propose
    from kontijensi.experiment.placement.trial import rehearsed
    from kontijensi.world import compile_world

    question = _question(order)
    world = compile_world(document.file)
    try:
        proposal = propose(world, question)
    except PlacementError as error:
        raise Refusal(Exit.FAILED, str(error)) from None
    seed = document.file.seed if order.seed is None else order.seed

    def step(replication: int, plan: str) -> None:
        stop_if_asked()
        if not order.quiet:
            text = _("Rehearsing replication {k} of {n}: {plan} ...")
            name = {"today": _("today's plan"), "proposed": _("the proposal")}[plan]
            streams.tell(text.format(k=replication + 1, n=order.replications, plan=name))

    try:
        lines = rehearsed(world, proposal, order.replications, seed, step)
    except KeyboardInterrupt:
        raise Refusal(Exit.INTERRUPTED, _("interrupted; nothing was written")) from None
    if order.as_json:
        streams.answer(_answer(order, proposal, lines, seed))
    else:
        click.echo("\n".join(_written(order, proposal, lines)))
    return Exit.DONE


def _question(order: Order) -> Question:
    from kontijensi.experiment.placement.proposal import Method, Question

    capability = _one_of("--capability", order.capability, [str(word) for word in Capability])
    method = _one_of("--method", order.method, [str(word) for word in Method])
    kinds = tuple(
        PlaceKind(_one_of("--sites", kind, [str(word) for word in PlaceKind])) for kind in order.kinds
    )
    if not 0 <= order.busy < 1:
        message = _("--busy {value}: a share from 0 to below 1")
        raise Refusal(Exit.USAGE, message.format(value=order.busy))
    within_s = None
    if order.within is not None:
        try:
            within_s = parse_duration(order.within)
        except ValueError as error:
            raise Refusal(Exit.USAGE, f"--within: {error}") from None
    return Question(
        Capability(capability),
        order.units,
        Method(method),
        within_s,
        order.busy,
        order.type_id,
        kinds,
        _counts("--at-least", order.at_least),
        _counts("--at-most", order.at_most),
    )


def _counts(option: str, texts: Sequence[str]) -> dict[str, int]:
    """Read `PLACE=N`, given once for each place."""
    counts: dict[str, int] = {}
    for text in texts:
        place, _equals, count = text.rpartition("=")
        if not place or not (count.isascii() and count.isdigit()) or len(count) > 4 or place in counts:
            message = _("{option} {text}: write PLACE=N once for each place, for example polres=1")
            raise Refusal(Exit.USAGE, message.format(option=option, text=shown(text)))
        counts[place] = int(count)
    return counts


def _one_of(option: str, word: str, choices: Sequence[str]) -> str:
    if word in choices:
        return word
    guess = did_you_mean(word, choices)
    hint = _("choose from {choices}").format(choices=", ".join(choices))
    if guess is not None:
        hint = _("did you mean {guess}?").format(guess=shown(guess))
    raise Refusal(Exit.USAGE, f"{option} {shown(word)}: {hint}")


# -- the answer ----------------------------------------------------------------------------------------------


def _answer(order: Order, proposal: Proposal, lines: Sequence[Line], seed: int) -> dict[str, Any]:
    return {
        "ok": True,
        "exit_code": 0,
        "scenario": str(order.scenario),
        "seed": seed,
        "replications": order.replications,
        "method": str(proposal.question.method),
        "capability": str(proposal.question.capability),
        "type": proposal.type_id,
        "standard": proposal.standard,
        "within_s": proposal.within_s,
        "value": {"today": proposal.value_today, "proposed": proposal.value_proposed, "gap": proposal.gap},
        "sites": [
            {"place": site, "today": now, "proposed": then}
            for site, now, then in zip(proposal.sites, proposal.today, proposal.proposed, strict=True)
        ],
        "measures": [
            {
                "measure": line.measure.key,
                "unit": line.measure.unit,
                "today": line.first,
                "proposed": line.second,
                "difference": None if line.difference is None else asdict(line.difference),
            }
            for line in lines
        ],
    }


def _written(order: Order, proposal: Proposal, lines: Sequence[Line]) -> list[str]:
    from kontijensi.report.side_by_side import rows, set_in_columns

    question = proposal.question
    heading = _("{n} x {type} for {capability}, {method}").format(
        n=number(sum(proposal.proposed)),
        type=proposal.type_id,
        capability=str(question.capability),
        method=str(question.method),
    )
    timed = question.method == "p-median"
    now, then = (
        duration(value) if timed else percent(value, 1)
        for value in (proposal.value_today, proposal.value_proposed)
    )
    aim = _("mean time to the nearest unit, all at base") if timed else _("share covered by units at base")
    text = [click.style(heading, bold=True)]
    text.append(
        _("What the optimiser sees ({aim}): today {now}, proposed {then}").format(aim=aim, now=now, then=then)
    )
    if proposal.gap > 0:
        text.append(
            _("Not proven best: another choice could be up to {gap} better.").format(
                gap=percent(proposal.gap, 1)
            )
        )
    text += _moves(proposal)
    text += [
        "",
        click.style(_("What the rehearsal says (n = {n})").format(n=number(order.replications)), bold=True),
    ]
    text += set_in_columns(rows(lines, _("today"), _("proposed")))
    text.append("")
    text.append(
        _(
            "Use the optimiser to place, the simulation to predict: it knows busy units, hours, closed roads "
            "and crowds, which the optimiser does not. A rehearsal, not a forecast."
        )
    )
    return text


def _moves(proposal: Proposal) -> list[str]:
    if not proposal.moves:
        return [_("Today's places are as good: nothing moves.")]
    rows = [
        f"  {visible(site, 40):<40} {now:>4} -> {then:>4}" for site, now, then in proposal.moves[:MOST_MOVES]
    ]
    more = len(proposal.moves) - len(rows)
    return rows + ([_("  and {n} more; --json lists them").format(n=number(more))] if more else [])
