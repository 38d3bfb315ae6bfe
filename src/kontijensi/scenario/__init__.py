"""The scenario language: a frozen schema, a strict YAML loader and cross-checks."""
