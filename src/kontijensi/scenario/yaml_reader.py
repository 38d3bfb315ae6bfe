"""Turns libyaml's events into plain values, the place of each, and every problem met on the way.

One pass with a stack of its own, so depth never meets Python's recursion limit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

import yaml

from kontijensi.scenario.marks import Branch, Marks, Place, Spot
from kontijensi.scenario.problems import Path, Problem, in_order
from kontijensi.scenario.yaml_faults import FORBIDDEN, explain, forbidden_message
from kontijensi.scenario.yaml_scalars import Plain, Refusal, resolve
from kontijensi.vocabulary.words import _, shown, visible

DEEPEST = 64
"""Mappings and lists within each other."""
ALIAS_BUDGET = 200_000
"""Values that aliases may add to the document, counted as if each were written out."""
MAX_PROBLEMS = 1000

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Refused(Enum):
    """Stands in the data where a value was refused, so that later checks do not complain about it again."""

    VALUE = "refused"


REFUSED = Refused.VALUE


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: `data` is None and `whole` False when reading ended early."""

    data: Any
    marks: Marks
    problems: tuple[Problem, ...]
    whole: bool


_ORIGIN = yaml.Mark("", 0, 0, 0, None, 0)


class _Stop(Exception):  # noqa: N818 - ends the reading; not an error of its own
    """Nothing more can be read, and the problem that says why is noted."""


class _Frame:
    """A mapping or list being read; `keep` is False while the value of a refused key passes by."""

    __slots__ = ("anchor", "at", "height", "is_key", "keep", "key", "key_spots", "parts", "size", "values")

    def __init__(self, at: Spot, anchor: str | None, *, mapping: bool, is_key: bool) -> None:
        self.at = at
        self.anchor = anchor
        self.is_key = is_key
        self.key: str | None = None
        self.keep = True
        self.size = 1
        self.height = 1
        self.values: Any = {} if mapping else []
        self.parts: Any = {} if mapping else []
        self.key_spots: dict[str, Spot] | None = {} if mapping else None


@dataclass(frozen=True, slots=True)
class _Anchored:
    """A finished value that aliases may name; `size` counts it written out, `height` the levels inside it."""

    value: Any
    place: Place
    size: int
    height: int
    line: int


class Reader:
    """Turns events into values and places; one method an event.

    Events are untyped here: the stubs allow an event without a place, which libyaml never makes.
    """

    def __init__(self, text: str, name: str) -> None:
        self._text = text
        self._name = name
        self._problems: list[Problem] = []
        self._anchors: dict[str, _Anchored | None] = {}  # None while the anchored value is still open
        self._alias_size = 0
        self._documents = 0
        # The bottom frame is a list that receives the document itself; it is no part of any path.
        self._frame = _Frame(_ORIGIN, None, mapping=False, is_key=False)
        self._stack: list[_Frame] = []

    def read(self) -> Reading:
        """Return what the text holds."""
        bottom = self._frame
        whole = True
        try:
            self._consume()
            if bottom.values in ([], [None]):
                self._note(
                    _ORIGIN,
                    (),
                    _("the file is empty"),
                    _("Begin with one from the folder `scenarios`, or with docs/tutorial.md."),
                )
                whole = False
        except _Stop:
            whole = False
        except yaml.YAMLError as error:
            fault = explain(error, self._text)
            self._problems.append(
                Problem(self._name, fault.line, fault.column, self._path(), fault.message, fix=fault.fix)
            )
            whole = False
        root = bottom.parts[0] if bottom.parts else None
        data = bottom.values[0] if whole else None
        return Reading(data, Marks(root), in_order(self._problems), whole)

    def _consume(self) -> None:
        handlers: dict[type, Callable[[Any], None]] = {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: self._open,
            yaml.SequenceStartEvent: self._open,
            yaml.MappingEndEvent: self._close,
            yaml.SequenceEndEvent: self._close,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document,
        }
        loader = _Loader(self._text)
        try:
            next_event = loader.get_event
            # Asked for by exact type: events of the stream's and document's end need nothing done.
            while (event := next_event()) is not None:
                handler = handlers.get(type(event))
                if handler is not None:
                    handler(event)
        finally:
            loader.dispose()

    def _document(self, event: Any) -> None:
        self._documents += 1
        if self._documents > 1:
            self._note(
                event.start_mark,
                (),
                _("a second document begins here; a scenario is one document"),
                _("Delete the line '---', or move what follows to a file of its own."),
            )
            raise _Stop

    def _scalar(self, event: Any) -> None:
        frame = self._frame
        if frame.key is None and frame.key_spots is not None:
            self._key(event)
            return
        at: Spot = event.start_mark
        word: str = event.value
        value: Plain | Refused | Refusal
        if event.tag is not None:
            value = self._tagged(event, self._here())
        elif event.style:
            value = word
            if not word.isprintable():
                value = self._visible(word, at)
        else:
            value = resolve(word)
            if type(value) is Refusal:
                self._note(at, self._here(), value.message, value.fix)
                value = REFUSED
        if event.anchor is not None:
            self._new_anchor(event.anchor, at)
            # A long text counts for more, since it weighs more wherever it is written out again.
            self._anchors[event.anchor] = _Anchored(value, at, 1 + len(word) // 100, 0, at.line + 1)
        self._attach(value, at)

    def _attach(self, value: Any, place: Place, size: int = 1, height: int = 0) -> None:
        frame = self._frame
        frame.size += size
        if height >= frame.height:
            frame.height = height + 1
        key = frame.key
        if frame.key_spots is None:
            frame.values.append(value)
            frame.parts.append(place)
        else:
            if frame.keep:
                frame.values[key] = value
                frame.parts[key] = place
            frame.key = None
            frame.keep = True

    def _key(self, event: Any) -> None:
        frame = self._frame
        word: str = event.value
        at: Spot = event.start_mark
        frame.key = word
        path = (*self._path(), word)
        if event.tag is not None:
            self._tagged(event, path)
            frame.keep = False
        elif not event.style:
            frame.keep = self._plain_key(word, at, path)
        elif not word.isprintable():
            frame.keep = self._visible(word, at) is not REFUSED
        if not frame.keep:
            return
        if event.anchor is not None:
            self._new_anchor(event.anchor, at)
            self._anchors[event.anchor] = _Anchored(word, at, 1, 0, at.line + 1)
        spots = frame.key_spots
        assert spots is not None
        if word in spots:
            self._duplicate(word, spots[word], at, path)
            frame.keep = False
        else:
            spots[word] = at

    def _plain_key(self, word: str, at: Spot, path: Path) -> bool:
        """Return whether an unquoted key is text; note the problem when it is not."""
        value = resolve(word)
        if word == "<<":
            message = _("merge keys ('<<') are not part of the scenario language")
            fix = _("Write the keys out, or name the whole value by an alias.")
        elif isinstance(value, Refusal):
            message, fix = value.message, value.fix
        elif isinstance(value, str):
            return True
        elif not word:
            message, fix = _("the key in front of ':' is missing"), _("Write 'key: value'.")
        else:
            message = _("a key is text, and {value} is not").format(value=visible(word))
            fix = _("Put it in quotes: '{word}'.").format(word=visible(word))
        self._note(at, path, message, fix)
        return False

    def _duplicate(self, word: str, first: Spot, again: Spot, path: Path) -> None:
        self._note(
            again,
            path,
            _("the key {key} stands twice: in line {first} and again in line {again}").format(
                key=shown(word), first=first.line + 1, again=again.line + 1
            ),
            _("Delete one of the two; the first is kept."),
        )

    def _visible(self, word: str, at: Spot) -> str | Refused:
        """Return a text without hidden characters, or note the first that an escape brought in."""
        match = FORBIDDEN.search(word)
        if match is None:
            return word
        self._note(at, self._here(), forbidden_message(match[0]), _("Delete the escape."))
        return REFUSED

    def _tagged(self, event: Any, path: Path) -> Refused:
        self._note(
            event.start_mark,
            path,
            _("tags ('!...') are not part of the scenario language"),
            _("Leave the tag out; put text that begins with '!' in quotes."),
        )
        return REFUSED

    def _new_anchor(self, name: str, at: Spot) -> None:
        if name in self._anchors:
            self._note(
                at,
                self._here(),
                _("the anchor {name} stands twice").format(name=shown(f"&{name}")),
                _("Give each anchor a name of its own."),
            )

    def _open(self, event: Any) -> None:
        frame = self._frame
        at = event.start_mark
        is_key = frame.key_spots is not None and frame.key is None
        if is_key:
            self._skip_key(at, _("a key is text, not a mapping or list"))
        if event.tag is not None:
            self._tagged(event, self._here())
        if event.anchor is not None:
            self._new_anchor(event.anchor, at)
            self._anchors[event.anchor] = None
        if len(self._stack) >= DEEPEST:
            self._too_deep(at)
        self._stack.append(frame)
        mapping = type(event) is yaml.MappingStartEvent
        self._frame = _Frame(at, event.anchor, mapping=mapping, is_key=is_key)

    def _close(self, _event: Any) -> None:
        done = self._frame
        self._frame = self._stack.pop()
        place = Branch(done.at, done.key_spots, done.parts)
        if done.anchor is not None:
            self._anchors[done.anchor] = _Anchored(
                done.values, place, done.size, done.height, done.at.line + 1
            )
        if not done.is_key:
            self._attach(done.values, place, done.size, done.height)

    def _alias(self, event: Any) -> None:
        frame = self._frame
        at: Spot = event.start_mark
        name: str = event.anchor
        if frame.key_spots is not None and frame.key is None:
            self._skip_key(at, _("an alias cannot be a key"))
            return
        anchored = self._anchors.get(name)
        if anchored is None:
            self._note(at, self._here(), *self._nothing_named(name))
            self._attach(REFUSED, at)
            return
        self._alias_size += anchored.size
        if self._alias_size > ALIAS_BUDGET:
            self._note(
                at,
                self._here(),
                _("aliases write the document out to more than {n} values").format(n=ALIAS_BUDGET),
                _("Name smaller parts, or use fewer aliases."),
            )
            raise _Stop
        if len(self._stack) + anchored.height > DEEPEST:
            self._too_deep(at)
        place: Place = anchored.place
        # The alias stands here; what it names stands at the anchor.
        place = Branch(at, place.keys, place.parts) if isinstance(place, Branch) else at
        self._attach(anchored.value, place, anchored.size, anchored.height)

    def _nothing_named(self, name: str) -> tuple[str, str]:
        """Return message and fix for an alias that names nothing finished."""
        if name in self._anchors:
            return (
                _("the alias {name} names the value it stands in").format(name=shown(f"*{name}")),
                _("A value cannot contain itself; write it out."),
            )
        return (
            _("the alias {name} names nothing above it").format(name=shown(f"*{name}")),
            _("Put text that begins with '*' in quotes."),
        )

    def _skip_key(self, at: Spot, message: str) -> None:
        """Note a key that cannot be one, and let its value pass by."""
        self._note(
            at,
            self._path(),
            message,
            _("Write 'key: value'; put text that begins with '[', '{' or '*' in quotes."),
        )
        self._frame.key = "?"
        self._frame.keep = False

    def _too_deep(self, at: Spot) -> None:
        self._note(
            at,
            self._here(),
            _("mappings and lists lie more than {n} deep within each other").format(n=DEEPEST),
            _("No scenario is this deep; check the brackets and the indentation."),
        )
        raise _Stop

    def _note(self, at: Spot, path: Path, message: str, fix: str | None = None) -> None:
        self._problems.append(Problem(self._name, at.line + 1, at.column + 1, path, message, fix=fix))
        if len(self._problems) >= MAX_PROBLEMS:
            self._problems.append(
                Problem(
                    self._name, at.line + 1, at.column + 1, (), _("too many problems; reading stopped here")
                )
            )
            raise _Stop

    def _path(self) -> Path:
        """Return the path of the mapping or list being read."""
        return tuple(_step(frame) for frame in self._stack[1:])

    def _here(self) -> Path:
        """Return the path of the value being read."""
        return (*self._path(), _step(self._frame)) if self._stack else ()


def _step(frame: _Frame) -> str | int:
    return len(frame.values) if frame.key_spots is None else frame.key or ""
