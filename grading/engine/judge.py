"""Judge one task's answer on one variant, and say so in messages."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from grading.answers.codec import FUNCTION as FUNCTION_MARKER
from grading.answers.codec import NOT_ATTEMPTED, CallFailed, FunctionResults, NotPlainData, decode, encode
from grading.answers.language import translator
from grading.content.checking import Verdict
from grading.content.checks import Checks, load_checks
from grading.content.exercise import Exercise, Task, Track

_ = translator("engine")
_log = logging.getLogger(__name__)

FULL_POINT_TRIES = 2


class Outcome(StrEnum):
    """How one task, or one submission, ended."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_ATTEMPTED = "not_attempted"
    TIMED_OUT = "timed_out"
    OUT_OF_MEMORY = "out_of_memory"
    CRASHED = "crashed"


class UnknownTask(Exception):
    """The exercise has no such task; the message is a sentence for the learner."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What one check found in one answer."""

    task: str
    outcome: Outcome
    points: float
    max_points: float
    message: str = ""
    hint: str = ""


class Judge:
    """Judges answers to one exercise on one variant of its data."""

    def __init__(self, exercise: Exercise, seed: int) -> None:
        self.exercise = exercise
        self._seed = seed

    def task(self, task_id: object) -> Task:
        """Return a task by an untrusted id; `UnknownTask` if there is none."""
        try:
            return self.exercise.task(str(task_id))
        except KeyError:
            known = ", ".join(task.id for task in self.exercise.tasks)
            raise UnknownTask(
                _("There is no task {task} in this exercise. Its tasks are: {known}.").format(
                    task=repr(str(task_id)[:60]), known=known
                )
            ) from None

    def judge(self, task_id: str, encoded: object, *, wrong_before: int = 0) -> CheckResult:
        """Judge one encoded answer. `wrong_before` counts earlier wrong tries: it chooses the hint, not the points."""
        task = self.task(task_id)
        try:
            answer = decode(encoded)
        except NotPlainData as error:
            return CheckResult(task.id, Outcome.FAILED, 0, task.points, str(error))
        if answer is NOT_ATTEMPTED:
            return not_attempted(task)
        verdict = self._verdict(task, answer)
        return self._result(task, verdict, wrong_before)

    def calls(self, task_id: str) -> list[list[dict[str, object]]]:
        """Return the encoded argument lists with which a function task is called; empty for other tasks."""
        task = self.task(task_id)
        if task.kind != "function":
            return []
        calls = checks_of(self.exercise).make_calls(task.id, case_of(self.exercise, self._seed))
        return [[encode(argument) for argument in arguments] for arguments in calls]

    def answer(self, message: Mapping[str, object], *, wrong_before: int = 0) -> dict[str, object]:
        """Answer one `check` message of a learner's live kernel: `calls` for a function, else a `verdict`."""
        task = self.task(message.get("task"))
        encoded = message.get("answer")
        if task.kind == "function" and encoded == {"kind": "function"}:
            return {"type": "calls", "calls": self.calls(task.id)}
        return verdict_message(task, self.judge(task.id, encoded, wrong_before=wrong_before), wrong_before)

    def _verdict(self, task: Task, answer: object) -> Verdict:
        if task.kind == "function":
            if answer is FUNCTION_MARKER or not isinstance(answer, FunctionResults):
                return Verdict(0, _("This task asks for a function. Give the function itself, without brackets."))
            failed = next((result for result in answer.results if isinstance(result, CallFailed)), None)
            if failed is not None:
                return Verdict(
                    0, _("Your function stops with an error when called: {error}").format(error=failed.error)
                )
            answer = answer.results
        elif answer is FUNCTION_MARKER or isinstance(answer, FunctionResults | CallFailed):
            return Verdict(0, _("This task asks for a value, not a function. Call the function and give its result."))
        try:
            return checks_of(self.exercise).check(task.id, answer, case_of(self.exercise, self._seed))
        except (TypeError, ValueError, KeyError, IndexError, AttributeError, ArithmeticError, RecursionError) as error:
            _log.warning("check %s/%s could not read an answer: %r", self.exercise.slug, task.id, error)
            return Verdict(
                0, _("The answer is not of the kind that this task asks for. Read the task's example again.")
            )

    def _result(self, task: Task, verdict: Verdict, wrong_before: int) -> CheckResult:
        fraction = min(1.0, max(0.0, verdict.fraction))
        if fraction >= 1:
            return CheckResult(task.id, Outcome.PASSED, task.points, task.points, verdict.message)
        known = {one.name: one for one in self.exercise.misreadings_of(task.id)}.get(verdict.misreading)
        points = known.points if known else task.points * fraction
        hint = known.hint if known else task.hints[min(wrong_before, len(task.hints) - 1)] if task.hints else ""
        return CheckResult(task.id, Outcome.FAILED, points, task.points, verdict.message, hint)


def not_attempted(task: Task) -> CheckResult:
    """Return the result of a task that nobody has begun."""
    return CheckResult(task.id, Outcome.NOT_ATTEMPTED, 0, task.points, _("Not answered yet."))


def verdict_message(task: Task, result: CheckResult, wrong_before: int) -> dict[str, object]:
    """Return a result as a message; a no-code task says how many tries are left for full points."""
    message: dict[str, object] = {
        "type": "verdict",
        "task": result.task,
        "outcome": str(result.outcome),
        "points": result.points,
        "max_points": result.max_points,
        "message": result.message,
        "hint": result.hint,
    }
    if task.track is Track.NO_CODE:
        wrong = wrong_before + (result.outcome is Outcome.FAILED)
        message["points"] = points_after(result.points, wrong_before)
        message["tries_left"] = max(0, FULL_POINT_TRIES - wrong)
    return message


def points_after(points: float, wrong_before: int) -> float:
    """Return what a no-code answer earns: all within two tries, half later (design §4.5)."""
    return points if wrong_before < FULL_POINT_TRIES else points / 2


@lru_cache(maxsize=64)
def checks_of(exercise: Exercise) -> Checks:
    """Return an exercise's trusted checks, loaded once."""
    return load_checks(exercise)


@lru_cache(maxsize=256)
def case_of(exercise: Exercise, seed: int) -> Any:
    """Return the truth of one variant, computed once while it is in use."""
    return checks_of(exercise).make_case(seed)
