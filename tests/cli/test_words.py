"""Help and complaints, in both languages."""

from __future__ import annotations

import re

import pytest

from tests.cli.conftest import Program

COMMANDS = ["", "run", "check", "report", "schema", "verify", "roads", "place"]


@pytest.mark.parametrize("command", COMMANDS)
def test_help_is_wholly_indonesian(program: Program, command: str) -> None:
    said = program(*filter(None, [command]), "--help", "--lang", "id")
    assert (said.code, said.err) == (0, "")
    english = re.findall(r"\b(the|and|of|this|with|Usage|Options|Show|exit|default|required)\b", said.out)
    assert english == []
    assert "Pemakaian: kontijensi" in said.out
    assert "Opsi:" in said.out


@pytest.mark.parametrize("command", COMMANDS)
def test_help_is_wholly_english(program: Program, command: str) -> None:
    said = program(*filter(None, [command]), "--lang", "en", "--help")
    assert said.code == 0
    assert re.findall(r"\b(dan|yang|atau|dari|Opsi|Pemakaian)\b", said.out) == []


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["rum"], "No such command 'rum'. Did you mean 'run'?"),
        (["run"], "Missing argument 'SCENARIO'."),
        (["run", "a.yaml", "b.yaml"], "Got unexpected extra argument (b.yaml)"),
        (["run", "a.yaml", "--sed", "3"], "No such option '--sed'. Did you mean '--seed', '--set'?"),
        (["run", "a.yaml", "--seed"], "Option '--seed' requires an argument."),
        (["run", "a.yaml", "--seed", "-1"], "Invalid value for '--seed': '-1' is not a whole number"),
        (["run", "a.yaml", "--seed", "1.5"], "Invalid value for '--seed': '1.5' is not a whole number"),
        (["run", "a.yaml", "--replication", "9" * 400], "is not a whole number from 0 to 4294967295"),
        (["schema", "--markdown=x"], "Option '--markdown' does not take a value."),
    ],
)
def test_wrong_usage_exits_with_2(program: Program, arguments: list[str], complaint: str) -> None:
    said = program(arguments[0], "--lang=en", *arguments[1:])
    assert (said.code, said.out) == (2, "")
    assert complaint in said.err


def test_no_command_shows_the_help(program: Program) -> None:
    said = program("--lang", "en")
    assert (said.code, said.out) == (2, "")
    assert "Missing command." in said.err or "Commands:" in said.err


@pytest.mark.parametrize("code", ["fr", "", "../id"])
def test_a_language_that_is_not_ours(program: Program, code: str) -> None:
    said = program("--help", f"--lang={code}")
    assert said.code == 2
    assert "--lang: " in said.err


def test_a_language_in_the_environment_that_is_not_ours(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KONTIJENSI_LANG", "klingon")
    said = program("--help")
    assert said.code == 2
    assert said.err.startswith("Kesalahan: KONTIJENSI_LANG: 'klingon': ")


def test_the_language_of_one_call_does_not_stay(program: Program) -> None:
    assert "Usage:" in program("--help", "--lang", "en").out
    assert "Pemakaian:" in program("--help").out


def test_version(program: Program) -> None:
    assert re.fullmatch(r"kontijensi \d+\.\d+\.\d+\S*\n", program("--version").out)
