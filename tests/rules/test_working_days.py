"""Working days, due dates and their explanations."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.rules.working_days import UnknownYear, office_calendar

CALENDAR = office_calendar()
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2026, 10, 31))
DAYS = st.integers(0, 30)


@given(MOMENTS, DAYS)
def test_a_due_date_is_a_working_day_after_exactly_that_many(received: datetime, days: int) -> None:
    """The due date is a working day, and `days` working days lie after day zero."""
    due = CALENDAR.due_date(received, days)

    assert CALENDAR.is_working(due)
    assert CALENDAR.working_days_between(CALENDAR.day_zero(received), due) == days


@given(MOMENTS, DAYS, st.timedeltas(timedelta(0), timedelta(days=20)))
def test_later_receipt_is_never_due_earlier(received: datetime, days: int, delay: timedelta) -> None:
    """Waiting with a dossier never brings its due date forward."""
    assert CALENDAR.due_date(received + delay, days) >= CALENDAR.due_date(received, days)


@given(MOMENTS, DAYS)
def test_the_explanation_tells_every_day_and_counts_to_the_due_date(received: datetime, days: int) -> None:
    """Each day from receipt to due date is told once, with a reason, and the last one carries the number of days."""
    steps = CALENDAR.explain(received, days)

    assert [step.day for step in steps] == [received.date() + timedelta(days=n) for n in range(len(steps))]
    assert steps[-1].number == days
    assert steps[-1].day == CALENDAR.due_date(received, days)
    assert all(step.reason for step in steps)


@pytest.mark.parametrize(
    ("received", "days", "due"),
    [
        (datetime(2024, 6, 3, 15, 0), 1, date(2024, 6, 4)),
        (datetime(2024, 6, 3, 15, 1), 1, date(2024, 6, 5)),
        (datetime(2026, 6, 3, 16, 30), 1, date(2026, 6, 4)),
        (datetime(2026, 6, 3, 17, 1), 1, date(2026, 6, 5)),
        (datetime(2026, 2, 12, 9, 0), 3, date(2026, 2, 24)),
        (datetime(2026, 8, 21, 9, 0), 1, date(2026, 8, 22)),
        (datetime(2024, 5, 3, 9, 0), 1, date(2024, 5, 4)),
        (datetime(2025, 4, 29, 9, 0), 2, date(2025, 5, 6)),
    ],
)
def test_due_dates_counted_by_hand(received: datetime, days: int, due: date) -> None:
    """The closing hour of each time, Tết 2026, and swapped Saturdays come out as counted on paper."""
    assert CALENDAR.due_date(received, days) == due


def test_a_day_off_says_why() -> None:
    """A holiday, a swapped day and a weekend each give their own reason; an unsure one says so."""
    assert CALENDAR.why_off(date(2026, 2, 17)) == "Mùng 1 Tết Bính Ngọ"
    assert "làm bù 2026-08-22" in CALENDAR.why_off(date(2026, 8, 31))
    assert CALENDAR.why_off(date(2026, 8, 23)) == "Chủ nhật"
    assert "chưa kiểm chứng" in CALENDAR.why_off(date(2026, 11, 24))
    assert CALENDAR.why_off(date(2026, 8, 22)) == ""


def test_a_year_without_a_list_is_refused_by_name() -> None:
    """Nothing is guessed beyond the holiday list: the message names the year."""
    with pytest.raises(UnknownYear, match="2027"):
        CALENDAR.due_date(datetime(2026, 12, 30, 9, 0), 5)
