"""The trainer's console: one rehearsal on a screen, stopped, asked and resumed."""
