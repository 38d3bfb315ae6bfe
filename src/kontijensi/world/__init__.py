"""Frozen arrays compiled from a scenario: places, roads, travel times and closures."""
