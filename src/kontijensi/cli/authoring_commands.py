"""The commands that write scenarios: `new`, `msel` and `bundle`, with their options."""

from __future__ import annotations

from typing import Any

import click

from kontijensi.cli.options import (
    A_PATH,
    asked,
    flag,
    json_option,
    path_option,
    scenario_argument,
    shared,
    words_option,
)
from kontijensi.vocabulary.words import _


def new_command() -> click.Command:
    """Return the command `new`."""

    def new(**options: Any) -> int:
        from kontijensi.cli.new import Order, new_scenario

        return new_scenario(Order(**options), asked())

    return click.Command(
        options_metavar=_("[OPTIONS]"),
        name="new",
        callback=new,
        short_help=_("Write a first scenario to work from."),
        help=_(
            "Write a first scenario to FILE, commented and ready to be rehearsed; its unit types are copied "
            "from the catalogue of doctrine. With --tps it stands on your own lists of stations and "
            "personnel. A file that is there is never overwritten."
        ),
        params=[
            click.Argument(["file"], type=A_PATH, required=False, metavar=_("[FILE]")),
            words_option(
                "--size",
                _("SIZE"),
                _(
                    "regency, village (village elections), city, training (a small town with one of "
                    "everything), or national (a generated country)."
                ),
                default="regency",
                show_default=True,
            ),
            words_option(
                "--share", _("PART"), _("Part of the stations of a generated country, such as 0.01.")
            ),
            words_option("--title", _("TEXT"), _("Title of a scenario drafted from lists.")),
            click.Option(
                ["--date", "day"], metavar=_("DAY"), help=_("Day of the vote, for example 2029-02-14.")
            ),
            path_option(
                "--tps",
                metavar=_("LIST"),
                text=_("Draft from a list of polling stations: .xlsx, .xls, .ods or .csv."),
            ),
            words_option("--sheet", _("NAME"), _("Sheet of that list; the likeliest by default.")),
            path_option(
                "--centres",
                metavar=_("LIST"),
                text=_("Centres of villages, for stations without a position of their own."),
            ),
            flag("--swapped", _("The list has latitude and longitude the other way round.")),
            path_option(
                "--personnel", metavar=_("LIST"), text=_("List of personnel: agency, base, duty, number.")
            ),
            words_option(
                "--pattern",
                _("NAME"),
                _("Guard pattern: regional-2024, national-2019 or village-heads-2023."),
                default="regional-2024",
                show_default=True,
            ),
            flag("--preview", _("Say what the lists hold and what they ask of the roll; write nothing.")),
            flag("--form", _("Write FILE as a form (.xlsx) for stations, personnel and events to fill in.")),
            click.Option(
                ["--list", "only_list"], is_flag=True, help=_("List the catalogue and write nothing.")
            ),
            json_option(),
            *shared(),
        ],
    )


def msel_command() -> click.Command:
    """Return the command `msel` with its two directions."""

    def export(**options: Any) -> int:
        from kontijensi.cli.events_list import export_events

        return export_events(asked(), **options)

    def take(**options: Any) -> int:
        from kontijensi.cli.events_list import import_events

        return import_events(asked(), **options)

    out = click.Option(
        ["-o", "--out"], type=A_PATH, required=True, metavar=_("FILE"), help=_("Workbook to write (.xlsx).")
    )
    outward = click.Command(
        options_metavar=_("[OPTIONS]"),
        name="export",
        callback=export,
        short_help=_("Write the triggers of a scenario as a workbook."),
        help=_("Write the triggers of SCENARIO as an events list (MSEL): a row a trigger, a row an effect."),
        params=[scenario_argument(), out, json_option(), *shared()],
    )
    inward = click.Command(
        options_metavar=_("[OPTIONS]"),
        name="import",
        callback=take,
        short_help=_("Take the triggers of a scenario from a workbook."),
        help=_(
            "Take the triggers of SCENARIO from the events list LIST. Triggers that have not changed keep "
            "their text and comments, and the rest of the scenario stays as it is."
        ),
        params=[
            scenario_argument(),
            click.Argument(["workbook"], type=A_PATH, metavar=_("LIST")),
            flag("--preview", _("Say what would change; write nothing.")),
            json_option(),
            *shared(),
        ],
    )
    return click.Group(
        "msel",
        options_metavar=_("[OPTIONS]"),
        subcommand_metavar=_("COMMAND [ARGUMENTS]..."),
        short_help=_("Exchange the events list (MSEL) with a workbook."),
        help=_("Exchange the master scenario events list (MSEL) of a scenario with a workbook."),
        params=shared(),
        commands=[outward, inward],
    )


def bundle_command() -> click.Command:
    """Return the command `bundle`."""

    def bundle(**options: Any) -> int:
        from kontijensi.cli.bundling import bundle_scenario

        return bundle_scenario(asked(), **options)

    return click.Command(
        options_metavar=_("[OPTIONS]"),
        name="bundle",
        callback=bundle,
        short_help=_("Put a scenario and its data into one file."),
        help=_(
            "Put SCENARIO and the files it names into one file, to hand over; check and run take it like "
            "the scenario itself."
        ),
        params=[
            scenario_argument(),
            click.Option(
                ["-o", "--out"],
                type=A_PATH,
                metavar=_("FILE"),
                help=_("File to write; NAME.kontijensi.zip beside the scenario by default."),
            ),
            json_option(),
            *shared(),
        ],
    )
