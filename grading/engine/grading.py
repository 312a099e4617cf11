"""Grade one submission: pandas work by running it twice, no-code work from its answers file."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from time import perf_counter

import nbformat
from nbformat import NotebookNode

from grading.answers.language import translator
from grading.content.building import release_notebook
from grading.content.exercise import Exercise, Task, Track
from grading.engine.judge import CheckResult, Judge, Outcome, checks_of, not_attempted, points_after
from grading.engine.notebooks import CHECK, UnreadableNotebook, read_notebook, restore_locked
from grading.sandbox import Limits, Run, RunOutcome, Sandbox

_ = translator("engine")

MAX_ANSWERS_BYTES = 4 * 1024 * 1024
ENDINGS = (RunOutcome.TIMED_OUT, RunOutcome.OUT_OF_MEMORY, RunOutcome.CRASHED)


@dataclass(frozen=True, slots=True)
class Graded:
    """What grading found. `message` is for the learner; `layers` names the sandbox's layers; `seconds` is wall time."""

    outcome: Outcome
    score: float
    max_score: float
    tasks: tuple[CheckResult, ...]
    message: str = ""
    layers: frozenset[str] = frozenset()
    seconds: float = 0.0


def grade_pandas(
    exercise: Exercise, notebook: bytes, *, own_seed: int, unseen_seed: int, sandbox: Sandbox, limits: Limits
) -> Graded:
    """Run a notebook on the person's own variant and on an unseen one; points need both (design §4.2)."""
    started = perf_counter()
    tasks = exercise.tasks_of(Track.PANDAS)
    try:
        master = nbformat.reads(release_notebook(exercise, Track.PANDAS).decode(), as_version=4)
        work = restore_locked(read_notebook(notebook), master)
    except UnreadableNotebook as error:
        return _ended(tasks, Outcome.CRASHED, str(error))
    runs: tuple[Run, ...]
    own, own_run = _run(exercise, work, own_seed, sandbox, limits)
    if any(result.points > 0 for result in own.values()):
        unseen, unseen_run = _run(exercise, work, unseen_seed, sandbox, limits)
        results = tuple(_both(own[task.id], unseen[task.id]) for task in tasks)
        runs = (own_run, unseen_run)
    else:
        results = tuple(own[task.id] for task in tasks)
        runs = (own_run,)
    outcome, message = _outcome(results, runs)
    return Graded(
        outcome=outcome,
        score=sum(result.points for result in results),
        max_score=sum(task.points for task in tasks),
        tasks=results,
        message=message,
        layers=own_run.layers,
        seconds=perf_counter() - started,
    )


def grade_no_code(exercise: Exercise, answers: bytes, *, own_seed: int, wrong_tries: Mapping[str, int]) -> Graded:
    """Judge the answers file on the person's variant; nothing is executed. After two wrong tries a task earns half."""
    started = perf_counter()
    tasks = exercise.tasks_of(Track.NO_CODE)
    try:
        given = read_answers(answers)
    except ValueError:
        return _ended(
            tasks, Outcome.CRASHED,
            _("The answers file is damaged. Open the exercise again, answer the tasks, submit again."),
        )  # fmt: skip
    judge = Judge(exercise, own_seed)
    results = []
    for task in tasks:
        if task.id not in given:
            results.append(not_attempted(task))
            continue
        wrong = max(0, wrong_tries.get(task.id, 0))
        found = judge.judge(task.id, {"kind": "json", "value": given[task.id]}, wrong_before=wrong)
        points = points_after(found.points, wrong)
        results.append(CheckResult(found.task, found.outcome, points, found.max_points, found.message, found.hint))
    return Graded(
        outcome=_of_tasks(tuple(results)),
        score=sum(result.points for result in results),
        max_score=sum(task.points for task in tasks),
        tasks=tuple(results),
        seconds=perf_counter() - started,
    )


def read_answers(answers: bytes) -> dict[str, object]:
    """Return the answers of an answers file by task; `ValueError` when the file is not one."""
    if len(answers) > MAX_ANSWERS_BYTES:
        raise ValueError("too large")
    try:
        content = json.loads(answers.decode("utf-8-sig"))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(content, dict) or not isinstance(content.get("answers"), dict):
        raise ValueError("no answers")
    return {str(task): value for task, value in content["answers"].items() if value is not None}


class _Listener:
    """Takes the first answer of each locked check cell and discloses nothing."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._kinds = {task.id: task.kind for task in judge.exercise.tasks_of(Track.PANDAS)}
        self._called: set[str] = set()
        self.answers: dict[str, object] = {}

    def answer(self, cell_id: str, message: dict[str, object]) -> dict[str, object]:
        task = cell_id.removeprefix(CHECK)
        ours = cell_id == f"{CHECK}{task}" and task in self._kinds and message.get("task") == task
        if not ours or message.get("type") != "check" or task in self.answers:
            return {"type": "noted"}
        encoded = message.get("answer")
        if self._kinds[task] == "function" and encoded == {"kind": "function"} and task not in self._called:
            self._called.add(task)
            return {"type": "calls", "calls": self._judge.calls(task)}
        self.answers[task] = encoded
        return {"type": "noted"}


def _run(
    exercise: Exercise, work: NotebookNode, seed: int, sandbox: Sandbox, limits: Limits
) -> tuple[dict[str, CheckResult], Run]:
    judge = Judge(exercise, seed)
    listener = _Listener(judge)
    run = sandbox.run(work, checks_of(exercise).make_files(seed), limits, listener.answer)
    results = {}
    for task in exercise.tasks_of(Track.PANDAS):
        if task.id in listener.answers:
            results[task.id] = judge.judge(task.id, listener.answers[task.id])
        else:
            results[task.id] = not_attempted(task)
    return results, run


def _both(own: CheckResult, unseen: CheckResult) -> CheckResult:
    if own.outcome is Outcome.PASSED and unseen.outcome is not Outcome.PASSED:
        return CheckResult(
            own.task, Outcome.FAILED, 0, own.max_points,
            _("Right on your data, not on other data. Compute the answer from the file instead of writing it down."),
        )  # fmt: skip
    if own.points <= unseen.points:
        return own
    return CheckResult(own.task, Outcome.FAILED, unseen.points, own.max_points, own.message, own.hint)


def _outcome(results: tuple[CheckResult, ...], runs: tuple[Run, ...]) -> tuple[Outcome, str]:
    ended = next((run for run in runs if run.outcome in ENDINGS), None)
    if ended is not None:
        return Outcome(str(ended.outcome)), ended.message
    return _of_tasks(results), ""


def _of_tasks(results: tuple[CheckResult, ...]) -> Outcome:
    if all(result.outcome is Outcome.PASSED for result in results):
        return Outcome.PASSED
    if all(result.outcome is Outcome.NOT_ATTEMPTED for result in results):
        return Outcome.NOT_ATTEMPTED
    return Outcome.FAILED


def _ended(tasks: tuple[Task, ...], outcome: Outcome, message: str) -> Graded:
    results = tuple(not_attempted(task) for task in tasks)
    return Graded(outcome, 0, sum(task.points for task in tasks), results, message)
