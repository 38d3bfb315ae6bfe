"""Named random streams: every kind of decision of every entity draws from a stream of its own.

A stream depends on the seed, the replication and its names only, never on what was drawn before, so that
adding a unit nobody uses changes nothing else and two force levels compare like with like (common random
numbers). Method: `numpy.random.SeedSequence` with a spawn key (O'Neill 2014; NumPy documentation on parallel
streams).
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b

import numpy as np


@lru_cache(maxsize=65536)
def _words_of(name: str) -> tuple[int, int]:
    digest = blake2b(name.encode(), digest_size=8).digest()
    return int.from_bytes(digest[:4], "little"), int.from_bytes(digest[4:], "little")


def _sequence(seed: int, replication: int, names: tuple[str, ...]) -> np.random.SeedSequence:
    hashed = (word for name in names for word in _words_of(name))
    return np.random.SeedSequence(seed, spawn_key=(replication, *hashed))


def stream(seed: int, replication: int, *names: str) -> np.random.Generator:
    """Return the generator that belongs to these names in this replication."""
    return np.random.Generator(np.random.PCG64(_sequence(seed, replication, names)))


def stream_key(seed: int, replication: int, *names: str) -> int:
    """Return a 64-bit key for counter-based draws inside compiled code."""
    return int(_sequence(seed, replication, names).generate_state(1, np.uint64)[0])


class Streams:
    """The streams of one run; each named stream is made once and then goes on."""

    def __init__(self, seed: int, replication: int) -> None:
        self.seed = seed
        self.replication = replication
        self._made: dict[tuple[str, ...], np.random.Generator] = {}

    def of(self, *names: str) -> np.random.Generator:
        """Return the stream of these names, where it left off."""
        made = self._made.get(names)
        if made is None:
            made = self._made[names] = stream(self.seed, self.replication, *names)
        return made

    def key(self, *names: str) -> int:
        """Return a 64-bit key for counter-based draws."""
        return stream_key(self.seed, self.replication, *names)
