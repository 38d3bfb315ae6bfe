"""Where units would best stand: chosen by an optimiser, then rehearsed against today's plan."""
