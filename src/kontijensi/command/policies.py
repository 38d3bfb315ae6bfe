"""Policies by name: one of the built-in ones, or one that another package offers as an entry point."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import entry_points
from typing import TypeVar

Policy = TypeVar("Policy")


class UnknownPolicyError(Exception):
    """A policy's name that nothing answers to."""

    def __init__(self, name: str, choices: tuple[str, ...]) -> None:
        super().__init__(f"{name}: no such policy; the choices are {', '.join(choices)}")
        self.name = name
        self.choices = choices


def named_policy(name: str, built_in: Mapping[str, Policy], group: str) -> Policy:
    """Find a policy by name, among the built-in ones and then in a group of entry points.

    Looking through entry points reads the metadata of every installed package: do it once a run.
    Raises UnknownPolicyError with the choices.
    """
    if name in built_in:
        return built_in[name]
    offered = entry_points(group=group)
    if name in offered.names:
        return offered[name].load()  # type: ignore[no-any-return]
    raise UnknownPolicyError(name, (*built_in, *sorted(offered.names)))
