"""Read a submitted notebook, which is untrusted, and put the locked cells back as they were released."""

import copy
import json

import nbformat
from nbformat import NotebookNode

from grading.answers.language import translator

_ = translator("engine")

MAX_BYTES = 20 * 1024 * 1024
MAX_CELLS = 500
CHECK = "check-"


class UnreadableNotebook(Exception):
    """The file is no notebook of ours; the message tells the learner what to do."""


def read_notebook(data: bytes) -> NotebookNode:
    """Return the notebook that the bytes hold; `UnreadableNotebook` says why it cannot be read."""
    if len(data) > MAX_BYTES:
        raise UnreadableNotebook(
            _("The notebook is larger than 20 MB. Clear its outputs (Edit → Clear Outputs), save, submit again.")
        )
    try:
        plain = json.loads(data.decode("utf-8-sig"))
        if not isinstance(plain, dict) or not isinstance(plain.get("nbformat"), int):
            raise ValueError("no nbformat")
        notebook = nbformat.reads(json.dumps(plain), as_version=4)
        cells = [_plain_cell(cell) for cell in notebook.cells]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, nbformat.ValidationError):
        raise UnreadableNotebook(
            _("The notebook cannot be read: the file is damaged or cut short. It is kept as you sent it. "
              "Open the exercise again from your page, copy your answers over, submit again.")
        ) from None  # fmt: skip
    if len(cells) > MAX_CELLS:
        raise UnreadableNotebook(
            _("The notebook has {count} cells, more than {most}. Delete those you do not need.").format(
                count=len(cells), most=MAX_CELLS
            )
        )
    return nbformat.v4.new_notebook(cells=cells)


def restore_locked(submitted: NotebookNode, master: NotebookNode) -> NotebookNode:
    """Return the submitted notebook with every locked cell as released, once, in its place.

    Edited ones are put back, deleted ones added again after the cell they follow, copies that claim their id removed.
    The cell id of a locked check is its grade_id, so that the judge knows which one runs; no other cell can have it.
    """
    locked = {grade_id(cell): cell for cell in master.cells if _is_locked(cell)}
    cells: list[NotebookNode] = []
    seen: set[str] = set()
    for number, cell in enumerate(submitted.cells):
        name = grade_id(cell)
        if name in locked:
            if name not in seen:
                seen.add(name)
                cells.append(_locked_copy(locked[name]))
            continue
        cell = copy.deepcopy(cell)
        cell.id = f"cell-{number}"
        cells.append(cell)
    if not set(locked) & seen and not any(grade_id(cell) for cell in cells):
        raise UnreadableNotebook(
            _("This is not the notebook of this exercise: none of its cells is here. Submit the exercise's own file.")
        )
    _add_missing(cells, master, locked, seen)
    return nbformat.v4.new_notebook(cells=cells)


def grade_id(cell: NotebookNode) -> str:
    """Return nbgrader's id of a cell, "" if it has none."""
    metadata = cell.metadata.get("nbgrader", {})
    name = metadata.get("grade_id", "") if isinstance(metadata, dict) else ""
    return name if isinstance(name, str) else ""


def _add_missing(
    cells: list[NotebookNode], master: NotebookNode, locked: dict[str, NotebookNode], seen: set[str]
) -> None:
    before = ""
    for cell in master.cells:
        name = grade_id(cell)
        if name in locked and name not in seen:
            at = next(
                (index for index, here in enumerate(cells) if before and grade_id(here) == before), len(cells) - 1
            )
            cells.insert(at + 1, _locked_copy(locked[name]))
        before = name or before


def _locked_copy(cell: NotebookNode) -> NotebookNode:
    restored = copy.deepcopy(cell)
    restored.id = grade_id(cell)
    return restored


def _is_locked(cell: NotebookNode) -> bool:
    metadata = cell.metadata.get("nbgrader", {})
    return bool(metadata.get("locked")) and bool(metadata.get("grade_id"))


def _plain_cell(cell: NotebookNode) -> NotebookNode:
    """Keep what grading needs of an untrusted cell: its kind, source and grade_id."""
    source = "".join(cell.source) if isinstance(cell.source, list) else str(cell.source)
    made = nbformat.v4.new_code_cell if cell.cell_type == "code" else nbformat.v4.new_markdown_cell
    plain = made(source)
    name = grade_id(cell)
    if name:
        plain.metadata["nbgrader"] = {"grade_id": name}
    return plain
