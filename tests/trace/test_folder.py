"""The run folder: what goes in comes out, and nothing is ever half there."""

from __future__ import annotations

import errno
import json
import os
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from kontijensi.trace import (
    CrowdLegend,
    CrowdRecorder,
    NullRecorder,
    Recorder,
    RunData,
    RunFolderError,
    SourceFile,
    add_page,
    check_free,
    manifest_of,
    read_run,
    write_run,
)
from kontijensi.vocabulary.records import Record, RecordKind

FILES = (SourceFile("klaten.yaml", "kontijensi: 1\n"), SourceFile("places.csv", "id,lat\nä,1\n"))


def records() -> list[Record]:
    return [
        Record(0, None, 0.0, RecordKind.RUN_BEGAN, "Klaten", None, {"seed": 1, "replication": 0}),
        Record(1, 0, 0.1 + 0.2, RecordKind.UNIT_READY, "brimob", "polres", {}),
        Record(
            2, 1, 90.0, RecordKind.INCIDENT_FORMED, "i1", "dés a", {"units": ["a", "b"], "needs": {"line": 2}}
        ),
    ]


def sample(*rows: tuple[float, float, int, int, int]) -> SimpleNamespace:
    columns = list(zip(*rows, strict=True)) or [()] * 5
    return SimpleNamespace(
        **dict(zip(("x_m", "y_m", "state", "camp", "role"), map(np.array, columns), strict=True))
    )


def crowds() -> CrowdRecorder:
    keep = CrowdRecorder(CrowdLegend(("quiet", "active", "violent"), ("a", "b"), ("follower", "marshal")))
    keep(10.0, "c1", "tps-1", sample((1.5, 2.5, 0, 0, 1), (3.0, 4.0, 2, 1, 0)))
    keep(20.0, "c1", "tps-1", sample((1.25, 2.0, 1, 0, 1)))
    keep(20.0, "c2", "kpu", sample((9.0, 9.0, 0, 1, 0)))
    return keep


def run(**changes: object) -> RunData:
    whole = RunData(
        manifest=manifest_of(FILES, seed=7, replication=3, overrides={"units.brimob.count": 2}, wall_s=1.5),
        records=records(),
        crowds=crowds().samples(),
        summary={"b": 1, "a": {"share": float("nan"), "n": np.int64(3), "none": None}},
    )
    return replace(whole, **changes)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_was_written_is_read(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "deep" / "run", run())
    found = read_run(folder)
    assert list(found.records) == records()
    assert all(isinstance(record.kind, RecordKind) for record in found.records)
    assert found.summary == {"a": {"n": 3, "none": None, "share": None}, "b": 1}
    assert found.manifest == run().manifest
    assert names(folder) == ["crowds.parquet", "manifest.json", "records.parquet", "summary.json"]
    assert names(folder.parent) == ["run"]


def test_crowd_samples_come_back_frame_by_frame(tmp_path: Path) -> None:
    found = read_run(write_run(tmp_path / "run", run())).crowds
    assert found.legend.states == ("quiet", "active", "violent")
    assert [(f.time_s, f.crowd, f.place) for f in found.frames] == [
        (10.0, "c1", "tps-1"),
        (20.0, "c1", "tps-1"),
        (20.0, "c2", "kpu"),
    ]
    assert found.frames[0].x_m.tolist() == [1.5, 3.0]
    assert found.frames[0].state.tolist() == [0, 2]
    assert (found.frames[2].camp.tolist(), found.frames[0].role.tolist()) == ([1], [1, 0])


def test_a_run_without_records_or_crowds_is_a_run(tmp_path: Path) -> None:
    empty = RunData(manifest=manifest_of(FILES, 1, 0), records=[])
    found = read_run(write_run(tmp_path / "run", empty))
    assert (found.records, found.crowds.frames, found.summary) == ((), (), {})


def test_the_same_run_gives_the_same_bytes(tmp_path: Path) -> None:
    one, two = write_run(tmp_path / "one", run()), write_run(tmp_path / "two", run())
    for name in names(one):
        assert (one / name).read_bytes() == (two / name).read_bytes(), name


def test_the_order_of_values_does_not_show(tmp_path: Path) -> None:
    turned = [r._replace(values=dict(reversed(r.values.items()))) for r in records()]
    one, two = write_run(tmp_path / "one", run()), write_run(tmp_path / "two", run(records=turned))
    assert (one / "records.parquet").read_bytes() == (two / "records.parquet").read_bytes()


def test_numpy_values_and_what_is_no_number_are_written_plainly(tmp_path: Path) -> None:
    values = {
        "n": np.int32(4),
        "x": np.float64(0.5),
        "inf": float("inf"),
        "ok": np.bool_(True),
        "who": {"b", "a"},
    }
    odd = [Record(0, None, 0.0, RecordKind.HARM, "c", None, values)]
    (found,) = read_run(write_run(tmp_path / "run", run(records=odd))).records
    assert found.values == {"n": 4, "x": 0.5, "inf": None, "ok": True, "who": ["a", "b"]}


def test_a_value_without_a_plain_form_is_named(tmp_path: Path) -> None:
    odd = [Record(0, None, 0.0, RecordKind.HARM, "c", None, {"x": object()})]
    with pytest.raises(TypeError, match="object has no place in a record"):
        write_run(tmp_path / "run", run(records=odd))
    assert names(tmp_path) == []


def test_the_manifest_holds_every_file_with_its_hash(tmp_path: Path) -> None:
    text = (write_run(tmp_path / "run", run()) / "manifest.json").read_text("utf-8")
    manifest = json.loads(text)
    assert manifest["format"] == 1
    assert [f["name"] for f in manifest["files"]] == ["klaten.yaml", "places.csv"]
    # printf 'kontijensi: 1\n' | sha256sum
    assert (
        manifest["files"][0]["sha256"] == "7fe2525d1ff2b33d4edd29b0efd0e8d776f9c12d0d7bbbb174aa7b5b9f5e19f1"
    )
    assert {"numpy", "simpy", "mesa"} <= manifest["versions"].keys()
    assert manifest["contents"].keys() == {"records.parquet", "crowds.parquet", "summary.json"}


# -- taken folders -------------------------------------------------------------------------------------------


def test_a_second_run_refuses_the_folder_of_the_first(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run", run())
    with pytest.raises(RunFolderError, match=r"run: holds a run already; choose another folder"):
        check_free(folder)
    with pytest.raises(RunFolderError, match="holds a run already"):
        write_run(folder, run(summary={"second": True}))
    assert "second" not in read_run(folder).summary


def test_told_to_it_replaces_a_run_and_leaves_nothing_of_it(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run", run(), pages={"report.html": b"<p>old"})
    write_run(folder, run(summary={"second": True}), replace=True)
    assert read_run(folder).summary == {"second": True}
    assert "report.html" not in names(folder)
    assert names(tmp_path) == ["run"]


def test_a_folder_of_other_things_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("years of work")
    with pytest.raises(RunFolderError, match="holds other files and no run"):
        write_run(tmp_path, run(), replace=True)
    assert (tmp_path / "thesis.docx").read_text() == "years of work"


def test_an_empty_folder_is_free_and_a_file_is_not(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    write_run(tmp_path / "empty", run())
    read_run(tmp_path / "empty")
    (tmp_path / "file").write_text("x")
    with pytest.raises(RunFolderError, match="is a file, not a folder"):
        write_run(tmp_path / "file", run())


def test_of_two_runs_that_finish_at_once_one_wins_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "run"
    rename = Path.rename

    def overtaken(self: Path, target: Path) -> Path:
        monkeypatch.setattr(Path, "rename", rename)
        write_run(folder, run(summary={"first": True}))
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", overtaken)
    with pytest.raises(RunFolderError, match="another run has been written there meanwhile"):
        write_run(folder, run(summary={"late": True}))
    assert read_run(folder).summary == {"first": True}
    assert names(tmp_path) == ["run"]


# -- failure -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("at", [1, 3])
def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    calls = 0
    fsync = os.fsync

    def full(descriptor: int) -> None:
        nonlocal calls
        calls += 1
        if calls == at:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(RunFolderError, match="run: the disk is full; nothing was written"):
        write_run(tmp_path / "run", run())
    assert names(tmp_path) == []


def test_a_failed_replacement_leaves_the_old_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_run(tmp_path / "run", run(summary={"old": True}))
    rename = Path.rename

    def failing(self: Path, target: Path) -> Path:
        if self.name.endswith(".partial"):
            raise OSError(errno.EIO, "Input/output error")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(RunFolderError, match="could not be read or written"):
        write_run(folder, run(summary={"new": True}), replace=True)
    assert read_run(folder).summary == {"old": True}
    assert names(tmp_path) == ["run"]


# -- pages ---------------------------------------------------------------------------------------------------


def test_a_page_is_laid_beside_the_run(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run", run())
    assert add_page(folder, "report.html", b"<p>") == folder / "report.html"
    assert (folder / "report.html").read_bytes() == b"<p>"
    read_run(folder)
    with pytest.raises(RunFolderError, match="holds no run"):
        add_page(tmp_path, "report.html", b"<p>")


@pytest.mark.parametrize("name", ["manifest.json", "../report.html", "a/b", ".hidden", "a\\b", ""])
def test_a_page_keeps_to_its_folder(tmp_path: Path, name: str) -> None:
    folder = write_run(tmp_path / "run", run())
    with pytest.raises(RunFolderError, match="no name for a further file"):
        add_page(folder, name, b"x")


# -- reading -------------------------------------------------------------------------------------------------


def spoiled(folder: Path, name: str, change) -> str:
    path = folder / name
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(RunFolderError) as caught:
        read_run(folder)
    assert str(folder) in str(caught.value)
    return str(caught.value)


def test_a_cut_file_is_told_from_a_changed_one(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run", run())
    size = (folder / "records.parquet").stat().st_size
    message = spoiled(folder, "records.parquet", lambda content: content[:-100])
    assert f"records.parquet is cut off: {size - 100} of {size} bytes" in message
    write_run(folder, run(), replace=True)
    assert "summary.json is not the file that the run wrote" in spoiled(
        folder, "summary.json", lambda content: content.replace(b'"b": 1', b'"b": 2')
    )


def test_a_newer_format_is_refused_by_number(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run", run())
    change = lambda content: content.replace(b'"format": 1', b'"format": 2')  # noqa: E731
    assert "format 2 is newer than the 1 this program reads" in spoiled(folder, "manifest.json", change)


@pytest.mark.parametrize(
    "text",
    [b"", b"{", b"[]", b"{}", b'{"format": "1"}', b'{"format": true}', b'{"format": 1}', b'{"format": 0}'],
)
def test_a_damaged_manifest_is_refused(tmp_path: Path, text: bytes) -> None:
    folder = write_run(tmp_path / "run", run())
    assert "manifest.json" in spoiled(folder, "manifest.json", lambda _: text) or b'"format"' in text


@pytest.mark.parametrize("name", ["manifest.json", "records.parquet", "crowds.parquet", "summary.json"])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    folder = write_run(tmp_path / "run", run())
    (folder / name).unlink()
    with pytest.raises(RunFolderError, match=f"holds no whole run: {name} is missing"):
        read_run(folder)


def test_no_folder_at_all(tmp_path: Path) -> None:
    with pytest.raises(RunFolderError, match="nowhere: no such folder"):
        read_run(tmp_path / "nowhere")


# -- sinks ---------------------------------------------------------------------------------------------------


def test_sinks() -> None:
    keep, drop = Recorder(), NullRecorder()
    for record in records():
        keep(record)
        drop(record)
    assert keep.records == records()


def test_the_crowd_recorder_copies_and_checks_codes() -> None:
    keep = CrowdRecorder(CrowdLegend(("quiet",), ("a",), ("follower",)))
    reused = sample((1.0, 1.0, 0, 0, 0))
    keep(0.0, "c", "p", reused)
    reused.x_m[0] = 99.0
    assert keep.samples().frames[0].x_m.tolist() == [1.0]
    with pytest.raises(ValueError, match="c: state 1 has no word"):
        keep(0.0, "c", "p", sample((1.0, 1.0, 1, 0, 0)))
