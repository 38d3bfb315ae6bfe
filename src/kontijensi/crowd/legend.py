"""Words behind the codes of a crowd sample, in the order of the codes."""

from __future__ import annotations

from typing import Final

STATE_WORDS: Final = ("quiet", "active", "violent", "left", "arrested", "injured")
ROLE_WORDS: Final = ("follower", "instigator", "bystander", "marshal")
