"""The strict YAML reader: what it reads, where it says values stand, and every kind of text it refuses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kontijensi.scenario.marks import Mark
from kontijensi.scenario.problems import ScenarioError
from kontijensi.scenario.yaml_text import LARGEST_FILE, REFUSED, read
from kontijensi.vocabulary.words import use_language


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with use_language("en"):
        yield


def said(text: bytes | str) -> list[str]:
    """Return the problems of a text, one line each, without the file's name."""
    return [str(problem).removeprefix("s.yaml:") for problem in read(text, name="s.yaml").problems]


def value(text: str) -> Any:
    return read(text, name="s.yaml").checked().data


EXAMPLE = """\
# an area
area:
  name: Klaten
  code: '33.10'
  zones: [wib, "x y"]
units:
  - id: brimob
    count: 2
    share: 0.5
    reserve: true
    base:
  - &dalmas
    id: dalmas
    count: 30
again: *dalmas
"""


def test_reads_plain_values() -> None:
    assert value(EXAMPLE) == {
        "area": {"name": "Klaten", "code": "33.10", "zones": ["wib", "x y"]},
        "units": [
            {"id": "brimob", "count": 2, "share": 0.5, "reserve": True, "base": None},
            {"id": "dalmas", "count": 30},
        ],
        "again": {"id": "dalmas", "count": 30},
    }


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("10:30", "10:30"),
        ("07:00", "07:00"),
        ("2023-07-05", "2023-07-05"),
        ("2023-07-05 07:00", "2023-07-05 07:00"),
        ("33.10", 33.1),
        ("1e6", 1e6),
        ("-2.5E-3", -0.0025),
        (".5", 0.5),
        ("5.", 5.0),
        ("+7", 7),
        ("0", 0),
        ("-0", 0),
        ("0.25", 0.25),
        ("1000000000000000000", 10**18),
        ("true", True),
        ("FALSE", False),
        ("~", None),
        ("y", "y"),
        ("n", "n"),
        ("nan", "nan"),
        ("5 min", "5 min"),
        ("4/h", "4/h"),
        ("1.2.3", "1.2.3"),
        ("-", None),
        ("tps-01", "tps-01"),
        ("'no'", "no"),
        ("'010'", "010"),
        ('"a\\tb\\nc"', "a\tb\nc"),
        ('"\\u00e9"', "é"),
        ("Desa\u00a0Baru", "Desa\u00a0Baru"),
    ],
)
def test_unquoted_words_mean_what_yaml_1_2_says(word: str, expected: object) -> None:
    if word == "-":
        assert value("a:\n  -\n") == {"a": [expected]}
        return
    found = value(f"a: {word}\n")["a"]
    assert (type(found), found) == (type(expected), expected)


REFUSALS = {
    "yes": "1:4: a: 'yes' is read as true or false by some programs and as a word by others",
    "No": "1:4: a: 'No' is read as true or false by some programs and as a word by others",
    "OFF": "1:4: a: 'OFF' is read as true or false by some programs and as a word by others",
    "010": "1:4: a: '010' begins with a zero: some programs read it as an octal number",
    "-007": "1:4: a: '-007' begins with a zero: some programs read it as an octal number",
    "07.30": "1:4: a: '07.30' begins with a zero: some programs read it as an octal number",
    "0x1F": "1:4: a: '0x1F' looks like a number that is not decimal",
    "0o17": "1:4: a: '0o17' looks like a number that is not decimal",
    "1_000": "1:4: a: '1_000': some programs read this as a number, others as text",
    ".nan": "1:4: a: '.nan': only finite numbers have a meaning here",
    "-.inf": "1:4: a: '-.inf': only finite numbers have a meaning here",
    "1e999": "1:4: a: '1e999': the number is too large",
    "1000000000000000001": "1:4: a: a whole number of 19 digits is too large",
    "9" * 10_000: "1:4: a: a whole number of 10000 digits is too large",
    "!!python/object/apply:os.system [ls]": "1:4: a: tags ('!...') are not part of the scenario language",
    "!!str 5": "1:4: a: tags ('!...') are not part of the scenario language",
    "!place 5": "1:4: a: tags ('!...') are not part of the scenario language",
    "*nobody": "1:4: a: the alias '*nobody' names nothing above it",
    "&self [*self]": "1:11: a[0]: the alias '*self' names the value it stands in",
    '"\\e[31m"': "1:4: a: a control character (U+001B) is not allowed",
    '"\\0"': "1:4: a: a NUL character (U+0000) is not allowed",
    '"\\u202e"': "1:4: a: an invisible formatting character (U+202E) is not allowed",
    "{<<: {b: 1}}": "1:5: a.<<: merge keys ('<<') are not part of the scenario language",
    "{1: x}": "1:5: a.1: a key is text, and 1 is not",
    "{33.10: x}": "1:5: a.'33.10': a key is text, and 33.10 is not",
    "{true: x}": "1:5: a.true: a key is text, and true is not",
    "{no: x}": "1:5: a.no: 'no' is read as true or false by some programs and as a word by others",
    "{[b]: x}": "1:5: a: a key is text, not a mapping or list",
    "{? : x}": "1:7: a.'': the key in front of ':' is missing",
}


@pytest.mark.parametrize(("written", "message"), REFUSALS.items(), ids=[key[:20] for key in REFUSALS])
def test_refuses_with_one_message(written: str, message: str) -> None:
    assert said(f"a: {written}\n") == [message]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"", "1:1: the file is empty"),
        (b"# only a comment\n", "1:1: the file is empty"),
        (b"---\n", "1:1: the file is empty"),
        (b"a: 1\n---\nb: 2\n", "2:1: a second document begins here; a scenario is one document"),
        ("a: é\n".encode("utf-16"), "1:1: the file is in UTF-16, not UTF-8"),
        ("a: é\n".encode("utf-16-le"), "1:1: the file is in UTF-16, not UTF-8"),
        ("a: é\n".encode("utf-16-be"), "1:1: the file is in UTF-16, not UTF-8"),
        ("a: 1\nb: é\n".encode("latin-1"), "2:4: the file is not UTF-8: byte 0xe9 fits no character"),
        (b"a: 1\nb: \xed\xa0\x80\n", "2:4: the file is not UTF-8: byte 0xed fits no character"),
        (b"a: x\x00y\n", "1:5: a NUL character (U+0000) is not allowed"),
        (b"a: \x1b[31m\n", "1:4: a control character (U+001B) is not allowed"),
        ("a: x\ud800\n", "1:5: half a character (lone surrogate U+D800) is not allowed"),
        ("a: 1\n\ufeffb: 2\n", "2:1: a byte order mark (U+FEFF) is only allowed at the very beginning"),
        ("a:\n\tb: 1\n", "2:1: a tab stands where only spaces can indent"),
        ("a: b: c\n", "1:5: a ':' stands where none can be"),
        ("a: - b\n", "1:4: a list cannot begin in the line of its key"),
        ("a: 1\n b: 2\n", "2:3: a ':' stands where none can be"),
        ("a:\n  - b\n c: 1\n", "3:2: this line does not continue the mapping above it"),
        ("- a\nb: 1\n", "2:1: this line does not continue the list above it"),
        ("a: 'x\nb: 1\n", "1:4: the quote opened in line 1 is never closed"),
        (
            "a: [1, 2\nb: 1\n",
            "2:2: the list opened with '[' in line 1 is not closed, or a comma is missing",
        ),
        ("a: {b: 1\n", "2:1: the mapping opened with '{' in line 1 is not closed, or a comma is missing"),
        ('a: "\\ud800"\n', "1:7: this escape stands for half a character (a lone surrogate) or for none"),
        ("a: @x\n", "1:4: a value cannot begin with '@'"),
        ('a: "\\q"\n', "1:5: a backslash in double quotes begins no known escape"),
    ],
)
def test_says_why_a_text_cannot_be_read(text: bytes | str, message: str) -> None:
    found = read(text, name="s.yaml")
    assert not found.whole
    assert found.data is None
    assert [f"{p.line}:{p.column}: {p.message}" for p in found.problems] == [message]


def test_a_mark_of_utf8_at_the_beginning_is_fine() -> None:
    assert read(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n", name="s").checked().data == {"a": 1, "b": 2}
    assert read("\ufeffa: 1\n", name="s").checked().marks.find(("a",)) == Mark(1, 4)


def test_a_file_too_large_is_not_read() -> None:
    assert said(b" " * (LARGEST_FILE + 1)) == ["1:1: the file is larger than 64 MB"]


def test_equal_keys_name_both_lines_and_the_first_is_kept() -> None:
    text = read("units:\n  brimob: 1\n  'brimob': 2\n", name="s.yaml")
    assert [str(p) for p in text.problems] == [
        "s.yaml:3:3: units.brimob: the key 'brimob' stands twice: in line 2 and again in line 3"
    ]
    assert text.data == {"units": {"brimob": 1}}
    assert text.marks.find(("units", "brimob")) == Mark(2, 11)


def test_every_problem_is_found_in_one_reading() -> None:
    text = read("a: no\nb: [1, 010, {c: .inf}]\na: 2\nd: !x 1\n3: {e: off}\nf: fine\n", name="s.yaml")
    assert [(p.line, p.column, p.path) for p in text.problems] == [
        (1, 4, ("a",)),
        (2, 8, ("b", 1)),
        (2, 17, ("b", 2, "c")),
        (3, 1, ("a",)),
        (4, 4, ("d",)),
        (5, 1, ("3",)),
        (5, 8, ("3", "e")),
    ]
    assert text.data == {"a": REFUSED, "b": [1, REFUSED, {"c": REFUSED}], "d": REFUSED, "f": "fine"}
    with pytest.raises(ScenarioError) as caught:
        text.checked()
    assert len(str(caught.value).splitlines()) == 7


def test_problems_without_end_stop_the_reading() -> None:
    found = said("".join(f"k{i}: no\n" for i in range(5000)))
    assert len(found) == 1001
    assert found[-1] == "1000:7: too many problems; reading stopped here"


@pytest.mark.parametrize("text", ["[" * 3000 + "]" * 3000, "{a: " * 3000, "- " * 3000 + "x"])
def test_deep_nesting_is_refused_and_does_not_crash(text: str) -> None:
    found = read(text, name="s.yaml").problems
    assert [p.message for p in found] == ["mappings and lists lie more than 64 deep within each other"]


def test_sixty_four_levels_are_not_too_deep() -> None:
    assert said("[" * 64 + "]" * 64) == []
    assert len(said("[" * 65 + "]" * 65)) == 1


def test_aliases_cannot_hide_depth() -> None:
    lines = ["a0: &a0 " + "[" * 30 + "]" * 30]
    lines += [f"a{i}: &a{i} " + "[" * 30 + f"*a{i - 1}" + "]" * 30 for i in range(1, 40)]
    found = read("\n".join(lines), name="s.yaml").problems
    assert [(p.line, p.message) for p in found] == [
        (3, "mappings and lists lie more than 64 deep within each other")
    ]


def test_an_alias_bomb_is_refused() -> None:
    lines = ["a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 30)]
    assert [p.message for p in read("\n".join(lines), name="s").problems] == [
        "aliases write the document out to more than 200000 values"
    ]


def test_a_long_text_named_often_is_a_bomb_too() -> None:
    text = f"a: &a {'x' * 1_000_000}\nb: [{', '.join(['*a'] * 100)}]\n"
    assert [p.message for p in read(text, name="s").problems] == [
        "aliases write the document out to more than 200000 values"
    ]


def test_a_merge_key_bomb_is_refused() -> None:
    lines = ["a0: &a0 {k: v}"]
    lines += [f"a{i}: &a{i} {{<<: [{', '.join([f'*a{i - 1}'] * 9)}]}}" for i in range(1, 30)]
    messages = {p.message for p in read("\n".join(lines), name="s").problems}
    assert messages == {
        "merge keys ('<<') are not part of the scenario language",
        "aliases write the document out to more than 200000 values",
    }


def test_an_anchor_twice_is_refused() -> None:
    assert said("a: &x 1\nb: &x 2\nc: *x\n") == ["2:4: b: the anchor '&x' stands twice"]


def test_places_of_values_and_keys() -> None:
    marks = read(EXAMPLE, name="s.yaml").marks
    assert marks.find(()) == Mark(2, 1)
    assert marks.find(("area", "name")) == Mark(3, 9)
    assert marks.find_key(("area", "name")) == Mark(3, 3)
    assert marks.find(("area", "zones", 1)) == Mark(5, 16)
    assert marks.find(("units", 0, "count")) == Mark(8, 12)
    assert marks.find_key(("units", 0)) == Mark(7, 5)
    assert marks.find(("units", 0, "base")).line == 11


def test_what_is_missing_is_placed_at_the_nearest_parent() -> None:
    marks = read(EXAMPLE, name="s.yaml").marks
    assert marks.find(("area", "zone")) == Mark(2, 1)
    assert marks.find(("units", 0, "shift", "start")) == Mark(7, 5)
    assert marks.find(("units", 7, "id")) == Mark(6, 1)
    assert marks.find(("units", "brimob")) == Mark(6, 1)
    assert marks.find(("area", "name", "first")) == Mark(3, 3)
    assert marks.find_key(("area", "zone")) == Mark(2, 1)


def test_an_alias_stands_where_it_is_written_and_its_parts_at_the_anchor() -> None:
    marks = read(EXAMPLE, name="s.yaml").marks
    assert marks.find(("again",)) == Mark(15, 8)
    assert marks.find(("again", "count")) == Mark(14, 12)


def test_a_problem_takes_its_place_from_the_path() -> None:
    text = read(EXAMPLE, name="s.yaml")
    assert str(text.problem(("units", 0, "count"), "too few")) == "s.yaml:8:12: units[0].count: too few"
    assert str(text.problem(("units", 0, "count"), "unknown", key=True)) == (
        "s.yaml:8:5: units[0].count: unknown"
    )


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"]), max_size=12)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**18), 10**18)
    | st.floats(allow_nan=False, allow_infinity=False)
    | WORDS
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)
DOCUMENTS = st.dictionaries(WORDS, VALUES, min_size=1, max_size=4)


def written(document: object, indent: int | None = None) -> str:
    # Not as escapes: JSON writes rare characters as two halves, which YAML does not join.
    return json.dumps(document, ensure_ascii=False, indent=indent)


@given(DOCUMENTS)
def test_what_json_writes_is_read_back(document: dict[str, Any]) -> None:
    assert value(written(document)) == document


@given(DOCUMENTS)
def test_every_value_stands_where_its_mark_says(document: dict[str, Any]) -> None:
    lines = written(document, indent=1).splitlines()
    marks = read(written(document, indent=1), name="s").checked().marks
    waiting: list[tuple[tuple[str | int, ...], Any]] = [((), document)]
    while waiting:
        path, node = waiting.pop()
        mark = marks.find(path)
        assert lines[mark.line - 1][mark.column - 1 :].startswith(written(node, indent=1).splitlines()[0])
        if isinstance(node, dict):
            waiting += [((*path, key), inner) for key, inner in node.items()]
        elif isinstance(node, list):
            waiting += [((*path, i), inner) for i, inner in enumerate(node)]


@given(st.binary(max_size=60) | st.text(max_size=60) | st.text("ab:-[]{}&*!|>'\"\n \t#?,%@0._", max_size=60))
def test_any_input_is_read_or_refused_with_a_place(text: bytes | str) -> None:
    found = read(text, name="s.yaml")
    assert found.whole or found.problems
    for problem in found.problems:
        assert problem.line >= 1
        assert problem.column >= 1
        assert str(problem).isprintable()
