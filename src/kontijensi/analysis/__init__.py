"""Measures of a run, one pure function each, and paired comparisons between runs."""
