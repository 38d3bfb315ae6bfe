"""Which seeds and replications there are."""

from __future__ import annotations

from operator import index
from typing import SupportsIndex

from kontijensi.vocabulary.words import _, shown

LARGEST_SEED = 2**63 - 1
LARGEST_REPLICATION = 2**32 - 1


def whole(name: str, value: object, largest: int) -> int:
    """Return a seed or replication as a whole number.

    Raises ValueError naming the value, when it is none or outside 0 to `largest`.
    """
    number = -1
    # Also takes numpy's whole numbers, but no fraction, no text and no truth.
    if isinstance(value, SupportsIndex) and not isinstance(value, bool):
        number = index(value)
    if not 0 <= number <= largest:
        message = _("{name}: {value} is not a whole number from 0 to {largest}")
        raise ValueError(message.format(name=name, value=shown(value), largest=largest))
    return number
