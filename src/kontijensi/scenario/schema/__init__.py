"""The schema of a scenario: one module a section, each field with its meaning under it."""
