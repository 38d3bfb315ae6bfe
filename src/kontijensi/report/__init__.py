"""The report of a run: one HTML page that opens offline, and a summary for the terminal."""

from kontijensi.report.page import render
from kontijensi.report.writing import report

__all__ = ["render", "report"]
