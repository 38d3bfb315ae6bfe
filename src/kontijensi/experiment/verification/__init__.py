"""The numbers that theory or paper and pencil give, and what this program makes of them.

The cases run the same YAML through the same engine as any rehearsal. `registry.CASES` lists them.
"""
