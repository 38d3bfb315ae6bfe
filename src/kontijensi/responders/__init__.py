"""Responding units: capability, formation, duty cycle, stamina and stock."""
