"""The report of a run: one HTML page that opens offline; the verdict in it also serves the terminal."""

from kontijensi.report.page import render
from kontijensi.report.writing import report

__all__ = ["render", "report"]
