"""How rounds of talks ended, where talks are held in rounds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from kontijensi.vocabulary.records import Record, RecordKind


@dataclass(frozen=True, slots=True)
class Rounds:
    """Rounds of talks with one camp, or with all."""

    rounds: int
    accepted: int
    refused: int
    broken_off: int
    """Nobody was left to talk, or to talk with."""
    with_answer: int
    """Rounds at which an official who could answer delegates was there."""


def rounds(records: Iterable[Record]) -> dict[str, Rounds]:
    """Return how rounds of talks ended, by camp, in the order in which camps were first talked to."""
    ended: dict[str, Counter[str]] = {}
    for record in records:
        if record.kind is RecordKind.TALKS_HELD:
            count = ended.setdefault(str(record.values["camp"]), Counter())
            count[str(record.values["outcome"])] += 1
            count["audience"] += bool(record.values["audience"])
    return {camp: _rounds(count) for camp, count in ended.items()}


def together(found: Iterable[Rounds]) -> Rounds:
    """Return rounds with several camps as one."""
    held = list(found)
    return Rounds(
        rounds=sum(each.rounds for each in held),
        accepted=sum(each.accepted for each in held),
        refused=sum(each.refused for each in held),
        broken_off=sum(each.broken_off for each in held),
        with_answer=sum(each.with_answer for each in held),
    )


def _rounds(count: Counter[str]) -> Rounds:
    return Rounds(
        rounds=count["accepted"] + count["refused"] + count["broken_off"],
        accepted=count["accepted"],
        refused=count["refused"],
        broken_off=count["broken_off"],
        with_answer=count["audience"],
    )
