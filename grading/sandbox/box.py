"""The sandbox: a warm process, one forked child a run, every layer tested before the first learner."""

import base64
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from time import monotonic
from types import TracebackType

import nbformat
from nbformat import NotebookNode

from grading.answers.language import translator
from grading.answers.messages import BrokenMessage
from grading.sandbox.client_view import lay_out, package_folders
from grading.sandbox.conversation import Conversation, Ended, Pipe, TimeIsUp, read_report
from grading.sandbox.outcome import Limits, Run, RunOutcome
from grading.sandbox.outputs import plain_outputs

_ = translator("sandbox")

START_SECONDS = 60
Answer = Callable[[str, dict[str, object]], dict[str, object]]
PROBES = {
    "network": "import socket; socket.socket()",
    "programs": "import os; os.execv('/bin/true', ['true'])",
    "processes": "import os; os.fork()",
    "writing outside": "open('/usr/hocvu-probe', 'w')",
    "reading the project": "open({root!r}).read()",
    "other processes": "import os; os.kill(os.getppid(), 0)",
}
ENVIRONMENT = {
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MPLBACKEND": "Agg",
    "PYTHONUTF8": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "LANG": "C.UTF-8",
    "USER": "hocvu",
}


class SandboxRefused(Exception):
    """Grading cannot be contained on this machine; the message names what is missing and what to do."""


class Sandbox:
    """A context that runs notebooks. `layers` names what contains them, found out by trying."""

    def __init__(self) -> None:
        self.layers: frozenset[str] = frozenset()
        self._lock = threading.Lock()

    def __enter__(self) -> "Sandbox":
        self._folder = Path(tempfile.mkdtemp(prefix="hocvu-sandbox-"))
        try:
            self._start()
            self._test_itself()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if hasattr(self, "_control"):
            self._control.close()
        if hasattr(self, "_zygote"):
            try:
                self._zygote.wait(5)
            except subprocess.TimeoutExpired:
                self._zygote.kill()
                self._zygote.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def run(self, notebook: NotebookNode, files: Mapping[str, bytes], limits: Limits, answer: Answer) -> Run:
        """Run every code cell in turn and return what came of it.

        `answer(cell_id, message)` is called here, in the trusted process, for each message of the learner's code; the
        cell id is that of the cell we are running, whatever the code claims. An error in a cell does not stop the run.
        What the learner's code does is a value; only our own faults are exceptions.
        """
        started = monotonic()
        scratch = Path(tempfile.mkdtemp(prefix="scratch-", dir=self._folder))
        executed = nbformat.v4.new_notebook(cells=[cell.copy() for cell in notebook.cells])
        with _Ends() as ends:
            self._order(ends, scratch, limits)
            talk = Conversation(ends.control, ends.questions, started + limits.wall_seconds)
            progress = _Progress()
            over = ""
            try:
                _drive(talk, executed, files, answer, progress)
            except TimeIsUp:
                over = "wall_seconds"
            except BrokenMessage:
                over = "protocol"
            except Ended:
                over = "ended"
            report = ends.stop()
        shutil.rmtree(scratch, ignore_errors=True)
        outcome, over = _outcome(progress, over, report, limits)
        return Run(
            outcome=outcome, over=over, cell=progress.cell, message=_message(outcome, over, limits),
            notebook=executed, layers=progress.layers or self.layers, seconds=monotonic() - started,
        )  # fmt: skip

    def _start(self) -> None:
        view, root = self._folder / "view", self._folder / "root"
        view.mkdir()
        root.mkdir()
        lay_out(view)
        self._folder.chmod(0o711)
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        packages = os.pathsep.join(str(folder) for folder in package_folders())
        environment = ENVIRONMENT | {
            "HOCVU_ROOT": str(root), "HOME": str(self._folder), "MPLCONFIGDIR": str(view / "matplotlib"),
            "IPYTHONDIR": str(view / "ipython"), "PATH": "/usr/bin:/bin",
            "HOCVU_LANG": os.environ.get("HOCVU_LANG", "vi"),
        }  # fmt: skip
        with theirs:
            self._log = (self._folder / "zygote.log").open("wb")
            command = [sys.executable, "-S", "-B", str(view / "hocvu_child" / "zygote.py")]
            self._zygote = subprocess.Popen(
                [*command, str(view), packages, str(theirs.fileno())],
                env=environment, cwd=view, stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log,
                pass_fds=[theirs.fileno()], start_new_session=True,
            )  # fmt: skip
        self._control = ours
        ours.settimeout(START_SECONDS)
        try:
            greeting = ours.recv(4096)
        except TimeoutError:
            greeting = b""
        self._log.close()
        if not greeting:
            told = (self._folder / "zygote.log").read_text(encoding="utf-8", errors="replace").strip()[-500:]
            raise SandboxRefused(_("The sandbox does not start: {why}").format(why=told or "?"))
        self.layers = frozenset(json.loads(greeting)["ready"])

    def _test_itself(self) -> None:
        root = str(Path(__file__).resolve())
        cells = [nbformat.v4.new_code_cell(code.format(root=root), id=f"probe-{number}")
                 for number, code in enumerate(PROBES.values())]  # fmt: skip
        limits = Limits(wall_seconds=30)
        run = self.run(nbformat.v4.new_notebook(cells=cells), {}, limits, lambda cell, message: {"type": "noted"})
        self.layers = run.layers
        if "seccomp" not in run.layers or not {"landlock", "mount-namespace"} & run.layers:
            raise SandboxRefused(
                _("Grading is refused: this system gives {layers}; needed are seccomp, and Landlock or namespaces. "
                  "Use Linux 5.13 or newer; on Ubuntu allow user namespaces: "
                  "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0").format(
                    layers=", ".join(sorted(run.layers)) or "–"
                )
            )  # fmt: skip
        for name, cell in zip(PROBES, run.notebook.cells, strict=True):
            if not any(output.output_type == "error" for output in cell.get("outputs", [])):
                raise SandboxRefused(
                    _(
                        "Grading is refused: the sandbox lets learner code through ({probe}). Tell the developers."
                    ).format(probe=name)
                )

    def _order(self, ends: "_Ends", scratch: Path, limits: Limits) -> None:
        order = {
            "scratch": str(scratch), "cpu": limits.cpu_seconds, "memory": limits.memory_bytes,
            "output": limits.output_bytes, "files": limits.file_bytes, "processes": limits.processes,
            "open_files": limits.open_files,
        }  # fmt: skip
        with self._lock:
            if self._zygote.poll() is not None:
                raise RuntimeError("the sandbox's warm process has ended")
            socket.send_fds(self._control, [json.dumps(order).encode()], ends.theirs)
        ends.hand_over()


class _Progress:
    """How far a run has come."""

    def __init__(self) -> None:
        self.cell = ""
        self.layers: frozenset[str] = frozenset()
        self.raised: list[str] = []
        self.complete = False


class _Ends:
    """The pipes of one run: ours are kept and closed, theirs handed over."""

    def __enter__(self) -> "_Ends":
        control_in, control_out, ask_in, ask_out, life, report = (os.pipe() for _ in range(6))
        self.theirs = [control_out[0], control_in[1], ask_out[0], ask_in[1], life[0], report[1]]
        self.control, self.questions = Pipe(control_in[0], control_out[1]), Pipe(ask_in[0], ask_out[1])
        self._life, self._report = life[1], report[0]
        self._open = [control_in[0], control_out[1], ask_in[0], ask_out[1], report[0]]
        self._handed = self._stopped = False
        return self

    def __exit__(self, *_: object) -> None:
        self.hand_over()
        self.stop()
        for descriptor in self._open:
            os.close(descriptor)

    def hand_over(self) -> None:
        """Close the ends that are the child's."""
        if not self._handed:
            self._handed = True
            for descriptor in self.theirs:
                os.close(descriptor)

    def stop(self) -> dict[str, float]:
        """End the child if it still runs, wait until it is gone, and return the report of how it ended."""
        if self._stopped:
            return {}
        self._stopped = True
        os.close(self._life)
        return read_report(self._report)


def _drive(
    talk: Conversation, executed: NotebookNode, files: Mapping[str, bytes], answer: Answer, progress: _Progress
) -> None:
    ready = talk.await_reply(lambda message: {"type": "noted"})
    layers = ready.get("layers")
    progress.layers = frozenset(str(layer) for layer in layers) if isinstance(layers, list) else frozenset()
    for name, content in files.items():
        talk.tell({"type": "file", "name": name, "content": base64.b64encode(content).decode()})
    for cell in executed.cells:
        if cell.cell_type != "code":
            continue
        progress.cell = cell_id = str(cell.id)
        talk.tell({"type": "run", "source": cell.source})
        done = talk.await_reply(lambda message, asking=cell_id: answer(asking, message))  # type: ignore[misc]
        if done.get("type") != "done":
            raise BrokenMessage("expected the end of a cell")
        cell.outputs = plain_outputs(done.get("outputs"))
        if done.get("raised") is True:
            progress.raised.append(next((out.ename for out in cell.outputs if out.output_type == "error"), ""))
    progress.complete = True


def _outcome(progress: _Progress, over: str, report: dict[str, float], limits: Limits) -> tuple[RunOutcome, str]:
    if progress.complete:
        if "MemoryError" in progress.raised:
            return RunOutcome.OUT_OF_MEMORY, "memory_bytes"
        return (RunOutcome.FAILED if progress.raised else RunOutcome.PASSED), ""
    if over == "wall_seconds":
        return RunOutcome.TIMED_OUT, over
    if over == "protocol":
        return RunOutcome.CRASHED, ""
    if report.get("cpu", 0.0) >= limits.cpu_seconds - 0.5:
        return RunOutcome.TIMED_OUT, "cpu_seconds"
    if report.get("code") == -9 and not report.get("killed"):
        return RunOutcome.OUT_OF_MEMORY, "memory_bytes"
    return RunOutcome.CRASHED, ""


def _message(outcome: RunOutcome, over: str, limits: Limits) -> str:
    if outcome is RunOutcome.TIMED_OUT:
        most = limits.wall_seconds if over == "wall_seconds" else limits.cpu_seconds
        return _("A cell ran longer than {seconds:g} seconds and was stopped. Look for a loop that never ends.").format(
            seconds=most
        )
    if outcome is RunOutcome.OUT_OF_MEMORY:
        return _("A cell needed more memory than {most} MB. Look for a list or table that grows without end.").format(
            most=limits.memory_bytes // 1024 // 1024
        )
    if outcome is RunOutcome.CRASHED:
        return _(
            "The notebook's process ended in the middle of a cell. Restart the kernel, run all cells, submit again."
        )
    return ""
