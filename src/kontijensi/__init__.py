"""Rehearse an election security plan on a clock: response times, coverage gaps and what force costs."""
