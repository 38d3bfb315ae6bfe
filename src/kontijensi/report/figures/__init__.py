"""The figures of a report: each a function from a dossier to a matplotlib figure, None where nothing is to draw."""
