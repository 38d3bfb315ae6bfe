"""The log and the crowd samples as Parquet: the same content always gives the same bytes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from io import BytesIO
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from kontijensi.trace.crowds import CrowdFrame, CrowdLegend, CrowdSamples
from kontijensi.trace.plain import compact
from kontijensi.vocabulary.records import Record, RecordKind

_NAMES = pa.dictionary(pa.int32(), pa.string())
_CODES = pa.dictionary(pa.uint8(), pa.string())

RECORDS = pa.schema(
    [
        pa.field("id", pa.int64(), nullable=False),
        pa.field("parent", pa.int64()),
        pa.field("time_s", pa.float64(), nullable=False),
        pa.field("kind", _NAMES, nullable=False),
        pa.field("entity", _NAMES, nullable=False),
        pa.field("place", _NAMES),
        pa.field("values", pa.string(), nullable=False),
    ]
)
CROWDS = pa.schema(
    [
        pa.field("time_s", pa.float64(), nullable=False),
        pa.field("crowd", _NAMES, nullable=False),
        pa.field("place", _NAMES, nullable=False),
        pa.field("x_m", pa.float32(), nullable=False),
        pa.field("y_m", pa.float32(), nullable=False),
        pa.field("state", _CODES, nullable=False),
        pa.field("camp", _CODES, nullable=False),
        pa.field("role", _CODES, nullable=False),
    ]
)


def _named(words: Sequence[str | None]) -> pa.Array:
    """Encode words by the order of their first use, which depends on the content alone."""
    order = {word: code for code, word in enumerate(dict.fromkeys(w for w in words if w is not None))}
    codes = pa.array([None if word is None else order[word] for word in words], pa.int32())
    return pa.DictionaryArray.from_arrays(codes, pa.array(list(order), pa.string()))


def _bytes_of(table: pa.Table) -> bytes:
    stream = BytesIO()
    pq.write_table(table, stream, compression="zstd", use_dictionary=["kind", "entity", "place", "crowd"])
    return stream.getvalue()


def records_to_parquet(records: Sequence[Record]) -> bytes:
    """Return the log as a Parquet file."""
    columns: list[Any] = [
        pa.array([r.id for r in records], pa.int64()),
        pa.array([r.parent for r in records], pa.int64()),
        pa.array([float(r.time_s) for r in records], pa.float64()),
        _named([str(r.kind) for r in records]),
        _named([r.entity for r in records]),
        _named([r.place for r in records]),
        pa.array([compact(r.values) for r in records], pa.string()),
    ]
    return _bytes_of(pa.Table.from_arrays(columns, schema=RECORDS))


def records_from_parquet(content: bytes) -> tuple[Record, ...]:
    """Return the log held by a Parquet file.

    Raises ValueError or pyarrow.ArrowException when it is no such file.
    """
    table = pq.read_table(BytesIO(content))
    _demand(table, RECORDS)
    kinds = {str(kind): kind for kind in RecordKind}
    columns = [table.column(name).to_pylist() for name in RECORDS.names]
    return tuple(
        Record(id_, parent, time_s, kinds[kind], entity, place, json.loads(values))
        for id_, parent, time_s, kind, entity, place, values in zip(*columns, strict=True)
    )


def crowds_to_parquet(samples: CrowdSamples) -> bytes:
    """Return the sampled positions as a Parquet file, one row a person and moment."""
    frames, legend = samples.frames, samples.legend
    sizes = [len(frame.x_m) for frame in frames]
    coded = {
        name: pa.DictionaryArray.from_arrays(
            pa.array(_joined([getattr(frame, name) for frame in frames], np.uint8), pa.uint8()),
            pa.array(words, pa.string()),
        )
        for name, words in (("state", legend.states), ("camp", legend.camps), ("role", legend.roles))
    }
    columns: list[Any] = [
        pa.array(np.repeat(np.array([frame.time_s for frame in frames], np.float64), sizes), pa.float64()),
        _named(_repeated([frame.crowd for frame in frames], sizes)),
        _named(_repeated([frame.place for frame in frames], sizes)),
        pa.array(_joined([frame.x_m for frame in frames], np.float32), pa.float32()),
        pa.array(_joined([frame.y_m for frame in frames], np.float32), pa.float32()),
        coded["state"],
        coded["camp"],
        coded["role"],
    ]
    # The legend travels in the file, so that words nobody was sampled in are not lost.
    words = {"legend": compact({"states": legend.states, "camps": legend.camps, "roles": legend.roles})}
    return _bytes_of(pa.Table.from_arrays(columns, schema=CROWDS.with_metadata(words)))


def crowds_from_parquet(content: bytes) -> CrowdSamples:
    """Return the sampled positions held by a Parquet file; samples of nobody are not kept.

    Raises ValueError or pyarrow.ArrowException when it is no such file.
    """
    table = pq.read_table(BytesIO(content))
    _demand(table, CROWDS)
    words = json.loads((table.schema.metadata or {})[b"legend"])
    legend = CrowdLegend(tuple(words["states"]), tuple(words["camps"]), tuple(words["roles"]))
    arrays = {name: table.column(name).combine_chunks().to_numpy() for name in ("time_s", "x_m", "y_m")}
    names = {
        name: table.column(name).combine_chunks() for name in ("crowd", "place", "state", "camp", "role")
    }
    coded = {
        name: (column.dictionary.to_pylist(), column.indices.to_numpy()) for name, column in names.items()
    }
    for name, choices in (("state", legend.states), ("camp", legend.camps), ("role", legend.roles)):
        arrays[name] = _recoded(*coded[name], choices)
    return CrowdSamples(legend, tuple(_frames(arrays, coded["crowd"], coded["place"])))


def _frames(
    arrays: dict[str, Any], crowd: tuple[list[str], Any], place: tuple[list[str], Any]
) -> list[CrowdFrame]:
    """Cut the rows where time, crowd or place changes: each stretch is one sample."""
    n = len(arrays["time_s"])
    if n == 0:
        return []
    changes = [np.diff(column) != 0 for column in (arrays["time_s"], crowd[1], place[1])]
    cuts = [0, *(np.flatnonzero(np.logical_or.reduce(changes)) + 1).tolist(), n]
    return [
        CrowdFrame(
            time_s=float(arrays["time_s"][start]),
            crowd=crowd[0][crowd[1][start]],
            place=place[0][place[1][start]],
            **{name: arrays[name][start:end] for name in ("x_m", "y_m", "state", "camp", "role")},
        )
        for start, end in pairwise(cuts)
    ]


def _recoded(found: list[str], codes: Any, choices: tuple[str, ...]) -> Any:
    """Return codes in the order of the legend, whatever order the file kept its words in."""
    order = {word: code for code, word in enumerate(choices)}
    return np.array([order[word] for word in found], dtype=np.uint8)[codes]


def _joined(parts: list[Any], dtype: Any) -> Any:
    return np.concatenate(parts).astype(dtype, copy=False) if parts else np.zeros(0, dtype)


def _repeated(words: list[str], sizes: list[int]) -> list[str]:
    return [word for word, size in zip(words, sizes, strict=True) for _ in range(size)]


def _demand(table: pa.Table, schema: pa.Schema) -> None:
    if table.schema.names != schema.names:
        raise ValueError(f"columns {table.schema.names} where {schema.names} belong")
