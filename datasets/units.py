"""The administrative units of Hanoi in each of their three trees."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent / "don-vi"
TREES = ("2024", "2025", "2026")
VALID_FROM = {"2024": date(2024, 1, 1), "2025": date(2025, 1, 1), "2026": date(2025, 7, 1)}


@dataclass(frozen=True, slots=True)
class HanoiUnit:
    """One commune or ward, or a district; `parent` is the district's code, "" for a district and from 1/7/2025."""

    code: str
    name: str
    parent: str


@lru_cache(maxsize=3)
def load_units(tree: str) -> tuple[HanoiUnit, ...]:
    """Return the communes and wards of one tree, in the order of their codes; `ValueError` for another tree."""
    if tree not in TREES:
        raise ValueError(f"tree {tree!r} is not one of {', '.join(TREES)}")
    if tree == "2026":
        units = [HanoiUnit(row["code"], row["full_name"], "") for row in _rows("units-2026.csv")]
    else:
        units = [
            HanoiUnit(row["commune_code"], row["commune"], row["district_code"]) for row in _rows(f"units-{tree}.csv")
        ]
    return tuple(sorted(units, key=lambda unit: unit.code))


def load_districts(tree: str) -> tuple[HanoiUnit, ...]:
    """Return the districts of one tree; none from 1/7/2025."""
    if tree == "2026":
        return ()
    found = {row["district_code"]: row["district"] for row in _rows(f"units-{tree}.csv")}
    return tuple(HanoiUnit(code, name, "") for code, name in sorted(found.items()))


def load_succession() -> tuple[tuple[str, str], ...]:
    """Return (old code, new code) of the change of 1/7/2025, many-to-many."""
    return tuple((row["old_code"], row["new_code"]) for row in _rows("succession-2025-07-01.csv"))


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
