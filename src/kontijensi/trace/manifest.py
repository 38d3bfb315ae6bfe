"""The manifest of a run: everything needed to run it again, and to know that its files are whole."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from kontijensi.trace.plain import page
from kontijensi.vocabulary.words import _, shown

FORMAT = 1
"""Format number of the run folder; a folder of a higher number was written by a newer program."""

LIBRARIES = ("kontijensi", "mesa", "numba", "numpy", "pandas", "pyarrow", "pydantic", "scipy", "simpy")
"""Packages whose version can change what a run gives."""


class RunFolderError(Exception):
    """A run folder that cannot be written or read; the message names the folder and says why."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file of the scenario as it was read."""

    name: str
    text: str

    @property
    def sha256(self) -> str:
        """SHA-256 of the text in UTF-8, in hexadecimal."""
        return sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Manifest:
    """Where a run comes from."""

    files: tuple[SourceFile, ...]
    """The scenario's YAML first, then the tables it names."""
    seed: int
    replication: int
    overrides: Mapping[str, Any] = field(default_factory=dict)
    """Values changed on the way from the file to the run, by path."""
    injects: tuple[str, ...] = ()
    """What the trainer threw in, as it was written."""
    wall_s: float | None = None
    """Wall-clock time the run took [s]."""
    versions: Mapping[str, str] = field(default_factory=dict)
    python: str = ""
    platform: str = ""
    format: int = FORMAT


def manifest_of(
    files: tuple[SourceFile, ...],
    seed: int,
    replication: int,
    overrides: Mapping[str, Any] | None = None,
    wall_s: float | None = None,
    injects: Sequence[str] = (),
) -> Manifest:
    """Return the manifest of a run made here and now, with the versions of this installation."""
    return Manifest(
        files=files,
        seed=seed,
        replication=replication,
        overrides=dict(overrides or {}),
        injects=tuple(injects),
        wall_s=wall_s,
        versions=installed_versions(),
        python=platform.python_version(),
        platform=platform.platform(),
    )


def installed_versions() -> dict[str, str]:
    """Return the version of each package that matters, as far as it is installed."""
    found = {}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def manifest_text(manifest: Manifest, contents: Mapping[str, bytes]) -> str:
    """Return the manifest as JSON, with size and SHA-256 of each file beside it."""
    values = asdict(manifest)
    values["files"] = [{"name": f.name, "sha256": f.sha256, "text": f.text} for f in manifest.files]
    values["contents"] = {
        name: {"bytes": len(content), "sha256": sha256(content).hexdigest()}
        for name, content in contents.items()
    }
    return page(values)


def read_manifest(text: str, folder: str) -> tuple[Manifest, dict[str, dict[str, Any]]]:
    """Return the manifest held by a text, and what it says of the files beside it.

    Raises RunFolderError naming the folder when the format is newer than this program or the text is damaged.
    """
    try:
        values = json.loads(text)
        number = values.pop("format")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise RunFolderError(_("{folder}: manifest.json is damaged").format(folder=folder)) from None
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise RunFolderError(
            _("{folder}: {value} is no format number of a run folder").format(
                folder=folder, value=shown(number)
            )
        )
    if number > FORMAT:
        raise RunFolderError(
            _(
                "{folder}: format {number} is newer than the {known} this program reads; update kontijensi"
            ).format(folder=folder, number=number, known=FORMAT)
        )
    try:
        contents = values.pop("contents")
        files = tuple(SourceFile(entry["name"], entry["text"]) for entry in values.pop("files"))
        injects = tuple(values.pop("injects", ()))
        return Manifest(files=files, format=number, injects=injects, **values), contents
    except (KeyError, TypeError, AttributeError):
        raise RunFolderError(_("{folder}: manifest.json is damaged").format(folder=folder)) from None
