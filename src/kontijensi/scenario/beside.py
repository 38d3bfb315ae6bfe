"""Files that a scenario names beside itself: read only from its own folder, and never from anywhere else."""

from __future__ import annotations

import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath

from kontijensi.scenario.problems import did_you_mean
from kontijensi.vocabulary.system import system_reason
from kontijensi.vocabulary.words import _, shown

LARGEST_FILE = 64 * 1024 * 1024
"""Bytes of a file beside a scenario; more is refused unread."""


@dataclass(frozen=True, slots=True)
class Folder:
    """The folder a scenario lies in; or the files that stand for it, when the scenario came as text."""

    path: Path | None = None
    files: Mapping[str, bytes] | None = None

    def read(self, name: str) -> bytes:
        """Return the content of a file named relative to the folder.

        Raises ValueError in plain words when the name leads elsewhere, or there is no such file to read.
        """
        parts = _inside(name)
        if self.files is not None:
            if name in self.files:
                return self.files[name]
            raise ValueError(_missing(name, list(self.files)))
        if self.path is None:
            raise ValueError(_missing(name, []))
        return _read_inside(self.path, name, parts)


def _inside(name: str) -> tuple[str, ...]:
    """Return the parts of a relative name; raises ValueError when it could lead out of the folder."""
    if not name.strip():
        raise ValueError(_("the file's name is empty"))
    windows = PureWindowsPath(name)
    if windows.drive or windows.root or PurePosixPath(name).is_absolute() or name.startswith("~"):
        raise ValueError(
            _("{name}: only files in the scenario's own folder are read; write a relative name").format(
                name=shown(name)
            )
        )
    if ".." in windows.parts:
        raise ValueError(_("{name}: '..' leads out of the scenario's folder").format(name=shown(name)))
    return windows.parts


def _read_inside(folder: Path, name: str, parts: tuple[str, ...]) -> bytes:
    home = folder.resolve()
    try:
        found = home.joinpath(*parts).resolve(strict=True)
    except FileNotFoundError:
        raise ValueError(_missing(name, [p.name for p in home.iterdir()])) from None
    except (OSError, RuntimeError):  # a circle of links: RuntimeError before Python 3.13
        raise ValueError(
            _("{name}: cannot be followed; links lead in a circle or nowhere").format(name=shown(name))
        ) from None
    if not found.is_relative_to(home):
        raise ValueError(_("{name}: a link leads out of the scenario's folder").format(name=shown(name)))
    try:
        return read_file(found, name)
    except OSError as error:
        raise ValueError(
            _("{name}: cannot be read ({reason})").format(name=shown(name), reason=system_reason(error))
        ) from None


def read_file(path: Path, name: str) -> bytes:
    """Return a file's content.

    Raises OSError, and ValueError when it is no ordinary file or larger than 64 MB.
    """
    about = path.stat()
    if not stat.S_ISREG(about.st_mode):
        raise ValueError(_("{name}: not an ordinary file").format(name=shown(name)))
    if about.st_size > LARGEST_FILE:
        raise ValueError(_("{name}: larger than {n} MB").format(name=shown(name), n=LARGEST_FILE // 2**20))
    return path.read_bytes()


def _missing(name: str, there: list[str]) -> str:
    guess = did_you_mean(name, there)
    if guess is not None:
        return _("{name}: no such file; did you mean {guess}?").format(name=shown(name), guess=shown(guess))
    return _("{name}: no such file beside the scenario").format(name=shown(name))
