"""A queue worked out job by job, in the plainest way there is: what the engine is held against call for call.

Nothing here knows the engine. At one instant, first everything that ends or comes, then callers who give up,
then one round over all that waits: graver first, then who came first. Units are alike and at no distance.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf
from typing import Literal

Interruption = Literal["never", "resume", "restart"]


@dataclass(slots=True, eq=False)
class Job:
    """One call: when it comes, how grave it is (1: gravest), its time on the spot, and its units."""

    arrives: float
    service: float
    priority: int = 5
    needs: int = 1
    patience: float = inf
    lost_when_busy: bool = False
    # What becomes of it.
    ready: float = 0.0
    """When it has passed the desk."""
    begun: float | None = None
    """When its formation was first complete."""
    finished: float | None = None
    fate: str = "waiting"
    interruptions: int = 0
    held: int = 0
    """Units that it holds now."""
    reached: bool = False
    """Whether it ever had one."""
    left: float = field(default=0.0)
    ends: float = inf

    @property
    def served(self) -> bool:
        return self.held >= self.needs


def desk(jobs: list[Job], operators: int, handling: float) -> None:
    """Let the jobs pass a desk, first come first served."""
    free = [0.0] * operators
    for job in sorted(jobs, key=lambda job: job.arrives):
        at = min(range(operators), key=free.__getitem__)
        job.ready = free[at] = max(free[at], job.arrives) + handling


def work_out(
    jobs: list[Job],
    units: int,
    horizon: float,
    interruption: Interruption = "never",
    graver_by: int = 1,
) -> list[Job]:
    """Serve the jobs, whose `ready` times are set, until the horizon."""
    free, queue = units, list[Job]()
    order = {id(job): i for i, job in enumerate(sorted(jobs, key=lambda job: job.ready))}
    for job in jobs:
        job.left = job.service
    coming = sorted(jobs, key=lambda job: order[id(job)])
    while True:
        now = _next_moment(jobs, coming, queue)
        if now >= horizon:
            return jobs
        for job in jobs:
            if job.ends <= now:
                job.ends, job.finished, job.fate = inf, now, "served"
                free, job.held = free + job.held, 0
        while coming and coming[0].ready <= now:
            queue.append(coming.pop(0))
        for job in jobs:
            if _may_give_up(job) and job.arrives + job.patience <= now:
                job.fate, job.finished = "abandoned", now
        queue = [job for job in queue if job.fate == "waiting"]
        free = _round(jobs, queue, order, now, free, interruption, graver_by)
        queue = [job for job in queue if job.fate == "waiting" and not job.served]


def _next_moment(jobs: list[Job], coming: list[Job], queue: list[Job]) -> float:
    moments = [job.ends for job in jobs]
    moments += [coming[0].ready] if coming else []
    moments += [job.arrives + job.patience for job in jobs if _may_give_up(job)]
    return min(moments)


def _may_give_up(job: Job) -> bool:
    return job.fate == "waiting" and not job.reached


def _round(
    jobs: list[Job],
    queue: list[Job],
    order: dict[int, int],
    now: float,
    free: int,
    interruption: Interruption,
    graver_by: int,
) -> int:
    done: set[int] = set()
    while True:
        queue.sort(key=lambda job: (job.priority, order[id(job)]))
        job = next((job for job in queue if id(job) not in done), None)
        if job is None:
            return free
        done.add(id(job))
        taken = min(free, job.needs - job.held)
        free, job.held = free - taken, job.held + taken
        job.reached = job.reached or job.held > 0
        while interruption != "never" and not job.served:
            lesser = [each for each in jobs if each.held and each.priority >= job.priority + graver_by]
            if not lesser:
                break
            loser = max(lesser, key=lambda each: (each.priority, order[id(each)]))
            if loser.ends < inf:
                loser.left = loser.ends - now if interruption == "resume" else loser.service
                loser.ends, loser.interruptions = inf, loser.interruptions + 1
            loser.held, job.held, job.reached = loser.held - 1, job.held + 1, True
            if loser not in queue:
                queue.append(loser)
            done.discard(id(loser))
        if job.served:
            job.begun = now if job.begun is None else job.begun
            job.ends = now + job.left
        elif job.lost_when_busy and not job.reached:
            job.fate, job.finished = "lost", now
