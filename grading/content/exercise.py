"""Modules and exercises as values, and how they are read from their folders."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from grading.answers.language import translator
from grading.content.manifest import ContentFault, Table, place_of, read_manifest

__all__ = [
    "ContentFault",
    "Exercise",
    "Misreading",
    "Module",
    "Task",
    "Track",
    "content_root",
    "load_exercise",
    "load_exercises",
    "load_module",
    "load_modules",
]

_ = translator("content")

POINTS_OF_A_TRACK = 10.0
_MODULE_FOLDER = re.compile(r"^(\d{2})-([a-z0-9]+(?:-[a-z0-9]+)*)$")


class Track(StrEnum):
    """How a learner works on an exercise: with controls, or with pandas."""

    NO_CODE = "khong-code"
    PANDAS = "pandas"


KINDS: Mapping[Track, tuple[str, ...]] = {
    Track.NO_CODE: ("choose", "choose-many", "order", "mark", "number", "date", "cases"),
    Track.PANDAS: ("value", "table", "function", "figure"),
}


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that earns points."""

    id: str
    track: Track
    kind: str
    points: float
    title: str
    prompt: str
    hints: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Misreading:
    """A wrong answer that people really give: what it earns and what they are told."""

    name: str
    task: str
    points: float
    hint: str


@dataclass(frozen=True, slots=True)
class Exercise:
    """One exercise, in one or two tracks of 10 points each."""

    slug: str
    version: int
    module: str
    title: str
    title_en: str
    minutes: int
    tasks: tuple[Task, ...]
    misreadings: tuple[Misreading, ...]
    folder: Path

    @property
    def tracks(self) -> tuple[Track, ...]:
        """The tracks that have tasks."""
        return tuple(track for track in Track if self.tasks_of(track))

    def tasks_of(self, track: Track) -> tuple[Task, ...]:
        """Return the tasks of one track, in the order of the manifest."""
        return tuple(task for task in self.tasks if task.track is track)

    def task(self, task_id: str) -> Task:
        """Return one task; `KeyError` if the exercise has none of that id."""
        for task in self.tasks:
            if task.id == task_id:
                return task
        raise KeyError(task_id)

    def misreadings_of(self, task_id: str) -> tuple[Misreading, ...]:
        """Return the known wrong answers to one task."""
        return tuple(misreading for misreading in self.misreadings if misreading.task == task_id)

    def source(self, track: Track) -> Path:
        """Return the percent-format source of one track's notebook."""
        return self.folder / f"{self.slug}-{track}.py"

    def misreading_file(self, misreading: Misreading) -> Path:
        """Return the file that holds one wrong answer."""
        return self.folder / "misreadings" / f"{misreading.name}.py"


@dataclass(frozen=True, slots=True)
class Module:
    """One module of the curriculum: a lesson and its exercises."""

    number: int
    slug: str
    title: str
    title_en: str
    summary: str
    minutes: int
    periods: int
    competences: tuple[str, ...]
    roles: tuple[str, ...]
    exercises: tuple[str, ...]
    pass_percent: int
    folder: Path

    @property
    def lesson(self) -> Path:
        """The percent-format source of the lesson."""
        return self.folder / f"{self.slug}.py"


def content_root() -> Path:
    """Return the folder that holds `courses/` and `exercises/`: HOCVU_CONTENT, or the checkout."""
    chosen = os.environ.get("HOCVU_CONTENT")
    root = Path(chosen).expanduser() if chosen else Path(__file__).resolve().parents[2]
    if not (root / "exercises").is_dir():
        raise ContentFault(
            _("There is no exercises/ folder in {root}. Set HOCVU_CONTENT to the folder of the project.").format(
                root=root
            )
        )
    return root


def load_exercise(folder: Path) -> Exercise:
    """Read one exercise's manifest; raise `ContentFault` at the first thing that is not as it should be."""
    manifest = read_manifest(folder / "exercise.toml")
    manifest.only({"slug", "version", "module", "title", "title_en", "minutes", "task", "misreading"})
    exercise = Exercise(
        slug=manifest.slug("slug"),
        version=manifest.count("version"),
        module=manifest.slug("module"),
        title=manifest.text("title"),
        title_en=manifest.text("title_en"),
        minutes=manifest.count("minutes"),
        tasks=tuple(_task(table) for table in manifest.tables("task")),
        misreadings=tuple(_misreading(name, table) for name, table in manifest.named_tables("misreading").items()),
        folder=folder,
    )
    _require_consistent(exercise)
    return exercise


def load_exercises(root: Path) -> dict[str, Exercise]:
    """Read every exercise below `root/exercises`, by slug."""
    folders = sorted(path.parent for path in (root / "exercises").glob("*/exercise.toml"))
    return {exercise.slug: exercise for exercise in map(load_exercise, folders)}


def load_module(folder: Path) -> Module:
    """Read one module's manifest."""
    manifest = read_manifest(folder / "module.toml")
    manifest.only(
        {"slug", "title", "title_en", "summary", "minutes", "periods", "competences", "roles", "exercises"}
        | {"pass_percent"}
    )
    slug = manifest.slug("slug")
    matched = _MODULE_FOLDER.match(folder.name)
    if matched is None or matched[2] != slug:
        raise _fault(folder, _("the folder is not named NN-{slug}. Rename it.").format(slug=slug))
    return Module(
        number=int(matched[1]),
        slug=slug,
        title=manifest.text("title"),
        title_en=manifest.text("title_en"),
        summary=manifest.text("summary"),
        minutes=manifest.count("minutes"),
        periods=manifest.count("periods"),
        competences=manifest.texts("competences", ()),
        roles=manifest.texts("roles", ()),
        exercises=manifest.texts("exercises", ()),
        pass_percent=manifest.count("pass_percent", 60),
        folder=folder,
    )


def load_modules(root: Path) -> dict[str, Module]:
    """Read every module below `root/courses`, by slug, in the order of their numbers."""
    folders = sorted(path.parent for path in (root / "courses").glob("*/module.toml"))
    modules: dict[str, Module] = {}
    for module in map(load_module, folders):
        if module.slug in modules:
            raise _fault(module.folder, _("another module has the same slug. Give this one its own."))
        modules[module.slug] = module
    return modules


def _task(table: Table) -> Task:
    table.only({"id", "track", "kind", "points", "title", "prompt", "hints"})
    task_id = table.slug("id")
    track_name = table.text("track")
    if track_name not in tuple(Track):
        raise ContentFault(
            _("{where}: track is {found}. Write khong-code or pandas.").format(where=table.where, found=track_name)
        )
    track = Track(track_name)
    kind = table.text("kind")
    if kind not in KINDS[track]:
        raise ContentFault(
            _("{where}: kind is {found}. In track {track}, write one of {kinds}.").format(
                where=table.where, found=kind, track=track, kinds=", ".join(KINDS[track])
            )
        )
    return Task(
        id=task_id,
        track=track,
        kind=kind,
        points=table.points("points"),
        title=table.text("title"),
        prompt=table.text("prompt"),
        hints=table.texts("hints"),
    )


def _misreading(name: str, table: Table) -> Misreading:
    table.only({"task", "points", "hint"})
    return Misreading(name=name, task=table.slug("task"), points=table.points("points"), hint=table.text("hint"))


def _require_consistent(exercise: Exercise) -> None:
    folder = exercise.folder
    if folder.name != exercise.slug:
        raise _fault(folder, _("the slug is {slug}. Name the folder so too.").format(slug=exercise.slug))
    ids = [task.id for task in exercise.tasks]
    if not ids:
        raise _fault(folder, _("the exercise has no task. Write at least one [[task]]."))
    for task_id in sorted({task_id for task_id in ids if ids.count(task_id) > 1}):
        raise _fault(folder, _("two tasks are called {task}. Rename one.").format(task=task_id))
    for track in exercise.tracks:
        total = sum(task.points for task in exercise.tasks_of(track))
        if abs(total - POINTS_OF_A_TRACK) > 1e-9:
            raise _fault(
                folder,
                _("the tasks of track {track} add up to {total:g} points. Make it 10.").format(
                    track=track, total=total
                ),
            )
    for misreading in exercise.misreadings:
        _require_possible(exercise, misreading)


def _require_possible(exercise: Exercise, misreading: Misreading) -> None:
    name = misreading.name
    if misreading.task not in {task.id for task in exercise.tasks}:
        raise _fault(
            exercise.folder,
            _("misreading {name} is of task {task}, which is not there. Name a task of this exercise.").format(
                name=name, task=misreading.task
            ),
        )
    if misreading.points >= exercise.task(misreading.task).points:
        raise _fault(
            exercise.folder,
            _("misreading {name} earns full points. Give it fewer than its task.").format(name=name),
        )


def _fault(folder: Path, sentence: str) -> ContentFault:
    return ContentFault(f"{place_of(folder)}: {sentence}")
