"""What a cell means: whole numbers, degrees, yes and no, as Indonesian offices write them.

Each reader returns None for an empty cell and raises ValueError in plain words for one that cannot be meant.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time

from kontijensi.authoring.sheets import Cell
from kontijensi.vocabulary.words import _, shown

_THOUSANDS = re.compile(r"[0-9]{1,3}(?:[. ][0-9]{3})+")
_PLAIN_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")
_DEGREES = re.compile(
    r"""(?P<degrees>[0-9]{1,3})\s*[°ºo]\s*(?P<minutes>[0-9]{1,2})\s*['’′]\s*
        (?:(?P<seconds>[0-9]{1,2}(?:[.,][0-9]+)?)\s*(?:["”″]|''))?\s*(?P<side>LS|LU|BT|BB|S|N|E|W|U|T)?""",
    re.VERBOSE | re.IGNORECASE,
)
_SOUTH_OR_WEST = frozenset(["LS", "S", "BB", "W"])
_YES = frozenset(["ya", "y", "ada", "yes", "true", "1", "v", "x", "bagus", "baik"])
_NO = frozenset(["tidak", "t", "tidak ada", "no", "n", "false", "0", "-", "blank spot", "blankspot", "nihil"])
EMPTY_WORDS = frozenset(["", "-", "–", "n/a", "#n/a", "null", "nan"])


def text(cell: Cell) -> str:
    """Return a cell as text; a whole number without decimals, a day as YYYY-MM-DD."""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M")
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    return " ".join(str(cell).split())


def is_empty(cell: Cell) -> bool:
    """Tell whether a cell says nothing."""
    return isinstance(cell, str) and cell.strip().casefold() in EMPTY_WORDS


def whole(cell: Cell) -> int | None:
    """Read a count of people or stations: `312`, `1.847` written as text, `1 847`."""
    if is_empty(cell):
        return None
    if isinstance(cell, float):
        if cell.is_integer() and abs(cell) < 1e12:
            return _counted(int(cell))
        raise ValueError(_whole_wanted(cell))
    word = text(cell)
    if _THOUSANDS.fullmatch(word):
        return int(re.sub("[. ]", "", word))
    if re.fullmatch(r"[+-]?[0-9]{1,12}", word):
        return _counted(int(word))
    raise ValueError(_whole_wanted(cell))


def _counted(n: int) -> int:
    if n < 0:
        raise ValueError(_("{value}: a count is 0 or more").format(value=n))
    return n


def _whole_wanted(cell: Cell) -> str:
    if isinstance(cell, float) and round(cell * 1000) == cell * 1000 and 1 <= cell < 1000:
        # 1.847 typed where a point divides thousands, read by a spreadsheet where it marks decimals.
        return _("{value}: a whole number is needed; was {guess} meant?").format(
            value=shown(cell), guess=round(cell * 1000)
        )
    return _("{value}: a whole number is needed").format(value=shown(cell))


def degrees(cell: Cell) -> float | None:
    """Read a coordinate: `-7.7621`, `-7,7621`, `7°45'43" LS`."""
    if is_empty(cell):
        return None
    if isinstance(cell, float):
        return cell
    word = text(cell)
    if _PLAIN_NUMBER.fullmatch(word):
        return float(word.replace(",", "."))
    found = _DEGREES.fullmatch(word)
    if found is not None:
        value = float(found["degrees"]) + float(found["minutes"]) / 60
        value += float((found["seconds"] or "0").replace(",", ".")) / 3600
        return -value if (found["side"] or "").upper() in _SOUTH_OR_WEST else value
    raise ValueError(_("{value}: a coordinate is needed, such as -7.7621").format(value=shown(text(cell))))


def pair(cell: Cell) -> tuple[float, float] | None:
    """Read two coordinates that share a cell: `-7.7621, 110.5137` or `-7,7621; 110,5137`."""
    if is_empty(cell):
        return None
    word = text(cell)
    for parts in (word.split(";"), word.split(", "), word.split(","), word.split()):
        if len(parts) == 2:
            try:
                first, second = degrees(parts[0].strip()), degrees(parts[1].strip())
            except ValueError:
                continue
            if first is not None and second is not None:
                return first, second
    raise ValueError(
        _("{value}: two coordinates are needed, such as -7.7621, 110.5137").format(value=shown(word))
    )


def truth(cell: Cell) -> bool | None:
    """Read yes or no: `ya`, `ada`, `tidak`, `1`."""
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, str) and cell.strip() == "":
        return None
    word = text(cell).casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise ValueError(_("{value}: write ya or tidak").format(value=shown(text(cell))))


def lost_point(value: float, low: float, high: float) -> float | None:
    """Return a coordinate whose decimal point a spreadsheet has dropped, as it was meant; None if none fits.

    A list typed with points on a computer that expects commas turns -7.7621 into -77621.
    """
    for power in range(1, 13):
        moved = value / 10.0**power
        if low <= moved <= high:
            return moved
    return None


def slug(words: str) -> str:
    """Return words as part of an id: small letters and digits joined by `-`."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.casefold()).strip("-")
