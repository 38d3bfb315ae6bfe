"""A scenario and its data in one file: a zip archive that `check` and `run` take like the scenario itself.

The archive is read in memory and never unpacked, so nothing in it can land elsewhere on the disk.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from kontijensi.vocabulary.words import _, shown

ENDING = ".kontijensi.zip"
_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
MOST_FILES = 200
MOST_BYTES = 256 * 1024 * 1024
"""Bytes of all files together, unpacked."""
_SCENARIOS = frozenset([".yaml", ".yml"])
_MOMENT = (2000, 1, 1, 0, 0, 0)
"""The same scenario always makes the same bytes."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """What a bundle holds: the scenario's name and text, and the files beside it by name."""

    name: str
    text: bytes
    files: Mapping[str, bytes]


def is_bundle(data: bytes) -> bool:
    """Tell whether a file's content is an archive rather than a text."""
    return data.startswith(_MAGIC)


def pack(name: str, texts: Mapping[str, bytes]) -> bytes:
    """Return a scenario and the files it names as one archive; `name` is the scenario's own."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for each in sorted(texts, key=lambda key: (key != name, key)):
            entry = zipfile.ZipInfo(PurePosixPath(*each.split("\\")).as_posix(), _MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, texts[each])
    return stream.getvalue()


def unpack(data: bytes) -> Bundle:
    """Return what an archive holds.

    Raises ValueError in plain words when it is damaged or too large, or has not one scenario at its top.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            _refuse_large(entries)
            files = {entry.filename: _content(archive, entry) for entry in entries}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise ValueError(_("the bundle is damaged or locked ({reason})").format(reason=error)) from None
    tops = [name for name in files if "/" not in name and PurePosixPath(name).suffix in _SCENARIOS]
    if len(tops) != 1:
        found = ", ".join(shown(name) for name in tops) or _("none")
        raise ValueError(_("a bundle holds one scenario at its top; found {found}").format(found=found))
    return Bundle(tops[0], files.pop(tops[0]), files)


def _refuse_large(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_FILES:
        raise ValueError(_("the bundle holds more than {n} files").format(n=MOST_FILES))
    if sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise ValueError(_("the bundle holds more than {n} MB").format(n=MOST_BYTES // 2**20))


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Return a file's content; an entry that holds more than it says is refused by the archive's reader."""
    with archive.open(entry) as stream:
        return stream.read(entry.file_size + 1)
