"""Responding units: their duty cycle, what they carry, and how they travel."""
