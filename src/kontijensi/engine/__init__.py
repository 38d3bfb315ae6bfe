"""One rehearsal on one SimPy clock, with its agents wired together."""
