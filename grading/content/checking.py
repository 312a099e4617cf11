"""What a check says of an answer, and tolerant comparisons to say it with."""

import math
import numbers
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import pandas as pd


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found: `fraction` of the task's points (0 to 1), a message, the known misreading if it is one."""

    fraction: float
    message: str = ""
    misreading: str = ""


def right(message: str = "") -> Verdict:
    """Say that the answer is right."""
    return Verdict(1.0, message)


def wrong(message: str = "", misreading: str = "") -> Verdict:
    """Say that the answer is wrong; `misreading` names a `[misreading.NAME]` of exercise.toml."""
    return Verdict(0.0, message, misreading)


def partly(fraction: float, message: str = "", misreading: str = "") -> Verdict:
    """Say that the answer is right in part; `fraction` is strictly between 0 and 1."""
    if not 0 < fraction < 1:
        raise ValueError(f"partly({fraction}): give a fraction between 0 and 1, or use right() or wrong().")
    return Verdict(fraction, message, misreading)


def is_number(answer: object) -> bool:
    """Say whether an answer is one finite number (True and False are not)."""
    return isinstance(answer, numbers.Real) and not isinstance(answer, bool) and math.isfinite(answer)


def number_close(answer: object, truth: float, tolerance: float = 1e-6) -> bool:
    """Say whether an answer is a number within `tolerance` (absolute) of the truth."""
    return isinstance(answer, numbers.Real) and is_number(answer) and abs(float(answer) - truth) <= tolerance


def same_text(answer: object, truth: str) -> bool:
    """Compare texts without regard to case, surrounding blanks and Unicode form (NFC or NFD)."""
    return isinstance(answer, str) and _plain(answer) == _plain(truth)


def same_members(answer: object, truth: Sequence[object]) -> bool:
    """Say whether a list holds exactly the members of `truth`, each once, in any order."""
    if not isinstance(answer, list | tuple) or len(answer) != len(truth):
        return False
    left = list(answer)
    for item in truth:
        if item not in left:
            return False
        left.remove(item)
    return True


def same_table(
    answer: object,
    truth: pd.DataFrame,
    keys: Sequence[str],
    *,
    columns: Sequence[str] | None = None,
    tolerance: float = 1e-6,
) -> bool:
    """Say whether a table holds the rows of `truth`, in any order, matched by `keys`.

    Only `columns` are compared (all of `truth` by default); more columns in the answer do no harm, nor does the
    order of columns, a key kept as index, texts in another Unicode form, or dates as texts. Numbers may differ
    by `tolerance`. A missing value equals a missing value.
    """
    wanted = [*keys, *(name for name in (truth.columns if columns is None else columns) if name not in keys)]
    found = _with_columns(answer, wanted)
    if found is None or len(found) != len(truth):
        return False
    expected = _with_columns(truth, wanted)
    if expected is None:
        raise ValueError(f"same_table: the truth lacks one of the columns {wanted}.")
    found_rows, expected_rows = _rows(found, len(keys)), _rows(expected, len(keys))
    return len(found_rows) == len(expected_rows) and all(
        _same_row(found_row, expected_row, tolerance)
        for found_row, expected_row in zip(found_rows, expected_rows, strict=True)
    )


def _with_columns(table: object, wanted: Sequence[str]) -> pd.DataFrame | None:
    if isinstance(table, pd.Series):
        table = table.to_frame()
    if not isinstance(table, pd.DataFrame):
        return None
    if any(name not in table.columns for name in wanted):
        table = table.reset_index()
    if any(name not in table.columns for name in wanted) or not table.columns.is_unique:
        return None
    return table[list(wanted)]


def _rows(table: pd.DataFrame, keys: int) -> list[tuple[object, ...]]:
    rows = [tuple(_plain(value) for value in row) for row in table.itertuples(index=False, name=None)]
    return sorted(rows, key=lambda row: [str(value) for value in row[:keys]])


def _plain(value: object) -> object:
    """Bring one cell to a form that compares: NFC text, float, ISO date, None for missing."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value).strip().casefold()
    if value is None or pd.isna(value):  # type: ignore[call-overload]
        return None
    if isinstance(value, bool):
        return value
    if isinstance(value, numbers.Real):
        return float(value)
    if hasattr(value, "isoformat"):
        return (
            str(pd.Timestamp(cast(Any, value)).isoformat())
            .removesuffix("t00:00:00")
            .removesuffix("T00:00:00")
            .casefold()
        )
    return str(value)


def _same_row(found: tuple[object, ...], expected: tuple[object, ...], tolerance: float) -> bool:
    return all(
        number_close(one, other, tolerance) if isinstance(other, float) else one == other
        for one, other in zip(found, expected, strict=True)
    )
