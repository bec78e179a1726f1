"""What a job may use."""

from __future__ import annotations

from dataclasses import dataclass

# objects more than there were, before a process of a grader looks for those that hold only each other: hardly
# anything here does, and each search goes through all syntax trees that are remembered
RARELY = 20_000


@dataclass(frozen=True)
class Limits:
    """Bounds for one job (all of a student's answers) and for each of its steps (one exercise)."""

    step_seconds: float = 30.0  # by the clock, for one exercise
    job_seconds: float = 300.0  # by the clock, for all of them: ten endless answers fit in
    memory_mb: int = 3072  # of address space, beyond what the warm process has
    file_mb: int = 16  # for one file
    disk_mb: int = 64  # for all files of a job
    open_files: int = 128
    threads: int = 64
    frame_mb: int = 16  # for what one step hands back


DEFAULT = Limits()


@dataclass(frozen=True)
class Ran:
    """What came of a job.

    `ended` is one of: done, time (a step or the job took too long), died (with `detail` the signal or exit
    code), flood (more was handed back than may be), garbage (what came back was not what a step sends),
    start (the child never began).
    """

    frames: dict[str, object]  # step -> what its function gave, JSON data
    ended: str = "done"
    step: str = ""  # during which it ended
    detail: str = ""
    seconds: dict[str, float] | None = None  # step -> by the clock
