"""Values as plain JSON: sorted keys, no numpy, and null for what is not a number."""

from __future__ import annotations

import json
from collections.abc import Mapping, Set
from math import isfinite
from typing import Any

import numpy as np


def plain(value: Any) -> Any:
    """Return the value made of dict, list, str, int, float, bool and None only; NaN and infinity become None.

    Sets are sorted, so that equal values always give the same text. Raises TypeError naming a type that has
    no plain form.
    """
    if isinstance(value, (np.generic, np.ndarray)):
        value = value.tolist()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, Set):
        return sorted(plain(item) for item in value)
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return _plain_scalar(value)


def _plain_scalar(value: Any) -> str | float | bool | None:
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, str):
        return str(value)  # a StrEnum becomes its word
    if isinstance(value, float):
        return float(value) if isfinite(value) else None
    raise TypeError(f"{type(value).__name__} has no place in a record or a summary: {value!r}")


def compact(value: Any) -> str:
    """Return the value as one line of JSON with sorted keys."""
    try:
        return _ENCODE(value)
    except (
        TypeError,
        ValueError,
    ):  # numpy values and non-finite numbers are rare: only they pay for the walk
        return _ENCODE(plain(value))


def page(value: Any) -> str:
    """Return the value as indented JSON with sorted keys, ended by a newline."""
    text = json.dumps(plain(value), sort_keys=True, ensure_ascii=False, allow_nan=False, indent=1)
    return text + "\n"


_ENCODE = json.JSONEncoder(
    sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"), check_circular=False
).encode
