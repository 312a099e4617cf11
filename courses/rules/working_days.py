"""Working days of state offices in Viet Nam, due dates, and why a day does not count."""

import csv
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path

from courses.rules.rule import Rule

HOLIDAYS_FILE = Path(__file__).parent / "data" / "holidays.csv"
ONE_DAY = timedelta(days=1)
WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")

NEXT_DAY_AFTER_15 = Rule(
    "sau-15-gio",
    "Hồ sơ nhận sau 15 giờ được chuyển vào đầu giờ ngày làm việc tiếp theo; bài học tính ngày chuyển ấy là ngày 0.",
    "Nghị định 61/2018/NĐ-CP, Điều 18",
    date(2018, 6, 21),
    date(2025, 6, 30),
)
NEXT_DAY_AFTER_17 = Rule(
    "sau-17-gio",
    "Hồ sơ nộp sau 17 giờ hoặc vào ngày nghỉ được tính từ 8 giờ ngày làm việc tiếp theo. Đây là mẫu của một nghị định "
    "liên thông (Nghị định 297/2025/NĐ-CP) mà bài học mượn làm quy ước; quy định chung của Nghị định 118/2025/NĐ-CP "
    "chưa kiểm chứng.",
    "Nghị định 297/2025/NĐ-CP (quy ước của bài học)",
    date(2025, 7, 1),
)
COUNT_FROM_NEXT = Rule(
    "khong-tinh-ngay-nhan",
    "Ngày nhận hồ sơ là ngày 0; ngày làm việc kế tiếp là ngày 1.",
    "quy ước của bài học",
)
DAYS_OFF = Rule(
    "ngay-nghi",
    "Thứ Bảy, Chủ nhật, ngày lễ, Tết và ngày nghỉ bù không phải ngày làm việc; ngày làm bù là ngày làm việc.",
    "Bộ luật Lao động 45/2019/QH14, Điều 112; lịch nghỉ từng năm theo thông báo của Bộ Nội vụ",
)


class UnknownYear(ValueError):
    """The holiday list does not cover a day; the message names the year and the file to extend."""


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """One row of the holiday list: `holiday`, `swap_off` (off, made up for) or `swap_work` (a Saturday worked)."""

    day: date
    kind: str
    name: str
    note: str


@dataclass(frozen=True, slots=True)
class Step:
    """One day between receipt and due date: its number if it counts, None if it does not, and why."""

    day: date
    number: int | None
    reason: str


class Calendar:
    """The working days of the years that the holiday list covers. Offices work Monday to Friday."""

    def __init__(self, special_days: Iterable[SpecialDay]) -> None:
        self._special = {special.day: special for special in special_days}
        years = {day.year for day in self._special}
        self.first = date(min(years), 1, 1)
        self.last = date(max(years), 12, 31)
        count = (self.last - self.first).days + 1
        days = (self.first + timedelta(days=number) for number in range(count))
        self.working_days: tuple[date, ...] = tuple(day for day in days if self.is_working(day))

    @property
    def special_days(self) -> tuple[SpecialDay, ...]:
        """The holiday list in the order of its days."""
        return tuple(self._special[day] for day in sorted(self._special))

    def is_working(self, day: date) -> bool:
        """Say whether offices work on a day; `UnknownYear` outside the list."""
        self._require_known(day)
        special = self._special.get(day)
        if special is not None:
            return special.kind == "swap_work"
        return day.weekday() < 5

    def why_off(self, day: date) -> str:
        """Return the Vietnamese reason why a day is off, "" for a working day."""
        if self.is_working(day):
            return ""
        special = self._special.get(day)
        if special is None:
            return WEEKDAYS[day.weekday()]
        if special.kind == "swap_off":
            return f"{special.name} ({special.note.split(';')[0]})"
        return f"{special.name} (chưa kiểm chứng)" if "not seen" in special.note else special.name

    def next_working_day(self, day: date) -> date:
        """Return the first working day after a day."""
        return self._at(bisect_right(self.working_days, day), day)

    def day_zero(self, received: datetime) -> date:
        """Return the working day from which a dossier's days count: the day of receipt, or the next working day.

        Which hour closes the day depends on the date: NEXT_DAY_AFTER_15 until 30/6/2025, NEXT_DAY_AFTER_17 since.
        """
        day = received.date()
        late = received.time() > closing_time(day)
        return day if self.is_working(day) and not late else self.next_working_day(day)

    def due_date(self, received: datetime, days: int) -> date:
        """Return the due date of a dossier: `days` working days (0 or more) after day zero."""
        if days < 0:
            raise ValueError(f"days is {days}; give 0 or more")
        zero = self.day_zero(received)
        return self._at(bisect_left(self.working_days, zero) + days, zero)

    def working_days_between(self, start: date, end: date) -> int:
        """Return how many working days lie after `start` up to and with `end`; 0 when `end` is not later."""
        self._require_known(start)
        self._require_known(end)
        return max(0, bisect_right(self.working_days, end) - bisect_right(self.working_days, start))

    def explain(self, received: datetime, days: int) -> list[Step]:
        """Return every day from receipt to due date, counted or not, with the reason in Vietnamese."""
        due = self.due_date(received, days)
        zero = self.day_zero(received)
        steps = []
        day, number = received.date(), 0
        while day <= due:
            if day < zero:
                steps.append(Step(day, None, self._why_not_zero(day, received)))
            elif day == zero:
                steps.append(Step(day, 0, "Ngày nhận hồ sơ (ngày 0)" if zero == received.date() else "Ngày 0"))
            elif self.is_working(day):
                number += 1
                made_up = " (làm bù)" if day in self._special else ""
                steps.append(Step(day, number, f"Ngày làm việc thứ {number}{made_up}"))
            else:
                steps.append(Step(day, None, f"Không tính: {self.why_off(day)}"))
            day += ONE_DAY
        return steps

    def _why_not_zero(self, day: date, received: datetime) -> str:
        if not self.is_working(day):
            return f"Không tính: {self.why_off(day)}"
        closing = closing_time(day)
        return f"Nhận lúc {received:%H:%M}, sau {closing.hour} giờ: tính từ ngày làm việc tiếp theo"

    def _at(self, index: int, day: date) -> date:
        self._require_known(day)
        if index >= len(self.working_days):
            raise UnknownYear(_no_list(self.last.year + 1))
        return self.working_days[index]

    def _require_known(self, day: date) -> None:
        if not self.first <= day <= self.last:
            raise UnknownYear(_no_list(day.year))


def closing_rule(day: date) -> Rule:
    """Return the rule that says until which hour a dossier counts as received on a day."""
    return NEXT_DAY_AFTER_15 if NEXT_DAY_AFTER_15.holds_on(day) else NEXT_DAY_AFTER_17


def closing_time(day: date) -> time:
    """Return that hour: 15:00 until 30/6/2025, 17:00 since. Exactly on the hour is still in time."""
    return time(15) if closing_rule(day) is NEXT_DAY_AFTER_15 else time(17)


@lru_cache(maxsize=1)
def office_calendar() -> Calendar:
    """Return the calendar of the holiday list beside this module."""
    with HOLIDAYS_FILE.open(encoding="utf-8", newline="") as file:
        return Calendar(
            SpecialDay(date.fromisoformat(row["date"]), row["kind"], row["name_vi"], row["note"])
            for row in csv.DictReader(file)
        )


def _no_list(year: int) -> str:
    return f"Chưa có lịch nghỉ của năm {year}. Hãy bổ sung năm đó vào courses/rules/data/holidays.csv."
