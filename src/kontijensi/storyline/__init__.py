"""What can go wrong, and when: triggers, conditions, chances."""
