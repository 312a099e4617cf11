"""Find the words of a part in the person's language: Vietnamese first, English second."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

LANGUAGES = ("vi", "en")
CATALOGUES = Path(__file__).parents[1] / "locale"


def translator(domain: str, language: str | None = None) -> Callable[[str], str]:
    """Return the function that turns an English sentence of a domain into the person's language.

    The language is HOCVU_LANG when not given, `vi` when neither is known. It is looked up at each call, so that a
    module may keep the function. A sentence without a translation is returned as it is.
    """

    def translate(sentence: str) -> str:
        return _catalogue(domain, _known(language or os.environ.get("HOCVU_LANG"))).get(sentence, sentence)

    return translate


def _known(language: str | None) -> str:
    return language if language in LANGUAGES else LANGUAGES[0]


@cache
def _catalogue(domain: str, language: str) -> dict[str, str]:
    path = CATALOGUES / language / "LC_MESSAGES" / f"{domain}.po"
    if not path.is_file():
        return {}
    with path.open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.id and message.string}
