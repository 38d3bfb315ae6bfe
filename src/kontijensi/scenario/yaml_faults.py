"""Text that is no YAML, explained: encodings, forbidden characters, and libyaml's errors in plain words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import yaml

from kontijensi.vocabulary.words import N_, _, visible

LONGEST_KEY = 1024
"""Characters of a key in YAML."""
MAX_FORBIDDEN = 20
"""Forbidden characters named one by one; a binary file has thousands."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What stops the reading and where; line and column count from 1."""

    line: int
    column: int
    message: str
    fix: str | None = None


def decode(data: bytes) -> str | Fault:
    """Return UTF-8 bytes as text, without the mark some editors put in front, or why they are none."""
    if looks_like_utf16(data):
        return Fault(
            1,
            1,
            _("the file is in UTF-16, not UTF-8"),
            _("Save it again as UTF-8: in Notepad, Save as, Encoding: UTF-8."),
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # The error counts from behind the mark, so positions are taken in the same bytes.
        before = error.object[: error.start].decode("utf-8")
        line, column = place(before, len(before))
        byte = error.object[error.start]
        return Fault(
            line,
            column,
            _("the file is not UTF-8: byte 0x{byte:02x} fits no character").format(byte=byte),
            _("Save it again with the encoding UTF-8."),
        )


def looks_like_utf16(data: bytes) -> bool:
    """Return whether bytes carry UTF-16's (or UTF-32's) mark, or a zero in every other place."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")):
        return True
    start = data[:4]
    return len(start) == 4 and (
        (start[0] != 0 and start[2] != 0 and start[1] == 0 == start[3])
        or (start[1] != 0 and start[3] != 0 and start[0] == 0 == start[2])
    )


# Control characters, line separators editors do not show, characters that turn the direction of writing
# (they make a text read differently from what it is), lone surrogates and non-characters.
_FORBIDDEN_SET = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff"
)
FORBIDDEN = re.compile(f"[{_FORBIDDEN_SET}]")


def forbidden_characters(text: str) -> Iterator[Fault]:
    """Yield a fault for each character that must not stand in a scenario, the first twenty at most."""
    for match in islice(FORBIDDEN.finditer(text), MAX_FORBIDDEN):
        yield Fault(
            *place(text, match.start()),
            forbidden_message(match[0]),
            _("Delete it; many editors do not show it."),
        )


def forbidden_message(character: str) -> str:
    """Return what a forbidden character is called."""
    code = ord(character)
    if code == 0:
        return _("a NUL character (U+0000) is not allowed")
    if 0xD800 <= code <= 0xDFFF:
        return _("half a character (lone surrogate U+{code:04X}) is not allowed").format(code=code)
    if code == 0xFEFF:
        return _("a byte order mark (U+FEFF) is only allowed at the very beginning")
    if 0x2028 <= code <= 0x2069:
        return _("an invisible formatting character (U+{code:04X}) is not allowed").format(code=code)
    return _("a control character (U+{code:04X}) is not allowed").format(code=code)


def place(text: str, index: int) -> tuple[int, int]:
    """Return the line and column, from 1, of a position in the text."""
    breaks = text.count("\n", 0, index) + text.count("\r", 0, index) - text.count("\r\n", 0, index)
    start = max(text.rfind("\n", 0, index), text.rfind("\r", 0, index)) + 1
    return breaks + 1, index - start + 1


_PLAIN_WORDS = {
    "mapping values are not allowed in this context": (
        N_("a ':' stands where none can be"),
        N_("Put text that holds ': ' in quotes, and give keys of one mapping the same indentation."),
    ),
    "block sequence entries are not allowed in this context": (
        N_("a list cannot begin in the line of its key"),
        N_("Begin the '-' on a line of its own, or write the list in brackets: [a, b]."),
    ),
    "did not find expected key": (
        N_("this line does not continue the mapping above it"),
        N_("Give all keys of one mapping the same indentation, and close every quote before the line ends."),
    ),
    "could not find expected ':'": (
        N_("a ':' is missing after the key"),
        N_("Write 'key: value', with a space after the colon."),
    ),
    "did not find expected '-' indicator": (
        N_("this line does not continue the list above it"),
        N_("Begin it with '- ' at the list's indentation, or indent it less."),
    ),
    "did not find expected ',' or ']'": (
        N_("the list opened with '[' in line {line} is not closed, or a comma is missing"),
        N_("Write [a, b, c]."),
    ),
    "did not find expected ',' or '}'": (
        N_("the mapping opened with '{{' in line {line} is not closed, or a comma is missing"),
        N_("Write {{a: 1, b: 2}}."),
    ),
    "found unexpected end of stream": (
        N_("the quote opened in line {line} is never closed"),
        N_("Close it with the same quote."),
    ),
    "found unexpected document indicator": (
        N_("the quote opened in line {line} is not closed before the line '---' or '...'"),
        N_("Close it with the same quote."),
    ),
    "found unknown escape character": (
        N_("a backslash in double quotes begins no known escape"),
        N_("Use single quotes when the backslash is meant, or write it twice."),
    ),
    "found invalid Unicode character escape code": (
        N_("this escape stands for half a character (a lone surrogate) or for none"),
        N_("Write the character itself."),
    ),
    "did not find expected hexdecimal number": (
        N_("this escape needs hexadecimal digits"),
        N_("Write the character itself."),
    ),
    "found undefined tag handle": (
        N_("tags ('!...') are not part of the scenario language"),
        N_("Leave the tag out; put text that begins with '!' in quotes."),
    ),
    "did not find expected node content": (
        N_("a value is missing here, or a bracket is closed that was never opened"),
        None,
    ),
    "did not find expected alphabetic or numeric character": (
        N_("'&' and '*' begin a name (an anchor), and the name is missing"),
        N_("Put text that begins with '&' or '*' in quotes."),
    ),
    "did not find expected comment or line break": (
        N_("after '|' or '>' the text begins on the next line"),
        None,
    ),
    "found incompatible YAML document": (
        N_("this version of YAML is not known"),
        N_("Leave the %YAML line out."),
    ),
}
_AT_OPENING = frozenset({"found unexpected end of stream", "found unexpected document indicator"})
_AT_KEYS = frozenset({"could not find expected ':'", "mapping values are not allowed in this context"})
_TAB_FIX = N_("Use spaces; most editors can turn tabs into spaces.")


def explain(error: yaml.YAMLError, text: str) -> Fault:
    """Return what a YAML error means and where."""
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return Fault(1, 1, _("the text is not YAML: {reason}").format(reason=visible(str(error), 120)))
    problem = error.problem or ""
    mark = error.problem_mark
    opening = error.context_mark or mark
    if problem in _AT_OPENING:
        mark = opening
    line, column = mark.line + 1, mark.column + 1
    character = _character_at(text, mark.line, mark.column)
    if "tab character" in problem or (character == "\t" and problem not in _AT_OPENING):
        return Fault(line, column, _("a tab stands where only spaces can indent"), _(_TAB_FIX))
    if problem == "found character that cannot start any token":
        return Fault(
            line,
            column,
            _("a value cannot begin with '{character}'").format(character=visible(character)),
            _("Put it in quotes."),
        )
    if problem in _AT_KEYS and (start := _long_key(text, opening)) is not None:
        too_long = _("this key is too long: YAML reads at most {n} characters")
        shorter = _("Ids have at most 64 characters; longer text belongs behind the colon.")
        return Fault(opening.line + 1, start + 1, too_long.format(n=LONGEST_KEY), shorter)
    if problem in _PLAIN_WORDS:
        message, fix = _PLAIN_WORDS[problem]
        return Fault(line, column, _(message).format(line=opening.line + 1), _(fix).format() if fix else None)
    return Fault(line, column, _("the text is not YAML: {reason}").format(reason=visible(problem, 120)))


def _long_key(text: str, at: yaml.Mark) -> int | None:
    """Return the column of the key in a line, from 0, when it is longer than YAML reads."""
    lines = text.splitlines()
    line = lines[at.line] if at.line < len(lines) else ""
    start = len(line) - len(line.lstrip(" -{["))
    return start if line.find(":", start) - start > LONGEST_KEY else None


def _character_at(text: str, line: int, column: int) -> str:
    lines = text.splitlines()
    return lines[line][column : column + 1] if line < len(lines) else ""
