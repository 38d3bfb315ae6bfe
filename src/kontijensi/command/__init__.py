"""The posko desk, what command believes, dispatch and posture policies, approvals."""
