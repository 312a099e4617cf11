"""What learner code can do to the machine, to its limits and to its marks: nothing."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import nbformat
import pytest

from grading.sandbox import Limits, Run, RunOutcome, Sandbox

NOTEBOOKS = Path(__file__).parent / "notebooks"
LIMITS = Limits(cpu_seconds=3, wall_seconds=4, memory_bytes=300 << 20, output_bytes=100_000, file_bytes=16 << 20)


class Ears:
    """Hears every message and says nothing."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, object]] = []

    def answer(self, cell: str, message: dict[str, object]) -> dict[str, object]:
        """Note one message."""
        self.heard.append((cell, message.get("task")))
        return {"type": "noted"}


def run(box: Sandbox, name: str, ears: Ears | None = None, files: dict[str, bytes] | None = None) -> Run:
    """Run one of the notebooks."""
    notebook = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
    return box.run(notebook, files or {}, LIMITS, (ears or Ears()).answer)


def errors(ran: Run) -> list[str]:
    """Return the names of the errors that cells raised."""
    return [out.ename for cell in ran.notebook.cells for out in cell.outputs if out.output_type == "error"]


@pytest.mark.parametrize(
    ("name", "outcome", "over"),
    [
        ("endless-loop", RunOutcome.TIMED_OUT, "cpu_seconds"),
        ("sleeps-forever", RunOutcome.TIMED_OUT, "wall_seconds"),
        ("fills-memory", RunOutcome.OUT_OF_MEMORY, "memory_bytes"),
        ("kills-its-kernel", RunOutcome.CRASHED, ""),
        ("aborts", RunOutcome.CRASHED, ""),
        ("writes-garbage-to-control", RunOutcome.CRASHED, ""),
        ("closes-its-pipes", RunOutcome.CRASHED, ""),
    ],
)
def test_every_bad_end_is_a_value_with_its_reason(box: Sandbox, name: str, outcome: RunOutcome, over: str) -> None:
    """A notebook that never ends, eats memory or kills itself is an outcome with a cell and a Vietnamese sentence."""
    ran = run(box, name)

    assert (ran.outcome, ran.over, ran.cell) == (outcome, over, "cell-0")
    assert len(ran.message) > 20


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("fills-disk", "OSError"),
        ("many-processes", "PermissionError"),
        ("many-threads", "RuntimeError"),
        ("starts-a-program", "PermissionError"),
        ("opens-socket", "PermissionError"),
        ("kills-others", "PermissionError"),
    ],
)
def test_what_is_forbidden_is_an_error_in_the_cell(box: Sandbox, name: str, error: str) -> None:
    """Disk, processes, programs, network and signals are refused where they are asked for, and the run goes on."""
    ran = run(box, name)

    assert ran.outcome is RunOutcome.FAILED
    assert errors(ran) == [error]


def test_neither_the_project_nor_homes_can_be_read(box: Sandbox) -> None:
    """No checks.py is found anywhere, and the homes are not there."""
    assert len(errors(run(box, "reads-project"))) == 2
    assert len(errors(run(box, "reads-home"))) == 2


def test_printing_without_end_is_cut_and_the_answer_is_not_lost(box: Sandbox) -> None:
    """Output stays within its bound, says that it was cut, and a later check still arrives."""
    ears = Ears()
    ran = run(box, "prints-without-end", ears)

    text = ran.notebook.cells[0].outputs[0].text
    assert len(text) < LIMITS.output_bytes + 100 and text.endswith("[…]\n")
    assert ears.heard == [("cell-1", "after")]


def test_garbage_on_the_message_pipe_harms_only_its_sender(box: Sandbox) -> None:
    """After garbage nothing more is heard from that run, and the run itself goes on."""
    ears = Ears()
    ran = run(box, "writes-garbage-to-pipe", ears)

    assert ran.outcome in (RunOutcome.PASSED, RunOutcome.FAILED, RunOutcome.TIMED_OUT)
    assert ears.heard == []


def test_the_judge_knows_which_cell_runs_whatever_is_claimed(box: Sandbox) -> None:
    """A message that claims to come from another cell is heard under the cell that really ran."""
    ears = Ears()
    run(box, "claims-another-cell", ears)

    assert ears.heard == [("cell-0", "b")]


def test_plain_work_runs_as_in_a_notebook(box: Sandbox) -> None:
    """Magics, tables, pictures, prints, an error in the middle and files with Vietnamese names all work."""
    ears = Ears()
    ran = run(box, "plain-work", ears, {"số liệu.csv": "đơn vị,số\nBa Đình,2\nNgọc Hà,3\n".encode()})

    assert ran.outcome is RunOutcome.FAILED and errors(ran) == ["ZeroDivisionError"]
    assert any("image/png" in out.get("data", {}) for out in ran.notebook.cells[1].outputs)
    assert ran.notebook.cells[2].outputs[0].text == "5\n"
    assert ran.notebook.cells[5].outputs[0].data["text/plain"] == "3"
    assert ears.heard == [("cell-3", "sum")]
    nbformat.validate(ran.notebook)


def test_runs_leave_nothing_to_the_next(box: Sandbox) -> None:
    """Neither a variable, nor a patched client, nor a file survives into the next run."""

    def cells(*sources: str) -> nbformat.NotebookNode:
        return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])

    box.run(
        cells("import hocvu\nhocvu.check = None\nleft = 1\nopen('left', 'w').write('x')"), {}, LIMITS, Ears().answer
    )
    ran = box.run(
        cells("import hocvu, os\nhocvu.check is None, 'left' in globals(), os.listdir()"), {}, LIMITS, Ears().answer
    )

    assert ran.notebook.cells[0].outputs[0].data["text/plain"] == "(False, False, [])"


def test_the_layers_are_recorded(box: Sandbox) -> None:
    """A run names what contained it: at least the floor."""
    layers = run(box, "plain-work").layers

    assert "seccomp" in layers and "rlimits" in layers
    assert layers & {"landlock", "mount-namespace"}


def test_our_own_fault_is_an_exception(box: Sandbox) -> None:
    """An error in the judge is raised, not told to the learner as a mark."""

    def fail(cell: str, message: dict[str, object]) -> dict[str, object]:
        raise ZeroDivisionError

    notebook = nbformat.read(NOTEBOOKS / "plain-work.ipynb", as_version=4)
    with pytest.raises(ZeroDivisionError):
        box.run(notebook, {"số liệu.csv": "đơn vị,số\nA,1\n".encode()}, LIMITS, fail)


def test_nothing_is_left_when_the_grader_is_killed() -> None:
    """After kill -9 of the grader in the middle of a run, its warm process and the learner's are gone."""
    code = """
        import os, nbformat
        from grading.sandbox import Limits, Sandbox
        with Sandbox() as box:
            print(os.getpid(), box._zygote.pid, flush=True)
            cell = nbformat.v4.new_code_cell("import time\\ntime.sleep(60)")
            box.run(nbformat.v4.new_notebook(cells=[cell]), {}, Limits(wall_seconds=60), lambda *_: {})
    """
    grader = subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, text=True)
    assert grader.stdout is not None
    own, zygote = map(int, grader.stdout.readline().split())
    handle = os.pidfd_open(zygote)
    os.kill(own, signal.SIGKILL)
    grader.wait()

    import select

    ended, _, _ = select.select([handle], [], [], 10)
    os.close(handle)
    grader.stdout.close()

    assert ended
