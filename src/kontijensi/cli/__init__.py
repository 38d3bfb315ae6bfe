"""Arguments and terminal output."""
