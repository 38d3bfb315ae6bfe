"""The commands and their options. Built on demand, when the language is known."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click

from kontijensi.cli.asked import Asked
from kontijensi.vocabulary.seeds import LARGEST_REPLICATION, LARGEST_SEED
from kontijensi.vocabulary.words import _, shown


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
        params=[*_shared(), _version_option()],
    )
    for command in (_new(), _run(), _check(), _report(), _schema(), _verify(), _roads(), _place()):
        group.add_command(command)
    return group


def _new() -> click.Command:
    def new(**options: Any) -> int:
        from kontijensi.cli.new import new_scenario

        return new_scenario(_asked(), **options)

    return click.Command(
        options_metavar=_("[OPTIONS]"),
        name="new",
        callback=new,
        short_help=_("Write a first scenario to work from."),
        help=_(
            "Write a small regency as a first scenario to FILE, commented and ready to be rehearsed; its "
            "unit types are copied from the catalogue of doctrine. A file that is there is never overwritten."
        ),
        params=[
            click.Argument(["file"], type=_FOLDER, required=False, metavar=_("[FILE]")),
            click.Option(
                ["--list", "only_list"], is_flag=True, help=_("List the catalogue and write nothing.")
            ),
            _json(),
            *_shared(),
        ],
    )


def _run() -> click.Command:
    def run(**options: Any) -> int:
        from kontijensi.cli.rehearse import Order, rehearse

        return rehearse(Order(**options), _asked())

    return click.Command(
        options_metavar=_("[OPTIONS]"),
        name="run",
        callback=run,
        short_help=_("Rehearse a scenario and write its report."),
        help=_("Rehearse SCENARIO once, write a run folder with its report, and print the summary."),
        params=[
            _scenario(),
            _whole("--seed", LARGEST_SEED, _("Seed of the chances; the scenario's own by default.")),
            _whole(
                "--replication",
                LARGEST_REPLICATION,
                _("Number of the replication: the same seed, other chances."),
                default=0,
                show_default=True,
            ),
            _set(),
            click.Option(
                ["--inject", "injects"],
                multiple=True,
                metavar=_("NAME@TIME[@PLACE]"),
                help=_(
                    "Let a trigger fire at a time (2023-07-05 13:00, or 31 h after the start), "
                    "perhaps at a place. May be repeated."
                ),
            ),
            _path(
                "--out",
                text=_("Run folder to write; runs/NAME-sSEED-rREPLICATION by default."),
                metavar=_("FOLDER"),
            ),
            _flag("--replace", _("Replace the run that the folder of --out holds.")),
            click.Option(
                ["--fail-if", "limits"],
                multiple=True,
                metavar=_("LIMIT"),
                help=_(
                    "Exit with 4 when this holds, for example 'coverage.patrol.average < 0.8'. "
                    "May be repeated."
                ),
            ),
            _flag("--dry-run", _("Check and compile, say what would be rehearsed, and write nothing.")),
            _flag("--no-report", _("Write the run folder without report.html.")),
            _flag("--quiet", _("Show no progress and no warnings.")),
            _json(),
            *_shared(),
        ],
    )


def _check() -> click.Command:
    def check(**options: Any) -> int:
        from kontijensi.cli.check import check_scenario

        return check_scenario(_asked(), **options)

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
            _scenario(),
            _set(),
            _flag("--strict", _("Exit with 3 on warnings too.")),
            _json(),
            *_shared(),
        ],
    )


def _report() -> click.Command:
    def report(**options: Any) -> int:
        from kontijensi.cli.rewrite import rewrite_report

        return rewrite_report(_asked(), **options)

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
            click.Argument(["folder"], type=_FOLDER, metavar=_("FOLDER")),
            _path("--out", text=_("File to write instead of FOLDER/report.html."), metavar=_("FILE")),
            _json(),
            *_shared(),
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
        params=[_flag("--markdown", _("Print the reference for readers instead.")), *_shared()],
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
            _flag("--quick", _("Fewer replications, held to wider errors.")),
            click.Option(["--list", "only_list"], is_flag=True, help=_("List the cases and run none.")),
            _whole(
                "--workers", 1024, _("Processes to spread replications over."), default=1, show_default=True
            ),
            _path(
                "--manhattan",
                text=_("Folder with JEMSS.jl's road network of Manhattan, to check travel times on it too."),
                metavar=_("FOLDER"),
            ),
            _flag("--quiet", _("Show no progress.")),
            _json(),
            *_shared(),
        ],
    )


def _roads() -> click.Command:
    def build(**options: Any) -> int:
        from kontijensi.cli.roads import build_roads

        return build_roads(_asked(), **options)

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
            click.Argument(["map_file"], type=_FOLDER, metavar=_("MAP")),
            click.Option(
                ["-o", "--out"],
                type=_FOLDER,
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
            _flag("--join-crossings", _("Join roads that cross without a common point; bridges too.")),
            _flag(
                "--keep-largest", _("Keep only what can be reached from everywhere and left to everywhere.")
            ),
            click.Option(["--limits"], is_flag=True, help=_("Take speed limits of the map for speeds.")),
            _json(),
            *_shared(),
        ],
    )
    return click.Group(
        "roads",
        options_metavar=_("[OPTIONS]"),
        subcommand_metavar=_("COMMAND [ARGUMENTS]..."),
        short_help=_("Make network files of road maps."),
        help=_("Make network files of road maps, for `area.roads.file` of a scenario."),
        params=_shared(),
        commands=[command],
    )


def _place() -> click.Command:
    def place(**options: Any) -> int:
        from kontijensi.cli.place import Order, place_units

        return place_units(Order(**options), _asked())

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
            _scenario(),
            _words("--capability", _("WORD"), _("What the units can do."), required=True),
            _whole("--units", 1000, _("Units to place; as many as today by default.")),
            _words(
                "--method",
                _("METHOD"),
                _("p-median, max-coverage or expected-coverage."),
                default="max-coverage",
                show_default=True,
            ),
            _words(
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
            _whole("--replications", 10_000, _("Rehearsals of each plan."), default=5, show_default=True),
            _whole("--seed", LARGEST_SEED, _("Seed of the chances; the scenario's own by default.")),
            _set(),
            _flag("--quiet", _("Show no progress.")),
            _json(),
            *_shared(),
        ],
    )


# -- options -------------------------------------------------------------------------------------------------

_FOLDER: Any = click.Path(path_type=Path)


def _asked() -> Asked:
    asked = click.get_current_context().obj
    assert isinstance(asked, Asked)
    return asked


def _whole(name: str, largest: int, text: str, **settings: Any) -> click.Option:
    """Return an option that takes a whole number; its help does not spell the range out."""

    def read(_context: click.Context, _parameter: click.Parameter, value: str | int | None) -> int | None:
        if value is None:
            return None
        digits = str(value).strip()
        if digits.isascii() and digits.isdecimal() and len(digits) <= 20 and int(digits) <= largest:
            return int(digits)
        message = _("{value} is not a whole number from 0 to {largest}")
        raise click.BadParameter(message.format(value=shown(str(value)), largest=largest))

    callback: Callable[..., Any] = read
    return click.Option([name], metavar=_("N"), callback=callback, help=text, **settings)


def _path(name: str, *, text: str, metavar: str) -> click.Option:
    return click.Option([name], type=_FOLDER, metavar=metavar, help=text)


def _words(name: str, metavar: str, text: str, **settings: Any) -> click.Option:
    return click.Option([name], metavar=metavar, help=text, **settings)


def _flag(name: str, text: str) -> click.Option:
    return click.Option([name], is_flag=True, help=text)


def _scenario() -> click.Argument:
    return click.Argument(["scenario"], type=_FOLDER, metavar=_("SCENARIO"))


def _set() -> click.Option:
    return click.Option(
        ["--set", "settings"],
        multiple=True,
        metavar=_("PATH=VALUE"),
        help=_(
            "Set a value of the scenario for this time, for example units.brimob.count=2. May be repeated."
        ),
    )


def _json() -> click.Option:
    return click.Option(
        ["--json", "as_json"],
        is_flag=True,
        help=_("Print one JSON object on standard output and nothing else."),
    )


def _shared() -> list[click.Parameter]:
    """Return the options of every command; they were obeyed before the command line was read."""
    return [
        click.Option(
            ["--lang"],
            metavar="id|en",
            expose_value=False,
            help=_("Language: id or en; else KONTIJENSI_LANG, the scenario's own, or Indonesian."),
        ),
        click.Option(
            ["--debug"],
            is_flag=True,
            expose_value=False,
            help=_("Show where an unexpected error comes from."),
        ),
    ]


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
