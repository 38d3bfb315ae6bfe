"""Random queues, call for call: the engine, through YAML, against a queue worked out in the plainest way.

Moments and times are whole minutes, so that many things happen at one instant: completions first, then
dispatch, and calls of one moment in the order in which they are listed.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from hypothesis import given, settings
from hypothesis import strategies as st

from kontijensi.analysis.responses import check_parts, responses
from kontijensi.api.scenario import load_text
from tests.engine.scenes import run_world
from tests.verify.queue_oracle import Interruption, Job, desk, work_out

HORIZON_MIN = 90
UNIT_OF_TIME = {"min": 1.0, "s": 60.0}


@dataclass(frozen=True)
class Stream:
    """A stream of calls as a planner writes it; times in minutes."""

    moments: tuple[int, ...]
    service: int = 10
    priority: int = 5
    needs: int = 1
    patience: int | None = None
    lost: bool = False
    interrupted: str = "resume"

    def yaml(self, name: str, unit: str, *, through_desk: bool) -> str:
        per = UNIT_OF_TIME[unit]
        known = ", ".join(f"{{after: {at * per:g} {unit}, place: post}}" for at in self.moments)
        patience = "" if self.patience is None else f", patience: {self.patience * per:g} {unit}"
        return (
            f"  {name}: {{known: [{known}], on_scene: {self.service * per:g} {unit},"
            f" priority: {self.priority}, needs: {{patrol: {self.needs}}}{patience},"
            f" interrupted: {self.interrupted},"
            f" lost_when_busy: {str(self.lost).lower()}, through_desk: {str(through_desk).lower()}}}\n"
        )

    def jobs(self) -> list[Job]:
        patience = inf if self.patience is None else float(self.patience)
        return [
            Job(float(at), float(self.service), self.priority, self.needs, patience, self.lost)
            for at in sorted(self.moments)
        ]


@dataclass(frozen=True)
class Case:
    streams: tuple[Stream, ...]
    units: int
    operators: int | None = None
    """None: calls pass the desk by."""
    handling: int = 2
    command: str = ""
    unit: str = "min"

    def yaml(self) -> str:
        through = self.operators is not None
        per = UNIT_OF_TIME[self.unit]
        posko = f"operators: {self.operators or 1}, handling: {self.handling * per:g} {self.unit}"
        calls = "".join(
            each.yaml(f"s{i}", self.unit, through_desk=through) for i, each in enumerate(self.streams)
        )
        return f"""\
kontijensi: 1
name: Queue
language: en
start: 2024-11-27 07:00
horizon: {HORIZON_MIN} min
area:
  places: {{post: {{}}, junction: {{}}}}
  roads: {{edges: [{{between: [post, junction], time: 0}}]}}
unit_types: {{patrol: {{agency: police, capabilities: [patrol], personnel: 2, turn_out: 0}}}}
units: {{patrol: {{type: patrol, base: post, count: {self.units}}}}}
command: {{{posko}{self.command}}}
calls:
{calls}"""

    def jobs(self) -> dict[str, Job]:
        """Return the jobs by the names that the engine gives to calls."""
        jobs = {
            f"s{i}-{n}": job for i, each in enumerate(self.streams) for n, job in enumerate(each.jobs(), 1)
        }
        if self.operators is not None:
            desk(list(jobs.values()), self.operators, self.handling)
        else:
            for job in jobs.values():
                job.ready = job.arrives
        return jobs


Told = tuple[str, float | None, float | None]
"""Fate, and when it was first formed and over [min]."""


def told(case: Case) -> dict[str, Told]:
    """Return what the engine made of each call."""
    world = load_text(case.yaml()).world
    _operation, records = run_world(world)
    rows = responses(records, world)
    check_parts(rows)
    return {
        row.incident: (row.outcome or "waiting", _min(row.marks.formed), _min(row.marks.closed))
        for row in rows
    }


def _min(time_s: float | None) -> float | None:
    return None if time_s is None else round(time_s / 60, 6)


def agree(case: Case, interruption: Interruption = "never", graver_by: int = 1) -> None:
    """Hold the engine against the queue worked out job by job."""
    jobs = case.jobs()
    work_out(list(jobs.values()), case.units, HORIZON_MIN, interruption, graver_by)
    found = told(case)
    assert found.keys() == jobs.keys()
    for name, job in jobs.items():
        assert found[name] == (job.fate, job.begun, job.finished), name


def streams(most_units: int, interrupted: str) -> st.SearchStrategy[Stream]:
    return st.builds(
        Stream,
        moments=st.lists(st.integers(0, 60), min_size=1, max_size=8).map(tuple),
        service=st.integers(0, 15),
        priority=st.integers(1, 4),
        needs=st.integers(1, most_units),
        patience=st.one_of(st.none(), st.integers(0, 20)),
        lost=st.booleans(),
        interrupted=st.just(interrupted),
    )


@st.composite
def cases(draw: st.DrawFn, command: str = "", interrupted: str = "resume") -> Case:
    units = draw(st.integers(1, 4))
    return Case(
        streams=tuple(draw(st.lists(streams(units, interrupted), min_size=1, max_size=4))),
        units=units,
        operators=draw(st.one_of(st.none(), st.integers(1, 3))),
        handling=draw(st.integers(0, 6)),
        command=command,
        unit=draw(st.sampled_from(["min", "s"])),
    )


@settings(max_examples=120, deadline=None, derandomize=True)
@given(cases())
def test_calls_are_served_given_up_and_lost_as_worked_out(case: Case) -> None:
    agree(case)


@settings(max_examples=120, deadline=None, derandomize=True)
@given(cases(command=", preempt: on_the_spot"))
def test_the_graver_interrupt_and_what_was_left_goes_on_as_worked_out(case: Case) -> None:
    agree(case, "resume")


@settings(max_examples=60, deadline=None, derandomize=True)
@given(cases(command=", preempt: on_the_spot, preempt_graver_by: 2"))
def test_only_the_graver_by_enough_interrupt(case: Case) -> None:
    agree(case, "resume", graver_by=2)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(cases(command=", preempt: on_the_spot", interrupted="restart"))
def test_an_interrupted_call_may_begin_anew_as_worked_out(case: Case) -> None:
    agree(case, "restart")
