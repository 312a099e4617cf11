"""Rules of design §4.5: what on time, late, overdue and not started mean, and that counts add up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from grading.progress.counts import count_city, count_rows
from grading.progress.states import State, state_of

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass(frozen=True)
class Row:
    """An obligation as the records give it."""

    unit_code: str = "00004"
    unit_name: str = "Phường Ba Đình"
    module: str = "thoi-han"
    due_on: date | None = date(2026, 11, 20)
    started: bool = False
    first_completed_at: datetime | None = None
    best_percent: float | None = None
    exempt: bool = False


def test_last_second_of_the_due_date_is_on_time() -> None:
    """A receipt at 23:59:59.9 on the due date in Hanoi is on time; one second later is late."""
    last = datetime(2026, 11, 20, 23, 59, 59, 900_000, tzinfo=HANOI)
    assert state_of(Row(first_completed_at=last), date(2026, 11, 24)) is State.COMPLETED_ON_TIME
    assert state_of(Row(first_completed_at=last + timedelta(seconds=1)), date(2026, 11, 24)) is State.COMPLETED_LATE


def test_utc_receipts_are_judged_by_hanoi_time() -> None:
    """17:00 UTC on the due date is midnight in Hanoi, hence late."""
    receipt = datetime.fromisoformat("2026-11-20T17:00:00+00:00")
    assert state_of(Row(first_completed_at=receipt), date(2026, 11, 24)) is State.COMPLETED_LATE


def test_overdue_begins_the_day_after() -> None:
    """On the due date itself work that is begun is in progress; the next day it is overdue."""
    assert state_of(Row(started=True), date(2026, 11, 20)) is State.IN_PROGRESS
    assert state_of(Row(started=True), date(2026, 11, 21)) is State.OVERDUE
    assert state_of(Row(), date(2026, 11, 20)) is State.NOT_STARTED


def test_a_later_completion_does_not_change_an_earlier_day() -> None:
    """Seen as of a day before the receipt, the person had not completed."""
    receipt = datetime(2026, 11, 19, 9, 0, tzinfo=HANOI)
    assert state_of(Row(started=True, first_completed_at=receipt), date(2026, 11, 18)) is State.IN_PROGRESS


rows = st.builds(
    Row,
    unit_code=st.sampled_from(["00004", "00008", "SO-noi-vu"]),
    module=st.sampled_from(["thoi-han", "vong-doi-ho-so"]),
    due_on=st.none() | st.dates(date(2026, 11, 1), date(2026, 12, 31)),
    started=st.booleans(),
    first_completed_at=st.none()
    | st.datetimes(datetime(2026, 11, 1), datetime(2026, 12, 31), timezones=st.just(HANOI)),
    best_percent=st.none() | st.floats(0, 100),
    exempt=st.booleans(),
)


@given(st.lists(rows), st.dates(date(2026, 10, 1), date(2027, 1, 31)))
def test_states_add_up_to_obliged_and_units_to_the_city(given_rows: list[Row], as_of: date) -> None:
    """For any rows, the five states of a unit add up to its obliged, and the units to the city."""
    counts = count_rows(given_rows, as_of)
    for count in counts:
        parts = count.not_started + count.in_progress + count.completed_on_time + count.completed_late + count.overdue
        assert parts == count.obliged
    for total in count_city(given_rows, as_of, "Toàn thành phố"):
        of_module = [count for count in counts if count.module == total.module]
        assert sum(count.obliged for count in of_module) == total.obliged
        assert sum(count.overdue for count in of_module) == total.overdue
    assert sum(count.obliged + count.exempt for count in counts) == len(given_rows)
