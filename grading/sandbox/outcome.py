"""What a run may use, and how it may end."""

from dataclasses import dataclass
from enum import StrEnum

from nbformat import NotebookNode

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one run. Memory is what the notebook may add to the warm process; files lie in a scratch folder."""

    cpu_seconds: int = 20
    wall_seconds: float = 30
    memory_bytes: int = 1024 * MIB
    output_bytes: int = 4 * MIB
    file_bytes: int = 64 * MIB
    processes: int = 32
    open_files: int = 128


class RunOutcome(StrEnum):
    """How a run ended: passed means that every cell ran without an error."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_ATTEMPTED = "not_attempted"
    TIMED_OUT = "timed_out"
    OUT_OF_MEMORY = "out_of_memory"
    CRASHED = "crashed"


@dataclass(frozen=True, slots=True)
class Run:
    """One run: how it ended, at which cell, what the learner is told, and the executed notebook.

    `over` names the limit that was passed ("" if none), `cell` the id of the cell that was running.
    """

    outcome: RunOutcome
    over: str
    cell: str
    message: str
    notebook: NotebookNode
    layers: frozenset[str]
    seconds: float
