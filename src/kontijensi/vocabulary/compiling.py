"""How compiled code is made: once per version of its sources, kept on disk, and never a reason to fail.

Numba stamps a cached function with its own file only, so a change in a function it calls would go unnoticed.
Here the cache lies in a folder named after a digest of all sources that hold or shape compiled code: a change
in any of them starts afresh. Where nothing can be written, code is compiled for the running process alone.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, TypeVar

import numba
from numba import njit
from numba.core import config as numba_config

settings: Any = numba_config
F = TypeVar("F", bound=Callable[..., Any])
KEPT_VERSIONS = 8
WITHOUT_FUNCTIONS = ("compiling.py", "layout.py")
"""Sources that shape compiled code without holding any."""
PACKAGES = ("vocabulary", "crowd", "world")
"""Where compiled code and what shapes it may stand: few, for all of them are read to know the version."""


@lru_cache(maxsize=1)
def cache_folder() -> Path | None:
    """Folder of this version's compiled code; None when no place can be written to."""
    package = Path(__file__).parent.parent
    digest = hashlib.sha256(numba.__version__.encode())
    for source in sorted(source for name in PACKAGES for source in (package / name).glob("*.py")):
        text = source.read_bytes()
        if b"@compiled" in text or source.name in WITHOUT_FUNCTIONS:
            digest.update(source.name.encode() + text)
    name = f"compiled-{digest.hexdigest()[:16]}"
    home = os.environ.get("NUMBA_CACHE_DIR")
    parents = [Path(home)] if home else [package / "__pycache__", Path.home() / ".cache" / "kontijensi"]
    for parent in parents:
        folder = parent / name
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError:
            continue
        _forget_old_versions(parent)
        return folder
    return None


def _forget_old_versions(parent: Path) -> None:
    """Remove compiled code of versions long gone."""
    folders = sorted(parent.glob("compiled-*"), key=lambda folder: folder.stat().st_mtime, reverse=True)
    for folder in folders[KEPT_VERSIONS:]:
        for file in sorted(folder.rglob("*"), reverse=True):
            try:
                file.rmdir() if file.is_dir() else file.unlink()
            except OSError:
                return
        folder.rmdir()


def is_compiled(name: str) -> bool:
    """Whether a function, by its module and name, was compiled here before; else its first call is slow."""
    folder = cache_folder()
    return folder is not None and any(folder.rglob(f"{name}*.nbc"))


# No compiled function allocates an array, so Numba need not count references to those it is handed: counting
# takes more time than a turn. A function that did allocate would not compile.
OPTIONS: Any = {"nogil": True, "error_model": "numpy", "_nrt": False}


def _decorate(function: F, inline: Literal["always", "never"]) -> F:
    dispatcher: Any = njit(inline=inline, **OPTIONS)(function)
    folder = cache_folder()
    if folder is not None:
        before = settings.CACHE_DIR
        settings.CACHE_DIR = str(folder)
        try:
            dispatcher.enable_caching()
        except RuntimeError:  # numba found no place of its own to write to either
            pass
        finally:
            settings.CACHE_DIR = before
    result: F = dispatcher
    return result


def compiled(function: F) -> F:
    """Compile a function on first use."""
    return _decorate(function, "never")


def compiled_inline(function: F) -> F:
    """Compile a function into each of its callers."""
    return _decorate(function, "always")
