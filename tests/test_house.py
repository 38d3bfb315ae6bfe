"""The house stands: layers, pins, light imports, and the promises the README and the licence make."""

from __future__ import annotations

import ast
import os
import re
import socket
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

BIN = Path(sys.executable).parent
HEAVY = ("mesa", "pandas", "scipy", "matplotlib", "numba")
SCENARIO = "scenarios/klaten-pilkades-2023.yaml"


def project(repo: Path) -> dict:
    return tomllib.loads((repo / "pyproject.toml").read_text(encoding="utf-8"))


def pins(repo: Path) -> dict[str, str]:
    lines = (repo / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return dict(line.split("==") for line in lines if line and not line.startswith("#"))


def tracked_files(repo: Path) -> list[Path]:
    """Every file in git, or every visible file when the checkout came without its history."""
    if (repo / ".git").exists():
        # The checkout may belong to another user, as in a container.
        listed = subprocess.run(
            ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached"],
            cwd=repo,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        found = [repo / name for name in listed.split("\0") if name]
    else:
        found = [
            path
            for path in repo.rglob("*")
            if not any(part.startswith(".") for part in path.relative_to(repo).parts)
        ]
    return [path for path in found if path.is_file()]


def package_modules(repo: Path) -> list[Path]:
    return sorted((repo / "src" / "kontijensi").rglob("*.py"))


# -- layers --------------------------------------------------------------------------------------------------


def test_imports_point_down(repo: Path) -> None:
    done = subprocess.run(
        [BIN / "lint-imports", "--no-cache"], cwd=repo, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_nothing_inside_the_package_imports_its_root(repo: Path) -> None:
    offenders = []
    for path in package_modules(repo):
        if path.parent.name == "kontijensi" and path.name == "__init__.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            whole = isinstance(node, ast.Import) and any(name.name == "kontijensi" for name in node.names)
            parts = isinstance(node, ast.ImportFrom) and node.level == 0 and node.module == "kontijensi"
            if whole or parts:
                offenders.append(f"{path.relative_to(repo)}:{node.lineno}")
    assert offenders == []


def test_no_module_is_a_drawer_for_odds_and_ends(repo: Path) -> None:
    drawers = {"utils", "helpers", "misc", "common", "base"}
    assert [
        path for path in package_modules(repo) if path.stem in drawers or path.parent.name in drawers
    ] == []


def test_every_module_says_what_it_is(repo: Path) -> None:
    silent = [
        path for path in package_modules(repo) if not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]
    assert silent == []


# -- pins ----------------------------------------------------------------------------------------------------


def test_constraints_hold_exact_versions_and_no_addresses(repo: Path) -> None:
    lines = (repo / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert [
        line
        for line in lines
        if not line.startswith("#") and not re.fullmatch(r"[a-z0-9][a-z0-9-]*==[0-9][0-9a-z.]*", line)
    ] == []
    assert [line for line in lines if "://" in line or "@" in line] == []


def test_every_core_and_test_dependency_is_pinned_within_its_range(repo: Path) -> None:
    table = project(repo)
    wanted = [
        *table["project"]["dependencies"],
        *table["project"]["optional-dependencies"]["test"],
        *table["build-system"]["requires"],
    ]
    pinned = pins(repo)
    outside = [
        str(requirement)
        for requirement in map(Requirement, wanted)
        if pinned.get(canonicalize_name(requirement.name)) not in requirement.specifier
    ]
    assert outside == []


def test_the_supported_pythons_are_named_alike_everywhere(repo: Path) -> None:
    table = project(repo)["project"]
    classified = [
        match.group(1)
        for line in table["classifiers"]
        if (match := re.fullmatch(r"Programming Language :: Python :: (3\.\d+)", line))
    ]
    makefile = re.search(r"^VERSIONS := (.*)$", (repo / "Makefile").read_text("utf-8"), re.MULTILINE)
    finder = re.search(r'^supported="(.*)"$', (repo / ".ci/find-python").read_text("utf-8"), re.MULTILINE)
    assert makefile
    assert finder
    assert makefile.group(1).split() == classified
    assert sorted(finder.group(1).split()) == classified
    assert table["requires-python"] == f">={classified[0]},<3.{int(classified[-1].split('.')[1]) + 1}"


# -- promises ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["README.md", "README.id.md"])
def test_the_readme_opens_with_the_two_commands(repo: Path, name: str) -> None:
    text = (repo / name).read_text(encoding="utf-8")
    blocks = re.findall(r"^```(?:sh|bash|console|shell)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    lines = [line.removeprefix("$ ").split("#")[0].strip() for block in blocks for line in block.splitlines()]
    assert [line for line in lines if line][:2] == ["make run", "make test"]


def test_the_makefile_rehearses_a_scenario_that_is_there(repo: Path) -> None:
    assert f"SCENARIO ?= {SCENARIO}\n" in (repo / "Makefile").read_text(encoding="utf-8")
    assert (repo / SCENARIO).is_file()


def test_ci_runs_what_the_readme_says(repo: Path) -> None:
    script = repo / ".ci" / "run"
    assert os.access(script, os.X_OK)
    commands = [line for line in script.read_text(encoding="utf-8").splitlines() if "make" in line.split()]
    assert commands == ["exec make test </dev/null"]


def test_the_whole_licence_is_there(repo: Path) -> None:
    text = (repo / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text
    assert text.count("\n") > 190


# Written in pieces, so that this file does not hold what it looks for.
HOSTS = ["pypi" + r"\.org", "python" + "hosted", "ana" + r"conda\.", "registry" + r"\.npm", "index" + "-url"]
MACHINE = [r"(?<![\w./-])/" + name + "/" for name in ("root", "home", "work", "Users")]
MADE_BY = ["language" + " model", r"\bchat" + r"bot", r"\bA" + r"I\b"]
UNWANTED = {"a package host": HOSTS, "a path of one machine": MACHINE, "how the text was made": MADE_BY}
BINARY = {".mo", ".gz", ".parquet", ".png", ".xls", ".xlsx", ".docx"}


@pytest.mark.parametrize("kind", UNWANTED)
def test_no_file_names_what_it_should_not(repo: Path, kind: str) -> None:
    pattern = re.compile("|".join(UNWANTED[kind]))
    found = [
        f"{path.relative_to(repo)}:{number}: {line.strip()[:80]}"
        for path in tracked_files(repo)
        if path.suffix not in BINARY
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if pattern.search(line)
    ]
    assert found == []


# -- light imports -------------------------------------------------------------------------------------------

WATCHED_CLI = f"""
import sys
from kontijensi.cli import main
sys.argv[0] = "kontijensi"
code = 0
try:
    main()
except SystemExit as stop:
    code = stop.code or 0
print("heavy:", sorted(set({HEAVY!r}) & set(sys.modules)), file=sys.stderr)
sys.exit(code)
"""


def run_python(repo: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], cwd=repo, capture_output=True, text=True, check=False, timeout=60
    )


def test_importing_the_package_loads_no_heavy_library(repo: Path) -> None:
    done = run_python(repo, "-c", f"import sys, kontijensi; print(sorted(set({HEAVY!r}) & set(sys.modules)))")
    assert (done.returncode, done.stdout, done.stderr) == (0, "[]\n", "")


@pytest.mark.parametrize(
    "arguments", [["--help"], ["schema"], ["check", SCENARIO]], ids=["help", "schema", "check"]
)
def test_light_commands_load_no_heavy_library(repo: Path, arguments: list[str]) -> None:
    done = run_python(repo, "-c", WATCHED_CLI, *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr.splitlines()[-1] == "heavy: []"


# -- the tests themselves ------------------------------------------------------------------------------------


def test_tests_cannot_reach_the_network() -> None:
    with socket.socket() as outside, pytest.raises(AssertionError, match="offline"):
        outside.connect(("192.0.2.1", 80))
    with pytest.raises(AssertionError, match="offline"):
        socket.getaddrinfo("example.invalid", 80)


def test_tests_may_talk_to_themselves() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as client,
    ):
        assert client.getpeername() == server.getsockname()


@pytest.mark.slow
def test_a_wheel_holds_the_translations_and_the_type_marker(repo: Path, tmp_path: Path) -> None:
    import zipfile

    done = run_python(repo, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert "kontijensi/py.typed" in names
    assert "kontijensi/locale/id/LC_MESSAGES/kontijensi.mo" in names
