"""Carry messages from the learner's process to the judge: over HTTP from a live kernel, over a pipe in the sandbox."""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import BinaryIO

from grading.answers.language import translator
from grading.answers.messages import BrokenMessage, read_message, write_message

_ = translator("answers")

TIMEOUT_SECONDS = 30
MAX_REPLY = 48 * 1024 * 1024


class NotDelivered(Exception):
    """The server could not be reached; the message is a sentence for the learner."""


class Refused(Exception):
    """The server answered, and refused; the message is the server's own sentence."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status


def request(
    method: str, url: str, token: str, body: bytes | None = None, content_type: str = "application/json"
) -> dict[str, object]:
    """Send one request of the API and return the JSON object of its answer."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": content_type, "Accept": "application/json"}
    try:
        asked = urllib.request.Request(url, data=body, headers=headers, method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(asked, timeout=TIMEOUT_SECONDS) as reply:
            answer = json.loads(reply.read(MAX_REPLY))
    except urllib.error.HTTPError as error:
        raise Refused(error.code, _detail(error)) from None
    except (OSError, ValueError):
        raise NotDelivered(
            _("The training server does not answer. Your work is safe in this file; try again in a moment.")
        ) from None
    if not isinstance(answer, dict):
        raise NotDelivered(_("The training server gave an answer that cannot be read. Tell your trainer."))
    return answer


def post(url: str, token: str, message: Mapping[str, object]) -> dict[str, object]:
    """Post one JSON object and return the answer."""
    return request("POST", url, token, json.dumps(message, ensure_ascii=False, allow_nan=False).encode())


class Pipe:
    """The sandbox's end of the message pipe, `HOCVU_PIPE=IN_FD,OUT_FD`."""

    def __init__(self, descriptors: str) -> None:
        incoming, outgoing = (int(part) for part in descriptors.split(","))
        self._incoming: BinaryIO = os.fdopen(incoming, "rb", closefd=False)
        self._outgoing: BinaryIO = os.fdopen(outgoing, "wb", closefd=False)

    def exchange(self, message: Mapping[str, object]) -> dict[str, object]:
        """Send one message and wait for its reply."""
        try:
            write_message(self._outgoing, message)
            reply = read_message(self._incoming)
        except (OSError, BrokenMessage):
            reply = None
        if reply is None:
            raise NotDelivered(_("The judge does not answer."))
        return reply


def _detail(error: urllib.error.HTTPError) -> str:
    try:
        detail = json.loads(error.read(100_000)).get("detail")
    except (OSError, ValueError, AttributeError):
        detail = None
    if isinstance(detail, str) and detail:
        return detail
    return _("The training server refused the request (code {code}). Tell your trainer.").format(code=error.code)
