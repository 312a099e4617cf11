"""Frame messages on a pipe: four bytes of length (big-endian), then one JSON object in UTF-8."""

import json
from collections.abc import Mapping
from typing import BinaryIO

MAX_MESSAGE = 48 * 1024 * 1024
LENGTH_BYTES = 4


class BrokenMessage(Exception):
    """The other end sent something that is no message: truncated, too large, or not a JSON object."""


def pack(message: Mapping[str, object]) -> bytes:
    """Return one message as framed bytes; `BrokenMessage` when it is too large."""
    data = json.dumps(message, ensure_ascii=False, allow_nan=False).encode()
    if len(data) > MAX_MESSAGE:
        raise BrokenMessage(f"a message of {len(data)} bytes is over {MAX_MESSAGE}")
    return len(data).to_bytes(LENGTH_BYTES, "big") + data


def unpack(data: bytes) -> dict[str, object]:
    """Return the message that the bytes of one frame hold (without the length)."""
    try:
        message = json.loads(data.decode(), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise BrokenMessage(f"not JSON: {error}") from None
    if not isinstance(message, dict):
        raise BrokenMessage(f"not an object but {type(message).__name__}")
    return message


def frame_size(head: bytes) -> int:
    """Return how many bytes follow a length head; `BrokenMessage` when it promises too many."""
    size = int.from_bytes(head, "big")
    if size > MAX_MESSAGE:
        raise BrokenMessage(f"a frame of {size} bytes is over {MAX_MESSAGE}")
    return size


def write_message(stream: BinaryIO, message: Mapping[str, object]) -> None:
    """Write one message and flush."""
    stream.write(pack(message))
    stream.flush()


def read_message(stream: BinaryIO) -> dict[str, object] | None:
    """Read one message; None at the end of the stream, `BrokenMessage` for a truncated or foreign one."""
    head = stream.read(LENGTH_BYTES)
    if not head:
        return None
    if len(head) < LENGTH_BYTES:
        raise BrokenMessage("the stream ended inside a length")
    size = frame_size(head)
    data = stream.read(size)
    if len(data) < size:
        raise BrokenMessage("the stream ended inside a message")
    return unpack(data)


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")
