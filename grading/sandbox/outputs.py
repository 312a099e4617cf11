"""Make plain, safe nbformat outputs of what a learner's process says its cells put out."""

from typing import Any

from nbformat import NotebookNode, v4

MIMES = ("text/plain", "text/html", "image/png", "image/svg+xml", "text/markdown", "text/latex")
MOST = 200
LONGEST = 8 * 1024 * 1024


def plain_outputs(said: object) -> list[NotebookNode]:
    """Return the outputs that are well formed, at most 200; anything else is dropped."""
    if not isinstance(said, list):
        return []
    made = (_output(one) for one in said[:MOST] if isinstance(one, dict))
    return [output for output in made if output is not None]


def _output(said: dict[str, Any]) -> NotebookNode | None:
    kind = said.get("output_type")
    if kind == "stream":
        name = "stderr" if said.get("name") == "stderr" else "stdout"
        return v4.new_output("stream", name=name, text=_text(said.get("text")))
    if kind == "error":
        lines = said.get("traceback")
        return v4.new_output(
            "error",
            ename=_text(said.get("ename"))[:200],
            evalue=_text(said.get("evalue"))[:2000],
            traceback=[_text(line)[:2000] for line in lines[:50]] if isinstance(lines, list) else [],
        )
    if kind in ("display_data", "execute_result") and isinstance(said.get("data"), dict):
        data = {mime: _text(said["data"][mime]) for mime in MIMES if mime in said["data"]}
        count = said.get("execution_count")
        more = {"execution_count": count if isinstance(count, int) else None} if kind == "execute_result" else {}
        return v4.new_output(kind, data=data, metadata={}, **more)
    return None


def _text(value: object) -> str:
    return value[:LONGEST] if isinstance(value, str) else ""
