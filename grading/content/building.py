"""Build notebooks from their percent-format sources, byte for byte the same each time, and clear their solutions."""

import os
import re
from functools import lru_cache
from pathlib import Path
from uuid import uuid4

import jupytext
import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import ClearSolutions
from traitlets.config import Config

from grading.answers.language import translator
from grading.content.exercise import ContentFault, Exercise, Track, load_exercises, load_modules
from grading.content.manifest import place_of

_ = translator("content")

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
LANGUAGE = {"name": "python", "file_extension": ".py", "mimetype": "text/x-python"}
CODE_TAG = "code"


def build_notebook(source: Path) -> bytes:
    """Return the notebook of a percent-format source: no outputs, our own cell ids, lesson code hidden.

    The code of a lesson is hidden unless its cell is tagged `code`; exercises show theirs.
    """
    try:
        notebook = jupytext.reads(source.read_text(encoding="utf-8"), fmt="py:percent")
    except FileNotFoundError:
        raise ContentFault(_("{where}: there is no such file. Create it.").format(where=place_of(source))) from None
    is_lesson = "courses" in place_of(source).split("/")
    used: set[str] = set()
    cells = [_plain_cell(cell, number, used, hide=is_lesson) for number, cell in enumerate(notebook.cells, 1)]
    built = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": KERNEL, "language_info": LANGUAGE})
    nbformat.validate(built)
    return _bytes(built)


def build_all(root: Path) -> list[Path]:
    """Write the notebook of every lesson and exercise beside its source; return those that changed."""
    changed = []
    for source in sources(root):
        target, built = source.with_suffix(".ipynb"), build_notebook(source)
        if not target.is_file() or target.read_bytes() != built:
            partial = target.with_name(f".{target.name}.{uuid4().hex}")
            partial.write_bytes(built)
            partial.replace(target)
            changed.append(target)
    return changed


def sources(root: Path) -> list[Path]:
    """Return the percent-format source of every notebook."""
    lessons = [module.lesson for module in load_modules(root).values()]
    return lessons + [exercise.source(track) for exercise in load_exercises(root).values() for track in exercise.tracks]


def release_notebook(exercise: Exercise, track: Track) -> bytes:
    """Return what a learner receives: the built notebook, its solutions cleared by nbgrader's own preprocessor."""
    return _release(exercise.source(track), exercise.source(track).stat().st_mtime_ns)


def teacher_notebook(exercise: Exercise, track: Track) -> NotebookNode:
    """Return the built notebook with its solutions."""
    return nbformat.reads(build_notebook(exercise.source(track)).decode(), as_version=4)


@lru_cache(maxsize=64)
def _release(source: Path, _modified: int) -> bytes:
    notebook = nbformat.reads(build_notebook(source).decode(), as_version=4)
    clear = ClearSolutions(config=Config({"ClearSolutions": {"code_stub": {"python": "..."}}}))
    notebook, _resources = clear.preprocess(notebook, {})
    for cell in notebook.cells:
        if cell.cell_type == "code" and "BEGIN SOLUTION" in cell.source:
            raise ContentFault(
                _("{where}: a solution is not in a cell of nbgrader's kind `solution`. Mark that cell.").format(
                    where=place_of(source)
                )
            )
    return _bytes(notebook)


def _plain_cell(cell: NotebookNode, number: int, used: set[str], *, hide: bool) -> NotebookNode:
    metadata = {name: cell.metadata[name] for name in ("nbgrader", "tags") if name in cell.metadata}
    make = nbformat.v4.new_code_cell if cell.cell_type == "code" else nbformat.v4.new_markdown_cell
    made = make(cell.source, metadata=metadata)
    made.id = _cell_id(metadata, number, used)
    if "nbgrader" in metadata:
        made.metadata["nbgrader"].setdefault("schema_version", 3)
        if metadata["nbgrader"].get("locked"):
            made.metadata["editable"] = made.metadata["deletable"] = False
    if hide and cell.cell_type == "code" and CODE_TAG not in metadata.get("tags", []):
        made.metadata["jupyter"] = {"source_hidden": True}
    return made


def _cell_id(metadata: dict[str, dict[str, str]], number: int, used: set[str]) -> str:
    name = metadata.get("nbgrader", {}).get("grade_id", f"o-{number}")
    chosen = re.sub(r"[^a-zA-Z0-9_-]", "-", name)[:60]
    while chosen in used:
        chosen = f"{chosen[:56]}-{number}"
    used.add(chosen)
    return chosen


def _bytes(notebook: NotebookNode) -> bytes:
    return (nbformat.writes(notebook, version=4) + "\n").replace(os.linesep, "\n").encode()
