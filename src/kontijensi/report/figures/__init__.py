"""The figures of a report: functions from a dossier to a figure, or None where nothing is to draw."""
