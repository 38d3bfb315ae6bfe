"""The commands and their options. Built on demand, when the language is known."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import click

from kontijensi.cli.authoring_commands import bundle_command, msel_command, new_command
from kontijensi.cli.options import (
    A_PATH,
    asked,
    flag,
    json_option,
    path_option,
    scenario_argument,
    set_option,
    shared,
    whole,
    words_option,
)
from kontijensi.vocabulary.seeds import LARGEST_REPLICATION, LARGEST_SEED
from kontijensi.vocabulary.words import _


def program() -> click.Group:
    """Return the program with all its commands."""
    group = click.Group(
        "kontijensi",
        options_metavar=_("[OPTIONS]"),
        subcommand_metavar=_("COMMAND [ARGUMENTS]..."),
        help=_(
            "Rehearse an election security plan on a clock: how fast help comes, where cover runs short, "
            "and what it costs. A rehearsal, not a forecast."
        ),
        epilog=_(
            "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 invalid scenario, 4 limit crossed, "
            "130 interrupted."
        ),
        params=[*shared(), _version_option()],
    )
    rehearsing = (_run(), _check(), _report(), _schema(), _verify(), _roads(), _place())
    for command in (new_command(), *rehearsing, msel_command(), bundle_command()):
        group.add_command(command)
    return group


def _run() -> click.Command:
    def run(**options: Any) -> int:
        from kontijensi.cli.rehearse import Order, rehearse

        return rehearse(Order(**options), asked())

    return click.Command(
        options_metavar=_("[OPTIONS]"),
        name="run",
        callback=run,
        short_help=_("Rehearse a scenario and write its report."),
        help=_("Rehearse SCENARIO once, write a run folder with its report, and print the summary."),
        params=[
            scenario_argument(),
            whole("--seed", LARGEST_SEED, _("Seed of the chances; the scenario's own by default.")),
            whole(
                "--replication",
                LARGEST_REPLICATION,
                _("Number of the replication: the same seed, other chances."),
                default=0,
                show_default=True,
            ),
            set_option(),
            click.Option(
                ["--inject", "injects"],
                multiple=True,
                metavar=_("NAME@TIME[@PLACE]"),
                help=_(
                    "Let a trigger fire at a time (2023-07-05 13:00, or 31 h after the start), "
                    "perhaps at a place. May be repeated."
                ),
            ),
            path_option(
                "--out",
                text=_("Run folder to write; runs/NAME-sSEED-rREPLICATION by default."),
                metavar=_("FOLDER"),
            ),
            flag("--replace", _("Replace the run that the folder of --out holds.")),
            click.Option(
                ["--fail-if", "limits"],
                multiple=True,
                metavar=_("LIMIT"),
                help=_(
                    "Exit with 4 when this holds, for example 'coverage.patrol.average < 0.8'. "
                    "May be repeated."
                ),
            ),
            whole(
                "--regret",
                10_000,
                _("Rehearse N times more with and without a perfect picture: what knowing late costs."),
            ),
            flag("--dry-run", _("Check and compile, say what would be rehearsed, and write nothing.")),
            flag("--no-report", _("Write the run folder without report.html.")),
            flag("--quiet", _("Show no progress and no warnings.")),
            json_option(),
            *shared(),
        ],
    )


def _check() -> click.Command:
    def check(**options: Any) -> int:
        from kontijensi.cli.check import check_scenario

        return check_scenario(asked(), **options)

    return click.Command(
        options_metavar=_("[OPTIONS]"),
        name="check",
        callback=check,
        short_help=_("List what is wrong with a scenario, and what it holds."),
        help=_(
            "List every problem of SCENARIO with its place, why it matters and what mends it, "
            "and what the scenario holds."
        ),
        params=[
            scenario_argument(),
            set_option(),
            flag("--strict", _("Exit with 3 on warnings too.")),
            json_option(),
            *shared(),
        ],
    )


def _report() -> click.Command:
    def report(**options: Any) -> int:
        from kontijensi.cli.rewrite import rewrite_report

        return rewrite_report(asked(), **options)

    return click.Command(
        options_metavar=_("[OPTIONS]"),
        name="report",
        callback=report,
        short_help=_("Write the report of a run again."),
        help=_(
            "Write report.html again from the run in FOLDER, perhaps in another language. "
            "Nothing is rehearsed."
        ),
        params=[
            click.Argument(["folder"], type=A_PATH, metavar=_("FOLDER")),
            path_option("--out", text=_("File to write instead of FOLDER/report.html."), metavar=_("FILE")),
            json_option(),
            *shared(),
        ],
    )


def _schema() -> click.Command:
    def schema(**options: Any) -> int:
        from kontijensi.cli.describe import describe_language

        return describe_language(**options)

    return click.Command(
        options_metavar=_("[OPTIONS]"),
        name="schema",
        callback=schema,
        short_help=_("Print the scenario language for editors or readers."),
        help=_(
            "Print the JSON Schema of the scenario language, for editors that complete and check "
            "while you type."
        ),
        params=[flag("--markdown", _("Print the reference for readers instead.")), *shared()],
    )


def _verify() -> click.Command:
    def verify(**options: Any) -> int:
        from kontijensi.cli.verify import verify_program

        return verify_program(**options)

    return click.Command(
        options_metavar=_("[OPTIONS]"),
        name="verify",
        callback=verify,
        short_help=_("Hold the program against theory."),
        help=_(
            "Run the CASEs named, or all: rehearsals whose results theory or paper and pencil give. "
            "Exits with 1 when any is missed."
        ),
        params=[
            click.Argument(["cases"], nargs=-1, metavar=_("[CASE]...")),
            flag("--quick", _("Fewer replications, held to wider errors.")),
            click.Option(["--list", "only_list"], is_flag=True, help=_("List the cases and run none.")),
            whole(
                "--workers", 1024, _("Processes to spread replications over."), default=1, show_default=True
            ),
            path_option(
                "--manhattan",
                text=_("Folder with JEMSS.jl's road network of Manhattan, to check travel times on it too."),
                metavar=_("FOLDER"),
            ),
            flag("--quiet", _("Show no progress.")),
            json_option(),
            *shared(),
        ],
    )


def _roads() -> click.Command:
    def build(**options: Any) -> int:
        from kontijensi.cli.roads import build_roads

        return build_roads(asked(), **options)

    command = click.Command(
        options_metavar=_("[OPTIONS]"),
        name="build",
        callback=build,
        short_help=_("Make a network file of a road map."),
        help=_(
            "Make a network file of the road map MAP, mend what can be mended, and count it: CSV edges, "
            "GeoJSON lines, GraphML, OpenStreetMap extracts (.osm, .pbf)."
        ),
        params=[
            click.Argument(["map_file"], type=A_PATH, metavar=_("MAP")),
            click.Option(
                ["-o", "--out"],
                type=A_PATH,
                required=True,
                metavar=_("FILE"),
                help=_("Network file to write: .csv, .csv.gz or .json."),
            ),
            click.Option(
                ["--bbox", "box"],
                metavar=_("W,S,E,N"),
                help=_("Keep the roads that touch this box, in degrees."),
            ),
            click.Option(
                ["--join-m"],
                default="5",
                show_default=True,
                metavar=_("METRES"),
                help=_("Join loose ends to roads within this distance."),
            ),
            flag("--join-crossings", _("Join roads that cross without a common point; bridges too.")),
            flag(
                "--keep-largest", _("Keep only what can be reached from everywhere and left to everywhere.")
            ),
            click.Option(["--limits"], is_flag=True, help=_("Take speed limits of the map for speeds.")),
            json_option(),
            *shared(),
        ],
    )
    return click.Group(
        "roads",
        options_metavar=_("[OPTIONS]"),
        subcommand_metavar=_("COMMAND [ARGUMENTS]..."),
        short_help=_("Make network files of road maps."),
        help=_("Make network files of road maps, for `area.roads.file` of a scenario."),
        params=shared(),
        commands=[command],
    )


def _place() -> click.Command:
    def place(**options: Any) -> int:
        from kontijensi.cli.place import Order, place_units

        return place_units(Order(**options), asked())

    return click.Command(
        options_metavar=_("[OPTIONS]"),
        name="place",
        callback=place,
        short_help=_("Propose where units should stand, and rehearse it."),
        help=_(
            "Put units of one type where an optimiser would, then rehearse the proposal against today's plan "
            "on the same seeds: response and cover, harm and legitimacy, side by side."
        ),
        params=[
            scenario_argument(),
            words_option("--capability", _("WORD"), _("What the units can do."), required=True),
            whole("--units", 1000, _("Units to place; as many as today by default.")),
            words_option(
                "--method",
                _("METHOD"),
                _("p-median, max-coverage or expected-coverage."),
                default="max-coverage",
                show_default=True,
            ),
            words_option(
                "--within", _("DURATION"), _("Time that counts as covered; the standard's own by default.")
            ),
            click.Option(
                ["--busy"],
                type=float,
                default=0.4,
                show_default=True,
                metavar=_("SHARE"),
                help=_("Share of the time a unit is busy, for expected-coverage."),
            ),
            click.Option(
                ["--type", "type_id"], metavar=_("TYPE"), help=_("Unit type to move; the commonest.")
            ),
            click.Option(
                ["--sites", "kinds"],
                multiple=True,
                metavar=_("KIND"),
                help=_(
                    "Kind of place that may take units; the kinds used today by default. May be repeated."
                ),
            ),
            click.Option(
                ["--at-least", "at_least"],
                multiple=True,
                metavar=_("PLACE=N"),
                help=_("Units that a place must have. May be repeated."),
            ),
            click.Option(
                ["--at-most", "at_most"],
                multiple=True,
                metavar=_("PLACE=N"),
                help=_("Units that a place may take. May be repeated."),
            ),
            whole("--replications", 10_000, _("Rehearsals of each plan."), default=5, show_default=True),
            whole("--seed", LARGEST_SEED, _("Seed of the chances; the scenario's own by default.")),
            set_option(),
            flag("--quiet", _("Show no progress.")),
            json_option(),
            *shared(),
        ],
    )


def _version_option() -> click.Option:
    def show(context: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
        if wanted and not context.resilient_parsing:
            click.echo(f"kontijensi {version('kontijensi')}")
            context.exit()

    callback: Callable[..., Any] = show
    return click.Option(
        ["--version"],
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=callback,
        help=_("Show the version and exit."),
    )
