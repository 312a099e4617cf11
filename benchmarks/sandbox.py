"""How long a contained run takes against a plain Jupyter kernel in the same minute."""

from statistics import median
from time import perf_counter

import nbformat
from nbclient import NotebookClient

from grading.sandbox import Limits, Sandbox

TRIVIAL = ["1 + 1"]
PLOT = ["%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.bar([1, 2], [3, 4])\nplt.show()"]


def rows() -> list[dict[str, object]]:
    """Return medians in milliseconds; the peer is nbclient with a fresh kernel."""
    started = perf_counter()
    with Sandbox() as box:
        ready = perf_counter() - started
        runs = {name: _median_run(box, sources, 20) for name, sources in (("trivial", TRIVIAL), ("plot", PLOT))}
    peers = {name: _median_kernel(sources) for name, sources in (("trivial", TRIVIAL), ("plot", PLOT))}
    musts = {"trivial": 50.0, "plot": 300.0}
    made: list[dict[str, object]] = [
        {
            "name": f"sandbox run, {name}", "value": 1000 * runs[name], "unit": "ms",
            "peer": f"nbclient {1000 * peers[name]:.0f} ms", "ratio": peers[name] / runs[name],
            "must": musts[name], "aim": musts[name] / 2,
        }
        for name in runs
    ]  # fmt: skip
    return [
        *made,
        {"name": "sandbox start", "value": ready, "unit": "s", "peer": "", "ratio": None, "must": 10.0, "aim": 4.0},
    ]


def _notebook(sources: list[str]) -> nbformat.NotebookNode:
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])


def _median_run(box: Sandbox, sources: list[str], times: int) -> float:
    found = []
    for _ in range(times):
        started = perf_counter()
        box.run(_notebook(sources), {}, Limits(), lambda cell, message: {"type": "noted"})
        found.append(perf_counter() - started)
    return median(found)


def _median_kernel(sources: list[str]) -> float:
    found = []
    for _ in range(3):
        started = perf_counter()
        NotebookClient(_notebook(sources), kernel_name="python3").execute()
        found.append(perf_counter() - started)
    return median(found)
