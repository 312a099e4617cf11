"""Count obligations per unit and module: pure, from plain rows to numbers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Protocol

from grading.progress.states import Obligation, State, state_of


class CountedRow(Obligation, Protocol):
    """An obligation with the unit and module that it counts for."""

    @property
    def unit_code(self) -> str: ...
    @property
    def unit_name(self) -> str: ...
    @property
    def module(self) -> str: ...
    @property
    def best_percent(self) -> float | None: ...


@dataclass(frozen=True, slots=True)
class ModuleCount:
    """How many people of one unit stand where with one module. `obliged` counts all but the exempt.

    `median_percent` is over the people with at least one graded submission, 0 to 100; None when there is none.
    """

    unit_code: str
    unit_name: str
    module: str
    obliged: int
    not_started: int
    in_progress: int
    completed_on_time: int
    completed_late: int
    overdue: int
    exempt: int
    median_percent: float | None

    @property
    def completed_percent(self) -> float | None:
        """Return completed of obliged, 0 to 100; None when nobody is obliged."""
        if not self.obliged:
            return None
        return 100 * (self.completed_on_time + self.completed_late) / self.obliged


def count_rows(rows: Iterable[CountedRow], as_of: date) -> list[ModuleCount]:
    """Return one count per unit and module, ordered by unit code and module."""
    groups: defaultdict[tuple[str, str], list[CountedRow]] = defaultdict(list)
    for row in rows:
        groups[row.unit_code, row.module].append(row)
    return [_count(group, as_of, group[0].unit_code, group[0].unit_name) for _, group in sorted(groups.items())]


def count_city(rows: Iterable[CountedRow], as_of: date, name: str) -> list[ModuleCount]:
    """Return one count per module over all rows, under the given name and an empty unit code."""
    groups: defaultdict[str, list[CountedRow]] = defaultdict(list)
    for row in rows:
        groups[row.module].append(row)
    return [_count(group, as_of, "", name) for _, group in sorted(groups.items())]


def _count(group: list[CountedRow], as_of: date, unit_code: str, unit_name: str) -> ModuleCount:
    states = Counter(state_of(row, as_of) for row in group)
    scores = [row.best_percent for row in group if row.best_percent is not None]
    return ModuleCount(
        unit_code=unit_code,
        unit_name=unit_name,
        module=group[0].module,
        obliged=len(group) - states[State.EXEMPT],
        not_started=states[State.NOT_STARTED],
        in_progress=states[State.IN_PROGRESS],
        completed_on_time=states[State.COMPLETED_ON_TIME],
        completed_late=states[State.COMPLETED_LATE],
        overdue=states[State.OVERDUE],
        exempt=states[State.EXEMPT],
        median_percent=median(scores) if scores else None,
    )
