"""Read a TOML manifest of content, field by field, with faults an author can act on."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from grading.answers.language import translator

_ = translator("content")

SLUG = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")


class ContentFault(Exception):
    """Content is at fault: the message names the file, the place and the next step."""


def place_of(path: Path) -> str:
    """Name a path of content the way authors know it: from `courses/`, `exercises/` or `datasets/` on."""
    parts = path.parts
    for top in ("exercises", "courses", "datasets"):
        if top in parts:
            start = len(parts) - 1 - parts[::-1].index(top)
            return "/".join(parts[start:])
    return path.name


class Table:
    """One table of a manifest; every reader raises `ContentFault` that names the field."""

    def __init__(self, where: str, fields: Mapping[str, object]) -> None:
        self.where = where
        self._fields = fields

    def text(self, name: str, default: str | None = None) -> str:
        """Return a text that is not blank (a given default may be)."""
        value = self._fields.get(name, default)
        if isinstance(value, str) and (value.strip() or value == default):
            return value.strip()
        raise self._fault(name, _("a text that is not blank"))

    def slug(self, name: str) -> str:
        """Return a kebab-case slug."""
        value = self._fields.get(name)
        if isinstance(value, str) and SLUG.match(value):
            return value
        raise self._fault(name, _("a slug such as due-dates (small letters, digits, single hyphens)"))

    def count(self, name: str, default: int | None = None, *, least: int = 1) -> int:
        """Return a whole number of at least `least`."""
        value = self._fields.get(name, default)
        if isinstance(value, int) and not isinstance(value, bool) and value >= least:
            return value
        raise self._fault(name, _("a whole number of {least} or more").format(least=least))

    def points(self, name: str) -> float:
        """Return points, zero or more."""
        value = self._fields.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0:
            return float(value)
        raise self._fault(name, _("a number of 0 or more"))

    def texts(self, name: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """Return a list of texts."""
        value = self._fields.get(name, default)
        if isinstance(value, list | tuple) and all(isinstance(item, str) and item.strip() for item in value):
            return tuple(item.strip() for item in value)
        raise self._fault(name, _("a list of texts"))

    def tables(self, name: str) -> tuple["Table", ...]:
        """Return an array of tables, `[[name]]`; absent is empty."""
        value = self._fields.get(name, [])
        if isinstance(value, list) and all(isinstance(item, dict) for item in value):
            return tuple(
                Table(f"{self.where}: {name} {item.get('id', number)}", item) for number, item in enumerate(value, 1)
            )
        raise self._fault(name, _("an array of tables, written [[{name}]]").format(name=name))

    def named_tables(self, name: str) -> dict[str, "Table"]:
        """Return tables by name, `[name.key]`; absent is empty."""
        value = self._fields.get(name, {})
        if isinstance(value, dict) and all(isinstance(item, dict) for item in value.values()):
            return {key: Table(f"{self.where}: {name}.{key}", item) for key, item in value.items()}
        raise self._fault(name, _("tables by name, written [{name}.some-name]").format(name=name))

    def only(self, known: Iterable[str]) -> None:
        """Refuse fields nobody reads: they are misspelt."""
        unknown = sorted(set(self._fields) - set(known))
        if unknown:
            raise ContentFault(
                _("{where}: nobody reads {fields}. Correct the spelling or take it out.").format(
                    where=self.where, fields=", ".join(unknown)
                )
            )

    def _fault(self, name: str, wanted: str) -> ContentFault:
        if name in self._fields:
            message = _("{where}: {field} is {found}. Write {wanted}.")
        else:
            message = _("{where}: {field} is missing. Write {wanted}.")
        return ContentFault(
            message.format(where=self.where, field=name, found=repr(self._fields.get(name)), wanted=wanted)
        )


def read_manifest(path: Path) -> Table:
    """Read one TOML file; a file that cannot be read is a fault with its line."""
    where = place_of(path)
    try:
        return Table(where, tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise ContentFault(_("{where}: there is no such file. Create it.").format(where=where)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ContentFault(
            _("{where}: cannot be read as TOML in UTF-8 ({error}). Correct that place.").format(
                where=where, error=error
            )
        ) from error
