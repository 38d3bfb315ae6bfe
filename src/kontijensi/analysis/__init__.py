"""Measures of a run: pure functions over the world and the log. Times are in seconds from its start."""
