"""What varies, how often it is repeated, and where the repetitions run."""
