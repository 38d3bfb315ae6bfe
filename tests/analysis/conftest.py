"""Messages are compared in English."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kontijensi.vocabulary.words import use_language


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Speak English for the length of a test."""
    with use_language("en"):
        yield
