"""The state of one person's obligation for one module, on a given day."""

from __future__ import annotations

from datetime import date, datetime, time
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
LAST_SECOND = time(23, 59, 59)


class State(StrEnum):
    """Where a person stands with a module that they must complete."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    COMPLETED_ON_TIME = "completed_on_time"
    COMPLETED_LATE = "completed_late"
    OVERDUE = "overdue"
    EXEMPT = "exempt"


class Obligation(Protocol):
    """What is known of one obligation: no name is needed to count it."""

    @property
    def due_on(self) -> date | None: ...
    @property
    def started(self) -> bool: ...
    @property
    def first_completed_at(self) -> datetime | None: ...
    @property
    def exempt(self) -> bool: ...


def due_moment(due_on: date) -> datetime:
    """Return the last moment that is on time: 23:59:59 in Hanoi on the due date (design §4.5)."""
    return datetime.combine(due_on, LAST_SECOND, tzinfo=HANOI)


def state_of(row: Obligation, as_of: date) -> State:
    """Return the state of one obligation at the end of the day `as_of`, Hanoi time.

    A completion received after `as_of` does not count yet. One second past the due moment is late; the receipt's own
    fraction of a second inside 23:59:59 is not.
    """
    if row.exempt:
        return State.EXEMPT
    completed = row.first_completed_at
    if completed is not None and _whole_seconds(completed) <= due_moment(as_of):
        on_time = row.due_on is None or _whole_seconds(completed) <= due_moment(row.due_on)
        return State.COMPLETED_ON_TIME if on_time else State.COMPLETED_LATE
    if row.due_on is not None and row.due_on < as_of:
        return State.OVERDUE
    return State.IN_PROGRESS if row.started else State.NOT_STARTED


def _whole_seconds(moment: datetime) -> datetime:
    return moment.astimezone(HANOI).replace(microsecond=0)
