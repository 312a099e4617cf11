"""Messages on a pipe."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.answers.messages import MAX_MESSAGE, BrokenMessage, pack, read_message, unpack

MESSAGES = st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=20), max_size=5)


@given(st.lists(MESSAGES, max_size=4))
def test_messages_come_out_as_they_went_in(messages: list[dict[str, object]]) -> None:
    """Several messages on one stream are read one by one, then the end."""
    stream = io.BytesIO(b"".join(pack(message) for message in messages))

    assert [read_message(stream) for _ in messages] == messages
    assert read_message(stream) is None


@given(st.binary(max_size=64))
def test_garbage_is_a_message_or_broken(data: bytes) -> None:
    """Any bytes give a message, the end, or BrokenMessage."""
    try:
        read_message(io.BytesIO(data))
    except BrokenMessage:
        return


def test_a_promise_of_too_much_is_refused_before_reading() -> None:
    """A length over the bound is refused without waiting for its bytes; a cut message and a list too."""
    for data in ((MAX_MESSAGE + 1).to_bytes(4, "big"), pack({"a": 1})[:-1], b"\0\0\0\2[]"):
        with pytest.raises(BrokenMessage):
            read_message(io.BytesIO(data))
    with pytest.raises(BrokenMessage):
        unpack(b'{"a": NaN}')
