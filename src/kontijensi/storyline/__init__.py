"""Phases, triggers and injects: conditions over a read-only situation, effects as values."""
