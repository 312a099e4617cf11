"""Write into the state folder: private files, lessons for reading, work kept apart per person."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from uuid import uuid4

from grading.content.exercise import Exercise, Module, Track

LESSONS = "bai-hoc"
EXERCISES = "bai-tap"


def write_private(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{uuid4().hex}")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    partial.replace(path)


def copy_lessons(modules: Iterable[Module], work: Path) -> None:
    """Copy every built lesson into the learner's folder, renewing what an update changed and nothing else."""
    for module in modules:
        source = module.lesson.with_suffix(".ipynb")
        if not source.is_file():
            continue
        copy = work / lesson_path(module)
        if not copy.exists() or copy.stat().st_mtime_ns < source.stat().st_mtime_ns:
            write_private(copy, source.read_bytes())


def lesson_path(module: Module) -> str:
    """Return where a module's lesson lies in the learner's folder, as JupyterLab names it."""
    return f"{LESSONS}/{module.folder.name}/{module.slug}.ipynb"


def work_folder(exercise: Exercise, track: Track, attempt: int) -> str:
    """Return where one attempt lies in the learner's folder, as JupyterLab names it."""
    return f"{EXERCISES}/{exercise.slug}-{track}-v{exercise.version}-lan-{attempt}"
