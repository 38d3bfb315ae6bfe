"""The live situation over time: how many people were gathered, active and violent, as sampled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from kontijensi.vocabulary.records import Record, RecordKind

if TYPE_CHECKING:
    import pandas as pd

COUNTS = ("present", "quiet", "active", "violent")


@dataclass(frozen=True, slots=True)
class Situation:
    """People in all crowds together: `people[i]` holds from `time_s[i]` on, in the order of `COUNTS`."""

    time_s: npt.NDArray[np.float64]
    people: npt.NDArray[np.int64]
    """Shape (n_times, 4)."""

    def peak(self, count: str) -> tuple[int, float | None]:
        """Return the most people of a count at any time, and when first [s]; 0, None without a crowd."""
        column = self.people[:, COUNTS.index(count)]
        if not len(column) or column.max() == 0:
            return 0, None
        at = int(column.argmax())
        return int(column[at]), float(self.time_s[at])

    def person_hours(self, count: str, end_s: float) -> float:
        """Return the sum over time of a count until the end of the run [person h]."""
        lengths_s = np.diff(np.append(self.time_s, max(end_s, self.time_s[-1] if len(self.time_s) else 0.0)))
        return float(self.people[:, COUNTS.index(count)] @ lengths_s) / 3600.0


def situation(records: Iterable[Record]) -> Situation:
    """Return the counts over time; each crowd keeps its last sample until the next or its end."""
    latest: dict[str, npt.NDArray[np.int64]] = {}
    total = np.zeros(len(COUNTS), dtype=np.int64)
    times: list[float] = []
    rows: list[npt.NDArray[np.int64]] = []
    for record in records:
        if record.kind is RecordKind.CROWD_SAMPLED:
            now = np.array([int(record.values.get(name) or 0) for name in COUNTS], dtype=np.int64)
        elif record.kind is RecordKind.CROWD_ENDED:
            now = np.zeros(len(COUNTS), dtype=np.int64)
        else:
            continue
        total = total + now - latest.get(record.entity, 0)
        latest[record.entity] = now
        if times and times[-1] == record.time_s:
            rows[-1] = total
        else:
            times.append(record.time_s)
            rows.append(total)
    people = np.array(rows, dtype=np.int64).reshape(len(rows), len(COUNTS))
    return Situation(np.array(times, dtype=np.float64), people)


def situation_frame(found: Situation) -> pd.DataFrame:
    """Return the counts as a table: `time_s` and one column a count."""
    import pandas as pd

    return pd.DataFrame(
        {"time_s": found.time_s, **{name: found.people[:, i] for i, name in enumerate(COUNTS)}}
    )
