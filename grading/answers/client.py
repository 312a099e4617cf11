"""`check` and `submit` as a learner calls them: they print what the judge says and never raise for a bad answer."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from pathlib import Path

from grading.answers.codec import NotPlainData, decode, encode
from grading.answers.language import translator
from grading.answers.outbox import NoWorkFolder, read_manifest, send_work
from grading.answers.transport import NotDelivered, Pipe, Refused, post

_ = translator("answers")

HANOI = timezone(timedelta(hours=7))
SIGNS = {"passed": "✔", "failed": "✘", "not_attempted": "○"}
PLAIN_ERRORS = (NotPlainData, NotDelivered, Refused, NoWorkFolder)

_pipes: dict[str, Pipe] = {}


def check(task: str, value: object) -> None:
    """Send the answer of one task to the judge and print its verdict."""
    try:
        verdict = ask(task, value)
    except PLAIN_ERRORS as error:
        print(f"✘ {task}: {error}")
        return
    if verdict.get("type") == "verdict":
        print(told(verdict))


def check_all() -> None:
    """Check every answered task of a no-code notebook that changed since its last check."""
    folder = Path.cwd()
    try:
        answers, checked = _answers(folder)
    except NoWorkFolder as error:
        print(f"✘ {error}")
        return
    changed = {task: value for task, value in answers.items() if checked.get(task) != _print_of(value)}
    if not changed:
        print(_("Nothing has changed since the last check. Answer a task, then check again."))
        return
    for task, value in changed.items():
        check(task, value)
        checked[task] = _print_of(value)
    _write_checked(folder, checked)


def submit() -> None:
    """Hand in the notebook (and the answers file) of this folder and print the receipt."""
    try:
        url, token = _server()
        receipt = send_work(Path.cwd(), url, token)
    except NotDelivered:
        print(_("✘ The training server does not answer. Your work is kept and will be sent by the next submit."))
        return
    except OSError as error:
        print(_("✘ Your work could not be kept ({why}). Free some disk space, then submit again.").format(why=error))
        return
    except PLAIN_ERRORS as error:
        print(f"✘ {error}")
        return
    print(
        _("✔ Submitted. Receipt {id}, received {time}, fingerprint {sha}. The result comes in a moment.").format(
            id=receipt.id, time=_hanoi(receipt.received_at), sha=receipt.sha256[:12]
        )
    )


def ask(task: str, value: object) -> dict[str, object]:
    """Return the judge's verdict on one answer; a function is called as the judge asks."""
    reply = _exchange({"type": "check", "task": str(task), "answer": encode(value)})
    if reply.get("type") == "calls" and callable(value):
        results = [_call(value, arguments) for arguments in _argument_lists(reply.get("calls"))]
        reply = _exchange({"type": "check", "task": str(task), "answer": {"kind": "function", "results": results}})
    return reply


def told(verdict: Mapping[str, object]) -> str:
    """Return a verdict as the lines that a learner reads."""
    sign = SIGNS.get(str(verdict.get("outcome")), "○")
    points, most = _points(verdict.get("points")), _points(verdict.get("max_points"))
    lines = [f"{sign} {verdict.get('task')}: {points}/{most} {_('points')}"]
    if verdict.get("message"):
        lines.append(f"  {verdict['message']}")
    if verdict.get("hint"):
        lines.append(f"  {_('Hint:')} {verdict['hint']}")
    tries = verdict.get("tries_left")
    if isinstance(tries, int) and verdict.get("outcome") == "failed":
        if tries > 0:
            lines.append("  " + _("Tries left for full points: {tries}.").format(tries=tries))
        else:
            lines.append("  " + _("A right answer now earns half the points."))
    return "\n".join(lines)


def _exchange(message: dict[str, object]) -> dict[str, object]:
    descriptors = os.environ.get("HOCVU_PIPE")
    if descriptors:
        if descriptors not in _pipes:
            _pipes[descriptors] = Pipe(descriptors)
        return _pipes[descriptors].exchange(message)
    url, token = _server()
    manifest = read_manifest(Path.cwd())
    return post(
        f"{url}/api/v1/check",
        token,
        {name: manifest.get(name) for name in ("exercise", "version", "track", "attempt")} | {"message": message},
    )


def _server() -> tuple[str, str]:
    url, token = os.environ.get("HOCVU_URL", ""), os.environ.get("HOCVU_TOKEN", "")
    if not url or not token:
        raise NotDelivered(_("This notebook was not opened from the training server. Open it from your page."))
    return url.rstrip("/"), token


def _argument_lists(calls: object) -> list[list[object]]:
    if not isinstance(calls, list):
        return []
    return [[decode(argument) for argument in arguments] for arguments in calls if isinstance(arguments, list)]


def _call(function: Callable[..., object], arguments: list[object]) -> dict[str, object]:
    try:
        return encode(function(*arguments))
    except NotPlainData as error:
        return {"kind": "error", "error": str(error)[:500]}
    except Exception as error:
        return {"kind": "error", "error": f"{type(error).__name__}: {error}"[:500]}


def _answers(folder: Path) -> tuple[dict[str, object], dict[str, str]]:
    manifest = read_manifest(folder)
    stem = Path(str(manifest.get("notebook", ""))).stem
    try:
        content = json.loads((folder / f"{stem}.answers.json").read_text(encoding="utf-8"))
        answers = content["answers"]
    except FileNotFoundError:
        answers = {}
    except (OSError, ValueError, KeyError, TypeError):
        raise NoWorkFolder(
            _("{name} is damaged. Answer the tasks again, or restore the exercise from your page.").format(
                name=f"{stem}.answers.json"
            )
        ) from None
    try:
        checked = json.loads((folder / ".hocvu-checked.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        checked = {}
    return dict(answers), {str(task): str(seen) for task, seen in dict(checked).items()}


def _write_checked(folder: Path, checked: Mapping[str, str]) -> None:
    partial = folder / ".hocvu-checked.json.part"
    partial.write_text(json.dumps(checked), encoding="utf-8")
    partial.replace(folder / ".hocvu-checked.json")


def _print_of(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def _points(value: object) -> str:
    return f"{value:g}".replace(".", ",") if isinstance(value, int | float) else "–"


def _hanoi(moment: str) -> str:
    try:
        return f"{datetime.fromisoformat(moment).astimezone(HANOI):%H:%M:%S %d/%m/%Y}"
    except ValueError:
        return moment[:40]
