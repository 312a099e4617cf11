"""Sign who somebody is: bearer tokens of the API, the session cookie and the forms of the pages."""

from __future__ import annotations

from hmac import compare_digest

from itsdangerous import BadSignature, URLSafeSerializer, URLSafeTimedSerializer

TOKEN_DAYS = 180
SESSION_HOURS = 12


class Signer:
    """Signs and reads tokens with the secret of the state folder; each purpose has a salt of its own."""

    def __init__(self, secret: bytes) -> None:
        self._tokens = URLSafeTimedSerializer(secret, salt="hocvu-api-token")
        self._sessions = URLSafeTimedSerializer(secret, salt="hocvu-session")
        self._forms = URLSafeSerializer(secret, salt="hocvu-form")

    def token_of(self, person: str) -> str:
        """Return a bearer token for one person's kernel or client."""
        return str(self._tokens.dumps(person))

    def person_of_token(self, token: str) -> str | None:
        """Return the person of a bearer token; None when it is forged, damaged or too old."""
        return _read(self._tokens, token, TOKEN_DAYS * 24 * 3600)

    def session_of(self, person: str) -> str:
        """Return the value of the session cookie for one person."""
        return str(self._sessions.dumps(person))

    def person_of_session(self, session: str | None) -> str | None:
        """Return the person of a session cookie; None when it is missing, forged or too old."""
        return _read(self._sessions, session, SESSION_HOURS * 3600) if session else None

    def form_token(self, person: str) -> str:
        """Return what a form of this person's page carries, so that no other site can post it."""
        return str(self._forms.dumps(person))

    def is_form_token(self, token: str, person: str) -> bool:
        """Tell whether a posted form came from a page made for this person."""
        return compare_digest(token.encode(), self.form_token(person).encode())


def _read(serializer: URLSafeTimedSerializer, signed: str, seconds: int) -> str | None:
    try:
        person = serializer.loads(signed, max_age=seconds)
    except BadSignature:
        return None
    return person if isinstance(person, str) else None
