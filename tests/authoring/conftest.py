"""Messages are read in English here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kontijensi.vocabulary.words import use_language


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with use_language("en"):
        yield
