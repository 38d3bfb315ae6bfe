"""The posko: desk, approvals, dispatch, postures, and help from outside."""
