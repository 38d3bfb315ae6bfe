"""Standard output and error: safe for every character, and quiet when nobody reads on."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from io import TextIOWrapper
from typing import Any

import click


def prepare() -> None:
    """Let no character stop the output: UTF-8 on Windows, a question mark where a terminal lacks a sign."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8" if os.name == "nt" else None, errors="replace")


def answer(values: Mapping[str, Any]) -> None:
    """Write one JSON object to standard output.

    In ASCII, because some shells on Windows read a program's output in an old code page.
    """
    click.echo(json.dumps(values, allow_nan=False))


def tell(text: str) -> None:
    """Write a line for people to standard error."""
    click.echo(text, err=True)


def flush() -> None:
    """Hand on everything that was written, so that a full disk or a closed pipe shows itself here."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()


def abandon() -> None:
    """Send what is still to come nowhere: whoever read it has gone."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
