"""Derive the seed of each learner's data, and of the data nobody has seen, from the server's secret."""

import hmac
from hashlib import sha256
from uuid import UUID


def variant_seed(secret: bytes, exercise: str, version: int, person: str, attempt: int) -> int:
    """Return the seed of one person's own variant: 63 bits of HMAC-SHA256 over exercise, version, person, attempt."""
    return _seed(secret, "variant", exercise, str(version), person, str(attempt))


def unseen_seed(secret: bytes, submission: UUID) -> int:
    """Return the seed of the variant on which a submission runs a second time, and which nobody has seen."""
    return _seed(secret, "unseen", str(submission))


def _seed(secret: bytes, *parts: str) -> int:
    message = b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in parts)
    return int.from_bytes(hmac.new(secret, message, sha256).digest()[:8], "big") >> 1
