"""Early, on time, overdue."""

from datetime import date, datetime

import pytest

from courses.rules.timeliness import Request, Timeline, Timeliness, judge

DUE = date(2026, 3, 10)
END = date(2026, 3, 31)


def at(day: int, month: int = 3) -> datetime:
    """Return ten in the morning of a day of 2026."""
    return datetime(2026, month, day, 10)


@pytest.mark.parametrize(
    ("timeline", "expected", "rule"),
    [
        (Timeline(DUE, done=at(9), returned=at(20)), Timeliness.EARLY, "dung-han"),
        (Timeline(DUE, done=at(10), returned=at(20)), Timeliness.ON_TIME, "dung-han"),
        (Timeline(DUE, returned=at(11)), Timeliness.OVERDUE, "dung-han"),
        (Timeline(DUE, stopped=at(4)), Timeliness.EARLY, "dung-han"),
        (Timeline(DUE, done=at(13), requests=(Request(at(5), at(8)),)), Timeliness.ON_TIME, "tru-thoi-gian-bo-sung"),
        (Timeline(DUE, requests=(Request(at(6)),)), Timeliness.EARLY, "cho-bo-sung"),
        (
            Timeline(DUE, done=at(6), requests=(Request(at(2), at(3)), Request(at(4), at(5)))),
            Timeliness.OVERDUE,
            "bo-sung-nhieu-lan",
        ),
        (Timeline(DUE), Timeliness.OVERDUE, "chua-xong"),
    ],
)
def test_each_rule_decides_its_case(timeline: Timeline, expected: Timeliness, rule: str) -> None:
    """Each kind of dossier gets the verdict of its rule, and the rule is named."""
    judged = judge(timeline, END)

    assert (judged.timeliness, judged.rule.id) == (expected, rule)


def test_an_open_dossier_within_its_time_is_not_overdue() -> None:
    """A dossier still open before its due date is compared with the end of the period."""
    assert judge(Timeline(date(2026, 4, 2)), END).timeliness is Timeliness.EARLY
