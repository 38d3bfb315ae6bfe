"""Where people stood: sampled positions of crowds, kept for replay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class CrowdLegend:
    """Words behind the codes of a sample, in the order of the codes."""

    states: tuple[str, ...]
    camps: tuple[str, ...]
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CrowdFrame:
    """One crowd at one moment; every array has shape (n_people,)."""

    time_s: float
    crowd: str
    place: str
    x_m: npt.NDArray[np.float32]
    """Metres from the west side of the ground."""
    y_m: npt.NDArray[np.float32]
    """Metres from the south side of the ground."""
    state: npt.NDArray[np.uint8]
    camp: npt.NDArray[np.uint8]
    role: npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class CrowdSamples:
    """Every sampled frame of a run, in the order they were taken."""

    legend: CrowdLegend
    frames: tuple[CrowdFrame, ...]


NOBODY = CrowdSamples(CrowdLegend((), (), ()), ())


class CrowdRecorder:
    """Keep positions as the engine hands them over, in arrays of its own."""

    __slots__ = ("_frames", "legend")

    def __init__(self, legend: CrowdLegend) -> None:
        self.legend = legend
        self._frames: list[CrowdFrame] = []

    def __call__(self, time_s: float, crowd: str, place: str, sample: Any) -> None:
        """Keep one sample: an object with arrays `x_m`, `y_m`, `state`, `camp` and `role` of one length.

        Raises ValueError when a code has no word in the legend.
        """
        codes = {}
        for name, words in (
            ("state", self.legend.states),
            ("camp", self.legend.camps),
            ("role", self.legend.roles),
        ):
            codes[name] = np.array(getattr(sample, name), dtype=np.uint8)
            if codes[name].size and int(codes[name].max()) >= len(words):
                raise ValueError(f"{crowd}: {name} {int(codes[name].max())} has no word among {words}")
        self._frames.append(
            CrowdFrame(
                time_s=float(time_s),
                crowd=crowd,
                place=place,
                x_m=np.array(sample.x_m, dtype=np.float32),
                y_m=np.array(sample.y_m, dtype=np.float32),
                **codes,
            )
        )

    def samples(self) -> CrowdSamples:
        """Return what has been kept so far."""
        return CrowdSamples(self.legend, tuple(self._frames))
