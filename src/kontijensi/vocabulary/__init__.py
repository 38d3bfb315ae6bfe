"""Durations, clock times, record kinds, named random streams and words: what every layer speaks."""
