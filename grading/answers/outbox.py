"""Hand in a work folder so that nothing is lost: keep it first, send it, forget it once there is a receipt."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

from grading.answers.language import translator
from grading.answers.transport import NotDelivered, Refused, request

_ = translator("answers")

OUTBOX = ".hocvu-outbox"
MAX_NOTEBOOK = 20 * 1024 * 1024


class NoWorkFolder(Exception):
    """The folder holds no staged exercise; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the server gives for a submission. `received_at` is ISO 8601, `sha256` of the notebook and answers."""

    id: str
    received_at: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Work:
    """What is handed in: the manifest of the work folder and the bytes of its files."""

    exercise: str
    version: int
    track: str
    attempt: int
    notebook_name: str
    notebook: bytes
    answers: bytes | None


def read_work(folder: Path) -> Work:
    """Read a work folder; `NoWorkFolder` when its manifest or notebook is missing or damaged."""
    manifest = read_manifest(folder)
    try:
        name = str(manifest["notebook"])
        exercise, version = str(manifest["exercise"]), int(str(manifest["version"]))
        track, attempt = str(manifest["track"]), int(str(manifest["attempt"]))
        if Path(name).name != name:
            raise ValueError(name)
        notebook = _bounded(folder / name)
    except (KeyError, ValueError, OSError):
        raise NoWorkFolder(
            _("{folder}: the work folder is damaged. Open the exercise again from your page.").format(folder=folder)
        ) from None
    answers_file = folder / f"{Path(name).stem}.answers.json"
    answers = _bounded(answers_file) if answers_file.is_file() else None
    return Work(exercise, version, track, attempt, name, notebook, answers)


def read_manifest(folder: Path) -> dict[str, object]:
    """Return `hocvu.json` of a work folder."""
    try:
        manifest = json.loads((folder / "hocvu.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise NoWorkFolder(
            _("{folder}: there is no exercise here (hocvu.json is missing). Open it from your page.").format(
                folder=folder
            )
        ) from None
    except (OSError, ValueError):
        manifest = None
    if not isinstance(manifest, dict):
        raise NoWorkFolder(
            _("{folder}: the work folder is damaged. Open the exercise again from your page.").format(folder=folder)
        )
    return manifest


def send_work(folder: Path, url: str, token: str) -> Receipt:
    """Hand in the work of a folder, kept before it is sent; older kept work goes first.

    Raises `NoWorkFolder`, `NotDelivered` (kept for next time) or `Refused` (the server's sentence; not kept).
    """
    work = read_work(folder)
    box = keep(folder, work)
    for older in sorted(
        (path for path in box.parent.iterdir() if path.is_dir()), key=lambda path: path.stat().st_mtime
    ):
        if older != box and not older.name.startswith("."):
            try:
                _send_kept(older, url, token)
            except Refused:
                continue
    return _send_kept(box, url, token)


def keep(folder: Path, work: Work) -> Path:
    """Write work into the outbox, atomically, and return its box; the same bytes keep the id they had."""
    outbox = folder / OUTBOX
    outbox.mkdir(exist_ok=True)
    digest = _digest(work)
    for box in outbox.iterdir():
        if not box.name.startswith(".") and _kept_digest(box) == digest:
            return box
    partial, box = outbox / f".{uuid4()}", outbox / str(uuid4())
    partial.mkdir()
    try:
        (partial / "notebook.ipynb").write_bytes(work.notebook)
        if work.answers is not None:
            (partial / "answers.json").write_bytes(work.answers)
        manifest = {
            "exercise": work.exercise, "version": work.version, "track": work.track, "attempt": work.attempt,
            "digest": digest,
        }  # fmt: skip
        (partial / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        partial.replace(box)
    except OSError:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return box


def _send_kept(box: Path, url: str, token: str) -> Receipt:
    try:
        manifest = json.loads((box / "manifest.json").read_text(encoding="utf-8"))
        notebook = (box / "notebook.ipynb").read_bytes()
        UUID(box.name)
    except (OSError, ValueError):
        raise Refused(0, _("{folder}: work kept here is damaged. Delete that folder.").format(folder=box)) from None
    fields = {"id": box.name} | {name: str(manifest[name]) for name in ("exercise", "version", "track", "attempt")}
    files = {"notebook": notebook}
    if (box / "answers.json").is_file():
        files["answers"] = (box / "answers.json").read_bytes()
    body, content_type = _multipart(fields, files)
    try:
        answer = request("POST", f"{url}/api/v1/submissions", token, body, content_type)
    except Refused as error:
        if error.status in (400, 404, 409, 413, 422):
            shutil.rmtree(box, ignore_errors=True)
        raise
    receipt = Receipt(str(answer.get("id")), str(answer.get("received_at")), str(answer.get("sha256")))
    if receipt.id != box.name:
        raise NotDelivered(_("The training server gave an answer that cannot be read. Tell your trainer."))
    shutil.rmtree(box, ignore_errors=True)
    return receipt


def _multipart(fields: dict[str, str], files: dict[str, bytes]) -> tuple[bytes, str]:
    boundary = f"hocvu-{uuid4().hex}"
    parts = []
    for name, value in fields.items():
        parts.append(f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode())
    for name, data in files.items():
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}"\r\n\r\n'
        parts.append(head.encode() + data + b"\r\n")
    parts.append(f"--{boundary}--\r\n".encode())
    return b"".join(parts), f"multipart/form-data; boundary={boundary}"


def _digest(work: Work) -> str:
    answers = work.answers or b""
    return hashlib.sha256(b"%d:%b%b" % (len(work.notebook), work.notebook, answers)).hexdigest()


def _kept_digest(box: Path) -> str:
    try:
        return str(json.loads((box / "manifest.json").read_text(encoding="utf-8"))["digest"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _bounded(path: Path) -> bytes:
    if path.stat().st_size > MAX_NOTEBOOK:
        raise NoWorkFolder(
            _("{name} is larger than 20 MB. Clear the outputs (menu Edit → Clear Outputs), save, then submit.").format(
                name=path.name
            )
        )
    return path.read_bytes()
