"""Options and arguments that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from kontijensi.cli.asked import Asked
from kontijensi.vocabulary.words import _, shown

A_PATH: Any = click.Path(path_type=Path)


def asked() -> Asked:
    """Return what was asked for anywhere on the command line."""
    held = click.get_current_context().obj
    assert isinstance(held, Asked)
    return held


def whole(name: str, largest: int, text: str, **settings: Any) -> click.Option:
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


def path_option(name: str, *, text: str, metavar: str) -> click.Option:
    """Return an option that takes a file or folder."""
    return click.Option([name], type=A_PATH, metavar=metavar, help=text)


def words_option(name: str, metavar: str, text: str, **settings: Any) -> click.Option:
    """Return an option that takes a text."""
    return click.Option([name], metavar=metavar, help=text, **settings)


def flag(name: str, text: str) -> click.Option:
    """Return an option that is given or not."""
    return click.Option([name], is_flag=True, help=text)


def scenario_argument() -> click.Argument:
    """Return the argument that names the scenario."""
    return click.Argument(["scenario"], type=A_PATH, metavar=_("SCENARIO"))


def set_option() -> click.Option:
    """Return the option that sets values of the scenario for this time."""
    return click.Option(
        ["--set", "settings"],
        multiple=True,
        metavar=_("PATH=VALUE"),
        help=_(
            "Set a value of the scenario for this time, for example units.brimob.count=2. May be repeated."
        ),
    )


def json_option() -> click.Option:
    """Return the option that asks for one JSON object."""
    return click.Option(
        ["--json", "as_json"],
        is_flag=True,
        help=_("Print one JSON object on standard output and nothing else."),
    )


def shared() -> list[click.Parameter]:
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
