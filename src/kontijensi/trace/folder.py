"""The run folder: written whole under another name and then renamed, read with every check."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, TypeVar

import pyarrow as pa

from kontijensi.trace.columns import (
    crowds_from_parquet,
    crowds_to_parquet,
    records_from_parquet,
    records_to_parquet,
)
from kontijensi.trace.crowds import NOBODY, CrowdSamples
from kontijensi.trace.manifest import Manifest, RunFolderError, manifest_text, read_manifest
from kontijensi.trace.plain import page
from kontijensi.vocabulary.records import Record
from kontijensi.vocabulary.system import system_reason
from kontijensi.vocabulary.words import _, shown, visible

MANIFEST = "manifest.json"
RECORDS = "records.parquet"
CROWDS = "crowds.parquet"
SUMMARY = "summary.json"

Content = TypeVar("Content")


@dataclass(frozen=True, slots=True)
class RunData:
    """Everything a run folder holds."""

    manifest: Manifest
    records: Sequence[Record]
    crowds: CrowdSamples = NOBODY
    summary: Mapping[str, Any] = field(default_factory=dict)


def check_free(folder: Path, *, replace: bool = False) -> None:
    """Raise RunFolderError when a run could not be written to the folder: ask before a long run.

    An empty folder is free. With `replace` a folder that holds a run is free too, any other never.
    """
    if not folder.exists() and not folder.is_symlink():
        return
    if not folder.is_dir():
        raise RunFolderError(_("{folder}: is a file, not a folder").format(folder=_name(folder)))
    if not any(folder.iterdir()):
        return
    if not (folder / MANIFEST).is_file():
        raise RunFolderError(
            _("{folder}: holds other files and no run; choose another folder").format(folder=_name(folder))
        )
    if not replace:
        raise RunFolderError(
            _("{folder}: holds a run already; choose another folder, or ask for it to be replaced").format(
                folder=_name(folder)
            )
        )


def write_run(
    folder: Path, data: RunData, *, replace: bool = False, pages: Mapping[str, bytes] | None = None
) -> Path:
    """Write a run to a folder, whole or not at all, and return the folder.

    `pages` are further files to lay beside it, such as `report.html`. Raises RunFolderError when the folder
    is taken (see `check_free`), the disk is full or the folder cannot be written.
    """
    folder = Path(folder)
    check_free(folder, replace=replace)
    contents = {
        RECORDS: records_to_parquet(data.records),
        CROWDS: crowds_to_parquet(data.crowds),
        SUMMARY: page(data.summary).encode(),
    }
    files = {**contents, MANIFEST: manifest_text(data.manifest, contents).encode("utf-8", "surrogatepass")}
    for name, content in (pages or {}).items():
        files[_page_name(folder, name)] = content
    with _writing(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        partial = Path(mkdtemp(prefix=f".{folder.name}.", suffix=".partial", dir=folder.parent))
        try:
            partial.chmod(0o755)
            for name, content in files.items():
                _write_file(partial / name, content)
            _sync_folder(partial)
            _put_in_place(partial, folder, replace=replace)
            _sync_folder(folder.parent)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    return folder


def add_page(folder: Path, name: str, content: bytes) -> Path:
    """Lay a further file such as `report.html` into a run folder, whole or not at all, and return its path.

    Raises RunFolderError when the folder holds no run, the name belongs to the run itself, or writing fails.
    """
    folder = Path(folder)
    target = folder / _page_name(folder, name)
    if not (folder / MANIFEST).is_file():
        raise RunFolderError(
            _("{folder}: holds no run ({file} is missing)").format(folder=_name(folder), file=MANIFEST)
        )
    with _writing(folder):
        partial = folder / f".{name}.{os.getpid()}.partial"
        try:
            _write_file(partial, content)
            partial.replace(target)
            _sync_folder(folder)
        finally:
            partial.unlink(missing_ok=True)
    return target


def read_run(folder: Path) -> RunData:
    """Read a run folder and check that every file is the one that was written.

    Raises RunFolderError naming the folder and the file when something is missing, cut, changed or of a
    newer format.
    """
    folder = Path(folder)
    text = _read_file(folder, MANIFEST)
    manifest, contents = read_manifest(text.decode("utf-8", "surrogatepass"), _name(folder))
    found = {name: _checked(folder, name, contents) for name in (RECORDS, CROWDS, SUMMARY)}
    return RunData(
        manifest=manifest,
        records=_decoded(folder, RECORDS, found[RECORDS], records_from_parquet),
        crowds=_decoded(folder, CROWDS, found[CROWDS], crowds_from_parquet),
        summary=_decoded(folder, SUMMARY, found[SUMMARY], json.loads),
    )


def _checked(folder: Path, name: str, contents: Mapping[str, Any]) -> bytes:
    content = _read_file(folder, name)
    try:
        expected = contents[name]
        size, digest = int(expected["bytes"]), str(expected["sha256"])
    except (KeyError, TypeError, ValueError):
        raise RunFolderError(_("{folder}: manifest.json is damaged").format(folder=_name(folder))) from None
    if len(content) < size:
        raise RunFolderError(
            _("{folder}: {file} is cut off: {found} of {size} bytes").format(
                folder=_name(folder), file=name, found=len(content), size=size
            )
        )
    if sha256(content).hexdigest() != digest:
        raise RunFolderError(
            _("{folder}: {file} is not the file that the run wrote").format(folder=_name(folder), file=name)
        )
    return content


def _decoded(folder: Path, name: str, content: bytes, decode: Callable[[bytes], Content]) -> Content:
    try:
        return decode(content)
    except (ValueError, KeyError, TypeError, OSError, pa.ArrowException) as error:
        raise RunFolderError(
            _("{folder}: {file} cannot be read: {why}").format(
                folder=_name(folder), file=name, why=visible(str(error), 200)
            )
        ) from error


def _read_file(folder: Path, name: str) -> bytes:
    try:
        return (folder / name).read_bytes()
    except FileNotFoundError:
        if not folder.exists():
            raise RunFolderError(_("{folder}: no such folder").format(folder=_name(folder))) from None
        raise RunFolderError(
            _("{folder}: holds no whole run: {file} is missing").format(folder=_name(folder), file=name)
        ) from None
    except OSError as error:
        raise RunFolderError(
            _("{folder}: {file} cannot be read: {why}").format(
                folder=_name(folder), file=name, why=system_reason(error)
            )
        ) from error


def _page_name(folder: Path, name: str) -> str:
    reserved = {MANIFEST, RECORDS, CROWDS, SUMMARY}
    if not name or name in reserved or name != Path(name).name or name.startswith(".") or "\\" in name:
        raise RunFolderError(
            _("{folder}: {name} is no name for a further file of a run").format(
                folder=_name(folder), name=shown(name)
            )
        )
    return name


def _write_file(path: Path, content: bytes) -> None:
    with path.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # Windows cannot open a folder; its journal keeps the rename
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _put_in_place(partial: Path, folder: Path, *, replace: bool) -> None:
    """Rename the finished folder; of two runs that finish at once the first rename wins."""
    check_free(folder, replace=replace)
    if folder.exists() and not any(folder.iterdir()):
        folder.rmdir()  # fails when another run has come in meanwhile
    if not folder.exists():
        partial.rename(folder)
        return
    old = Path(mkdtemp(prefix=f".{folder.name}.", suffix=".old", dir=folder.parent))
    folder.rename(old / "run")
    try:
        partial.rename(folder)
    except OSError:
        (old / "run").rename(folder)
        old.rmdir()
        raise
    shutil.rmtree(old, ignore_errors=True)


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            why = _("the disk is full; nothing was written")
        elif error.errno in {errno.EEXIST, errno.ENOTEMPTY}:
            why = _("another run has been written there meanwhile; choose another folder")
        else:
            why = system_reason(error)
        raise RunFolderError(f"{_name(folder)}: {why}") from error


def _name(folder: Path) -> str:
    return visible(str(folder), 200)
