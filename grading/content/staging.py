"""Stage an exercise for one person: only what a learner may have, whole or not at all."""

import base64
import json
import shutil
from pathlib import Path
from uuid import uuid4

from grading.answers.language import translator
from grading.content.building import release_notebook
from grading.content.checks import load_checks
from grading.content.exercise import ContentFault, Exercise, Track
from grading.content.manifest import place_of

_ = translator("content")

MANIFEST = "hocvu.json"


class WouldOverwrite(Exception):
    """The folder holds work already; the message says how to renew its data."""


def staged_files(exercise: Exercise, track: Track, *, person: str, attempt: int, seed: int) -> dict[str, bytes]:
    """Return the files of a work folder by plain name: manifest, release notebook, data of the variant. No answer."""
    checks = load_checks(exercise)
    notebook = f"{exercise.slug}-{track}.ipynb"
    files = checks.make_files(seed)
    if {MANIFEST, notebook} & set(files):
        raise ContentFault(
            _("{where}: a data file has the name of the notebook. Rename it.").format(where=place_of(exercise.folder))
        )
    prompts = checks.make_prompts(checks.make_case(seed)) if track is Track.NO_CODE else {}
    manifest = {
        "format": 1,
        "exercise": exercise.slug,
        "version": exercise.version,
        "track": str(track),
        "person": person,
        "attempt": attempt,
        "notebook": notebook,
        "tasks": {
            task.id: {"title": task.title, "kind": task.kind, "points": task.points, "prompt": task.prompt}
            | prompts.get(task.id, {})
            for task in exercise.tasks_of(track)
        },
    }
    return files | {
        MANIFEST: (json.dumps(manifest, ensure_ascii=False, indent=1) + "\n").encode(),
        notebook: release_notebook(exercise, track),
    }


def stage_exercise(
    exercise: Exercise, track: Track, *, person: str, attempt: int, seed: int, into: Path, restore: bool = False
) -> Path:
    """Write a work folder. Work that is there is kept: `WouldOverwrite`, or with `restore` only data is renewed."""
    files = staged_files(exercise, track, person=person, attempt=attempt, seed=seed)
    return write_work_folder(files, into, restore=restore)


def write_work_folder(files: dict[str, bytes], into: Path, *, restore: bool = False) -> Path:
    """Write staged files as a folder, atomically; `restore` renews all but the notebook of a folder that exists."""
    manifest = json.loads(files[MANIFEST])
    if not into.exists() or not any(into.iterdir()):
        into.parent.mkdir(parents=True, exist_ok=True)
        partial = into.with_name(f".{into.name}.{uuid4().hex}")
        partial.mkdir(mode=0o700)
        try:
            for name, content in files.items():
                (partial / name).write_bytes(content)
            if into.exists():
                into.rmdir()
            partial.rename(into)
        except OSError:
            shutil.rmtree(partial, ignore_errors=True)
            raise
        return into
    if not restore:
        raise WouldOverwrite(
            _("{folder} holds work already. Add --restore to renew its data and keep the work.").format(folder=into)
        )
    for name, content in files.items():
        if name == manifest["notebook"] and (into / name).exists():
            continue
        partial = into / f".{name}.{uuid4().hex}"
        partial.write_bytes(content)
        partial.replace(into / name)
    return into


def as_base64(files: dict[str, bytes]) -> dict[str, str]:
    """Return staged files as the API sends them."""
    return {name: base64.b64encode(content).decode() for name, content in files.items()}
