"""Whatever a run may write comes back as it was."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kontijensi.trace.columns import records_from_parquet, records_to_parquet
from kontijensi.vocabulary.records import Record, RecordKind

TEXT = st.text(max_size=8)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | TEXT
    | st.floats(allow_nan=False, allow_infinity=False)
)
VALUES = st.dictionaries(
    TEXT, SCALARS | st.lists(SCALARS, max_size=3) | st.dictionaries(TEXT, SCALARS, max_size=2), max_size=3
)
RECORDS = st.builds(
    Record,
    id=st.integers(0, 2**62),
    parent=st.none() | st.integers(0, 2**62),
    time_s=st.floats(allow_nan=False, allow_infinity=False),
    kind=st.sampled_from(RecordKind),
    entity=TEXT,
    place=st.none() | TEXT,
    values=VALUES,
)


@given(st.lists(RECORDS, max_size=8))
def test_records_come_back_as_they_were(records: list[Record]) -> None:
    content = records_to_parquet(records)
    assert list(records_from_parquet(content)) == records
    assert records_to_parquet(records_from_parquet(content)) == content
