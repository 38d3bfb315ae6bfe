"""Keeps the Indonesian catalogue in step: `python -m kontijensi.vocabulary.catalogue [--check]`.

Without `--check` it collects every message from the sources, merges them into the `.po` file keeping its
translations, and compiles the `.mo` file. With `--check` it changes nothing, and exits 1 when a translation
is missing, fuzzy, out of date, names other placeholders than its message, or is not compiled.
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path
from string import Formatter
from typing import TextIO

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from kontijensi.vocabulary.words import DOMAIN

SOURCES = Path(__file__).resolve().parents[1]
CATALOGUE = SOURCES / "locale" / "id" / "LC_MESSAGES" / f"{DOMAIN}.po"

_METHODS = [
    ("**.py", "python"),
    ("**.html", "jinja2.ext:babel_extract"),
    ("**.jinja", "jinja2.ext:babel_extract"),
]
_OPTIONS = {pattern: {"silent": "false"} for pattern in ("**.html", "**.jinja")}
_KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}

# Indonesian has one form for any number; babel's own table says two.
_BEGINNING = r"""# What kontijensi says, in Indonesian.
msgid ""
msgstr ""
"Project-Id-Version: kontijensi 1\n"
"POT-Creation-Date: 2026-01-01 00:00+0000\n"
"Language: id\n"
"Plural-Forms: nplurals=1; plural=0;\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"""


def collect(sources: Path = SOURCES) -> Catalog:
    """Return every message in the sources as an untranslated catalogue, with the files it stands in."""
    found = Catalog(domain=DOMAIN)
    entries = extract_from_dir(sources, method_map=_METHODS, options_map=_OPTIONS, keywords=_KEYWORDS)
    for file, _line, message, _comments, context in entries:
        if message:
            found.add(message, locations=[(Path(file).as_posix(), 0)], context=context)
    return found


def load(path: Path = CATALOGUE) -> Catalog:
    """Return the catalogue of a `.po` file, an empty Indonesian one when there is none."""
    with path.open("rb") if path.exists() else BytesIO(_BEGINNING.encode()) as stream:
        return read_po(stream, locale="id", domain=DOMAIN)


def merge(catalogue: Catalog, found: Catalog) -> Catalog:
    """Return the catalogue with the messages found; translations no longer used are kept as obsolete."""
    # Keep the dates, so that running this twice changes nothing.
    found.creation_date = catalogue.creation_date
    catalogue.update(found, no_fuzzy_matching=True)
    return catalogue


def compiled(catalogue: Catalog) -> bytes:
    """Return the catalogue as the bytes of a `.mo` file."""
    stream = BytesIO()
    write_mo(stream, catalogue)
    return stream.getvalue()


def written(catalogue: Catalog) -> bytes:
    """Return the catalogue as the bytes of a `.po` file."""
    stream = BytesIO()
    # Without line numbers: otherwise every edit of a source would change the catalogue.
    write_po(stream, catalogue, width=110, sort_output=True, include_lineno=False)
    return stream.getvalue()


def complaints(catalogue: Catalog, found: Catalog, mo: bytes | None) -> list[str]:
    """Return what is wrong with a catalogue, one line each, against the messages found and the `.mo`."""
    wanted = {message.id for message in found if message.id}
    held = {message.id: message for message in catalogue if message.id}
    lines = [f"missing: {_first(key)!r}" for key in wanted if key not in held or not _translated(held[key])]
    lines += [f"stale: {_first(key)!r}" for key in held if key not in wanted]
    lines += [f"fuzzy: {_first(key)!r}" for key, message in held.items() if message.fuzzy]
    lines += [
        f"placeholders differ: {_first(key)!r}" for key, message in held.items() if not _same_fields(message)
    ]
    if mo != compiled(catalogue):
        lines.append("the .mo file is not the compiled .po file")
    return sorted(lines)


def _first(key: str | tuple[str, ...] | list[str]) -> str:
    return key if isinstance(key, str) else key[0]


def _forms(value: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())


def _translated(message: Message) -> bool:
    return bool(message.string) and all(_forms(message.string))


def _same_fields(message: Message) -> bool:
    """Return whether every translation names only placeholders of its message, and all of them."""
    allowed = {field for form in _forms(message.id) for field in _fields(form)}
    return all(_fields(form) == allowed for form in _forms(message.string) if form)


def _fields(text: str) -> set[str]:
    try:
        return {name for _literal, name, _spec, _conversion in Formatter().parse(text) if name is not None}
    except ValueError:
        # A message with a lone brace is never formatted, so its translation only has to be one as well.
        return {"not a format"}


def update(path: Path = CATALOGUE, sources: Path = SOURCES) -> Catalog:
    """Bring the `.po` and `.mo` files in step with the sources and return the catalogue."""
    catalogue = merge(load(path), collect(sources))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(written(catalogue))
    path.with_suffix(".mo").write_bytes(compiled(catalogue))
    return catalogue


def check(path: Path = CATALOGUE, sources: Path = SOURCES) -> list[str]:
    """Return what is wrong with the files at `path`, nothing when they are in step; changes nothing."""
    mo = path.with_suffix(".mo")
    return complaints(load(path), collect(sources), mo.read_bytes() if mo.exists() else None)


def main(arguments: list[str], out: TextIO) -> int:
    """Run the command and return its exit code: 0 in step, 1 not, 2 wrong usage."""
    if arguments not in ([], ["--check"]):
        out.write("usage: python -m kontijensi.vocabulary.catalogue [--check]\n")
        return 2
    if arguments:
        lines = check()
        out.writelines(f"{line}\n" for line in lines)
        return 1 if lines else 0
    catalogue = update()
    untranslated = [message for message in catalogue if message.id and not _translated(message)]
    out.writelines(f"missing: {_first(message.id)!r}\n" for message in untranslated)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], sys.stdout))
