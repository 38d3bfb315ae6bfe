"""What the checks of claims share."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.scenarios.claims import OBSERVED, Saw


@pytest.fixture
def observed(record_property: Callable[[str, object], None]) -> Saw:
    """Say what a check saw; `make claims` prints it beside the claim."""
    return lambda text: record_property(OBSERVED, text)
