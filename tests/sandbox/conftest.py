"""One warm sandbox for the tests of this folder."""

from collections.abc import Iterator

import pytest

from grading.sandbox import Sandbox


@pytest.fixture(scope="session")
def box() -> Iterator[Sandbox]:
    """Start the sandbox once."""
    with Sandbox() as started:
        yield started
