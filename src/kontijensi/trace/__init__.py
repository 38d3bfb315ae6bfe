"""The run folder's format and the board at a moment: nothing else reads or writes it."""
