"""The program `kontijensi`: reads the command line, obeys, and says in one line what went wrong."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from contextvars import copy_context

import click

from kontijensi.cli import streams
from kontijensi.cli.asked import DEBUG_VARIABLE, Asked, asked_for, click_speaks
from kontijensi.cli.exits import Exit, Refusal
from kontijensi.vocabulary.system import system_reason
from kontijensi.vocabulary.words import _, current_language, shown, use_language, visible

PROGRAM = "kontijensi"


def run(arguments: Sequence[str]) -> int:
    """Obey a command line and return its exit code."""
    streams.prepare()
    # In a context of its own, so that the language chosen here stays here.
    return copy_context().run(_run, list(arguments))


def _run(given: list[str]) -> int:
    try:
        asked = asked_for(given)
    except ValueError as error:
        return _refuse(Refusal(Exit.USAGE, str(error)), Asked(json="--json" in given))
    if asked.language is not None:
        use_language(asked.language)
    try:
        with warnings.catch_warnings():
            if not asked.debug:
                # For those who develop; what concerns a user is a problem with a place and a reason.
                warnings.simplefilter("ignore")
            code = _obey(given, asked)
        streams.flush()
    except BrokenPipeError:
        streams.abandon()
        return Exit.FAILED
    except Exception as error:
        if asked.debug:
            raise
        return _unexpected(error, asked)
    return code


def _obey(given: list[str], asked: Asked) -> int:
    from kontijensi.cli.commands import program

    with click_speaks(asked.language or current_language()):
        try:
            with program().make_context(PROGRAM, given, obj=asked) as context:
                return int(context.command.invoke(context) or 0)
        except click.exceptions.Exit as end:
            return end.exit_code
        except click.ClickException as error:
            return _wrong_usage(error, asked)
        except (KeyboardInterrupt, click.Abort):
            return _refuse(Refusal(Exit.INTERRUPTED, _("interrupted")), asked)
        except Refusal as refusal:
            return _refuse(refusal, asked)


def _refuse(refusal: Refusal, asked: Asked) -> int:
    framed = refusal.code in {Exit.FAILED, Exit.USAGE}
    streams.tell(_("Error: {message}").format(message=refusal.text) if framed else refusal.text)
    if asked.json:
        failure = {"ok": False, "exit_code": int(refusal.code)}
        streams.answer({**failure, **(refusal.answer or {"error": refusal.text})})
    return refusal.code


def _wrong_usage(error: click.ClickException, asked: Asked) -> int:
    context = getattr(error, "ctx", None)
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        streams.tell(error.format_message())
        return Exit.USAGE
    guesses = getattr(error, "possibilities", None)
    message = error.message if guesses else error.format_message()
    if guesses:
        message += " " + _("Did you mean {guess}?").format(guess=", ".join(map(shown, guesses)))
    if context is not None:
        streams.tell(context.get_usage())
        hint = _("Try '{command} {option}' for help.")
        streams.tell(hint.format(command=context.command_path, option="--help"))
    return _refuse(Refusal(Exit.USAGE, visible(message, None)), asked)


def _unexpected(error: Exception, asked: Asked) -> int:
    if isinstance(error, OSError) and error.strerror:
        reason = system_reason(error)
        reason = f"{error.filename}: {reason}" if error.filename else reason
    elif isinstance(error, MemoryError):
        reason = _("the machine has too little memory for this")
    else:
        reason = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        reason += " " + _("(show where with --debug or {variable}=1)").format(variable=DEBUG_VARIABLE)
    try:
        return _refuse(Refusal(Exit.FAILED, visible(reason, 500)), asked)
    except OSError:
        # Standard output takes nothing any more, a full disk perhaps: the line on standard error has to do.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return Exit.FAILED
