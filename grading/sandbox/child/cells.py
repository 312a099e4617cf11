"""Run cells as IPython would and collect what they put out, within a bound."""

import sys
from typing import Any

import matplotlib.pyplot as plt
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from matplotlib_inline import backend_inline
from traitlets.config import Config


class Outputs:
    """The outputs of the cell that runs; all cells together stay within `most` bytes, then a notice and no more."""

    def __init__(self) -> None:
        self.left = 0
        self.cell: list[dict[str, Any]] = []

    def begin(self) -> None:
        """Start the list of another cell."""
        self.cell = []

    def stream(self, name: str, text: str) -> None:
        """Add text to a stream, joined to what precedes it."""
        if self.left <= 0:
            return
        size = len(text.encode("utf-8", "replace"))
        if size > self.left:
            text = text.encode("utf-8", "replace")[: self.left].decode("utf-8", "ignore") + "\n[…]\n"
        self.left -= size
        if self.cell and self.cell[-1].get("name") == name:
            self.cell[-1]["text"] += text
        else:
            self.cell.append({"output_type": "stream", "name": name, "text": text})

    def rich(self, kind: str, data: dict[str, Any], count: int | None = None) -> None:
        """Add a display or a result."""
        plain = {mime: value if isinstance(value, str) else _base64(value) for mime, value in data.items()}
        size = sum(len(value) for value in plain.values())
        if size > self.left:
            return
        self.left -= size
        output: dict[str, Any] = {"output_type": kind, "data": plain, "metadata": {}}
        self.cell.append(output | ({"execution_count": count} if kind == "execute_result" else {}))

    def error(self, name: str, value: str, lines: list[str]) -> None:
        """Add an error; it is told even when the bound is reached."""
        self.cell.append(
            {
                "output_type": "error",
                "ename": name[:200],
                "evalue": value[:2000],
                "traceback": [line[:2000] for line in lines[-30:]],
            }
        )


class _Stream:
    encoding = "utf-8"

    def __init__(self, name: str, outputs: Outputs) -> None:
        self.name = name
        self._outputs = outputs

    def write(self, text: str) -> int:
        self._outputs.stream(self.name, str(text))
        return len(text)

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Nothing is held back."""

    def isatty(self) -> bool:
        return False


class _Shell(InteractiveShell):
    outputs: Any = None

    def enable_gui(self, gui: Any = None) -> None:
        """A sandbox has no windows."""

    def _showtraceback(self, etype: Any, evalue: Any, stb: Any) -> None:
        self.outputs.error(getattr(etype, "__name__", "Error"), str(evalue), list(stb))


def _outputs_of(part: Any) -> Outputs:
    outputs: Outputs = part.shell.outputs
    return outputs


class _Hook(DisplayHook):
    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        _outputs_of(self).rich("execute_result", dict(format_dict), self.prompt_count)

    def write_output_prompt(self) -> None:
        """The notebook numbers its outputs."""

    def finish_displayhook(self) -> None:
        """Nothing to end the line of."""


class _Publisher(DisplayPublisher):
    def publish(self, data: Any, metadata: Any = None, source: Any = None, **more: Any) -> None:
        _outputs_of(self).rich("display_data", dict(data))


def make_shell() -> tuple[Any, Outputs]:
    """Return a warm IPython with inline figures, and where its outputs go."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.displayhook_class = _Hook
    config.InteractiveShell.display_pub_class = _Publisher
    shell = _Shell.instance(config=config, display_pub_class=_Publisher, displayhook_class=_Hook)
    outputs = Outputs()
    shell.outputs = outputs
    plt.switch_backend("module://matplotlib_inline.backend_inline")
    backend_inline.configure_inline_support(shell, "module://matplotlib_inline.backend_inline")
    return shell, outputs


def capture(outputs: Outputs) -> None:
    """Send what Python prints to the outputs."""
    sys.stdout, sys.stderr = _Stream("stdout", outputs), _Stream("stderr", outputs)


def run_cell(shell: Any, outputs: Outputs, source: str) -> tuple[list[dict[str, Any]], bool]:
    """Run one cell; return its outputs and whether it raised."""
    outputs.begin()
    result = shell.run_cell(source, store_history=True)
    return outputs.cell, not result.success


def _base64(value: Any) -> str:
    import base64

    return base64.b64encode(value).decode() if isinstance(value, bytes) else str(value)
