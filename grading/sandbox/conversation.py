"""Talk with one child over its pipes without ever waiting for it: bounded buffers, one deadline."""

import json
import os
import selectors
from collections.abc import Callable, Iterator
from contextlib import suppress
from time import monotonic

from grading.answers.messages import LENGTH_BYTES, BrokenMessage, frame_size, pack, unpack

CHUNK = 1 << 16
MAX_MESSAGES = 2000
MAX_TOTAL = 256 * 1024 * 1024


class TimeIsUp(Exception):
    """The wall clock of the run has passed its limit."""


class Ended(Exception):
    """The child has ended, or speaks no more in our language."""


class Pipe:
    """One direction each way, non-blocking: what is to be sent, and what has arrived."""

    def __init__(self, incoming: int, outgoing: int) -> None:
        self.incoming, self.outgoing = incoming, outgoing
        self._arrived = bytearray()
        self.to_send = bytearray()
        self._total = 0
        for descriptor in (incoming, outgoing):
            os.set_blocking(descriptor, False)

    def send(self, message: dict[str, object]) -> None:
        """Queue one message."""
        self.to_send += pack(message)

    def write(self) -> None:
        """Write what the other end will take."""
        with suppress(BlockingIOError):
            del self.to_send[: os.write(self.outgoing, self.to_send[:CHUNK])]

    def read(self) -> Iterator[dict[str, object]]:
        """Read what is there and give each whole message; `Ended` at the end, `BrokenMessage` for anything else."""
        try:
            data = os.read(self.incoming, CHUNK * 16)
        except BlockingIOError:
            return
        if not data:
            raise Ended
        self._total += len(data)
        if self._total > MAX_TOTAL:
            raise BrokenMessage("too much was sent")
        self._arrived += data
        while len(self._arrived) >= LENGTH_BYTES:
            size = frame_size(bytes(self._arrived[:LENGTH_BYTES]))
            if len(self._arrived) < LENGTH_BYTES + size:
                return
            frame = bytes(self._arrived[LENGTH_BYTES : LENGTH_BYTES + size])
            del self._arrived[: LENGTH_BYTES + size]
            yield unpack(frame)


class Conversation:
    """The two pipes of one child: control (ours) and questions (the learner's)."""

    def __init__(self, control: Pipe, questions: Pipe, deadline: float) -> None:
        self._control, self._questions, self._deadline = control, questions, deadline
        self._asked = 0

    def tell(self, message: dict[str, object]) -> None:
        """Queue a message for the child."""
        self._control.send(message)

    def await_reply(self, answer: Callable[[dict[str, object]], dict[str, object]]) -> dict[str, object]:
        """Return the child's next control message, answering its questions meanwhile.

        Raises `TimeIsUp`, `Ended`, or `BrokenMessage` when the child sends what is no message.
        """
        with selectors.DefaultSelector() as selector:
            selector.register(self._control.incoming, selectors.EVENT_READ, self._control)
            selector.register(self._questions.incoming, selectors.EVENT_READ, self._questions)
            while True:
                self._watch_writes(selector)
                left = self._deadline - monotonic()
                if left <= 0:
                    raise TimeIsUp
                for key, events in selector.select(left):
                    pipe: Pipe = key.data
                    if events & selectors.EVENT_WRITE:
                        self._write(pipe)
                    if not events & selectors.EVENT_READ:
                        continue
                    if pipe is self._control:
                        for message in pipe.read():
                            return message
                    else:
                        self._answer_all(selector, pipe, answer)

    def _answer_all(
        self, selector: selectors.BaseSelector, pipe: Pipe, answer: Callable[[dict[str, object]], dict[str, object]]
    ) -> None:
        try:
            for message in pipe.read():
                self._asked += 1
                if self._asked > MAX_MESSAGES:
                    raise BrokenMessage("too many messages")
                pipe.send(answer(message))
        except (Ended, BrokenMessage):
            selector.unregister(pipe.incoming)

    def _watch_writes(self, selector: selectors.BaseSelector) -> None:
        registered = {key.fd for key in selector.get_map().values()}
        for pipe in (self._control, self._questions):
            if pipe.to_send and pipe.outgoing not in registered:
                selector.register(pipe.outgoing, selectors.EVENT_WRITE, pipe)
            elif not pipe.to_send and pipe.outgoing in registered:
                selector.unregister(pipe.outgoing)

    def _write(self, pipe: Pipe) -> None:
        try:
            pipe.write()
        except OSError:
            pipe.to_send.clear()
            if pipe is self._control:
                raise Ended from None


def read_report(descriptor: int) -> dict[str, float]:
    """Return the keeper's report of how the child ended; empty if there is none."""
    os.set_blocking(descriptor, True)
    try:
        report = json.loads(os.read(descriptor, 4096) or b"{}")
    except (OSError, ValueError):
        return {}
    return {str(name): float(value) for name, value in report.items()}
