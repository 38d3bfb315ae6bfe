"""Responses by phase, zone, district, type of unit and more: how they are spread, how many met each target.

An incident to which nobody came has no type of unit: it stands under `(none)`, and is left out nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from kontijensi.analysis.cover_parts import NONE
from kontijensi.analysis.percentiles import WithinShare, share_within, spread
from kontijensi.analysis.responses import Response
from kontijensi.scenario.schema.service import ResponseTarget

if TYPE_CHECKING:
    import pandas as pd


class ResponseBy(StrEnum):
    """By what responses are broken down; each is an attribute of a response."""

    SORT = "sort"
    COLOUR = "colour"
    PHASE = "phase"
    PHASE_KIND = "phase_kind"
    ZONE = "zone"
    DISTRICT = "district"
    UNIT_TYPE = "unit_type"


def response_groups(rows: Sequence[Response], by: ResponseBy) -> dict[str, list[Response]]:
    """Return rows by what they have in common, in the order of the names."""
    groups: dict[str, list[Response]] = {}
    for row in rows:
        groups.setdefault(str(getattr(row, by) or NONE), []).append(row)
    return dict(sorted(groups.items()))


def was_there(row: Response) -> bool:
    """Tell whether there was anything to form up for: on a false report units find nothing and turn back."""
    return row.sort != "false"


def held(rows: Sequence[Response], target: ResponseTarget) -> list[Response]:
    """Return the incidents for which a target holds: by their stream of calls, their sort or their colour."""
    effective = target.measure == "effective_response"
    return [row for row in rows if _concerns(target, row) and (was_there(row) or not effective)]


def in_time(rows: Sequence[Response], target: ResponseTarget) -> WithinShare:
    """Return how many of the incidents for which a target holds were answered in its time."""
    effective = target.measure == "effective_response"
    times_s = [row.effective_response_s if effective else row.response_s for row in held(rows, target)]
    return share_within(times_s, target.within)


def _concerns(target: ResponseTarget, row: Response) -> bool:
    if target.colours is None and target.calls is None and target.sorts is None:
        return True
    if row.sort in {"casualties", "fire"}:
        return target.sorts is not None and row.sort in target.sorts
    if row.sort == "call":
        return target.calls is not None and row.of in target.calls
    return target.colours is not None and row.colour in target.colours


def response_part_frame(
    rows: Sequence[Response], targets: Mapping[str, ResponseTarget], by: ResponseBy
) -> pd.DataFrame:
    """Return the spread of each group as a table: one row a group and measure; times in seconds.

    `measure` is `response` or `effective_response`; `within_ID` is the share of the group in time for that
    target, of those for which it holds. NaN is what is not known, or fell among the unanswered.
    """
    import pandas as pd

    lines: list[dict[str, Any]] = []
    for name, group in response_groups(rows, by).items():
        for measure in ("response", "effective_response"):
            those = group if measure == "response" else [row for row in group if was_there(row)]
            found = spread([getattr(row, f"{measure}_s") for row in those])
            shares = {
                f"within_{key}": in_time(group, target).share if target.measure == measure else None
                for key, target in targets.items()
            }
            lines.append({str(by): name, "measure": measure, **found.as_dict(), **shares})
    columns = [str(by), "measure", *spread([]).as_dict(), *(f"within_{key}" for key in targets)]
    frame = pd.DataFrame(lines, columns=columns)
    numbers = [column for column in columns if column not in {str(by), "measure", *_COUNTS}]
    return frame.astype(dict.fromkeys(numbers, "float64"))


_COUNTS = frozenset({"n", "answered", "unanswered"})
