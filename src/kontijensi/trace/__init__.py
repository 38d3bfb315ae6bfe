"""What a run leaves behind: its folder on disk, the sinks that collect it, and the board at any moment."""

from kontijensi.trace.board import Board, board_at
from kontijensi.trace.crowds import CrowdFrame, CrowdLegend, CrowdRecorder, CrowdSamples
from kontijensi.trace.folder import RunData, add_page, check_free, read_run, write_run
from kontijensi.trace.manifest import FORMAT, Manifest, RunFolderError, SourceFile, manifest_of
from kontijensi.trace.sinks import NullRecorder, Recorder

__all__ = [
    "FORMAT",
    "Board",
    "CrowdFrame",
    "CrowdLegend",
    "CrowdRecorder",
    "CrowdSamples",
    "Manifest",
    "NullRecorder",
    "Recorder",
    "RunData",
    "RunFolderError",
    "SourceFile",
    "add_page",
    "board_at",
    "check_free",
    "manifest_of",
    "read_run",
    "write_run",
]
