"""What a learner sees of check and submit, against a real server at the other end."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import hocvu
from grading.answers.outbox import OUTBOX


@dataclass
class Judge:
    """A server that answers as it is told and remembers what it was sent."""

    url: str = ""
    status: int = 200
    replies: list[dict[str, object]] = field(default_factory=list)
    seen: list[tuple[str, bytes]] = field(default_factory=list)


@pytest.fixture
def judge(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Judge]:
    """Start the other end, and stand in a staged work folder."""
    state = Judge()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            state.seen.append((self.path, body))
            if state.replies:
                reply = state.replies.pop(0)
            else:
                sent = body.split(b'name="id"\r\n\r\n')[1].split(b"\r\n")[0].decode()
                reply = {"id": sent, "received_at": "2026-02-03T01:02:03+00:00", "sha256": "ab" * 32}
            data = json.dumps(reply).encode()
            self.send_response(state.status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    state.url = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setenv("HOCVU_URL", state.url)
    monkeypatch.setenv("HOCVU_TOKEN", "t")
    monkeypatch.delenv("HOCVU_PIPE", raising=False)
    work = tmp_path / "bài làm của tôi"
    work.mkdir()
    manifest = {
        "format": 1,
        "exercise": "x",
        "version": 1,
        "track": "pandas",
        "attempt": 1,
        "notebook": "x-pandas.ipynb",
    }
    (work / "hocvu.json").write_text(json.dumps(manifest), encoding="utf-8")
    (work / "x-pandas.ipynb").write_text("{}", encoding="utf-8")
    monkeypatch.chdir(work)
    yield state
    server.shutdown()
    server.server_close()


def verdict(**more: object) -> dict[str, object]:
    """Return a verdict message."""
    return {
        "type": "verdict",
        "task": "a",
        "outcome": "passed",
        "points": 2.5,
        "max_points": 3,
        "message": "",
        "hint": "",
    } | more


def test_check_prints_the_verdict_and_returns_none(judge: Judge, capsys: pytest.CaptureFixture[str]) -> None:
    """Outcome, points with a decimal comma, message, hint and tries left are printed."""
    judge.replies = [verdict(outcome="failed", message="Chưa đúng.", hint="Xem lại.", tries_left=1)]

    assert hocvu.check("a", 3) is None

    said = capsys.readouterr().out
    assert "✘ a: 2,5/3 điểm" in said and "Chưa đúng." in said and "Gợi ý: Xem lại." in said and "1" in said


def test_a_function_is_called_as_the_judge_asks(judge: Judge, capsys: pytest.CaptureFixture[str]) -> None:
    """The client calls the function with the judge's arguments; a call that raises is data, not an exception."""
    one, two = ({"kind": "json", "value": value} for value in (2, "x"))
    judge.replies = [{"type": "calls", "calls": [[one], [two]]}, verdict()]

    hocvu.check("a", lambda n: n // 1 + 1)

    sent = json.loads(judge.seen[1][1])["message"]["answer"]["results"]
    assert sent[0] == {"kind": "json", "value": 3}
    assert sent[1]["kind"] == "error" and "TypeError" in sent[1]["error"]
    assert "✔" in capsys.readouterr().out


def test_a_value_that_is_not_plain_is_told_and_not_sent(judge: Judge, capsys: pytest.CaptureFixture[str]) -> None:
    """NaN gets a sentence in Vietnamese, and the server hears nothing."""
    hocvu.check("a", float("nan"))

    assert "NaN" in capsys.readouterr().out
    assert judge.seen == []


def test_a_refusal_is_the_servers_own_sentence(judge: Judge, capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown task or stale version is told as the server says it."""
    judge.status, judge.replies = 404, [{"detail": "Không có câu này."}]

    hocvu.check("a", 1)

    assert "Không có câu này." in capsys.readouterr().out


def test_submit_prints_a_receipt_and_leaves_nothing_behind(judge: Judge, capsys: pytest.CaptureFixture[str]) -> None:
    """A submission that arrived is told with id, Hanoi time and fingerprint; the outbox is empty."""
    judge.status = 201

    hocvu.submit()

    said = capsys.readouterr().out
    assert "08:02:03 03/02/2026" in said and "abababababab" in said
    assert list(Path(OUTBOX).iterdir()) == []


def test_work_is_kept_while_the_server_is_away_and_sent_with_its_id(
    judge: Judge, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Three submits without a server keep two different works; the next submit sends all, oldest first, same ids."""
    monkeypatch.setenv("HOCVU_URL", "http://127.0.0.1:9")
    hocvu.submit()
    hocvu.submit()
    kept = [box.name for box in Path(OUTBOX).iterdir()]
    Path("x-pandas.ipynb").write_text('{"a": 1}', encoding="utf-8")
    hocvu.submit()
    assert capsys.readouterr().out.count("✘") == 3
    assert len(kept) == 1 and len(list(Path(OUTBOX).iterdir())) == 2

    monkeypatch.setenv("HOCVU_URL", judge.url)
    judge.status = 201
    hocvu.submit()

    assert len(judge.seen) == 2
    assert kept[0].encode() in judge.seen[0][1]
    assert list(Path(OUTBOX).iterdir()) == []


def test_check_all_checks_only_what_changed(judge: Judge, capsys: pytest.CaptureFixture[str]) -> None:
    """Each answered task is checked once, and again only when its answer changed."""
    judge.replies = [verdict(task="a"), verdict(task="b")]
    Path("x-pandas.answers.json").write_text('{"format": 1, "answers": {"a": 1, "b": [2]}}', encoding="utf-8")
    hocvu.check_all()
    hocvu.check_all()
    assert len(judge.seen) == 2

    judge.replies = [verdict(task="b")]
    Path("x-pandas.answers.json").write_text('{"format": 1, "answers": {"a": 1, "b": [3]}}', encoding="utf-8")
    hocvu.check_all()
    assert len(judge.seen) == 3
    capsys.readouterr()

    Path("x-pandas.answers.json").write_text("{", encoding="utf-8")
    hocvu.check_all()
    assert "✘" in capsys.readouterr().out


def test_outside_a_work_folder_one_is_told_where_to_go(
    judge: Judge, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without hocvu.json neither check nor submit raises; both say what to do."""
    monkeypatch.chdir(tmp_path)
    hocvu.check("a", 1)
    hocvu.submit()

    assert capsys.readouterr().out.count("hocvu.json") == 2
