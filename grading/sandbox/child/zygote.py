"""The warm process: imports what notebooks need once, isolates itself, then forks a child for each run."""

import array
import base64
import contextlib
import json
import os
import resource
import select
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any

VIEW, PACKAGES = sys.argv[1], sys.argv[2].split(os.pathsep)
sys.path[:] = [VIEW, *[path for path in sys.path if path], *PACKAGES]

import numpy  # noqa: E402
import pandas  # noqa: E402
import pyarrow  # noqa: E402
import pyarrow.ipc  # noqa: E402
from hocvu_child import cells, isolation  # type: ignore[import-not-found]  # noqa: E402

import hocvu  # noqa: E402, F401
from grading.answers.messages import read_message, write_message  # noqa: E402

READABLE = [VIEW, *PACKAGES, sys.base_prefix, os.path.dirname(os.__file__)]  # noqa: PTH120
OWN_PIPE = (10, 11)
CONTROL = (12, 13)


def warm_up() -> tuple[Any, Any]:
    """Do once what every notebook would do first: draw, read a table, send an answer."""
    shell, outputs = cells.make_shell()
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots()
    axes.plot([1, 2], label="Ấ")
    figure.canvas.draw()
    plt.close(figure)
    frame = pandas.DataFrame({"a": numpy.arange(3), "t": ["x", "y", "z"], "d": pandas.to_datetime(["2026-01-01"] * 3)})
    frame.groupby("t")["a"].sum().reset_index().merge(frame, on="t")
    repr(frame), frame.to_html()
    pyarrow.Table.from_pandas(frame)
    return shell, outputs


def serve(control: socket.socket) -> None:
    """Announce the layers, then fork a keeper for each order until the other end is gone."""
    shell, outputs = warm_up()
    layers = isolation.enter_namespaces(READABLE, os.environ["HOCVU_ROOT"])
    own_root = "mount-namespace" in layers
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    control.send(json.dumps({"ready": sorted(layers)}).encode())
    while True:
        order, descriptors = _receive(control)
        if not order:
            return
        if os.fork() == 0:
            control.close()
            _keep(order, descriptors, layers, own_root, shell, outputs)
            os._exit(0)
        for descriptor in descriptors:
            os.close(descriptor)


def _receive(control: socket.socket) -> tuple[dict[str, Any], list[int]]:
    space = socket.CMSG_SPACE(6 * array.array("i").itemsize)
    data, ancillary, _, _ = control.recvmsg(65536, space)
    numbers = array.array("i")
    for _level, _kind, content in ancillary:
        numbers.frombytes(content[: len(content) - len(content) % numbers.itemsize])
    return (json.loads(data) if data else {}), list(numbers)


def _keep(
    order: dict[str, Any], fds: list[int], layers: frozenset[str], own_root: bool, shell: Any, outputs: Any
) -> None:
    """Fork the child into a process namespace, kill it when the other end says so, report how it ended."""
    isolation.die_with_parent()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    status = fds[5]
    more = isolation.enter_process_namespace()
    child = os.fork()
    if child == 0:
        isolation.die_with_parent()
        try:
            _become(order, fds, layers | more, own_root and bool(more), shell, outputs)
        except Exception as error:
            os.write(2, f"{error!r}\n".encode())
        finally:
            os._exit(7)
    for descriptor in fds[:4]:
        os.close(descriptor)
    handle = os.pidfd_open(child)
    ready, _, _ = select.select([fds[4], handle], [], [])
    killed = handle not in ready
    if killed:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    _, code, usage = os.wait4(child, 0)
    report = {
        "killed": killed,
        "code": os.waitstatus_to_exitcode(code),
        "cpu": usage.ru_utime + usage.ru_stime,
        "rss": usage.ru_maxrss,
    }
    with contextlib.suppress(OSError):
        os.write(status, json.dumps(report).encode())


def _become(
    order: dict[str, Any], fds: list[int], layers: frozenset[str], own_root: bool, shell: Any, outputs: Any
) -> None:
    """Put on every limit, then run the cells that the other end sends."""
    os.setsid()
    for descriptor, number in zip(fds[:4], (*CONTROL, *OWN_PIPE), strict=True):
        os.dup2(descriptor, number + 100)
    for number in (*CONTROL, *OWN_PIPE):
        os.dup2(number + 100, number)
    null = os.open("/dev/null", os.O_RDWR)
    for number in (0, 1):
        os.dup2(null, number)
    os.dup2(null, 3)
    os.closerange(4, 10)
    os.closerange(14, 4096)
    isolation.take_scratch(own_root, order["scratch"], order["files"])
    isolation.limit(order["cpu"], order["memory"], order["open_files"], order["files"], order["processes"])
    isolation.drop_privileges(own_root)
    layers |= isolation.restrict_files(READABLE, str(Path.cwd())) | {"rlimits", "no-new-privileges"}
    layers |= isolation.filter_syscalls()
    os.dup2(3, 2)
    os.close(3)
    os.environ["HOCVU_PIPE"] = f"{OWN_PIPE[0]},{OWN_PIPE[1]}"
    incoming, outgoing = os.fdopen(CONTROL[0], "rb"), os.fdopen(CONTROL[1], "wb")
    write_message(outgoing, {"type": "ready", "layers": sorted(layers)})
    cells.capture(outputs)
    outputs.left = order["output"]
    _run(incoming, outgoing, shell, outputs)
    os._exit(0)


def _run(incoming: Any, outgoing: Any, shell: Any, outputs: Any) -> None:
    while (message := read_message(incoming)) is not None:
        if message["type"] == "file":
            with open(str(message["name"]), "wb") as file:  # noqa: PTH123
                file.write(base64.b64decode(str(message["content"])))
        elif message["type"] == "run":
            started = time.perf_counter()
            made, raised = cells.run_cell(shell, outputs, str(message["source"]))
            done = {"type": "done", "outputs": made, "raised": raised, "seconds": time.perf_counter() - started}
            write_message(outgoing, done)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    serve(socket.socket(fileno=int(sys.argv[3])))
