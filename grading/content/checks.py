"""Load an exercise's trusted `checks.py` by its path, behind a typed wrapper."""

import importlib.util
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any, cast

from grading.answers.language import translator
from grading.content.checking import Verdict
from grading.content.exercise import ContentFault, Exercise, Track
from grading.content.manifest import place_of

_ = translator("content")

_PLAIN_FILE = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*$")


@dataclass(frozen=True, slots=True)
class Checks:
    """The trusted code of one exercise. A `case` is whatever its author's `make_case` returns."""

    where: str
    _make_files: Callable[[int], dict[str, bytes]]
    _make_case: Callable[[int], Any]
    _make_prompts: Callable[[Any], dict[str, dict[str, object]]] | None
    _solve: Callable[[Any], dict[str, object]] | None
    _make_calls: Callable[[str, Any], list[list[object]]] | None
    _checks: Mapping[str, Callable[[Any, Any], Verdict]]

    def make_files(self, seed: int) -> dict[str, bytes]:
        """Return the learner's data files of one variant, by plain file name."""
        files = self._make_files(seed)
        for name, content in files.items():
            if not is_plain_name(name) or not isinstance(content, bytes):
                raise ContentFault(
                    _("{where}: make_files gives {name}. Use a plain file name and bytes.").format(
                        where=self.where, name=repr(name)
                    )
                )
        return files

    def make_case(self, seed: int) -> Any:
        """Return the truth of one variant."""
        return self._make_case(seed)

    def make_prompts(self, case: Any) -> dict[str, dict[str, object]]:
        """Return what the no-code controls show, by task; never the answer."""
        return self._make_prompts(case) if self._make_prompts else {}

    def solve(self, case: Any) -> dict[str, object]:
        """Return the right answers of the no-code tasks, plain JSON by task."""
        return self._solve(case) if self._solve else {}

    def make_calls(self, task: str, case: Any) -> list[list[object]]:
        """Return the argument lists with which a function task is called."""
        return self._make_calls(task, case) if self._make_calls else []

    def check(self, task: str, answer: object, case: Any) -> Verdict:
        """Judge one answer; `KeyError` for a task without a check."""
        verdict = self._checks[task](answer, case)
        if not isinstance(verdict, Verdict):
            raise ContentFault(
                _("{where}: the check of {task} gives {found}. End it with right(), wrong() or partly().").format(
                    where=self.where, task=task, found=type(verdict).__name__
                )
            )
        return verdict


def is_plain_name(name: object) -> bool:
    """Say whether a file name is plain: letters, digits, dot, hyphen, underscore, and no path."""
    return isinstance(name, str) and _PLAIN_FILE.match(name) is not None and len(name) <= 100


def load_checks(exercise: Exercise) -> Checks:
    """Execute `checks.py` of an exercise and see that it is complete."""
    path = exercise.folder / "checks.py"
    where = place_of(path)
    module = _execute(exercise, where)
    checks = getattr(module, "CHECKS", None)
    if not isinstance(checks, dict):
        raise ContentFault(_("{where}: CHECKS is missing. Write CHECKS = {{task id: function}}.").format(where=where))
    ids = {task.id for task in exercise.tasks}
    for task_id in sorted(ids ^ set(checks)):
        if task_id in ids:
            message = _("{where}: task {task} has no check. Add it to CHECKS.")
        else:
            message = _("{where}: CHECKS names {task}, which is no task of exercise.toml. Take it out.")
        raise ContentFault(message.format(where=where, task=task_id))
    no_code = bool(exercise.tasks_of(Track.NO_CODE))
    functions = any(task.kind == "function" for task in exercise.tasks)
    return Checks(
        where=where,
        _make_files=_function(module, where, "make_files", required=True),
        _make_case=_function(module, where, "make_case", required=True),
        _make_prompts=_optional(module, where, "make_prompts", required=no_code),
        _solve=_optional(module, where, "solve", required=no_code),
        _make_calls=_optional(module, where, "make_calls", required=functions),
        _checks=checks,
    )


def _execute(exercise: Exercise, where: str) -> ModuleType:
    path = exercise.folder / "checks.py"
    name = f"hocvu_checks_{exercise.slug.replace('-', '_')}_v{exercise.version}"
    spec = importlib.util.spec_from_file_location(name, path)
    if not path.is_file() or spec is None or spec.loader is None:
        raise ContentFault(_("{where}: there is no such file. Create it.").format(where=where))
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise ContentFault(
            _("{where}: does not run ({error}). Correct that place.").format(
                where=where, error=f"{type(error).__name__}: {error}"
            )
        ) from error
    return module


def _function(module: ModuleType, where: str, name: str, *, required: bool) -> Callable[..., Any]:
    function = _optional(module, where, name, required=required)
    return cast(Callable[..., Any], function)


def _optional(module: ModuleType, where: str, name: str, *, required: bool) -> Callable[..., Any] | None:
    function = getattr(module, name, None)
    if function is not None and callable(function):
        return cast(Callable[..., Any], function)
    if required or function is not None:
        raise ContentFault(
            _("{where}: the function {name} is missing. docs/architecture.md says what it does.").format(
                where=where, name=name
            )
        )
    return None
